"""Six sections in order and numbered, the edition of the form that fits the year, and all its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from knowledge.catalogue import ACTIVE, APPLICATIONS, REVIEW, catalogue, relations
from knowledge.evidence import Evidence, finding, row_name, rows
from knowledge.model import Fact, Finding, Span
from knowledge.outline import Heading, outline, section_named

# with fewer headings found, the headings were lost rather than the sections
_ENOUGH = 3
_FIRST_YEAR = 2019
_NUMBERS = "一二三四五六七八九十"


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per kind of irregularity. Reports before 2019 have no official form."""
    if facts.year < _FIRST_YEAR:
        return
    headings = outline(facts.text)
    if len(headings) >= _ENOUGH:
        yield from _sections(facts, [h for h in headings if h.section in relations()["structure"]["sections"]])
    yield from _edition(facts)
    yield from _rows(facts)
    yield from _review(facts)


def _say(facts: Evidence, what: str, quotes: tuple[Span, ...] = ()) -> Finding:
    return finding("form_structure", facts, None, quotes=quotes, what=what)


def _sections(facts: Evidence, headings: list[Heading]) -> Iterator[Finding]:
    order = relations()["structure"]["sections"]
    names = catalogue().sections
    have = [heading.section for heading in headings]
    missing = [names[key].name for key in order if key not in have and not _misprinted(facts, key)]
    if missing:
        yield _say(facts, f"缺少“{'”“'.join(missing)}”的标题，应当有六节")
    for earlier, later in pairwise(headings):
        if order.index(later.section) < order.index(earlier.section):
            words = f"“{names[later.section].name}”在“{names[earlier.section].name}”后面，应当在前面"
            yield _say(facts, words, (earlier.span, later.span))
    bare = [heading for heading in headings if heading.number is None]
    if bare and len(bare) < len(headings):
        words = "”“".join(facts.text[h.span.start : h.span.end] for h in bare)
        yield _say(facts, f"标题“{words}”没有编号，其他各节有", tuple(h.span for h in bare))
    numbered = [heading for heading in headings if heading.number in tuple(_NUMBERS)]
    for earlier, later in pairwise(numbered):
        if _place(later) <= _place(earlier):
            words = f"标题“{facts.text[later.span.start : later.span.end]}”的编号不比前一节“{earlier.number}”大"
            yield _say(facts, words, (earlier.span, later.span))


def _misprinted(facts: Evidence, key: str) -> bool:
    """A heading in other words, 存在的主要问题及改正情况: its text or table stands under a heading of no other section."""
    table = relations()["structure"]["tables"].get(key)
    printed = [f.section for f in facts.facts if f.table == table] if table else [p.heading for p in facts.passages_of(key)]
    return any(heading and section_named(heading) is None for heading in printed)


def _place(heading: Heading) -> int:
    return _NUMBERS.index(heading.number or "一")


def _edition(facts: Evidence) -> Iterator[Finding]:
    """Only where a form was read; 2019 edition for 2019 and 2020, 2021 edition from 2021."""
    years = relations()["editions"].get(facts.edition)
    if years is None or not any(fact.table in (ACTIVE, APPLICATIONS) for fact in facts.facts):
        return
    if not years[0] <= facts.year <= years[1]:
        fits = next(name for name, span in relations()["editions"].items() if span[0] <= facts.year <= span[1])
        yield _say(facts, f"表格用的是{facts.edition}年版，{facts.year}年的报告应当用{fits}年版")


def _rows(facts: Evidence) -> Iterator[Finding]:
    """Rows of the applications table that are missing, and rows that the form does not have."""
    printed = [fact for fact in facts.facts if fact.table == APPLICATIONS]
    if not printed:
        return
    keys = {fact.metric for fact in printed}
    wanted = [e for e in catalogue().rows.values() if not e.group and _in_edition(facts, e.editions)]
    missing = [e.name for e in wanted if e.key not in keys and not set(e.sums) & keys and e.under not in keys]
    if missing:
        yield replace(_say(facts, f"申请情况表缺少“{'”“'.join(missing)}”{_rows_word(missing)}"), table=APPLICATIONS)
    unknown = {f.path: number for number, f in enumerate(facts.facts) if f.table == APPLICATIONS and not f.metric}
    if unknown:
        words = "”“".join(row_name(facts.facts[number]) for number in unknown.values())
        found = _say(facts, f"申请情况表里有官方表格没有的“{words}”", rows(facts, unknown.values()))
        yield replace(found, table=APPLICATIONS, cells=tuple(unknown.values()))


def _in_edition(facts: Evidence, editions: tuple[str, ...]) -> bool:
    return not editions or facts.edition in editions


def _rows_word(names: list[str]) -> str:
    return "一行" if len(names) == 1 else f"这 {len(names)} 行"


def _review(facts: Evidence) -> Iterator[Finding]:
    """Figures of the 复议/诉讼 table that are missing."""
    have: list[Fact] = [fact for fact in facts.facts if fact.table == REVIEW]
    if not have:
        return
    keys = {fact.metric for fact in have}
    blocks, outcomes = relations()["pending"]["blocks"], catalogue().outcomes
    missing = [
        catalogue().metrics[f"{block}.{outcome}"].name
        for block in blocks
        for outcome in outcomes
        if f"{block}.{outcome}" not in keys
    ]
    if missing:
        yield replace(_say(facts, f"复议诉讼表缺少“{'”“'.join(missing)}”"), table=REVIEW)
