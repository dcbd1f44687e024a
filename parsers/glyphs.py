"""Characters with places → lines of text: for a page's prose, and for what stands in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers import labels
from parsers.pdfpages import Glyph

# A gap wider than this part of the type's size is a blank; typesetters leave a quarter between Chinese and digits.
_BLANK = 0.45
# A gap this wide separates columns of a table without rules.
_COLUMN = 1.1
# So many labels of the form with only blanks between them are heads of narrow columns, not words of a sentence.
_FEWEST_HEADS = 5
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters without a wide gap inside."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line and its pieces from left to right."""

    pieces: tuple[Piece, ...]
    top: float
    bottom: float
    size: float

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1


def lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Lines from top to bottom; characters whose middles are on one height are one line."""
    rows: list[list[Glyph]] = []
    for glyph in sorted((g for g in glyphs if g.text.strip()), key=lambda g: ((g.top + g.bottom) / 2, g.x0)):
        middle = (glyph.top + glyph.bottom) / 2
        if rows:
            last = rows[-1]
            level = sum((g.top + g.bottom) / 2 for g in last) / len(last)
            if abs(level - middle) < max(0.45 * min(glyph.size, max(g.size for g in last)), 1.5):
                last.append(glyph)
                continue
        rows.append([glyph])
    return [_line(row) for row in rows]


def _line(row: list[Glyph]) -> TextLine:
    row = sorted(row, key=lambda g: g.x0)
    pieces = _pieces(row, _COLUMN)
    words = _pieces(row, _BLANK) if sum(piece.text.count(" ") for piece in pieces) >= _FEWEST_HEADS - 1 else []
    if words and all(labels.is_whole_label(word.text) for word in words):
        pieces = words
    sizes = sorted(g.size for g in row)
    return TextLine(tuple(pieces), min(g.top for g in row), max(g.bottom for g in row), sizes[len(sizes) // 2])


def _pieces(row: Sequence[Glyph], apart: float) -> list[Piece]:
    """The characters from left to right, cut at gaps wider than ``apart`` of the type's size."""
    pieces: list[Piece] = []
    text, start, end = "", row[0].x0, row[0].x0
    for glyph in row:
        gap = glyph.x0 - end
        if text and gap > apart * glyph.size:
            pieces.append(Piece(text, start, end))
            text, start = "", glyph.x0
        elif text and gap > _BLANK * glyph.size:
            text += " "
        text += glyph.text
        end = max(end, glyph.x1)
    return [*pieces, Piece(text, start, end)]


def glued(first: str, second: str, full: bool) -> str:
    """Two printed lines as one text: wrapped Chinese and wrapped figures need no blank, two words do.
    ``full``: the first line reached the edge, so that what follows is the rest of it."""
    if not first or not second:
        return first + second
    if _HAN.match(first[-1]) or _HAN.match(second[0]):
        return first + second
    return first + second if full else f"{first} {second}"


def cell_text(glyphs: Sequence[Glyph], x0: float, x1: float) -> str:
    """The text of one cell between ``x0`` and ``x1``, its wrapped lines joined; leading blanks show its indent."""
    turned = [g for g in glyphs if g.turned and g.text.strip()]
    if turned and len(turned) * 2 > sum(1 for g in glyphs if g.text.strip()):
        glyphs = [_upright(g) for g in turned]
        return "".join(line.text for line in lines(glyphs))
    out = ""
    end = x0
    found = lines(glyphs)
    for line in found:
        full = bool(out) and x1 - end < 1.6 * line.size
        out = glued(out, line.text, full)
        end = line.x1
    indent = _indent(found, x0, x1)
    return " " * indent + out


def _indent(found: Sequence[TextLine], x0: float, x1: float) -> int:
    """Half-width blanks before the first line of a left-aligned text; a centred one has none."""
    if not found:
        return 0
    first = found[0]
    left, right = first.x0 - x0, x1 - first.x1
    if len(found) == 1 and abs(left - right) < 1.5 * first.size and left > 0.5 * first.size:
        return 0
    return max(0, min(40, round(2 * (left - 0.55 * first.size) / first.size)))


def _upright(glyph: Glyph) -> Glyph:
    if glyph.turned == 90:
        return Glyph(glyph.text, -glyph.bottom, -glyph.top, glyph.x0, glyph.x1, glyph.size)
    return Glyph(glyph.text, glyph.top, glyph.bottom, -glyph.x1, -glyph.x0, glyph.size)
