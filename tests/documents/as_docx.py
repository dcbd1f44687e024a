"""A report as a Word file, written part by part so that a test can put anything into it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.sax.saxutils import escape

from tests.documents.content import Content, Grid, sections

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
Paragraphs = Callable[[str], str]


def run(text: str, properties: str = "") -> str:
    """One run of text."""
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph with one run."""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text) if text else ''}</w:p>"


def table(grid: Grid, inside: Paragraphs = paragraph, row_properties: Callable[[int], str] = lambda _: "") -> str:
    """The grid as a table with gridSpan and vMerge."""
    height = max(r + h for r, _, h, _, _ in grid)
    width = max(c + w for _, c, _, w, _ in grid)
    covered = {(r + i, c): (r, c, h, w, t) for r, c, h, w, t in grid for i in range(h)}
    out = ["<w:tbl><w:tblPr/><w:tblGrid>" + '<w:gridCol w:w="800"/>' * width + "</w:tblGrid>"]
    for row in range(height):
        cells = []
        for column in sorted(c for r, c in covered if r == row):
            top, _, h, w, text = covered[row, column]
            merge = "" if h == 1 else '<w:vMerge w:val="restart"/>' if top == row else "<w:vMerge/>"
            span = f'<w:gridSpan w:val="{w}"/>' if w > 1 else ""
            cells.append(
                f"<w:tc><w:tcPr><w:tcW w:w='{800 * w}' w:type='dxa'/>{span}{merge}</w:tcPr>{inside(text) if top == row else '<w:p/>'}</w:tc>"
            )
        out.append(f"<w:tr>{row_properties(row)}{''.join(cells)}</w:tr>")
    return "".join(out) + "</w:tbl>"


def body(c: Content, inside: Paragraphs = paragraph, heading: Paragraphs = paragraph) -> str:
    """The report's blocks."""
    out = [paragraph(c.title)]
    for title, parts in sections(c):
        out.append(heading(title))
        out += [paragraph(part) if isinstance(part, str) else table(part, inside) for part in parts]
    return "".join([*out, paragraph(c.org), paragraph(c.date)])


def file(
    inner: str,
    parts: dict[str, str | bytes] | None = None,
    namespace: str = W,
    part: str = "word/document.xml",
    before: str = "",
) -> bytes:
    """A docx around ``inner``; ``parts`` are further members, ``before`` stands in front of the root element."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    document = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{namespace}" {_MORE}><w:body>{inner}<w:sectPr/></w:body></w:document>'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
            "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Default Extension='xml' ContentType='application/xml'/>"
            f"<Override PartName='/{part}' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
        ),
        "_rels/.rels": f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='{kind}' Target='{part}'/></Relationships>",
        part: document,
        **(parts or {}),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def numbering(kind: str, text: str, numbers: str = "") -> str:
    """numbering.xml with one list of one kind, and the lists ``numbers`` adds."""
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="5"/></w:num>{numbers}</w:numbering>'
    )
