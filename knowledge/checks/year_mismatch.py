"""Title, 统计期限 and the first words of a sentence agree with the report's year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.evidence import Evidence, finding
from knowledge.model import Finding, Span
from knowledge.text import fold

# 「2020年」「2020 年度」「二〇二〇年」, folded
_YEAR = r"(20\d\d|二[〇零○o][〇零○o一二三四五六七八九]{2})\s*年"
# 「本年报所列数据的统计期限自2020年1月1日起至2020年12月31日止」
_PERIOD = re.compile(
    r"(?:统计期限|期限|数据)[^。\n]{0,20}?"
    + _YEAR
    + r"\s*1\s*月\s*1\s*日\D{0,4}(?:"
    + _YEAR
    + r")?\s*12\s*月\s*31\s*日"
)
# 「2019年，我街道共收到…」 at the beginning of a sentence
_OPENING = re.compile(r"(?:(?<=[。\n；;\s])|^)" + _YEAR + r"(?:度|全年)?[,，、]?([^。\n]{0,80})")
# words of a figure about the year's work
_WORK = re.compile(r"(?:收到|新收|受理|共|累计|全年|办结|答复|发布|公开|召开|开展|组织|贯彻|推进)")
# another year may stand there with a reason: plans, comparisons, history, documents
_REASON = re.compile(
    r"将|计划|下一?步|拟|打算|力争|同比|相比|比|较|上年|去年|自|起|以来|至|(?<!收)到(?!位)|底|初|月|日|第|号|要点|印发|修订|制定"
)
_DIGITS = {char: str(number) for number, char in enumerate("〇一二三四五六七八九")} | dict.fromkeys("零○o", "0")


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding for the title, one for the period, one per opening sentence that tells of another year."""
    expected = str(facts.year)
    for name, year, span in _years(facts):
        if year != expected:
            yield finding("year_mismatch", facts, None, expected=expected, found=year, quotes=(span,), place=name)


def _number(year: str) -> str:
    return "".join(_DIGITS.get(char, char) for char in year)


def _years(facts: Evidence) -> Iterator[tuple[str, str, Span]]:
    """(where it stands, the year, its place in the source text)."""
    title = _in(facts, facts.title)
    if title is not None:
        folded = fold(facts.text[title.start : title.end])
        years = {_number(match[1]) for match in re.finditer(_YEAR, folded.text)}
        if len(years) == 1:
            yield "标题", years.pop(), title
    folded = fold(facts.text)
    for match in _PERIOD.finditer(folded.text):
        span = Span(folded.origin[match.start()], folded.origin[match.end()])
        for year in (match[1], match[2]):
            if year is not None and _number(year) != str(facts.year):
                yield "统计期限", _number(year), span
                break
        break
    yield from _openings(facts)


def _in(facts: Evidence, words: str | None) -> Span | None:
    titles = facts.passages_of("title")
    if titles:
        return titles[0].span
    start = facts.text.find(words) if words else -1
    return Span(start, start + len(words)) if words and start >= 0 else None


def _openings(facts: Evidence) -> Iterator[tuple[str, str, Span]]:
    """Sentences of 总体情况 that begin with the year before or after and tell of work done."""
    near = (str(facts.year - 1), str(facts.year + 1))
    for passage in facts.passages_of("overview"):
        folded = fold(facts.text[passage.span.start : passage.span.end])
        for match in _OPENING.finditer(folded.text):
            rest = match[2]
            compared = re.search(rf"{facts.year}\s*年", rest)  # 2022年，发布300条；2023年，发布350条
            if _number(match[1]) in near and _WORK.search(rest) and not _REASON.search(rest) and not compared:
                start = passage.span.start + folded.origin[match.start()]
                end = passage.span.start + folded.origin[match.end()]
                yield "文字", _number(match[1]), Span(start, end)
