"""Plain text and Markdown: cells on TAB lines, pipe tables, embedded HTML tables, columns aligned with blanks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.model import Problem, Span
from knowledge.problems import problem
from parsers import labels, sniff, text_grid, text_pipes, text_spaces, text_statistics, text_tabs, text_tags
from parsers.document import Document, Paragraph, Table
from parsers.encoding import decode, lines_unified
from parsers.limits import DEFAULT, Limits, megabytes
from parsers.text_grid import Region
from parsers.text_lines import Line, split_lines, without_running_heads

# 「## 一、总体情况 ##」
_HEADING = re.compile(r"[ ]{0,3}(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*")
_EMPHASIS = re.compile(r"(?:\*\*|__)(?P<text>.+?)(?:\*\*|__)")
# More lines or characters than any report has (a long one: 3,000 and 60,000): such a file is something else.
_LINES = 100_000
_CHARACTERS = 3_000_000
_LONGEST_ROW = 20_000  # characters of a line that may still be a row of a table
_UNSEEN = " \t\u3000\xa0\u200b\u200c\u200d\ufeff\u2060\v\f"


def recognises(name: str, head: bytes) -> bool:
    """Anything that is neither markup nor has a signature of its own; whether it is text shows when it is read."""
    return sniff.is_text(name, head)


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The text as it stands, line ends as \\n, with its tables as grids."""
    if len(data) > limits.input_bytes:
        return problem("too_large", found=megabytes(len(data)), limit=megabytes(limits.input_bytes))
    decoded = decode(data)
    if decoded is None:
        return problem("unreadable_encoding")
    text = lines_unified(decoded)
    if not text.strip():
        return problem("empty_file")
    if text.count("\n") > _LINES:
        return problem("not_a_report")
    lines = split_lines(text)
    if sum(len(line.text) for line in lines if not line.ornament) > _CHARACTERS:
        return problem("not_a_report")
    blocks = _blocks(text, without_running_heads(lines, labels.is_form_word))
    if sum(len(b.cells) for b in blocks if isinstance(b, Table)) > limits.cells:
        return problem("limit_cells", limit=str(limits.cells))
    return Document(text, tuple(blocks))


def _blocks(text: str, lines: list[Line]) -> list[Paragraph | Table]:
    tagged = text_tags.find_all(text)
    blocks: list[Paragraph | Table] = []
    finders = [_Finder(f) for f in (text_pipes.find, text_tabs.find, text_statistics.find, text_spaces.find)]
    at = 0
    while at < len(lines):
        line = lines[at]
        if tagged and line.start <= tagged[0].start <= line.end:
            at = _tagged_table(text, lines, at, tagged.pop(0), blocks, tagged)
            continue
        region = None if line.blank and "\t" not in line.text else _region(finders, lines, at)
        made = text_grid.table(text, region.rows) if region else None
        if region and made:
            blocks.append(made)
            at = region.next_line
            continue
        _paragraph(line, blocks)
        at += 1
    return blocks


@dataclass(slots=True)
class _Finder:
    """A kind of table, and the line before which it has said that there is none: no line is read twice for nothing."""

    find: Callable[[Sequence[Line], int], Region | None]
    none_before: int = 0


def _region(finders: list[_Finder], lines: list[Line], at: int) -> Region | None:
    if len(lines[at].text) > _LONGEST_ROW:
        return None
    for finder in finders:
        if at < finder.none_before:
            continue
        region = finder.find(lines, at)
        if region and region.rows:
            return region
        if region:
            finder.none_before = region.next_line
    return None


def _tagged_table(
    text: str, lines: list[Line], at: int, found: text_tags.Found, blocks: list[Paragraph | Table], later: list[text_tags.Found]
) -> int:
    """Text before the table in its line is a paragraph; what follows in its last line is read as a line of its own."""
    line = lines[at]
    _paragraph(Line(line.start, found.start, text[line.start : found.start]), blocks)
    made = text_grid.table(text, found.rows)
    if made:
        blocks.append(made)
    while at < len(lines) and lines[at].end < found.end:
        at += 1
    if at < len(lines):
        last = lines[at]
        lines[at] = Line(found.end, last.end, text[found.end : last.end])
    return at


def _paragraph(line: Line, blocks: list[Paragraph | Table]) -> None:
    if line.blank or line.ornament:
        return
    level = 0
    start, end = 0, len(line.text)
    heading = _HEADING.fullmatch(line.text)
    if heading:
        level = len(heading["marks"])
        start, end = heading.span("text")
    start, end = _trimmed(line.text, start, end)
    bold = _EMPHASIS.fullmatch(line.text, start, end)
    if bold and "**" not in bold["text"]:
        start, end = _trimmed(line.text, *bold.span("text"))
    if start < end:
        blocks.append(Paragraph(Span(line.start + start, line.start + end), level))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _UNSEEN:
        start += 1
    while end > start and text[end - 1] in _UNSEEN:
        end -= 1
    return start, end
