"""Placing the cells of an HTML-like table on a grid: rowspan and colspan, absurd values taken back to the table's size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.blocks import Block, Grid, GridCell

# Wider or longer than any form; a page that claims more means "the rest of the row" or attacks.
_WIDEST = 120


@dataclass(frozen=True, slots=True)
class Spanned:
    """One cell in the order of the markup."""

    rowspan: int
    colspan: int
    blocks: tuple[Block, ...]


def span(text: str | None, default: int = 1) -> int:
    """The number an attribute holds ("2", " 2 ", "2px", "100000"); 1 where it holds none."""
    digits = ""
    for char in (text or "").strip():
        if not char.isdigit() or not char.isascii():
            break
        digits += char
    return max(1, min(int(digits[:7]), 1_000_000)) if digits else default


def place(rows: Sequence[Sequence[Spanned]]) -> Grid:
    """The grid of rows of cells; a cell that would reach past the table's end is cut there."""
    width = _place(rows, 0)[1]
    return Grid(tuple(_place(rows, width)[0]))


def _place(rows: Sequence[Sequence[Spanned]], width: int) -> tuple[list[GridCell], int]:
    """Cells, and the largest column end reached by cells with believable spans."""
    cells: list[GridCell] = []
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    widest = 0
    for row, line in enumerate(rows):
        column = 0
        for cell in line:
            while taken.get(column, 0) > row:
                column += 1
            colspan = cell.colspan
            absurd = colspan > _WIDEST
            if absurd:
                colspan = max(1, width - column)
            rowspan = max(1, min(cell.rowspan, len(rows) - row))
            for offset in range(1, colspan):  # a row span from above ends a cell that would run into it
                if taken.get(column + offset, 0) > row:
                    colspan = offset
                    break
            cells.append(GridCell(row, column, rowspan, colspan, cell.blocks))
            for offset in range(colspan):
                taken[column + offset] = row + rowspan
            column += colspan
            if not absurd:
                widest = max(widest, column)
    return cells, widest
