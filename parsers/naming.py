"""What a figure of a sentence counts, in the sentence's own words.

「发布政务动态1272篇」 is named by the noun before it, 「组织2次培训」 by the verb before and the noun behind it,
「增长6.2%」 by the figure it grows from. Words are only ever taken from the figure's own clause, or, where that
says nothing (共5件; 占30%), from the one it leans on. A name that cannot be told is no name: the figure is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.measures import Figure


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
    "依法主动公开|及时主动公开|主动公开|主动发布|公开发布|累计公开|累计发布|发布|公开|组织召开|召开|组织开展|开展|组织举办|举办|举行|组织|设置|设立"
    "|公示|现有|拥有|共有|进行|实施|办理"
)
# Verbs that are part of the name: 修订公开指南, 更新栏目.
_SPECIFIC = (
    "主动更新|更新|修订|修改|清理|优化|整改|兑现|惠及|覆盖|涉及|编制|编印|编写|制定|制发|出台|印发|新增|新建|增设|增加|新设|撤销|取消|废止|失效|回应|回复|答复|解答|解读"
    "|审核|审查|审批|开设|开通|开办|建立|建成|建设|打造|表彰|明确|梳理|标注|认定|转为|转化为|关停|注销|整合|归并|培训|参训|检查|督查|抽查|巡查|排查|通报"
    "|受训|走访|发现|投入|支出|收取|减免|征集|采纳|接待|接听|接受|接收|接到|收到|新收到|新收|共收到|受理|收办|提供|申请|配备|配置|落实|调整|归集|汇总|查处|化解|纠正"
    "|维护|发送|发出|发放|张贴|悬挂|播放|拍摄|直播|录制|制作|参加|参与|邀请|吸引|服务|完成|办结|处理|推送|转发|转载|刊发|刊登|发表|报送|上报|上传|录入|采集|移交|移送|提交"
    "|承办|主办|协办|举报|投诉|选派|安排|聘请|增补|压缩|精简|缩短|节约|节省|签订|签署|达成|引进|帮助|解决|实现|收集|收录|公布|挂网|交办|派发|下发|分发|寄发|邮寄|送达|评选|评出|获评|获得|荣获|入选"
)
_VERB = re.compile(f"(?P<specific>{_SPECIFIC})|(?P<generic>{_GENERIC})")
# 政务公开, 公开指南, 政策解读, 业务培训: the same characters as part of a noun
_NOUN_BEFORE = re.compile(
    r"(?:政务|信息|村务|党务|财务|事务|居务|校务|厂务|院务|警务|依申请|申请|业务|专题|教育|专项|岗位|集中|安全|政策|政民|互动|网上|在线|新闻|行政|政府|文件|图文|图片|视频|公众|综合|日常|人大|意见|网络|投诉|来信|群众|社会|全过程|结果|过程|重点|基层|标准化|应)$"
)
_NOUN_BEHIND = re.compile(
    r"^(?:栏|网(?!站发布)|平台|指南|目录|专区|专栏|事项|标准|属性|申请|条例|工作|渠道|制度|方式|率|查阅|答复|形式|年报|报告|信箱|电话|领域|培训|会议|数(?!据|字)|量|人员|窗口|中心|大厅|指数|机制|流程|情况|要求|机关|机构|单位|主体|案件|意见|点|室|场所|队伍|会(?!议)|时限|时间|周期|结果|率|类|件(?!数)|质量|水平|号)"
)
# what may stand between the beginning of a clause and its verb: a channel, a body, an adverb
_BEFORE_VERB = re.compile(
    r"(?:网|网站|平台|公众号|客户端|微信|微博|抖音|视频号|订阅号|服务号|新媒体|报|台|号|栏|栏目|专栏|专区|渠道|途径|方式|形式|屏|上|中|内|里|下|等|”|■|》|#|局|厅|委|办|处|街道|镇|乡|村|社区|区|县|市|部门|单位|机关|机构|中心|室|科室|政府|办公室|公司|我们|共|累计|共计|总计|合计|先后|陆续|已|均|新|集中|及时|依法|主动|统一|组织|积极|持续|全面|共同|联合|协助|配合|牵头|分别|各|至少|计划|拟|将|并|也|还|又|全年|年|月|次|期间|以来|期|后|的|人|申请人|公民|自然人|领导|同志|负责人|干部|，|、|：|）)$"
)
_SCOPE = re.compile(
    r"^(?:在(?!线|册|编|职|校)|通过|围绕|利用|依托|借助|运用|于|向|对(?!外|口)|对照|针对|聚焦|按照|根据|以(?![来上下及])|由|就(?!业)|为|结合|配合|面向|从(?![业事])"
    r"|经(?![济营费])|自(?![然身主建动治])|充分利用|充分发挥|借力|将)"
)
_SCOPE_CLAUSE = re.compile(
    r"^(?:一方面|另一方面|同时|其中)?(?:在|通过|围绕|利用|依托|借助|运用|向|对|对照|针对|聚焦|就|结合|面向|充分利用|充分发挥|配合)"
)

# Words a clause opens with that name nothing.
_OPENING = re.compile(
    r"^(?:[一二三四五六七八九十]是|首先|其次|再次|最后|同时|此外|另外|另有|另|并且|并|且|还|也|又|分别为|分别|其中|包括|包含|含有|含|主要(?=有|为|包括|是)|具体|共计|累计|合计|总计|一共|总共"
    r"|共(?![享同产建治性青识])|全年度?|全年|年内|年度|本年度?|当年|今年以来|今年|去年(?!结转|转结)|上年度?(?!结转|转结)|截至[^，]{0,12}?[年月日底止末]|截止[^，]{0,12}?[年月日底止末]|目前|现已|现(?!场|行|代|金|状|有)|已|先后|陆续|全部|均为|均|有(?![效关序力限偿奖机声])"
    r"|和|及|与|以及|或|、|，|的|等|(?:\d{4}|二[〇零○]..)年度?|(?:上|下)半年|我(?:局|厅|委|办|镇|乡|区|县|市|街道|单位|中心|院|部门|省|校|馆|站|们)|本(?:局|厅|委|办|镇|乡|区|县|市|街道|单位|中心|院|部门|机关|行政机关|省)"
    r"|(?:街道|全镇|全乡|全区|全县|全市|全局|镇|乡|局|办|委|管委会|我们)(?=通过|在|利用|依托|共|累计|主动|积极|向|收到|新收|受理|已|先后|(?:19|20)\d{2}年)"
    r"|因(?:政府|政务)?信息公开(?:工作)?(?=被|引发|引起|提起|产生|发生)|共有|每年|按时(?!.{0,4}率)|依法(?!行政|治)|及时|积极|认真|大力|切实|不断|继续|力争|计划|拟|将|新(?=发布|公开|增加)|的|了|至少|约为|数量为|为|，)"
)
# Words it ends with before its number.
_CLOSING = re.compile(
    r"(?:共计|累计|合计|总计|一共|总共|分别为|分别|共有|共|达到了?|达|多达|高达|(?<!行)为|是|约|近|将近|大约|超过|超|突破|逾|了|有|至少|不少于|不超过|已|各|仅|只|均|计|：|、|，|就|(?<=[量数])在|最多|最少|平均|数量为|数为|这|该|那|等|“|个|得|近|(?:19|20)\d{2}年度?的?)$"
)
_BARE_OBJECT = re.compile(
    r"^(?:各类|各种|相关|有关|最新|重点|原创)?(?:政府|政务|工作|公开|主动公开)?(?:信息|内容|消息|动态信息|稿件|文章|推文|图文|数据|资讯|推送|作品|微博|微信|短视频|视频|文件|报道)(?:数|数量|总数|总量|量)?$"
)
# 全市32家单位: an area alone is no name
_AREA = re.compile(r"(?:全|各)(?:省|市|县|区|州|旗|镇|乡|街道|局|系统)|(?:省|市|县|区|镇|乡)(?:级|直|本级)?|辖区内?|共有|参与|参加")
# behind a measure word: what cannot open the noun it counts
_NOT_BEHIND = re.compile(
    r"^(?:的|和|及|与|或|以|占|增|较|比|同|均|都|为|是|已|并|其|由|在|到|左|上|下|内|被|予|全部|全都|按|用|于|后|前|时|而|则|且|还|也|又|共|另|等|至|从|将|可|能|应|经|因|未|无|不|做|未|使|让|向|对|通过|分别|进一步|有效|切实|提|升|降|减|超|达|累计|，)"
)
_BEHIND_END = re.compile(
    r"(?:[，、；。：！？（）“]|进行了?|均|都|已|全部|予以|并|和(?=[\u4e00-\u9fff]{0,8}\d)|，|其中|，|共|累计|涉及|(?<!全)覆盖|由于|因|为|是(?!否)|，|获得?|通过|用于|参加|使用|开展|完成|召开|举行|报名|参与|公开(?=信息|政府)|，)"
)

_GROWTH = re.compile(
    r"^(?P<noun>.*?)(?P<compare>(?:同比|环比|较|比|与|相较|对比)[^，]{0,14}?(?:相比)?)?[，]?(?P<verb>增长率?|增加|上升|提高|提升|下降|减少|降低|降幅|增幅|增速|净增|缩短|压缩|节省|上涨|上浮|下滑|涨幅|翻)(?:幅度|比例)?(?:了|为|达到?|近|约|超过?)*$"
)
_TO = re.compile(
    r"^(?P<noun>.*?)(?:从|由)?(?P<verb>(?:压缩|缩短|提高|提升|增加|增|增长|降低|降|减少|减|下降|调整|优化|扩大|上升|精简|缩减|升)(?:至|到|为))$"
)
_FROM = re.compile(r"^(?P<noun>.*?)(?P<start>由|从)(?:原来的?|原先的?|此前的?|去年的?|上年的?|之前的?|法定的?|\d{4}年的?)?$")
_SHARE = re.compile(r"^(?P<noun>.{2,20}?)?占(?!比.)(?P<whole>.*?)(?:比例|比重|比|总量|总数)?(?:为|达到?|约|近|超过?)*$")
_LIST = re.compile(r"^(?P<list>.*?[^、，]{1,}(?:[、和及与][^、，]+)*)等(?:各类|各项|方面|领域的?|相关|有关|内容的?|方面的?)?(?P<head>[\u4e00-\u9fff“”]{2,})$")
_PART = re.compile(r"其中|(?:申请|信息|案件|件|文件|事项)中[，：]|包括|包含|分别是|分为|含(?!有效)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年?度?|上一?年度?|去年度?|前年|上年同期|去年同期|明年|下一?年度?|次年")
# 2021年，我局…: a year that opens a sentence holds for all of it
_YEAR_CLAUSE = re.compile(r"(?:一是|二是|三是|（[一二三四五六七八九十]）)?((?:19|20)\d{2}年度?)(?:全年|期间)?，")
_COMPARED = re.compile(r"(?:较|比|与|相比|同比|对比|相较于?|自|从|按照|根据|落实|依据|贯彻)[^，]{0,6}$")
_BOUNDARY = "，：；（。！？"
# short names that lean on what stands before them: 答复率, 年阅读量, 参训
_LEANING = 6
_RESULT = re.compile(r"(?:维持|纠正|审结|其[他它]结果)$")
_LEANS = re.compile(r"(?:率|量|度|人数|次数|粉丝|用户|比例|占比|参训|参加|参与|受训|得分|金额|面积)$|^.{1,2}$")


def names(text: str, figures: Sequence[Figure], before: Named | None = None) -> list[Named | None]:
    """A name for each figure, in order; None where none can be told. ``before``: the last figure of the sentence before
    in the same paragraph, which a sentence that opens with 其中 or 同比 leans on."""
    flat = _flat(text, figures)
    out: list[Named | None] = []
    shared = _shared(text, flat, figures)
    subject = ""
    for index, figure in enumerate(figures):
        start = _start(flat, figures, index)
        left = flat_words(text, flat, start, figure.start)
        parallel = shared.get(index)
        named = (
            _parallel(parallel) if parallel is not None else _one(text, flat, figures, index, left, start, out, before)
        )
        if named is not None and not _tells(named.path):
            named = None
        if named is not None:
            subject = subject or _subject(text, flat, figures[0])
            named = _placed(text, flat, figures, index, named, out, subject, before)
        out.append(named)
    return out


# a figure that says how something changed, where that thing is not named
_UNKNOWN = Named(("",), (), "")


def _tells(path: tuple[str, ...]) -> bool:
    """A name holds two Chinese characters at least and is more than 其他 or a preposition."""
    words = re.sub(r"[^\u4e00-\u9fff]", "", "".join(path))
    return len(words) > 1 and not re.fullmatch(r"其[他它余中]|另外|各类|以上|以下|合计|总计|总数|总量|数量|数|方面|情况|内容|较.?|比.?", words)


# --------------------------------------------------------------------------- clauses


def _flat(text: str, figures: Sequence[Figure]) -> str:
    """The sentence with what hides no boundary: quotations, titles and brackets without a figure become ■ or □."""
    chars = list(text)
    for figure in figures:  # 3，412条: no boundary
        chars[figure.start : figure.stop] = ["0"] * (figure.stop - figure.start)
    counted = {i for f in figures for i in range(f.start, f.stop)}
    for match in re.finditer(r"“[^”]{1,40}”|《[^》]{1,60}》|#[^#]{1,20}#", text):
        if not counted & set(range(*match.span())):
            for i in range(match.start(), match.end()):
                chars[i] = "■"
    for match in re.finditer(r"（[^（）]{0,60}）", text):
        if not counted & set(range(*match.span())):
            for i in range(match.start(), match.end()):
                chars[i] = "□"
    return "".join(chars)


def flat_words(text: str, flat: str, start: int, end: int) -> str:
    """The printed words of a stretch without brackets that hold no figure."""
    words = "".join(c for c, f in zip(text[start:end], flat[start:end], strict=True) if f != "□")
    return words if len(words) > 1 else text[start:end]  # 镇（街道）16处


def _start(flat: str, figures: Sequence[Figure], index: int) -> int:
    """Where the words that can name this figure begin."""
    figure = figures[index]
    floor = figures[index - 1].stop if index else 0
    at = max((flat.rfind(mark, floor, figure.start) for mark in _BOUNDARY + "）"), default=-1)
    if at >= floor or not index:
        return max(at + 1, floor)
    claimed = re.match(r"[^、，]+、", flat[floor : figure.start])  # 12个行政村、3个社区
    return floor + (claimed.end() if claimed else 0)


def _clause_before(text: str, flat: str, start: int, figures: Sequence[Figure]) -> str:
    """The clause that ends at ``start``, when it holds no figure."""
    end = start - 1
    if end <= 0 or flat[end] not in "，：":
        return ""
    begin = max(flat.rfind(mark, 0, end) for mark in _BOUNDARY) + 1
    if any(begin <= f.start < end for f in figures):
        return ""
    return flat_words(text, flat, begin, end)


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


# --------------------------------------------------------------------------- one figure


def _one(
    text: str, flat: str, figures: Sequence[Figure], index: int, left: str, start: int,
    done: Sequence[Named | None], before: Named | None,
) -> Named | None:  # fmt: skip
    figure = figures[index]
    base = _base(figures, index, done, before)
    own = left
    words = opened(left)
    behind = _behind(text, flat, figures, index)
    change = _change(text, flat, figures, index, words, behind, start, base, done)
    if change is not None:
        return change
    bare = closed(words)
    if not behind and _verb_only(bare) and _claimed(flat, figure):
        return None  # 梳理26个试点领域公开事项1562项
    if re.fullmatch(r"[对将把为向从给使按在于以就其]|由于|对于|通过", bare):
        bare, words = "", ""  # 对1200余条历史信息进行清理
    if re.search(r"(?:这|该|上述|以上|其余|剩余|另外|另)$", left):
        return None  # 这6件: the same cases again
    if not bare:
        if behind and not (start and flat[start - 1] == "："):
            return Named((behind,), (), own)
        same_unit = index and figures[index - 1].unit == figure.unit
        return _nameless(
            text, flat, figures, index, start, base, own, done[index - 1] if index and not same_unit else None
        )
    named = _from_words(words, behind, own)
    if named is not None and named.path == ("",):
        return None
    return named


def _verb_only(bare: str) -> bool:
    return _VERB.fullmatch(bare) is not None


def _claimed(flat: str, figure: Figure) -> bool:
    """A noun begins right behind the measure word, and it is not known where it ends."""
    rest = flat[figure.stop :]
    return bool(re.match(r"[\u4e00-\u9fff]", rest)) and not _NOT_BEHIND.match(rest)


def _from_words(words: str, behind: str, own: str) -> Named | None:
    """Subject, verb and object of the words before a number, and the noun behind it where there is no object."""
    found = _verb(words)
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
    subject = _trimmed_subject(words[:begin])
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
        if _is_channel(subject):
            return Named((subject, verb + path), listed, own)
        return Named((verb + path,), (*around, *listed), own)
    keep = not generic or (behind and thing == behind) or (listed and len(path) <= 2)
    return Named((verb + path if keep else path,), (*around, *listed), own)


def _verb(words: str) -> tuple[int, int, bool] | None:
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


_QUOTED = re.compile(r"“[^”]*”?|《[^》]*》|#[^#]*#")
# words that hold a verb's characters and are none
_COMPOUND = re.compile(
    r"机构设置|栏目设置|岗位设置|制度建设|平台建设|队伍建设|项目建设|城乡建设|重大建设|建设项目|建设工程|经费支出|财政支出|征地拆迁|社会服务|公共服务|政务服务|便民服务|服务事项|服务中心"
    r"|服务指南|服务大厅|检查结果|审批事项|审批结果|申请表|申请材料|申请书|培训班|培训会|培训材料|通报表扬|参与度|维护费|服务费|处理费|处理决定|发布会|公开日|开放日|征集意见|投入资金|收到率"
)
# directly behind a verb's characters these make a noun of it: 办结率, 阅读量, 主动公开类
_NOUN_TAIL = re.compile(r"(?:率|量|数(?!据|字|[^，]{0,2}期)|类|时限|时间|时长|用时|周期|期限|效率|进度|比例|费(?!用))")
# nouns as often as verbs, when a noun stands before them (政策解读, 业务培训)
_ALSO_NOUNS = frozenset(
    {"公开", "发布", "解读", "培训", "检查", "回应", "申请", "解答", "组织", "更新", "答复", "服务", "公示", "审查", "审核", "处理", "整改", "建设", "投诉", "举报"}
)
# verbs whatever follows them
_PLAIN_VERBS = frozenset(
    "召开 收到 新收 受理 接到 接收 印发 设置 优化 制定 新增 开展 举办 组织 完成 办结 明确 梳理 修订 修改 编制 更新 清理 整改 发现 回复 答复 主动公开 开设 建立 增设 调整 推送 公布 涉及 覆盖 新建 编印".split()
)


_CHANNEL = re.compile(
    r"网站|门户|公众号|微信|微博|客户端|抖音|头条|视频号|平台|新媒体|“|■|公报|专栏|栏目|公示栏|公开栏|报纸|电视|广播|电台|邮箱|信箱|热线|网$|屏$|号$|APP|app"
)


def _is_channel(subject: str) -> bool:
    """A subject that tells this figure from its neighbours: one channel by name."""
    return bool(subject) and len(subject) <= 18 and bool(_CHANNEL.search(subject)) and "、" not in subject


def _trimmed_subject(words: str) -> str:
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


# 街道 · 我局 · 全区: the body itself, which every figure is about
_SELF = re.compile(r"(?:(?:我|本|全|该)(?:街道|镇|乡|局|厅|办|委|区|县|市|省|单位|机关|中心|院|们|部门|校|馆|站)|街道|管委会)?(?:办事处)?")
_ADVERBS = re.compile(
    r"(?:共计|累计|合计|总计|共|先后|陆续|已|(?<!平)均|及时主动|主动|及时|依法|(?<!重)新|集中|统一|分别|各|也|还|并|又|至少|全年|积极|，|、|(?:19|20)\d{2}年度?)+$"
)


def _reduced(thing: str) -> tuple[str, tuple[str, ...]]:
    """机构职能、领导分工等栏目 → 栏目, the list as context."""
    match = _LIST.match(thing)
    if match and ("、" in match["list"] or "和" in match["list"] or "■" in match["list"]):
        return match["head"], (thing,)
    return thing, ()


def _behind(text: str, flat: str, figures: Sequence[Figure], index: int) -> str:
    """The noun behind the measure word: 2位优秀同志. "" where the next figure claims it or none begins there."""
    figure = figures[index]
    end = figures[index + 1].start if index + 1 < len(figures) else len(text)
    rest = flat[figure.stop : end]
    if figure.unit in (None, "%", "元") and not rest.startswith("资金") or _NOT_BEHIND.match(rest):
        return ""
    stop = _BEHIND_END.search(rest)
    if stop is None and index + 1 < len(figures):
        return ""  # 培训3次参训人员120人次
    end = figure.stop + (stop.start() if stop else len(rest))
    words = "".join(c for c, f in zip(text[figure.stop : end], flat[figure.stop : end], strict=True) if f != "□")
    words = re.sub(r"(?:的|了|等|中)$", "", words.strip("，。、；： ”"))
    return words if 1 < len(words) <= 20 or words in ("村", "镇", "乡", "县", "区") else ""


# --------------------------------------------------------------------------- growth, shares, before and after


def _base(figures: Sequence[Figure], index: int, done: Sequence[Named | None], before: Named | None) -> Named | None:
    """The figure that growth and shares are about: the last before that is neither, in the same bracket."""
    for at in range(index - 1, -1, -1):
        one = done[at]
        if one is None and figures[at].depth == figures[index].depth and figures[at].unit != "%":
            return None  # 合计963条，同比增加12.8%: what grew has no name
        if one is not None and not one.grows and figures[at].depth <= figures[index].depth:
            return one
    return before


def _change(
    text: str, flat: str, figures: Sequence[Figure], index: int, words: str, behind: str, start: int,
    base: Named | None, done: Sequence[Named | None],
) -> Named | None:  # fmt: skip
    figure = figures[index]
    words = re.sub(r"(?:19|20)\d{2}年度?的?$", "", words) or words
    compared = re.fullmatch(r"(?:较|比|与|同|相比)(?P<year>(?:19|20)\d{2}年度?|上一?年度?|去年)?的?", words)
    if compared:  # 较2021年的156件减少41件
        year = _YEAR.search(text[start : figure.start])
        return Named(base.path, base.context, words, year=year[0]) if base and year else _UNKNOWN
    moved = _TO.match(words) or _FROM.match(words)
    if moved and figure.unit not in (None,):
        return _moved(text, flat, figures, index, moved, start, base, done)
    growth = _GROWTH.match(words)
    if growth and not (behind and figure.unit not in ("%", "个百分点", "倍")):
        how = (growth["compare"] or "") + growth["verb"]
        noun = closed(opened(growth["noun"]))
        return _about(text, flat, figures, start, noun, how, base, words)
    share = _SHARE.match(words)
    if re.fullmatch("占比(?:为|达到?|约)*", words):
        return _about(text, flat, figures, start, "", "占比", base, words)
    if share and (figure.unit == "%" or share["whole"]):
        how = "占比" if "占比" in words else "占" + closed(share["whole"]).rstrip("的")
        return _about(text, flat, figures, start, closed(share["noun"] or ""), how, base, words)
    return None


def _about(
    text: str, flat: str, figures: Sequence[Figure], start: int, noun: str, how: str, base: Named | None, own: str
) -> Named | None:
    if noun:
        found = _from_words(noun, "", own)
        path = found.path if found else (noun,)
        return Named((*path, how), found.context if found else (), own, grows=True)
    clause = _leaning(text, flat, figures, start)
    if clause:
        return Named((clause, how), (), own, grows=True)
    if base is None:
        return _UNKNOWN
    path = base.path[:-1] if base.path[-1] in "由从" else base.path
    return Named((*path, how), base.context, own, grows=True)


def _leaning(text: str, flat: str, figures: Sequence[Figure], start: int) -> str:
    """The figureless clause right before, as the thing that grew: 网站访问量稳步提升，较上年增长20%."""
    clause = closed(opened(_clause_before(text, flat, start, figures)))
    clause = re.sub(r"(?:同比)?(?:稳步|持续|大幅|明显|显著|有所|略有|不断|逐年|进一步)?(?:提升|增长|上升|下降|提高|减少|增加|攀升|回落)$", "", clause)
    if _SCOPE_CLAUSE.match(clause) or re.search(r"^(?:较|比|同比|与)|坚持|认真|严格", clause):
        return ""
    return clause if 2 <= len(clause) <= 16 else ""


def _moved(
    text: str, flat: str, figures: Sequence[Figure], index: int, moved: re.Match[str], start: int,
    base: Named | None, done: Sequence[Named | None],
) -> Named | None:  # fmt: skip
    how = moved.groupdict().get("verb") or moved["start"]
    noun = closed(opened(moved["noun"]))
    if not noun and index and done[index - 1] is not None and figures[index - 1].unit == figures[index].unit:
        earlier = done[index - 1]
        path = earlier.path[:-1] if earlier and earlier.path[-1] in "由从" else earlier.path if earlier else ()
        return Named((*path, how), earlier.context if earlier else (), moved[0], grows=True)
    if not noun:
        noun = _leaning(text, flat, figures, start)
    if not noun:
        return None
    return Named((noun, how), (), moved[0], grows=how not in "由从")


# --------------------------------------------------------------------------- figures without words of their own


def _nameless(
    text: str, flat: str, figures: Sequence[Figure], index: int, start: int, base: Named | None, own: str,
    done_before: Named | None,
) -> Named | None:  # fmt: skip
    """共5件 · 微信（12条） · 2021年（40起): named by the words before the bracket or the clause before."""
    figure = figures[index]
    if start and flat[start - 1] == "（":
        floor = figures[index - 1].stop if index else 0
        begin = max([flat.rfind(mark, floor, start - 1) for mark in _BOUNDARY + "）"] + [floor - 1]) + 1
        words = flat_words(text, flat, begin, start - 1)
        year = _YEAR.search(words)
        if year and base is not None and not closed(opened(re.sub(r"^(?:较|比|与|同)", "", words)).replace(year[0], "")):
            return Named(base.path, base.context, words + own, year=year[0])
        named = _from_words(opened(words).lstrip("和及与"), "", own) if closed(opened(words)) else None
        return named
    clause = _clause_before(text, flat, start, figures)
    if clause and not re.match(r"较|比|同比|从.*看$|无|未|没有|按.*分$", clause):
        words = opened(clause)
        named = _from_words(words, "", clause + own) if closed(words) else None
        if named is not None and len(named.path[-1]) <= 24:
            return named
    if index and done_before is not None and flat[figures[index - 1].stop : figure.start] == "、":
        return Named(done_before.path, done_before.context, own)  # 农户128户、412人
    total = re.search(r"共|总|合", own) is not None and figure.depth == 0
    if base is not None and total and (index == 0 or figure.unit == "元" and figures[index - 1].unit != "元"):
        return Named(base.path, base.context, own)  # 收取信息处理费3件，共计1250元
    return None


# --------------------------------------------------------------------------- 分别


def _shared(text: str, flat: str, figures: Sequence[Figure]) -> dict[int, tuple[str, str, str, str] | None]:
    """微博、微信分别公开信息1250条和136条: each figure's own name by order. Where names and figures do not match in
    number, the figures' names are unknown: ("", …)."""
    out: dict[int, tuple[str, str, str, str] | None] = {}
    for match in re.finditer("分别", flat):
        run = _run(flat, figures, match.end())
        if len(run) < 2:
            continue
        begin = max([flat.rfind(mark, 0, match.start()) for mark in _BOUNDARY]) + 1
        if any(begin <= f.start < match.start() for f in figures):
            begin = max(f.stop for f in figures if f.start < match.start())
        listed = flat_words(text, flat, begin, match.start())
        tail = flat_words(text, flat, match.end(), figures[run[0]].start)
        if not closed(opened(listed)):
            listed = _clause_before(text, flat, begin, figures)
        items, context, common = _items(listed, len(run))
        for order, index in enumerate(run):
            out[index] = (items[order], closed(tail) or common, context, listed + "分别" + tail) if items else ("", "", "", "")
    return out


def _run(flat: str, figures: Sequence[Figure], start: int) -> list[int]:
    """The figures behind 分别 that stand side by side: 1250条和136条, 12篇、15篇、20篇."""
    run: list[int] = []
    for index, figure in enumerate(figures):
        if figure.start < start:
            continue
        gap = flat[figures[run[-1]].stop : figure.start] if run else flat[start : figure.start]
        if run and not re.fullmatch(r"[、，和及与]*(?:以及)?", gap):
            break
        if not run and ("，" in gap or len(gap) > 16):
            break
        run.append(index)
    return run


def _items(listed: str, count: int) -> tuple[list[str], str, str]:
    """A printed list of ``count`` names: (names, what stands before them, what they have in common behind)."""
    words = opened(listed)
    hidden = re.sub(r"“[^”]*”|《[^》]*》", lambda m: "■" * len(m[0]), words)
    words, common = _common(words)
    hidden = hidden[: len(words)]
    for marks in ("、，", "、，和及与"):
        cuts = [i for i, c in enumerate(hidden) if c in marks]
        parts = [words[a:b] for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, len(words)], strict=True)]
        parts = [p for p in parts if p]
        if len(parts) == count:
            context = ""
            quoted = re.match(r"(?:“[^”]*”[、和及与]?)+(?=[^”“]{2,})", parts[0])
            if quoted:
                context, parts[0] = quoted[0], parts[0][quoted.end() :]
            return [closed(re.sub(r"^(?:和|及|与|以及)|(?:数量|数)$", "", p)) for p in parts], context, common
    return [], "", ""


# what a list of channels has in common at its end: 网站、微信公众号访问量分别为…
_MEASURED = re.compile(r"(?:的)?(?P<common>(?:总|累计)?(?:访问|点击|阅读|浏览|播放|关注|订阅|转发|发布|推送|公开|受理|办结|收到)(?:量|数|数量|人数|次数|用户|信息|信息数|信息量|申请|申请数)?|粉丝数?|用户数?|占比|满意率|办结率|答复率|公开率)$")


def _common(words: str) -> tuple[str, str]:
    match = _MEASURED.search(words)
    if match and match.start() > 1 and not re.search(r"[、和及与]$", words[: match.start()]):
        return words[: match.start()], match["common"]
    return words, ""


def _parallel(parallel: tuple[str, str, str, str]) -> Named | None:
    name, tail, context, own = parallel
    if not name:
        return None
    around = (context,) if context else ()
    return Named((name, tail) if tail else (name,), around, own)


# --------------------------------------------------------------------------- context


def _subject(text: str, flat: str, first: Figure) -> str:
    """The subject of a sentence: what stands before its first verb, when that is a channel or a quoted name."""
    begin = max([flat.rfind(mark, 0, first.start) for mark in _BOUNDARY]) + 1
    words = opened(flat_words(text, flat, begin, first.start))
    found = _verb(words)
    subject = _trimmed_subject(words[: found[0]]) if found else ""
    return subject if _CHANNEL.search(subject) else ""


def _placed(
    text: str, flat: str, figures: Sequence[Figure], index: int, named: Named, done: Sequence[Named | None],
    subject: str, before: Named | None,
) -> Named:  # fmt: skip
    """The figure with what surrounds it: the clause of its scope, the figure it is part of, the sentence's subject."""
    figure = figures[index]
    head = _head(flat, figures, index, done)
    outer: list[str] = []
    scope = _scope_clause(text, flat, figures)
    if scope:
        outer.append(scope)
    if head is not None and done[head] is not None:
        outer += [word for word in (*done[head].context, *done[head].path) if word]  # type: ignore[union-attr]
    elif head is None and index == 0 and before is not None and _PART.match(flat[: figure.start]):
        outer += [*before.context, *before.path]
    earlier = done[index - 1] if index and figures[index - 1].depth <= figure.depth else None
    if subject and earlier and not _CHANNEL.search("".join(named.path)):
        outer.append(subject)
    if _RESULT.search(named.path[-1]):
        about = [one for one in done if one is not None and re.search("复议|诉讼", "".join(one.path))]
        outer += about[-1].path if about else ()
    elif earlier and _LEANS.search(named.path[-1]) and len("".join(named.path)) <= _LEANING and not named.grows:
        outer += earlier.path
    context = tuple(w for w in dict.fromkeys((*outer, *named.context)) if w and w not in named.path)
    return Named(named.path, context, named.own, head, named.grows, named.year or _year(text, flat, figures, index))


def _scope_clause(text: str, flat: str, figures: Sequence[Figure]) -> str:
    """The clause before the first figure's that says where or for what: 围绕优化营商环境，…"""
    start = _start(flat, figures, 0)
    clause = _clause_before(text, flat, start, figures)
    return clause if _SCOPE_CLAUSE.match(clause) and len(clause) <= 40 else ""


def _head(flat: str, figures: Sequence[Figure], index: int, done: Sequence[Named | None]) -> int | None:
    """The figure that this one is a part of: the last one before 其中, 包括, or a colon that opens a list."""
    figure = figures[index]
    head = None
    for at in range(index):
        gap = flat[figures[at].stop : figures[at + 1].start]
        opens = _PART.search(gap) or re.match(r"[^，]{0,4}：", gap) or (
            "（" in gap and figures[at + 1].depth > figures[at].depth
        )
        if opens and done[at] is not None:
            back = at
            while back > 0 and (done[back] is None or done[back].grows or figures[back].unit == "%"):  # type: ignore[union-attr]
                back -= 1
            head = back if done[back] is not None else head
    if head is not None and figure.depth < max(f.depth for f in figures[head + 1 : index + 1]):
        return None
    return head


def _year(text: str, flat: str, figures: Sequence[Figure], index: int) -> str | None:
    """Another year that the figure's own clause names, unless only compared with: 2019年公开120条."""
    start = _start(flat, figures, index)
    words = text[start : figures[index].start]
    match = None
    for match in _YEAR.finditer(words):
        pass
    if match is None:
        opening = _YEAR_CLAUSE.match(text)
        return opening[1] if opening else None
    if _COMPARED.search(words[: match.start()]):
        return None
    if re.match(r"(?:度)?(?:结转|转结|以来|起|继续)", words[match.end() :]) or re.search(r"(?:结转|转|到|至)$", words[: match.start()]):
        return None
    return match[0]
