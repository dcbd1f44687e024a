"""The seven applicant columns: their order, their printed heads, and which cell of a row stands under which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.catalogue import catalogue
from parsers import grid, labels
from parsers.document import Cell
from parsers.grid import Row

ORDER = ("individual", "business", "research", "public_interest", "legal_service", "other", "total")
_PARENT = "organisation"


@dataclass(frozen=True, slots=True)
class Head:
    """``key`` of the applicant, ``path`` its printed labels (法人或其他组织, 商业企业)."""

    key: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """``heads`` from left to right. ``places``: grid columns confirmed by the rows, or None where rows are counted.

    ``extents``: columns that each head covers, where the rows confirm them. ``ragged``: rows of the fragment have
    different lengths, so that a cell's number in its row says nothing. ``wide``: some row prints more than the heads'
    figures (sums, remarks). ``label_end``: the first column behind every row's label.
    """

    heads: tuple[Head, ...]
    places: tuple[int, ...] | None
    extents: tuple[tuple[int, int], ...] | None
    ragged: bool
    wide: bool
    label_end: int


def applicant_heads(row: Row) -> int:
    """How many different applicants' names a row holds; 0 for a row that holds figures."""
    if any(grid.is_figure(c) for c in row.cells) and len(grid.filled(row.cells)) > 4:
        return 0
    keys = {labels.applicants().exact(c.text) for c in row.cells if grid.is_label(c)} - {None}
    return len(keys) if keys - {"other", "total"} else 0


def columns(rows: Sequence[Row], bodies: Sequence[tuple[Row, list[Cell]]], before: Columns | None) -> Columns:
    """The columns of one fragment; one without a head has those of the fragment before it."""
    found = [(key, cell) for row in rows if applicant_heads(row) for key, cell in _heads(row)]
    ragged = grid.ragged(rows)
    if before is not None and not found:
        heads = before.heads
    else:
        heads = _in_order(found, ragged, bodies)
    extents = None if ragged else _extents(found, heads)
    if extents is None and not found and before is not None and not ragged:
        extents = before.extents
    if extents is not None and not _confirmed(bodies, extents):
        extents = None
    places = None if ragged else _places(bodies, len(heads))
    at_odds = places is None and any(len(grid.filled(body)) == len(heads) for _, body in bodies)
    wide = any(len(grid.filled(body)) > len(heads) for _, body in bodies)
    return Columns(heads, places, extents, ragged or at_odds, wide, _label_end(bodies))


def align(row: Row, body: Sequence[Cell], columns: Columns) -> list[Cell] | None:
    """The row's cell under each head, or None where that cannot be told."""
    count = len(columns.heads)
    if columns.extents is not None:
        return _under(body, columns.extents)
    printed = grid.filled(body)
    if len(printed) > count or (columns.wide and len(body) != count):
        return None
    if len(printed) == count:
        return printed
    if columns.ragged:
        return list(body) if len(body) == count else None
    if columns.places is not None:
        return _complete(grid.pick(body, columns.places))
    behind = [c for c in body if c.column >= columns.label_end]
    if len(behind) == count and all(grid.is_blank(c) for c in body if c.column < columns.label_end):
        return behind
    return None


def _complete(cells: list[Cell | None] | None) -> list[Cell] | None:
    if cells is None or any(c is None for c in cells):
        return None
    return [c for c in cells if c is not None]


def _heads(row: Row) -> list[tuple[str, Cell]]:
    found = []
    for cell in row.cells:
        key = labels.applicants().exact(cell.text) if grid.is_label(cell) else None
        if key:
            found.append((key, cell))
    return found


def _in_order(found: list[tuple[str, Cell]], ragged: bool, bodies: Sequence[tuple[Row, list[Cell]]]) -> tuple[Head, ...]:
    """Heads from left to right. Printed order where all seven are printed once; else the form's, if not contradicted."""
    first: dict[str, Cell] = {}
    for key, cell in found:
        first.setdefault(key, cell)
    printed = _printed_order(first, ragged)
    keys: Sequence[str] = ORDER
    if set(printed) == set(ORDER) and tuple(printed) != ORDER and _rather(bodies, printed, ragged):
        keys = printed
    return tuple(Head(key, _labels(key, first)) for key in keys)


def _printed_order(first: dict[str, Cell], ragged: bool) -> list[str]:
    leaves = {k: c for k, c in first.items() if k != _PARENT}
    if not ragged:
        return sorted(leaves, key=lambda k: leaves[k].column)
    if _PARENT not in first:
        return []  # which heads stand between which cannot be told
    rows: dict[int, list[str]] = {}
    for key, cell in first.items():
        rows.setdefault(cell.row, []).append(key)
    top, *lower = [sorted(rows[r], key=lambda k: first[k].column) for r in sorted(rows)] or [[]]
    below = [k for row in lower for k in row]
    out: list[str] = []
    for key in top:
        out.extend(below if key == _PARENT else [key])
    return out if _PARENT in top else []


def _rather(bodies: Sequence[tuple[Row, list[Cell]]], printed: Sequence[str], ragged: bool) -> bool:
    """Whether to believe another order of heads than the form's: where rows add up in it, or at least in no other."""
    own, official = _fits(bodies, printed), _fits(bodies, ORDER)
    return own > official or (own == official == 0 and not ragged)


def _fits(bodies: Sequence[tuple[Row, list[Cell]]], order: Sequence[str]) -> int:
    """How many rows add up when their figures are read in this order: heads made by a machine can be plain wrong."""
    right = 0
    for _, body in bodies:
        values = [_counted(c) for c in grid.filled(body)]
        if len(values) == len(order) and all(v is not None for v in values) and any(values):
            numbers = dict(zip(order, (v for v in values if v is not None)))
            right += numbers["total"] == sum(v for k, v in numbers.items() if k != "total")
    return right


def _counted(cell: Cell) -> Decimal | None:
    """What a cell adds to its row: a struck one nothing, which tells as much about the order as a nought."""
    figure = grid.figure(cell)
    return Decimal(0) if figure.state == "struck" else figure.value


def _labels(key: str, first: dict[str, Cell]) -> tuple[str, ...]:
    entry = catalogue().applicants[key]
    own = labels.printed(first[key].text) if key in first else entry.label
    if entry.under is None:
        return (own,)
    parent = labels.printed(first[_PARENT].text) if _PARENT in first else "法人或其他组织"
    return (parent, own)


def _places(bodies: Sequence[tuple[Row, list[Cell]]], count: int) -> tuple[int, ...] | None:
    return grid.figure_columns([body for _, body in bodies], count)


def _confirmed(bodies: Sequence[tuple[Row, list[Cell]]], extents: Sequence[tuple[int, int]]) -> bool:
    """Whether rows have their figures where the heads are: heads and rows of one table can disagree about spans."""
    agree = at_odds = 0
    for _, body in bodies:
        under = _under(body, extents)
        if under is not None and all(not grid.is_blank(c) for c in under):
            agree += 1
        elif sum(grid.is_figure(c) for c in body) == len(extents):
            at_odds += 1
    return agree >= at_odds


def _extents(found: list[tuple[str, Cell]], heads: Sequence[Head]) -> tuple[tuple[int, int], ...] | None:
    """Columns that each head covers in the grid; None unless all are printed and none overlap."""
    first: dict[str, Cell] = {}
    for key, cell in found:
        first.setdefault(key, cell)
    if any(head.key not in first for head in heads):
        return None
    extents = [(first[h.key].column, first[h.key].column + first[h.key].colspan) for h in heads]
    if any(a[1] > b[0] for a, b in zip(extents, extents[1:])):
        return None
    return tuple(extents)


def _under(body: Sequence[Cell], extents: Sequence[tuple[int, int]]) -> list[Cell] | None:
    """The one cell under each head; a phantom column beside it is passed over while it is empty."""
    out: list[Cell] = []
    for start, end in extents:
        cells = [c for c in body if c.column < end and c.column + c.colspan > start]
        printed = grid.filled(cells)
        if not cells or len(printed) > 1:
            return None
        out.append(printed[0] if printed else cells[0])
    return out if len({id(c) for c in out}) == len(out) else None


def _label_end(bodies: Sequence[tuple[Row, list[Cell]]]) -> int:
    """First column behind every row's label."""
    return max((body[0].column for _, body in bodies if body), default=0)
