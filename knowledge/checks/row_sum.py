"""Each row of the applications table: the six applicant columns add up to its 总计."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import catalogue
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per row that does not add up, at its 总计."""
    columns = catalogue().applicants["total"].sums
    for metric in dict.fromkeys(metric for metric, applicant in facts.index if applicant == "total"):
        at = facts.cell(metric, "total")
        cells = [facts.cell(metric, column) for column in columns]
        found, expected = facts.number(at), facts.total(cells)
        if at is not None and found is not None and expected is not None and found != expected:
            taking_part = [cell for cell in [*cells, at] if cell is not None]
            yield finding("row_sum", facts, at, cells=taking_part, expected=expected, found=found)
