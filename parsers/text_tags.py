"""HTML tables standing in Markdown or plain text: their cells as pieces of the text, tags and all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.text_grid import Piece

_TAG = re.compile(r"<(?P<close>/?)(?P<name>table|tr|td|th)\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
_SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d{1,4})", re.IGNORECASE)
_WIDEST = 60  # no form has more columns; a claim beyond it is an attack or a slip
_TALLEST = 200
_DEEPEST = 20


@dataclass(slots=True)
class _Open:
    """A table while it is being read. ``rows`` hold (start, end, rowspan, colspan) of finished cells."""

    start: int
    rows: list[list[tuple[int, int, int, int]]] = field(default_factory=list)
    cell: tuple[int, int, int] | None = None
    nested: bool = False

    def end_cell(self, at: int) -> None:
        if self.cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append((self.cell[0], at, self.cell[1], self.cell[2]))
            self.cell = None


@dataclass(frozen=True, slots=True)
class Found:
    """One table: source_text[start:end] with its tags, its rows placed on a grid."""

    start: int
    end: int
    rows: tuple[tuple[Piece, ...], ...]


def find_all(text: str) -> list[Found]:
    """Every innermost table of the text, in order. A table that holds others only places them and is left out."""
    if "<table" not in text and "<TABLE" not in text:
        return []
    out: list[Found] = []
    stack: list[_Open] = []
    for tag in _TAG.finditer(text):
        name, closing = tag["name"].lower(), bool(tag["close"])
        if name == "table":
            if not closing:
                if len(stack) < _DEEPEST:
                    for outer in stack:
                        outer.nested = True
                    stack.append(_Open(tag.start()))
            elif stack:
                _finish(stack.pop(), tag.start(), tag.end(), out)
            continue
        if stack:
            _part(stack[-1], name, closing, tag)
    while stack:
        _finish(stack.pop(), len(text), len(text), out)
    return sorted(out, key=lambda found: found.start)


def _part(table: _Open, name: str, closing: bool, tag: re.Match[str]) -> None:
    table.end_cell(tag.start())
    if name == "tr" and not closing:
        table.rows.append([])
    elif name in ("td", "th") and not closing:
        spans = {kind.lower(): int(number) for kind, number in _SPAN.findall(tag["attributes"])}
        table.cell = (tag.end(), max(1, min(_TALLEST, spans.get("row", 1))), max(1, min(_WIDEST, spans.get("col", 1))))


def _finish(table: _Open, inner_end: int, end: int, out: list[Found]) -> None:
    table.end_cell(inner_end)
    rows = [row for row in table.rows if row]
    if not table.nested and rows:
        out.append(Found(table.start, end, _placed(rows)))


def _placed(rows: list[list[tuple[int, int, int, int]]]) -> tuple[tuple[Piece, ...], ...]:
    """Grid columns as browsers give them: a cell takes the first place that no cell above reaches into."""
    taken: dict[int, set[int]] = {}
    out: list[tuple[Piece, ...]] = []
    for index, row in enumerate(rows):
        pieces: list[Piece] = []
        column = 0
        for start, end, rowspan, colspan in row:
            while column in taken.get(index, ()):
                column += 1
            rowspan = min(rowspan, len(rows) - index)
            for below in range(index, index + rowspan):
                taken.setdefault(below, set()).update(range(column, column + colspan))
            pieces.append(Piece(start, end, column, rowspan, colspan))
            column += colspan
        taken.pop(index, None)
        out.append(tuple(pieces))
    return tuple(out)
