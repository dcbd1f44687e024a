"""Tables drawn with bars: Markdown pipe tables with or without their rule, rows of a terminal, box drawing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.text_grid import Piece, Region
from parsers.text_lines import Line

_BARS = "|│┃｜║"
# 「| --- | :---: |」「+----+----+」「├──┼──┤」: the rule between head and body, or the frame
_FRAME = re.compile(r"[\s|│┃｜║+\-:=─━═┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬]+")
_RULE_PART = re.compile(r"-{2,}|[─━═]{2,}|={2,}")
_BAR = re.compile(rf"(?<!\\)[{_BARS}]")


def find(lines: Sequence[Line], at: int) -> Region | None:
    """The table that begins at line ``at``, or None."""
    if not _is_row(lines[at].text) and not _is_frame(lines[at].text):
        return None
    rows: list[tuple[Piece, ...]] = []
    index = last = at
    while index < len(lines):
        line = lines[index]
        if _is_frame(line.text):
            last = index
        elif _is_row(line.text):
            end = _row_end(lines, index)
            rows.append(_split(line.start, lines, index, end))
            index = last = end
        elif not line.ornament or line.blank or _RULE_PART.fullmatch(line.text.strip()):
            break
        index += 1
    if not rows or max(len(row) for row in rows) < 2:
        return None
    if len(rows) == 1 and lines[at].text.strip()[0] not in _BARS:  # 「首页 | 政务公开 | 年报」 of a page's head
        return None
    return Region(tuple(rows), last + 1)


def _is_row(text: str) -> bool:
    """Begins or ends with a bar, or holds two: 「| a | b |」「a | b | c」."""
    body = text.strip()
    if not body or not _BAR.search(body):
        return False
    return body[0] in _BARS or len(_BAR.findall(body)) >= 2


def _is_frame(text: str) -> bool:
    return _FRAME.fullmatch(text) is not None and _RULE_PART.search(text) is not None


def _row_end(lines: Sequence[Line], index: int) -> int:
    """The line on which a row ends whose cell was broken over lines: it began with a bar and does not end with one."""
    text = lines[index].text.strip()
    if text[0] not in _BARS or text[-1] in _BARS:
        return index
    for later in range(index + 1, min(len(lines), index + 12)):
        text = lines[later].text.strip()
        if not text or text[0] in _BARS:
            return index
        if text[-1] in _BARS:
            return later
    return index


def _split(start: int, lines: Sequence[Line], first: int, last: int) -> tuple[Piece, ...]:
    text = "\n".join(line.text for line in lines[first : last + 1])
    cuts = [m.start() for m in _BAR.finditer(text)]
    edges = [-1, *cuts, len(text)]
    parts = [(edges[i] + 1, edges[i + 1]) for i in range(len(edges) - 1)]
    if not text[: cuts[0]].strip():
        parts = parts[1:]
    if not text[cuts[-1] + 1 :].strip():
        parts = parts[:-1]
    return tuple(Piece(start + s, start + e, column) for column, (s, e) in enumerate(parts))
