"""Tables in text that has no separators but blanks: columns aligned with spaces, rows in reading order, a cell a line.

Without separators only words tell a table from prose: a line belongs to a table of the form when all of it is labels,
pieces of labels and figures; other tables are found by two columns that stand apart over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers import labels
from parsers.figures import figure
from parsers.sections import section_key
from parsers.text_grid import Piece, Region
from parsers.text_lines import Line, char_width, is_ornament

# two blanks, or one full-width one, part columns
_GAP = re.compile(r"[ \xa0\t]{2,}|[ \xa0\t]*\u3000[\s\u3000]*")
_WORD = re.compile(r"\S+")
_UNIT = re.compile(r"[件项条份篇期次场个家人户宗起通处类天元％%]|万元|人次|场次|批次|——|件次")
_SENTENCE = re.compile(r"[。；！？：]|，.*，")
_LONGEST_FIGURE = 20
_FEWEST_FORM_LINES = 3
_HEAD_LINES = 6  # a table's head is no longer
_BRIDGE = 3  # blank lines or page marks within one table


@dataclass(frozen=True, slots=True)
class _Token:
    """source_text[start:end] and the screen columns [left, right) it takes on its line."""

    start: int
    end: int
    left: int
    right: int
    text: str
    figure: bool


def find(lines: Sequence[Line], at: int) -> Region | None:
    """The table that begins at line ``at``, or None."""
    first = _form_tokens(lines[at])
    if first is not None and not _is_heading(lines[at].text):
        return _form_region(lines, at)
    return _other_region(lines, at) if first is None else None


# ---------------------------------------------------------------- tables of the form


def _form_region(lines: Sequence[Line], at: int) -> Region | None:
    rows: list[list[_Token]] = []
    index = last = at
    bridge = 0
    while index < len(lines) and bridge <= _BRIDGE:
        line = lines[index]
        tokens = None if line.blank or is_ornament(line.text) else _form_tokens(line)
        if line.blank or is_ornament(line.text):
            bridge += 1
        elif tokens is None or (_is_heading(line.text) and not any(t.figure for t in tokens)):
            break
        else:
            rows.append(tokens)
            last, bridge = index, 0
        index += 1
    figures = sum(1 for row in rows for t in row if t.figure)
    if len(rows) < _FEWEST_FORM_LINES or not figures:
        return Region((), last + 1)
    if not any(labels.is_whole_label(t.text) for row in rows for t in row):
        return Region((), last + 1)
    return Region(_placed(_stream(rows)), last + 1)


def _is_heading(text: str) -> bool:
    """A section's heading, which is made of the form's words too: 三、收到和处理政府信息公开申请情况."""
    pieces = _pieces(text, 0, len(text))
    if pieces is not None and len(pieces) > 1 and all(labels.is_whole_label(text[s:e]) for s, e in pieces):
        return False
    bare = re.sub(r"^[\s#*]*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])\s*", "", text)
    key, _ = section_key(bare.strip())
    return key is not None and not labels.is_whole_label(bare)


def _form_tokens(line: Line) -> list[_Token] | None:
    """The line's labels and figures; None when it holds anything else."""
    if len(line.text) > 600:
        return None
    out: list[_Token] = []
    for start, end in _segments(line.text):
        pieces = _pieces(line.text, start, end)
        if pieces is None:
            return None
        out.extend(_token(line, s, e) for s, e in pieces)
    return out or None


def _segments(text: str) -> list[tuple[int, int]]:
    """Stretches of a line between gaps of two blanks."""
    out = []
    at = 0
    for gap in [*_GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[at:end].strip():
            lead = len(text[at:end]) - len(text[at:end].lstrip())
            out.append((at + lead, at + len(text[at:end].rstrip())))
        at = gap.end() if gap else end
    return out


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]] | None:
    """A stretch as one label, or cut at single blanks into labels and figures; None when a part is neither."""
    if _known(text[start:end]):
        return [(start, end)]
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(text[start:end])]
    out: list[tuple[int, int]] = []
    index = 0
    while index < len(words):
        taken = _longest(text, words, index)
        if taken is None:
            return None
        out.append((words[index][0], words[taken][1]))
        index = taken + 1
    return out


def _longest(text: str, words: list[tuple[int, int]], index: int) -> int | None:
    """The last of the words that together make one whole label; a word alone may also be a figure or a piece."""
    for last in range(min(len(words), index + 4) - 1, index, -1):
        if labels.is_whole_label(text[words[index][0] : words[last][1]]):
            return last
    return index if _known(text[words[index][0] : words[index][1]]) else None


def _known(text: str) -> bool:
    return _is_figure(text) or labels.is_form_word(text) or bool(labels.clause(text)) or _UNIT.fullmatch(text) is not None


def _is_figure(text: str) -> bool:
    return len(text) <= _LONGEST_FIGURE and figure(text).state in ("number", "struck")


def _token(line: Line, start: int, end: int) -> _Token:
    left = sum(char_width(c) for c in line.text[:start])
    right = left + sum(char_width(c) for c in line.text[start:end])
    return _Token(line.start + start, line.start + end, left, right, line.text[start:end], _is_figure(line.text[start:end]))


def _stream(rows: list[list[_Token]]) -> list[list[_Token]]:
    """A cell a line: figures that stand alone on lines join the row of the label above them."""
    alone = sum(1 for row in rows if len(row) == 1 and row[0].figure)
    if alone < _FEWEST_FORM_LINES or any(len(row) > 1 and row[-1].figure for row in rows):
        return rows
    out: list[list[_Token]] = []
    for row in rows:
        if len(row) == 1 and row[0].figure and out:
            out[-1] = [*out[-1], *row]
        else:
            out.append(list(row))
    return [_flat(row) for row in out]


def _flat(row: list[_Token]) -> list[_Token]:
    """Screen columns of cells that stood below one another say nothing: set side by side."""
    return [replace(token, left=100 * i, right=100 * i + 1) for i, token in enumerate(row)]


# ---------------------------------------------------------------- columns


def _placed(rows: list[list[_Token]]) -> tuple[tuple[Piece, ...], ...]:
    """Grid columns: figures that stand below one another share one; labels before them are counted from the left."""
    if not _aligned(rows):
        return tuple(tuple(Piece(t.start, t.end, i) for i, t in enumerate(row)) for row in rows)
    out: list[tuple[Piece, ...]] = []
    for block in _blocks(rows):
        anchors = _anchors(block)
        labels_wide = max((sum(1 for t in row if not t.figure and _before(t, anchors)) for row in block), default=0)
        out.extend(_row(row, anchors, labels_wide) for row in block)
    return tuple(out)


def _aligned(rows: list[list[_Token]]) -> bool:
    """Whether columns stand apart; single blanks everywhere are a text in reading order, where nothing is aligned."""
    gaps = [b.left - a.right for row in rows for a, b in zip(row, row[1:])]
    return sum(1 for gap in gaps if gap > 1) * 2 > len(gaps)


def _blocks(rows: list[list[_Token]]) -> list[list[list[_Token]]]:
    """Rows that share their columns: a clause of 第二十条 begins new ones."""
    out: list[list[list[_Token]]] = [[]]
    for row in rows:
        if any(labels.clause(t.text) for t in row) and out[-1]:
            out.append([])
        out[-1].append(row)
    return out


def _anchors(rows: list[list[_Token]]) -> list[tuple[int, int]]:
    """Screen extents of the columns of figures, from the rows with the most of them, widened by all that fit."""
    most = max((sum(t.figure for t in row) for row in rows), default=0)
    anchors: list[tuple[int, int]] = []
    for row in rows:
        figures = [t for t in row if t.figure]
        if len(figures) != most or not most:
            continue
        if not anchors:
            anchors = [(t.left, t.right) for t in figures]
        else:
            anchors = [(min(a, t.left), max(b, t.right)) for (a, b), t in zip(anchors, figures)]
    apart = all(a[1] <= b[0] for a, b in zip(anchors, anchors[1:]))
    return anchors if apart else []


def _before(token: _Token, anchors: list[tuple[int, int]]) -> bool:
    return not anchors or token.right <= anchors[0][0] + 1 or token.left < anchors[0][0] - 12


def _row(row: list[_Token], anchors: list[tuple[int, int]], labels_wide: int) -> tuple[Piece, ...]:
    """Each figure at the column it overlaps; a row whose figures cannot be placed is numbered through."""
    pieces: list[Piece] = []
    used: set[int] = set()
    names = 0
    for token in row:
        near = [i for i, (a, b) in enumerate(anchors) if token.left < b + 1 and token.right > a - 1]
        if not token.figure and (_before(token, anchors) or not near):
            pieces.append(Piece(token.start, token.end, names))
            names += 1
            continue
        fresh = [i for i in near if i not in used]
        if not fresh:
            return tuple(Piece(t.start, t.end, i) for i, t in enumerate(row))
        used.add(fresh[0])
        pieces.append(Piece(token.start, token.end, labels_wide + fresh[0], 1, 1 if token.figure else len(fresh)))
        used.update(fresh if not token.figure else fresh[:1])
    end = pieces[-1].end if pieces else 0
    blanks = [Piece(end, end, labels_wide + i) for i in range(len(anchors)) if i not in used]
    has_figures = any(t.figure for t in row)
    return tuple(sorted([*pieces, *(blanks if has_figures else [])], key=lambda p: p.column))


# ---------------------------------------------------------------- other tables


def _other_region(lines: Sequence[Line], at: int) -> Region | None:
    """Two or more columns over at least three lines, figures in all but the first of them."""
    rows: list[list[_Token]] = []
    index = at
    while index < len(lines) and not lines[index].blank:
        tokens = [_token(lines[index], s, e) for s, e in _segments(lines[index].text)]
        if len(tokens) < 2 or any(_SENTENCE.search(t.text) and len(t.text) > 24 for t in tokens):
            break
        rows.append(tokens)
        index += 1
        if len(rows) == _HEAD_LINES and not any(t.figure for row in rows for t in row):
            break
    body = [row for row in rows if not row[0].figure and any(t.figure for t in row[1:])]
    if len(rows) < 3 or len(body) < 2 or any(t.figure for t in rows[0]):
        return Region((), max(index, at + 1))
    return Region(tuple(_by_left(row, _lefts(rows)) for row in rows), index)


def _lefts(rows: list[list[_Token]]) -> list[tuple[int, int]]:
    """Screen extents of columns: tokens that overlap over the lines."""
    extents: list[tuple[int, int]] = []
    for token in sorted((t for row in rows for t in row), key=lambda t: t.left):
        if extents and token.left < extents[-1][1]:
            extents[-1] = (extents[-1][0], max(extents[-1][1], token.right))
        else:
            extents.append((token.left, token.right))
    return extents


def _by_left(row: list[_Token], extents: list[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces = []
    for column, (left, right) in enumerate(extents):
        here = [t for t in row if left <= t.left < right]
        if here:
            pieces.append(Piece(here[0].start, here[-1].end, column))
        else:
            before = [t for t in row if t.left < left]
            at = before[-1].end if before else row[0].start
            pieces.append(Piece(at, at, column))
    return tuple(pieces)
