"""Published after 31 January of the next year; 31 March for the yearly report of a whole government."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from knowledge.catalogue import relations
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """At most one finding; silent where no date is known."""
    if facts.published is None:
        return
    rule = relations()["deadline"]
    government = re.search(rule["government_name"], facts.org) is not None
    month, day = rule["government" if government else "bodies"]
    deadline = date(facts.year + 1, month, day)
    if facts.published > deadline:
        quotes = tuple(passage.span for passage in facts.passages_of("signature"))[-1:]
        yield finding("late", facts, None, expected=_said(deadline), found=_said(facts.published), quotes=quotes)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
