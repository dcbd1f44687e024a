"""A decoded text as lines with their offsets, and the lines that are no part of what is said: page marks, images, comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

# 「-2-」「- 4 -」「— 5 —」「第 3 页」「第3页 共8页」「3 / 8」「<!-- Page 4 -->」
PAGE_MARK = re.compile(
    r"\s*(?:[-－—–―]{1,2}\s*\d{1,4}\s*[-－—–―]{1,2}|·\s*\d{1,4}\s*·|第\s*\d{1,4}\s*页(?:\s*[,，/／]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,3}\s*[/／]\s*\d{1,3}|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?|(?:<!--.*?-->\s*)+)\s*"
)
# 「![](images/header_0.jpg)」「<img src=…>」 alone on a line
IMAGE = re.compile(r"\s*(?:(?:!\[[^\]\n]{0,200}\]\([^)\n]*\)|<img\b[^>]*>)\s*)+")
# 「---」「***」「===」: a rule of Markdown or of a clerk
RULE = re.compile(r"\s*(?:[-*_=─━]\s*){3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line end: source_text[start:end]. ``blank`` when nothing is printed on it; ``ornament``
    when it is no part of what is said: a page mark, a picture, a rule, a running head."""

    start: int
    end: int
    text: str
    ornament: bool = False

    @property
    def blank(self) -> bool:
        return not self.text or self.text.isspace() or not self.text.strip(_UNSEEN)


_TOP = 30  # lines in which a title stands
_NEAR = 12  # lines between a page's number and its running head
_LONGEST_HEAD = 120
_UNSEEN = " \t\u3000\xa0\u200b\u200c\u200d\ufeff\u2060\x0c\x0b"


def split_lines(text: str) -> list[Line]:
    """Lines at \\n and at form feeds (a converter's page end), with offsets."""
    out: list[Line] = []
    at = 0
    for piece in text.split("\n"):
        begin = at
        while (cut := piece.find("\f", begin - at)) >= 0:
            out.append(_line(text, begin, at + cut))
            begin = at + cut + 1
        out.append(_line(text, begin, at + len(piece)))
        at += len(piece) + 1
    return out


def _line(text: str, start: int, end: int) -> Line:
    printed = text[start:end]
    return Line(start, end, printed, is_ornament(printed))


def without_running_heads(lines: list[Line], keep: Callable[[str], bool]) -> list[Line]:
    """The lines, those that every page prints beside its number marked as ornaments. ``keep``: what is never one."""
    marks = [i for i, line in enumerate(lines) if line.ornament and is_page_mark(line.text)]
    beside = [n for mark in marks for n in (_neighbour(lines, mark, 1), _neighbour(lines, mark, -1)) if n is not None]
    counted = Counter(_squeezed(lines[n]) for n in dict.fromkeys(beside))
    heads = {text for text, count in counted.items() if count > 1 and not keep(text)}
    if not heads:
        return lines
    top = [line for line in lines[:_TOP] if _squeezed(line) in heads][:1]  # the title itself, printed again on each page
    there = {n for n in beside if _squeezed(lines[n]) in heads and lines[n] not in top}
    return [replace(line, ornament=True) if n in there else line for n, line in enumerate(lines)]


def _neighbour(lines: list[Line], mark: int, step: int) -> int | None:
    for index in range(mark + step, mark + step * _NEAR, step):
        if not 0 <= index < len(lines):
            return None
        if not lines[index].blank and not lines[index].ornament:
            text = lines[index].text
            return index if len(text) <= _LONGEST_HEAD and "\t" not in text and "|" not in text else None
    return None


def _squeezed(line: Line) -> str:
    return "".join(line.text.split()) if len(line.text) <= _LONGEST_HEAD else ""


def is_page_mark(text: str) -> bool:
    """A line that only numbers a page, or an HTML comment."""
    return len(text) < 200 and PAGE_MARK.fullmatch(text) is not None


def is_ornament(text: str) -> bool:
    """A line that prints nothing to read: page mark, image, rule."""
    if len(text) > 2000:  # a picture written into the text can be megabytes long
        return text.lstrip().startswith(("![", "<img")) and IMAGE.fullmatch(text) is not None
    return is_page_mark(text) or (IMAGE.fullmatch(text) or RULE.fullmatch(text)) is not None


def display_width(text: str) -> int:
    """Columns of a monospaced screen: Chinese characters and full-width forms take two."""
    if text.isascii():
        return len(text)
    return sum(char_width(c) for c in text)


def char_width(char: str) -> int:
    code = ord(char)
    if code < 0x1100:
        return 1
    if 0x2000 <= code <= 0x206F:  # quotes and dashes: two columns in Chinese text, none for what is invisible
        return 2 if char in "“”‘’—…" else 0 if code in range(0x200B, 0x2010) or code >= 0x2028 else 1
    return 2
