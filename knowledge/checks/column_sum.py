"""Each column of the applications table: the single outcomes add up to （七）总计.

Which outcomes there are is read from the catalogue's ``sums``: 1+1+8+3+5+1 in the 2019 edition, 1+1+8+3+5+3 in the
2021 edition; （六）其他处理 counts whole where a report prints it whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import APPLICATIONS, catalogue, plain_label
from knowledge.evidence import Evidence, finding, rows
from knowledge.model import Finding

_TOTAL = "application.total"
_OUTCOME = "application.outcome"


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per column, at its （七）总计; the rows that are not 0 are quoted."""
    if _unknown_outcome(facts):
        return
    applicants = catalogue().applicants
    for applicant in (*applicants["total"].sums, "total"):
        at, cells = facts.cell(_TOTAL, applicant), facts.below(_TOTAL, applicant)
        if at is None or cells is None:
            continue
        found, expected = facts.number(at), facts.total(cells)
        if found is None or expected is None or found == expected:
            continue
        cells.append(at)
        quotes = rows(facts, [cell for cell in cells if cell == at or facts.facts[cell].value])
        yield finding("column_sum", facts, at, cells=cells, expected=expected, found=found, quotes=quotes)


def _unknown_outcome(facts: Evidence) -> bool:
    """Whether the report prints an outcome of its own with a figure: the form's sum then leaves something out."""
    label = catalogue().rows[_OUTCOME].plain
    unknown = [fact for fact in facts.facts if fact.table == APPLICATIONS and fact.metric is None and fact.value]
    return any(len(fact.path) > 1 and plain_label(fact.path[0]) in label for fact in unknown)
