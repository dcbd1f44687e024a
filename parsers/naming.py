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
    r"(?:网|网站|平台|公众号|客户端|微信|微博|抖音|视频号|订阅号|服务号|新媒体|报|台|号|栏|栏目|专栏|专区|渠道|途径|方式|形式|屏|上|中|内|里|下|等|”|》|#|局|厅|委|办|处|街道|镇|乡|村|社区|区|县|市|部门|单位|机关|机构|中心|室|科室|政府|办公室|公司|我们|共|累计|共计|总计|合计|先后|陆续|已|均|新|集中|及时|依法|主动|统一|组织|积极|持续|全面|共同|联合|协助|配合|牵头|分别|各|至少|计划|拟|将|并|也|还|又|全年|年|月|次|期间|以来|期|后|的|人|申请人|公民|自然人|领导|同志|负责人|干部|，|、|：|）)$"
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
    r"^(?:[一二三四五六七八九十]是|首先|其次|再次|最后|同时|此外|另外|另有|另|并且|并|且|还|也|又|即|分别为|分别|其中|包括|包含|含有|含|主要|具体|共计|累计|合计|总计|一共|总共"
    r"|共(?![享同产建治性青识])|全年度?|全年|年内|年度|本年度?|当年|今年以来|今年|去年|上年度?|截至[^，]{0,12}?[年月日底止末]|截止[^，]{0,12}?[年月日底止末]|目前|现已|现(?!场|行|代|金|状|有)|已|先后|陆续|约|近|全部|均|均为|有(?![效关序力限偿奖机声])"
    r"|和|及|与|以及|或|、|，|的|等|(?:\d{4}|二[〇零○]..)年度?|(?:上|下)半年|我(?:局|厅|委|办|镇|乡|区|县|市|街道|单位|中心|院|部门|省|校|馆|站|们)|本(?:局|厅|委|办|镇|乡|区|县|市|街道|单位|中心|院|部门|机关|行政机关|省)"
    r"|(?:街道|全镇|全乡|全区|全县|全市|全局|镇|乡|局|办|委|管委会|我们)(?=通过|在|利用|依托|共|累计|主动|积极|向|收到|新收|受理|已|先后|(?:19|20)\d{2}年)"
    r"|因(?:政府|政务)?信息公开(?:工作)?(?=被|引发|引起|提起|产生|发生)|各(?!类|项|级|种)|共有|每年|按时|依法(?!行政|治)|及时|积极|认真|大力|切实|不断|继续|力争|计划|拟|将|新(?=发布|公开|增加)|的|了|至少|约为|数量为|为|，)"
)
# Words it ends with before its number.
_CLOSING = re.compile(
    r"(?:共计|累计|合计|总计|一共|总共|分别为|分别|共有|共|达到了?|达|多达|高达|为|是|约|近|将近|大约|超过|超|突破|逾|了|有|至少|不少于|不超过|已|各|仅|只|均|计|：|、|，|就|在|最多|最少|平均|数量为|数为|这|该|那|等|“|个|得|出|过|到|上|满|完|近)$"
)
_BARE_OBJECT = re.compile(
    r"^(?:各类|各种|相关|有关|最新|重点|原创)?(?:政府|政务|工作|公开|主动公开)?(?:信息|内容|消息|动态信息|稿件|文章|推文|图文|数据|资讯|推送|作品|微博|微信|短视频|视频|文件|报道)(?:数|数量|总数|总量|量)?$"
)
# behind a measure word: what cannot open the noun it counts
_NOT_BEHIND = re.compile(
    r"^(?:的|和|及|与|或|以|占|增|较|比|同|均|都|为|是|已|并|其|由|在|到|左|上|下|内|被|予|全|按|用|于|后|前|时|而|则|且|还|也|又|共|另|等|至|从|将|可|能|应|经|因|未|无|不|做|未|使|让|向|对|通过|分别|进一步|有效|切实|提|升|降|减|超|达|累计|，)"
)
_BEHIND_END = re.compile(
    r"(?:[，、；。：！？（）“]|进行了?|均|都|已|全部|予以|并|和(?=[\u4e00-\u9fff]{0,8}\d)|，|其中|，|共|累计|涉及|覆盖|由于|因|为|是(?!否)|，|获得?|通过|用于|参加|使用)"
)

_GROWTH = re.compile(
    r"^(?P<noun>.*?)(?P<compare>(?:同比|环比|较|比|与|相较|对比)[^，]{0,14}?(?:相比)?)?[，]?(?P<verb>增长率?|增加|上升|提高|提升|下降|减少|降低|降幅|增幅|增速|净增|上涨|上浮|下滑|涨幅|翻)(?:幅度|比例)?(?:了|为|达到?|近|约|超过?)*$"
)
_TO = re.compile(
    r"^(?P<noun>.*?)(?:从|由)?(?P<verb>(?:压缩|缩短|提高|提升|增加|增|增长|降低|降|减少|减|下降|调整|优化|扩大|上升|精简|缩减|升)(?:至|到|为))$"
)
_FROM = re.compile(r"^(?P<noun>.*?)(?:由|从)(?:原来的?|原先的?|此前的?|去年的?|上年的?|之前的?|法定的?|\d{4}年的?)?$")
_SHARE = re.compile(r"^占(?P<whole>.*?)(?:比例|比重|比|总量|总数)?(?:为|达到?|约|近|超过?)*$")
_LIST = re.compile(r"^(?P<list>.*?[^、，]{1,}(?:[、和及与][^、，]+)*)等(?:各类|各项|方面|领域的?|相关|有关|内容的?|方面的?)?(?P<head>[\u4e00-\u9fff“”]{2,})$")
_PART = re.compile(r"其中|包括|包含|分别是|分为|含(?!有效)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年?度?|上一?年度?|去年度?|前年|上年同期|去年同期|明年|下一?年度?|次年")
_COMPARED = re.compile(r"(?:较|比|与|相比|同比|对比|相较于?|自|从|按照|根据|落实|依据|贯彻)[^，]{0,6}$")
_BOUNDARY = "，：；（。！？"
# short names that lean on what stands before them: 答复率, 年阅读量, 参训
_LEANING = 6
_LEANS = re.compile(r"(?:率|量|度|人数|次数|粉丝|用户|比例|占比|参训|参加|参与|受训|得分|金额|面积|维持|纠正|审结|其[他它]结果)$|^.{1,2}$")


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
        if named is not None:
            subject = subject or _subject(text, flat, figures[0])
            named = _placed(text, flat, figures, index, named, out, subject, before)
        out.append(named)
    return out


# --------------------------------------------------------------------------- clauses


def _flat(text: str, figures: Sequence[Figure]) -> str:
    """The sentence with what hides no boundary: quotations, titles and brackets without a figure become ■ or □."""
    chars = list(text)
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
    return "".join(c for c, f in zip(text[start:end], flat[start:end], strict=True) if f != "□")


def _start(flat: str, figures: Sequence[Figure], index: int) -> int:
    """Where the words that can name this figure begin."""
    figure = figures[index]
    floor = figures[index - 1].stop if index else 0
    at = max((flat.rfind(mark, floor, figure.start) for mark in _BOUNDARY + "）"), default=-1)
    return max(at + 1, floor)


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
    if re.search(r"(?:这|该|上述|以上|其余|剩余|另外|另)$", left):
        return None  # 这6件: the same cases again
    if not bare:
        if behind and not (start and flat[start - 1] == "："):
            return Named((behind,), (), own)
        return _nameless(text, flat, figures, index, start, base, own)
    named = _from_words(words, behind, own)
    if named is not None and named.path == ("",):
        return None
    return named


def _from_words(words: str, behind: str, own: str) -> Named | None:
    """Subject, verb and object of the words before a number, and the noun behind it where there is no object."""
    found = _verb(words)
    if found is None:
        bare = closed(words)
        if bare.endswith("的") and behind:
            return Named((bare + behind,), (), own)
        modifies = behind and re.search(r"(?:的|性|级|型)$", words)
        path, listed = _reduced(bare + behind if modifies else bare)
        return Named((path,), listed, own)
    begin, end, generic = found
    verb = words[begin:end]
    subject = _trimmed_subject(words[:begin])
    thing = closed(words[end:].lstrip("了的出过好：“”" if not words[end:].startswith("“") else "了"))
    return _composed(subject, verb, generic, thing, behind, own)


def _composed(subject: str, verb: str, generic: bool, thing: str, behind: str, own: str) -> Named | None:
    around = (subject,) if subject else ()
    if thing and thing.endswith("的") and behind:
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
    """The verb of the clause: (begin, end, generic). Verbs that are part of a noun are passed over."""
    for match in _VERB.finditer(words):
        begin, end = match.span()
        prefix, suffix = words[:begin], words[end:]
        specific = match["specific"] is not None
        verb = match[0]
        if prefix and not _BEFORE_VERB.search(prefix) and not _SCOPE.match(prefix):
            continue
        if prefix and _NOUN_BEFORE.search(prefix) and verb in ("公开", "发布", "解读", "培训", "检查", "回应", "申请", "解答", "组织", "更新", "答复", "服务"):
            continue
        if _NOUN_BEHIND.match(suffix) and not (not prefix and verb in ("召开", "修订", "编制", "发布", "更新")):
            if verb in ("召开", "收到", "新收", "受理", "接到", "接收", "印发", "设置", "优化", "制定", "新增", "开展", "举办", "组织", "完成", "办结", "明确", "梳理", "修订", "编制", "更新", "清理", "整改", "发现", "回复", "主动公开") :
                return begin, end, not specific
            continue
        return begin, end, not specific
    return None


_CHANNEL = re.compile(
    r"网站|门户|公众号|微信|微博|客户端|抖音|头条|视频号|平台|新媒体|“|■|公报|专栏|栏目|公示栏|公开栏|报纸|电视|广播|电台|邮箱|信箱|热线|网$|屏$|号$|APP|app"
)


def _is_channel(subject: str) -> bool:
    """A subject that tells this figure from its neighbours: one channel by name."""
    return bool(subject) and len(subject) <= 18 and bool(_CHANNEL.search(subject)) and "、" not in subject


def _trimmed_subject(words: str) -> str:
    """在政务公开网站上共 → 政务公开网站."""
    words = _ADVERBS.sub("", opened(words))
    scoped = _SCOPE.match(words)
    if scoped:
        words = words[scoped.end() :]
        words = re.sub(r"(?:平台上|(?<!网)上|中|内|里|方面|下)$", "", re.sub(r"网站上$", "网站", words))
        words = re.sub(r"等$", "", words)
    words = _ADVERBS.sub("", words).strip("，、：的")
    return "" if _SELF.fullmatch(words) else words


# 街道 · 我局 · 全区: the body itself, which every figure is about
_SELF = re.compile(r"(?:我|本|全|该)?(?:街道|镇|乡|局|厅|办|委|区|县|市|省|单位|机关|中心|院|们|部门|管委会)?(?:办事处|政府)?")
_ADVERBS = re.compile(
    r"(?:共计|累计|合计|总计|共|先后|陆续|已|均|及时主动|主动|及时|依法|新|集中|统一|分别|各|也|还|并|又|至少|全年|积极|，|、|(?:19|20)\d{2}年度?)+$"
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
    words = flat_words(text, flat, figure.stop, figure.stop + (stop.start() if stop else len(rest)))
    words = re.sub(r"(?:的|了|等)$", "", words.strip("，。、；： ”"))
    return words if 1 < len(words) <= 20 else ""


# --------------------------------------------------------------------------- growth, shares, before and after


def _base(figures: Sequence[Figure], index: int, done: Sequence[Named | None], before: Named | None) -> Named | None:
    """The figure that growth and shares are about: the last before that is neither, in the same bracket."""
    for at in range(index - 1, -1, -1):
        one = done[at]
        if one is not None and not one.grows and figures[at].depth <= figures[index].depth:
            return one
    return before


def _change(
    text: str, flat: str, figures: Sequence[Figure], index: int, words: str, behind: str, start: int,
    base: Named | None, done: Sequence[Named | None],
) -> Named | None:  # fmt: skip
    figure = figures[index]
    moved = _TO.match(words) or _FROM.match(words)
    if moved and figure.unit not in (None,):
        return _moved(text, flat, figures, index, moved, start, base, done)
    growth = _GROWTH.match(words)
    if growth and not (behind and figure.unit not in ("%", "个百分点", "倍")):
        how = (growth["compare"] or "") + growth["verb"]
        noun = closed(opened(growth["noun"]))
        return _about(text, flat, figures, start, noun, how, base, words)
    share = _SHARE.match(words)
    if share and (figure.unit == "%" or share["whole"]):
        how = "占" + closed(share["whole"]).rstrip("的")
        how = "占比" if how in ("占", "占比") else how
        return _about(text, flat, figures, start, "", how, base, words)
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
        return None
    return Named((*base.path, how), base.context, own, grows=True)


def _leaning(text: str, flat: str, figures: Sequence[Figure], start: int) -> str:
    """The figureless clause right before, as the thing that grew: 网站访问量稳步提升，较上年增长20%."""
    clause = closed(opened(_clause_before(text, flat, start, figures)))
    clause = re.sub(r"(?:稳步|持续|大幅|明显|显著|有所|不断|逐年|进一步)?(?:提升|增长|上升|下降|提高|减少|增加|攀升|回落)$", "", clause)
    if _SCOPE_CLAUSE.match(clause) or re.search(r"^(?:较|比|同比|与)|坚持|认真|严格", clause):
        return ""
    return clause if 2 <= len(clause) <= 16 else ""


def _moved(
    text: str, flat: str, figures: Sequence[Figure], index: int, moved: re.Match[str], start: int,
    base: Named | None, done: Sequence[Named | None],
) -> Named | None:  # fmt: skip
    how = moved.groupdict().get("verb") or "由"
    noun = closed(opened(moved["noun"]))
    if not noun and index and done[index - 1] is not None and figures[index - 1].unit == figures[index].unit:
        earlier = done[index - 1]
        path = earlier.path[:-1] if earlier and earlier.path[-1] == "由" else earlier.path if earlier else ()
        return Named((*path, how), earlier.context if earlier else (), moved[0], grows=True)
    if not noun:
        noun = _leaning(text, flat, figures, start)
    if not noun:
        return None
    return Named((noun, how), (), moved[0], grows=how != "由")


# --------------------------------------------------------------------------- figures without words of their own


def _nameless(
    text: str, flat: str, figures: Sequence[Figure], index: int, start: int, base: Named | None, own: str
) -> Named | None:
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
    if clause and not re.match(r"较|比|同比|从.*看$", clause):
        words = opened(clause)
        named = _from_words(words, "", clause + own) if closed(words) else None
        if named is not None and len(named.path[-1]) <= 24:
            return named
    if base is not None and re.search(r"共|总|合", own) and figure.depth == 0 and index == 0:
        return Named(base.path, base.context, own)
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
        items, context = _items(listed, len(run))
        for order, index in enumerate(run):
            out[index] = (items[order], closed(tail), context, listed + "分别" + tail) if items else ("", "", "", "")
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


def _items(listed: str, count: int) -> tuple[list[str], str]:
    """A printed list of ``count`` names: (names, what stands before them)."""
    words = opened(listed)
    hidden = re.sub(r"“[^”]*”|《[^》]*》", lambda m: "■" * len(m[0]), words)
    for marks in ("、，", "、，和及与"):
        cuts = [i for i, c in enumerate(hidden) if c in marks]
        parts = [words[a:b] for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, len(words)], strict=True)]
        parts = [p for p in parts if p]
        if len(parts) == count:
            context = ""
            quoted = re.match(r"(?:“[^”]*”[、和及与]?)+(?=[^”“]{2,})", parts[0])
            if quoted:
                context, parts[0] = quoted[0], parts[0][quoted.end() :]
            return [closed(re.sub(r"^(?:和|及|与|以及)|(?:数量|数)$", "", p)) for p in parts], context
    return [], ""


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
    earlier = done[index - 1] if index else None
    if subject and earlier and not _CHANNEL.search("".join(named.path)):
        outer.append(subject)
    if earlier and _LEANS.search(named.path[-1]) and len("".join(named.path)) <= _LEANING and not named.grows:
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
            while back > 0 and (done[back] is None or done[back].grows):  # type: ignore[union-attr]
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
    if match is None or _COMPARED.search(words[: match.start()]):
        return None
    if re.match(r"(?:度)?(?:结转|转结|以来|起|继续)", words[match.end() :]) or re.search(r"(?:结转|转|到|至)$", words[: match.start()]):
        return None
    return match[0]
