"""A table as form recognition looks at it: rows of cells with their figures, and which columns hold the figures.

Grids lie: head and body disagree about spans, exports are ragged, converters pad. So columns are believed only as far
as the rows themselves confirm them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.model import Span
from parsers import figures, labels
from parsers.document import Cell, Table
from parsers.figures import Figure


@lru_cache(maxsize=1024)
def _figure(text: str) -> Figure:
    return figures.figure(text)


def figure(cell: Cell) -> Figure:
    """What the cell prints; offsets within its text."""
    return _figure(cell.text)


def is_figure(cell: Cell) -> bool:
    """A number or a stroke."""
    return figure(cell).state in ("number", "struck")


def is_blank(cell: Cell) -> bool:
    return figure(cell).state == "blank"


def is_label(cell: Cell) -> bool:
    """Something printed that is neither number nor stroke."""
    return figure(cell).state == "unreadable"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells that begin in one row of one table, by column. ``index`` is the row's number in its table.

    ``label``: the row's whole label where it was put together from several lines, else None.
    """

    cells: tuple[Cell, ...]
    index: int
    table: int
    label: str | None = None

    @property
    def span(self) -> Span:
        """From the first to the last printed cell of the row."""
        shown = [c for c in self.cells if c.text] or list(self.cells)
        return Span(min(c.span.start for c in shown), max(c.span.end for c in self.cells))

    def text(self) -> str:
        return "".join(labels.printed(c.text) for c in self.cells)


def rows(table: Table, number: int) -> list[Row]:
    """The table's rows that print anything or hold cells, top down."""
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, []).append(cell)
    return [Row(tuple(sorted(by_row[r], key=lambda c: c.column)), r, number) for r in sorted(by_row)]


def ragged(found: Sequence[Row]) -> bool:
    """Whether rows reach different right edges, merged cells from above counted in: then a cell's number in its row
    says nothing about its column. Rows of a single cell (a title, a clause) are passed over."""
    ends: dict[int, int] = {}
    for row in found:
        for cell in row.cells:
            for index in range(row.index, row.index + cell.rowspan):
                ends[index] = max(ends.get(index, 0), cell.column + cell.colspan)
    return len({ends[row.index] for row in found if len(row.cells) > 1}) > 1


def orderly(found: Sequence[Row]) -> bool:
    """Whether every row's cells from left to right are in the order of the text. Where they are not, columns were
    only estimated."""
    return all(a.span.start <= b.span.start for row in found for a, b in pairwise(row.cells))


def filled(cells: Sequence[Cell]) -> list[Cell]:
    """Cells that print something."""
    return [c for c in cells if not is_blank(c)]


def figure_columns(bodies: Sequence[Sequence[Cell]], count: int) -> tuple[int, ...] | None:
    """The grid columns of ``count`` figures, where rows that have exactly that many agree on them, else None.

    ``bodies`` are the cells behind the label of each row.
    """
    seen = Counter(tuple(c.column for c in filled(body)) for body in bodies if len(filled(body)) == count)
    if len(seen) != 1:
        return None
    return next(iter(seen))


def pick(body: Sequence[Cell], columns: Sequence[int]) -> list[Cell | None] | None:
    """The cell at each of the columns, None where the row has none there; None when a printed cell stands elsewhere."""
    at = {c.column: c for c in body}
    for cell in body:
        if not is_blank(cell) and cell.column not in columns:
            return None
    return [at.get(column) for column in columns]
