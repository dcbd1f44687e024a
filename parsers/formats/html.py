"""html: pages saved from a site, pages exported by Word, bare fragments, tag soup, legacy encodings."""

from __future__ import annotations

from knowledge.model import Problem
from parsers import page, sniff
from parsers.blocks import write
from parsers.document import Document, Writer
from parsers.limits import DEFAULT, Limits, Refused

# XML that other formats read: Word 2003, flat packages, flat OpenDocument.
_OTHER_XML = (b"<w:wordDocument", b"<pkg:package", b"<office:document")


def recognises(name: str, head: bytes) -> bool:
    """Markup of a page at the beginning, or a web archive (MIME) that holds one."""
    if any(mark in head for mark in _OTHER_XML):
        return False
    return sniff.is_html(name, head) or page.is_web_archive(head)


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The report's own part of the page; menus, scripts, footers and the page's index table only name body and date."""
    try:
        blocks, meta = page.content(data, limits)
        writer = Writer()
        write(blocks, writer, limits)
        return writer.document(meta)
    except Refused as refused:
        return refused.problem
