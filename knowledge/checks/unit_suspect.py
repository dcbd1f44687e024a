"""Money: the unit in the head against the unit in the cell; ten thousand times last year's or the prose's amount."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from knowledge.catalogue import catalogue
from knowledge.evidence import Evidence, finding, printed
from knowledge.model import Fact, Finding

# 「本年收费金额（单位：万元）」「采购总金额（元）」
_HEAD = re.compile(r"[(（](?:单位[:：])?(万元|元)[)）]")
# 「371万元」「3.35万」「12000元」
_CELL = re.compile(r"(万元|万|元)$")
_FACTOR = 10000
# a factor this near to 10,000 is a matter of units, not of a good year
_NEAR = (Decimal(5000), Decimal(20000))


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per amount of the active table."""
    for number, fact in enumerate(facts.facts):
        if fact.table is None or not fact.value or fact.metric is None or not _money(fact):
            continue
        reason = _units(fact) or _last_year(fact, before) or _prose(fact, facts)
        if reason:
            yield finding("unit_suspect", facts, number, found=fact.raw, reason=reason)


def _money(fact: Fact) -> bool:
    metric = catalogue().metrics.get(fact.metric or "")
    return metric is not None and metric.unit == "元"


def _units(fact: Fact) -> str | None:
    head, cell = _HEAD.search(fact.column[-1] if fact.column else ""), _CELL.search(fact.raw)
    if head and cell and head[1] != cell[1].replace("万", "万元").replace("元元", "元"):
        return f"表头的单位是{head[1]}，格里写的是{cell[1]}"
    return None


def _last_year(fact: Fact, before: Evidence | None) -> str | None:
    earlier = before.number(before.cell(fact.metric or "", fact.applicant)) if before is not None else None
    if before is None or not earlier or fact.value is None:
        return None
    if _NEAR[0] <= max(fact.value / earlier, earlier / fact.value) <= _NEAR[1]:
        return f"折合 {printed(fact.value)} 元，上一年（{before.year}年）是 {printed(earlier)} 元"
    return None


def _prose(fact: Fact, facts: Evidence) -> str | None:
    sentences = [said for said in facts.facts if said.table is None and said.metric == fact.metric]
    for said in sentences:
        if said.unit != "元" or not said.value or not fact.value:
            continue
        if max(said.value, fact.value) == _FACTOR * min(said.value, fact.value):
            return f"折合 {printed(fact.value)} 元，文字里写的是“{said.raw}”"
    return None
