"""The figures of a sentence: numerals with their measure words, and nothing that only looks like one.

Left out: dates, years, document and article numbers, telephone and postcode, addresses of the web, numbers in front
of headings, ranks, ranges, names (“1+N”, 12345热线, 61省道), and Chinese numerals that are no quantity (一件事, 四类过程性信息).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from knowledge.numerals import Numeral, find


@dataclass(frozen=True, slots=True)
class Figure:
    """``text[start:end]`` is the number as printed with 万, 亿, 元; ``stop`` is behind the measure word and 余, 左右.

    ``value`` in ``unit`` (money in 元, shares in %); ``unit`` None where the text names none. ``depth`` counts the
    brackets it stands in.
    """

    start: int
    end: int
    stop: int
    value: Decimal
    unit: str | None
    approximate: bool
    depth: int


# measure word → what must not follow, because the character then begins another word (处 + 理, 份 + 子)
_UNITS = {
    "个百分点": "", "个工作日": "", "工作日": "", "个自然日": "", "个小时": "", "小时": "", "分钟": "", "人次": "", "场次": "",
    "批次": "", "件次": "", "条次": "", "户次": "", "家次": "", "篇次": "", "车次": "", "点次": "", "平方米": "", "平方公里": "",
    "公里": "", "公斤": "", "千米": "", "万亩": "", "亩": "", "吨": "", "倍": "", "条": "例", "件": "", "份": "子内", "篇": "",
    "期": "间限待望", "次": "日年月要", "场": "所景地馆", "个": "月别人性体年季", "项": "", "家": "庭长", "人": "民大员才均力口",
    "名": "单称誉列为", "位": "于置", "起": "来草点始步到", "宗": "旨", "批": "准复示评", "通": "过知报告讯信", "处": "理置罚室长级于在分",
    "类": "似推", "户": "籍外口", "天": "津然", "部": "门分署委长队", "本": "级年市区县局街镇身着次", "册": "", "套": "", "张": "",
    "幅": "度", "则": "", "版": "本面", "页": "面", "台": "账阶", "间": "", "座": "谈", "支": "持撑付出部", "组": "织建成", "轮": "",
    "种": "植", "只": "", "头": "", "例": "如会行", "栋": "", "幢": "", "班": "子", "节": "约假点能", "课": "题程", "枚": "", "封": "",
    "单": "位独一", "款": "", "段": "", "集": "中体约", "档": "案", "块": "", "席": "", "趟": "", "遍": "", "岗": "位", "桩": "",
    "辆": "", "所": "有在属需以", "站": "", "点": "", "字": "", "秒": "", "分": "别类管局级为析享批布工解公散配",
}  # fmt: skip
# 点 and 版 follow numbers that are times and versions (9点, 2.0版); 站, 单 and 段 seldom count
_NEVER = {"点", "版", "站", "单", "段"}
_UNIT = re.compile(
    "|".join(
        f"{unit}(?![{stop}])" if stop else unit
        for unit, stop in sorted(_UNITS.items(), key=lambda item: -len(item[0]))
        if unit not in _NEVER
    )
)
_MONEY = re.compile(r"元(?!旦|素|件|首|月)")
# what a Chinese numeral may count; 个, 项, 类, 处 after it are mostly names (三个方面, 三项制度, 四类过程性信息)
_CHINESE_UNITS = re.compile(r"(?:人次|场次|批次|个工作日|次|场|家|件|份|篇|期|条|起|批|户|人|名|位|部|册|宗|轮)")
_COUNTED = re.compile(r"(?:个|项|类|处)(?=[，。；、）]|$)")

# a word in front that names a quantity, so that a number without a measure word is one (粉丝约2000)
_QUANTITY = re.compile(
    r"(?:数|数量|总量|总数|量|粉丝|用户|人数|点击|阅读|访问|浏览|总计|合计|共计|额)(?:已|共|均|达到|达|为|是|约"
    r"|近|超过|超|突破|逾|：|了|在)*$"
)
_DEFAULT_UNIT = (
    (re.compile(r"(?:阅读|点击|浏览|访问|播放|转发|点赞)(?:总?量|数|次数)?[^，]{0,6}$"), "次"),
    (re.compile(r"(?:粉丝|用户|关注|订阅)[^，]{0,6}$"), "个"),
)

_CN = "〇零一二两三四五六七八九十百"
_DATES = (
    # 2020年1月1日 · 2019-2021年 · 2020年度
    r"(?:19|20)\d{2}\s*(?:[-—–~～至到]{1,2}\s*(?:19|20)?\d{2}\s*)?年?度?(?=年|[-/.]\d)"
    r"|(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?",
    # 2021-01-13 · 2019至
    r"(?:19|20)\d{2}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|(?<!\d)(?:19|20)\d{2}(?=至|到|-|—|起|以来)",
    rf"[{_CN}]{{2,4}}年(?:[{_CN}]{{1,3}}月)?(?:[{_CN}]{{1,3}}[日号])?",
    # 1月13日 · 12月 · 9点 · 3季度
    rf"(?<![\d.])(?:\d{{1,2}}|[{_CN}]{{1,3}})"
    r"(?:月份?(?!报)|日(?!均|常)|时(?!间|限)(?=\d|[，。至]|许)|点(?=\d|[，。至]|半)|季度)(?:\d{1,2}[日号分])?",
    # 近三年 · 6个月内
    rf"(?:近|过去|最近|前|后|满|每|约|连续|未来|今后)?(?:\d{{1,2}}|[{_CN}]{{1,2}})个?(?:年|月|季度)(?:度|来|内|以上|以来|期|间)?",
    r"\d{1,2}[:：]\d{2}",
)
_DOCUMENTS = (
    # 《2019年政务公开工作要点》
    r"《[^》]*》",
    # 国办公开办函〔2021〕30号
    r"[〔\[【（]\s*(?:19|20)\d{2}\s*[〕\]】）]\s*\d+\s*号?",
    # 第二十条 · 第711号 · 第3季度
    rf"第\s*[\d{_CN}]+(?:[.\-—之][\d{_CN}]+)?\s*[\u4e00-\u9fff]?",
    # 令711号
    r"\d+\s*号(?:令|文|楼|院|公告|文件)?",
)
_ADDRESSES = (
    r"https?[：:]//[^\s，。；）”]+|www\.[^\s，。；）”]+|[A-Za-z\d._-]+@[A-Za-z\d.-]+",
    # 邮编：325000 · 电话0577-62345678
    r"(?:电话|传真|热线|手机|邮编|邮政编码|编码|代码|标识码|账号|号码|QQ|微信号|备案)"
    r"[^，。；\d\u4e00-\u9fff]{0,4}[\d\-—－（）() ]{5,}(?![\d万亿个件次条人元余多])",
    r"\d{3,4}[-—－]\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)",
    # 12345热线
    r"(?<!\d)(?:12345|12315|12388|12333|12348|12366|12369|10086|110|119|120)(?!\d|[条件次篇个人万亿余多元,，.]|\.\d)",
    # 61省道 · 3号线 · 12栋
    r"[\d一二三四五六七八九十]+(?:省道|国道|县道|号线|路|街|弄|巷|室|楼|栋|幢|单元|组团|标段)",
    # 一期、二期、三期安置房
    r"(?:[一二三四五六七八九十]{1,2}期[、，和及]?){2,}|[一二三四五六七八九十]{1,2}期(?=工程|项目|安置)",
)
_NUMBERING = (
    # 1. （2） 三、 in front of a clause
    rf"(?:^|(?<=[：，。；]))[（(]?\s*(?:\d{{1,2}}|[{_CN}]{{1,3}})\s*(?:[)）、．]|\.(?!\d))",
    r"[①-⑳]",
    # 一是 · 二是
    rf"(?:^|(?<=[：，。；]))(?:[{_CN}]{{1,2}}|\d)是",
)
_NAMES = (
    # 1+N · 5+2
    r"\d+(?:\.\d+)?\s*[+＋×xX*]\s*[A-Za-z\d\u4e00-\u9fff“]+(?:[+＋][A-Za-z\d]+)*|[A-Za-z][+＋]\d+",
    # 24小时自助 · 7×24小时 · 365天
    r"(?:7\s*[×xX*乘]\s*)?(?<![至到为\d])24小时|365天",
    # 不同渠道公开相同信息计1条
    r"(?:计|算作?|按)\s*[1一]\s*[条次件]",
    # 一件事 · 一站式 · 两会 · 三级审核
    rf"[{_CN}]+(?:件事|站式|窗式|张网|张图|条龙|体化|盘棋|把手|线|手|步|方面|会|级|公开|统一|审三校|校|安全|稳定|微|保障|农|站|端|码|网通办|门式"
    r"|老一小|清单|重)",
    # 最多跑一次 · 一次性 · 一对一
    r"跑一次|办一次|一次(?:性|办|申请|告知|也?不跑)|一对一|点对点|一一|[每任统唯同逐万同进某这那另首]一[^，。]?",
    r"一些|一定|一般|一致|一直|一律|一旦|一切|一线|一体|一批批|一步步|一系列|一带一路|[双两]随机一公开|十[分足]|百姓|百分百|万众|千家万户|万户"
    r"|四个意识|四个自信|两个维护|三会一课|五位一体",
)
_UNCERTAIN = (
    # 3-5个工作日 · 2/3
    r"\d+(?:\.\d+)?\s*[-—–~～]{1,2}\s*\d+(?:\.\d+)?|\d+\s*[/∕:：]\s*\d+",
    # a number cut in two by a line end
    r"\d+ \d+",
)
# numbers inside these are no figures
_MASKS = tuple(map(re.compile, (*_DATES, *_DOCUMENTS, *_ADDRESSES, *_NUMBERING, *_NAMES, *_UNCERTAIN)))
# “最多跑一次”, “惠企30条”: names in quotation marks; “最多20天” states a figure
_QUOTED = re.compile(r"“[^”]{1,24}”")
_QUOTED_FIGURE = re.compile(r"“\d[\d,.，]*[万亿余多]*[\u4e00-\u9fff%％]{0,2}”")
_STATES = re.compile(r"最多|至少|不超过|平均|不少于|缩短|压缩|提高|超过")
_RANGED = re.compile(r"(?:至|到|[-—–~～]{1,2})(?=\d|[一二两三四五六七八九十])")
# 12、15和20条 behind 分别
_SHARED = re.compile(r"[、和，](?=\d)")
# 最近3次, 前10名, 第…: what makes a number a rank or an ordinal
_RANK = re.compile(r"(?:第|前|首|任|每隔|排名|位居|列|位列|编号|No\.?|NO\.?|V|v|版本)$")
# 组织1000人以上的活动 · 受理10件以上的部门 · 发布不少于10条的单位: a mark that others reach, no count of anything
_THRESHOLD = re.compile(r"\s*及?(?:以上|以下|以内)的(?=[\u4e00-\u9fff])")
_OF_WHOM = re.compile(r"的(?:[^，。；、]{0,6}?)(?:部门|单位|机关|科室|乡镇|镇街|街道|镇|乡|村|社区|企业|网站|账号|地区|申请人|个人)")
_AT_LEAST = re.compile(r"(?:不少于|不低于|不足|超过|达到?|少于|低于|多于)$")
# 出台两次; not 每一次, 同一家, 任何一个
_NO_COUNT = re.compile(r"(?:每|同|任何|某|这|那|各|逐|唯|首|第|任|头|上|下|前|后|近|再|又|统|另|进|万|不|单|专|初|之|几|其中|至少|其|为|成)$")
_ONE = re.compile(r"(?:召开|举办|举行|开展|组织|收到|受理|印发|发布|编制|新增|出台|制定|办理|接到|答复|开设|刊发|共|计|了|公开|培训|会议|讲座|演练)$")


def figures(text: str) -> list[Figure]:
    """Every figure of a sentence in order. ``text`` is ``Sentence.text``."""
    numerals = [n for n in find(text) if not n.chinese or n.percent or _counts(text, n)]
    if not numerals:
        return []
    masked = _masked(text)
    depths = _depths(text)
    out: list[Figure] = []
    bare: list[Numeral] = []
    for numeral in numerals:
        if any(masked[numeral.start : numeral.end]):
            continue
        figure = _figure(text, numeral, depths[numeral.start])
        if figure is not None and figure.unit and bare:  # 分别为12、15和20条: one measure word for all
            out += [Figure(b.start, b.end, b.stop, b.value, figure.unit, b.approximate, figure.depth) for b in bare]
        bare = [] if figure is not None else bare
        if figure is not None:
            out.append(figure)
        elif not numeral.chinese and "分别" in text[: numeral.start] and _SHARED.match(text, numeral.stop):
            bare.append(numeral)
    return out


def _counts(text: str, numeral: Numeral) -> re.Match[str] | None:
    """The measure word of a Chinese numeral, if it has one that counts."""
    return _CHINESE_UNITS.match(text, numeral.stop) or _COUNTED.match(text, numeral.stop)


def _masked(text: str) -> list[bool]:
    marks = [False] * len(text)
    spans = [match.span() for pattern in _MASKS for match in pattern.finditer(text)]
    for match in _QUOTED.finditer(text):
        if not _STATES.search(match[0]) and not _QUOTED_FIGURE.match(match[0]):
            spans.append(match.span())
    for start, end in spans:
        marks[start:end] = [True] * (end - start)
    return marks


def _depths(text: str) -> list[int]:
    out, depth = [], 0
    for char in text:
        depth += char == "（"
        out.append(depth)
        depth = max(0, depth - (char == "）"))
    return out


def _figure(text: str, numeral: Numeral, depth: int) -> Figure | None:
    before, behind = text[: numeral.start], text[numeral.stop :]
    if _RANK.search(before) or _RANGED.match(behind):
        return None
    unit, length, money = _unit(numeral, behind)
    if numeral.chinese and not numeral.percent:
        return _chinese(text, numeral, depth)
    end, stop = numeral.end, numeral.stop + length
    if money:
        end = stop
    if unit is None:
        if not _QUANTITY.search(before) or not re.search("[，。；！]", text) or re.match(r"[A-Za-z\d.%／/+\-—年月日号时级层楼版岁届]", behind[:1] or "。"):
            return None
        unit = next((word for pattern, word in _DEFAULT_UNIT if pattern.search(before)), None)
    if numeral.value < 0:
        return None
    if (unit != "%" and _THRESHOLD.match(text, stop)) or (_AT_LEAST.search(before) and _OF_WHOM.match(text, stop)):
        return None
    vague = re.match(r"\s*(?:左右|上下|以上|之多)", text[stop:])
    approximate = numeral.approximate or bool(vague)
    return Figure(numeral.start, end, stop + (vague.end() if vague else 0), numeral.value, unit, approximate, depth)


def _unit(numeral: Numeral, behind: str) -> tuple[str | None, int, bool]:
    """(unit, its length, whether money)."""
    if numeral.percent:
        return "%", 0 if numeral.raw.startswith("百分之") else 1, False
    if behind[:1] == "‰":
        return "‰", 1, False
    vague = re.match(r"[余多]", behind)
    at = vague.end() if vague else 0
    if _MONEY.match(behind, at):
        return "元", at + 1, True
    match = _UNIT.match(behind, at) if not re.match("个(?:方面|层面|维度|角度|阶段|季度)", behind) else None
    return (match[0], match.end(), False) if match else (None, 0, False)


def _chinese(text: str, numeral: Numeral, depth: int) -> Figure | None:
    """A Chinese numeral counts only with a measure word and where nothing makes it a manner of speaking."""
    before = text[: numeral.start]
    if numeral.approximate and numeral.value < 20:
        return None
    match = _counts(text, numeral)
    if match is None or _NO_COUNT.search(before):
        return None
    rest = text[match.end() :]
    if rest and match[0] == "人" and rest[0] in "民大员才均以":
        return None
    if _UNITS.get(match[0]) and rest[:1] and rest[0] in _UNITS[match[0]]:
        return None
    if numeral.value <= 1 and not _ONE.search(before):
        return None
    if match[0] == "条" and rest[:1] in ("措", "意", "政", "主"):
        return None
    stop = match.end()
    return Figure(numeral.start, numeral.end, stop, numeral.value, match[0], numeral.approximate, depth)
