"""Free words of a question against the words of one report: local rows and prose figures.

Two-way: every content word asked must be in the figure's label, context or sentence (else it is another figure), and
the label's own words must be asked (else it is a more special one). The best must lead clearly, or the caller asks back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from knowledge.lexicon import cut, data, lexicon
from knowledge.text import fold

# a figure is only taken when this much of its own label was asked, and it leads the next one by this much
ENOUGH = 0.75
# … and this much when it is the report's only figure with all the words and the very unit that were asked
ENOUGH_ALONE = 0.45
LEAD = 0.15
# so little is the share of the sentence around it alone: the figure's own name was not asked
_CONTEXT_ONLY = 0.1

_NOISE = re.compile(r"[^\w%]+")
_CLAUSES = re.compile(r"[，。；：,;]|(?<=\d.)、|(?<=\d..)、|(?<=\d...)、")
_DIGIT = re.compile(r"\d")
_FIGURE = re.compile(r"[\d.,，万亿余多+%％]+")
# the name of an account in front of the medium it is on
_BRAND = re.compile(r"[“\"]([^”\"]{2,12})[”\"](?:官方|政务)?(?:微博|微信|公众号|抖音|视频号|头条|快手)")
_UNIT_GROUPS = (
    frozenset({"件", "起", "宗", "例", "桩"}),
    frozenset({"条", "篇", "份", "则", "幅", "期"}),
    frozenset({"次", "场", "场次", "批次", "批", "回", "轮", "期"}),
    frozenset({"人", "名", "位", "个"}),
    frozenset({"人次", "人"}),
    frozenset({"家", "个", "所"}),
    frozenset({"项", "个", "类"}),
    frozenset({"处", "个"}),
    frozenset({"户"}),
    frozenset({"天", "日", "个工作日", "工作日"}),
    frozenset({"元", "万元", "亿元", "块"}),
    frozenset({"%"}),
)
# what a question word says about the unit of its answer
_ASKED_UNIT = re.compile(
    r"(?:几|多少|若干)(?:个)?(钱|场次|人次|批次|个工作日|万元|亿元|[件起宗条篇份则次场期批人名位个家户项类处天元块分台册支辆种轮通封张])?"
    r"(?:(?<=封)信)?"
)
_ASKED_SHARE = re.compile(r"的?百分之(?:几|多少)|的?(?:比例|比重|百分比)(?:是多少|多大)?")
_MONEY = re.compile(r"[几多少]+(?:个)?(?:亿|千万|百万)|多少钱|金额|多少资金|多少经费|花了多少|(?:费用|支出|花费|开支|成本)(?:是|为|有|总共|一共)?(?:多少|几)")
_PERCENT = re.compile(r"百分之|满意度|百分比|比例|占比|比重|几成|增长率|增幅|[^效频]率(?!先|领)|%")
_CHANGE = re.compile(r"增长|涨|跌|增加|上升|下降|减少|降低|增幅|降幅|同比|提高")
# 比去年少了几次 asks for a change, too
_CHANGE_ASKED = re.compile(_CHANGE.pattern + r"|[比较](?:去年|上年|上一年|前一?年|上年度|20\d\d年).{0,2}[多少高低]")
_PLAN = re.compile(r"计划|打算|下一步|今后|明年|将要|准备")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that free words may mean. ``index`` is the caller's; ``label``, ``context``, ``sentence`` as printed."""

    index: int
    label: str
    context: str
    sentence: str
    unit: str | None
    planned: bool = False
    at: int | None = None
    """where the figure stands in ``sentence``; None: not in a sentence"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A candidate made ready for many questions: its words folded, cut into pairs, marked for meaning. ``media``: those
    its clause, or the last one before it that names any, speaks of (微博, 抖音). ``where``: the pairs of its sentence
    without the later figures' words; ``whole``: of all of it."""

    candidate: Candidate
    label: str
    own: tuple[bool, ...]
    apart: tuple[str, ...]
    context: frozenset[str]
    where: frozenset[str]
    whole: frozenset[str]
    changes: bool
    media: frozenset[str]
    denied: bool
    """what is said of the figure behind it is that something is not so: 3个未达标"""
    beyond: frozenset[str]
    """levels of its clause that are only the least of those counted: 区级以上媒体"""


@dataclass(frozen=True, slots=True)
class Match:
    """``label`` 0…1: how much of the figure's own name was asked. ``sure``: False, it is the only one that comes near, to
    be offered and not answered."""

    index: int
    label: float
    sure: bool = True


@cache
def _canonical() -> tuple[re.Pattern[str], Mapping[str, str]]:
    table = {word: group[0] for group in data("synonyms")["groups"] for word in group}
    table |= {word: word for word in data("synonyms")["whole"]}
    words = sorted(table, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))), table


@cache
def _stop() -> re.Pattern[str]:
    words = sorted(data("synonyms")["stop"], key=len, reverse=True)
    kept = "|".join(map(re.escape, data("synonyms")["kept"]))
    return re.compile(f"(?:{kept})|(?P<stop>{'|'.join(map(re.escape, words))})")


def _plain(text: str) -> str:
    pattern, table = _canonical()
    return pattern.sub(lambda m: table[m[0]], _NOISE.sub("", fold(text).text))


def prepare(candidate: Candidate) -> Prepared:
    """Done once for a report; ``match`` then costs microseconds a candidate."""
    label = _plain(candidate.label)
    context = _grams(_plain(candidate.context))
    own_words = _grams(label) | _implied(candidate)
    where = _grams(_plain(candidate.context + _said_around(candidate))) | own_words
    whole = _grams(_plain(candidate.context + candidate.sentence)) | own_words
    apart = tuple(dict.fromkeys(_plain(w) for w in data("synonyms")["apart"] if w in candidate.label))
    own = [says and not c.isdecimal() for says, c in zip(_content(label), label, strict=True)]  # 12345热线
    brand = _BRAND.match(candidate.label)
    if brand:  # “健康清源”微博粉丝 is asked for as 微博粉丝, too
        known_as = len(_plain(brand[1]))
        own[:known_as] = [False] * known_as
    return Prepared(
        candidate,
        label,
        tuple(own),
        apart,
        context,
        where,
        whole,
        bool(_CHANGE.search(candidate.label)),
        _media_of(candidate),
        _denied(candidate),
        frozenset(m[1] for m in _AND_ABOVE.finditer(candidate.label + _said_around(candidate))),
    )


# 3个不达标, 5家尚未完成; not 4户不动产
_NOT_SO = re.compile(r"[尚仍还均都]?(?:未(?!成年|来)|没(?!收)|无法|不(?!动产|锈|少|等|同|良|含|包|计))")
_NEGATES = re.compile("没|不|未|无|非")
_AND_ABOVE = re.compile(r"([家省市州县区乡镇村]级)(?:及其?)?以[上下]")


def _fuller(
    best: Prepared, fitting: Sequence[tuple[float, Prepared]], text: str, wanted: Sequence[bool]
) -> list[Prepared]:
    """食品抽检 asked: not 药品抽检 under a head that says 食品, where another figure is itself called so."""

    def told(one: Prepared) -> set[int]:
        marks = _covered(text, _grams(one.label))
        return {i for i, (w, hit) in enumerate(zip(wanted, marks, strict=True)) if w and hit}

    said = told(best)
    return [one for score, one in fitting if score >= ENOUGH_ALONE and said < told(one)]


def _denied(candidate: Candidate) -> bool:
    """Whether 未, 不, 没 stands right behind the measure word, and the figure's own name does not say so."""
    if candidate.at is None:
        return False
    figure = _FIGURE.match(candidate.sentence, candidate.at)
    behind = candidate.sentence[figure.end() :] if figure else ""
    says = _NOT_SO.match(behind.removeprefix(candidate.unit or ""))
    return says is not None and not _NEGATES.search(candidate.label)


_TWO_SUBJECTS = re.compile(r"([\u4e00-\u9fff]{2,})[与和及、]([\u4e00-\u9fff]{2,})")


def half_head(head: str, said: str, unit: str | None) -> str:
    """A head without that half (投诉与热线) which the sentence under it, being about the other, leaves out."""
    halves = _TWO_SUBJECTS.fullmatch(head)
    if halves is None:
        return head
    words = _grams(_plain(said))
    about = [half for half in halves.groups() if _grams(_plain(half)) & words]
    if not about and unit in _LEANS:  # 投诉与建议 over the rate of a sentence that speaks of neither
        return ""
    return about[0] if len(about) == 1 else head


def _said_around(candidate: Candidate) -> str:
    """The sentence without what belongs to the figures after this one: 征求意见3次，收回意见88条 says 收回 of the 88."""
    if candidate.at is None:
        return candidate.sentence
    start = _FIGURE.match(candidate.sentence, candidate.at)
    behind = start.end() if start else candidate.at
    following = _DIGIT.search(candidate.sentence, behind)
    if following is None:
        return candidate.sentence
    stops = [m.start() for m in _CLAUSES.finditer(candidate.sentence, behind, following.start())]
    return candidate.sentence[: stops[-1] if stops else following.start()]


@cache
def _media() -> tuple[re.Pattern[str], Mapping[str, str]]:
    table = {word: group[0] for group in data("synonyms")["media"] for word in group}
    return re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))), re.I), table


def media_named(text: str) -> frozenset[str]:
    """The media a text speaks of, each by one name."""
    pattern, table = _media()
    return frozenset(table[m[0].lower()] for m in pattern.finditer(text))


def _media_of(candidate: Candidate) -> frozenset[str]:
    """“某某”微博粉丝18.6万人，抖音号发布短视频213条，点赞量90余万: the 点赞量 is that of 抖音."""
    own = media_named(candidate.label)
    if own or candidate.at is None:
        return own
    for clause in reversed(_CLAUSES.split(candidate.sentence[: candidate.at])):
        found = media_named(clause)
        if found:
            return found
    return frozenset()


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _covered(text: str, others: frozenset[str]) -> list[bool]:
    """For each character of ``text``: does it stand in a pair of characters that the other text has too?"""
    marks = [False] * len(text)
    for i in range(len(text) - 1):
        if text[i : i + 2] in others:
            marks[i] = marks[i + 1] = True
    return marks


def _implied(candidate: Candidate) -> frozenset[str]:
    """What a figure's own words take for granted: 关注用户 of “某某在线” are those of its 公众号, unless it says 微博."""
    out: frozenset[str] = frozenset()
    for rule in data("synonyms")["implied"]:
        if any(w in candidate.label for w in rule["label"]) and not any(
            w in candidate.sentence for w in rule["unless"]
        ):
            out |= frozenset(g for word in rule["words"] for g in _grams(_plain(word)))
    return out


def _content(text: str) -> list[bool]:
    """Which characters carry meaning: all but stop words."""
    marks = [True] * len(text)
    for found in _stop().finditer(text):
        if found["stop"] is None:
            continue
        for i in range(found.start(), found.end()):
            marks[i] = False
    return marks


def _required(words: str) -> list[bool]:
    """For each character of the folded question: must it be found in the report? Not what only asks, joins or counts;
    a filler inside an unexplained stretch must (公共资源)."""
    known = lexicon()
    tokens = cut(words)
    marks: list[bool] = []
    for index, token in enumerate(tokens):
        senses = known.get(token)
        if not token.strip() or token == "，":
            marks.extend([False] * len(token))
            continue
        soft = senses is not None and all(kind in ("filler", "op", "talk", "meta") for kind, _ in senses)
        beside_unknown = any(
            0 <= j < len(tokens) and tokens[j].strip() and tokens[j] not in known for j in (index - 1, index + 1)
        )
        inside = len(token) == 1 and beside_unknown and token not in _JOINTS
        marks.extend([(not soft and token not in _LIGHT) or inside] * len(token))
    return marks


# 核酸检测做了多少人次: verbs that stand for any
_LIGHT = frozenset({"做", "做了", "搞", "搞了", "弄", "弄了"})
_JOINTS = frozenset("的了做搞在是有吗呢几多少个件条篇次份项家人位名那这和与，")


def asked_units(words: str) -> frozenset[str]:
    """The units an answer may have, as far as the question says; empty when it does not."""
    if _PERCENT.search(words):
        return frozenset({"%"})
    if _MONEY.search(words):
        return frozenset({"元"})
    units = {m[1] for m in _ASKED_UNIT.finditer(words) if m[1]}
    if not units and "人数" in words:
        units = {"人", "人次"}
    if not units:
        return frozenset()
    return frozenset(u for group in _UNIT_GROUPS if units & group for u in group) | units


def match(words: str, names: Sequence[str], candidates: Sequence[Prepared], enough: float = ENOUGH) -> list[Match]:
    """The figures these words can mean, best first; several within LEAD of each other are a tie.

    ``names``: the body's names, which need no place in the sentence.
    """
    asked = fold(words).text
    units = asked_units(asked)
    turned = _turned(asked)
    media = media_named(asked)
    levels = {m[1] for m in _AND_ABOVE.finditer(asked)}
    wants_change, wants_plan = bool(_CHANGE_ASKED.search(asked)), bool(_PLAN.search(asked))
    body = asked
    for name in sorted(names, key=len, reverse=True):
        body = body.replace(name, " ")
    body = _ASKED_UNIT.sub(" ", _ASKED_SHARE.sub(" ", body))
    said = _plain(asked)
    needed = _canonical_with_marks(body, _required(body))
    question_grams = _grams(said)
    content = _content(needed[0])
    wanted = [must and says for must, says in zip(needed[1], content, strict=True)]
    fitting: list[tuple[float, Prepared]] = []
    for one in candidates:
        candidate = one.candidate
        if (units and candidate.unit not in units) or (candidate.unit == "%" and "%" not in units and not wants_change):
            continue
        if wants_change != one.changes or (candidate.planned and not wants_plan):
            continue
        if media and one.media and not media & one.media:
            continue
        if any(word not in said for word in one.apart) or _half_of_pair(asked, candidate.label):
            continue
        if any(not says.search(candidate.label) for says in turned):
            continue
        if one.denied and not _NEGATES.search(asked):
            continue
        if (levels and not levels <= one.beyond) or (not levels and any(level in asked for level in one.beyond)):
            continue
        if score := _score(one, one.whole, needed[0], wanted, question_grams):
            fitting.append((score, one))
    several = _several_named(fitting)
    scored = [
        (score, one.candidate)
        for score, one in fitting
        if several or _score(one, one.where, needed[0], wanted, question_grams)
    ]
    out = [Match(candidate.index, score) for score, candidate in scored if score >= enough]
    if not out and len(scored) == 1 and _alone(asked, *scored[0]):
        out = [Match(scored[0][1].index, scored[0][0])]
    own = [one for one in scored if one[0] > _CONTEXT_ONLY]
    if not out and len(own) == 1 and _alone(asked, *own[0], loosely=True):
        out = [Match(own[0][1].index, own[0][0], sure=False)]
    out.sort(key=lambda m: -m.label)
    out = [m for m in out if m.label > out[0].label - LEAD] if out else []
    if out:
        best = next(one for _, one in fitting if one.candidate.index == out[0].index)
        equal = {one.candidate.index for one in _no_less_meant(best, fitting, question_grams)}
        if out[0].label < 1:
            equal |= {one.candidate.index for one in _fuller(best, fitting, needed[0], wanted)}
        out = [*(m for m in out if m.index not in equal), *(Match(index, out[0].label, out[0].sure) for index in equal)]
        doubtful = (
            _one_of_pair(asked, best.candidate.label)
            or _shared_rate(asked, best.candidate)
            or (not _pair_named(asked) and _of_another(best, needed[0], wanted))
            or _other_ending(best.label, said)
            or _of_a_wider_place(asked, names, best.candidate)
            or (out[0].label < 1 and _said_of_neighbour(best, candidates, needed[0], wanted))
        )
        if len(out) == 1 and doubtful:
            out = [replace(out[0], sure=False)]
    return out


def _no_less_meant(best: Prepared, fitting: Sequence[tuple[float, Prepared]], question: frozenset[str]) -> list[Prepared]:
    """人大建议 asked, 全国人大建议 and 省人大建议 printed side by side: the question says the same of both."""
    said = _said_of(best, question)
    if len(said) == len(best.label):
        return []
    return [
        one
        for _, one in fitting
        if one is not best
        and one.candidate.sentence == best.candidate.sentence != ""
        and one.candidate.unit == best.candidate.unit
        and _said_of(one, question) == said
    ]


def _said_of(one: Prepared, question: frozenset[str]) -> str:
    """The characters of a figure's name that were asked."""
    return "".join(c for c, hit in zip(one.label, _covered(one.label, question), strict=True) if hit)


def _one_of_pair(asked: str, label: str) -> bool:
    """建议提案一共几件 asked, 政协提案 printed: one half of what was asked for together."""
    return any(a in asked and b in asked and (a in label) != (b in label) for a, b in data("synonyms")["pairs"])


def _shared_rate(asked: str, candidate: Candidate) -> bool:
    """人大建议26件、政协提案34件，满意率98.3%: the rate of both, where that of one was asked."""
    if candidate.unit != "%" or candidate.at is None:
        return False
    # the rate is of what its own half of the sentence counts, without an earlier 其中
    said = re.split("[；。]", candidate.sentence[: candidate.at])[-1]
    return any(a in said and b in said and (a in asked) != (b in asked) for a, b in data("synonyms")["pairs"])


# what is measured of something else in the sentence: a rate, how long it took
_LEANS = frozenset({"%", "天", "日", "个工作日", "工作日", "小时", "分钟"})


def _of_another(best: Prepared, text: str, wanted: Sequence[bool]) -> bool:
    """答复留言645条，办理来信418件，平均回复时间3.2天: of the letters, not of the messages that the same sentence counts."""
    if best.candidate.unit not in _LEANS or best.candidate.at is None:
        return False
    found = _covered(text, best.context | _grams(best.label) | _implied(best.candidate))
    return any(w and not f for w, f in zip(wanted, found, strict=True))


def _pair_named(asked: str) -> bool:
    """建议提案满意率: both halves are named, and the rate leans on the last of them."""
    return any(a in asked and b in asked for a, b in data("synonyms")["pairs"])


_WIDER = re.compile("全[国省市](?!场)")


def _of_a_wider_place(asked: str, names: Sequence[str], candidate: Candidate) -> bool:
    """全市共有三甲医院9家 in the report of a 区, where the question does not say 全市."""
    if candidate.at is None or not any(re.search("[县区镇乡村]|街道", name) for name in names):
        return False
    clause = _CLAUSES.split(candidate.sentence[: candidate.at])[-1]
    return any(wider not in asked for wider in _WIDER.findall(clause))


def _said_of_neighbour(best: Prepared, candidates: Sequence[Prepared], text: str, wanted: Sequence[bool]) -> bool:
    """医师注册变更1043人次，护士延续注册768人次: 护士变更注册 takes its 变更 from the other."""
    found = _covered(text, _grams(best.label) | best.context)
    missing = [w and not f for w, f in zip(wanted, found, strict=True)]
    if best.candidate.at is None or not any(missing):
        return False
    return any(
        one is not best
        and one.candidate.sentence == best.candidate.sentence
        and one.candidate.unit == best.candidate.unit
        and any(m and hit for m, hit in zip(missing, _covered(text, _grams(one.label)), strict=True))
        and not set(one.label) <= set(best.label)
        for one in candidates
    )


_NO_NOUN = frozenset("类数量等")


def _other_ending(label: str, said: str) -> bool:
    """新增学校 asked, 新增学位 printed: all but the last character, in place of which the question has another.

    Not where the last only says that it is a kind or a number: 渗漏水类 is what 渗漏水投诉 asks for."""
    if label[-1:] in _NO_NOUN:
        return False
    stem = label[:-1]
    at = said.find(stem)
    if len(stem) < 3 or at < 0 or label in said:
        return False
    behind = said[at + len(stem) : at + len(stem) + 1]
    return bool(behind) and _content(behind) == [True] and behind not in _JOINTS


def _several_named(fitting: Sequence[tuple[float, Prepared]]) -> bool:
    """人大建议和政协提案: two figures are named whole, and each stands in the other's way."""
    whole = [one.label for score, one in fitting if score >= 1]
    return any(a not in b and b not in a for a in whole for b in whole)


# words of the question that make it another figure, unless the figure's own name has the like
_TURNS = (
    (re.compile("(?<!有)没|不是|未|并非|除了|以外"), re.compile("没|不|未|非|无|除")),
    (re.compile("平均|每(?!年)|人均|均值"), re.compile("平均|每|均")),
    (re.compile("(?<![比较跟与和同])(?:上年|上一年|前一年)(?!末|底|[^，]{0,4}[增减升降])|每年|历年"), re.compile("上年|上一年|前一年|每年|历年")),
)
_ASKS_WHETHER = re.compile("有没有|有没|(?:了|过)?没有?(?=[，。？?吗啊呀]*$)|(?:了|过)没有?")


def _turned(asked: str) -> list[re.Pattern[str]]:
    """「没有清理的」「平均每条」「上年的」: what a figure's name must then say too."""
    plain = _ASKS_WHETHER.sub(" ", asked)
    return [says for asks, says in _TURNS if asks.search(plain)]


def _half_of_pair(asked: str, label: str) -> bool:
    """行政许可信用信息 asked, 行政许可和行政处罚信用信息 printed: one of two things that the report counts together."""
    pairs = data("synonyms")["pairs"]
    return any(a in label and b in label and (a in asked) != (b in asked) for a, b in pairs)


def _alone(asked: str, score: float, candidate: Candidate, loosely: bool = False) -> bool:
    """Good enough for want of any other: the very unit was asked, and the label does not name two things of which only
    one was asked (行政许可和行政处罚信用信息)."""
    units = {m[1] for m in _ASKED_UNIT.finditer(asked) if m[1]}
    joint = re.search(r"[和与]|(?<![涉普])及|、(?!.*等)", candidate.label)
    very = candidate.unit in units
    if loosely:  # 几批 asks for 批次, 几场 for 场次 (not 几人 for 人次), 多少钱 for 元
        very = candidate.unit in units | {unit + "次" for unit in units & {"批", "场"}}
        very = very or (candidate.unit == "元" and bool(_MONEY.search(asked) or units & {"元", "万元", "亿元"}))
    return very and score >= ENOUGH_ALONE and not joint


def _canonical_with_marks(text: str, marks: Sequence[bool]) -> tuple[str, list[bool]]:
    """The question as ``_plain`` writes it, with each character's mark carried over; gaps stay gaps."""
    pattern, table = _canonical()
    out: list[str] = []
    kept: list[bool] = []
    at = 0
    while at < len(text):
        found = pattern.match(text, at)
        piece, end = (table[found[0]], found.end()) if found else (text[at], at + 1)
        if _NOISE.fullmatch(piece):
            piece = " "
        out.append(piece)
        kept.extend([any(marks[at:end])] * len(piece))
        at = end
    return "".join(out), kept


def _score(one: Prepared, where: frozenset[str], text: str, wanted: Sequence[bool], question: frozenset[str]) -> float:
    """0 when a word asked is nowhere in the figure's words; else the share of its own label that was asked."""
    if not any(wanted):
        return 0.0
    found = _covered(text, where)
    if any(w and not f for w, f in zip(wanted, found, strict=True)):
        return 0.0
    total = sum(one.own)
    if not total:
        return 0.0
    hits = _covered(one.label, question)
    # words of the label itself count in full; a share of the context breaks ties between equal labels
    near = min(0.1, 0.02 * len(one.context & question))
    return sum(o and h for o, h in zip(one.own, hits, strict=True)) / total + near
