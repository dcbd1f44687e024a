"""docx: Word's zipped XML."""

from __future__ import annotations

from knowledge.model import Problem
from parsers import ooxml
from parsers.archive import Archive, is_zip
from parsers.document import Document
from parsers.limits import DEFAULT, Limits, Refused


def recognises(name: str, head: bytes) -> bool:
    """A zip whose directory (or, where it is cut off, whose first bytes) names Word's parts. ``head`` is the whole file."""
    return is_zip(head) and (b"word/document" in head or b"word/_rels/document" in head or b"/word/" in head[:4096]) and b"xl/workbook" not in head


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The report as Word prints it, or why not."""
    try:
        return ooxml.read(data, limits)
    except Refused as refused:
        return refused.problem
