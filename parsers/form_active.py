"""第二十条: which item and which measure a figure belongs to. Editions are told by the heads, item by item, never by year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge.catalogue import ACTIVE, Entry, catalogue
from knowledge.model import Fact, Problem
from knowledge.problems import problem
from parsers import grid, labels
from parsers.document import Cell
from parsers.form_cells import fact, money_unit
from parsers.grid import Row

_CORNER = "信息内容"
_MOST_LINES = 3  # over which a label is broken, above or below its figures
_REMARKS = re.compile(r"备注|说明|注")
# What an item's columns are when no head is printed, by how many figures it has. 规章 and 规范性文件 have three
# columns in both editions, so nothing tells which: they are not in this list.
_BY_COUNT: dict[tuple[str, int], tuple[str, ...]] = {
    ("licensing", 1): ("decisions",),
    ("other_services", 1): ("decisions",),
    ("penalty", 1): ("decisions",),
    ("enforcement", 1): ("decisions",),
    ("fee", 1): ("fee_amount",),
    ("licensing", 3): ("last_year", "change", "decisions"),
    ("other_services", 3): ("last_year", "change", "decisions"),
    ("penalty", 3): ("last_year", "change", "decisions"),
    ("enforcement", 3): ("last_year", "change", "decisions"),
    ("fee", 2): ("last_year", "change"),
    ("procurement", 2): ("projects", "amount"),
}
# The columns of 规章 and 规范性文件 in the two editions: one recognised head tells the others of the row
_OF_DOCUMENTS = (("made", "opened", "total_open"), ("issued", "repealed", "in_force"))
# 处理决定数量 is printed so in 2019 and as 本年处理决定数量 in 2021
_DECISIONS_2021 = "本年处理决定数量"


@dataclass(slots=True)
class _Head:
    """One column: its printed label, the grid columns it covers, the measure it is (None: not in the catalogue)."""

    label: str
    start: int
    end: int
    key: str | None


@dataclass(slots=True)
class _State:
    clause: str | None = None
    heads: list[_Head] = field(default_factory=list)
    open_head: bool = False


def is_row(row: Row) -> bool:
    """A clause, a measure's head or an item: what only this table prints."""
    shown = [c for c in row.cells if grid.is_label(c)]
    if any(labels.clause(c.text) for c in shown) or any(labels.printed(c.text) == _CORNER for c in shown):
        return True
    if shown and _item_of(shown[-1:] if len(shown) == 1 else shown) and (len(shown) <= 2):
        return True
    return any(labels.measures().exact(c.text) for c in shown)


def read(rows: Sequence[Row]) -> tuple[list[Fact], list[Problem]]:
    """Facts of all fragments of the table, in reading order."""
    state = _State()
    facts: list[Fact] = []
    problems: list[Problem] = []
    by_table: dict[int, list[Row]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row)
    ragged = {number: grid.ragged(group) for number, group in by_table.items()}
    for row in _whole_items(rows):
        rest = _take_clause(row, state)
        if not rest:
            continue
        item_at = _item_at(rest, row.label)
        if item_at is None:
            _take_head(rest, state)
            continue
        if state.open_head:
            state.heads, state.open_head = _whole_heads(state.heads), False
        made = _item_facts(row, rest, item_at, state, ragged[row.table])
        if isinstance(made, Problem):
            problems.append(made)
        else:
            facts.extend(made)
    return _once(facts), problems


def _whole_items(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, an item's label that is broken over lines around its figures put together: 其他对外管理服务 · 8 0 9 · 事项."""
    labelled: dict[int, str] = {}
    used: set[int] = set()
    for index, row in enumerate(rows):
        if any(grid.is_figure(c) for c in row.cells):
            label, taken = _around(rows, index, used)
            if label:
                labelled[index] = label
                used |= taken
    for index, row in enumerate(rows):
        if index not in used:
            yield replace(row, label=labelled[index]) if index in labelled else row


def _around(rows: Sequence[Row], index: int, used: set[int]) -> tuple[str | None, set[int]]:
    """An item's whole label made of a row's own text and the lines beside it, and which lines those are."""
    own = [labels.printed(c.text) for c in rows[index].cells if grid.is_label(c)]
    if len(own) > 1 or (own and labels.items().exact(own[0]) and not _lone(rows, index + 1)):
        return None, set()
    middle = own[0] if own else ""
    above = _run(rows, index, -1, used)
    below = _run(rows, index, 1, used)
    for up in range(len(above), -1, -1):
        for down in range(len(below), -1, -1):
            text = "".join(above[len(above) - up :]) + middle + "".join(below[:down])
            if (up or down) and labels.items().exact(text):
                return text, {*range(index - up, index), *range(index + 1, index + down + 1)}
    return None, set()


def _run(rows: Sequence[Row], index: int, step: int, used: set[int]) -> list[str]:
    """Labels that stand alone on the lines above or below a row, in reading order."""
    out: list[str] = []
    at = index + step
    while len(out) < _MOST_LINES and at not in used and (text := _lone(rows, at)):
        out.append(text)
        at += step
    return out if step > 0 else out[::-1]


def _lone(rows: Sequence[Row], index: int) -> str:
    """The text of a line that holds one label only; "" for any other."""
    if not 0 <= index < len(rows):
        return ""
    shown = grid.filled(rows[index].cells)
    if len(shown) != 1 or not grid.is_label(shown[0]) or labels.clause(shown[0].text):
        return ""
    return labels.printed(shown[0].text)


def _take_clause(row: Row, state: _State) -> list[Cell]:
    """The row without its clause cell; a clause begins a new head."""
    rest = []
    for cell in row.cells:
        if grid.is_label(cell) and labels.clause(cell.text):
            state.clause = labels.printed(cell.text)
            state.heads, state.open_head = [], True
        else:
            rest.append(cell)
    return rest if grid.filled(rest) else []


def _item_of(cells: Sequence[Cell]) -> Entry | None:
    for cell in cells:
        key = labels.items().match(cell.text) if grid.is_label(cell) else None
        if key:
            return catalogue().items[key]
    return None


def _item_at(cells: Sequence[Cell], label: str | None) -> int | None:
    """Index of the item's label: one of the catalogue, or any label with figures behind it."""
    for index, cell in enumerate(cells):
        if grid.is_label(cell) and labels.items().match(cell.text) and not labels.measures().exact(cell.text):
            return index
    figures = [i for i, c in enumerate(cells) if grid.is_figure(c)]
    if not figures:
        return None
    if label:
        return figures[0] - 1
    before = [i for i in range(figures[0]) if grid.is_label(cells[i])]
    return before[-1] if before else None


def _take_head(cells: Sequence[Cell], state: _State) -> None:
    """Column heads, as printed: pieces of them are put together once an item's row shows that the head is complete."""
    shown = [c for c in cells if grid.is_label(c)]
    corner = [c for c in shown if labels.printed(c.text) == _CORNER]
    again = bool(corner) and any(labels.measures().exact(h.label) for h in state.heads)
    if again or not state.open_head:
        state.heads, state.open_head = [], True
    for cell in shown:
        if cell not in corner:
            label = labels.printed(cell.text)
            state.heads.append(_Head(label, cell.column, cell.column + cell.colspan, labels.measures().match(cell.text)))


def _whole_heads(pieces: list[_Head]) -> list[_Head]:
    """Pieces that stand in one column, put together where they make up a head: 本年新 · 制作数量."""
    columns: list[list[_Head]] = []
    for piece in pieces:
        column = next((c for c in columns if any(p.start < piece.end and p.end > piece.start for p in c)), None)
        if column is None:
            columns.append([piece])
        else:
            column.append(piece)
    heads = [head for column in columns for head in _put_together(column)]
    return _joined_heads(sorted(heads, key=lambda h: h.start))


def _put_together(column: list[_Head]) -> list[_Head]:
    """Heads in one column: the longest run of pieces that is one of the form's heads, again and again."""
    out: list[_Head] = []
    index = 0
    while index < len(column):
        for end in range(min(len(column), index + _MOST_LINES + 1), index, -1):
            run = column[index:end]
            label = "".join(p.label for p in run)
            key = labels.measures().exact(label)
            if key or end == index + 1:
                out.append(_Head(label, min(p.start for p in run), max(p.end for p in run), key or run[0].key))
                index = end
                break
    return out


def _joined_heads(heads: list[_Head]) -> list[_Head]:
    """A merged head printed in each of its columns is one head."""
    out: list[_Head] = []
    for head in heads:
        if out and head.key and out[-1].label == head.label and head.start <= out[-1].end:
            out[-1] = replace(out[-1], end=max(out[-1].end, head.end))
        else:
            out.append(head)
    return out


def _item_facts(row: Row, cells: list[Cell], at: int, state: _State, ragged: bool) -> list[Fact] | Problem:
    item = catalogue().items[key] if row.label and (key := labels.items().exact(row.label)) else _item_of([cells[at]])
    name = labels.printed(row.label or cells[at].text)
    body = cells[at + 1 :]
    heads = _heads_for(item, state, body)
    if heads is None:
        return problem("columns_unclear", row.span, table=ACTIVE)
    under = _under(body, heads, ragged)
    if under is None:
        return problem("row_short", row.span, row=name, found=len(grid.filled(body)), expected=len(heads))
    clause = state.clause
    if item is not None and (clause is None or labels.clause(clause) != labels.clause(item.clause)):
        clause = item.clause
    path = (clause, name) if clause else (name,)
    return [_fact(path, h, c, row, item) for h, c in zip(heads, under) if not _REMARKS.fullmatch(h.label)]


def _fact(path: tuple[str, ...], head: _Head, cell: Cell, row: Row, item: Entry | None) -> Fact:
    measure = catalogue().measures[head.key] if head.key else None
    money = (money_unit(head.label) or measure.money) if measure and measure.money else money_unit(head.label)
    metric = f"{item.key}.{head.key}" if item and head.key else None
    unit = (measure.unit if measure else None) or "件"
    return fact(ACTIVE, path, (head.label,), cell, row.span, unit="元" if money else unit, money=money, metric=metric)


def _heads_for(item: Entry | None, state: _State, body: Sequence[Cell]) -> list[_Head] | None:
    """The heads above the item, if they are its own; else what the number of figures tells."""
    keys = [h.key for h in state.heads]
    if state.heads and (item is None or any(k in item.measures for k in keys)):
        if item is None or all(k is None or k in item.measures for k in keys):
            return _mended(state.heads) if None in keys else state.heads
    if item is None:
        return None
    known = _BY_COUNT.get((item.key, len(grid.filled(body))))
    if known is None:
        return None
    return [_Head(_official(key, len(known)), -1, -1, key) for key in known]


def _mended(heads: list[_Head]) -> list[_Head] | None:
    """Heads of which a line is lost: told by their neighbours where only one edition fits; a bare piece is not believed."""
    for keys in _OF_DOCUMENTS:
        if len(heads) == len(keys) and any(h.key for h in heads):
            if all(h.key in (None, key) for h, key in zip(heads, keys)):
                return [h if h.key else _Head(catalogue().measures[k].label, h.start, h.end, k) for h, k in zip(heads, keys)]
    return None if any(h.key is None and _is_piece(h.label) for h in heads) else heads


def _is_piece(label: str) -> bool:
    return labels.is_form_word(label) and not labels.is_whole_label(label)


def _official(key: str, count: int) -> str:
    return _DECISIONS_2021 if key == "decisions" and count == 1 else catalogue().measures[key].label


def _under(body: Sequence[Cell], heads: Sequence[_Head], ragged: bool) -> list[Cell] | None:
    """The cell under each head; padding behind the last head is no cell."""
    placed = None if ragged or any(h.start < 0 for h in heads) else _by_place(body, heads)
    if placed is not None:
        return placed
    printed = grid.filled(body)
    if len(printed) == len(heads):
        return printed
    return list(body) if len(body) == len(heads) else None


def _by_place(body: Sequence[Cell], heads: Sequence[_Head]) -> list[Cell] | None:
    """By grid columns; None where head and row disagree about them."""
    out: list[Cell] = []
    for head in heads:
        cells = [c for c in body if c.column < head.end and c.column + c.colspan > head.start]
        shown = grid.filled(cells)
        if not cells or len({c.text for c in shown}) > 1:
            return None
        out.append(shown[0] if shown else cells[0])
        body = [c for c in body if c not in cells]
    return None if grid.filled(body) else out


def _once(facts: list[Fact]) -> list[Fact]:
    kept: dict[tuple[object, ...], Fact] = {}
    for found in facts:
        kept.setdefault((found.metric or found.path, found.column), found)
    return list(kept.values())
