"""The applications table: which row and which applicant a figure belongs to, whatever the grid around it looks like.

Rows are known by their labels, which may be cut, lost or printed beside their figures; where a label is missing the
order of the rows decides, if exactly as many rows are unlabelled as the form has between their neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from knowledge.catalogue import APPLICATIONS, catalogue, plain_label
from knowledge.model import Fact, Problem, Span
from knowledge.problems import problem
from parsers import form_columns, grid, labels
from parsers.document import Cell
from parsers.figures import visible
from parsers.form_cells import fact
from parsers.form_columns import Columns
from parsers.grid import Row

_GROUPS = ("application.outcome", "application.refused", "application.unavailable", "application.not_processed")
# A group prints no figures of its own: beside its label stands the row of its first reason, whose label may be lost.
_FIRST = {
    "application.outcome": "application.granted",
    "application.refused": "application.refused.state_secret",
    "application.unavailable": "application.unavailable.not_held",
    "application.not_processed": "application.not_processed.petition",
}
_OTHER = "application.other"
_REST = "application.other.rest"
_TOTAL = "application.total"
# 其他 and 总计 are rows and columns both: alone they do not make a row of this table
_AMBIGUOUS = frozenset({_REST, _TOTAL})
# where a second label begins in a cell: 「…（一）」「…1.」「…①」
_INNER_NUMBER = re.compile(r"(?<=\S)(?:\s*)(?=[（(][一二三四五六七][)）]|\d[.、．]|[①-⑧])")
# 「0 · 1」: the figures of two rows in one cell
_SEVERAL = re.compile(r"\s*\d+(?:\s+\d+)+\s*")
_LOST_QUOTES = re.compile("“”|\"\"")
_COUNTING = frozenset({"栏次", "列次", "行次"})  # rows that number the columns
_MOST_PIECES = 6  # lines over which one label is broken


@cache
def leaves() -> tuple[str, ...]:
    """Keys of the rows that hold figures, in the form's order; 其他处理 as the 2019 edition and as the 2021 edition."""
    return tuple(key for key in catalogue().rows if key not in _GROUPS)


@dataclass(slots=True)
class _Line:
    """One row with figures while it is being named. ``pieces`` are the label cells in front of the figures."""

    row: Row
    pieces: list[Cell]
    body: list[Cell]
    key: str | None = None
    label: str | None = None
    above: str | None = None  # key of the last named line before this one
    before: list[Cell] = field(default_factory=list)
    after: list[Cell] = field(default_factory=list)


def is_row(row: Row) -> bool:
    """Whether a row carries a label that only this table has."""
    return any(
        key is not None and key not in _AMBIGUOUS
        for key in (labels.rows().match(c.text) for c in row.cells if grid.is_label(c))
    )


def is_head(row: Row) -> bool:
    """Whether a row holds heads of this table's columns."""
    return form_columns.applicant_heads(row) >= 2


def read(rows: Sequence[Row]) -> tuple[list[Fact], list[Problem]]:
    """Facts of the table whose fragments' rows are given in reading order."""
    lines, loose = _lines(rows)
    _name(lines)
    by_table: dict[int, list[_Line]] = {}
    for line in lines:
        by_table.setdefault(line.row.table, []).append(line)
    parents = _parents(rows, loose)
    present = {line.key for line in lines}
    facts: list[Fact] = []
    problems: list[Problem] = []
    columns: Columns | None = None
    own: dict[int, list[Row]] = {}
    for row in rows:
        own.setdefault(row.table, []).append(row)
    for number, group in by_table.items():
        columns = form_columns.columns(own[number], [(line.row, line.body) for line in group], columns)
        for line in group:
            lost = line.key in _GROUPS and _FIRST[line.key] not in present
            made = problem("columns_unclear", line.row.span, table=APPLICATIONS) if lost else _facts(line, columns, parents)
            if isinstance(made, Problem):
                problems.append(made)
            else:
                facts.extend(made)
    return _once(facts, problems)


# ---------------------------------------------------------------- rows and their labels


def _unglued(row: Row) -> Row:
    """A group's label and its row's in one cell, as two: （三）不予公开1.属于国家秘密."""
    cells: list[Cell] = []
    for cell in row.cells:
        cuts = [m.end() for m in _INNER_NUMBER.finditer(cell.text)] if grid.is_label(cell) else []
        parts = _parts(cell, cuts) if cuts and labels.rows().exact(cell.text) is None else []
        known = [labels.rows().exact(part.text) for part in parts]
        cells.extend(parts if parts and all(known) else [cell])
    return replace(row, cells=tuple(cells)) if len(cells) > len(row.cells) else row


def _parts(cell: Cell, cuts: Sequence[int]) -> list[Cell]:
    out = []
    for start, end in pairwise([0, *cuts, len(cell.text)]):
        text = cell.text[start:end].rstrip()
        if text:
            at = cell.span.start + start
            out.append(replace(cell, text=text, span=Span(at, at + len(text))))
    return out


def _lines(rows: Sequence[Row]) -> tuple[list[_Line], list[Cell]]:
    """Rows with figures, and the label cells that stand in rows without any."""
    lines: list[_Line] = []
    loose: list[Cell] = []
    above: list[Cell] = []
    for row in map(_unglued, rows):
        if is_head(row) or any(labels.printed(c.text) in _COUNTING for c in row.cells):
            continue
        at = _label_at(row)
        pieces, body = list(row.cells[: at + 1]), list(row.cells[at + 1 :])
        if not any(grid.is_figure(c) for c in body) and not _blank_row(pieces, body):
            cells = [c for c in row.cells if grid.is_label(c)]
            loose.extend(cells)
            (lines[-1].after if lines else above).extend(cells)
            continue
        lines.append(_Line(row, [c for c in pieces if grid.is_label(c)], body))
    for earlier, later in pairwise(lines):
        later.before = earlier.after
    if lines:
        lines[0].before = above
    return lines, loose


def _label_at(row: Row) -> int:
    """Index of the last label cell in front of the figures: the last that names a row, else the last text before them."""
    named = [i for i, c in enumerate(row.cells) if grid.is_label(c) and labels.rows().match(c.text)]
    at = named[-1] if named else -1
    if named and labels.rows().match(row.cells[at].text) not in _GROUPS:
        return at
    for index, cell in enumerate(row.cells):
        if grid.is_figure(cell):
            break
        if grid.is_label(cell) and (not named or labels.numbering_level(labels.printed(cell.text)) is not None):
            at = max(at, index)
    return at


def _blank_row(pieces: Sequence[Cell], body: Sequence[Cell]) -> bool:
    """A row of the form whose figures were all left out: a leaf label with its empty cells."""
    key = next((k for k in (labels.rows().match(c.text) for c in reversed(pieces) if grid.is_label(c)) if k), None)
    return len(body) >= 7 and key is not None and key not in _GROUPS


def _name(lines: list[_Line]) -> None:
    """Gives each line its row key: by its own label, by label and neighbouring pieces, by order."""
    previous: str | None = None
    used: set[int] = set()
    for line in lines:
        line.above = previous
        _name_one(line, previous, used)
        previous = line.key or previous
    if any((line.key or "").startswith(_OTHER + ".") for line in lines):
        for line in lines:  # 其他处理 has rows of its own here: what stands beside it is the first of them
            if line.key == _OTHER:
                line.key = line.label = None
    for line, below in pairwise(lines):  # and so where the rows below it have lost their labels
        if line.key == _OTHER and below.key is None and not below.pieces:
            line.key = line.label = None
    _by_order(lines)


def _name_one(line: _Line, previous: str | None, used: set[int]) -> None:
    own = line.pieces[-1] if line.pieces else None
    exact = labels.rows().exact(own.text) if own else None
    if own is not None and exact and exact not in _GROUPS:
        _settle(line, exact, _extended(line, exact, used), previous)
        return
    for text, pieces in _joined(line, used):
        key = labels.rows().exact(text)
        if key and key not in _GROUPS and (key not in _AMBIGUOUS or labels.numbering_level(text) is not None):
            _settle(line, key, text, previous)
            used.update(id(cell) for cell in pieces)
            return
    if own is not None:
        key = labels.rows().match(own.text)
        if key and key not in _GROUPS:
            _settle(line, key, labels.printed(own.text), previous)
        elif key:
            line.key, line.label = key, labels.printed(own.text)


def _extended(line: _Line, key: str, used: set[int]) -> str:
    """A label that is whole without its first or last line, with them: 一、本年 · 新收政府信息公开申请数量."""
    longest, taken = labels.printed(line.pieces[-1].text), list[Cell]()
    for text, pieces in _joined(line, used):
        loose = all(labels.rows().exact(c.text) is None for c in pieces)
        if len(text) > len(longest) and loose and line.pieces[:-1] == [] and labels.rows().whole(text) == key:
            longest, taken = text, pieces
    used.update(id(cell) for cell in taken)
    return longest


def _settle(line: _Line, key: str, label: str, previous: str | None) -> None:
    if key == _REST and not _in_other(line, previous):
        return  # another 其他 that a province added: not the form's
    if _LOST_QUOTES.search(label):  # 危及三“”安全一稳定, of some PDF readers: nobody prints it so
        number = label[: len(label) - len(label.lstrip("（）()一二三四五六七八九十0123456789.、．①②③④⑤⑥⑦⑧"))]
        label = number + catalogue().rows[key].label
    line.key, line.label = key, label


def _in_other(line: _Line, previous: str | None) -> bool:
    groups = [labels.rows().match(c.text) for c in (*line.before, *line.pieces)]
    return (previous or "").startswith(_OTHER) or _OTHER in groups


def _joined(line: _Line, used: set[int]) -> Iterable[tuple[str, list[Cell]]]:
    """Labels that the pieces around a row could make up, and the pieces: above it, around it, below it. A piece
    belongs to one row only."""
    before = [c for c in line.before if id(c) not in used and not _is_group(c)][-_MOST_PIECES:]
    after = [c for c in line.after if id(c) not in used and not _is_group(c)][:_MOST_PIECES]
    above = [before[len(before) - n :] for n in range(len(before) + 1)]
    below = [after[:n] for n in range(len(after) + 1)]
    own = line.pieces[-1:]
    around = [(a, b) for a in above for b in below if a and b]
    outside = [*((a, []) for a in above), *around, *(([], b) for b in below)]
    beside = [*(([], b) for b in below), *around, *((a, []) for a in above)]
    for middle in [own] if line.pieces == own else [own, line.pieces]:
        for a, b in beside if own else outside:
            yield "".join(labels.printed(c.text) for c in (*a, *middle, *b)), [*a, *b]


def _is_group(cell: Cell) -> bool:
    """A group's whole label, which stands in the middle of its rows: no piece of theirs."""
    return labels.rows().exact(cell.text) in (*_GROUPS, _OTHER)


def _by_order(lines: list[_Line]) -> None:
    """Names unlabelled lines where exactly as many rows of the form are missing between their named neighbours."""
    order = _order(lines)
    index = 0
    while index < len(lines):
        if not _nameless(lines[index]):
            index += 1
            continue
        end = index
        while end < len(lines) and _nameless(lines[end]):
            end += 1
        first = _place(order, lines[index - 1].key) if index else -1
        last = _place(order, lines[end].key) if end < len(lines) else len(order)
        if first is not None and last is not None:
            missing = order[first + 1 : last]
            run = lines[index:end]
            if len(missing) == len(run) and all(_could_be(line, key) for line, key in zip(run, missing)):
                for line, key in zip(run, missing):
                    line.key, line.label = key, None
        index = end


def _place(order: Sequence[str], key: str | None) -> int | None:
    return order.index(key) if key in order else None


def _nameless(line: _Line) -> bool:
    """No key, or only that of a group: a group prints no figures, so its first row's label is the one that is lost."""
    return line.key is None or line.key in _GROUPS


def _order(lines: Sequence[_Line]) -> list[str]:
    """The form's rows in order, in the edition whose 其他处理 these lines print."""
    keys = {line.key for line in lines}
    seen = {labels.rows().match(c.text) for line in lines for c in (*line.pieces, *line.before, *line.after)}
    split = any(k and k.startswith(_OTHER + ".") for k in keys) or (_OTHER in seen and _OTHER not in keys)
    return [k for k in leaves() if not (k.startswith(_OTHER + ".") and not split) and not (k == _OTHER and split)]


def _could_be(line: _Line, key: str) -> bool:
    """Whether what is left of a label does not contradict the row it would be: its characters in the same order."""
    groups = (*_GROUPS, _OTHER) if key.startswith(_OTHER + ".") else _GROUPS
    text = plain_label("".join(labels.printed(c.text) for c in line.pieces if labels.rows().match(c.text) not in groups))
    whole = iter(plain_label(catalogue().rows[key].label))
    return all(char in whole for char in text)


# ---------------------------------------------------------------- facts


def _parents(rows: Sequence[Row], loose: Sequence[Cell]) -> dict[str, str]:
    """Printed labels of the groups: 三、本年度办理结果, （三）不予公开 …"""
    found: dict[str, str] = {}
    for row in map(_unglued, rows):
        for cell in row.cells:
            if grid.is_label(cell):
                key = labels.rows().exact(cell.text)
                if key in _GROUPS or key == _OTHER:
                    found.setdefault(key, labels.printed(cell.text))
    return found


def official(key: str) -> str:
    """A row's label as the form prints it."""
    entry = catalogue().rows[key]
    return f"{entry.number}{entry.label}"


def _path(key: str, label: str | None, parents: dict[str, str]) -> tuple[str, ...]:
    above = catalogue().rows[key].under
    chain: list[str] = []
    while above:
        chain.insert(0, parents.get(above) or official(above))
        above = catalogue().rows[above].under
    return (*chain, label or official(key))


def _facts(line: _Line, columns: Columns, parents: dict[str, str]) -> list[Fact] | Problem:
    cells = form_columns.align(line.row, line.body, columns)
    name = line.label or "".join(labels.printed(c.text) for c in line.pieces) or "?"
    if cells is None:
        printed = len(grid.filled(line.body))
        return problem("row_short", line.row.span, row=name, found=printed, expected=len(columns.heads))
    if not line.pieces and _leaves_one_over(line.body, cells):
        return problem("columns_unclear", line.row.span, table=APPLICATIONS)
    several = sum(_SEVERAL.fullmatch(visible(c.text).text) is not None for c in cells)
    if several > 2 or (several and any(map(grid.is_blank, cells))):  # the others moved up into their place
        return problem("run_together", line.row.span)
    if line.key is not None:
        path, metric = _path(line.key, line.label, parents), line.key
    elif name != "?" and len(name) > 1 and labels.rows().exact(name) not in (*_GROUPS, _OTHER):
        path, metric = _extra_path(line, parents), None
    else:
        return problem("columns_unclear", line.row.span, table=APPLICATIONS)
    quote = _quote(line)
    return [
        fact(APPLICATIONS, path, head.path, cell, quote, unit="件", metric=metric, applicant=head.key)
        for head, cell in zip(columns.heads, cells)
    ]


def _leaves_one_over(body: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Whether a row without a label prints a figure beside those under the heads: then its cells have slid into the
    label's place, and none stands where it should."""
    taken = {cell.span for cell in cells}
    return any(grid.is_figure(cell) and cell.span not in taken for cell in body)


def _extra_path(line: _Line, parents: dict[str, str]) -> tuple[str, ...]:
    """Rows a province added: （八） under 三, 9. under the group of the row above it, else alone."""
    label = labels.printed(line.pieces[-1].text)
    above = [labels.printed(c.text) for c in line.pieces[:-1]]
    level = labels.numbering_level(label)
    if not above and level == 1:
        return (parents.get("application.outcome") or official("application.outcome"), label)
    if not above and level is not None and level > 1 and line.above:
        return (*_path(line.above, None, parents)[:-1], label)
    return (*above, label)


def _quote(line: _Line) -> Span:
    span = line.row.span
    if line.key is not None and line.label and not line.pieces:
        spans = [c.span for c in (*line.before, *line.after)]
        return Span(min([span.start, *(s.start for s in spans)]), max([span.end, *(s.end for s in spans)]))
    return span


def _once(facts: list[Fact], problems: list[Problem]) -> tuple[list[Fact], list[Problem]]:
    """A cell printed twice is read once; a second table with other figures is reported."""
    kept: dict[tuple[tuple[str, ...], tuple[str, ...]], Fact] = {}
    differ = False
    for found in facts:
        place = (found.path if found.metric is None else (found.metric,), found.column)
        if place not in kept:
            kept[place] = found
        elif kept[place].value != found.value:
            differ = True
    if differ:
        problems.append(problem("twice", facts[0].quote, table=APPLICATIONS))
    return list(kept.values()), problems
