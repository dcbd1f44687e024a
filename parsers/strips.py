"""Sheets too wide for the paper: a spreadsheet prints its right-hand columns on further pages, without the row labels.

Such pages are put beside the page they go on from, but only where the paper itself proves it: the rules run out of one
page and into the other at the same heights, every row of figures on the right goes on a row on the left that is no head,
and only one page fits. Anything else is left as it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers import labels
from parsers.figures import figure
from parsers.glyphs import TextLine, lines
from parsers.pdfpages import Glyph, Page, Rule

# Rules at one height on two pages differ by no more, in points.
_SAME = 1.5
# Fewer common heights prove nothing.
_FEWEST_LEVELS = 3


@dataclass(slots=True)
class _Sheet:
    """A page, or several side by side. ``levels``: the heights of the first one's rules, ``lines`` what stands between
    them; ``right``: how far the rules of the last one reach on its own paper; ``shift``: how far that lies to the right."""

    page: Page
    levels: list[float]
    lines: list[TextLine]
    right: float
    shift: float = 0.0


def beside(pages: Sequence[Page]) -> list[Page]:
    """The pages with those that go on to the right of another put there."""
    if len(pages) < 2:
        return list(pages)
    sheets = [_sheet(page) for page in pages]
    ruled = [sheet for sheet in sheets if len(sheet.levels) >= _FEWEST_LEVELS]
    rest = [sheet for sheet in ruled if _is_rest(sheet)]
    if not rest:
        return list(pages)
    left = min(rule.x0 for sheet in ruled for rule in sheet.page.rules)
    right = max(sheet.right for sheet in ruled)
    out: list[_Sheet] = []
    for sheet in sheets:
        fitting = [i for i, other in enumerate(out) if _goes_on(other, sheet, left, right)] if sheet in rest else []
        if len(fitting) == 1:
            out[fitting[0]] = _put_together(out[fitting[0]], sheet, left)
        elif sheet in rest and out and out[0] is not sheets[0]:
            return list(pages)  # its place is not sure: what comes after it would be taken for it
        else:
            out.append(sheet)
    return [sheet.page for sheet in out]


def _sheet(page: Page) -> _Sheet:
    levels: list[float] = []
    for rule in sorted((r for r in page.rules if r.horizontal), key=lambda r: r.top):
        if not levels or rule.top - levels[-1] > _SAME:
            levels.append(rule.top)
    inside = [g for g in page.glyphs if levels and levels[0] < (g.top + g.bottom) / 2 < levels[-1]]
    return _Sheet(page, levels, lines(inside), max((rule.x1 for rule in page.rules), default=0.0))


def _is_figure(text: str) -> bool:
    return figure(text).state in ("number", "struck")


def _is_rest(sheet: _Sheet) -> bool:
    """Whether it has rows of figures, and no label of a row, beside them or elsewhere."""
    rows = [[_is_figure(piece.text) for piece in line.pieces] for line in sheet.lines]
    bare = any(all(row) for row in rows) and all(all(row) for row in rows if any(row))
    return bare and not any(_is_row_label(piece.text) for line in sheet.lines for piece in line.pieces)


def _is_row_label(text: str) -> bool:
    return _kind(text) is None and (labels.rows().exact(text) is not None or labels.items().exact(text) is not None)


def _kind(text: str) -> str | None:
    """Of which table's columns a text is a head, None where of none."""
    if labels.numbering_level(text) is not None:
        return None
    for kind, lexicon in (("review", labels.outcomes()), ("review", labels.blocks()), ("active", labels.measures())):
        if lexicon.exact(text) is not None and labels.applicants().exact(text) is None:
            return kind
    return "applications" if labels.applicants().exact(text) is not None else None


def _has(levels: Sequence[float], y: float) -> bool:
    return any(abs(level - y) <= _SAME for level in levels)


def _goes_on(first: _Sheet, second: _Sheet, left: float, right: float) -> bool:
    if abs(first.right - right) > _SAME or abs(min(r.x0 for r in second.page.rules) - left) > _SAME:
        return False
    top, bottom = second.levels[0], second.levels[-1]
    common = sum(_has(first.levels, y) for y in second.levels)
    if common < _FEWEST_LEVELS or not (_has(first.levels, top) and _has(first.levels, bottom)):
        return False
    for above, below in pairwise(second.levels):
        here, there = _between(first.lines, above, below), _between(second.lines, above, below)
        figures = sum(map(_is_figure, there))
        if figures and (not here or all(map(_kind, here)) or figures + sum(map(_is_figure, here)) > _most(here)):
            return False
        kinds = {_kind(text) for text in here} - {None}, {_kind(text) for text in there} - {None}
        if all(kinds) and not kinds[0] & kinds[1]:
            return False
    return True


def _between(found: Sequence[TextLine], above: float, below: float) -> list[str]:
    """The texts of one row."""
    return [p.text for line in found if above < (line.top + line.bottom) / 2 < below for p in line.pieces]


def _most(row: Sequence[str]) -> int:
    """How many figures a row with these texts can have in all."""
    if any(labels.items().exact(text) for text in row):
        return 3
    return 15 if all(map(_is_figure, row)) else 7


def _put_together(first: _Sheet, second: _Sheet, left: float) -> _Sheet:
    """``second`` to the right of ``first``; text that a page cuts at its edge stands on both and is taken once."""
    edge = first.shift + first.right
    shift = edge - left
    a, b = first.page, second.page
    glyphs: list[Glyph] = [g for g in a.glyphs if (g.x0 + g.x1) / 2 < edge]
    cut = [g for g in glyphs if g.x1 > edge - g.size]
    for glyph in (replace(g, x0=g.x0 + shift, x1=g.x1 + shift) for g in b.glyphs):
        again = any(abs(g.x0 - glyph.x0) < 0.3 * g.size and abs(g.top - glyph.top) < 0.3 * g.size for g in cut)
        if (glyph.x0 + glyph.x1) / 2 >= edge and not again:
            glyphs.append(glyph)
    rules: list[Rule] = [*a.rules, *(replace(r, x0=r.x0 + shift, x1=r.x1 + shift) for r in b.rules)]
    page = replace(a, width=a.width + shift, glyphs=tuple(glyphs), rules=tuple(rules), images=a.images + b.images)
    return _Sheet(page, first.levels, [*first.lines, *second.lines], second.right, shift)
