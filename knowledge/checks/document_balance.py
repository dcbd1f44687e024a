"""What is in force, or how many items there are, follows from last year's report and the changes since.

2021 edition: 现行有效 = last year's 现行有效 + 制发 − 废止. 2019 edition: 上一年项目数量 = last year's
上一年项目数量 + last year's 本年增/减.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence, finding, printed
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per item, at the figure that should follow; silent without last year's report."""
    if before is None:
        return
    for rule in relations()["continues"]:
        for item in rule["items"]:
            yield from _item(facts, before, rule, item)


def _item(facts: Evidence, before: Evidence, rule: Mapping[str, Any], item: str) -> Iterator[Finding]:
    at = facts.cell(f"{item}.{rule['now']}")
    added = [facts.cell(f"{item}.{measure}") for measure in rule.get("add", [])]
    taken = [facts.cell(f"{item}.{measure}") for measure in rule.get("take", [])]
    earlier = [before.cell(f"{item}.{measure}") for measure in (rule["before"], *rule.get("add_before", []))]
    found, start, more, less = facts.number(at), before.total(earlier), facts.total(added), facts.total(taken)
    if at is None or found is None or start is None or more is None or less is None:
        return
    expected = start + more - less
    if found != expected:
        cells = [cell for cell in (at, *added, *taken) if cell is not None]
        terms = [printed(before.number(cell)) for cell in earlier]
        formula = " + ".join([*terms, *(printed(facts.number(cell)) for cell in added)])
        formula = " − ".join([formula, *(printed(facts.number(cell)) for cell in taken)])
        measure = catalogue().measures[rule["now"]].name
        yield finding(
            "document_balance",
            facts,
            at,
            cells=cells,
            expected=expected,
            found=found,
            measure=measure,
            year=before.year,
            formula=formula,
        )
