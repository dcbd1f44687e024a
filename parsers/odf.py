"""OpenDocument text (odt) as blocks, read from the XML itself; deletions of tracked changes and page heads are left out."""

from __future__ import annotations

import re

from parsers import tabbed, xml
from parsers.archive import Archive
from parsers.blocks import Block, Grid, Text, write
from parsers.document import Document, Writer
from parsers.limits import DEFAULT, Limits, Refused
from parsers.numbering import chinese
from parsers.spans import Spanned, place, span

TYPE = b"application/vnd.oasis.opendocument.text"
# Not printed in the running text.
_SKIPPED = frozenset(
    "tracked-changes sequence-decls variable-decls user-field-decls forms annotation annotation-end note ruby-text"
    " object object-ole image change change-start change-end".split()
)
_SECTIONS = frozenset(
    "section index-body table-of-content deletion-list list-header soft-page-break text-box page-sequence numbered-paragraph".split()
)
_REPEATS = 400


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The Document of an odt file, zipped or flat; raises Refused."""
    if data.lstrip()[:5] == b"<?xml":
        content = styles = xml.parse(data)
        archive = None
    else:
        archive = Archive(data, limits)
        names = archive.names()
        if "content.xml" not in names:
            raise Refused("damaged_file", format=" odt ")
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refused("encrypted")
        content = xml.parse(archive.read("content.xml"))
        styles = xml.parse(archive.read("styles.xml")) if "styles.xml" in names else content
    body = xml.child(xml.child(content, "body"), "text")
    if body is None:
        raise Refused("damaged_file", format=" odt ")
    writer = Writer()
    write(_Walker(content, styles, limits).blocks(body), writer, limits)
    return tabbed.with_tables(writer.document(_meta(archive)))


def _meta(archive: Archive | None) -> dict[str, str]:
    if archive is None or "meta.xml" not in archive.names():
        return {}
    for item in xml.parse(archive.read("meta.xml")).iter():
        if xml.local(item) == "title" and item.text and item.text.strip():
            return {"title": item.text.strip()}
    return {}


def _numbered(value: int, kind: str) -> str:
    """The number of a list under its number format; formats that begin with 一 or 壹 count in Chinese."""
    if kind[:1] in ("一", "壹"):
        return chinese(value)
    if kind[:1] == "①" and value <= 20:
        return chr(0x2460 + value - 1)
    if kind[:1] in ("a", "A"):
        return chr(ord(kind[0]) + (value - 1) % 26)
    return str(value) if kind[:1] == "1" or kind[:1] == "１" else ""


class _Level:
    """How one level of a list is numbered."""

    def __init__(self, element: xml.Element) -> None:
        self.kind = xml.attribute(element, "num-format") or ""
        self.prefix = xml.attribute(element, "num-prefix") or ""
        self.suffix = xml.attribute(element, "num-suffix") or ""
        start = xml.attribute(element, "start-value") or "1"
        self.start = int(start) if start.isdigit() and len(start) < 6 else 1
        template = xml.attribute(element, "num-list-format")  # "%1%、" of newer files
        self.template = template if template and "%" in template else None

    def printed(self, value: int) -> str:
        number = _numbered(value, self.kind)
        if not number:
            return ""
        if self.template is not None:
            return re.sub(r"%\d+%", number, self.template)
        return f"{self.prefix}{number}{self.suffix}"


class _Walker:
    def __init__(self, content: xml.Element, styles: xml.Element, limits: Limits) -> None:
        self._limits = limits
        self._cells = 0
        self._lists: dict[str, dict[int, _Level]] = {}
        self._indents: dict[str, str] = {}
        self._paragraph_lists: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._outline: dict[int, _Level] = {}
        self._counters: dict[tuple[str, int], int] = {}
        for root in (styles, content):
            self._styles(root)

    def _styles(self, root: xml.Element) -> None:
        for element in root.iter():
            name = xml.local(element)
            if name == "list-style":
                self._lists[xml.attribute(element, "name") or ""] = self._levels(element)
            elif name == "outline-style":
                self._outline = self._levels(element)
            elif name == "style":
                self._style(element)

    def _levels(self, element: xml.Element) -> dict[int, _Level]:
        out = {}
        for item in element:
            level = xml.attribute(item, "level") or "1"
            if xml.local(item) in ("list-level-style-number", "outline-level-style") and level.isdigit():
                out[int(level)] = _Level(item)
        return out

    def _style(self, element: xml.Element) -> None:
        name = xml.attribute(element, "name") or ""
        linked = xml.attribute(element, "list-style-name")
        if linked:
            self._paragraph_lists[name] = linked
        for item in element:
            if xml.local(item) == "paragraph-properties":
                halves = sum(_halves(xml.attribute(item, key)) for key in ("margin-left", "text-indent"))
                if xml.attribute(item, "text-align") not in ("center", "end", "right"):
                    self._indents[name] = " " * max(0, min(40, round(halves)))
            elif xml.local(item) == "text-properties" and _unprinted(item):
                self._hidden.add(name)

    def blocks(self, container: xml.Element) -> tuple[Block, ...]:
        """Paragraphs and tables of a body, a section, a cell or a text box."""
        out: list[Block] = []
        for element in container:
            self._into(element, out)
        return tuple(out)

    def _into(self, element: xml.Element, out: list[Block]) -> None:
        name = xml.local(element)
        if name in ("p", "h"):
            out.extend(self._paragraph(element, ""))
        elif name == "table":
            out.append(self._table(element))
        elif name == "list":
            self._list(element, out, 1, xml.attribute(element, "style-name"))
        elif name in _SECTIONS or name in ("frame", "g", "custom-shape", "rect"):
            out.extend(self.blocks(element))

    def _list(self, element: xml.Element, out: list[Block], depth: int, style: str | None) -> None:
        if depth > 20:
            raise Refused("too_deep")
        style = xml.attribute(element, "style-name") or style
        key = style or ""
        if (
            xml.attribute(element, "continue-numbering") != "true"
            and xml.attribute(element, "continue-list") is None
            and depth == 1
            and style is None
        ):
            self._counters.pop((key, depth), None)
        for item in element:
            if xml.local(item) not in ("list-item", "list-header"):
                continue
            first = xml.local(item) == "list-item"
            for child in item:
                if xml.local(child) == "list":
                    self._list(child, out, depth + 1, style)
                elif xml.local(child) in ("p", "h"):
                    label = self._count(key, depth, item) if first else ""
                    first = False
                    out.extend(self._paragraph(child, label))
                else:
                    self._into(child, out)

    def _count(self, key: str, depth: int, item: xml.Element) -> str:
        level = self._lists.get(key, {}).get(depth)
        if level is None:
            return ""
        given = xml.attribute(item, "start-value")
        value = (
            int(given)
            if given and given.isdigit() and len(given) < 6
            else self._counters.get((key, depth), level.start - 1) + 1
        )
        self._counters[key, depth] = value
        for other in [k for k in self._counters if k[0] == key and k[1] > depth]:
            del self._counters[other]
        return level.printed(value)

    def _paragraph(self, element: xml.Element, label: str) -> list[Block]:
        parts: list[str] = []
        boxes: list[Block] = []
        self._collect(element, parts, boxes)
        text = "".join(parts)
        level = xml.attribute(element, "outline-level") if xml.local(element) == "h" else None
        number = int(level) if level and level.isdigit() and len(level) < 3 else 0
        if number and not label and text.strip() and number in self._outline:
            style = self._outline[number]
            value = self._counters.get(("outline", number), style.start - 1) + 1
            if style.kind:
                self._counters["outline", number] = value
                label = style.printed(value)
        indent = self._indents.get(xml.attribute(element, "style-name") or "", "")
        out: list[Block] = [Text(indent + label + text, number)] if text.strip() else []
        return out + boxes

    def _collect(self, element: xml.Element, parts: list[str], boxes: list[Block]) -> None:
        if element.text:
            parts.append(re.sub(r"[ \t\r\n]+", " ", element.text))
        for item in element:
            name = xml.local(item)
            if name == "s":
                count = xml.attribute(item, "c") or "1"
                parts.append(" " * (min(int(count), 200) if count.isdigit() and len(count) < 6 else 1))
            elif name == "tab":
                parts.append("\t")
            elif name == "line-break":
                parts.append("\n")
            elif name == "text-box":
                boxes.extend(self.blocks(item))
            elif name in ("p", "h", "table"):
                self._into(item, boxes)
            elif name not in _SKIPPED and not (name == "span" and xml.attribute(item, "style-name") in self._hidden):
                self._collect(item, parts, boxes)
            if item.tail:
                parts.append(re.sub(r"[ \t\r\n]+", " ", item.tail))

    def _rows(self, element: xml.Element) -> list[xml.Element]:
        out: list[xml.Element] = []
        for item in element:
            name = xml.local(item)
            if name == "table-row":
                if xml.attribute(item, "visibility") not in ("collapse", "filter"):
                    out.append(item)
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                out.extend(self._rows(item))
        return out

    def _table(self, table: xml.Element) -> Grid:
        rows: list[list[Spanned]] = []
        for row in self._rows(table):
            cells: list[Spanned] = []
            for cell in row:
                if xml.local(cell) != "table-cell":
                    continue  # covered cells lie under a merged one
                repeat = min(span(xml.attribute(cell, "number-columns-repeated")), _REPEATS)
                self._cells += repeat
                if self._cells > self._limits.cells:
                    raise Refused("limit_cells", limit=str(self._limits.cells))
                made = Spanned(
                    span(xml.attribute(cell, "number-rows-spanned")),
                    span(xml.attribute(cell, "number-columns-spanned")),
                    self.blocks(cell),
                )
                cells.extend([made] * repeat)
            for _ in range(
                min(span(xml.attribute(row, "number-rows-repeated")), _REPEATS if any(c.blocks for c in cells) else 1)
            ):
                rows.append(cells)
        return place(rows)


def _unprinted(properties: xml.Element) -> bool:
    """Hidden, or struck out."""
    through = xml.attribute(properties, "text-line-through-style") or xml.attribute(
        properties, "text-line-through-type"
    )
    return xml.attribute(properties, "display") == "none" or through not in (None, "none")


def _halves(length: str | None) -> float:
    """A length in half-width blanks of ten-point type."""
    match = re.fullmatch(r"(-?[\d.]+)(cm|mm|in|pt)", length or "")
    if match is None:
        return 0.0
    try:
        points = float(match.group(1)) * {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0}[match.group(2)]
    except ValueError:
        return 0.0
    return points / 5.25
