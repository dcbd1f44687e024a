"""主动公开政府信息数 counts one item once over all channels, so it is not larger than the channels together."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding

# with fewer channels printed there is nothing to compare with
_ENOUGH = 2


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """At most one finding. A channel whose row is not printed is named in the sentence, a blank one ends the check."""
    rule = relations()["channels"]
    at = facts.cell(rule["whole"])
    printed_parts = [part for part in rule["parts"] if (part, None) in facts.index]
    cells = [facts.cell(part) for part in printed_parts]
    found, expected = facts.number(at), facts.total(cells)
    if at is None or found is None or expected is None or len(cells) < _ENOUGH or found <= expected:
        return
    missing = [catalogue().local[part].name for part in rule["parts"] if part not in printed_parts]
    note = f"（表中没有“{'”“'.join(missing)}”）" if missing else ""
    taking_part = [at, *(cell for cell in cells if cell is not None)]
    yield finding("channel_sum", facts, at, cells=taking_part, expected=expected, found=found, note=note)
