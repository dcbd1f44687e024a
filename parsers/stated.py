"""Which metric of the form a prose figure states, where the sentence leaves no doubt.

新收政府信息公开申请N件 is a row of the form; 网上申请N件 is not. What is only likely stays without a metric.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from knowledge.catalogue import catalogue, plain_label

Stated = tuple[str | None, str | None]
"""(metric, applicant), as in Fact."""

NOTHING: Stated = (None, None)

_CASES = ("件", "宗", "起", "个", "份", "条", "次", "例", None)
_ABOUT_APPLICATIONS = re.compile(r"申请|依申请公开")
_OUTCOME = re.compile(r"结转下|(?:予以公开|部分公开|不予公开|无法提供|不予处理|其他处理).*(?:部分公开|不予公开|无法提供|不予处理|其他处理)")
# 新收政府信息公开申请 · 共受理依申请公开 · 收到公开申请 — with nothing in front that narrows it
_RECEIVED = re.compile(
    r"^(?:共|累计|全年|新|年度)?(?:新收到?|收到|受理|接收|接到|收办|接受)?(?:公众|群众|社会公众|公民、法人(?:和"
    r"|或者?|及)?其他组织)?(?:提出的|的)?(?:各类|有效)?"
    r"(?:(?:政府|政务)?信息公开(?:的)?申请|依申请公开(?:政府信息)?(?:的)?(?:申请|信息)?|(?:政府"
    r"|政务)信息依申请公开(?:申请)?|公开申请|(?:政府)?信息(?:依)?申请)(?:数量|数|事项|件|总数)?$"
)
_RECEIVE_VERB = re.compile(r"新收|收到|受理|接收|接到|收办|接受|申请(?:数量|总数|数)?(?:为|共|达|是)*$")
_FINISHED = re.compile(
    r"^(?:全部|均)?(?:办结|答复|办理完成|办理完毕|完成答复|办结答复|按时答复|按时办结|完成)(?:政府信息公开申请"
    r"|依申请公开(?:申请|件|事项)?|依申请件|申请)?(?:的?(?:答复|办理)(?:工作)?)?(?:数量|数)?$"
)
# who asked: 其中自然人申请9件 · 法人或其他组织3件 · 公民提出5件
_APPLICANTS = (
    ("individual", re.compile(r"^(?:自然人|公民|个人)(?:提出|提交)?(?:的)?(?:政府信息公开)?(?:申请|件)?(?:数量|数)?$")),
    ("organisation", re.compile(r"^法人(?:或者?|和|及|与|、)其他组织(?:提出|提交)?(?:的)?(?:申请)?(?:数量|数)?$")),
    ("business", re.compile(r"^商业企业(?:提出|提交)?(?:的)?(?:申请)?$")),
    ("research", re.compile(r"^科研机构(?:提出|提交)?(?:的)?(?:申请)?$")),
    ("public_interest", re.compile(r"^社会公益组织(?:提出|提交)?(?:的)?(?:申请)?$")),
    ("legal_service", re.compile(r"^法律服务机构(?:提出|提交)?(?:的)?(?:申请)?$")),
)
# 制发公文30件，其中主动公开20件、依申请公开6件、不予公开4件: what documents are marked as
_MARKED = re.compile(
    r"公开属性|(?:公文|文件|发文)[^。]*主动公开(?:类|的|文件|公文)?\d[^。]*(?:依申请公开|不予公开)(?!.*(?:收到|新收|受理).{0,12}申请)"
    r"|主动公开(?:类|的|文件|公文)?\d+[^\d。；]{0,4}依申请公开(?:类|的|文件|公文)?\d+[^\d。；]{0,4}不予公开"
)
_DOCUMENTS = re.compile(r"文件|公文|发文|档案|提案|建议|议案|事项")
# 申请15件 · 申请的 · 申请信息公开; not 申请救助120件
_PROPER = re.compile(r"公开(?:的)?申请|依申请公开|申请(?=\d|[，。；、（）：中]|件|数|量|的|(?:政府)?信息|公开|提|共|均|办|答|全|总|表|为)")
# cases that are handled like applications and are none
_OTHERS = re.compile(r"工单|热线|诉求|信访|来信|来访|留言|投诉|举报|建议|提案|议案|咨询|许可|复议|诉讼|审批|维权|纠纷")
# 结转下年度继续办理 · 结转至下一年度办理 · 转结下年
_CARRIED_OUT = re.compile(r"^(?:结转|转结)(?:至|到|入)?(?:下一?年度?|次年|明年|20\d{2}年度?)(?:继续)?(?:办理|处理|答复)?$")
# 「对政府信息公开申请不予公开」「上年结转政府信息公开申请」: the applications that an outcome is about
_OF_APPLICATIONS = re.compile(
    r"^对?(?:(?:政府|政务)?信息公开(?:的)?申请|依申请公开(?:申请|件|事项)?|申请)(?:中|的)?(?=.{4})"
    r"|(?<=.{4})(?:(?:政府|政务)?信息公开(?:的)?申请|依申请公开(?:申请|件|事项)?)$"
)
_CARRIED_IN = re.compile(r"^(?:结转|转结)(?:自|从)?上一?年度?$|^上一?年度?(?:结转|转结|转来)$")
# who asked, in the form's own words: nobody divides applications for a permit so
_WHO = re.compile(r"自然人|法人(?:或者?|和|及|与|、)其他组织|商业企业|社会公益组织|法律服务机构")
_OUTCOME_TAIL = re.compile(r"(?:的)?(?:申请|答复|处理|决定|数量|数|情形)*$")
_REVIEW = re.compile(r"行政复议(?:案件?|申请|事项)?(?:数量|数|总数|总计)?$")
_LITIGATION = re.compile(r"行政诉讼(?:案件?|事项)?(?:数量|数|总数|总计)?$")
# the body as the reviewing authority, or cases of another kind
_OTHER_CASES = re.compile(r"审理(?!中)|(?<!未)审结|承办|出庭|应诉|化解|调解|败诉|法治|执法监督|信访|作为|代理|受理(?:各类)?行政复议")
_RESULTS = (
    ("upheld", re.compile(r"^(?:其中)?(?:行政复议|复议|行政诉讼|诉讼)?(?:结果|决定|均|予以|判决)?维持(?:原行政行为|结果|原决定|的)?$")),
    ("corrected", re.compile(r"^(?:行政复议|复议|行政诉讼|诉讼)?(?:结果|被|予以|均)?(?:纠正|被纠正)(?:的)?$")),
    ("other", re.compile(r"^其[他它]结果(?:的)?$")),
    ("pending", re.compile(r"^(?:尚未审结|未审结|尚未办结|未办结|正在审理|尚在审理)(?:的)?$")),
)
_DISCLOSED = re.compile(
    r"^(?:累计|全年)?(?:主动公开(?:发布)?(?:各类)?(?:政府|政务)?信息(?:数|总数|数量|总量)?"
    r"|公开(?:各类)?政府信息(?:数|总数|数量|总量)?|公开各类信息)$"
)
_CHANNELS = (
    ("local.website", re.compile(r"政府(?:门户)?网站|门户网站|政务网|政府网")),
    ("local.wechat", re.compile(r"微信")),
    ("local.weibo", re.compile(r"微博")),
    ("local.gazette", re.compile(r"政府公报")),
)
_NARROWED = re.compile(
    r"网上|网络|在线|信函|邮寄|当面|现场|传真|邮件|电话|上年|去年|往年|撤回|补正|涉及|关于|有关|转办|延期"
    r"|(?:[省市县区]级|直属|基层)(?:部门|单位|机关)|上半年|下半年|季度|(?<!\d)(?:[1-9]月|1[01]月|12月(?![底末]))(?!\d)|近[两二三四五十]?年|[两二三四五十]年来|全[省市县区]|各(?:部门|单位|镇|乡|街道)|下属|所属|含"
)


@cache
def _outcomes() -> Mapping[str, str]:
    """Printed row labels of the applications table that name one row only, reduced: 重复申请 → its key."""
    found: dict[str, str | None] = {}
    for key, entry in catalogue().rows.items():
        if key in ("application.outcome", "application.received", "application.total", "application.other.rest"):
            continue
        for label in entry.plain:
            found[label] = key if label not in found else None
    found.update({plain_label(w): "application.partly_granted" for w in ("同意部分公开", "部分同意公开")})
    found.update({plain_label(w): "application.refused" for w in ("不同意公开",)})
    found.update({plain_label(word): "application.granted" for word in ("同意公开", "准予公开", "全部公开", "给予公开")})
    found.update({plain_label(w): "application.carried_in" for w in ("上年结转", "上年度结转", "上年转结", "上一年度结转")})
    return MappingProxyType({label: key for label, key in found.items() if key})


def stated(
    path: tuple[str, ...], own: str, sentence: str, unit: str | None, section: str | None, head: Stated, lead: str
) -> Stated:
    """``own``: the clause before the number; ``sentence``: it and the one before; ``head``: what the figure it is part
    of states; ``section``: its key."""
    if unit not in _CASES:
        return NOTHING
    name = re.sub(r"[“”■]", "", path[-1]) if path else ""
    return (
        _review(name, own, sentence, section, head)
        or _application(name, own, sentence, section, head, lead)
        or _local(path, own, unit, head)
        or NOTHING
    )


def _application(name: str, own: str, sentence: str, section: str | None, head: Stated, lead: str) -> Stated | None:
    own_label = len(name) >= 8 and plain_label(name) in _outcomes()  # 本机关不掌握相关政府信息: said of nothing else
    asked = bool(own_label or _ABOUT_APPLICATIONS.search(sentence) or section == "applications" or "申请" in lead)
    about = asked or _OUTCOME.search(sentence)
    if not asked and _DOCUMENTS.search(sentence):  # 审查文件40件，予以公开30件、部分公开8件
        return None
    if not about or re.search("行政许可|执业|政务服务事项", own) or _MARKED.search(sentence):
        return None
    if re.search(r"(?:办理|处理)[^，]{0,4}(?:依申请公开|政府信息公开申请)[^，]{0,4}$", own) and not _NARROWED.search(own):
        return ("application.total", "total")
    plain = section == "applications" or re.search("依申请|申请公开", lead) or _OUTCOME.search(sentence) or _WHO.search(sentence)
    if _RECEIVED.match(name) or (plain and re.fullmatch(r"(?:共|新)?(?:收到|收|受理|接收)申请", name)):
        if not _RECEIVE_VERB.search(own) or _NARROWED.search(own):
            return None
        return ("application.received", "total")
    inner = head[0] is not None and head[0].startswith("application.")
    for key, pattern in _APPLICANTS:
        if pattern.match(name) and head == ("application.received", "total"):
            return ("application.received", key)
    if head[0] is not None and (not inner or head[1] != "total"):
        return None
    metric = "application.carried_out" if _CARRIED_OUT.match(name) else None
    metric = "application.carried_in" if _CARRIED_IN.match(name) else metric
    metric = metric or _outcomes().get(plain_label(_OUTCOME_TAIL.sub("", name))) or _outcomes().get(plain_label(name))
    bare = _OF_APPLICATIONS.sub("", name)
    metric = metric or ("application.carried_out" if _CARRIED_OUT.match(bare) else _outcomes().get(plain_label(bare)))
    if metric and (inner or not _NARROWED.search(own.replace("上年", "") if metric.endswith("carried_in") else own)):
        return (metric, "total")
    if _FINISHED.match(name) and not _NARROWED.search(own) and not _of_others(name, own, sentence):
        return ("application.total", "total")
    return None


def _of_others(name: str, own: str, sentence: str) -> bool:
    """Whether a bare 办结 speaks of the cases named last before it, which are none of the form's: 工单2300件，办结2280件."""
    if "申请" in name or own not in sentence:
        return False
    before = sentence[: sentence.rfind(own)]
    other = max((m.start() for m in _OTHERS.finditer(before)), default=-1)
    proper = [m.start() for m in _PROPER.finditer(before) if not _OTHERS.search(before[max(0, m.start() - 6) : m.start()])]
    return other > max(proper, default=-1) or ("申请" in before and not proper)


def _review(name: str, own: str, sentence: str, section: str | None, head: Stated) -> Stated | None:
    own = re.sub(r"(?:涉及|有关|关于)(?:政府|政务)?信息公开", "", own)
    for key, phrase in (("direct", "未经复议直接起诉"), ("after_review", "复议后起诉")):
        if re.search(f"(?<!未经){phrase}(?:案件)?$", name) and not _NARROWED.search(own):
            return (f"litigation.{key}.total", None)
    about = section == "review" or re.search(r"信息公开|依申请公开", sentence)
    if not about or _OTHER_CASES.search(own):
        return None
    for outcome, pattern in _RESULTS:
        if pattern.match(name) and head[0] and re.fullmatch(r"(?:review|litigation(?:\.\w+)?)\.total", head[0]):
            # 行政复议3件，行政诉讼1件，其中复议维持1件: the figure says itself which of them it is about
            own_block = "review." if "复议" in name else head[0].removesuffix("total")
            return (own_block + outcome, None)
    both = re.search(r"复议.{0,12}诉讼|诉讼.{0,12}复议", own)
    if both:
        return None
    if _REVIEW.search(name) and not _NARROWED.search(own):
        return ("review.total", None)
    if _LITIGATION.search(name) and not _NARROWED.search(own):
        return ("litigation.total", None)
    return None


def _local(path: tuple[str, ...], own: str, unit: str | None, head: Stated) -> Stated | None:
    if unit not in ("条", "件", "篇"):
        return None
    if head[0] == "local.disclosed":
        found = [key for key, pattern in _CHANNELS if pattern.search("".join(path))]
        return (found[0], None) if len(found) == 1 else None
    if len(path) == 1 and unit == "条" and _DISCLOSED.match(path[0]):
        own = re.sub(r"通过[^，]*(?:渠道|方式|途径|平台|载体|形式)", "", own)  # all channels together
        if re.search(r"网站|公众号|微信|微博|平台|专栏|栏目|客户端|其中", own) or _NARROWED.search(own.replace("含", "")):
            return None
        return ("local.disclosed", None)
    return None
