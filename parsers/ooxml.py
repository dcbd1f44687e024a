"""WordprocessingML (docx) as blocks: what Word would print, read from the XML itself.

Left out because they are not printed in the text: deletions and moved-away text of tracked changes, deleted rows,
hidden and struck-out text, field codes, headers and footers, footnote marks, charts. Kept: insertions, content controls,
text boxes (after the paragraph they hang on), automatic numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from posixpath import basename, dirname, join, normpath

from parsers import sniff, tabbed, xml
from parsers.archive import Archive, is_zip
from parsers.blocks import Block, Grid, GridCell, Text, write
from parsers.document import Document, Writer
from parsers.encoding import decode
from parsers.limits import DEFAULT, Limits, Refused
from parsers.numbering import Numbering

_SKIPPED = {
    "del",
    "moveFrom",
    "pPr",
    "rPr",
    "tblPr",
    "instrText",
    "delText",
    "footnoteReference",
    "endnoteReference",
    "rt",
    "fldData",
}
_UNPRINTED = frozenset({"vanish", "strike", "dstrike", "del", "moveFrom"})
_BOX = "txbxContent"
_DEEPEST_CHUNK = 2


def document_part(archive: Archive) -> str | None:
    """Name of the main part of a Word file inside the archive, or None where there is none."""
    names = set(archive.names())
    if "_rels/.rels" in names:
        for relation in xml.parse(archive.read("_rels/.rels")):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                target = normpath((relation.get("Target") or "").lstrip("/"))
                if target in names:
                    return target
    return "word/document.xml" if "word/document.xml" in names else None


def _optional(archive: Archive, name: str) -> xml.Element | None:
    return xml.parse(archive.read(name)) if name in archive.names() else None


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The Document of a docx file's bytes; raises Refused."""
    archive = Archive(data, limits)
    part = document_part(archive)
    if part is None:
        raise Refused("damaged_file", format="docx ")
    root = xml.parse(archive.read(part))
    body = xml.child(root, "body")
    if body is None:
        raise Refused("damaged_file", format="docx ")
    writer = Writer()
    write(_blocks(archive, part, body, limits), writer, limits)
    return tabbed.with_tables(writer.document(_meta(archive)))


def _blocks(archive: Archive, part: str, body: xml.Element, limits: Limits, depth: int = 0) -> tuple[Block, ...]:
    """The blocks of one main part with its styles, numbers and the documents put into it whole."""
    folder = dirname(part)
    styles = _optional(archive, join(folder, "styles.xml"))
    numbers = _optional(archive, join(folder, "numbering.xml"))

    def chunk(key: str) -> tuple[Block, ...]:
        target = _targets(archive, part).get(key, "")
        return _chunk(archive.read(target), archive, limits, depth + 1) if target in archive.names() else ()

    namespace = body.tag.rpartition("}")[0] + "}"
    return _Walker(namespace, Numbering(styles, numbers), limits, _unprinted_styles(styles), chunk).blocks(body)


def _targets(archive: Archive, part: str) -> dict[str, str]:
    """Id → name of the parts that ``part`` refers to, those outside the file left out."""
    relations = _optional(archive, join(dirname(part), "_rels", basename(part) + ".rels"))
    out: dict[str, str] = {}
    for relation in relations if relations is not None else ():
        target = relation.get("Target") or ""
        if relation.get("TargetMode") != "External":
            whole = target.lstrip("/") if target.startswith("/") else join(dirname(part), target)
            out[relation.get("Id") or ""] = normpath(whole)
    return out


def _chunk(data: bytes, archive: Archive, limits: Limits, depth: int) -> tuple[Block, ...]:
    """A document that Word takes in whole when it opens the file (altChunk): scripts that "export to Word" put the
    page there and leave the file's own body empty."""
    if depth > _DEEPEST_CHUNK:
        raise Refused("too_deep")
    if is_zip(data):
        inner = Archive(data, replace(limits, unpacked_bytes=archive.left))
        part = document_part(inner)
        body = xml.child(xml.parse(inner.read(part)), "body") if part is not None else None
        return _blocks(inner, part, body, limits, depth) if part is not None and body is not None else ()
    from parsers import page  # lxml.html is wanted by few Word files

    if sniff.is_html("", data[:8192]) or page.is_web_archive(data[:8192]):
        return page.content(data, limits)[0]
    text = decode(data)
    return tuple(Text(line) for line in text.splitlines()) if text is not None and sniff.is_text("", data[:8192]) else ()


def _on(element: xml.Element | None) -> bool:
    """An on/off property that is there and not switched off."""
    return element is not None and _value(element) not in ("0", "false", "off", "none")


def _value(element: xml.Element | None) -> str | None:
    """The element's w:val, in whichever namespace the file writes it."""
    return None if element is None else element.get(element.tag.rpartition("}")[0] + "}val")


def _unprinted_styles(styles: xml.Element | None) -> Mapping[str, bool]:
    """Ids of styles that say whether their text is printed, those they are based on counted in: True where it is not."""
    own: dict[str, tuple[bool | None, str | None]] = {}
    for style in styles if styles is not None else ():
        key = style.get(style.tag.rpartition("}")[0] + "}styleId")
        if xml.local(style) == "style" and key is not None:
            own[key] = (_unprinted(xml.child(style, "rPr")), _value(xml.child(style, "basedOn")))
    out: dict[str, bool] = {}
    for key in own:
        at: str | None = key
        for _ in range(len(own)):
            if at is None or at not in own:
                break
            says, at = own[at]
            if says is not None:
                out[key] = says
                break
    return out


def _unprinted(properties: xml.Element | None) -> bool | None:
    """Whether run properties hide or strike out their text; None where they say nothing of it."""
    marks = [item for item in properties if xml.local(item) in _UNPRINTED] if properties is not None else []
    return any(_on(item) for item in marks) if marks else None


def _meta(archive: Archive) -> dict[str, str]:
    """The title a clerk typed into the file's properties, where there is one."""
    if "docProps/core.xml" not in archive.names():
        return {}
    for item in xml.parse(archive.read("docProps/core.xml")):
        if xml.local(item) == "title" and item.text and item.text.strip():
            return {"title": item.text.strip()}
    return {}


class _Walker:
    """Walks one document part in order; the numbering counts along."""

    def __init__(
        self,
        namespace: str,
        numbering: Numbering,
        limits: Limits,
        unprinted: Mapping[str, bool],
        chunk: Callable[[str], tuple[Block, ...]],
    ) -> None:
        self._w = namespace
        self._unprinted = unprinted
        self._chunk = chunk
        self._numbering = numbering
        self._limits = limits
        self._cells = 0

    def blocks(self, container: xml.Element) -> tuple[Block, ...]:
        """Paragraphs and tables of a body, a cell or a text box."""
        out: list[Block] = []
        carried = ""
        for element in self._members(container):
            if xml.local(element) != "p":
                if carried:
                    out.append(Text(carried))
                    carried = ""
                if xml.local(element) == "tbl":
                    out.append(self._table(element))
                else:
                    out.extend(self._chunk(xml.attribute(element, "id") or ""))
                continue
            text, level, boxes = self._paragraph(element)
            text = carried + text
            carried = ""
            if self._mark_deleted(element):
                carried = text
            elif text.strip():
                out.append(Text(text, level))
            out.extend(boxes)
        if carried:
            out.append(Text(carried))
        return tuple(out)

    def _members(self, container: xml.Element) -> Iterator[xml.Element]:
        """Paragraphs, tables and documents taken in whole below ``container``, through content controls, custom XML and
        insertions."""
        for element in container:
            name = xml.local(element)
            if name in ("p", "tbl", "altChunk"):
                yield element
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
                yield from self._members(element)
            elif name == "AlternateContent":
                chosen = self._choice(element)
                if chosen is not None:
                    yield from self._members(chosen)

    def _choice(self, element: xml.Element) -> xml.Element | None:
        """The branch of mc:AlternateContent that holds text: the modern one, else the fallback; never both."""
        for branch in element:
            if any(xml.local(e) in ("t", "p") for e in branch.iter()):
                return branch
        return None

    def _mark_deleted(self, paragraph: xml.Element) -> bool:
        """True where the paragraph's end itself was deleted, so that the next paragraph goes on in the same line."""
        marks = xml.child(xml.child(paragraph, "pPr"), "rPr")
        return marks is not None and (xml.child(marks, "del") is not None or xml.child(marks, "moveFrom") is not None)

    def _paragraph(self, paragraph: xml.Element) -> tuple[str, int, list[Block]]:
        parts: list[str] = []
        boxes: list[Block] = []
        properties = xml.child(paragraph, "pPr")
        style = _value(xml.child(properties, "pStyle"))
        self._collect(paragraph, parts, boxes, self._unprinted.get(style or "", False))
        text = "".join(parts)
        if not text.strip() and self._mark_deleted(paragraph):
            return text, 0, boxes
        number, level = self._numbering.label(properties, bool(text.strip()))
        return self._indent(properties) + number + text if text.strip() else text, level, boxes

    def _indent(self, properties: xml.Element | None) -> str:
        """The paragraph's indent as blanks, two for a character: in a table it is what marks a sub-row."""
        if xml.child(properties, "ind") is None:
            return ""
        side = xml.child(properties, "jc")
        if side is not None and side.get(self._w + "val") in ("center", "right", "end"):
            return ""
        halves = 0.0
        for long, characters in (("left", "leftChars"), ("start", "startChars"), ("firstLine", "firstLineChars")):
            halves += self._length(properties, characters) / 50 or self._length(properties, long) / 105
        halves -= self._length(properties, "hangingChars") / 50 or self._length(properties, "hanging") / 105
        return " " * max(0, min(40, round(halves)))

    def _length(self, properties: xml.Element | None, name: str) -> int:
        element = xml.child(properties, "ind")
        value = element.get(self._w + name) if element is not None else None
        return int(value) if value is not None and value.lstrip("-").isdigit() and len(value) < 9 else 0

    def _collect(self, element: xml.Element, parts: list[str], boxes: list[Block], hidden: bool) -> None:
        """Appends the printed text of ``element``'s children to ``parts`` and its text boxes' blocks to ``boxes``.
        ``hidden``: the paragraph's style hides what does not say otherwise."""
        for item in element:
            name = xml.local(item)
            if name == "r":
                if not self._hidden(item, hidden):
                    self._collect(item, parts, boxes, hidden)
            elif name == "t":
                parts.append(item.text or "")
            elif name in _SKIPPED:
                continue
            elif name in ("tab", "ptab"):
                parts.append("\t")
            elif name in ("br", "cr"):
                parts.append("\n")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "AlternateContent":
                chosen = self._choice(item)
                if chosen is not None:
                    self._collect(chosen, parts, boxes, hidden)
            elif name == _BOX:
                boxes.extend(self.blocks(item))
            else:
                self._collect(item, parts, boxes, hidden)

    def _hidden(self, run: xml.Element, paragraph: bool) -> bool:
        """Whether the run is not printed: by its own properties, else by its style, else by its ``paragraph``'s style."""
        properties = xml.child(run, "rPr")
        if properties is None:
            return paragraph
        own = _unprinted(properties)
        style = self._unprinted.get(_value(xml.child(properties, "rStyle")) or "")
        return next((says for says in (own, style) if says is not None), paragraph)

    def _rows(self, table: xml.Element) -> Iterator[xml.Element]:
        for element in table:
            name = xml.local(element)
            if name == "tr":
                yield element
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
                yield from self._rows(element)

    def _cells_of(self, row: xml.Element) -> Iterator[xml.Element]:
        for element in row:
            name = xml.local(element)
            if name == "tc":
                yield element
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
                yield from self._cells_of(element)

    def _int(self, properties: xml.Element | None, name: str, default: int) -> int:
        element = xml.child(properties, name)
        value = element.get(self._w + "val") if element is not None else None
        try:
            return max(0, min(1000, int(value))) if value is not None else default
        except ValueError:
            return default

    def _merge(self, properties: xml.Element | None, name: str) -> str | None:
        """'restart', 'continue' or None for vMerge and the old hMerge."""
        element = xml.child(properties, name)
        if element is None:
            return None
        return "restart" if element.get(self._w + "val") == "restart" else "continue"

    def _table(self, table: xml.Element) -> Grid:
        cells: list[list[object]] = []  # [row, column, rowspan, colspan, blocks], merged cells growing
        above: dict[int, list[object]] = {}  # column -> the open vertically merged cell that starts there
        row = 0
        for element in self._rows(table):
            properties = xml.child(element, "trPr")
            if properties is not None and any(xml.child(properties, n) is not None for n in ("del", "moveFrom")):
                continue
            if properties is not None and _on(xml.child(properties, "hidden")):
                continue
            column = self._int(properties, "gridBefore", 0)
            here: dict[int, list[object]] = {}
            last: list[object] | None = None
            for tc in self._cells_of(element):
                self._cells += 1
                if self._cells > self._limits.cells:
                    raise Refused("limit_cells", limit=str(self._limits.cells))
                tc_properties = xml.child(tc, "tcPr")
                span = max(1, self._int(tc_properties, "gridSpan", 1))
                vertical = self._merge(tc_properties, "vMerge")
                opened = above.get(column) if vertical == "continue" else None
                if opened is not None and opened[3] == span:
                    opened[2] = row - int(str(opened[0])) + 1
                    here[column] = opened
                elif last is not None and self._merge(tc_properties, "hMerge") == "continue":
                    last[3] = int(str(last[3])) + span
                else:
                    gone = tc_properties is not None and xml.child(tc_properties, "cellDel") is not None
                    last = [row, column, 1, span, () if gone else self.blocks(tc)]
                    cells.append(last)
                    if vertical:
                        here[column] = last
                column += span
            above = here
            row += 1
        return Grid(tuple(GridCell(*cell) for cell in cells))  # type: ignore[arg-type]
