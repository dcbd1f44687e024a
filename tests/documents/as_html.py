"""A report as a web page."""

from __future__ import annotations

from collections.abc import Callable

from tests.documents.content import Content, Grid, rows_of, sections

Cell = Callable[[str], str]


def cell(text: str) -> str:
    return text


def table(grid: Grid, inside: Cell = cell, attributes: str = 'border="1"') -> str:
    """The grid as a table; ``inside`` dresses a cell's text."""
    lines = [f"<table {attributes}>"]
    for row in rows_of(grid):
        cells = "".join(f"<td{_span('rowspan', h)}{_span('colspan', w)}>{inside(t)}</td>" for _, h, w, t in row)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</table>"])


def _span(name: str, number: int) -> str:
    return f' {name}="{number}"' if number > 1 else ""


def body(
    c: Content,
    inside: Cell = cell,
    heading: str = "<p><b>{}</b></p>",
    paragraph: str = "<p>{}</p>",
    attributes: str = 'border="1"',
) -> str:
    """The report's own part of a page."""
    out = [f"<h1>{c.title}</h1>"]
    for title, parts in sections(c):
        out.append(heading.format(title))
        out += [paragraph.format(part) if isinstance(part, str) else table(part, inside, attributes) for part in parts]
    out += [paragraph.format(c.org), paragraph.format(c.date)]
    return "\n".join(out)


def page(text: str, head: str = "", encoding: str = "utf-8", title: str = "") -> bytes:
    """A whole page around ``text``."""
    return f"<!DOCTYPE html><html><head><meta charset={encoding}><title>{title}</title>{head}</head><body>{text}</body></html>".encode(
        "gb18030" if encoding in ("gb2312", "gbk") else encoding
    )
