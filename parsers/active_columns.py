"""The columns of 第二十条: heads put together from their pieces, and which cell of a row stands under which head.

Heads are often lost or empty. A column without one is named only where the heads beside it leave one possibility.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.catalogue import Entry, catalogue
from parsers import grid, labels
from parsers.document import Cell

MOST_LINES = 3  # over which a label is broken, above or below its figures
REMARKS = re.compile(r"备注|说明|注")
_OF_2019 = ("last_year", "change", "decisions")
# the columns that an item has in the editions of the form, the older first
LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "rules": (("made", "opened", "total_open"), ("issued", "repealed", "in_force")),
    "normative": (("made", "opened", "total_open"), ("issued", "repealed", "in_force")),
    "licensing": (_OF_2019, ("decisions",)),
    "other_services": (_OF_2019, ("decisions",)),
    "penalty": (_OF_2019, ("decisions",)),
    "enforcement": (_OF_2019, ("decisions",)),
    "fee": (("last_year", "change"), ("fee_amount",)),
    "procurement": (("projects", "amount"), ()),
}
# 处理决定数量 is printed so in 2019 and as 本年处理决定数量 in 2021
_DECISIONS_2021 = "本年处理决定数量"
_DOCUMENTS = ("rules", "normative")
_NEW = frozenset({"issued", "repealed", "in_force", "fee_amount"})


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its printed label, the grid columns it covers, the measure it is (None: not in the catalogue)."""

    label: str
    start: int
    end: int
    key: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures: the item (None: none of the catalogue's), its label's column, the cells behind it, its right edge."""

    item: Entry | None
    column: int
    body: Sequence[Cell]
    end: int


def whole(pieces: list[Head]) -> list[Head]:
    """Pieces that stand in one column, put together where they make up a head: 本年新 · 制作数量."""
    columns: list[list[Head]] = []
    for piece in pieces:
        column = next((c for c in columns if any(p.start < piece.end and p.end > piece.start for p in c)), None)
        if column is None:
            columns.append([piece])
        else:
            column.append(piece)
    heads = sorted((head for column in columns for head in _put_together(column)), key=lambda h: h.start)
    out: list[Head] = []
    for head in heads:  # a merged head printed in each of its columns is one head
        if out and head.key and out[-1].key == head.key and head.start <= out[-1].end:
            out[-1] = replace(out[-1], end=max(out[-1].end, head.end))
        else:
            out.append(head)
    return out


def _put_together(column: list[Head]) -> list[Head]:
    """Heads in one column: the longest run of pieces that is one of the form's heads, again and again."""
    out: list[Head] = []
    index = 0
    while index < len(column):
        for end in range(min(len(column), index + MOST_LINES + 1), index, -1):
            run = column[index:end]
            label = "".join(p.label for p in run)
            key = labels.measures().exact(label)
            if key or end == index + 1:
                out.append(Head(label, min(p.start for p in run), max(p.end for p in run), key or run[0].key))
                index = end
                break
    return out


def editions(found: Sequence[str]) -> set[int]:
    """Which editions' heads a report prints: indexes into the pairs of LISTS."""
    out: set[int] = set()
    for label in found:
        key = labels.measures().exact(label)
        if key:
            out.add(1 if key in _NEW or (key == "decisions" and "本年" in label) else 0)
    return out


def under(line: Line, heads: list[Head], head_end: int, ragged: bool, seen: set[int]) -> list[tuple[Head, Cell]] | None:
    """The row's cells with their heads, or None where they cannot be told. ``head_end``: right edge of the head's rows."""
    comparable = (not ragged or head_end == line.end) and all(h.start > line.column for h in heads if h.key)
    heads = _without_corner(heads, line.column if comparable else -1)
    item = line.item
    if item is not None and any(h.key is not None and h.key not in item.measures for h in heads):
        heads = []  # the head of another clause: this one's is lost
    if not heads:
        return _without_heads(line, seen)
    placed = _by_place(line.body, heads) if comparable else None
    printed = grid.filled(line.body)
    counted = _complete(item, heads) and len(printed) == len(heads)
    if placed is not None and not (counted and len(placed) > len(heads)):
        return _named(item, placed)
    if not _complete(item, heads):
        return None
    cells = printed if len(printed) == len(heads) else list(line.body) if not comparable else []
    return list(zip(heads, cells)) if len(cells) == len(heads) else None


def _without_corner(heads: list[Head], column: int) -> list[Head]:
    """A corner whose 信息内容 is misread is no head."""
    out = [h for h in heads if h.key is not None or h.start > column]
    if len(out) > 1 and column < 0 and out[0].key is None and all(h.key for h in out[1:]):
        return out[1:]
    return out


def _by_place(body: Sequence[Cell], heads: Sequence[Head]) -> list[tuple[Head, Cell]] | None:
    """By grid columns; None where heads and row disagree. A figure under no head gets a head without label."""
    out: list[tuple[Head, Cell]] = []
    rest = list(body)
    for head in heads:
        cells = [c for c in rest if c.column < head.end and c.column + c.colspan > head.start]
        shown = grid.filled(cells)
        if not cells or len({c.text for c in shown}) > 1:
            return None
        out.append((head, shown[0] if shown else cells[0]))
        rest = [c for c in rest if c not in cells]
    for cell in grid.filled(rest):
        if not grid.is_figure(cell):
            return None
        out.append((Head("", cell.column, cell.column + cell.colspan, None), cell))
    return sorted(out, key=lambda pair: pair[0].start)


def _named(item: Entry | None, placed: list[tuple[Head, Cell]]) -> list[tuple[Head, Cell]] | None:
    """Columns whose head is empty or only a piece get the form's, where only one of the editions fits the others."""
    if all(h.key is not None or (h.label and not _is_piece(h.label)) for h, _ in placed):
        return placed
    known = [(h, c) for h, c in placed if not REMARKS.fullmatch(h.label)]
    fitting = [
        keys
        for keys in (LISTS[item.key] if item else ())
        if len(keys) == len(known) and all(h.key in (None, key) for (h, _), key in zip(known, keys))
    ]
    if len(fitting) != 1 or not any(h.key for h, _ in known):
        return None
    return [(h if h.key else replace(h, label=_official(k, len(known)), key=k), c) for (h, c), k in zip(known, fitting[0])]


def _is_piece(label: str) -> bool:
    return labels.is_form_word(label) and not labels.is_whole_label(label)


def _complete(item: Entry | None, heads: Sequence[Head]) -> bool:
    """Whether all of an item's heads are there, so that its figures may be counted off."""
    keys = tuple(h.key for h in heads if h.key)
    if item is None:
        return len(keys) == len(heads)
    return keys in LISTS[item.key] and all(h.key or REMARKS.fullmatch(h.label) for h in heads)


def _without_heads(line: Line, seen: set[int]) -> list[tuple[Head, Cell]] | None:
    """By number, where the heads of the other clauses tell the edition. Never for 规章 and 规范性文件: published forms
    print them in the 2019 edition above clauses in that of 2021."""
    if line.item is None or line.item.key in _DOCUMENTS or len(seen) != 1:
        return None
    edition = next(iter(seen))
    keys = LISTS[line.item.key][edition]
    printed = grid.filled(line.body)
    cells = printed if edition or len(printed) == len(keys) else list(line.body)
    if not keys or len(cells) != len(keys):
        return None
    return [(Head(_official(k, len(keys)), -1, -1, k), c) for k, c in zip(keys, cells)]


def _official(key: str, count: int) -> str:
    return _DECISIONS_2021 if key == "decisions" and count == 1 else catalogue().measures[key].label
