"""The prose of a report as sentences, with the way back to the source.

A sentence may run over several printed lines (PDF text) and page marks stand inside it, so lines are joined, blanks
and debris dropped and punctuation made full width; ``origin`` leads every character back to its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Span
from parsers.document import Document, Table
from parsers.frame import Frame
from parsers.sections import Line, Section, numbering, section_of

# [bookmark: _GoBack] · <!-- Page 4 --> · ** · characters nobody sees
_DEBRIS = re.compile(r"\[bookmark:[^\]]*\]|<!--.*?-->|\*\*|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]")
_FULL = str.maketrans(",;:()?!", "，；：（）？！")
_ENDS = "。；！？"
# a line at least this long that stops without a mark was cut by the page, not by its writer
_WRAPPED = 20


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` without blanks, punctuation full width; ``origin[i]`` the source offset of text[i]; ``quote`` its place
    in the source, trimmed, end mark included. ``lead``: the words that open its paragraph (提升政务公开数量) or "".
    ``first``: it opens its paragraph; ``before``: the sentence before in it, or "". ``section``: the section it stands in, or None."""

    text: str
    origin: tuple[int, ...]
    quote: Span
    lead: str
    first: bool
    section: Section | None
    before: str = ""


def sentences(document: Document, read: Frame) -> Iterator[Sentence]:
    """Every sentence of the report's prose between title and signature, in order."""
    headings = {section.span.start: section for section in read.sections}
    for group in _paragraphs(document, read, headings):
        text, origin = _joined(document.text, group)
        section = section_of(read.sections, group[0].span.start)
        head = headings.get(group[0].span.start)
        if head is not None:  # 一、总体情况 2020年，…: the sentence begins behind the heading
            at = next((i for i, place in enumerate(origin) if place >= head.body.start), len(text))
            text, origin = text[at:], origin[at:]
        lead, start = _lead(text)
        yield from _cut(document.text, text, origin, lead, start, section)


def _paragraphs(document: Document, read: Frame, headings: dict[int, Section]) -> Iterator[list[Line]]:
    """Lines that belong to one paragraph: cut by the page, or ending in the middle of a list."""
    tables = sorted(block.span.start for block in document.blocks if isinstance(block, Table))
    group: list[Line] = []
    for line in read.lines:
        if group and not _continues(group[-1], line, headings, tables):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _continues(last: Line, line: Line, headings: dict[int, Section], tables: Sequence[int]) -> bool:
    if last.span.start in headings or line.span.start in headings or last.level or line.level:
        return False
    if any(last.span.end <= at < line.span.start for at in tables):
        return False
    if last.text[-1] in "，、（“,(" and not numbering(line.text)[0]:
        return True
    return len(last.text) >= _WRAPPED and last.text[-1] not in _ENDS + "：:;!?" and not numbering(line.text)[0]


def _joined(source: str, group: Sequence[Line]) -> tuple[str, tuple[int, ...]]:
    """The lines as one string without blanks; between two digits or letters one blank stays, so that "12 34" and a
    number broken over two lines are not read as one."""
    out: list[str] = []
    origin: list[int] = []
    blank = False
    for line in group:
        skip = {i for m in _DEBRIS.finditer(line.text) for i in range(*m.span())}
        blank = bool(out)
        for index, char in enumerate(line.text):
            if index in skip:
                continue
            if char.isspace():
                blank = True
                continue
            if blank and out and _plain(out[-1]) and _plain(char):
                out.append(" ")
                origin.append(line.span.start + index)
            blank = False
            out.append(char)
            origin.append(line.span.start + index)
    text = "".join(out)
    # a comma or colon between digits is part of a number or a time
    full = re.sub(r"(?<!\d)[,:]|[,:](?!\d)|[;()?!]", lambda m: m[0].translate(_FULL), text)
    return full, tuple(origin)


def _plain(char: str) -> bool:
    return char.isascii() and char.isalnum()


# （一）提高认识，加强领导。 · 提升政务公开数量。 · 1、主动公开政府信息的情况。
_LEAD = re.compile(r"[^。；：，]{2,24}(?:，[^。；：，]{2,16})?[。：]")


def _lead(text: str) -> tuple[str, int]:
    """The words that open a paragraph as its own small heading, and where the text behind them begins."""
    style, rest = numbering(text)
    start = len(text) - len(rest)
    match = _LEAD.match(rest)
    if match is None or re.search(r"\d|^(?:其中|包括|分别|具体|如下)", match[0]) or (len(match[0]) == len(rest) and not style):
        return "", start
    return re.sub(r"^(?:[一二三四五六七八九十]是|第[一二三四五六七八九十]|首先|其次)[，、]?", "", match[0].rstrip("。：")), start


# 二是推进全过程公开。 · （二）依申请公开情况。: an item of its own inside a paragraph
_ITEM = re.compile(r"(?:[二三四五六七八九十]是|（[一二三四五六七八九十]）|第[二三四五六七八九]，|其[二三四五]，)")


def _item(text: str, lead: str) -> str:
    """The lead from this sentence on: an item's own short heading, none where it has none."""
    match = _ITEM.match(text)
    if match is None:
        return lead
    words = text[match.end() :]
    return words.rstrip("。；") if len(words) <= 24 and not re.search(r"\d", words) else ""


def _cut(
    source: str, text: str, origin: tuple[int, ...], lead: str, start: int, section: Section | None
) -> Iterator[Sentence]:
    depth, begin = 0, start
    first, before = True, ""
    for index in range(start, len(text)):
        char = text[index]
        depth = max(0, depth + (char in "（《") - (char in "）》"))
        last = index == len(text) - 1
        if (char in _ENDS and (depth == 0 or index - begin > 160)) or last:
            end = index + 1
            # a closing quotation mark behind the full stop belongs to the sentence
            if not text[begin:end].strip():
                continue
            quote = Span(origin[begin], origin[end - 1] + 1)
            if not first:
                lead = _item(text[begin:end], lead)
            yield Sentence(text[begin:end], origin[begin:end], quote, lead, first, section, before)
            before = text[begin:end]
            begin, first, depth = end, False, 0
