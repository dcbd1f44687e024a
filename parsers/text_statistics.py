"""Statistics tables in text without separators: 统计指标 · 单位 · 统计数, a label, its unit and its figures on each line.

Labels run over several lines and stand above, around or behind their figures; which pieces make one label is for form
recognition to tell. Here a line is only cut into label, unit and figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers import labels
from parsers.figures import figure
from parsers.sections import section_key
from parsers.text_grid import Piece, Region
from parsers.text_lines import Line, display_width
from parsers.units import UNIT

# 「统　计　指　标  单位  统计数」「指标名称 计量单位 2022年 2021年」
_HEAD = re.compile(
    r"\s*(?P<name>(?:统\s*计\s*)?(?:指\s*标|项\s*目)(?:\s*名\s*称)?|类\s*别|名\s*称|内\s*容)\s+"
    r"(?P<unit>(?:计\s*量\s*)?单\s*位)\s+(?P<values>\S.*?)\s*"
)
_NAME_LINE = re.compile(r"\s*(?:(?:统\s*计\s*)?(?:指\s*标|项\s*目)(?:\s*名\s*称)?|类\s*别|名\s*称|内\s*容)\s*")
_UNIT_LINE = re.compile(r"\s*(?:计\s*量\s*)?单\s*位\s*")
_WORD = re.compile(r"\S+")
_NO_UNIT = re.compile(r"[—－–-]{1,4}|[/／]")
_SENTENCE = re.compile(r"[。；！？]|，.*，.*，")
_LONGEST_LABEL = 60
_MOST_COLUMNS = 6
_BRIDGE = 12  # blank lines and page marks within one table
_FEWEST_ROWS = 2


def find(lines: Sequence[Line], at: int) -> Region | None:
    """The table whose head is line ``at``, or None."""
    head = _HEAD.fullmatch(lines[at].text) if len(lines[at].text) < 200 else None
    if head is None:
        return _cell_a_line(lines, at)
    line = lines[at]
    values = _values(line, *head.span("values"))
    if not values or len(values) > _MOST_COLUMNS or any(figure(line.text[s:e]).state == "number" for s, e, _ in values):
        return None
    rows = [_pieces(line, [head.span("name"), head.span("unit"), *((s, e) for s, e, _ in values)])]
    kinds = ["head"]
    index, last, bridge = at + 1, at, 0
    while index < len(lines) and bridge <= _BRIDGE:
        line = lines[index]
        if line.blank or line.ornament:
            bridge += 1
        else:
            row = _row(line, values)
            if row is None:
                break
            rows.append(row)
            kinds.append("label" if len(row) == 1 else "row")
            last, bridge = index, 0
        index += 1
    while kinds[-1] == "label" and not _goes_on(lines[last].text):
        rows.pop()
        kinds.pop()
        last -= 1
        while last > at and (lines[last].blank or lines[last].ornament):
            last -= 1
    if kinds.count("row") < _FEWEST_ROWS:
        return None
    return Region(tuple(rows), last + 1)


def _goes_on(text: str) -> bool:
    """Whether a last line can be the end of the label above it: no number in front, and no heading."""
    printed = labels.printed(text)
    return labels.numbering_level(printed) is None and len(printed) <= 24 and (")" in printed or "）" in printed or len(printed) <= 6)


def _values(line: Line, start: int, end: int) -> list[tuple[int, int, float]]:
    """Heads of the columns of figures with the middle each has on the screen; 统 计 数 is one."""
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(line.text[start:end])]
    if words and all(e - s == 1 for s, e in words):
        words = [(words[0][0], words[-1][1])]
    return [(s, e, _middle(line, s, e)) for s, e in words]


def _middle(line: Line, start: int, end: int) -> float:
    return display_width(line.text[:start]) + display_width(line.text[start:end]) / 2


def _row(line: Line, values: list[tuple[int, int, float]]) -> tuple[Piece, ...] | None:
    """Label, unit and figures of one line; a label alone; None for a line that is no part of the table."""
    text = line.text
    if len(text) > 400 or "\t" in text or labels.clause(text):
        return None
    words = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    figures = 0
    while figures < min(len(values), len(words) - 1) and _is_figure(text, words[-1 - figures]):
        figures += 1
    for count in range(figures, -1, -1):  # —— can be the unit or a figure
        if count < len(words) and _is_unit(text, words[-1 - count]) and count in (0, len(values)):
            return _cut(line, words, count, len(values))
    if 0 < figures < len(values) and _is_unit(text, words[-1 - figures]):
        return _by_place(line, words, figures, values)
    if len(labels.printed(text)) > _LONGEST_LABEL or _SENTENCE.search(text) or figures or _is_heading(text):
        return None
    return _pieces(line, [(words[0][0], words[-1][1])])


def _is_heading(text: str) -> bool:
    bare = re.sub(r"^[\s#*]*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])\s*", "", text)
    return section_key(bare.strip())[1]


def _is_figure(text: str, word: tuple[int, int]) -> bool:
    return figure(text[word[0] : word[1]]).state in ("number", "struck")


def _is_unit(text: str, word: tuple[int, int]) -> bool:
    printed = text[word[0] : word[1]]
    return UNIT.fullmatch(printed) is not None or _NO_UNIT.fullmatch(printed) is not None


def _cut(line: Line, words: list[tuple[int, int]], figures: int, columns: int) -> tuple[Piece, ...]:
    unit = len(words) - 1 - figures
    spans = [(words[0][0], words[unit - 1][1]) if unit else (words[0][0], words[0][0]), words[unit], *words[unit + 1 :]]
    end = words[-1][1]
    return _pieces(line, [*spans, *((end, end) for _ in range(columns - figures))])


def _by_place(
    line: Line, words: list[tuple[int, int]], figures: int, values: list[tuple[int, int, float]]
) -> tuple[Piece, ...] | None:
    """A row with fewer figures than columns: each under the head it stands below, if the text is aligned."""
    unit = len(words) - 1 - figures
    spans: list[tuple[int, int]] = [(words[-1][1], words[-1][1])] * len(values)
    taken: set[int] = set()
    for word in words[unit + 1 :]:
        middle = _middle(line, *word)
        near = min(range(len(values)), key=lambda i: abs(values[i][2] - middle))
        if near in taken or abs(values[near][2] - middle) > 6 or line.text[word[0] - 2 : word[0]].strip():
            return None
        taken.add(near)
        spans[near] = word
    label = (words[0][0], words[unit - 1][1]) if unit else (words[0][0], words[0][0])
    return _pieces(line, [label, words[unit], *spans])


def _pieces(line: Line, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Cells from left to right. The label keeps the blanks in front of it: how far a sub-row is indented."""
    (start, end), *others = spans
    lead = start - len(line.text[:start]) + len(line.text[:start].rstrip()) if end > start else start
    first = Piece(line.start + lead, line.start + end, 0)
    return (first, *(Piece(line.start + s, line.start + e, column) for column, (s, e) in enumerate(others, 1)))


# ---------------------------------------------------------------- a cell a line


def _cell_a_line(lines: Sequence[Line], at: int) -> Region | None:
    """指标 · 单位 · 数值 on lines of their own, then label, unit and figures in turn; a blank line is an empty cell."""
    if at + 4 >= len(lines) or not _NAME_LINE.fullmatch(lines[at].text) or not _UNIT_LINE.fullmatch(lines[at + 1].text):
        return None
    unit = next((i for i in range(at + 3, min(len(lines), at + 3 + _MOST_COLUMNS + 4)) if _is_lone_unit(lines[i])), None)
    if unit is None:
        return None
    columns = _count(lines, at, unit)
    if columns is None:
        return None
    head = [_lone(lines[i], c) for c, i in enumerate(range(at, at + 2 + columns))]
    rows: list[tuple[Piece, ...]] = [tuple(head)]
    index = at + 2 + columns
    while index < len(lines):
        taken = _taken(lines, index, columns)
        if taken is None:
            break
        row, index = taken
        rows.append(row)
    return Region(tuple(rows), index) if len(rows) > _FEWEST_ROWS else None


def _count(lines: Sequence[Line], at: int, unit: int) -> int | None:
    """How many columns of figures there are: as many as the rows have figures, and at least one head for each."""
    while unit < len(lines) and not _figures_behind(lines, unit):  # a heading row has a stroke for its unit and no figure
        unit = next((i for i in range(unit + 1, min(len(lines), unit + 8)) if _is_lone_unit(lines[i])), len(lines))
    columns = _figures_behind(lines, unit) if unit < len(lines) else 0
    if not 0 < columns <= _MOST_COLUMNS:
        return None
    heads = lines[at + 2 : at + 2 + columns]
    return columns if all(not h.blank and figure(h.text).state == "unreadable" for h in heads) else None


def _figures_behind(lines: Sequence[Line], unit: int) -> int:
    count = 0
    while unit + 1 + count < len(lines) and figure(lines[unit + 1 + count].text).state in ("number", "struck"):
        count += 1
    return count


def _is_lone_unit(line: Line) -> bool:
    text = line.text.strip()
    return UNIT.fullmatch(text) is not None or _NO_UNIT.fullmatch(text) is not None


def _taken(lines: Sequence[Line], index: int, columns: int) -> tuple[tuple[Piece, ...], int] | None:
    """One row from line ``index``: one to three lines of label, the unit, the figures. The row and the line behind it."""
    while index < len(lines) and (lines[index].blank or lines[index].ornament):
        index += 1
    unit = next((i for i in range(index + 1, min(len(lines), index + 4)) if _is_lone_unit(lines[i])), None)
    if unit is None or any(x.blank or len(x.text) > _LONGEST_LABEL or _SENTENCE.search(x.text) for x in lines[index:unit]):
        return None
    cells = lines[unit + 1 : unit + 1 + columns]
    states = [figure(c.text).state for c in cells]
    label = Piece(lines[index].start, lines[unit - 1].end, 0)
    if len(cells) == columns and all(state != "unreadable" for state in states):
        return (label, *(_lone(line, c) for c, line in enumerate(lines[unit : unit + 1 + columns], 1))), unit + 1 + columns
    if _NO_UNIT.fullmatch(lines[unit].text.strip()):
        end = lines[unit].end
        return (label, _lone(lines[unit], 1), *(Piece(end, end, c) for c in range(2, 2 + columns))), unit + 1
    return None


def _lone(line: Line, column: int) -> Piece:
    return Piece(line.start, line.end, column)
