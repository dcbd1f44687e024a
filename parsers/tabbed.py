"""Tables typed with TABs in a word processor's paragraphs: a row a line, no table drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from parsers import text_grid, text_tabs
from parsers.document import Document, Paragraph, Table
from parsers.text_lines import Line

# Fewer lines with TABs are a signature, a date, an entry of contents.
_FEWEST = 3


def with_tables(document: Document) -> Document:
    """The Document with tables where its paragraphs are rows of cells parted by TAB."""
    blocks: list[Paragraph | Table] = []
    for prose, group in groupby(document.blocks, lambda block: isinstance(block, Paragraph)):
        run = list(group)
        blocks += _read(document.text, [b for b in run if isinstance(b, Paragraph)]) if prose else run
    return replace(document, blocks=tuple(blocks))


def _read(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph | Table]:
    if sum(1 for p in paragraphs if "\t" in text[p.span.start : p.span.end]) < _FEWEST:
        yield from paragraphs
        return
    lines = [_line(text, p) for p in paragraphs]
    at = 0
    while at < len(lines):
        found = text_tabs.find(lines, at)
        made = text_grid.table(text, found.rows) if found and found.next_line - at >= _FEWEST else None
        if made is None or found is None:
            yield paragraphs[at]
            at += 1
        else:
            yield made
            at = found.next_line


def _line(text: str, paragraph: Paragraph) -> Line:
    """The paragraph with the TABs around it."""
    start, end = paragraph.span.start, paragraph.span.end
    while start > 0 and text[start - 1] == "\t":
        start -= 1
    while end < len(text) and text[end] == "\t":
        end += 1
    return Line(start, end, text[start:end])
