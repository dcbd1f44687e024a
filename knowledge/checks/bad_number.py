"""Counts are whole numbers and not negative; only 本年增/减 may be below 0."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue import ACTIVE, APPLICATIONS, REVIEW, catalogue
from knowledge.evidence import Evidence, finding
from knowledge.model import Fact, Finding

_FORM = frozenset((ACTIVE, APPLICATIONS, REVIEW))
# units that count single things; money, shares and measures may have decimals
_COUNTED = frozenset("件项条个次人篇份场期家户处起宗批") | {"人次", "批次", "场次", "件次"}


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per cell. A local row without a counting unit is left alone."""
    for number, fact in enumerate(facts.facts):
        if fact.table is None or fact.value is None or fact.state != "number" or not _counts(fact):
            continue
        if fact.value != fact.value.to_integral_value():
            yield finding("bad_number", facts, number, found=fact.raw, expected="整数")
        elif fact.value < 0 and not _signed(fact):
            yield finding("bad_number", facts, number, found=fact.raw, expected="不小于 0 的整数")


def _counts(fact: Fact) -> bool:
    return fact.unit in _COUNTED or (fact.table in _FORM and fact.unit is None)


def _signed(fact: Fact) -> bool:
    """Whether the figure is a change: by the catalogue, or in a local table by what it is called."""
    if fact.metric is not None and fact.table == ACTIVE:
        return catalogue().measures[fact.metric.rpartition(".")[2]].signed
    return any(word in label for label in (*fact.path, *fact.column) for word in ("增", "减"))
