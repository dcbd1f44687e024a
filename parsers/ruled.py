"""Grids from drawn lines: which cells the rules of a page enclose, and how they lie on rows and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parsers.pdfpages import Rule

# Rules nearer than this are one line drawn in pieces; ends this near to a crossing reach it.
_SNAP = 2.2
_REACH = 3.0
# Rules that run on this far beyond the outermost crossing rule show a table without that border.
_OPEN = 8.0

Spans = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: its place on the grid and on the page."""

    row: int
    column: int
    rowspan: int
    colspan: int
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: ``xs`` and ``ys`` are its grid lines."""

    boxes: tuple[Box, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @property
    def x0(self) -> float:
        return self.xs[0]

    @property
    def x1(self) -> float:
        return self.xs[-1]

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]


def _levels(values: Iterable[float]) -> list[float]:
    """Values nearer than _SNAP as one, at their middle."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] < _SNAP:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(levels: Sequence[float], value: float) -> int:
    return min(range(len(levels)), key=lambda i: abs(levels[i] - value))


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1] + _REACH:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _components(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch one another, table by table."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = sorted(range(len(rules)), key=lambda i: rules[i].top)
    for position, i in enumerate(order):
        a = rules[i]
        for j in order[position + 1 :]:
            b = rules[j]
            if b.top > a.bottom + _REACH:
                break
            if a.x0 <= b.x1 + _REACH and b.x0 <= a.x1 + _REACH:
                parent[root(i)] = root(j)
    groups: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        groups.setdefault(root(i), []).append(rule)
    return list(groups.values())


def lattices(rules: Sequence[Rule], most: int = 4000) -> list[Lattice]:
    """The ruled tables of a page from top to bottom. A page with more rules than ``most`` is a drawing."""
    if len(rules) > most:
        return []
    found = [lattice for group in _components(rules) if (lattice := _lattice(group)) is not None]
    return sorted(found, key=lambda lattice: (lattice.top, lattice.x0))


def _closed(across: list[Rule], down: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Adds the outer borders a table leaves open: at its sides, and where a page ends in the middle of a row."""
    left, right = min(r.x0 for r in across), max(r.x1 for r in across)
    top, bottom = min(r.top for r in down), max(r.bottom for r in down)
    if sum(1 for r in across if r.x0 < left + _REACH) >= 2 and min(r.x0 for r in down) > left + _OPEN:
        down = [*down, Rule(left, left, min(r.top for r in across), max(r.top for r in across))]
    if sum(1 for r in across if r.x1 > right - _REACH) >= 2 and max(r.x0 for r in down) < right - _OPEN:
        down = [*down, Rule(right, right, min(r.top for r in across), max(r.top for r in across))]
    if sum(1 for r in down if r.top < top + _REACH) >= 2 and min(r.top for r in across) > top + _OPEN:
        across = [*across, Rule(left, right, top, top)]
    if sum(1 for r in down if r.bottom > bottom - _REACH) >= 2 and max(r.top for r in across) < bottom - _OPEN:
        across = [*across, Rule(left, right, bottom, bottom)]
    return across, down


def _lattice(rules: Sequence[Rule]) -> Lattice | None:
    across = [r for r in rules if r.horizontal]
    down = [r for r in rules if not r.horizontal]
    if len(across) < 2 or len(down) < 2:
        return None
    across, down = _closed(across, down)
    xs, ys = _levels(r.x0 for r in down), _levels(r.top for r in across)
    if len(xs) < 2 or len(ys) < 2:
        return None
    rows: dict[int, list[tuple[float, float]]] = {}
    columns: dict[int, list[tuple[float, float]]] = {}
    for rule in across:
        rows.setdefault(_nearest(ys, rule.top), []).append((rule.x0, rule.x1))
    for rule in down:
        columns.setdefault(_nearest(xs, rule.x0), []).append((rule.top, rule.bottom))
    flat = {i: _joined(spans) for i, spans in rows.items()}
    tall = {i: _joined(spans) for i, spans in columns.items()}

    boxes: list[Box] = []
    taken = [[False] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (
                taken[row][column]
                or not _drawn(flat[row], xs[column], xs[column + 1])
                or not _drawn(tall[column], ys[row], ys[row + 1])
            ):
                continue
            box = _box(row, column, xs, ys, flat, tall)
            if box is None or any(
                taken[r][c] for r in range(row, row + box.rowspan) for c in range(column, column + box.colspan)
            ):
                continue
            for r in range(row, row + box.rowspan):
                for c in range(column, column + box.colspan):
                    taken[r][c] = True
            boxes.append(box)
    return Lattice(tuple(boxes), tuple(xs), tuple(ys)) if boxes else None


def _drawn(spans: Spans, start: float, end: float) -> bool:
    """Whether a rule covers ``start`` to ``end`` without a gap."""
    return any(a <= start + _REACH and b >= end - _REACH for a, b in spans)


def _box(
    row: int,
    column: int,
    xs: Sequence[float],
    ys: Sequence[float],
    flat: Mapping[int, Spans],
    tall: Mapping[int, Spans],
) -> Box | None:
    """The smallest enclosed rectangle with this top left corner."""
    for bottom in range(row + 1, len(ys)):
        if not _drawn(tall[column], ys[row], ys[bottom]):
            return None
        for right in range(column + 1, len(xs)):
            if not _drawn(flat[row], xs[column], xs[right]):
                break
            if _drawn(flat[bottom], xs[column], xs[right]) and _drawn(tall[right], ys[row], ys[bottom]):
                return Box(row, column, bottom - row, right - column, xs[column], xs[right], ys[row], ys[bottom])
    return None
