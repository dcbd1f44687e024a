"""The small headings inside the prose: 「（三）政府信息管理。建立发布台账…」 「加强政策解读。坚持…」.

A question that asks for no figure but for what a report says of something is answered with the paragraph of that lead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from knowledge.lexicon import data
from knowledge.match import Candidate, Prepared, match, prepare
from knowledge.model import Span

# 「（三）政府信息管理。」「3、政府信息管理的情况。」 anywhere; 「加强政策解读。」「完善制度建设：」 at the start of a line
_LEAD = re.compile(
    r"(?:(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|(?<![\d.])\d{1,2}[、.．]|[一二三四五六七八九十]{1,2}是)\s*|(?<=\n)[ \u3000]*|\A[ \u3000]*)"
    r"(?P<lead>[^\s，。；：、！？（）()|\t\d][^\n，。；：！？|\t]{1,19})[。：]"
)
# what asks for a figure
_COUNTS = re.compile(r"几|多少|百分|率")
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """A paragraph with a heading of its own, or a sentence of ``data/lexicon/said.toml``. ``span`` covers lead and
    paragraph, numbering left out; ``counts``: it also answers where a number is asked."""

    lead: str
    span: Span
    counts: bool = False


def topics(text: str) -> list[Topic]:
    """Every led paragraph in reading order, then the sentences that are known by their words."""
    leads = list(_LEAD.finditer(text))
    out = []
    for found, following in zip_longest(leads, leads[1:]):
        start = found.start("lead")
        line_end = text.find("\n", found.end())
        stops = [line_end if line_end >= 0 else len(text)]
        if following is not None:
            stops.append(following.start())
        end = min(stops)
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start > len(found["lead"]) + 8:
            out.append(Topic(found["lead"], Span(start, end)))
    out.extend(_said(text))
    return out


def _said(text: str) -> list[Topic]:
    """The sentences that data/lexicon/said.toml tells to look for."""
    out = []
    for lead, pattern, counts in _sentences():
        matches = list(pattern.finditer(text))
        if matches:
            found = matches[-1]
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            out.append(Topic(lead, Span(start, found.end()), counts))
    return out


@cache
def _sentences() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Lead, the sentence outside tables, whether it answers for a number too."""
    return tuple(
        (s["lead"], re.compile(rf"[^。\n|\t]*(?:{'|'.join(map(re.escape, s['says']))})[^。\n|\t]*。?"), s.get("counts", False))
        for s in data("said")["said"]
    )


def prepared(text: str) -> tuple[Prepared, ...]:
    """The topics of one text, ready to be asked for; a Prepared's index counts ``topics(text)``."""
    return tuple(
        prepare(Candidate(i, t.lead, "", text[t.span.start : t.span.end], None)) for i, t in enumerate(topics(text))
    )


def asks_for_passage(question: str) -> bool:
    """Could a paragraph be the answer? Not where a number is asked."""
    return not _COUNTS.search(question)


def find_topic(words: str, names: list[str], ready: tuple[Prepared, ...]) -> int | None:
    """The one topic these words ask for, or None where none or several fit."""
    found = match(words, names, ready, enough=ENOUGH)
    return found[0].index if len(found) == 1 else None
