"""docx: Word's zipped XML."""

from __future__ import annotations

from knowledge.model import Problem
from parsers import ooxml
from parsers.archive import holds
from parsers.document import Document
from parsers.limits import DEFAULT, Limits, Refused


def recognises(name: str, head: bytes) -> bool:
    """A zip with Word's parts. ``head`` is the whole file."""
    return holds(head, "word/") and not holds(head, "xl/workbook")


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The report as Word prints it, or why not."""
    try:
        return ooxml.read(data, limits)
    except Refused as refused:
        return refused.problem
