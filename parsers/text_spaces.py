"""Tables in text that has no separators but blanks: columns aligned with spaces, rows in reading order, a cell a line.

Without separators only words tell a table from prose: a line belongs to a table of the form when all of it is labels,
pieces of labels and figures; other tables are found by two columns that stand apart over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers import labels
from parsers.figures import figure
from parsers.sections import section_key
from parsers.text_grid import Piece, Region
from parsers.text_lines import Line, char_width

# two blanks, or one full-width one, part columns
_GAP = re.compile(r"[ \xa0\t]{2,}|[ \xa0\t]*\u3000[\s\u3000]*")
_WORD = re.compile(r"\S+")
_UNIT = re.compile(r"[件项条份篇期次场个家人户宗起通处类天元％%]|万元|人次|场次|批次|——|件次")
# 「一、本年新收政府信息公开申请数量6」: no label of the form ends in a digit
_GLUED = re.compile(r"(?P<label>.*[^\d.,])(?P<figure>\d[\d.,]*)")
_WIDE_PART = 3  # characters of a label set wide that stand together
_WIDE_GAP = 6
_SENTENCE = re.compile(r"[。；！？：]|，.*，")
_LONGEST_FIGURE = 20
_LONGEST_ADDED = 70
_LOOK_BACK = 12  # rows: a repeated head stands between a row and the figures above it
_FEWEST_FORM_LINES = 3
_SHIFT = 2  # screen columns by which a line can be out of place: a bracket or blank of another width before its figures
_HEAD_LINES = 6  # a table's head is no longer
_BRIDGE = 4  # blank lines within one table
_PAGE_END = 24  # and as many more around a page's number


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
    if first is None or _is_heading(lines[at].text):
        return _other_region(lines, at) if first is None else None
    form = _form_region(lines, at)
    return form if form.rows else _other_region(lines, at) or form


# ---------------------------------------------------------------- tables of the form


def _form_region(lines: Sequence[Line], at: int) -> Region:
    rows: list[list[_Token]] = []
    gaps: list[int] = []  # numbers of rows in front of which the text is broken
    blanks: list[list[int]] = []  # offsets of the blank lines in front of each row
    between: list[int] = []
    index = last = at
    bridge = 0
    gap = False
    while index < len(lines) and bridge <= _BRIDGE:
        line = lines[index]
        passing = line.blank or line.ornament
        tokens = None if passing else _form_tokens(line) or _added_row(line, rows)
        if passing:
            bridge += 1 if line.blank else -_PAGE_END
            gap = True
            if line.blank:
                between.append(line.start)
        elif tokens is None or (_is_heading(line.text) and not any(t.figure for t in tokens)):
            break
        else:
            if gap and rows:
                gaps.append(len(rows))
            rows.append(tokens)
            blanks.append(between)
            last, bridge, gap, between = index, 0, False, []
        index += 1
    figures = sum(1 for row in rows for t in row if t.figure)
    if len(rows) < _FEWEST_FORM_LINES or not figures:
        return Region((), last + 1)
    if not any(labels.is_whole_label(t.text) for row in rows for t in row):
        return Region((), last + 1)
    stream = _stream(rows, blanks)
    if stream:
        return Region(_numbered(stream), last + 1)
    gathered = _gathered(rows)
    return Region(_placed(gathered, gaps if len(gathered) == len(rows) else []), last + 1)


def _added_row(line: Line, rows: list[list[_Token]]) -> list[_Token] | None:
    """A row that a province added to the form, or whose label is damaged: any short label, figures behind it."""
    if not any(t.figure for row in rows[: -_LOOK_BACK - 1 : -1] for t in row):
        return None
    words = [(m.start(), m.end()) for m in _WORD.finditer(line.text)]
    count = 0
    while count < len(words) and _is_figure(line.text[slice(*words[-1 - count])]):
        count += 1
    if count < 2 or len(words) <= count:
        return None
    label = line.text[words[0][0] : words[-count - 1][1]]
    if len(label) > _LONGEST_ADDED or _SENTENCE.search(label.replace("：", "")):
        return None
    start, end = words[0][0], words[-count - 1][1]
    stuck = _GLUED.fullmatch(line.text, start, end)  # no label ends in a digit: that is the row's first figure
    cells = [stuck.span("label"), stuck.span("figure")] if stuck else [(start, end)]
    return [_token(line, s, e) for s, e in (*cells, *words[-count:])]


def _is_heading(text: str) -> bool:
    """A section's heading, which is made of the form's words too: 三、收到和处理政府信息公开申请情况."""
    pieces = _pieces(text, 0, len(text))
    if pieces and (len(pieces) > 2 or (len(pieces) == 2 and all(labels.is_whole_label(text[s:e]) for s, e in pieces))):
        return False
    if labels.is_form_word(text) and not labels.is_whole_label(text):
        return False  # the middle of a label: 再处理其政府信息公开申请
    bare = re.sub(r"^[\s#*]*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])\s*", "", text)
    key, _ = section_key(bare.strip())
    return key is not None and not labels.is_whole_label(bare)


def _form_tokens(line: Line) -> list[_Token] | None:
    """The line's labels and figures; None when it holds anything else."""
    if len(line.text) > 600 or "\t" in line.text.strip():
        return None
    out: list[_Token] = []
    for start, end in _spread(line.text, _segments(line.text)):
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


def _spread(text: str, segments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Labels set wide (规　章, 总　　计) as one segment: neighbours that only together make a whole label."""
    out: list[tuple[int, int]] = []
    segments = _parted(text, segments)
    index = 0
    while index < len(segments):
        start, end = segments[index]
        taken = index
        if end - start <= _WIDE_PART and not labels.is_whole_label(text[start:end]):
            for last in range(index + 1, min(len(segments), index + 6)):
                if segments[last][1] - segments[last][0] > _WIDE_PART or segments[last][0] - segments[last - 1][1] > _WIDE_GAP:
                    break
                if labels.is_whole_label(text[start : segments[last][1]]):
                    taken = last
        out.append((start, segments[taken][1]))
        index = taken + 1
    return out


def _parted(text: str, segments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Segments, one that only begins with the end of a wide label cut behind it: 规　章 0 0 0."""
    out: list[tuple[int, int]] = []
    for start, end in segments:
        word = _WORD.match(text, start, end)
        short = bool(out) and out[-1][1] - out[-1][0] <= _WIDE_PART and not labels.is_whole_label(text[slice(*out[-1])])
        if word and word.end() < end and short and labels.is_whole_label(text[out[-1][0] : word.end()]):
            rest = end - len(text[word.end() : end].lstrip())
            out += [(start, word.end()), (rest, end)]
        else:
            out.append((start, end))
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
            glued = _GLUED.fullmatch(text, *words[index])
            if glued is None or not labels.is_whole_label(glued["label"]):
                return None
            out += [glued.span("label"), glued.span("figure")]
            index += 1
            continue
        out.append((words[index][0], words[taken][1]))
        index = taken + 1
    return out


def _longest(text: str, words: list[tuple[int, int]], index: int) -> int | None:
    """The last of the words that together make one whole label; a word alone may also be a figure or a piece."""
    end = next((i for i in range(index, len(words)) if _is_figure(text[words[i][0] : words[i][1]])), len(words))
    if end == index and index + 1 < len(words) and _is_figure(text[words[index][0] : words[index + 1][1]]):
        return index + 1  # 251000 元
    for last in range(min(end, index + 4) - 1, index, -1):
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


def _stream(rows: list[list[_Token]], blanks: list[list[int]]) -> list[list[_Token]] | None:
    """A cell a line: figures that stand alone on lines join the row of the label above them. None for other texts.

    A blank line among them is an empty cell, unless blank lines stand everywhere.
    """
    alone = sum(1 for row in rows if len(row) == 1 and row[0].figure)
    lone = alone > 0 and all(len(row) == 1 for row in rows)
    if not lone and (alone < _FEWEST_FORM_LINES or any(len(row) > 1 and row[-1].figure for row in rows)):
        return None
    spaced = sum(1 for between in blanks[1:] if between) * 2 > len(rows)
    out: list[list[_Token]] = []
    for row, between in zip(rows, blanks):
        if out and not spaced:
            out[-1] += [_Token(at, at, 0, 0, "", True) for at in between]
        if len(row) == 1 and row[0].figure and out:
            out[-1].append(row[0])
        else:
            out.append(list(row))
    return out


def _gathered(rows: list[list[_Token]]) -> list[list[_Token]]:
    """An item whose figures stand one below another, in a text that has the others on the item's line: 政府集中采购 · 30 · 371万元."""
    out: list[list[_Token]] = []
    index = 0
    while index < len(rows):
        row = list(rows[index])
        end = index + 1
        if len(row) == 1 and not row[0].figure and labels.items().exact(row[0].text):
            while end < len(rows) and len(rows[end]) == 1 and rows[end][0].figure:
                end += 1
        if end - index > 2:
            out.append([*row, *(rows[i][0] for i in range(index + 1, end))])
            index = end
        else:
            out.append(row)
            index += 1
    return out


def _numbered(rows: list[list[_Token]]) -> tuple[tuple[Piece, ...], ...]:
    """Cells numbered through: where nothing is aligned only their number is sure."""
    return tuple(tuple(Piece(t.start, t.end, i) for i, t in enumerate(row)) for row in rows)


# ---------------------------------------------------------------- columns


def _placed(rows: list[list[_Token]], gaps: list[int]) -> tuple[tuple[Piece, ...], ...]:
    """Grid columns: figures that stand below one another share one; labels before them are counted from the left."""
    if not _aligned(rows):
        return _numbered(rows)
    out: list[tuple[Piece, ...]] = []
    for block in _blocks(rows, gaps):
        anchors = _anchors(block)
        if _heads_apart(block, anchors):
            out.extend(_numbered(block))
            continue
        labels_wide = max((sum(1 for t in row if not t.figure and _before(t, anchors)) for row in block), default=0)
        placed = [_row(row, anchors, labels_wide) for row in block]
        if any(row is None for row in placed):  # figures that do not stand below one another: only their number is sure
            placed = list(_numbered(block))
        out.extend(row for row in placed if row is not None)
    return tuple(out)


def _aligned(rows: list[list[_Token]]) -> bool:
    """Whether columns stand apart; single blanks everywhere are a text in reading order, where nothing is aligned."""
    gaps = [b.left - a.right for row in rows for a, b in zip(row, row[1:])]
    return sum(1 for gap in gaps if gap > 1) * 2 > len(gaps)


def _blocks(rows: list[list[_Token]], gaps: list[int]) -> list[list[list[_Token]]]:
    """Rows that share their columns: a clause of 第二十条 begins new ones, a new page may."""
    out: list[list[list[_Token]]] = [[]]
    for number, row in enumerate(rows):
        if any(labels.clause(t.text) for t in row) and out[-1]:
            out.append([])
        elif number in gaps:
            out.append([])
        out[-1].append(row)
    joined = [out[0]]
    for block in out[1:]:
        if not any(labels.clause(t.text) for t in block[0]) and _same_columns(joined[-1], block):
            joined[-1] = joined[-1] + block
        else:
            joined.append(block)
    return joined


def _same_columns(above: list[list[_Token]], below: list[list[_Token]]) -> bool:
    """Whether figures on both sides of a gap stand below one another."""
    joint = _anchors(above + below)
    if len(joint) != max(len(_anchors(above)), len(_anchors(below))):
        return False
    return all(_row(row, joint, 0) is not None for row in above + below)


def _anchors(rows: list[list[_Token]]) -> list[tuple[int, int]]:
    """Screen extents of the columns: figures that overlap over the lines, and heads that stand over none of them."""
    extents = _merged([(t.left, t.right) for row in rows for t in row if t.figure])
    extents = _shifted(extents, rows)
    first = next((i for i, row in enumerate(rows) if any(t.figure for t in row)), len(rows))
    for row in reversed(rows[:first]):  # the lowest heads first: those above reach over several columns
        for token in row:
            if _is_head(token) and not any(token.left < right and token.right > left for left, right in extents):
                extents = sorted([*extents, (token.left, token.right)])
    return extents


def _merged(extents: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for left, right in sorted(extents):
        if out and left < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], right))
        else:
            out.append((left, right))
    return out


def _shifted(extents: list[tuple[int, int]], rows: list[list[_Token]]) -> list[tuple[int, int]]:
    """Neighbouring extents as one column, where no row has a figure in both: lines are out of place by a blank or two."""
    out: list[tuple[int, int]] = []
    for extent in extents:
        joined = (out[-1][0], extent[1]) if out and extent[0] - out[-1][1] < _SHIFT else extent
        if joined != extent and all(sum(1 for t in row if t.figure and joined[0] <= t.left < joined[1]) < 2 for row in rows):
            out[-1] = joined
        else:
            out.append(extent)
    return out


def _heads_apart(rows: list[list[_Token]], anchors: list[tuple[int, int]]) -> bool:
    """Whether the heads do not stand above the figures, which are as many: their order then tells which is whose."""
    heads = max((sum(1 for t in row if _is_head(t)) for row in rows), default=0)
    figures = {sum(1 for t in row if t.figure) for row in rows} - {0}
    return heads > 1 and figures == {heads} and len(anchors) > heads


def _is_head(token: _Token) -> bool:
    return any(
        lexicon.exact(token.text) is not None for lexicon in (labels.applicants(), labels.measures(), labels.outcomes())
    )


def _before(token: _Token, anchors: list[tuple[int, int]]) -> bool:
    return not anchors or token.right <= anchors[0][0] + 1 or token.left < anchors[0][0] - 12


def _under(token: _Token, anchors: list[tuple[int, int]], slack: int) -> list[int]:
    """Columns that a token overlaps, or misses by ``slack``."""
    return [i for i, (a, b) in enumerate(anchors) if token.left < b + slack and token.right > a - slack]


def _row(row: list[_Token], anchors: list[tuple[int, int]], labels_wide: int) -> tuple[Piece, ...] | None:
    """Each figure at the column it overlaps; None where two stand in one."""
    pieces: list[Piece] = []
    used: set[int] = set()
    names = 0
    for token in row:
        near = _under(token, anchors, 0) or _under(token, anchors, 1)
        if not token.figure and _before(token, anchors):
            pieces.append(Piece(token.start, token.end, names))
            names += 1
            continue
        if not near:  # a head between two columns of figures
            left = sum(1 for a, _ in anchors if a < token.left) - 1
            pieces.append(Piece(token.start, token.end, labels_wide + max(0, left)))
            continue
        fresh = [i for i in near if i not in used]
        if not fresh:
            return None
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
    while index < len(lines) and not lines[index].blank and not lines[index].ornament:
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
    lefts = _lefts(rows)
    if any(_crowded(row, lefts) for row in rows):  # a wide head bridges two columns: which figure is whose cannot be told
        return Region((), max(index, at + 1))
    return Region(tuple(_by_left(row, lefts) for row in rows), index)


def _crowded(row: list[_Token], extents: list[tuple[int, int]]) -> bool:
    """Whether two figures of a row fall into one column."""
    places = [next(i for i, (left, right) in enumerate(extents) if left <= t.left < right) for t in row if t.figure]
    return len(places) != len(set(places))


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
