"""The small headings inside the prose: 「（三）政府信息管理。建立发布台账…」 「加强政策解读。坚持…」.

A question that asks for no figure but for what a report says of something is answered with the paragraph of that lead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.match import Candidate, Prepared, match, prepare
from knowledge.model import Span

# 「（三）政府信息管理。」「3、政府信息管理的情况。」 anywhere; 「加强政策解读。」「完善制度建设：」 at the start of a line
_LEAD = re.compile(
    r"(?:(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|(?<![\d.])\d{1,2}[、.．]|[一二三四五六七八九十]{1,2}是)\s*|(?<=\n)[ \u3000]*|\A[ \u3000]*)"
    r"(?P<lead>[^\s，。；：、！？（）()|\t\d][^\n，。；：！？|\t]{1,19})[。：]"
)
# 本年报所列数据的统计期限自2020年1月1日起至…
_PERIOD = re.compile(r"[^。\n|]*(?:统计期限|统计时限|统计时间|数据统计截止|数据的?起止)[^。\n|]*。?")
# what asks for a figure
_COUNTS = re.compile(r"几|多少|百分|率")
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """A paragraph with a heading of its own. ``span`` covers lead and paragraph, numbering left out."""

    lead: str
    span: Span


def topics(text: str) -> list[Topic]:
    """Every led paragraph, and the sentence that tells the statistics period, in reading order."""
    leads = list(_LEAD.finditer(text))
    out = []
    for found, following in zip(leads, [*leads[1:], None], strict=True):
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
    for found in _PERIOD.finditer(text):
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        out.append(Topic("统计期限", Span(start, found.end())))
        break
    return out


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
