"""A report's official sections as their headings stand in the text: which, where, under what number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.catalogue import catalogue, plain_label
from knowledge.evidence import section_number
from knowledge.model import Span

# a heading is a short line; the longest official one is 「因政府信息公开工作被申请行政复议、提起行政诉讼情况」
_LONGEST = 44
# 「## 三、…」「**三、…**」 of Markdown, and white space
_MARKS = "#*_　 \t\xa0"


@dataclass(frozen=True, slots=True)
class Heading:
    """One official section. ``section`` is its key in the catalogue, ``number`` 三 for 三、 and 3、, None without."""

    section: str
    number: str | None
    span: Span


def outline(text: str) -> tuple[Heading, ...]:
    """Headings of official sections in printed order; of one that stands twice (table of contents) the last.

    A line with a bracketed number, 「（一）存在的问题」, is a heading within a section, unless that is how the report
    numbers its sections.
    """
    found = list(_candidates(text))
    bracketed = [heading for heading in found if text[heading.span.start] in "(（"]
    if 2 * len({heading.section for heading in bracketed}) <= len({heading.section for heading in found}):
        found = [heading for heading in found if heading not in bracketed]
    last = {heading.section: heading for heading in found}
    return tuple(sorted(last.values(), key=lambda heading: heading.span.start))


def _candidates(text: str) -> Iterator[Heading]:
    for match in re.finditer(r"[^\n]+", text):
        line = match[0].strip(_MARKS + "\r")
        if not line or len(line) > _LONGEST or "\t" in line or "|" in line:
            continue
        section = section_named(line)
        if section is not None:
            start = match.start() + match[0].index(line)
            yield Heading(section, section_number(line), Span(start, start + len(line)))


def section_named(line: str) -> str | None:
    """The section that a heading names in the catalogue's own words."""
    plain = plain_label(line.rstrip("：:"))
    return next((key for key, entry in catalogue().sections.items() if plain in entry.plain), None)
