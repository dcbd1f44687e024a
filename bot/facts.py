"""A stored Fact as the Cell that answers are built from."""

from __future__ import annotations

from db.select import Cell
from knowledge.model import Fact


def cell_of(report: int, ordinal: int, fact: Fact, quote: str) -> Cell:
    """``quote`` is source_text[fact.quote.start:fact.quote.end]."""
    return Cell(
        report, ordinal, fact.metric, fact.applicant or "", fact.value, fact.unit, fact.raw, fact.state, fact.span.start,
        fact.span.end, fact.quote.start, fact.quote.end, fact.section, fact.table, fact.path, fact.column, quote,
    )  # fmt: skip
