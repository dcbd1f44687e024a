"""Tables whose cells are parted by TAB: one cell a line (a word processor's text export) or one row a line.

One cell a line: TAB begins a cell, a line without one continues it, a blank line ends the row; merged cells are empty.
One row a line: TAB stands between cells, every line is a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers import labels
from parsers.figures import figure
from parsers.text_grid import Piece, Region
from parsers.text_lines import Line

# 「三、收到和处理…」「（二）改进措施」「第三部分」: how a section goes on behind a table whose blank line was lost
_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第[一二三四五六七八九十]部分|\d{1,2}、)")
_LONGEST_CONTINUATION = 60
_LOOK = 400  # lines looked at to tell the two kinds apart


def find(lines: Sequence[Line], at: int) -> Region | None:
    """The table that begins at line ``at``, or None."""
    if "\t" not in lines[at].text.strip(" \u3000\xa0") and not _clause_above(lines, at):
        return None
    if lines[at].blank and (at + 1 >= len(lines) or "\t" not in lines[at + 1].text):
        return None
    end = _extent(lines, at)
    tabbed = [line.text for line in lines[at:end] if "\t" in line.text]
    inner = sum(1 for text in tabbed if "\t" in text.strip("\t \u3000\xa0"))
    led = sum(1 for text in tabbed if text.lstrip(" \u3000\xa0").startswith("\t"))
    blanks = sum(1 for line in lines[at:end] if line.blank)
    one_row_a_line = inner * 2 > len(tabbed) and (led < len(tabbed) or blanks * 3 < len(tabbed))
    return _rows_by_line(lines, at, end) if one_row_a_line else _rows_by_blank(lines, at)


def _clause_above(lines: Sequence[Line], at: int) -> bool:
    """A clause that stands alone on its row, the first of the table: 第二十条第（一）项."""
    text = lines[at].text
    return len(text) < 40 and at + 1 < len(lines) and "\t" in lines[at + 1].text.strip() and labels.clause(text) is not None


def _extent(lines: Sequence[Line], at: int) -> int:
    """Roughly where the table ends, only to count its kinds of lines."""
    bare = 0
    last = at
    for index in range(at, min(len(lines), at + _LOOK)):
        line = lines[index]
        if "\t" in line.text.strip(" \u3000\xa0"):
            bare, last = 0, index
        elif not line.blank and not line.ornament:
            bare += 1
            if bare > 2 or len(line.text) > _LONGEST_CONTINUATION:
                break
    return last + 1


# ---------------------------------------------------------------- one row a line


def _rows_by_line(lines: Sequence[Line], at: int, limit: int) -> Region | None:
    rows: list[tuple[Piece, ...]] = []
    index = last = at
    while index < limit:
        line = lines[index]
        if "\t" in line.text.strip(" \u3000\xa0"):
            end = _quoted_end(lines, index)
            rows.append(_split(lines, index, end))
            index = last = end
        elif not (line.blank or line.ornament):
            if _NUMBERED.match(line.text) or index + 1 >= limit or "\t" not in lines[index + 1].text:
                break
            rows.append((Piece(line.start, line.end, 0),))
        elif line.blank and index > last + 2:
            break
        index += 1
    if len(rows) < 2:
        return Region((), last + 1)
    if all(row[0].start == row[0].end for row in rows if len(row) > 1):  # a TAB in front of every row
        rows = [tuple(Piece(p.start, p.end, p.column - 1) for p in row[1:]) if len(row) > 1 else row for row in rows]
    return Region(tuple(rows), last + 1)


def _quoted_end(lines: Sequence[Line], index: int) -> int:
    """The line on which a row ends whose quoted cell goes on over lines, as spreadsheets copy it: "本年新 · 制作数量"."""
    quotes = 0
    for last in range(index, min(len(lines), index + 8)):
        quotes += lines[last].text.count('"')
        if quotes % 2 == 0:
            return last
    return index


def _split(lines: Sequence[Line], first: int, last: int) -> tuple[Piece, ...]:
    text = "\n".join(line.text for line in lines[first : last + 1])
    pieces = []
    at = lines[first].start
    for column, part in enumerate(text.split("\t")):
        quoted = len(part) > 1 and part[0] == part[-1] == '"'
        pieces.append(Piece(at + quoted, at + len(part) - quoted, column))
        at += len(part) + 1
    return tuple(pieces)


# ---------------------------------------------------------------- one cell a line


class _Rows:
    """Rows while they are being read: cells as [start, end)."""

    def __init__(self) -> None:
        self.done: list[list[tuple[int, int]]] = []
        self.open: list[tuple[int, int]] = []

    def close(self) -> None:
        if self.open:
            self.done.append(self.open)
            self.open = []

    @property
    def width(self) -> int:
        """Cells of the widest row so far."""
        return max((len(row) for row in self.done), default=0)

    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        return tuple(tuple(Piece(s, e, c) for c, (s, e) in enumerate(row)) for row in self.done)


def _rows_by_blank(lines: Sequence[Line], at: int) -> Region | None:
    rows = _Rows()
    index = last = at
    while index < len(lines):
        line = lines[index]
        if line.text.lstrip(" \u3000\xa0").startswith("\t"):
            _begin_cells(rows, line)
            last = index
        elif line.ornament and _row_goes_on(lines, index, rows):
            pass
        elif line.blank or line.ornament:
            going_on = _cell_goes_on(lines, index, rows)
            if going_on is None:
                rows.close()
                index = _after_blanks(lines, index)
                if index >= len(lines) or not lines[index].text.lstrip(" \u3000\xa0").startswith("\t"):
                    break
                continue
            index = going_on
            continue
        elif rows.open and _continues(lines[index - 1], line, rows):
            _continue_cell(rows, line)
            last = index
        else:
            break
        index += 1
    rows.close()
    if max((len(row) for row in rows.done), default=0) < 2:
        return Region((), last + 1)
    return Region(rows.pieces(), last + 1)


def _begin_cells(rows: _Rows, line: Line) -> None:
    at = line.start + line.text.index("\t") + 1
    for part in line.text[line.text.index("\t") + 1 :].split("\t"):
        rows.open.append((at, at + len(part)))
        at += len(part) + 1


def _continue_cell(rows: _Rows, line: Line) -> None:
    """Text in front of a line's first TAB belongs to the cell above; each TAB in it begins another."""
    first, *others = line.text.split("\t")
    rows.open[-1] = (rows.open[-1][0], line.start + len(first))
    at = line.start + len(first) + 1
    for part in others:
        rows.open.append((at, at + len(part)))
        at += len(part) + 1


def _after_blanks(lines: Sequence[Line], index: int) -> int:
    while index < len(lines) and (_nothing(lines[index]) or lines[index].ornament):
        index += 1
    return index


def _nothing(line: Line) -> bool:
    """Blank, and not an empty cell."""
    return line.blank and "\t" not in line.text


def _row_goes_on(lines: Sequence[Line], mark: int, rows: _Rows) -> bool:
    """A page ends inside a row: its mark stands between two TAB lines without a blank one. Not where a label follows a
    figure: there a row ends."""
    if not rows.open or mark + 1 >= len(lines) or lines[mark - 1].blank or (rows.done and len(rows.open) >= rows.width):
        return False
    following = lines[mark + 1].text.lstrip(" \u3000\xa0")
    if not following.startswith("\t"):
        return False
    states = [figure(text.strip("\t \u3000\xa0")).state for text in (lines[mark - 1].text, following)]
    return states[1] != "unreadable" or states[0] == "unreadable"


def _cell_goes_on(lines: Sequence[Line], blank: int, rows: _Rows) -> int | None:
    """A paragraph end inside a cell looks like a row's end: 「\\t结果 · blank · 维持 · \\t结果纠正」. The line to read on
    at, or None. Only where the row is not full, the next line is short, no heading, and a TAB line follows at once."""
    following = blank + 1
    if not rows.open or following + 1 >= len(lines):
        return None
    text = lines[following].text
    full = len(rows.open) >= rows.width if rows.done else False
    if full or lines[following].blank or "\t" in text or _NUMBERED.match(text) or len(text) > _LONGEST_CONTINUATION:
        return None
    after = lines[following + 1].text.lstrip(" \u3000\xa0")
    if not after.startswith("\t") or lines[following].ornament or figure(after.strip()).state == "unreadable" and not rows.done:
        return None
    _continue_cell(rows, lines[following])
    return following + 1


def _continues(before: Line, line: Line, rows: _Rows) -> bool:
    """Whether a line without TAB goes on with the cell above it, or is prose that follows without a blank line."""
    if before.blank or len(line.text) > 4 * _LONGEST_CONTINUATION:
        return False
    start, end = rows.open[-1]
    last = before.text[max(0, start - before.start) : end - before.start]
    text = line.text.strip()
    if figure(last).state in ("number", "struck") and not text.startswith(("（", "(", "【", "[")):
        return "\t" in line.text
    full = len(rows.open) >= max(2, rows.width)
    return not (_NUMBERED.match(line.text) and full)
