"""第二十条: which item and which measure a figure belongs to. Editions are told by the heads, item by item, never by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge.catalogue import ACTIVE, Entry, catalogue
from knowledge.model import Fact, Problem
from knowledge.problems import problem
from parsers import active_columns, grid, labels
from parsers.active_columns import MOST_LINES, REMARKS, Head, Line
from parsers.document import Cell
from parsers.form_cells import fact, money_unit
from parsers.grid import Row

_CORNER = "信息内容"


@dataclass(slots=True)
class _State:
    """``heads`` as printed until an item's row closes them; ``head_end`` the right edge of the rows they stand in."""

    clause: str | None = None
    heads: list[Head] = field(default_factory=list)
    head_end: int = 0
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
    seen = active_columns.editions([c.text for row in rows for c in row.cells if grid.is_label(c)])
    for row in _whole_items(rows):
        rest = _take_clause(row, state)
        if not rest:
            continue
        item_at = _item_at(rest, row.label)
        if item_at is None:
            _take_head(rest, state)
            continue
        if state.open_head:
            state.heads, state.open_head = active_columns.whole(state.heads), False
        made = _item_facts(row, rest, item_at, state, ragged[row.table], seen)
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
    if grid.is_blank(rows[index].cells[0]) or len(own) > 1 or (own and labels.items().exact(own[0]) and not _lone(rows, index + 1)):
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
    while len(out) < MOST_LINES and at not in used and (text := _lone(rows, at)):
        out.append(text)
        at += step
    return out if step > 0 else out[::-1]


def _lone(rows: Sequence[Row], index: int) -> str:
    """The text of a line that holds one label only; "" for any other."""
    if not 0 <= index < len(rows):
        return ""
    cells = rows[index].cells
    if len(cells) != 1 or not grid.is_label(cells[0]) or labels.clause(cells[0].text):
        return ""
    return labels.printed(cells[0].text)


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
        state.heads, state.head_end, state.open_head = [], 0, True
    state.head_end = max([state.head_end, *(c.column + c.colspan for c in cells)])
    for cell in shown:
        if cell not in corner:
            key = labels.measures().match(cell.text)
            state.heads.append(Head(labels.printed(cell.text), cell.column, cell.column + cell.colspan, key))


def _item_facts(row: Row, cells: list[Cell], at: int, state: _State, ragged: bool, seen: set[int]) -> list[Fact] | Problem:
    known = labels.items().exact(row.label) if row.label else None
    item = catalogue().items[known] if known else _item_of([cells[at]])
    name = labels.printed(row.label or cells[at].text)
    end = max(c.column + c.colspan for c in cells)
    line = Line(item, cells[at].column if at >= 0 else -1, cells[at + 1 :], end)
    placed = active_columns.under(line, state.heads, state.head_end, ragged, seen)
    if placed is None:
        return problem("columns_unclear", row.span, table=ACTIVE)
    clause = state.clause
    if item is not None and (clause is None or labels.clause(clause) != labels.clause(item.clause)):
        clause = item.clause
    path = (clause, name) if clause else (name,)
    return [_fact(path, head, cell, row, item) for head, cell in placed if not REMARKS.fullmatch(head.label)]


def _fact(path: tuple[str, ...], head: Head, cell: Cell, row: Row, item: Entry | None) -> Fact:
    measure = catalogue().measures[head.key] if head.key else None
    money = (money_unit(head.label) or measure.money) if measure and measure.money else money_unit(head.label)
    metric = f"{item.key}.{head.key}" if item and head.key else None
    unit = (measure.unit if measure else None) or "件"
    return fact(ACTIVE, path, (head.label,), cell, row.span, unit="元" if money else unit, money=money, metric=metric)


def _once(facts: list[Fact]) -> list[Fact]:
    kept: dict[tuple[object, ...], Fact] = {}
    for found in facts:
        kept.setdefault((found.metric or found.path, found.column), found)
    return list(kept.values())
