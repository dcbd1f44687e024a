"""Each column of the applications table: 一 + 二 = （七） + 四, as printed above the form."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per column; its place is the column, no row."""
    rule = relations()["balance"]
    for applicant in (*catalogue().applicants["total"].sums, "total"):
        left = [facts.cell(metric, applicant) for metric in rule["left"]]
        right = [facts.cell(metric, applicant) for metric in rule["right"]]
        expected, found = facts.total(left), facts.total(right)
        if expected is not None and found is not None and expected != found:
            cells = [cell for cell in (*left, *right) if cell is not None]
            yield finding("balance", facts, cells[0], cells=cells, expected=expected, found=found, path=())
