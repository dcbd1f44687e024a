"""The values everything else passes around: spans, facts, passages, findings, reports, problems.

Frozen and without behaviour beyond their own meaning. Offsets always count code points of one
report's ``source_text`` from 0, half open: ``source_text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

State = Literal["number", "blank", "struck", "unreadable"]
Severity = Literal["error", "warning", "hint"]
Edition = Literal["2019", "2021", "other"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of one report's source_text, counted from 0 in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an input, as a value: collected and returned beside the result, never raised.

    ``code`` is a key of ``knowledge.problems``; ``message`` is one plain Chinese sentence; ``where`` a
    place in the source_text, or None where the whole file is meant.
    """

    code: str
    message: str
    where: Span | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of one report: a cell of a table, or a number in the prose.

    table      the official heading of a form table, a local table's own heading, or None for prose
    path       row labels from the outermost in, white space removed; for prose the words that name the figure
    column     column labels from the outermost in, white space removed; () for prose
    value      in ``unit``; None unless ``state`` is "number". Money is held in 元, shares in % (12.5 for 12.5%)
    unit       件, 项, 元, 条, %, …; None where nothing names one
    raw        what the source prints: source_text[span.start:span.end] == raw, no white space around it; "" when blank
    state      number · blank (empty cell) · struck (—, /) · unreadable (raw kept)
    span       of ``raw``; start == end at its place for a blank cell
    quote      the row (table) or sentence (prose) that proves it; contains ``span``
    section    heading of the section it stands in, as printed, or None
    metric     key of the catalogue metric the row/column is, e.g. "application.received"; None if not in the catalogue
    applicant  key of the applicant column (individual, business, …, total) in the applications table, else None
    context    prose only: words of the same sentence or paragraph that also qualify it, outermost first
               (e.g. ("提升政务公开数量", "在政务公开网站上发布信息")); () for cells
    approximate  True where the source says 约, 多, 余, 近, +
    year       the year the figure is about when a column or sentence names another than the report's (2021年 in a
               report for 2022); None means the report's own year
    """

    table: str | None
    path: tuple[str, ...]
    column: tuple[str, ...]
    value: Decimal | None
    unit: str | None
    raw: str
    state: State
    span: Span
    quote: Span
    section: str | None = None
    metric: str | None = None
    applicant: str | None = None
    context: tuple[str, ...] = ()
    approximate: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose that a question can ask for.

    ``kind``: overview · problems · improvements · other_matters · signature · title · local (any other section)
    ``heading`` as printed, or None; ``span`` covers the text itself, without the heading.
    """

    kind: str
    heading: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake or oddity in a report (codes: ../shared/RULES.md, sentences: knowledge/problems.py).

    ``expected``/``found`` are numbers, text or None; ``table``, ``path``, ``column`` say where, as in Fact;
    ``cells`` are indexes into the report's facts of every cell that takes part (an answer that shows one of
    them carries the warning); ``quotes`` the source lines the finding rests on.
    """

    code: str
    severity: Severity
    message: str
    expected: Decimal | str | None = None
    found: Decimal | str | None = None
    table: str | None = None
    path: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    quotes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One yearly report as read from one file.

    org         the body's name as the report gives it (title, else signature, else body text, else file name)
    short_names other names people use for it, shortest last; never contains ``org`` itself
    signature   the body as the signature prints it, or None (often longer: 余姚市人民政府阳明街道办事处)
    year        the year reported on (not the year of publication)
    published   date of the signature, else of the page head, else None
    """

    org: str
    short_names: tuple[str, ...]
    year: int
    edition: Edition
    published: date | None
    title: str | None
    signature: str | None
    source_text: str
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
