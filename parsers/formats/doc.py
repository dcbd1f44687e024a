"""doc: Word 97 documents (WPS writes them too) and Word's XML of 2003, by way of LibreOffice."""

from __future__ import annotations

from knowledge.model import Problem
from knowledge.problems import problem
from parsers import compound, office, ooxml
from parsers.document import Document
from parsers.limits import DEFAULT, Limits, Refused

_FLAT = (b"w:wordDocument", b"pkg:package")


def recognises(name: str, head: bytes) -> bool:
    """A compound file holding a Word document, or one under a password. ``head`` is the whole file."""
    if compound.holds(head, "WordDocument") or compound.is_encrypted(head):
        return True
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") and any(mark in head for mark in _FLAT)


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The report as Word prints it, or why not."""
    if compound.is_encrypted(data) or compound.word_is_encrypted(data):
        return problem("encrypted")
    try:
        if data.startswith(compound.MAGIC):
            return ooxml.read(office.to_docx(data, "doc", "MS Word 97", limits), limits)
        importer = "MS Word 2003 XML" if _FLAT[0] in data[:8192] else "MS Word 2007 XML"
        return ooxml.read(office.to_docx(data, "xml", importer, limits), limits)
    except Refused as refused:
        return refused.problem
