"""Tables a PDF sets without rules: lines kept as they stand, columns shown by blanks, read by the words in them.

The same reading as for text aligned with blanks (``parsers.text_spaces``); only here the places are known to the
point, so that a head torn over several lines is put together first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.model import Span
from parsers import labels, text_grid, text_spaces
from parsers.document import Document, Paragraph, Table
from parsers.figures import looks_numeric
from parsers.glyphs import Piece, TextLine
from parsers.text_lines import display_width, split_lines

# One blank of the written line is this part of the type's size wide: narrow, so that a torn head put together fits.
_BLANK = 0.25


@dataclass(slots=True)
class _Placed:
    """A piece, the height of its middle, and that of its first line."""

    piece: Piece
    y: float
    first: float


def is_tabular(line: TextLine) -> bool:
    """Three pieces apart, or a word and figures apart: no line of prose."""
    figures = sum(looks_numeric(piece.text) for piece in line.pieces)
    return len(line.pieces) >= 3 or (len(line.pieces) == 2 and figures == 1)


def written(lines: Sequence[TextLine], left: float) -> list[str]:
    """The lines with blanks for the gaps between their pieces; a piece keeps its middle."""
    unit = min((line.size for line in lines), default=10.0) * _BLANK
    out = []
    for row in _rows(lines):
        text = ""
        for piece in sorted(row, key=lambda p: p.x0):
            wide = display_width(piece.text)
            column = round(((piece.x0 + piece.x1) / 2 - left) / unit - wide / 2)
            text += " " * max(2 if text else 0, column - display_width(text)) + piece.text
        out.append(text)
    return out


def _rows(lines: Sequence[TextLine]) -> list[list[Piece]]:
    """The pieces row by row, a head torn over lines put together at its middle: 「结果 / 维持」."""
    heads: list[_Placed] = []
    rows: list[tuple[float, list[Piece]]] = []
    for line in lines:
        y = (line.top + line.bottom) / 2
        if any(looks_numeric(piece.text) for piece in line.pieces):
            rows += _gathered(_joined(heads, line.size), line.size)
            heads = []
            rows.append((y, list(line.pieces)))
        else:
            if heads and y - heads[-1].y > 3 * line.size:
                rows += _gathered(_joined(heads, line.size), line.size)
                heads = []
            heads += [_Placed(piece, y, y) for piece in line.pieces]
    rows += _gathered(_joined(heads, lines[-1].size), lines[-1].size) if lines else []
    return [row for _, row in rows]


def _joined(heads: list[_Placed], size: float) -> list[_Placed]:
    """Pieces one below the other as one, where together they are a label of the form."""
    left = sorted(heads, key=lambda h: (h.y, h.piece.x0))
    out: list[_Placed] = []
    while left:
        first = left.pop(0)
        chain = [first]
        while len(chain) < 5:
            last = chain[-1]
            below = next(
                (h for h in left if 0.5 * size < h.y - last.y < 2.2 * size and _over(last.piece, h.piece)), None
            )
            if below is None:
                break
            chain.append(below)
            text = "".join(h.piece.text for h in chain)
            if labels.is_whole_label(text) and not all(labels.is_whole_label(h.piece.text) for h in chain[1:]):
                for part in chain[1:]:
                    left.remove(part)
                x0, x1 = min(h.piece.x0 for h in chain), max(h.piece.x1 for h in chain)
                first = _Placed(Piece(text, x0, x1), sum(h.y for h in chain) / len(chain), chain[0].y)
                break
        out.append(first)
    return out


def _over(upper: Piece, lower: Piece) -> bool:
    """Whether one stands below the other."""
    return min(upper.x1, lower.x1) - max(upper.x0, lower.x0) > 0.5 * min(upper.x1 - upper.x0, lower.x1 - lower.x0)


def _gathered(heads: list[_Placed], size: float) -> list[tuple[float, list[Piece]]]:
    """Rows of heads: cells of one row have their middles or, set from the top, their first lines on one height."""
    rows: list[tuple[_Placed, list[Piece]]] = []
    for head in sorted(heads, key=lambda h: (h.first, h.y)):
        same = next((r for r in rows if min(abs(head.y - r[0].y), abs(head.first - r[0].first)) < 0.45 * size), None)
        if same is not None:
            same[1].append(head.piece)
        else:
            rows.append((head, [head.piece]))
    return [(head.y, pieces) for head, pieces in rows]


def with_tables(document: Document, regions: Sequence[Span]) -> Document:
    """The Document with what stands in ``regions`` as tables where they are some, else as paragraphs."""
    if not regions:
        return document
    blocks: list[Paragraph | Table] = list(document.blocks)
    every = split_lines(document.text)
    for region in regions:
        lines = [line for line in every if region.start <= line.start < region.end]
        at = 0
        while at < len(lines):
            found = None if lines[at].blank else text_spaces.find(lines, at)
            made = text_grid.table(document.text, found.rows) if found and found.rows else None
            if made and found:
                blocks.append(made)
                at = found.next_line
                continue
            stripped = lines[at].text.strip()
            if stripped:
                start = lines[at].start + lines[at].text.index(stripped)
                blocks.append(Paragraph(Span(start, start + len(stripped))))
            at += 1
    return replace(document, blocks=tuple(sorted(blocks, key=lambda block: block.span.start)))
