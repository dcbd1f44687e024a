"""行政复议, 未经复议直接起诉, 复议后起诉: the outcomes of each block add up to its 总计."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding, row_name
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per block, at its 总计."""
    outcomes = catalogue().outcomes["total"].sums
    for block in relations()["pending"]["blocks"]:
        at = facts.cell(f"{block}.total")
        cells = [facts.cell(f"{block}.{outcome}") for outcome in outcomes]
        found, expected = facts.number(at), facts.total(cells)
        if at is not None and found is not None and expected is not None and found != expected:
            taking_part = [cell for cell in [*cells, at] if cell is not None]
            name = row_name(facts.facts[at])
            yield finding("review_sum", facts, at, cells=taking_part, expected=expected, found=found, block=name)
