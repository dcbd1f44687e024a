"""A labelled cell holds what is not a number."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.evidence import Evidence, finding
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per cell, with what is printed there."""
    for number, fact in enumerate(facts.facts):
        if fact.table is not None and fact.state == "unreadable":
            yield finding("unreadable_cell", facts, number, found=fact.raw)
