"""The stretches of prose that a question can ask for: overview, problems, improvements, other matters, signature, title.

Section 五 holds problems and improvements; subheadings or a turning sentence (下一步, 针对上述问题) part them. Where
nothing does, both passages span the whole section rather than guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Passage, Span
from parsers.document import Document, Table
from parsers.frame import Frame, frame
from parsers.sections import Line, Section, numbering, section_key

# 下一步，我局将… · 针对上述问题 · 对此，街道将 · 下步，我办将 · 今后 · 2022年，我们将
_TURN = re.compile(
    r"(?:^|(?<=[。；！!;\n])|(?<=[。；！!;\n]\s))\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*)?"
    r"(?:下一?步|下阶段|下一阶段|下一?年度?|今后|接下来|明年|来年|新的一年|为此|对此|因此[，,].{0,12}将"
    r"|有鉴于此|鉴于此"
    r"|(?:针对|对照|围绕|聚焦)(?:以上|上述|这些|存在|此类|前述|发现|不足|问题).{0,12}[，,]|(?:改进|整改)(?:措施"
    r"|情况|方向|打算)|20\d{2}年[，,].{0,10}将"
    r"|(?:我(?:局|办|镇|乡|街道|区|县|市|委|厅|中心|院|们)|街道|全区|全县|全市|管委会)(?:下一?步|今后|将(?:重点"
    r"|主要|从|进一步|继续|采取|着力|认真|不断|按照|以)))"
)
_IMPROVE = re.compile(r"(?:改进|整改|下一?步|努力|今后|解决|对策|打算).{0,10}$")
_PROBLEM = re.compile(r"(?:问题|不足|困难|短板|差距)(?!.{0,4}(?:改进|整改)).{0,6}$")


def passages(document: Document, given: Frame | None = None) -> tuple[Passage, ...]:
    """Every passage of the document, in reading order; spans are exact and trimmed."""
    read = given or frame(document)
    out: list[Passage] = []
    if read.title:
        out.append(Passage("title", None, Span(read.title[0].span.start, read.title[-1].span.end)))
    out += _opening(document, read)
    for section in read.sections:
        if section.caption or section.span.start >= read.end:
            continue
        out += _of_section(document, read, section)
    if read.signature or read.dated:
        spans = [span for span in (read.signature.span if read.signature else None, read.dated) if span]
        out.append(Passage("signature", None, Span(min(s.start for s in spans), max(s.end for s in spans))))
    return tuple(out)


def _opening(document: Document, read: Frame) -> list[Passage]:
    """What stands between title and first heading is an overview too, where no section is called so."""
    if any(section.key == "overview" for section in read.sections):
        return []
    first = next((s.span.start for s in read.sections if not s.caption), read.end)
    span = _stretch(document, [line for line in read.lines if line.span.start < first], read.begin, first)
    return [Passage("overview", None, span)] if span else []


_KINDS = {"overview": "overview", "other_matters": "other_matters", "active": "", "applications": "", "review": ""}


def _of_section(document: Document, read: Frame, section: Section) -> list[Passage]:
    end = min(section.body.end, read.end)
    inside = [line for line in read.lines if section.body.start <= line.span.start < end]
    if section.body.start < end and (not inside or inside[0].span.start > section.body.start):
        first_line = document.text[section.body.start : end].split("\n", 1)[0]
        behind = re.sub(r"^[*#：:。\s]+|[*\s]+$", "", first_line)
        if behind and (not inside or document.text.find(behind, section.body.start) < inside[0].span.start):
            at = document.text.index(behind, section.body.start)
            inside.insert(0, Line(behind, Span(at, at + len(behind))))
    if section.key in ("problems", "improvements"):
        return _problems(document, section, inside, end)
    kind = _KINDS.get(section.key or "", "local")
    span = _stretch(document, inside, section.body.start, end) if kind else None
    return [Passage(kind, section.heading, span)] if span else []


def _stretch(document: Document, inside: Sequence[Line], start: int, end: int) -> Span | None:
    """From the first line to the last before a table; a caption right above that table is the table's."""
    tables = sorted(b.span.start for b in document.blocks if isinstance(b, Table) and start <= b.span.start < end)
    if not inside:
        return None
    stop = next((at for at in tables if at > inside[0].span.start), end)
    kept = [line for line in inside if line.span.start < stop]
    if stop != end and len(kept) > 1 and len(kept[-1].text) <= 30 and not re.search(r"[。；：:！]$", kept[-1].text):
        kept = kept[:-1]
    return Span(kept[0].span.start, kept[-1].span.end)


def _problems(document: Document, section: Section, inside: list[Line], end: int) -> list[Passage]:
    whole = _stretch(document, inside, section.body.start, end)
    if whole is None:
        return []
    if section.key == "improvements":
        return [Passage("improvements", section.heading, whole)]
    inside = [line for line in inside if line.span.start < whole.end]
    parted = _by_subheadings(section, inside, whole) or _by_turn(document, section, whole)
    if parted:
        return parted
    if _IMPROVE.search(section.heading) or "改进" in section.heading or "整改" in section.heading:
        return [Passage("problems", section.heading, whole), Passage("improvements", section.heading, whole)]
    return [Passage("problems", section.heading, whole)]


def _subheading(line: Line) -> str | None:
    """problems or improvements, where the line is, or opens with, a subheading that says so."""
    style, title = numbering(line.text)
    head = re.split(r"[。：:]", title, maxsplit=1)[0].strip()
    if len(head) > 20 or (not style and head != title.rstrip("：:。")):
        return None
    key, _ = section_key(head)
    if key in ("problems", "improvements"):
        return "improvements" if _IMPROVE.search(head) and not _PROBLEM.search(head) else key
    if _IMPROVE.search(head) and len(head) <= 14:
        return "improvements"
    return "problems" if _PROBLEM.search(head) and len(head) <= 14 else None


def _by_subheadings(section: Section, inside: list[Line], whole: Span) -> list[Passage]:
    marks = [(line, kind) for line in inside if (kind := _subheading(line))]
    if not any(kind == "improvements" for _, kind in marks):
        return []
    first = next(index for index, (_, kind) in enumerate(marks) if kind == "improvements")
    problem = [line for line, kind in marks[:first] if kind == "problems"]
    turn = marks[first][0]
    if turn.span.start <= inside[0].span.start:
        return []
    before = [line for line in inside if line.span.start < turn.span.start]
    start = _behind(problem[0], inside) if problem else before[0].span.start
    out = []
    if start < before[-1].span.end:
        out.append(Passage("problems", section.heading, Span(start, before[-1].span.end)))
    begin = _behind(turn, inside)
    if begin < whole.end:
        out.append(Passage("improvements", section.heading, Span(begin, whole.end)))
    return out if len(out) == 2 else []


def _behind(line: Line, inside: list[Line]) -> int:
    """Where the text behind a subheading begins: in its own line (（一）存在的问题。…) or on the next."""
    match = re.search(r"[。：:]\s*(?=\S)", line.text)
    if match and match.end() < len(line.text) and match.start() <= 26:
        return line.span.start + match.end()
    following = [other.span.start for other in inside if other.span.start > line.span.start]
    return following[0] if following else line.span.end


def _by_turn(document: Document, section: Section, whole: Span) -> list[Passage]:
    text = document.text[whole.start : whole.end]
    for match in _TURN.finditer(text):
        at = match.start() + len(match[0]) - len(match[0].lstrip())
        if text[:at].strip():
            before = whole.start + len(text[:at].rstrip())
            return [
                Passage("problems", section.heading, Span(whole.start, before)),
                Passage("improvements", section.heading, Span(whole.start + at, whole.end)),
            ]
    return []
