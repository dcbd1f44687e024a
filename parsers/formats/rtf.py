"""rtf: Rich Text, by way of LibreOffice."""

from __future__ import annotations

from knowledge.model import Problem
from knowledge.problems import problem
from parsers import office, ooxml, sniff
from parsers.document import Document
from parsers.limits import DEFAULT, Limits, Refused


def recognises(name: str, head: bytes) -> bool:
    """「{\\rtf」, whatever the name says: programs save it as .doc too."""
    return sniff.is_rtf(head)


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The report as it is printed, or why not."""
    if not data.rstrip(b"\x00\r\n \t").endswith(b"}"):
        return problem("truncated")
    try:
        return ooxml.read(office.to_docx(data, "rtf", "Rich Text Format", limits), limits)
    except Refused as refused:
        return refused.problem
