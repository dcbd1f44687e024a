"""Sheets of cells cut into lines of text and tables: a spreadsheet knows no paragraphs, only rows.

A row with one text in it that names a section, a title or says a sentence is a line; blank rows end a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers import merged_rows
from parsers.blocks import clean
from parsers.document import Writer
from parsers.limits import DEFAULT, Limits, Refused

_DEFAULT_NAME = re.compile(r"^(?:sheet|工作表|table|表|页)?\s*\d*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell with text, or a merged one; 0-based."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its cells in any order."""

    name: str
    cells: tuple[SheetCell, ...]


def write(sheets: Sequence[Sheet], writer: Writer, limits: Limits = DEFAULT) -> None:
    """Writes the sheets in order; a sheet's own name is written where it says more than "Sheet1"."""
    total = sum(len(sheet.cells) for sheet in sheets)
    if total > limits.cells:
        raise Refused("limit_cells", limit=str(limits.cells))
    for sheet in sheets:
        filled = [c for c in sheet.cells if c.text.strip()]
        if not filled:
            continue
        name = clean(sheet.name).strip()
        if len(sheets) > 1 and not _DEFAULT_NAME.match(name) and not any(name in c.text for c in filled):
            writer.paragraph(name, 1)
        _sheet(sheet, writer)


def _sheet(sheet: Sheet, writer: Writer) -> None:
    rows: dict[int, list[SheetCell]] = {}
    for cell in sheet.cells:
        rows.setdefault(cell.row, []).append(cell)
    last = max(c.row + c.rowspan for c in sheet.cells if c.text.strip())
    region: list[SheetCell] = []
    reach = 0  # rows below this are not covered by a merged cell of the region
    for row in range(min(rows), last):
        here = sorted(rows.get(row, []), key=lambda c: c.column)
        texts = [c for c in here if c.text.strip()]
        if not texts:
            if row >= reach:
                _table(region, writer)
                region = []
            else:
                region.extend(here)
            continue
        if row >= reach and len(texts) == 1 and _is_line(texts[0], region):
            _table(region, writer)
            region = []
            for line in texts[0].text.split("\n"):
                writer.paragraph(clean(line))
            continue
        region.extend(here)
        reach = max([reach, *(c.row + c.rowspan for c in texts)])
    _table(region, writer)


def _is_line(cell: SheetCell, region: list[SheetCell]) -> bool:
    return merged_rows.is_line(re.sub(r"\s+", "", clean(cell.text)), bool(region))


def _table(cells: list[SheetCell], writer: Writer) -> None:
    """A rectangle of rows as a table; positions without a cell are blank cells, so that none shifts."""
    filled = [c for c in cells if c.text.strip()]
    if not filled:
        return
    top, bottom = min(c.row for c in filled), max(c.row for c in filled)
    left, right = min(c.column for c in filled), max(c.column for c in filled)
    bottom = max(bottom, max(c.row + c.rowspan - 1 for c in filled))
    right = max(right, max(c.column + c.colspan - 1 for c in filled if c.rowspan * c.colspan > 1 or c.column == right))
    taken: set[tuple[int, int]] = set()
    out: list[tuple[int, int, int, int, str]] = []
    for cell in cells:
        if not (top <= cell.row <= bottom and left <= cell.column <= right):
            continue
        height, width = min(cell.rowspan, bottom - cell.row + 1), min(cell.colspan, right - cell.column + 1)
        taken.update(
            (r, c) for r in range(cell.row, cell.row + height) for c in range(cell.column, cell.column + width)
        )
        out.append((cell.row - top, cell.column - left, height, width, clean(cell.text)))
    for row in range(top, bottom + 1):
        out.extend(
            (row - top, column - left, 1, 1, "") for column in range(left, right + 1) if (row, column) not in taken
        )
    writer.table(out)
