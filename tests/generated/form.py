"""The official form as it is printed, both editions: rows, columns and the keys the catalogue gives them.

Written from the form and not taken from ``knowledge/data``, so that a label or key that goes wrong there shows here.
"""

from __future__ import annotations

APPLICANTS = {
    "individual": ("自然人",),
    "business": ("法人或其他组织", "商业企业"),
    "research": ("法人或其他组织", "科研机构"),
    "public_interest": ("法人或其他组织", "社会公益组织"),
    "legal_service": ("法人或其他组织", "法律服务机构"),
    "other": ("法人或其他组织", "其他"),
    "total": ("总计",),
}
ORGANISATIONS = ("business", "research", "public_interest", "legal_service", "other")

_OUTCOME = "三、本年度办理结果"
_REFUSED = {
    "state_secret": "1.属于国家秘密",
    "law": "2.其他法律行政法规禁止公开",
    "safety": "3.危及“三安全一稳定”",
    "third_party": "4.保护第三方合法权益",
    "internal": "5.属于三类内部事务信息",
    "process": "6.属于四类过程性信息",
    "case_file": "7.属于行政执法案卷",
    "query": "8.属于行政查询事项",
}
_UNAVAILABLE = {
    "not_held": "1.本机关不掌握相关政府信息",
    "not_existing": "2.没有现成信息需要另行制作",
    "unclear": "3.补正后申请内容仍不明确",
}
_NOT_PROCESSED = {
    "petition": "1.信访举报投诉类申请",
    "repeated": "2.重复申请",
    "publication": "3.要求提供公开出版物",
    "excessive": "4.无正当理由大量反复申请",
    "confirmation": "5.要求行政机关确认或重新出具已获取信息",
}
_OTHER = {
    "not_corrected": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "fee_unpaid": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "rest": "3.其他",
}


def application_rows(three_others: bool) -> dict[str, tuple[str, ...]]:
    """Row key → printed path, in the order of the form. ``three_others``: (六)其他处理 split as in the 2021 edition."""
    rows = {
        "application.received": ("一、本年新收政府信息公开申请数量",),
        "application.carried_in": ("二、上年结转政府信息公开申请数量",),
        "application.granted": (_OUTCOME, "（一）予以公开"),
        "application.partly_granted": (_OUTCOME, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    }
    groups = [
        ("refused", "（三）不予公开", _REFUSED),
        ("unavailable", "（四）无法提供", _UNAVAILABLE),
        ("not_processed", "（五）不予处理", _NOT_PROCESSED),
    ]
    for group, label, leaves in groups:
        rows |= {f"application.{group}.{key}": (_OUTCOME, label, leaf) for key, leaf in leaves.items()}
    if three_others:
        rows |= {f"application.other.{key}": (_OUTCOME, "（六）其他处理", leaf) for key, leaf in _OTHER.items()}
    else:
        rows["application.other"] = (_OUTCOME, "（六）其他处理")
    rows["application.total"] = (_OUTCOME, "（七）总计")
    rows["application.carried_out"] = ("四、结转下年度继续办理",)
    return rows


# rows that the form prints only as a heading: the figure is the sum of the rows under it
GROUPS = {
    "application.refused": tuple(f"application.refused.{k}" for k in _REFUSED),
    "application.unavailable": tuple(f"application.unavailable.{k}" for k in _UNAVAILABLE),
    "application.not_processed": tuple(f"application.not_processed.{k}" for k in _NOT_PROCESSED),
    "application.other": tuple(f"application.other.{k}" for k in _OTHER),
}

OUTCOMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
BLOCKS = {
    "review": ("行政复议",),
    "litigation.direct": ("行政诉讼", "未经复议直接起诉"),
    "litigation.after_review": ("行政诉讼", "复议后起诉"),
}

# item → (clause, label); edition → item → measure → (column label, unit)
ITEMS = {
    "rules": ("第二十条第（一）项", "规章"),
    "normative": ("第二十条第（一）项", "规范性文件"),
    "licensing": ("第二十条第（五）项", "行政许可"),
    "other_services": ("第二十条第（五）项", "其他对外管理服务事项"),
    "penalty": ("第二十条第（六）项", "行政处罚"),
    "enforcement": ("第二十条第（六）项", "行政强制"),
    "fee": ("第二十条第（八）项", "行政事业性收费"),
    "procurement": ("第二十条第（九）项", "政府集中采购"),
}
_DOCUMENTS_2019 = {
    "made": ("本年新制作数量", "件"),
    "opened": ("本年新公开数量", "件"),
    "total_open": ("对外公开总数量", "件"),
}
_DOCUMENTS_2021 = {
    "issued": ("本年制发件数", "件"),
    "repealed": ("本年废止件数", "件"),
    "in_force": ("现行有效件数", "件"),
}
_ACTS_2019 = {
    "last_year": ("上一年项目数量", "项"),
    "change": ("本年增/减", "项"),
    "decisions": ("处理决定数量", "件"),
}
_ACTS_2021 = {"decisions": ("本年处理决定数量", "件")}
MEASURES = {
    "2019": {
        "rules": _DOCUMENTS_2019,
        "normative": _DOCUMENTS_2019,
        "licensing": _ACTS_2019,
        "other_services": _ACTS_2019,
        "penalty": _ACTS_2019,
        "enforcement": _ACTS_2019,
        "fee": {"last_year": ("上一年项目数量", "项"), "change": ("本年增/减", "项")},
        "procurement": {"projects": ("采购项目数量", "项"), "amount": ("采购总金额", "元")},
    },
    "2021": {
        "rules": _DOCUMENTS_2021,
        "normative": _DOCUMENTS_2021,
        "licensing": _ACTS_2021,
        "penalty": _ACTS_2021,
        "enforcement": _ACTS_2021,
        "fee": {"fee_amount": ("本年收费金额（单位：万元）", "元")},
    },
}

# a province's own statistics: metric key → (row path, unit)
_OPEN = "一、主动公开情况"
_CHANNELS = "（二）通过不同渠道和方式公开政府信息的情况"
_RESPONSES = "二、回应解读情况"
_STAFF = "三、机构建设和保障经费情况"
_MEETINGS = "四、政府信息公开会议和培训情况"
LOCAL = {
    "local.disclosed": ((_OPEN, "（一）主动公开政府信息数"), "条"),
    "local.gazette": ((_OPEN, _CHANNELS, "1.政府公报公开政府信息数"), "条"),
    "local.website": ((_OPEN, _CHANNELS, "2.政府网站公开政府信息数"), "条"),
    "local.weibo": ((_OPEN, _CHANNELS, "3.政务微博公开政府信息数"), "条"),
    "local.wechat": ((_OPEN, _CHANNELS, "4.政务微信公开政府信息数"), "条"),
    "local.other_channels": ((_OPEN, _CHANNELS, "5.其他方式公开政府信息数"), "条"),
    "local.hot_topics": ((_RESPONSES, "（一）回应公众关注热点或重大舆情数"), "次"),
    "local.press_conferences": ((_RESPONSES, "1.参加或举办新闻发布会总次数"), "次"),
    "local.press_conferences_head": ((_RESPONSES, "其中：主要负责同志参加新闻发布会次数"), "次"),
    "local.interviews": ((_RESPONSES, "2.政府网站在线访谈次数"), "次"),
    "local.interviews_head": ((_RESPONSES, "其中：主要负责同志参加政府网站在线访谈次数"), "次"),
    "local.interpretations": ((_RESPONSES, "3.政策解读稿件发布数"), "篇"),
    "local.social_responses": ((_RESPONSES, "4.微博微信回应事件数"), "次"),
    "local.other_responses": ((_RESPONSES, "5.其他方式回应事件数"), "次"),
    "local.offices": ((_STAFF, "（一）政府信息公开工作专门机构数"), "个"),
    "local.reading_points": ((_STAFF, "（二）设置政府信息公开查阅点数"), "个"),
    "local.staff": ((_STAFF, "（三）从事政府信息公开工作人员数"), "人"),
    "local.staff_full_time": ((_STAFF, "1.专职人员数（不包括政府公报及政府网站工作人员数）"), "人"),
    "local.staff_part_time": ((_STAFF, "2.兼职人员数"), "人"),
    "local.budget": (
        (_STAFF, "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）"),
        "元",
    ),
    "local.meetings": ((_MEETINGS, "（一）召开政府信息公开工作会议或专题会议数"), "次"),
    "local.trainings": ((_MEETINGS, "（二）举办各类培训班数"), "次"),
    "local.trained": ((_MEETINGS, "（三）接受培训人员数"), "人次"),
}
# rows no catalogue knows: found by their own words only
OWN_ROWS = {
    "own.hotline": (("五、其他", "接听政务公开热线来电数"), "通"),
    "own.booklets": (("五、其他", "发放办事指南手册数"), "份"),
    "own.open_days": (("五、其他", "举办政府开放日活动场次"), "场"),
}
