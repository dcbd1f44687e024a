"""What a check looks at: one report's facts with an index from metric and applicant to its printed cell.

A cell that is printed twice with different values is no evidence, and neither is a blank, struck or unreadable
one: a rule with such a term cannot be assessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from knowledge.catalogue import catalogue
from knowledge.model import Edition, Fact, Finding, Passage, Report, Span
from knowledge.problems import sentence, severity

Number = Decimal | str | None

# 「三、收到和处理…」「3、依申请公开情况」「（三）…」in front of a section's heading
_SECTION_NUMBER = re.compile(r"^[#*\s]*[(（]?([一二三四五六七八九十]{1,3}|\d{1,2})[)）]?[、.．,，\s]")
# 「（一）」「1.」「①」in front of a row's label
_ROW_NUMBER = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．]|[①-⑳])+"
)
# 「部分公开（区分处理的，只计这一情形，不计其他情形）」
_NOTE = re.compile(r"[(（].*[)）]$")
_DIGITS = "零一二三四五六七八九十"
# labels that name nothing without their number: 「（七）总计」「3.其他」
_VAGUE = frozenset(("总计", "合计", "其他", "其它"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One report as a check sees it. ``index`` maps (metric, applicant) to the indexes of its cells in ``facts``,
    in printed order; prose and figures of another year are not in it. ``others``: further reports to compare with."""

    facts: tuple[Fact, ...]
    index: Mapping[tuple[str, str | None], tuple[int, ...]]
    org: str
    year: int
    edition: Edition
    published: date | None
    title: str | None
    signature: str | None
    text: str
    passages: tuple[Passage, ...]
    others: tuple[Evidence, ...] = ()

    def cell(self, metric: str, applicant: str | None = None) -> int | None:
        """Index of the one cell of that metric; None when it is not printed, or printed twice unlike."""
        found = self.index.get((metric, applicant), ())
        if not found:
            return None
        first = self.facts[found[0]]
        if any(self.facts[i].value != first.value or self.facts[i].state != first.state for i in found[1:]):
            return None
        return found[0]

    def number(self, cell: int | None) -> Decimal | None:
        """The cell's value where it is a number, else None: blank is not zero."""
        return None if cell is None else self.facts[cell].value

    def total(self, cells: Iterable[int | None]) -> Decimal | None:
        """Sum of the cells, None as soon as one of them is no number."""
        total = Decimal(0)
        for cell in cells:
            value = self.number(cell)
            if value is None:
                return None
            total += value
        return total

    def leaves(self, metric: str, applicant: str | None = None) -> list[int] | None:
        """The printed cells that make up ``metric`` according to the catalogue's ``sums``, down to single rows.

        A row that the 2021 edition splits in three counts whole where the report prints it whole. None when a
        part is not printed: then nothing can be said about the sum.
        """
        parts = _parts(metric)
        if parts and any((part, applicant) in self.index for part in parts):
            below = [self.leaves(part, applicant) for part in parts]
            if any(cells is None for cells in below):
                return None
            return [cell for cells in below if cells is not None for cell in cells]
        here = self.cell(metric, applicant)
        return None if here is None else [here]

    def below(self, metric: str, applicant: str | None = None) -> list[int] | None:
        """As ``leaves``, without the metric's own cell standing in for its parts: what its total is compared with."""
        found = [self.leaves(part, applicant) for part in _parts(metric)]
        if not found or any(cells is None for cells in found):
            return None
        return [cell for cells in found if cells is not None for cell in cells]

    def passage(self, *kinds: str) -> str | None:
        """All text of the passages of these kinds, None when there is none. Two kinds can be one stretch."""
        spans = dict.fromkeys(passage.span for passage in self.passages if passage.kind in kinds)
        found = [self.text[span.start : span.end] for span in spans]
        return "\n".join(found) if found else None

    def passages_of(self, *kinds: str) -> list[Passage]:
        """The passages of these kinds in printed order."""
        return [p for p in self.passages if p.kind in kinds]


def _parts(metric: str) -> tuple[str, ...]:
    """What the catalogue says the metric is the sum of. （七）总计 is one, though people ask for it as a row."""
    known = catalogue()
    row = known.rows.get(metric)
    return row.sums if row is not None else known.metrics[metric].sums


def evidence(report: Report, others: Sequence[Report] = ()) -> Evidence:
    """The report with its index of form and local cells."""
    index: dict[tuple[str, str | None], list[int]] = {}
    for number, fact in enumerate(report.facts):
        if fact.table is not None and fact.metric is not None and fact.year in (None, report.year):
            index.setdefault((fact.metric, fact.applicant), []).append(number)
    return Evidence(
        facts=report.facts,
        index=MappingProxyType({key: tuple(cells) for key, cells in index.items()}),
        org=report.org,
        year=report.year,
        edition=report.edition,
        published=report.published,
        title=report.title,
        signature=report.signature,
        text=report.source_text,
        passages=report.passages,
        others=tuple(evidence(other) for other in others),
    )


def chinese(number: int) -> str:
    """1 … 99 as a section's number: 三, 十二, 二十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def section_number(heading: str) -> str | None:
    """「三、收到和…」→ 三, 「3、…」→ 三, None without a number."""
    match = _SECTION_NUMBER.match(heading)
    if not match:
        return None
    found = match[1]
    return chinese(int(found)) if found.isascii() and found.isdigit() else found


def place(fact: Fact) -> str:
    """Where a cell stands, as a sentence begins: 第三节, else its table's name."""
    number = section_number(fact.section) if fact.section else None
    if number:
        return f"第{number}节"
    return f"《{fact.table}》" if fact.table else ""


def row_name(fact: Fact) -> str:
    """A row as people call it: its label without number and note; the block in the 复议/诉讼 table."""
    label = fact.path[-1] if fact.path else "·".join(fact.column[:-1])
    short = _ROW_NUMBER.sub("", label)
    if short in _VAGUE:
        return label
    return _NOTE.sub("", short) or short or label


def column_name(fact: Fact) -> str:
    """A column's labels, outermost first: 法人或其他组织·其他."""
    return "·".join(fact.column)


def printed(value: Number) -> str:
    """A number as a sentence prints it: no trailing zeros, no exponent."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else value


def rows(facts: Evidence, cells: Iterable[int]) -> tuple[Span, ...]:
    """The lines that the cells stand in, each once, in printed order."""
    spans = {facts.facts[cell].quote for cell in cells}
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def finding(
    code: str,
    facts: Evidence,
    at: int | None,
    *,
    cells: Iterable[int] = (),
    expected: Number = None,
    found: Number = None,
    path: tuple[str, ...] | None = None,
    column: tuple[str, ...] | None = None,
    quotes: tuple[Span, ...] | None = None,
    **words: object,
) -> Finding:
    """A finding at the cell ``at`` (None: about the report as a whole) with its sentence filled in."""
    fact = None if at is None else facts.facts[at]
    taking_part = tuple(dict.fromkeys(cells)) or (() if at is None else (at,))
    filled: dict[str, object] = {"expected": printed(expected), "found": printed(found), "org": facts.org}
    if fact is not None:
        filled |= {"section": place(fact), "row": row_name(fact), "column": column_name(fact)}
    return Finding(
        code=code,
        severity=severity(code),
        message=sentence(code, **{**filled, **words}),
        expected=expected,
        found=found,
        table=None if fact is None else fact.table,
        path=path if path is not None else (() if fact is None else fact.path),
        column=column if column is not None else (() if fact is None else fact.column),
        cells=taking_part,
        quotes=rows(facts, taking_part) if quotes is None else quotes,
    )
