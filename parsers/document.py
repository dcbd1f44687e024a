"""A file as every reader hands it over: frozen text, tables as grids of cells, paragraphs — with offsets.

This is the seam between the two layers. A format (``parsers/formats/<name>.py``) only fills a Document;
form recognition (``parsers/form.py``, ``parsers/prose.py``, ``parsers/identity.py``) only reads one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from knowledge.model import Problem, Span


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. A merged cell appears once, at its top left corner, with its spans.

    ``span`` covers what is printed in it (debris such as ``[bookmark: …]`` outside it, white space around it
    trimmed), so ``text == source_text[span.start:span.end]``; an empty cell has start == end at its place.
    ``indent`` counts the leading blanks of the cell's first line in half-width units (sub-rows are indented).
    """

    text: str
    span: Span
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A grid. ``span`` covers it in the source_text from its first cell to its last."""

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line or paragraph of prose outside tables, trimmed. ``level``: 1, 2, … where the format itself marks it
    as a heading (Markdown #, Word heading style, <h2>), else 0."""

    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """``blocks`` holds paragraphs and tables in reading order; ``meta`` what the file says about itself outside
    the report (page title, 发布机构, 发布日期: keys title, org, published)."""

    text: str
    blocks: tuple[Paragraph | Table, ...]
    meta: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    published: date | None = None


class Writer:
    """Builds the text of a format that has none of its own (docx, html, xlsx, pdf): appends and hands back Spans.

    Paragraphs become lines; a table becomes one line per row with its cells separated by TAB, so that a row can
    be quoted. Line ends inside a cell are kept as they are printed except that they are written as a blank,
    because a row is one line.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Paragraph | Table] = []

    def _append(self, text: str) -> Span:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return Span(start, self._length)

    def paragraph(self, text: str, level: int = 0) -> Span | None:
        """Writes one paragraph (inner line ends stay) and its line end; white space around it is dropped, but for the
        TABs of a line that has some inside: they are the empty cells of a row."""
        bare = text.strip()
        if not bare:
            return None
        if "\t" not in bare:
            span = self._append(bare)
        else:
            head, _, tail = text.strip("\r\n").partition(bare)
            self._append("\t" * head.count("\t"))
            span = self._append(bare)
            self._append("\t" * tail.count("\t"))
        self._append("\n")
        self._blocks.append(Paragraph(span, level))
        return span

    def raw(self, lines: list[str]) -> Span:
        """Writes lines as they are, blanks and all, without making blocks of them: whoever asked for it does."""
        span = self._append("\n".join(lines))
        self._append("\n")
        return span

    def table(self, cells: list[tuple[int, int, int, int, str]]) -> Table | None:
        """``cells``: (row, column, rowspan, colspan, text), merged cells once. Returns the Table written."""
        if not cells:
            return None
        rows = max(row + rowspan for row, _, rowspan, _, _ in cells)
        columns = max(column + colspan for _, column, _, colspan, _ in cells)
        by_row: dict[int, list[tuple[int, int, int, int, str]]] = {}
        for cell in cells:
            by_row.setdefault(cell[0], []).append(cell)
        out: list[Cell] = []
        start = self._length
        for row in range(rows):
            for index, (_, column, rowspan, colspan, text) in enumerate(sorted(by_row.get(row, []), key=lambda c: c[1])):
                if index:
                    self._append("\t")
                printed = " ".join(text.split("\n")).replace("\t", " ")
                stripped = printed.strip()
                indent = sum(2 if c == "\u3000" else 1 for c in printed[: len(printed) - len(printed.lstrip())])
                span = self._append(stripped)
                out.append(Cell(stripped, span, row, column, rowspan, colspan, indent))
            self._append("\n")
        table = Table(tuple(out), rows, columns, Span(start, self._length))
        self._append("\n")
        self._blocks.append(table)
        return table

    def document(self, meta: dict[str, str] | None = None, problems: tuple[Problem, ...] = ()) -> Document:
        """The finished Document; the Writer is not used afterwards."""
        return Document("".join(self._parts), tuple(self._blocks), meta or {}, problems)
