"""Tables that a page break cut in two: joined on one grid, repeated heads left out, cut rows and cut labels mended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from knowledge.catalogue import catalogue, plain_label

# Parts of one table have the same sides to within this many points.
_SIDES = 7.0
_SNAP = 3.0
_FIGURE = re.compile(r"^[-+−]?[\d.,，]+\s*(?:元|万元|件|项|%)?$|^[-—–－/／]+$")
# （三）不予公开 · 三、 · 1. : what begins like this is a row of its own
_NUMBERED = re.compile(r"^\s*(?:[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|\d+[.、．]|[①-⑳]|其中)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell with its text and its sides on the page."""

    row: int
    column: int
    rowspan: int
    colspan: int
    x0: float
    x1: float
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or the part of it on one page."""

    cells: tuple[Printed, ...]
    rows: int

    @property
    def x0(self) -> float:
        return min(c.x0 for c in self.cells)

    @property
    def x1(self) -> float:
        return max(c.x1 for c in self.cells)


@cache
def _labels() -> frozenset[str]:
    """Every label of the forms, plain."""
    known = catalogue()
    out: set[str] = set()
    for group in (known.rows, known.applicants, known.blocks, known.outcomes, known.items, known.measures, known.local):
        for entry in group.values():
            out |= entry.plain
    return frozenset(
        out | {"法人或其他组织", "申请人情况", "信息内容", "统计指标", "本年度办理结果", "行政复议", "行政诉讼"}
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _is_figure(text: str) -> bool:
    return bool(_FIGURE.match(_squeezed(text)))


def _mends(first: str, second: str) -> bool:
    """True where the two texts are halves of one label."""
    if not first.strip() or not second.strip() or _is_figure(first) or _is_figure(second) or _NUMBERED.match(second):
        return False
    whole, start, end = plain_label(first + second), plain_label(first), plain_label(second)
    if not whole or (start in _labels() and end in _labels()):
        return False
    return whole in _labels() or (
        len(whole) > 2 and start not in _labels() and any(label.startswith(whole) for label in _labels())
    )


def continues(first: Part, second: Part) -> bool:
    """Whether the part on the next page has the same sides."""
    return abs(first.x0 - second.x0) < _SIDES and abs(first.x1 - second.x1) < _SIDES


def join(first: Part, second: Part) -> Part:
    """Both parts as one table."""
    second = _without_head(first, second)
    if not second.cells:
        return first
    above, below = _on_one_grid(first, second)
    return _mended(above, below)


def _row_of(part: Part, row: int) -> tuple[tuple[str, int], ...]:
    return tuple((_squeezed(c.text), c.colspan) for c in sorted(part.cells, key=lambda c: c.column) if c.row == row)


def _without_head(first: Part, second: Part) -> Part:
    """The second part without the rows that repeat the head of the first."""
    same = 0
    for row in range(min(first.rows, second.rows, 6)):
        here = _row_of(second, row)
        texts = [text for text, _ in here]
        if tuple(texts) != tuple(text for text, _ in _row_of(first, row)) or any(_is_figure(t) for t in texts):
            break
        same = row + 1
    while same and any(c.row < same < c.row + c.rowspan for c in second.cells):
        same -= 1
    if same and not any(text for row in range(same) for text, _ in _row_of(second, row)):
        same = 0
    return Part(tuple(replace(c, row=c.row - same) for c in second.cells if c.row >= same), second.rows - same)


def _on_one_grid(first: Part, second: Part) -> tuple[Part, Part]:
    shift = first.x0 - second.x0
    second = Part(tuple(replace(c, x0=c.x0 + shift, x1=c.x1 + shift) for c in second.cells), second.rows)
    levels: list[float] = []
    for x in sorted(x for c in (*first.cells, *second.cells) for x in (c.x0, c.x1)):
        if not levels or x - levels[-1] > _SNAP:
            levels.append(x)

    def index(x: float) -> int:
        return min(range(len(levels)), key=lambda i: abs(levels[i] - x))

    def placed(part: Part) -> Part:
        return Part(
            tuple(replace(c, column=index(c.x0), colspan=max(1, index(c.x1) - index(c.x0))) for c in part.cells),
            part.rows,
        )

    return placed(first), placed(second)


def _mended(first: Part, second: Part) -> Part:
    bottom = {(c.column, c.colspan): c for c in first.cells if c.row + c.rowspan == first.rows}
    top = {(c.column, c.colspan): c for c in second.cells if c.row == 0}
    pairs = [(bottom[key], cell) for key, cell in top.items() if key in bottom]
    cut = _is_cut_row(pairs, top, bottom)
    grown: dict[tuple[int, int], Printed] = {}
    gone: set[tuple[int, int]] = set()
    for above, below in pairs:
        single = above.rowspan == 1 and below.rowspan == 1
        if cut and single:
            grown[above.row, above.column] = replace(above, text=_one_text(above.text, below.text))
        elif (cut and not single) or _one_label(above, below, first, second):
            height = above.rowspan + below.rowspan - (1 if cut else 0)
            grown[above.row, above.column] = replace(above, rowspan=height, text=_one_text(above.text, below.text))
        else:
            continue
        gone.add((below.row, below.column))
    shift = first.rows - (1 if cut else 0)
    cells = [grown.get((c.row, c.column), c) for c in first.cells]
    cells += [replace(c, row=c.row + shift) for c in second.cells if (c.row, c.column) not in gone]
    return Part(tuple(cells), first.rows + second.rows - (1 if cut else 0))


def _one_text(first: str, second: str) -> str:
    return first + second.strip() if first.strip() else second


def _is_cut_row(
    pairs: Sequence[tuple[Printed, Printed]],
    top: dict[tuple[int, int], Printed],
    bottom: dict[tuple[int, int], Printed],
) -> bool:
    """One row of which the page break left a part on each page."""
    singles = [(a, b) for a, b in pairs if a.rowspan == 1 and b.rowspan == 1]
    if len(pairs) < len(top) or len(pairs) < len(bottom) or not singles or len(pairs) < 2:
        return False
    labels = [(a, b) for a, b in singles if not (_is_figure(a.text) or _is_figure(b.text))]
    figures = [(a, b) for a, b in singles if _is_figure(a.text) or _is_figure(b.text)]
    if any(_is_figure(a.text) and b.text.strip() or _is_figure(b.text) and a.text.strip() for a, b in figures):
        return False
    above, below = any(a.text.strip() for a, _ in figures), any(b.text.strip() for _, b in figures)
    if above and below:
        return False
    words = [b.text for _, b in labels if b.text.strip()]
    if any(_NUMBERED.match(word) or plain_label(word) in _labels() for word in words):
        return False
    if any(_mends(a.text, b.text) for a, b in labels):
        return True
    if not any(b.text.strip() for _, b in singles):
        return True  # only the lower border of the row is on the next page
    if figures:
        # the rest of a label beside nothing, or the figures of a label that stands on the page before
        return bool(words) and above or not words and below and any(a.text.strip() for a, _ in labels)
    return False


def _one_label(above: Printed, below: Printed, first: Part, second: Part) -> bool:
    """A merged label that the page break cut: text on both pages, or on one of them only."""
    if _is_figure(above.text) or _is_figure(below.text):
        return False
    if above.text.strip() and below.text.strip():
        return _mends(above.text, below.text)
    beside = [
        c for c in second.cells if c.row == 0 and c.column > below.column and c.text.strip() and not _is_figure(c.text)
    ]
    before = [
        c
        for c in first.cells
        if c.row == above.row and c.column > above.column and c.text.strip() and not _is_figure(c.text)
    ]
    merged = above.rowspan > 1 or below.rowspan > 1
    if not below.text.strip():
        return (
            bool(above.text.strip() or merged)
            and (merged or bool(beside))
            and (bool(beside) or not _holds_figures(second, below))
        )
    return bool(before) and merged


def _holds_figures(part: Part, cell: Printed) -> bool:
    """Whether the column of ``cell`` is one of figures."""
    return any(_is_figure(c.text) for c in part.cells if c.column == cell.column and c.colspan == cell.colspan)
