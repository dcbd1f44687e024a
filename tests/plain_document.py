"""A Document made of plain lines, for tests of what reads prose: no file format takes part.

A line that begins with TAB, or holds |, is a cell row of a table; everything else is a paragraph.
"""

from __future__ import annotations

from itertools import groupby

from parsers.document import Document, Writer


def is_row(line: str) -> bool:
    return line.startswith("\t") or line.count("|") > 1


def plain_document(text: str, **meta: str) -> Document:
    page = Writer()
    for rows, lines in groupby(text.split("\n"), key=is_row):
        if not rows:
            for line in lines:
                page.paragraph(line)
            continue
        cells = [
            (row, column, 1, 1, cell)
            for row, line in enumerate(lines)
            for column, cell in enumerate(line.strip("\t|").split("|" if "|" in line else "\t"))
        ]
        page.table(cells)
    return page.document(meta)
