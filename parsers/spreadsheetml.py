"""SpreadsheetML (xlsx): sheets, shared texts, merged cells and number formats, read from the XML itself.

Hidden sheets, rows and columns are not printed and so left out. A formula whose result the file does not hold is
shown as the formula: nobody can tell its figure.
"""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath

from parsers import numberformat, xml
from parsers.archive import Archive
from parsers.limits import DEFAULT, Limits, Refused
from parsers.sheets import Sheet, SheetCell

_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})$")
_MOST_COLUMNS = 500


def _position(reference: str | None) -> tuple[int, int] | None:
    """ "B7" → (6, 1)."""
    match = _REFERENCE.match(reference or "")
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


def _text(element: xml.Element | None) -> str:
    """Text of an inline or shared string: its runs joined, reading aids (phonetic runs) left out."""
    if element is None:
        return ""
    parts = []
    for item in element:
        name = xml.local(item)
        if name == "t":
            parts.append(item.text or "")
        elif name == "r":
            parts.append(_text(item))
    return "".join(parts)


def _whole(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) < 9 else default


def _on(text: str | None) -> bool:
    return text in ("1", "true", "on")


class Workbook:
    """The workbook inside an archive."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT) -> None:
        self._archive = Archive(data, limits)
        self._limits = limits
        self._names = set(self._archive.names())
        self._main = self._main_part()
        self._root = xml.parse(self._archive.read(self._main))
        self._folder = dirname(self._main)
        self._relations = self._targets()
        self._shared = self._strings()
        self._formats = self._number_formats()
        properties = xml.child(self._root, "workbookPr")
        self._from_1904 = properties is not None and _on(properties.get("date1904"))

    def _main_part(self) -> str:
        if "_rels/.rels" in self._names:
            for relation in xml.parse(self._archive.read("_rels/.rels")):
                target = normpath((relation.get("Target") or "").lstrip("/"))
                if (relation.get("Type") or "").endswith("/officeDocument") and target in self._names:
                    return target
        if "xl/workbook.xml" in self._names:
            return "xl/workbook.xml"
        raise Refused("damaged_file", format=" xlsx ")

    def _targets(self) -> dict[str, str]:
        name = join(self._folder, "_rels", self._main.rpartition("/")[2] + ".rels")
        if name not in self._names:
            return {}
        out = {}
        for relation in xml.parse(self._archive.read(name)):
            target = relation.get("Target") or ""
            out[relation.get("Id") or ""] = normpath(
                target.lstrip("/") if target.startswith("/") else join(self._folder, target)
            )
        return out

    def _part(self, ending: str) -> xml.Element | None:
        name = next((t for t in self._relations.values() if t.endswith(ending)), join(self._folder, ending))
        return xml.parse(self._archive.read(name)) if name in self._names else None

    def _strings(self) -> list[str]:
        root = self._part("sharedStrings.xml")
        return [_text(item) for item in root if xml.local(item) == "si"] if root is not None else []

    def _number_formats(self) -> list[str]:
        """The format code of each cell style."""
        root = self._part("styles.xml")
        if root is None:
            return []
        own = xml.child(root, "numFmts")
        codes = {
            _whole(item.get("numFmtId")): item.get("formatCode") or "" for item in (own if own is not None else ())
        }
        styles = xml.child(root, "cellXfs")
        out = []
        for item in styles if styles is not None else ():
            number = _whole(item.get("numFmtId"))
            out.append(codes.get(number, numberformat.BUILT_IN.get(number, "General")))
        return out

    def title(self) -> str | None:
        """The title in the file's properties."""
        if "docProps/core.xml" not in self._names:
            return None
        for item in xml.parse(self._archive.read("docProps/core.xml")):
            if xml.local(item) == "title" and item.text and item.text.strip():
                return item.text.strip()
        return None

    def sheets(self) -> list[Sheet]:
        """The sheets that are shown, in order."""
        out = []
        listed = xml.child(self._root, "sheets")
        for item in listed if listed is not None else ():
            if item.get("state") in ("hidden", "veryHidden"):
                continue
            part = self._relations.get(xml.attribute(item, "id") or "", "")
            if part in self._names:
                out.append(Sheet(item.get("name") or "", self._cells(xml.parse(self._archive.read(part)))))
        return out

    def _cells(self, root: xml.Element) -> tuple[SheetCell, ...]:
        merged, covered = self._merged(root)
        hidden = self._hidden_columns(root)
        data = xml.child(root, "sheetData")
        texts: dict[tuple[int, int], str] = {}
        gone: set[int] = set()
        row = -1
        for line in data if data is not None else ():
            row = _whole(line.get("r"), row + 2) - 1
            if _on(line.get("hidden")):
                gone.add(row)
                continue
            column = -1
            for cell in line:
                row_column = _position(cell.get("r")) or (row, column + 1)
                column = row_column[1]
                text = self._value(cell)
                if text.strip() and column not in hidden and row_column not in covered:
                    texts[row, column] = text
                    if len(texts) > self._limits.cells:
                        raise Refused("limit_cells", limit=str(self._limits.cells))
        out = [SheetCell(r, c, 1, 1, text) for (r, c), text in texts.items() if (r, c) not in merged]
        out += [SheetCell(r, c, h, w, texts.get((r, c), "")) for (r, c), (h, w) in merged.items() if r not in gone]
        return _closed_up(out, gone, hidden)

    def _merged(self, root: xml.Element) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        covered: set[tuple[int, int]] = set()
        ranges = xml.child(root, "mergeCells")
        for item in ranges if ranges is not None else ():
            first, _, second = (item.get("ref") or "").partition(":")
            start, end = _position(first), _position(second or first)
            if start is None or end is None or end[0] < start[0] or end[1] < start[1]:
                continue
            height, width = end[0] - start[0] + 1, min(end[1] - start[1] + 1, _MOST_COLUMNS)
            if len(covered) + height * width > self._limits.cells * 4:
                raise Refused("limit_cells", limit=str(self._limits.cells))
            merged[start] = (height, width)
            covered.update(
                (r, c)
                for r in range(start[0], end[0] + 1)
                for c in range(start[1], start[1] + width)
                if (r, c) != start
            )
        return merged, covered

    def _hidden_columns(self, root: xml.Element) -> set[int]:
        columns = xml.child(root, "cols")
        out: set[int] = set()
        for item in columns if columns is not None else ():
            if _on(item.get("hidden")):
                out.update(range(_whole(item.get("min"), 1) - 1, min(_whole(item.get("max"), 1), _MOST_COLUMNS)))
        return out

    def _value(self, cell: xml.Element) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _text(xml.child(cell, "is"))
        stored = xml.child(cell, "v")
        text = (stored.text or "") if stored is not None else ""
        if kind == "s":
            index = _whole(text, -1)
            return self._shared[index] if 0 <= index < len(self._shared) else ""
        formula = xml.child(cell, "f")
        if not text and formula is not None and kind != "str":
            return "=" + (formula.text or "")
        if kind == "d":
            return text[:10]
        if kind in ("str", "e", "b") or not text:
            return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "b" else text
        style = _whole(cell.get("s"), -1)
        code = self._formats[style] if 0 <= style < len(self._formats) else "General"
        return numberformat.printed(text, code, self._from_1904)


def _closed_up(cells: list[SheetCell], rows: set[int], columns: set[int]) -> tuple[SheetCell, ...]:
    """The cells with hidden rows and columns taken out, as they look on the screen."""
    if not rows and not columns:
        return tuple(cells)
    out = []
    for cell in cells:
        height = sum(1 for r in range(cell.row, cell.row + cell.rowspan) if r not in rows)
        width = sum(1 for c in range(cell.column, cell.column + cell.colspan) if c not in columns)
        if height and width:
            row = cell.row - sum(1 for r in rows if r < cell.row)
            column = cell.column - sum(1 for c in columns if c < cell.column)
            out.append(SheetCell(row, column, height, width, cell.text))
    return tuple(out)
