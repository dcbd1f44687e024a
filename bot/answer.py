"""The answer as a value, and as the JSON of CONTRACT."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db.select import Cell, ReportRow
from knowledge.wording import display, json_number


@dataclass
class Figure:
    """One value shown. ``parts``: indexes of the figures it was computed from; ``formula`` where those are not shown."""

    org: str | None
    year: int | None
    metric: str
    value: Decimal | None
    unit: str | None
    raw: str = ""
    path: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    parts: tuple[int, ...] | None = None
    formula: str = ""
    derived: bool = False

    def json(self) -> dict[str, Any]:
        """As CONTRACT prints a figure."""
        out: dict[str, Any] = {
            "org": self.org,
            "year": self.year,
            "metric": self.metric,
            "path": list(self.path),
            "column": list(self.column),
            "value": json_number(self.value),
            "unit": self.unit,
            "raw": self.raw,
            "derived": self.derived,
        }
        if self.parts is not None:
            out["from"] = list(self.parts)
        if self.formula:
            out["formula"] = self.formula
        return out


@dataclass
class Quote:
    """A slice of a report's stored text: ``text`` == source_text[start:end]. ``cells``: the figures it proves."""

    report: str
    source: str
    section: str | None
    start: int
    end: int
    text: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """As people read it. In the 复议/诉讼 table only the heads tell what a figure is, and its one row of fifteen
        is no help to the eye: there each figure stands behind the heads above it."""
        if self.cells and all(not cell.path and cell.column for cell in self.cells):
            return "；".join(dict.fromkeys(" | ".join((*cell.column, cell.raw)).rstrip(" |") for cell in self.cells))
        return display(self.text)

    def json(self) -> dict[str, Any]:
        """As CONTRACT prints a quote."""
        return {
            "report": self.report,
            "source": self.source,
            "section": self.section,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "display": self.shown,
        }


@dataclass
class Answer:
    """What is sent back. ``lines`` make up the text; ``found_in``: the findings with the report each was found in."""

    question: str
    status: str = "answered"
    lines: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    found_in: list[tuple[str, str]] = field(default_factory=list)
    verdict: bool | None = None
    reason: str = ""
    explain: dict[str, Any] | None = None

    def quote(self, report: ReportRow, cell: Cell) -> Quote:
        """Adds the row or sentence of a cell, once."""
        quote = Quote(report.key, report.source, cell.section, cell.quote_start, cell.quote_end, cell.quote)
        for known in self.quotes:
            if (known.report, known.start, known.end) == (quote.report, quote.start, quote.end):
                quote = known
                break
        else:
            self.quotes.append(quote)
        if cell not in quote.cells:
            quote.cells.append(cell)
        return quote

    def warn(self, code: str, message: str, report: str = "") -> None:
        """Adds a finding, once. ``report`` names where it is, for answers out of several reports."""
        if (report, message) not in self.found_in:
            self.found_in.append((report, message))
        if not any(w["code"] == code and w["message"] == message for w in self.warnings):
            self.warnings.append({"code": code, "message": message})

    def warning_lines(self, most: int) -> list[str]:
        """The findings as shown; each says its report where the figures come from several."""
        several = len({(f.org, f.year) for f in self.figures if f.org and f.year}) > 1
        return [f"⚠️ {report + '：' if several and report else ''}{said}" for report, said in self.found_in[:most]]

    def json(self) -> dict[str, Any]:
        """As CONTRACT prints an answer."""
        out: dict[str, Any] = {
            "question": self.question,
            "status": self.status,
            "text": "\n".join(self.lines),
            "figures": [f.json() for f in self.figures],
            "quotes": [q.json() for q in self.quotes],
            "warnings": self.warnings,
            "choices": self.choices,
        }
        if self.verdict is not None:
            out["verdict"] = self.verdict
        if self.explain is not None:
            out["explain"] = self.explain
        return out
