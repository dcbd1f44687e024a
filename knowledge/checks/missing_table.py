"""A section's heading is there, its table is not. Reports before 2019 have no form and miss none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from knowledge.catalogue import relations
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding
from knowledge.outline import outline

_FIRST_YEAR = 2019


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per official section whose table was not read."""
    if facts.year < _FIRST_YEAR:
        return
    tables = relations()["structure"]["tables"]
    present = {fact.table for fact in facts.facts}
    for heading in outline(facts.text):
        table = tables.get(heading.section)
        if table is not None and table not in present:
            words = facts.text[heading.span.start : heading.span.end]
            found = finding("missing_table", facts, None, quotes=(heading.span,), heading=words, table=table)
            yield replace(found, table=table)
