"""The labels of a statistics table's rows: put together where a page broke them, nested as they are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.catalogue import catalogue
from parsers import grid, labels
from parsers.document import Cell
from parsers.grid import Row
from parsers.local_shape import Shape
from parsers.text_lines import display_width

# a wrapped line ends at most this many screen columns before the widest: a word or a figure that did not fit
_RAGGED = 6


@dataclass(frozen=True, slots=True)
class Level:
    rank: int
    indent: int
    label: str
    key: str | None
    sub: bool
    group: bool = False  # prints no figure: a heading for the rows below it


def whole_labels(body: Sequence[Row], shape: Shape) -> list[Row]:
    """Labels that a page printed over several lines, put together: above, around or behind the row's figures.

    Only in tables with a column of units that show broken lines: figures without a label, brackets that do not close,
    full lines without a unit where a heading would have a stroke for it.
    """
    if shape.unit_column is None:
        return list(body)
    strokes = any(grid.figure(c).state == "struck" for r in body for c in r.cells if c.column == shape.unit_column)
    if not any(_is_tail(r, shape) or _open(_own(r, shape)) for r in body) and not (strokes and _wrapped(body, shape)):
        return list(body)
    out: list[Row] = []
    pending: list[Row] = []
    for row in body:
        own = _own(row, shape)
        if not _has_unit(row, shape):
            if out and not pending and _ends(out[-1], own, shape):
                out[-1] = replace(out[-1], label=_text(out[-1], shape) + own)
            else:
                pending.append(row)
            continue
        begins = labels.numbering_level(own) is not None or bool(labels.SUB_ROW.match(own))
        if pending and not begins and (not own or strokes or _open(_own(pending[-1], shape))):
            known = next((n for n in range(len(pending)) if _known(pending[n:], own, shape)), 0)
            out.extend(pending[:known])  # a heading without a stroke for its unit
            pending = pending[known:]
            label = "".join(_own(r, shape) for r in pending) + own
            first = next(c for c in pending[0].cells if grid.is_label(c))
            rest = tuple(c for c in row.cells if c.column not in shape.label_columns)
            row = replace(row, cells=(replace(first, column=shape.label_columns[-1]), *rest), label=label)
        else:
            out.extend(pending)
        pending = []
        out.append(row)
    return [*out, *pending]


def _wrapped(body: Sequence[Row], shape: Shape) -> bool:
    """Whether every line without a unit fills the labels' column, as a line that goes on below does."""
    widths = [_width(row, shape) for row in body]
    lone = [width for row, width in zip(body, widths, strict=True) if not _has_unit(row, shape)]
    return bool(lone) and min(lone) >= max(widths) - _RAGGED


def _width(row: Row, shape: Shape) -> int:
    """Screen columns of a row's label with its indent."""
    shown = [c for c in row.cells if c.column in shape.label_columns and grid.is_label(c)]
    return sum(display_width(labels.printed(c.text)) + c.indent for c in shown)


def _known(pieces: Sequence[Row], own: str, shape: Shape) -> bool:
    return labels.local_rows().exact("".join(_own(r, shape) for r in pieces) + own) is not None


def _own(row: Row, shape: Shape) -> str:
    return "".join(labels.printed(c.text) for c in row.cells if c.column in shape.label_columns and grid.is_label(c))


def _text(row: Row, shape: Shape) -> str:
    return row.label or _own(row, shape)


def _has_unit(row: Row, shape: Shape) -> bool:
    return any(c.column == shape.unit_column and not grid.is_blank(c) for c in row.cells)


def _is_tail(row: Row, shape: Shape) -> bool:
    """Unit and figures without a label."""
    return _has_unit(row, shape) and not _own(row, shape)


def _open(label: str) -> bool:
    return label.count("（") + label.count("(") > label.count("）") + label.count(")")


def _ends(row: Row, rest: str, shape: Shape) -> bool:
    """Whether a line without figures is the end of the label above: what it leaves open, a note, a last word."""
    label = _text(row, shape)
    if labels.numbering_level(rest) is not None or labels.SUB_ROW.match(rest):
        return False
    if _open(label) or rest.startswith(("（", "(")):
        return True
    whole = labels.local_rows().exact(label)
    return whole is None and (labels.local_rows().exact(label + rest) is not None or row.label is not None)


def label_cells(row: Row, shape: Shape, above: dict[int, Cell]) -> list[Cell]:
    """The row's labels from the outermost in; a merged label reaches down to the rows it covers."""
    own = {c.column: c for c in row.cells if c.column in shape.label_columns and grid.is_label(c)}
    if not own:
        before = [
            c
            for c in row.cells
            if grid.is_label(c) and c.column < shape.columns[0].at and c.column != shape.unit_column
        ]
        return before[:1]  # 合计 under 序号, a group's name over the whole row
    first = min(own)
    carried = [above[at] for at in shape.label_columns if at < first and at in above]
    for at in [at for at in above if at >= first]:
        del above[at]
    above.update(own)
    return [*carried, *(own[at] for at in sorted(own))]


def ranks_of(body: Sequence[Row], shape: Shape) -> dict[int, int]:
    """Numbering style → depth: as usual （一） above 1. above ①, but as printed where the table begins otherwise."""
    order: list[int] = []
    first_is_one = False
    for row in body:
        for cell in row.cells:
            if cell.column in shape.label_columns and grid.is_label(cell):
                label = labels.printed(cell.text)
                level = labels.numbering_level(label)
                if level is not None and level not in order:
                    if not order:
                        first_is_one = bool(re.match(r"[（(]?[1一①]", label))
                    order.append(level)
    if first_is_one:
        return {level: rank for rank, level in enumerate(order)}
    return {level: rank for rank, level in enumerate(sorted(order))}


def last_number(body: Sequence[Row], shape: Shape) -> int:
    """Index of the last numbered row: an unnumbered row before it stands under the number above it."""
    return max(
        (
            index
            for index, row in enumerate(body)
            for cell in row.cells
            if cell.column in shape.label_columns
            and grid.is_label(cell)
            and labels.numbering_level(labels.printed(cell.text)) is not None
        ),
        default=-1,
    )


def path_of(
    cells: Sequence[Cell], stack: list[Level], ranks: dict[int, int], numbers_follow: bool, margin: int
) -> tuple[str, ...]:
    """Nests the innermost label; the labels of outer columns stand above it as they are."""
    outer = tuple(labels.printed(c.text) for c in cells[:-1])
    cell = cells[-1]
    label = labels.printed(cell.text)
    key = labels.local_rows().exact(cell.text)
    level = labels.numbering_level(label)
    sub = bool(labels.SUB_ROW.match(label))
    if outer:
        stack.clear()
    elif level is not None and not sub:
        rank = ranks.get(level, level)
        while stack and (stack[-1].rank >= rank or stack[-1].sub):
            stack.pop()
    elif sub:
        while stack and stack[-1].sub:
            stack.pop()
    else:
        _unnumbered(cell.indent - margin, key, stack, numbers_follow)
    rank = ranks.get(level, 90) if level is not None and not sub else 90
    child = sub or (level is None and bool(stack))
    stack.append(Level(rank, cell.indent - margin, label, key, child))
    return (*outer, *(entry.label for entry in stack))


def _unnumbered(indent: int, key: str | None, stack: list[Level], numbers_follow: bool) -> None:
    """A row without number: under the row its catalogue entry names, under what it is indented below, or on its own."""
    under = catalogue().local[key].under if key else None
    names = [entry.key for entry in stack]
    if under and under in names:
        del stack[names.index(under) + 1 :]
        return
    while stack and (stack[-1].sub or stack[-1].rank == 90) and indent <= stack[-1].indent:
        if stack[-1].sub and indent == stack[-1].indent and indent > 0:
            stack.pop()
            return
        stack.pop()
    if not stack:
        return
    if indent > stack[-1].indent:
        if stack[-1].sub and stack[-1].label.startswith("其中"):
            stack.pop()  # 其中：A · (indented) B: B stands beside A
        return
    if stack[-1].rank < 90 and (numbers_follow or stack[-1].group):
        return
    stack.clear()
