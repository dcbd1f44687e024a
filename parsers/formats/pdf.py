"""pdf: pages with a text layer; a scan is refused by name."""

from __future__ import annotations

from knowledge.model import Problem
from parsers import paged, pdfpages, sniff, unruled
from parsers.document import Document, Writer
from parsers.limits import DEFAULT, Limits, Refused


def recognises(name: str, head: bytes) -> bool:
    """%PDF within the first kilobyte, as readers of PDF allow."""
    return sniff.is_pdf(head)


def read(data: bytes, limits: Limits = DEFAULT) -> Document | Problem:
    """The pages as one running text."""
    try:
        writer = Writer()
        columns = paged.write(pdfpages.pages(data, limits), writer, limits)
        title = pdfpages.title(data)
        return unruled.with_tables(writer.document({"title": title} if title else {}), columns)
    except Refused as refused:
        return refused.problem
