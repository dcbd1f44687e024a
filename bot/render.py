"""Answers as messages: HTML marks (figure bold, quote as blockquote, rankings aligned), split at line ends.

The length of a message is counted as Telegram counts it: UTF-16 units of the text without its marks. Every part comes
twice, with marks and plain, so that a message whose marks are refused can be sent again without them.
"""

from __future__ import annotations

import html as html_marks
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge.wording import amount

# Telegram's limit is 4096; the rest is room for nothing in particular
LIMIT = 4000
# a quote with more lines or characters than this is folded up
_LONG_LINES, _LONG_TEXT = 4, 220
# the list of a ranking or of one figure a body: 「1. 柴桥街道办事处：2件」「· 2019年：3件」
_LISTED = re.compile(r"^(?:(\d+)\. |· )(.{1,60})：([^：]{1,40})$")
_SHORTEST_LIST = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One message: with marks and without."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text under at most one mark: "b", "i", "u" or ""."""

    text: str
    mark: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together: ``kind`` is "" (plain text), "quote", "long" (a quote folded up) or "pre"."""

    kind: str
    lines: tuple[Line, ...]


_OPEN = {"": "", "quote": "<blockquote>", "long": "<blockquote expandable>", "pre": "<pre>"}
_CLOSE = {"": "", "quote": "</blockquote>", "long": "</blockquote>", "pre": "</pre>"}


def answer_parts(answer: dict[str, Any], limit: int = LIMIT) -> list[Part]:
    """The messages of an answer (CONTRACT's JSON)."""
    return parts(_blocks(answer["text"].split("\n"), _shown_figures(answer["figures"])), limit)


def text_parts(text: str, limit: int = LIMIT) -> list[Part]:
    """The messages of a plain text; lines that begin with 「> 」 are quotes."""
    return parts(_blocks(text.split("\n"), ()), limit)


def escape(text: str) -> str:
    """Text as it may stand between marks."""
    return html_marks.escape(text, quote=False)


def _shown_figures(figures: Sequence[dict[str, Any]]) -> list[str]:
    shown = [amount(Decimal(str(f["value"])), f["unit"]) for f in figures if f["value"] is not None]
    return sorted(set(shown), key=len, reverse=True)


def _blocks(lines: Sequence[str], shown: Sequence[str]) -> list[Block]:
    out: list[Block] = []
    at = 0
    while at < len(lines):
        kind = _kind(lines[at], shown)
        end = at + 1
        while kind and end < len(lines) and _kind(lines[end], shown) == kind:
            end += 1
        out.append(_block(kind, lines[at:end], shown))
        at = end
    return out


def _kind(line: str, shown: Sequence[str]) -> str:
    if line.startswith("> "):
        return "quote"
    listed = _LISTED.match(line)
    return "list" if listed is not None and listed[3].strip().startswith(tuple(shown)) and shown else ""


def _block(kind: str, lines: Sequence[str], shown: Sequence[str]) -> Block:
    if kind == "quote":
        texts = [line[2:] for line in lines]
        long = len(texts) > _LONG_LINES or sum(map(len, texts)) > _LONG_TEXT
        return Block("long" if long else "quote", tuple((Piece(text),) for text in texts))
    if kind == "list" and len(lines) >= _SHORTEST_LIST:
        return Block("pre", tuple(_aligned(lines)))
    return Block("", tuple(_line(line, shown) for line in lines))


def _aligned(lines: Sequence[str]) -> list[Line]:
    """Figures right aligned before the names: the names may then be of any width, and a phone may wrap them."""
    found = [m for line in lines if (m := _LISTED.match(line))]
    values = [m[3].strip() for m in found]
    places = [f"{m[1]}. " if m[1] else "" for m in found]
    widest, place_width = max(map(width, values)), max(map(len, places))
    return [
        (Piece(f"{place:>{place_width}}{' ' * (widest - width(value))}{value}  {m[2]}"),)
        for m, value, place in zip(found, values, places, strict=True)
    ]


def width(text: str) -> int:
    """Columns a text takes in a fixed font: two for Chinese."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _line(line: str, shown: Sequence[str]) -> Line:
    if line.startswith("出处："):
        return (Piece(line, "i"),)
    if not shown or line.startswith("⚠️"):
        return (Piece(line),)
    pattern = "|".join(rf"(?<![\d.])(?:{re.escape(one)})(?!\d)" for one in shown)
    pieces: list[Piece] = []
    at = 0
    for found in re.finditer(pattern, line):
        if found.start() > at:
            pieces.append(Piece(line[at : found.start()]))
        pieces.append(Piece(found[0], "b"))
        at = found.end()
    if at < len(line) or not pieces:
        pieces.append(Piece(line[at:]))
    return tuple(pieces)


def marked_passage(text: str, start: int, end: int) -> Line:
    """A passage with the characters [start, end) of it underlined."""
    pieces = (Piece(text[:start]), Piece(text[start:end], "u"), Piece(text[end:]))
    return tuple(p for p in pieces if p.text)


def size(text: str) -> int:
    """UTF-16 units, as the platform counts."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def parts(blocks: Iterable[Block], limit: int = LIMIT) -> list[Part]:
    """The blocks as messages of at most ``limit``; a mark never stays open over the end of a message."""
    out: list[list[tuple[str, Line]]] = [[]]
    used = 0
    for block in blocks:
        for whole in block.lines:
            for line in _cut(whole, limit):
                long = sum(size(p.text) for p in line) + 1
                if used + long > limit and out[-1]:
                    out.append([])
                    used = 0
                out[-1].append((block.kind, line))
                used += long
    return [_part(lines) for lines in out if any(piece.text.strip() for _, line in lines for piece in line)]


def _cut(line: Line, limit: int) -> list[Line]:
    """A line that is longer than a message is cut, at a blank or a stop where there is one."""
    if sum(size(p.text) for p in line) < limit:
        return [line]
    out: list[list[Piece]] = [[]]
    room = limit - 1
    for piece in line:
        rest = piece.text
        while size(rest) > room:
            head = _fitting(rest, room)
            if head:
                out[-1].append(Piece(head, piece.mark))
            rest = rest[len(head) :]
            out.append([])
            room = limit - 1
        if rest:
            out[-1].append(Piece(rest, piece.mark))
            room -= size(rest)
    return [tuple(pieces) for pieces in out if pieces]


def _fitting(text: str, room: int) -> str:
    """The longest head of ``text`` that fits and ends well."""
    head = text[:room]
    while size(head) > room:
        head = head[: -max(1, (size(head) - room) // 2)]
    stop = max(head.rfind(mark) for mark in "。；！？，、 ")
    return head[: stop + 1] if stop > len(head) // 2 else head


def _part(lines: Sequence[tuple[str, Line]]) -> Part:
    marked: list[str] = []
    kind = ""
    for at, (now, line) in enumerate(lines):
        opening = now != kind or at == 0
        if opening and at:
            marked.append(_CLOSE[kind] + "\n")
        elif at:
            marked.append("\n")
        if opening:
            marked.append(_OPEN[now])
        kind = now
        marked.append("".join(_marked(p) for p in line))
    marked.append(_CLOSE[kind])
    plain = "\n".join(("> " if k in ("quote", "long") else "") + "".join(p.text for p in line) for k, line in lines)
    return Part("".join(marked), plain)


def _marked(piece: Piece) -> str:
    text = escape(piece.text)
    return f"<{piece.mark}>{text}</{piece.mark}>" if piece.mark else text
