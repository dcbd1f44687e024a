"""What a cell prints: a number with or without unit and note, nothing, a stroke, or something that cannot be read.

Offsets count within the cell's text; debris of converters (tags, bookmarks, entities, invisible characters) is skipped
but never moves an offset.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from decimal import Decimal

from knowledge.model import State

# what converters leave in a cell: <o:p>, <br>, <!-- -->, [bookmark: Field_1], ![](x.png), **, $12$, \|, &nbsp;
_DEBRIS = re.compile(
    r"<!--.*?-->|</?[A-Za-z][A-Za-z0-9:]*(?:\s[^<>]*)?/?>|\[bookmark:[^\]]*\]|!\[[^\]]*\]\([^)]*\)"
    r"|\$|\*\*+|__+|\\(?=[|*_\-\[\].#+~])|&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});",
    re.DOTALL,
)
_MAYBE_DEBRIS = re.compile(r"[<&\[*_\\!$]")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_ANY = re.compile(r".", re.DOTALL)
_LINE_BREAK = re.compile(r"</?(?:br|p|div|li|tr)\b", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True, slots=True)
class Visible:
    """What a reader sees of a text; ``origin[i]`` is where text[i] stands in the original, one entry more at the end."""

    text: str
    origin: tuple[int, ...] | None  # None: nothing was skipped

    def place(self, index: int) -> int:
        return index if self.origin is None else self.origin[index]


def visible(text: str) -> Visible:
    """``text`` without debris and invisible characters, entities read, line-breaking tags as a line end."""
    if not (_MAYBE_DEBRIS.search(text) or _INVISIBLE.search(text)):
        return Visible(text, None)
    out: list[str] = []
    origin: list[int] = []
    at = 0
    for match in _DEBRIS.finditer(text):
        _keep(text, at, match.start(), out, origin)
        token = match.group()
        if token[0] == "&":
            for char in html.unescape(token):
                out.append(char)
                origin.append(match.start())
        elif token[0] == "<" and _LINE_BREAK.match(token):
            out.append("\n")
            origin.append(match.start())
        at = match.end()
    _keep(text, at, len(text), out, origin)
    origin.append(len(text))
    return Visible("".join(out), tuple(origin))


def _keep(text: str, start: int, end: int, out: list[str], origin: list[int]) -> None:
    for index in range(start, end):
        char = text[index]
        if not _INVISIBLE.match(char):
            out.append(char)
            origin.append(index)


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit`` as printed (scale 万/亿 multiplied in when the unit is not 元-bound: see ``scale``).

    scale   10,000 or 100,000,000 where the cell itself prints 万/亿, else 1; ``value`` already includes it
    unit    what the cell prints behind the number, without 万/亿; None where it prints none
    start, end  offsets of ``raw`` in the cell's text; equal for a blank
    signed  the number carries a sign or a word (增/减) of its own
    """

    state: State
    value: Decimal | None = None
    unit: str | None = None
    scale: int = 1
    start: int = 0
    end: int = 0
    signed: bool = False


_STROKES = frozenset("-－—–―─━﹣−‐‑‒/／\\＼")
_NUMBER = re.compile(
    r"(?P<sign>[+＋\-－−﹣–—‐‑‒]|增加|减少|增|减)?\s*"
    r"(?P<digits>[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+|[0-9０-９]+)"
    r"(?:(?P<point>[.．])(?P<fraction>[0-9０-９]+))?"
    r"[^\S\n]*(?P<scale>万|亿|千)?(?P<unit>元|余元|件次|人次|批次|场次|个工作日|平方米|工作日|分钟|公里"
    r"|[件项条份篇期次场个家人户起宗通处类天部册张套只台门位名所座块封款%％‰])?"
)
# 「（含…N件）」「(注1)」「其中网络2件」「*」: a note behind the number
_NOTE = re.compile(r"\s*(?:[（(【\[〔].*[）)】\]〕]|[，,；;、]?\s*(?:其中|含|包括|包含|注)[:：]?\S.*|[*＊※①-⑳]+)", re.DOTALL)
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_SCALES = {"万": 10_000, "亿": 100_000_000, "千": 1000}


def figure(text: str) -> Figure:
    """Reads one cell. A number followed by anything but its unit and a note is unreadable: never guessed."""
    seen = visible(text)
    body = seen.text.strip()
    if not body:
        return Figure("blank")
    lead = len(seen.text) - len(seen.text.lstrip())
    if all(c in _STROKES for c in body if not c.isspace()):
        return Figure("struck", start=seen.place(lead), end=_end(seen, lead + len(body)))
    match = _NUMBER.match(body)
    if match is None or not (match.end() == len(body) or _NOTE.fullmatch(body, match.end())):
        return Figure("unreadable", start=seen.place(lead), end=_end(seen, lead + len(body)))
    return _number(match, seen, lead)


def _number(match: re.Match[str], seen: Visible, lead: int) -> Figure:
    digits = re.sub(r"[,，]", "", match["digits"]).translate(_DIGITS)
    value = Decimal(digits + ("." + match["fraction"].translate(_DIGITS) if match["fraction"] else ""))
    sign = match["sign"]
    if sign and sign not in ("+", "＋", "增", "增加"):
        value = -value
    scale = _SCALES.get(match["scale"] or "", 1)
    unit = match["unit"]
    if unit == "余元":
        unit = "元"
    start = seen.place(lead + match.start())
    return Figure(
        "number",
        value * scale,
        "%" if unit == "％" else unit,
        scale,
        start,
        _end(seen, lead + len(match.group().rstrip())),
        sign is not None,
    )


def _end(seen: Visible, end: int) -> int:
    """Offset just behind the last visible character, not behind the debris that follows it."""
    return end if seen.origin is None else seen.origin[end - 1] + 1 if end else 0


def debris_start(text: str) -> int:
    """Offset of the first character that is seen: behind white space, tags, bookmarks. len(text) when nothing is."""
    seen = visible(text)
    lead = len(seen.text) - len(seen.text.lstrip())
    return seen.place(lead) if lead < len(seen.text) else len(text)


def debris_end(text: str, start: int) -> int:
    """Offset behind the last character that is seen in text[start:]."""
    seen = visible(text[start:])
    kept = len(seen.text.rstrip())
    if seen.origin is None:
        return start + kept
    last = seen.origin[kept - 1]
    return (_ENTITY.match(text, start + last) or _ANY.match(text, start + last)).end()  # type: ignore[union-attr]


def looks_numeric(text: str) -> bool:
    """Whether a cell prints a number (not blank, not a stroke)."""
    return figure(text).state == "number"
