"""Whether a sentence's figure and the form's speak of the same thing, and what the form says of it.

What words give a sentence another scope stands in data/relations.toml. When in doubt, the scopes differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.catalogue import catalogue, relations
from knowledge.evidence import Evidence
from knowledge.model import Fact

_CLAUSE = re.compile(r"[，。；：,;:\n（(]")
# 「行政复议案件9件，其中信息公开类3件」: the first figure counts cases of every kind
_OF_ALL_KINDS = re.compile(r"其中[^。；]{0,12}信息公开|信息公开类")
# 「12月收到申请4件」; not 1月1日至12月31日
_MONTH = re.compile(r"(?<!\d)\d{1,2}月(?!\d)")
# so many different outcomes in one sentence are a list of what became of the applications
_LIST = 3
# this many characters after a figure still qualify it: 「6件（含上年结转）」
_AFTER = 8


@dataclass(frozen=True, slots=True)
class Printed:
    """What the form prints for a metric: the value, its cells, and the one whose place is named."""

    value: Decimal
    cells: tuple[int, ...]
    at: int
    summed: bool


def form_value(facts: Evidence, metric: str, applicant: str | None) -> Printed | None:
    """The form's figure for a metric: one cell, or the sum of the cells it consists of. None if it prints none."""
    known = catalogue()
    if metric not in known.metrics:
        return None
    if known.metrics[metric].dimension is None:
        columns: tuple[str | None, ...] = (None,)
    elif applicant in (None, "total"):
        columns = ("total",)
    else:
        columns = known.applicants[applicant].sums or (applicant,) if applicant in known.applicants else ()
    cells: list[int] = []
    for column in columns:
        one = facts.cell(metric, column)
        found = [one] if one is not None else facts.below(metric, column)
        if found is None:
            return None
        cells.extend(found)
    value = facts.total(cells)
    if value is None or not cells:
        return None
    return Printed(value, tuple(cells), cells[0], len(cells) > 1)


def same_scope(facts: Evidence, fact: Fact) -> bool:
    """Whether the sentence speaks of this body's cases of this year, all of them. When in doubt, no."""
    rule = relations()["prose"]
    said = facts.text[fact.quote.start : fact.quote.end]
    whole = said + "".join((*fact.context, *fact.path, fact.section or "")) + _led_by(facts, fact, said)
    subject = (fact.metric or "").partition(".")[0]
    if not any(word in whole for word in rule[subject]) and not _lists_outcomes(facts, fact):
        return False
    if subject != "application" and not _plainly_about(facts, fact):
        return False
    lead = facts.text[fact.quote.start : fact.span.end + _AFTER] + "".join(fact.context)
    if elsewhere(facts, lead):
        return False
    clause = _clause(facts, fact) + "".join(fact.path)
    part = any(word in lead for word in rule["part_of_year"]) or _MONTH.search(lead)
    if part and not re.search("全年|年度|合计|总计", clause):
        return False
    # 上年结转 names a row of this year's form
    kinds = ("partial", "planned") if fact.metric == "application.carried_in" else ("partial", "earlier", "planned")
    return not any(word in clause for kind in kinds for word in rule[kind])


# 「其中予以公开3件」 goes on from the sentence before, in the same paragraph
_GOES_ON = re.compile(r"\s*(?:其中|(?:本年度?|全年|当年)?办理结果)")


def _led_by(facts: Evidence, fact: Fact, said: str) -> str:
    """The sentence that a sentence beginning with 其中 is about."""
    if not _GOES_ON.match(said):
        return ""
    line = facts.text[facts.text.rfind("\n", 0, fact.quote.start) + 1 : fact.quote.start]
    return re.split("[。；]", line.rstrip("。； \u3000"))[-1]


def _lists_outcomes(facts: Evidence, fact: Fact) -> bool:
    """「予以公开6件、部分公开2件、不予公开3件」 is about applications without saying so."""
    same = {one.metric for one in facts.facts if one.table is None and one.quote == fact.quote}
    return len([metric for metric in same if (metric or "").startswith("application.")]) >= _LIST


def _plainly_about(facts: Evidence, fact: Fact) -> bool:
    """Whether a number of cases is about disclosure alone and, for an outcome, about one block alone."""
    if _OF_ALL_KINDS.search(facts.text, fact.span.end, fact.quote.end):
        return False
    before = facts.text[fact.quote.start : fact.span.start]
    both = "复议" in before and re.search("诉讼|起诉", before) is not None
    return not both or (fact.metric or "").endswith(".total")


def elsewhere(facts: Evidence, words: str) -> bool:
    """Another body's figures: 全县 in a bureau's report, 我办 in a government's."""
    rule = relations()["prose"]
    government = re.search(relations()["deadline"]["government_name"], facts.org) is not None
    for word, level in rule["levels"].items():
        if word in words and not (government and re.search(level + "(?:人民)?政府", facts.org)):
            return True
    if government and any(word in words for word in rule["office"]):
        return True
    return any(word in words for word in rule["elsewhere"])


def _clause(facts: Evidence, fact: Fact) -> str:
    """The words from the last comma to just after the figure."""
    before = facts.text[fact.quote.start : fact.span.start]
    after = facts.text[fact.span.end : min(fact.quote.end, fact.span.end + _AFTER)]
    return _CLAUSE.split(before)[-1] + facts.text[fact.span.start : fact.span.end] + _CLAUSE.split(after)[0]


def also_right(facts: Evidence, fact: Fact) -> bool:
    """Whether the figure is one of the sums that sentences give for this metric."""
    rule = relations()["prose"]
    clause = _clause(facts, fact) + "".join(fact.path)
    loose = any(word in clause for word in rule["handled"]) and not any(word in clause for word in rule["finished"])
    sums = [other for other in rule["also"] if other["metric"] == fact.metric and (loose or not other.get("handled"))]
    return any(_sum(facts, other["plus"], other.get("minus", ()), fact.applicant) == fact.value for other in sums)


def _sum(facts: Evidence, plus: Sequence[str], minus: Sequence[str], applicant: str | None) -> Decimal | None:
    """The form's figures added and taken away, None where one of them is not there."""
    added = [form_value(facts, metric, applicant) for metric in plus]
    taken = [form_value(facts, metric, applicant) for metric in minus]
    if any(term is None for term in (*added, *taken)):
        return None
    total = sum((term.value for term in added if term is not None), Decimal(0))
    return total - sum((term.value for term in taken if term is not None), Decimal(0))
