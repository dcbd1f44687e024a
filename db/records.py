"""Rows and what they mean: a stored report, a body, and how figures, findings and passages are written to columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from knowledge.model import Edition, Fact, Finding, Passage, Problem, Severity, Span, State

Row = Sequence[Any]

MICRO = 1_000_000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One version of one report. ``id`` is printed as ``key`` ("r7"); ``current``: answers are taken from it.

    ``org``, ``title``, ``signature`` as printed; ``facts`` and ``findings`` are counts; ``created_at`` ISO 8601, UTC.
    """

    id: int
    organisation_id: int
    org: str
    short_names: tuple[str, ...]
    year: int
    edition: Edition
    published: date | None
    title: str | None
    signature: str | None
    source_name: str
    sha256: str
    version: int
    current: bool
    created_at: str
    facts: int
    findings: int

    @property
    def key(self) -> str:
        """The id as people and JSON write it."""
        return f"r{self.id}"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body. ``full_name`` tells it from others, ``name`` is what its newest report calls it; else None if unknown."""

    id: int
    name: str
    full_name: str
    kind: str | None
    level: str | None
    province: str | None
    city: str | None
    county: str | None

    @property
    def places(self) -> tuple[str, ...]:
        """Province, city and county, as far as known."""
        return tuple(place for place in (self.province, self.city, self.county) if place)


# name folded and without blanks · as printed · organisation_id · kind: full, short or alias
Name = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that found no answer: when (ISO 8601, UTC), its text, and the status or reason."""

    at: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit log. ``report_id`` None where no report was concerned."""

    at: str
    actor: str
    action: str
    detail: str
    sha256: str | None
    report_id: int | None


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump(value: object) -> str:
    """JSON text as every list column holds it."""
    return _ENCODER.encode(value)


@lru_cache(maxsize=4096)
def _labels(value: tuple[str, ...]) -> str:
    """The rows and columns of the form are the same in every report."""
    return dump(value)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """A list column of strings."""
    return () if text == "[]" else tuple(json.loads(text))


def micro(value: Decimal | None) -> int | None:
    """value × 1 000 000, or None where that is not a whole number of 64 bits."""
    if value is None or not value.is_finite() or value.adjusted() > 12:
        return None
    scaled = value * MICRO
    whole = int(scaled)
    return whole if whole == scaled and abs(whole) <= _LARGEST else None


@lru_cache(maxsize=4096)
def decimal(value_micro: int | None, value_text: str | None) -> Decimal | None:
    """The value the two columns hold."""
    if value_micro is None:
        return None if value_text is None else Decimal(value_text)
    whole, rest = divmod(value_micro, MICRO)
    return Decimal(whole) if not rest else Decimal(value_micro).scaleb(-6).normalize()


def fact_values(fact: Fact) -> dict[str, Any]:
    """The columns of a figure, without those that repeat its report's."""
    scaled = micro(fact.value)
    return {
        "table_name": fact.table,
        "path": _labels(fact.path),
        "column": _labels(fact.column),
        "metric": fact.metric,
        "applicant": fact.applicant or "",
        "value_micro": scaled,
        "value_text": None if fact.value is None or scaled is not None else str(fact.value),
        "unit": fact.unit,
        "raw": fact.raw,
        "state": fact.state,
        "start": fact.span.start,
        "end": fact.span.end,
        "quote_start": fact.quote.start,
        "quote_end": fact.quote.end,
        "section": fact.section,
        "context": _labels(fact.context),
        "approximate": int(fact.approximate),
        "about_year": fact.year,
    }


# The order in which ``fact`` reads a figure's columns
FACT_COLUMNS = (
    "table_name", "path", "column", "value_micro", "value_text", "unit", "raw", "state", "start", "end",
    "quote_start", "quote_end", "section", "metric", "applicant", "context", "approximate", "about_year",
)  # fmt: skip


def fact(row: Row) -> Fact:
    """A figure from its FACT_COLUMNS."""
    return Fact(
        table=row[0],
        path=words(row[1]),
        column=words(row[2]),
        value=decimal(row[3], row[4]),
        unit=row[5],
        raw=row[6],
        state=cast(State, row[7]),
        span=Span(row[8], row[9]),
        quote=Span(row[10], row[11]),
        section=row[12],
        metric=row[13],
        applicant=row[14] or None,
        context=words(row[15]),
        approximate=bool(row[16]),
        year=row[17],
    )


def _side(value: Decimal | str | None) -> str:
    return dump({"number": str(value)} if isinstance(value, Decimal) else value)


def _value(text: str) -> Decimal | str | None:
    value = json.loads(text)
    return Decimal(value["number"]) if isinstance(value, dict) else value


def finding_values(finding: Finding) -> dict[str, Any]:
    """The columns of a finding, without its report and ordinal."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "expected": _side(finding.expected),
        "found": _side(finding.found),
        "table_name": finding.table,
        "path": dump(finding.path),
        "column": dump(finding.column),
        "cells": dump(finding.cells),
        "quotes": dump([[span.start, span.end] for span in finding.quotes]),
    }


FINDING_COLUMNS = (
    "code", "severity", "message", "expected", "found", "table_name", "path", "column", "cells", "quotes",
)  # fmt: skip


def finding(row: Row) -> Finding:
    """A finding from its FINDING_COLUMNS."""
    return Finding(
        code=row[0],
        severity=cast(Severity, row[1]),
        message=row[2],
        expected=_value(row[3]),
        found=_value(row[4]),
        table=row[5],
        path=words(row[6]),
        column=words(row[7]),
        cells=tuple(json.loads(row[8])),
        quotes=tuple(Span(start, end) for start, end in json.loads(row[9])),
    )


PASSAGE_COLUMNS = ("kind", "heading", "start", "end")


def passage(row: Row) -> Passage:
    """A passage from its PASSAGE_COLUMNS."""
    return Passage(row[0], row[1], Span(row[2], row[3]))


PROBLEM_COLUMNS = ("code", "message", "start", "end")


def problem_values(problem: Problem) -> dict[str, Any]:
    """The columns of a problem, without its report and ordinal."""
    where = problem.where
    start, end = (None, None) if where is None else (where.start, where.end)
    return {"code": problem.code, "message": problem.message, "start": start, "end": end}


def problem(row: Row) -> Problem:
    """A problem from its PROBLEM_COLUMNS."""
    return Problem(row[0], row[1], None if row[2] is None else Span(row[2], row[3]))


REPORT_COLUMNS = (
    "id", "organisation_id", "org", "short_names", "year", "edition", "published", "title", "signature",
    "source_name", "sha256", "version", "current", "created_at", "facts", "findings",
)  # fmt: skip


def report(row: Row) -> StoredReport:
    """A report from its REPORT_COLUMNS."""
    return StoredReport(
        id=row[0],
        organisation_id=row[1],
        org=row[2],
        short_names=words(row[3]),
        year=row[4],
        edition=cast(Edition, row[5]),
        published=date.fromisoformat(row[6]) if row[6] else None,
        title=row[7],
        signature=row[8],
        source_name=row[9],
        sha256=row[10],
        version=row[11],
        current=bool(row[12]),
        created_at=row[13],
        facts=row[14],
        findings=row[15],
    )
