"""Tables → facts: tells which table is which by its labels, joins what pages cut apart, hands each to its reader.

``read(document)`` is what every format's Document goes through; it neither knows nor asks where the file came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from knowledge.catalogue import ACTIVE, APPLICATIONS, REVIEW, catalogue, plain_label
from knowledge.model import Fact, Problem, Span
from knowledge.problems import problem
from parsers import form_active, form_applications, form_local, form_review, grid, labels
from parsers.document import Cell, Document, Paragraph, Table
from parsers.grid import Row
from parsers.sections import Section, section_key, section_of, sections

_READERS: dict[str, Callable[[Sequence[Row]], tuple[list[Fact], list[Problem]]]] = {
    "active": form_active.read,
    "applications": form_applications.read,
    "review": form_review.read,
}
TABLES = {"active": ACTIVE, "applications": APPLICATIONS, "review": REVIEW}
# 「三、」「5、 」「附表：」「附件2：」「表1：」 in front of a local table's heading
_HEADING_NUMBER = re.compile(
    r"^[#*\s]*(?:附[件表录]?\s*[一二三四五六七八九十\d]{0,2}\s*[:：.、]\s*)?(?:表\s*\d{1,2}\s*[:：.、\s]\s*)?"
    r"(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*[、.．](?!\d))?[\s*]*"
)
# 「单位：件」「（计量单位：条）」 between heading and table
_UNIT_LINE = re.compile(r"[（(]?\s*(?:计量)?单位\s*[:：]\s*([^\s（()）]{1,6})\s*[)）]?")
# 「（2016年度）」「2016年」 under a table's heading
_SUBTITLE = re.compile(r"[（(]?(?:19|20)\d{2}年?度?[)）]?|[（(]\S{1,12}[)）]")
_LONGEST_TITLE = 40
# all cells of a page's table run together: 「…申请数量9200100 12二、上年…」
_RUN_TOGETHER_LABELS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """Facts of all tables in reading order, and what could not be read."""

    facts: tuple[Fact, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Part:
    """Consecutive rows of one subject. ``title``/``unit``: the local table's heading and the unit named above it."""

    subject: str
    rows: list[Row]
    title: str = ""
    unit: str | None = None


@dataclass(slots=True)
class _Walk:
    parts: list[_Part] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # paragraphs since the last table
    spans: list[Span] = field(default_factory=list)  # where they stand


def facts(document: Document) -> tuple[Fact, ...]:
    """Every table cell of the document as a fact."""
    return read(document).facts


def read(document: Document) -> Reading:
    """Every table cell as a fact, and what of the tables could not be read."""
    found_sections = sections(document)
    walk = _walk(document, found_sections)
    made: list[Fact] = []
    problems: list[Problem] = []
    for subject, reader in _READERS.items():
        rows = [row for part in walk.parts if part.subject == subject for row in part.rows]
        if rows:
            own, wrong = reader(rows)
            made.extend(own)
            problems.extend(wrong)
    for part in _local_parts(walk.parts):
        own, wrong = form_local.read(part.rows, part.title, part.unit)
        made.extend(own)
        problems.extend(wrong)
    made.sort(key=lambda f: (f.span.start, f.span.end))
    named = tuple(replace(f, section=s.heading) if (s := section_of(found_sections, f.span.start)) else f for f in made)
    problems.extend(_run_together(document, found_sections, named))
    return Reading(named, tuple(problems))


# ---------------------------------------------------------------- which table is which


def _walk(document: Document, found: tuple[Section, ...]) -> _Walk:
    walk = _Walk()
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            walk.lines.append(document.text[block.span.start : block.span.end])
            walk.spans.append(block.span)
            continue
        rows = grid.rows(block, number)
        _take(walk, rows, block, found)
        walk.lines, walk.spans = [], []
    return walk


def _take(walk: _Walk, rows: list[Row], table: Table, found: tuple[Section, ...]) -> None:
    previous = walk.parts[-1] if walk.parts else None
    for subject, part_rows in _split(rows):
        if subject == "local":
            subject = _continued(part_rows, previous, walk, table, found)
        section = section_of(found, table.span.start)
        title, unit = _title(walk.lines, section)
        if subject == "review":
            part_rows = [*_caption(walk, table, part_rows), *part_rows]
        walk.parts.append(_Part(subject, part_rows, title, unit))


def _caption(walk: _Walk, table: Table, rows: Sequence[Row]) -> list[Row]:
    """A line above one of three review tables that names its block, as a row of it: 「1.行政复议」."""
    if not walk.lines or any(labels.blocks().match(c.text) for row in rows for c in row.cells if grid.is_label(c)):
        return []
    if labels.blocks().exact(walk.lines[-1]) is None:
        return []
    return [Row((Cell(walk.lines[-1], walk.spans[-1], -1, 0),), -1, rows[0].table)]


def _subject(row: Row) -> str | None:
    """Whose label the row carries; None for a row that says nothing."""
    if form_applications.is_row(row) or form_applications.is_head(row):
        return "applications"
    if form_review.is_row(row):
        return "review"
    if form_active.is_row(row):
        return "active"
    return None


def _split(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Cuts a table in which several subjects stand (a sheet, a page in one frame) between them."""
    subjects = [_subject(row) for row in rows]
    present = {s for s in subjects if s}
    if not present:
        yield "local", rows
        return
    if _is_local(rows, subjects):
        yield "local", rows
        return
    if len(present) == 1:
        yield present.pop(), rows
        return
    start, current = 0, None
    for index, subject in enumerate(subjects):
        if subject is None or subject == current:
            continue
        if current is not None and _stray(subjects, index, current):
            continue
        if current is not None:
            cut = _cut(rows, subjects, index)
            yield current, rows[start:cut]
            start = cut
        current = subject
    yield current or "local", rows[start:]


def _is_local(rows: Sequence[Row], subjects: Sequence[str | None]) -> bool:
    """A statistics table in which a row happens to be called like one of the form's."""
    head = next((r for r in rows if len(grid.filled(r.cells)) >= 2), None)
    names = {labels.printed(c.text) for c in head.cells} if head else set()
    if not names & {"统计指标", "指标名称", "计量单位", "统计数", "指标", "项目", "数值", "内容"}:
        return False
    if names & {"信息内容"} or any(labels.clause(c.text) for row in rows for c in row.cells if grid.is_label(c)):
        return False  # 「项目 | 数据1 | 数据2」 above 第二十条: a converter's head, no statistics table's
    known = sum(1 for s in subjects if s)
    return known * 2 <= len(rows) or "applications" not in subjects


def _stray(subjects: Sequence[str | None], index: int, current: str) -> bool:
    """One row of another subject amid rows of this one: a label that two tables share."""
    later = [s for s in subjects[index + 1 :] if s]
    return bool(later) and later[0] == current and subjects[index] != current and subjects[index] not in later


def _cut(rows: Sequence[Row], subjects: Sequence[str | None], index: int) -> int:
    """Rows without figures just above a subject's first row are its heading."""
    cut = index
    while cut > 0 and subjects[cut - 1] is None and not any(grid.is_figure(c) for c in rows[cut - 1].cells):
        if not grid.filled(rows[cut - 1].cells):
            break
        cut -= 1
    return cut


def _continued(
    rows: Sequence[Row], previous: _Part | None, walk: _Walk, table: Table, found: tuple[Section, ...]
) -> str:
    """A fragment without any label of its own belongs to the table it was cut from, if its figures fit."""
    figures = [len(grid.filled(r.cells)) for r in rows if any(grid.is_figure(c) for c in r.cells)]
    section = section_of(found, table.span.start)
    headed = any(section_key(_bare(line))[0] for line in walk.lines)
    if not figures:
        return "local"
    if previous and previous.subject == "applications" and not headed and all(n in (7, 8, 9) for n in figures):
        if any(form_applications.is_row(r) for r in previous.rows) and not _has_names(rows):
            return "applications"
    if section and section.key == "review" and figures[-1] in (15, 16) and len(figures) == 1:
        return "review"
    return "local"


def _has_names(rows: Sequence[Row]) -> bool:
    return any(len([c for c in r.cells if grid.is_label(c)]) > 1 for r in rows)


def _local_parts(parts: Sequence[_Part]) -> list[_Part]:
    """Local tables, a fragment without head joined to the one it continues."""
    out: list[_Part] = []
    before: _Part | None = None
    for part in parts:
        joined = part.subject == "local" and before is not None and before.subject == "local" and not part.title
        if joined and before is not None and _width(part.rows) == _width(before.rows):
            offset = before.rows[-1].index + 1
            before.rows.extend(replace(r, index=r.index + offset, table=before.rows[0].table) for r in part.rows)
            continue
        if part.subject == "local":
            out.append(part)
        before = part
    return out


def _width(rows: Sequence[Row]) -> int:
    return max((c.column + c.colspan for r in rows for c in r.cells), default=0)


# ---------------------------------------------------------------- headings


def _bare(line: str) -> str:
    return _HEADING_NUMBER.sub("", line, count=1).strip(" \u3000\xa0:：*#")


def _title(lines: Sequence[str], section: Section | None) -> tuple[str, str | None]:
    """A local table's heading: the line above it, a line that only names the unit passed over; else its section's."""
    unit = None
    for line in reversed(lines):
        text = labels.printed(line)
        match = _UNIT_LINE.fullmatch(text)
        if match:
            unit = match[1]
            continue
        if _SUBTITLE.fullmatch(text):
            continue
        bare = labels.printed(_bare(line))
        if 0 < len(bare) <= _LONGEST_TITLE and not re.search(r"[。；！？]", bare):
            return bare, unit
        break
    if not lines:
        return "", unit
    return (labels.printed(_bare(section.heading)) if section else ""), unit


# ---------------------------------------------------------------- what cannot be told apart


def _run_together(document: Document, found: Sequence[Section], made: Sequence[Fact]) -> Iterator[Problem]:
    """Sections whose table was run together into one line of labels and figures: 「…申请数量9200100 12二、上年…」."""
    have = {f.table for f in made}
    for section in found:
        if section.key in TABLES and TABLES[section.key] not in have:
            for line in document.text[section.body.start : section.body.end].split("\n"):
                if _is_run_together(line):
                    yield problem("run_together", section.body)
                    break


def _is_run_together(line: str) -> bool:
    if len(line) < 60 or not any(c.isdigit() for c in line):
        return False
    text = plain_label(line)
    return sum(1 for label in _long_labels() if label in text) >= _RUN_TOGETHER_LABELS


@cache
def _long_labels() -> frozenset[str]:
    entries = (*catalogue().rows.values(), *catalogue().items.values())
    return frozenset(form for entry in entries for form in entry.plain if len(form) >= 4)
