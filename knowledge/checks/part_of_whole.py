"""Local statistics: a 其中 row is not larger than its parent, and what the catalogue calls a sum is one."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding, row_name
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per row, at the part that is too large or at the whole that is not the sum of its parts."""
    pairs = dict.fromkeys([*_known(facts), *_printed(facts)])
    for part, whole in pairs:
        found, limit = facts.number(part), facts.number(whole)
        if found is not None and limit is not None and found > limit:
            rule = f"是其中的一部分，不应大于“{row_name(facts.facts[whole])}”的"
            yield finding("part_of_whole", facts, part, cells=(part, whole), expected=limit, found=found, rule=rule)
    yield from _sums(facts)


def _known(facts: Evidence) -> Iterator[tuple[int, int]]:
    """The 其中 rows that the catalogue knows, whatever they are printed as."""
    for rule in relations()["part"]:
        part, whole = facts.cell(rule["part"]), facts.cell(rule["whole"])
        if part is not None and whole is not None:
            yield part, whole


def _printed(facts: Evidence) -> Iterator[tuple[int, int]]:
    """The rows that say 其中 themselves, in any table, with the row they stand under."""
    at = {(fact.table, fact.path, fact.column): number for number, fact in enumerate(facts.facts) if fact.table}
    for number, fact in enumerate(facts.facts):
        if fact.table is None or len(fact.path) < 2 or not fact.path[-1].startswith("其中"):
            continue
        whole = at.get((fact.table, fact.path[:-1], fact.column))
        if whole is not None and facts.facts[whole].unit == fact.unit:
            yield number, whole


def _sums(facts: Evidence) -> Iterator[Finding]:
    """工作人员数 = 专职 + 兼职, and whatever else data/metrics/local.toml gives ``sums``."""
    for entry in catalogue().local.values():
        if not entry.sums:
            continue
        at, parts = facts.cell(entry.key), [facts.cell(part) for part in entry.sums]
        found, expected = facts.number(at), facts.total(parts)
        if at is not None and found is not None and expected is not None and found != expected:
            rule = f"应等于{'加'.join(catalogue().local[part].name for part in entry.sums)}"
            cells = [at, *(cell for cell in parts if cell is not None)]
            yield finding("part_of_whole", facts, at, cells=cells, expected=expected, found=found, rule=rule)
