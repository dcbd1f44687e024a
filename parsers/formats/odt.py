"""odt: OpenDocument text, zipped or flat."""

from __future__ import annotations

from knowledge.model import Problem
from parsers import odf
from parsers.archive import is_zip
from parsers.document import Document
from parsers.limits import DEFAULT, Limits, Refused


def recognises(name: str, head: bytes) -> bool:
    """A zip whose first member says it is OpenDocument text, or a flat file of that type. ``head`` is the whole file."""
    if is_zip(head):
        return odf.TYPE in head[:400]
    return head.lstrip()[:5] == b"<?xml" and b"office:document" in head and odf.TYPE in head


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The report as it is printed, or why not."""
    try:
        return odf.read(data, limits)
    except Refused as refused:
        return refused.problem
