"""What last year's report hands on (四) is what this year's starts with (二), in all seven columns."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per column of this year's row 二; silent without last year's report."""
    if before is None:
        return
    rule = relations()["carry_over"]
    for applicant in (*catalogue().applicants["total"].sums, "total"):
        at = facts.cell(rule["now"], applicant)
        found = facts.number(at)
        expected = before.number(before.cell(rule["before"], applicant))
        if at is not None and found is not None and expected is not None and found != expected:
            yield finding("carry_over", facts, at, expected=expected, found=found, year=before.year)
