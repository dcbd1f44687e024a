"""Figures that say how another figure changed, what share it is, what it was before: 较上年增长6.2%, 占33.3%, 由14天缩短到9天.

They take the name of what changed. Where that has no name in the sentence, they have none either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.clauses import Clauses, year_in
from parsers.words import Named, closed, from_words, opened

# a figure that says how something changed, where that thing is not named
UNKNOWN = Named(("",), (), "")

# 较上年增长 · 点击量同比下降 · 平均缩短
_GROWTH = re.compile(
    r"^(?P<noun>.*?)(?P<compare>(?:同比|环比|较|比|与|相较|对比)[^，]{0,14}?(?:相比)?)?，?"
    r"(?P<verb>增长率?|增加|上升|提高|提升|下降|减少|降低|降幅|增幅|增速|净增|缩短|压缩|节省|上涨|上浮|下滑"
    r"|涨幅|翻)(?:幅度|比例)?(?:了|为|达到?|近|约|超过?)*$"
)
# 办理时限压缩至 · 下降为
_TO = re.compile(
    r"^(?P<noun>.*?)(?:从|由)?(?P<verb>(?:压缩|缩短|提高|提升|增加|增|增长|降低|降|减少|减|下降|调整|优化|扩大"
    r"|上升|精简|缩减|升)(?:至|到|为))(?:(?:今年|本年度?|当年|现在|目前|(?:19|20)\d{2}年度?)的?)?$"
)
# 办理时限由原来的
_FROM = re.compile(
    r"^(?P<noun>.*?)(?P<start>由|从)(?:原来的?|原先的?|此前的?|去年的?|上年的?|之前的?|法定的?|\d{4}年的?)?$"
)
# 占申请总数的 · 申请量占全市的
_SHARE = re.compile(
    r"^(?P<noun>.{2,20}?)?占(?!比.)(?P<whole>.*?)(?:比例|比重|比|总量|总数)?(?:为|达到?|约|近|超过?)*$"
)
_YEAR_END = re.compile(r"(?:19|20)\d{2}年度?的?$")
# 较2021年的(156件)
_COMPARED_WITH = re.compile(r"(?:较|比|与|同|相比|同比|对比)(?:(?:19|20)\d{2}年度?|上一?年度?|去年)?的?")
_MOVED = re.compile(
    r"(?:同比)?(?:稳步|持续|大幅|明显|显著|有所|略有|不断|逐年|进一步)?(?:提升|增长|上升|下降|提高|减少|增加"
    r"|攀升|回落)$"
)
_SAYS_HOW = re.compile(r"^(?:在|通过|围绕|利用|依托|对|针对|聚焦|就|面向|较|比|同比|与)|坚持|认真|严格|最|居|位列|历年")


def base(said: Clauses, index: int, done: Sequence[Named | None], before: Named | None) -> Named | None:
    """The figure that growth and shares are about: the last before that is neither, in the same bracket. None where
    that figure has no name (合计963条，同比增加12.8%)."""
    figures = said.figures
    for at in range(index - 1, -1, -1):
        one = done[at]
        if one is None and figures[at].depth == figures[index].depth and figures[at].unit != "%":
            return None
        if one is not None and not one.grows and figures[at].depth <= figures[index].depth:
            return one
    return before


def change(
    said: Clauses, index: int, words: str, behind: str, base: Named | None, done: Sequence[Named | None]
) -> Named | None:
    """The name of a figure of this kind, UNKNOWN where it has none; None when it is no such figure."""
    figure, start = said.figures[index], said.start(index)
    words = _YEAR_END.sub("", words) or words
    if _COMPARED_WITH.fullmatch(words):  # 较2021年的156件减少41件
        year = year_in(said.text[start : figure.start])
        return Named(base.path, base.context, words, year=year) if base and year else UNKNOWN
    moved = _TO.match(words) or _FROM.match(words)
    if moved and figure.unit is not None:
        return _moved(said, index, moved, done)
    growth = _GROWTH.match(words)
    if growth and (not behind or figure.unit in ("%", "个百分点", "倍")):
        noun = closed(opened(growth["noun"]))
        return _about(said, start, noun, (growth["compare"] or "") + growth["verb"], base, words)
    if re.fullmatch("占比(?:为|达到?|约)*", words):
        return _about(said, start, "", "占比", base, words)
    share = _SHARE.match(words)
    if share and (figure.unit == "%" or share["whole"]):
        how = "占比" if "占比" in words else "占" + closed(share["whole"]).rstrip("的")
        return _about(said, start, closed(share["noun"] or "").rstrip("的"), how, base, words)
    return None


def _about(said: Clauses, start: int, noun: str, how: str, base: Named | None, own: str) -> Named:
    """What changed: the clause's own noun, the clause before, or the figure before."""
    if noun:
        found = from_words(noun, "", own)
        path, context = (found.path, found.context) if found else ((noun,), ())
        # a share with a name of its own can grow in its turn: 信息占比98%，较上年提高2.5%
        return Named((*path, how), context, own, grows=how != "占比")
    clause = _leaning(said, start)
    if clause:
        return Named((clause, how), (), own, grows=True)
    if base is None:
        return UNKNOWN
    path = base.path[:-1] if base.path[-1] in "由从" else base.path
    return Named((*path, how), base.context, own, grows=True)


def _leaning(said: Clauses, start: int) -> str:
    """The figureless clause right before, as the thing that grew: 网站访问量稳步提升，较上年增长20%."""
    clause = _MOVED.sub("", closed(opened(said.before(start))))
    return clause if 2 <= len(clause) <= 16 and not _SAYS_HOW.search(clause) else ""


def _moved(said: Clauses, index: int, moved: re.Match[str], done: Sequence[Named | None]) -> Named | None:
    """由20天 · 压缩至5天: both of what the first names."""
    how = moved.groupdict().get("verb") or moved["start"]
    noun = closed(opened(moved["noun"]))
    earlier = done[index - 1] if index else None
    if not noun and earlier is not None and said.figures[index - 1].unit == said.figures[index].unit:
        path = earlier.path[:-1] if earlier.path[-1] in "由从" else earlier.path
        return Named((*path, how), earlier.context, moved[0], grows=True)
    noun = noun or _leaning(said, said.start(index))
    return Named((noun, how), (), moved[0], grows=how not in "由从") if noun else None
