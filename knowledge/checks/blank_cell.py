"""A labelled cell is empty. A heading row of a local table, which has no figure by its nature, is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from knowledge.catalogue import ACTIVE, APPLICATIONS, REVIEW
from knowledge.evidence import Evidence, column_name, finding, place, row_name
from knowledge.model import Fact, Finding
from knowledge.problems import sentence

_FORM = frozenset((ACTIVE, APPLICATIONS, REVIEW))
# a form left blank wherever it has nothing to count is said once per row, not once per cell
_MANY = 20


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per empty cell; per row where a report has many of them."""
    blank = [n for n, fact in enumerate(facts.facts) if fact.table and fact.state == "blank"]
    parents = {(fact.table, fact.path[:depth]) for fact in facts.facts for depth in range(1, len(fact.path))}
    cells = [n for n in blank if not _heading(facts.facts[n], parents)]
    if len(cells) <= _MANY:
        for cell in cells:
            yield finding("blank_cell", facts, cell, found="")
        return
    lines: dict[tuple[str | None, tuple[str, ...], int], list[int]] = {}
    for cell in cells:
        fact = facts.facts[cell]
        lines.setdefault((fact.table, fact.path, fact.quote.start), []).append(cell)
    for row in lines.values():
        yield _row(facts, row)


def _row(facts: Evidence, cells: list[int]) -> Finding:
    """All empty cells of one row in one sentence, placed at the first of them."""
    first = facts.facts[cells[0]]
    names = "”“".join(column_name(facts.facts[cell]) for cell in cells)
    message = sentence("blank_cell", section=place(first), row=row_name(first), column=names)
    return replace(finding("blank_cell", facts, cells[0], cells=cells, found=""), message=message)


def _heading(fact: Fact, parents: set[tuple[str | None, tuple[str, ...]]]) -> bool:
    """A local row that others stand under, or one with neither unit nor figure (单位 ——)."""
    if fact.table in _FORM:
        return False
    return fact.unit is None or (fact.table, fact.path) in parents
