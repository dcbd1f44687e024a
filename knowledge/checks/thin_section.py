"""五 is missing, 无, or a few characters; or money was charged and 六 does not say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.catalogue import relations
from knowledge.evidence import Evidence, column_name, finding, place, row_name, rows
from knowledge.model import Finding

_SHORT = 10


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """At most one finding on section 五 and one on fees."""
    yield from _problems(facts)
    yield from _fees(facts)


def _problems(facts: Evidence) -> Iterator[Finding]:
    text = facts.passage("problems", "improvements")
    if text is None:
        # a report whose headings were lost has no passages at all: nothing can be said about one section
        if facts.passages_of("other_matters") and facts.passages_of("overview"):
            yield finding("thin_section", facts, None, what="没有“存在的主要问题及改进情况”一节，应当写明问题和改进")
        return
    words = re.sub(r"[\s，。、；：,.;:!！]+", "", text)
    if len(words) < _SHORT:
        quotes = tuple(p.span for p in facts.passages_of("problems", "improvements"))
        what = f"“存在的主要问题及改进情况”一节只有“{words}”，应当写明问题和改进"
        yield finding("thin_section", facts, None, found=words, quotes=quotes, what=what)


def _fees(facts: Evidence) -> Iterator[Finding]:
    rule = relations()["fees"]
    other = facts.passage("other_matters")
    if other is None or any(word in other for word in rule["words"]):
        return
    wanted = [*((key, None) for key in rule["amounts"]), *((key, "total") for key in rule["unpaid"])]
    for metric, applicant in wanted:
        at = facts.cell(metric, applicant)
        found = facts.number(at)
        if at is not None and found is not None and found > 0:
            spans = tuple(passage.span for passage in facts.passages_of("other_matters"))
            fact = facts.facts[at]
            where = f"{place(fact)}“{row_name(fact)}”“{column_name(fact)}”印为 {fact.raw}"
            what = f"{where}，“其他需要报告的事项”没有说明收费情况"
            yield finding("thin_section", facts, at, found=found, quotes=(*rows(facts, [at]), *spans), what=what)
            return
