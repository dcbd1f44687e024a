"""Several reports in one document: where one ends and the next begins.

A report is believed to begin where the official sections start over and a second form stands behind them; a table of
contents or a repeated heading is no report.
"""

from __future__ import annotations

from dataclasses import replace

from knowledge.model import Span
from parsers import grid, labels
from parsers.document import Document, Paragraph, Table
from parsers.sections import Section, sections

_OPENING = ("overview", "active")
_RECEIVED = "application.received"
_TITLE_LINES = 6


def split(document: Document) -> list[Document]:
    """The document itself, or one Document for each report in it."""
    if _forms(document) < 2:
        return [document]
    starts = _starts(document, sections(document))
    if not starts:
        return [document]
    edges = [0, *starts, len(document.text)]
    parts = [_part(document, a, b) for a, b in zip(edges, edges[1:])]
    return parts if all(_forms(part) for part in parts) else [document]


def _forms(document: Document) -> int:
    """Tables that print 本年新收…申请数量."""
    return sum(
        1
        for block in document.blocks
        if isinstance(block, Table)
        and any(labels.rows().exact(c.text) == _RECEIVED for c in block.cells if grid.is_label(c))
    )


def _starts(document: Document, found: tuple[Section, ...]) -> list[int]:
    """Offsets at which a further report begins: its title's, where one stands above its first section."""
    starts: list[int] = []
    seen: set[str] = set()
    for section in found:
        if section.key is None:
            continue
        again = section.key in seen and section.key in _OPENING and seen & {"applications", "review", "problems"}
        if again:
            starts.append(_title(document, section.span.start))
            seen = set()
        seen.add(section.key)
    return starts


def _title(document: Document, at: int) -> int:
    """The start of the title above an opening section; the section's own start without one."""
    above = [b for b in document.blocks if isinstance(b, Paragraph) and b.span.end <= at][-_TITLE_LINES:]
    for paragraph in above:
        text = labels.printed(document.text[paragraph.span.start : paragraph.span.end])
        if len(text) <= 70 and "信息公开" in text and ("报告" in text or "年报" in text) and "。" not in text:
            return paragraph.span.start
    return at


def _part(document: Document, start: int, end: int) -> Document:
    blocks = tuple(_moved(b, -start) for b in document.blocks if start <= b.span.start < end)
    return replace(document, text=document.text[start:end], blocks=blocks)


def _moved(block: Paragraph | Table, by: int) -> Paragraph | Table:
    span = Span(block.span.start + by, block.span.end + by)
    if isinstance(block, Paragraph):
        return replace(block, span=span)
    cells = tuple(replace(c, span=Span(c.span.start + by, c.span.end + by)) for c in block.cells)
    return replace(block, span=span, cells=cells)
