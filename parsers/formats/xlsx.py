"""xlsx: Excel's and WPS's zipped XML."""

from __future__ import annotations

from knowledge.model import Problem
from parsers import sheets
from parsers.archive import holds
from parsers.document import Document, Writer
from parsers.limits import DEFAULT, Limits, Refused
from parsers.spreadsheetml import Workbook


def recognises(name: str, head: bytes) -> bool:
    """A zip that names Excel's parts. ``head`` is the whole file."""
    return holds(head, "xl/workbook", "xl/worksheets")


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """Every shown sheet in order."""
    try:
        book = Workbook(data, limits)
        writer = Writer()
        sheets.write(book.sheets(), writer, limits)
        title = book.title()
        return writer.document({"title": title} if title else {})
    except Refused as refused:
        return refused.problem
