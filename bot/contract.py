"""Reports, figures, findings and ingest results as the JSON that CONTRACT fixes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from db.ingest import CellChange, IngestResult
from db.records import StoredReport
from knowledge.model import Fact, Finding, Problem, Report
from knowledge.wording import json_number


def report_json(one: StoredReport) -> dict[str, Any]:
    """A report in the store."""
    return {
        "id": one.key,
        "org": one.org,
        "short_names": list(one.short_names),
        "year": one.year,
        "edition": one.edition,
        "published": one.published.isoformat() if one.published else None,
        "source": one.source_name,
        "sha256": one.sha256,
        "facts": one.facts,
        "findings": one.findings,
    }


def read_json(one: Report, source: str, sha256: str, findings: int) -> dict[str, Any]:
    """A report that was read from a file and is not in the store: it has no id."""
    return {
        "id": None,
        "org": one.org,
        "short_names": list(one.short_names),
        "year": one.year,
        "edition": one.edition,
        "published": one.published.isoformat() if one.published else None,
        "source": source,
        "sha256": sha256,
        "facts": len(one.facts),
        "findings": findings,
    }


def fact_json(one: Fact) -> dict[str, Any]:
    """A figure. Prose figures also carry what else their sentence says of them."""
    out: dict[str, Any] = {
        "table": one.table,
        "path": list(one.path),
        "column": list(one.column),
        "value": json_number(one.value),
        "unit": one.unit,
        "raw": one.raw,
        "state": one.state,
        "start": one.span.start,
        "end": one.span.end,
    }
    if one.context:
        out["context"] = list(one.context)
    if one.approximate:
        out["approximate"] = True
    if one.year is not None:
        out["year"] = one.year
    return out


def finding_json(one: Finding, report: str | None, text: str) -> dict[str, Any]:
    """A finding; ``text`` is the report's source_text, which its quotes are cut from."""
    return {
        "code": one.code,
        "severity": one.severity,
        "report": report,
        "message": one.message,
        "expected": _side(one.expected),
        "found": _side(one.found),
        "where": {"table": one.table, "path": list(one.path), "column": list(one.column)},
        "quotes": [
            {"start": span.start, "end": span.end, "text": text[span.start : span.end]}
            for span in one.quotes
            if span.end <= len(text)
        ],
    }


def findings_json(found: Sequence[Finding], report: str | None, text: str) -> list[dict[str, Any]]:
    """All findings of one report."""
    return [finding_json(one, report, text) for one in found]


def result_json(one: IngestResult, text: str) -> dict[str, Any]:
    """What became of one file; ``text`` is its report's source_text, "" when rejected."""
    shown: dict[str, Any] | None = None
    if one.report is not None:
        shown = report_json(one.report)
    elif one.read is not None:
        shown = read_json(one.read, one.path, one.sha256, len(one.findings))
    return {
        "path": one.path,
        "status": one.status,
        "report": shown,
        "reason": one.reason,
        "findings": findings_json(one.findings, shown["id"] if shown else None, text),
        "changes": [change_json(change) for change in one.changes],
        "problems": problems_json(one.problems),
    }


def problems_json(found: Sequence[Problem]) -> list[dict[str, Any]]:
    """What was unclear while a report was read: no arithmetic, so no findings."""
    places = [(one, one.where) for one in found]
    return [
        {"code": one.code, "message": one.message, "start": at.start if at else None, "end": at.end if at else None}
        for one, at in places
    ]


def change_json(one: CellChange) -> dict[str, Any]:
    """One cell that differs between two versions, as printed in each."""
    return {"table": one.table, "path": list(one.path), "column": list(one.column), "old": one.old, "new": one.new}


def _side(value: Decimal | str | None) -> int | float | str | None:
    return json_number(value) if isinstance(value, Decimal) else value
