"""xls: Excel 97 workbooks, through python-calamine (whose home this is)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO

from knowledge.model import Problem
from knowledge.problems import problem
from parsers import compound, numberformat, sheets
from parsers.document import Document, Writer
from parsers.limits import DEFAULT, Limits, Refused
from parsers.sheets import Sheet, SheetCell

Value = int | float | str | bool | date | datetime | time | timedelta | None


def recognises(name: str, head: bytes) -> bool:
    """A compound file with a workbook stream, or the bare stream of old programs. ``head`` is the whole file."""
    return (compound.holds(head, "Workbook", "Book") and not compound.holds(head, "WordDocument")) or head.startswith(
        b"\x09\x08\x10\x00\x00\x06\x05\x00"
    )


def _printed(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return numberformat.plain_number(repr(value))
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def _sheets(data: bytes, limits: Limits) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    out = []
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(about.name)
        rows = sheet.to_python(skip_empty_area=False)
        if sum(len(row) for row in rows) > limits.cells * 20:
            raise Refused("limit_cells", limit=str(limits.cells))
        merged = {(a[0], a[1]): (b[0] - a[0] + 1, b[1] - a[1] + 1) for a, b in sheet.merged_cell_ranges or []}
        covered = {(r + i, c + j) for (r, c), (h, w) in merged.items() for i in range(h) for j in range(w) if i or j}
        cells = []
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                text = _printed(value)
                if (r, c) not in covered and (text.strip() or (r, c) in merged):
                    height, width = merged.get((r, c), (1, 1))
                    cells.append(SheetCell(r, c, height, width, text))
        out.append(Sheet(about.name, tuple(cells)))
    return out


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """Every shown sheet in order."""
    from python_calamine import CalamineError, PasswordError

    try:
        writer = Writer()
        sheets.write(_sheets(data, limits), writer, limits)
        return writer.document()
    except Refused as refused:
        return refused.problem
    except PasswordError:
        return problem("encrypted")
    except (CalamineError, OSError, ValueError) as error:
        return problem("encrypted") if "assword" in str(error) else problem("damaged_file", format=" xls ")
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what Rust raises where calamine trusts a damaged file
            raise
        return problem("damaged_file", format=" xls ")
