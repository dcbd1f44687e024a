"""What was pending last year is decided or still pending this year: it cannot exceed this year's total of its block."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import relations
from knowledge.evidence import Evidence, finding, row_name
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per block, at this year's 总计; silent without last year's report."""
    if before is None:
        return
    rule = relations()["pending"]
    for block in rule["blocks"]:
        at = facts.cell(f"{block}.{rule['total']}")
        found = facts.number(at)
        pending = before.number(before.cell(f"{block}.{rule['pending']}"))
        if at is not None and found is not None and pending is not None and pending > found:
            name = row_name(facts.facts[at])
            yield finding("pending_lost", facts, at, expected=pending, found=found, block=name, year=before.year)
