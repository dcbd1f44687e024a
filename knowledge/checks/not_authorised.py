"""规章 above 0 for a body that cannot make 规章: streets, towns, counties, districts and their bureaus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per 规章 cell above 0."""
    rule = relations()["authority"]
    if not _below(facts.org):
        return
    for measure in catalogue().items[rule["item"]].measures:
        at = facts.cell(f"{rule['item']}.{measure}")
        found = facts.number(at)
        if found is not None and found > 0:
            yield finding("not_authorised", facts, at, expected=Decimal(0), found=found)


def _below(org: str) -> bool:
    """Whether the name alone shows that the body stands below a 设区的市. When in doubt, no."""
    rule = relations()["authority"]
    if any(word in org for word in rule["not_below"]):
        return False
    return org.endswith(tuple(rule["cannot"])) or re.search(rule["bureau_of"], org) is not None
