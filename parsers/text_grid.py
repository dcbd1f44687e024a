"""Building Tables over a text that is already there: cells are pieces of it, never copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Span
from parsers.document import Cell, Table
from parsers.figures import debris_end, debris_start


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two separators: source_text[start:end], not yet trimmed, at its place in the grid."""

    start: int
    end: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Region:
    """Rows of pieces found at some lines; ``next_line`` is the first line that no longer belongs to it.

    Without rows: no table of this kind begins at the lines before ``next_line``; they need not be asked again.
    """

    rows: tuple[tuple[Piece, ...], ...]
    next_line: int


LONGEST_CELL = 4000  # what prints more in one cell only places a page with it


def table(text: str, rows: Sequence[Sequence[Piece]]) -> Table | None:
    """The grid of trimmed cells; None where nothing is in it, or a whole page in one of its cells."""
    if any(piece.end - piece.start > LONGEST_CELL for pieces in rows for piece in pieces):
        return None
    cells = [_cell(text, piece, row) for row, pieces in enumerate(rows) for piece in pieces]
    if not any(cell.text for cell in cells):
        return None
    height = max([len(rows), *(c.row + c.rowspan for c in cells)])
    width = max(c.column + c.colspan for c in cells)
    start = min(c.span.start for c in cells)
    end = max(c.span.end for c in cells)
    return Table(tuple(cells), height, width, Span(start, end))


def _cell(text: str, piece: Piece, row: int) -> Cell:
    raw = text[piece.start : piece.end]
    lead = debris_start(raw)
    if lead == len(raw):
        at = piece.start + len(raw) - len(raw.lstrip()) if raw.strip() else piece.start
        return Cell("", Span(at, at), row, piece.column, piece.rowspan, piece.colspan)
    tail = debris_end(raw, lead)
    indent = sum(2 if c == "\u3000" else 1 for c in raw[:lead] if c in " \u3000\xa0\t")
    span = Span(piece.start + lead, piece.start + tail)
    return Cell(raw[lead:tail], span, row, piece.column, piece.rowspan, piece.colspan, indent)
