"""The words of a clause: what only opens or closes it, its verb, the thing the verb is done to, the channel it is done on.

Chinese has no blanks between words, and 公开, 培训, 解读 are verbs as often as parts of nouns (政务公开, 业务培训,
政策解读): what stands around them decides. When it does not, the whole clause is the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """``path``: the words that name the figure; ``context``: words that qualify it, outermost first; ``own``: its
    clause before the number as printed (for the metric); ``head``: index of the figure it is a part of, or None;
    ``grows``: it says how another figure changed, or its share; ``year``: the year its clause names, as printed."""

    path: tuple[str, ...]
    context: tuple[str, ...]
    own: str
    head: int | None = None
    grows: bool = False
    year: str | None = None


# Verbs that say only that something was done: the noun behind them is the name.
_GENERIC = (
    "依法主动公开|及时主动公开|主动公开|主动发布|公开发布|累计公开|累计发布|发布|公开|组织召开|召开|组织开展"
    "|开展|组织举办|举办|举行|组织|设置|设立"
    "|公示|现有|拥有|共有|进行|实施|办理"
)
# Verbs that are part of the name: 修订公开指南, 更新栏目.
_SPECIFIC = (
    "主动更新|更新|修订|修改|清理|优化|整改|兑现|惠及|覆盖|涉及|编制|编印|编写|制定|制发|出台|印发|新增|新建"
    "|增设|增加|新设|撤销|取消|废止|失效|回应|回复|答复|解答|解读"
    "|审核|审查|审批|开设|开通|开办|建立|建成|建设|打造|表彰|明确|梳理|标注|认定|转为|转化为|关停|注销|整合"
    "|归并|培训|参训|检查|督查|抽查|巡查|排查|通报"
    "|受训|走访|发现|投入|支出|收取|减免|征集|采纳|接待|接听|接受|接收|接到|收到|新收到|新收|共收到|受理|收办"
    "|提供|申请|配备|配置|落实|调整|归集|汇总|查处|化解|纠正"
    "|维护|发送|发出|发放|张贴|悬挂|发稿|播发|播报|播放|拍摄|直播|录制|制作|参加|参与|邀请|吸引|服务|完成|办结|处理|推送|转发"
    "|转载|刊发|刊登|发表|报送|上报|上传|录入|采集|移交|移送|提交"
    "|承办|主办|协办|举报|投诉|选派|安排|聘请|增补|压缩|精简|缩短|节约|节省|签订|签署|达成|引进|帮助|解决|实现"
    "|收集|收录|公布|挂网|交办|派发|下发|分发|寄发|邮寄|送达|评选|评出|获评|获得|荣获|入选"
)
_VERB = re.compile(f"(?P<specific>{_SPECIFIC})|(?P<generic>{_GENERIC})")
# 政务公开, 公开指南, 政策解读, 业务培训: the same characters as part of a noun
_NOUN_BEFORE = re.compile(
    r"(?:政务|信息|村务|党务|财务|事务|居务|校务|厂务|院务|警务|依申请|申请|业务|专题|教育|专项|岗位|集中|安全"
    r"|政策|政民|互动|网上|在线|新闻|行政|政府|文件|图文|图片|视频|公众|综合|日常|人大|意见|网络|投诉|来信|群众"
    r"|社会|全过程|结果|过程|重点|基层|标准化|应)$"
)
_NOUN_BEHIND = re.compile(
    r"^(?:栏|网(?!站发布)|平台|指南|目录|专区|专栏|事项|标准|属性|申请|条例|工作|渠道|制度|方式|率|查阅|答复"
    r"|形式|年报|报告|信箱|电话|领域|培训|会议|数(?!据|字)|量|人员|窗口|中心|大厅|指数|机制|流程|情况|要求|机关"
    r"|机构|单位|主体|案件|意见|点|室|场所|队伍|会(?!议)|时限|时间|周期|结果|率|类|件(?!数)|质量|水平|号)"
)
# what may stand between the beginning of a clause and its verb: a channel, a body, an adverb
_BEFORE_VERB = re.compile(
    r"(?:网|网站|平台|公众号|客户端|微信|微博|抖音|视频号|订阅号|服务号|新媒体|报|台|号|栏|栏目|专栏|专区|渠道"
    r"|途径|方式|形式|屏|上|中|内|里|下|等|”|■|》|#|局|厅|委|办|处|街道|镇|乡|村|社区|区|县|市|部门|单位|机关"
    r"|机构|中心|室|科室|政府|办公室|公司|我们|共|累计|共计|总计|合计|先后|陆续|已|均|新|集中|及时|依法|主动"
    r"|统一|组织|积极|持续|全面|共同|联合|协助|配合|牵头|分别|各|至少|计划|拟|将|并|也|还|又|全年|年|月|次|期间"
    r"|以来|期|后|的|人|申请人|公民|自然人|领导|同志|负责人|干部|，|、|：|）)$"
)
_SCOPE = re.compile(
    r"^(?:在(?!线|册|编|职|校)|通过|围绕|利用|依托|借助|运用|于|向|对(?!外|口)|对照|针对|聚焦|按照|根据"
    r"|以(?![来上下及])|由|就(?!业)|为|结合|配合|面向|从(?![业事])"
    r"|经(?![济营费])|自(?![然身主建动治行])|充分利用|充分发挥|借力|将)"
)
# Words a clause opens with that name nothing.
_OPENING = re.compile(
    r"^(?:\d{1,2}月份?(?:\d{1,2}日)?|\d{1,2}[.．、](?!\d)|（\d{1,2}）|[①-⑳]|[一二三四五六七八九十]是|首先|其次|再次|最后|同时|此外|另外|另有|另|并且|并|且|还|也|又|分别为|分别"
    r"|其中|包括|包含|含有|含|主要(?=有|为|包括|是)|具体|共计|累计|合计|总计|一共|总共"
    r"|共(?![享同产建治性青识])|全年度?|全年|年内|年度|本年度?|当年|今年以来|今年|去年(?!结转|转结)"
    r"|上年度?(?!结转|转结)|截至[^，]{0,12}?[年月日底止末]|截止[^，]{0,12}?[年月日底止末]|目前|现已|现(?!场|行"
    r"|代|金|状|有)|已|先后|陆续|全部|均为|均|有(?![效关序力限偿奖机声])"
    r"|和|及|与|以及|或|、|，|的|等|(?:\d{4}|二[〇零○]..)年度?|(?:上|下)半年|我(?:局|厅|委|办|镇|乡|区|县|市"
    r"|街道|单位|中心|院|部门|省|校|馆|站|们)|本(?:局|厅|委|办|镇|乡|区|县|市|街道|单位|中心|院|部门"
    r"|机关(?!不掌握)|行政机关|省)"
    r"|(?:街道|全镇|全乡|全区|全县|全市|全局|镇|乡|局|办|委|管委会|我们)(?=通过|在|利用|依托|共|累计|主动|积极"
    r"|向|收到|新收|受理|已|先后|(?:19|20)\d{2}年)"
    r"|因(?:政府|政务)?信息公开(?:工作)?(?=被|引发|引起|提起|产生|发生)|共有|每年|按时(?!.{0,4}率)|依法(?!行政"
    r"|治)|及时|积极|认真|大力|切实|不断|继续|力争|计划|拟|将|新(?=发布|公开|增加)|的|了|至少|约为|数量为|为"
    r"|，)"
)
# Words it ends with before its number.
_CLOSING = re.compile(
    r"(?:共计|累计|合计|总计|一共|总共|分别为|分别|共有|共|达到了?|达|多达|高达|(?<!行)为|是|约|近|将近|大约"
    r"|超过|超|突破|逾|了|有|至少|不少于|不超过|已|各|仅|只|(?<![日月年人户平周])均|计|：|、|，|就|(?<=[量数])在|最多|最少|平均"
    r"|数量为|数为|这|该|那|等|“|个|得|近|(?:19|20)\d{2}年度?的?)$"
)
_BARE_OBJECT = re.compile(
    r"^(?:各类|各种|相关|有关|最新|重点|原创)?(?:政府|政务|工作|公开|主动公开)?(?:信息|内容|消息|动态信息|稿件"
    r"|文章|推文|图文|数据|资讯|推送|作品|微博|微信|短视频|视频|文件|报道)(?:数|数量|总数|总量|量)?$"
)
# 全市32家单位: an area alone is no name
_AREA = re.compile(r"(?:全|各)(?:省|市|县|区|州|旗|镇|乡|街道|局|系统)|(?:省|市|县|区|镇|乡)(?:级|直|本级)?|辖区内?|共有|参与|参加")
_LIST = re.compile(r"^(?P<list>.*?[^、，]{1,}(?:[、和及与][^、，]+)*)等(?:各类|各项|方面|领域的?|相关|有关|内容的?|方面的?)?(?P<head>[\u4e00-\u9fff“”]{2,})$")
_QUOTED = re.compile(r"“[^”]*”?|《[^》]*》|#[^#]*#")
# words that hold a verb's characters and are none
_COMPOUND = re.compile(
    r"机构设置|栏目设置|岗位设置|制度建设|平台建设|队伍建设|项目建设|城乡建设|重大建设|建设项目|建设工程"
    r"|经费支出|财政支出|征地拆迁|社会服务|公共服务|政务服务|便民服务|服务事项|服务中心"
    r"|服务指南|服务大厅|检查结果|审批事项|审批结果|申请表|申请材料|申请书|培训班|培训会|培训材料|通报表扬"
    r"|参与度|维护费|服务费|处理费|处理决定|发布会|公开日|开放日|征集意见|投入资金|收到率"
)
# directly behind a verb's characters these make a noun of it: 办结率, 阅读量, 主动公开类
_NOUN_TAIL = re.compile(r"(?:率|量|数(?!据|字|[^，]{0,2}期)|类|时限|时间|时长|用时|周期|期限|效率|进度|比例|费(?!用))")
# nouns as often as verbs, when a noun stands before them (政策解读, 业务培训)
_ALSO_NOUNS = frozenset(
    "公开 发布 解读 培训 检查 回应 申请 解答 组织 更新 答复 服务 公示 审查 审核 处理 整改 建设 投诉 举报".split()
)
# verbs whatever follows them
_PLAIN_VERBS = frozenset(
    (
        "召开 收到 新收 受理 接到 接收 印发 设置 优化 制定 新增 开展 举办 组织 完成 办结 明确 梳理 修订 修改 编制 更新 清理 整改"
        " 发现 回复 答复 主动公开 开设 建立 增设 调整 推送 公布 涉及 覆盖 新建 编印"
    ).split()
)
CHANNEL = re.compile(
    r"网站|门户|公众号|微信|微博|客户端|抖音|头条|视频号|平台|新媒体|“|■|公报|专栏|栏目|公示栏|公开栏|报纸|电视"
    r"|广播|电台|邮箱|信箱|热线|网$|屏$|号$|APP|app"
)
# 街道 · 我局 · 全区: the body itself, which every figure is about
_SELF = re.compile(r"(?:(?:我|本|全|该)(?:街道|镇|乡|局|厅|办|委|区|县|市|省|单位|机关|中心|院|们|部门|校|馆|站)|街道|管委会)?(?:办事处)?")
# 各乡镇收到申请17件，县级部门收到申请59件: bodies that are told apart by nothing else
OTHERS = re.compile(
    r"(?:各|下属|所属|直属|[省市县区]级|基层|其[他它]|[省市县区](?=政府办))[^，]{0,8}"
    r"(?:部门|单位|乡镇|镇街|街道|镇|乡|村|社区|科室|学校|医院|机关|办公室)"
)
_ADVERBS = re.compile(
    r"(?:共计|累计|合计|总计|共|先后|陆续|已|(?<!平)均|及时主动|主动|及时|依法|(?<!重)新|集中|统一|分别|各|也"
    r"|还|并|又|至少|全年|全面|同步|积极|自行|，|、|(?:19|20)\d{2}年度?)+$"
)


def opened(words: str) -> str:
    """Words without what a clause opens with (其中, 2020年, 我街道, 共)."""
    while True:
        cut = _OPENING.sub("", words, count=1).lstrip("，、：的 ")
        if cut == words or not cut:
            return cut
        words = cut


def closed(words: str) -> str:
    """Words without what leads over to the number (达到, 共, 约)."""
    while True:
        cut = _CLOSING.sub("", words, count=1).rstrip("，、： ")
        if cut == words or not cut:
            return cut
        words = cut


def is_verb(bare: str) -> bool:
    """Whether a clause is a verb and nothing else."""
    return _VERB.fullmatch(bare) is not None


def from_words(words: str, behind: str, own: str) -> Named | None:
    """Subject, verb and object of the words before a number, and the noun behind it where there is no object."""
    if behind and re.search("等$", words.rstrip("，、")):  # “十四五”规划等15个专项规划
        return Named((behind,), (closed(words),), own)
    found = verb_of(words)
    if found is None:
        bare = re.sub(r"^[在于](?=.{2,}(?:中|上|内|里))", "", closed(words))
        if behind and (bare.endswith("的") or _AREA.fullmatch(bare)):
            return Named((bare + behind,), (), own)
        if behind:  # 政务公开要点分解为28项任务: the noun behind is what is counted
            return Named((behind,), (bare,), own)
        path, listed = _reduced(bare)
        return Named((path,), listed, own)
    begin, end, generic = found
    verb = words[begin:end]
    subject = subject_of(words[:begin])
    thing = closed(words[end:].lstrip("了的出过好：“”" if not words[end:].startswith("“") else "了"))
    return _composed(subject, verb, generic, thing, behind, own)


def _composed(subject: str, verb: str, generic: bool, thing: str, behind: str, own: str) -> Named | None:
    around = (subject,) if subject else ()
    if thing and behind and (thing.endswith("的") or _AREA.fullmatch(thing)):
        thing = thing + behind
    elif thing and behind and not _BARE_OBJECT.match(thing) and len(thing) <= 4 and len(behind) >= 2:
        thing = thing + behind  # 收到公民4起公开申请
    elif not thing:
        thing = behind
    if not thing:
        if _is_channel(subject):
            return Named((subject, verb), (), own)
        return Named((subject + verb,), (), own) if 0 < len(subject) <= 12 else Named((verb,), around, own)
    path, listed = _reduced(thing)
    if _BARE_OBJECT.match(path):
        if _is_channel(subject) or OTHERS.fullmatch(subject):
            return Named((subject, verb + path), listed, own)
        return Named((verb + path,), (*around, *listed), own)
    if OTHERS.fullmatch(subject):
        return Named((subject, verb + path), listed, own)
    keep = not generic or (behind and thing == behind) or (listed and len(path) <= 2)
    return Named((verb + path if keep else path,), (*around, *listed), own)


def verb_of(words: str) -> tuple[int, int, bool] | None:
    """The verb of the clause: (begin, end, generic). Verbs inside quotations and those that are part of a noun are
    passed over."""
    hidden = _QUOTED.sub(lambda m: "■" * len(m[0]), words)
    nouns = {i for m in _COMPOUND.finditer(hidden) for i in range(*m.span())}
    for match in _VERB.finditer(hidden):
        begin, end = match.span()
        prefix, suffix, verb = hidden[:begin], hidden[end:], match[0]
        if begin in nouns or _NOUN_TAIL.match(suffix):
            continue
        if prefix and not _BEFORE_VERB.search(prefix) and not _SCOPE.match(prefix):
            continue
        if prefix and _NOUN_BEFORE.search(prefix) and verb in _ALSO_NOUNS:
            continue
        if _NOUN_BEHIND.match(suffix) and verb not in _PLAIN_VERBS and not (not prefix and verb == "发布"):
            continue
        return begin, end, match["specific"] is None
    return None


def _is_channel(subject: str) -> bool:
    """A subject that tells this figure from its neighbours: one channel by name."""
    return bool(subject) and len(subject) <= 18 and bool(CHANNEL.search(subject)) and "、" not in subject


def subject_of(words: str) -> str:
    """在政务公开网站上共 → 政务公开网站."""
    words = _ADVERBS.sub("", opened(words))
    words = re.sub(r"^.{1,10}?(?:镇|乡|局|厅|街道|区|县|市|委|办|部门|单位|中心|政府)(?=(?:在(?!线)|通过|利用|依托).{3})", "", words)
    scoped = _SCOPE.match(words)
    if scoped:
        words = words[scoped.end() :]
        words = re.sub(r"(?:平台上|(?<!网)上|中|内|里|方面|下)$", "", re.sub(r"网站上$", "网站", words))
        words = re.sub(r"等$", "", words)
    words = _ADVERBS.sub("", words).strip("，、：的")
    return "" if _SELF.fullmatch(words) else words


def _reduced(thing: str) -> tuple[str, tuple[str, ...]]:
    """机构职能、领导分工等栏目 → 栏目, the list as context."""
    match = _LIST.match(thing)
    if match and ("、" in match["list"] or "和" in match["list"] or "■" in match["list"]):
        return match["head"], (thing,)
    return thing, ()
