"""Paragraphs and grids as a marked-up format nests them, and how such a tree becomes a flat Document.

docx, odt and html all nest: tables in cells, paragraphs in cells, whole pages in layout tables. Here it is
decided which table is data and which is only layout, what a cell's text is, and which characters are not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from parsers import merged_rows
from parsers.document import Writer
from parsers.figures import figure
from parsers.limits import DEFAULT, Limits, Refused

# Controls (except tab and line end), soft hyphen, zero-width and bidirectional marks: nothing of them is printed.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff]"
)
# Overrides that change the order in which digits are shown: "\u202e21" is printed as 12.
_REORDERS = re.compile("[\u202e\u2067]")
_DIGITS = re.compile(r"\d\D?\d")
# A title broken over lines by hand is no longer than this and has no sentence in it.
_TITLE = 70
# A note under a table is one sentence in a row of its own; prose is more.
_FEWEST_SENTENCES = 3
_SENTENCE = re.compile(r"[。；：、，]|^\s*[一二三四五六七八九十]+、", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph; ``level`` as in Paragraph."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell at its top left corner, holding blocks of its own."""

    row: int
    column: int
    rowspan: int
    colspan: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as the format gives it, merged cells once."""

    cells: tuple[GridCell, ...] = field(default=())


Block = Text | Grid


def clean(text: str) -> str:
    """``text`` without characters that are not printed. Digits under an order override are printed in another order
    than they are stored: a mark stands before them, so that nobody reads them as a number."""
    if _REORDERS.search(text) and _DIGITS.search(text):
        text = _REORDERS.sub("\ufffd", text)
    return _INVISIBLE.sub("", text)


def plain(blocks: Sequence[Block]) -> str:
    """The text of a cell: its paragraphs joined by line ends, inner tables row by row."""
    lines = []
    for block in blocks:
        if isinstance(block, Text):
            lines.append(block.text)
        else:
            lines.extend(plain(cell.blocks) for cell in block.cells)
    return "\n".join(line for line in lines if line.strip())


def _grids(blocks: Iterable[Block]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]


def _filled(grid: Grid) -> int:
    """Cells with text directly in them, in this grid and those inside."""
    count = 0
    for cell in grid.cells:
        count += any(isinstance(b, Text) and b.text.strip() for b in cell.blocks)
        count += sum(_filled(inner) for inner in _grids(cell.blocks))
    return count


def _size(grid: Grid) -> tuple[int, int]:
    rows = max((c.row + c.rowspan for c in grid.cells), default=0)
    return rows, max((c.column + c.colspan for c in grid.cells), default=0)


def _is_layout(grid: Grid) -> bool:
    """True for a table that only places things: it holds a real table or a page of prose, not figures."""
    own = 0
    inside = 0
    for cell in grid.cells:
        texts = [b for b in cell.blocks if isinstance(b, Text) and b.text.strip()]
        own += bool(texts)
        inside = max([inside, *(_filled(inner) for inner in _grids(cell.blocks) if min(_size(inner)) > 1)])
        if len(texts) >= 8 and sum(len(b.text) for b in texts) > 600:
            return True
    if inside >= 4 and inside >= own:
        return True
    filled = [cell for cell in grid.cells if plain(cell.blocks)]
    return len(filled) == 1 and (len(filled[0].blocks) > 1 or bool(_grids(filled[0].blocks)) or len(grid.cells) == 1)


def _spliced(grid: Grid) -> Grid:
    """An inner table that fills a merged cell exactly (7 columns in a cell over 7) becomes part of the grid."""
    cells: list[GridCell] = []
    for cell in grid.cells:
        inner = _grids(cell.blocks)
        texts = [b for b in cell.blocks if isinstance(b, Text) and b.text.strip()]
        if len(inner) == 1 and not texts and _size(inner[0]) == (cell.rowspan, cell.colspan) != (1, 1):
            cells.extend(
                replace(c, row=c.row + cell.row, column=c.column + cell.column) for c in _spliced(inner[0]).cells
            )
        else:
            cells.append(cell)
    return Grid(tuple(cells))


def _without_raster(grid: Grid) -> Grid:
    """Word ends an exported table with a row of empty cells that only carry widths; such a row is not printed. One
    with a cell under each of a row of heads is: figures that were left blank."""
    rows, _ = _size(grid)
    while rows > 1:
        last = [cell for cell in grid.cells if cell.row == rows - 1]
        over = any(cell.row < rows - 1 and cell.row + cell.rowspan >= rows for cell in grid.cells)
        if over or any(plain(cell.blocks) for cell in last) or _headed(grid, last, rows - 1):
            break
        grid = Grid(tuple(cell for cell in grid.cells if cell.row != rows - 1))
        rows -= 1
    return grid


def _headed(grid: Grid, row: Sequence[GridCell], index: int) -> bool:
    """Whether each cell of a row stands right under words of its own width."""
    above = {(c.column, c.colspan): plain(c.blocks) for c in grid.cells if c.row + c.rowspan == index}
    return all(figure(above.get((c.column, c.colspan), "")).state == "unreadable" for c in row)


def _compact(grid: Grid) -> Grid:
    """Grid columns and rows in which no cell begins are only marks of a layout program: renumbered away."""
    columns = {c: i for i, c in enumerate(sorted({cell.column for cell in grid.cells}))}
    rows = {r: i for i, r in enumerate(sorted({cell.row for cell in grid.cells}))}
    ends_c, ends_r = [*columns, _size(grid)[1]], [*rows, _size(grid)[0]]
    if len(columns) == ends_c[-1] and len(rows) == ends_r[-1]:
        return grid
    cells = []
    for cell in grid.cells:
        right = sum(1 for c in columns if c < cell.column + cell.colspan)
        below = sum(1 for r in rows if r < cell.row + cell.rowspan)
        row, column = rows[cell.row], columns[cell.column]
        cells.append(replace(cell, row=row, column=column, rowspan=max(1, below - row), colspan=max(1, right - column)))
    return Grid(tuple(cells))


def _parted(grid: Grid) -> list[Block]:
    """A report drawn as one table, its prose and headings in rows over the full width: those rows are lines again."""
    rows, columns = _size(grid)
    alone = {c.row: c for c in grid.cells if (c.column, c.rowspan, c.colspan) == (0, 1, columns) and plain(c.blocks)}
    said = {row: re.sub(r"\s+", "", clean(plain(cell.blocks))) for row, cell in alone.items()}
    if columns < 2 or sum(merged_rows.is_sentence(text) for text in said.values()) < _FEWEST_SENTENCES:
        return [grid]
    out: list[Block] = []
    above: list[GridCell] = []
    for row in range(rows):
        if row in said and merged_rows.is_line(said[row], False):
            out += _moved_up(above)
            out += alone[row].blocks
            above = []
        else:
            above += [cell for cell in grid.cells if cell.row == row]
    return out + _moved_up(above)


def _moved_up(cells: Sequence[GridCell]) -> list[Block]:
    """Cells of some rows as a table of their own; nothing without cells."""
    first = min((cell.row for cell in cells), default=0)
    return [Grid(tuple(replace(cell, row=cell.row - first) for cell in cells))] if cells else []


def _lines(block: Text) -> list[str]:
    """A forced line end inside a paragraph is a new paragraph, unless it only breaks a title over lines."""
    if block.level or "\n" not in block.text or (len(block.text) <= _TITLE and not _SENTENCE.search(block.text)):
        return [block.text]
    return block.text.split("\n")


def write(blocks: Iterable[Block], writer: Writer, limits: Limits = DEFAULT, _depth: int = 0) -> None:
    """Writes the tree: data tables as tables, layout tables as what they hold, in reading order."""
    if _depth > limits.depth:
        raise Refused("too_deep")
    for block in blocks:
        if isinstance(block, Text):
            for line in _lines(block):
                writer.paragraph(clean(line), block.level)
            continue
        if _is_layout(block):
            for cell in sorted(block.cells, key=lambda c: (c.row, c.column)):
                write(cell.blocks, writer, limits, _depth + 1)
            continue
        parts = _parted(block)
        if len(parts) > 1:
            write(parts, writer, limits, _depth + 1)
            continue
        grid = _compact(_without_raster(_spliced(block)))
        if any(plain(cell.blocks) for cell in grid.cells):
            writer.table([(c.row, c.column, c.rowspan, c.colspan, clean(plain(c.blocks))) for c in grid.cells])
