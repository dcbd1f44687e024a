"""A web page as blocks: the home of lxml.html. Which part of the page is the report is decided in parsers.article."""

from __future__ import annotations

import email
import email.policy
import re

import lxml.html
from lxml import etree
from lxml.html import HtmlElement as Element

from parsers import article, encoding, stylesheet
from parsers.blocks import Block, Grid, Text
from parsers.figures import figure
from parsers.limits import DEFAULT, Limits, Refused
from parsers.spans import Spanned, place, span

# Not printed, or not text of the page.
_SILENT = frozenset(
    "script style noscript iframe object embed applet select option button input textarea template svg math canvas audio video map area"
    " head title meta link base xml datalist progress meter rt rp del s strike colgroup col frame frameset noframes".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr html li main menu nav ol p pre section summary ul caption tbody thead tfoot tr td th marquee".split()
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|text-decoration[a-z-]*\s*:[^;]*line-through|visibility\s*:\s*hidden|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
# Boxes that a style sets as the rows and cells of a table.
_BOX = re.compile(r"display\s*:\s*table-(row|cell|row-group)\s*(?:;|$|!)", re.IGNORECASE)
_INDENT = re.compile(
    r"(?:text-indent|padding-left|margin-left)\s*:\s*(-?[\d.]+)\s*(em|pt|px|cm|mm|gd|char)?", re.IGNORECASE
)
# Half-width blanks in one unit of a style sheet's length, for type of about 16 px.
_HALVES = {"em": 2.0, "char": 2.0, "gd": 2.0, "pt": 1 / 6, "px": 1 / 8, "cm": 4.7, "mm": 0.47, "": 1 / 8}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
# The source's own line end between two Chinese characters: "第二十条\n第（一）项"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])[ \t]*[\r\n]+[ \t\r\n]*(?=[{_HAN}])")
_NOTE_MARK = re.compile(r"[\[［〔(（]?[\d①-⑳*※]{1,3}[\]］〕)）]?$")
_ARCHIVE = re.compile(
    rb"\A\s*(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,12}?(?:mime-version|content-type):[^\r\n]*",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
# Where pages keep markup that a script puts in its place later; the last ones show it as text when the script is lost.
_SOURCES = ("textarea", "script", "template", "noscript", "xmp", "pre", "div", "p", "td")
_SHORTEST_SOURCE = 400
_FEWEST_TAGS = 8
# Fewer headings and labels than this are no report.
_FEWEST_ANCHORS = 4
_TAGS = re.compile(r"</?(?:p|div|span|t[rdh]|table|br|h[1-6])\b", re.IGNORECASE)
# "…" or '…' in a script, and what its escapes stand for: \u4e00, \x3c, \", \n, \/
_STRING = re.compile(r"""(["'`])((?:(?!\1)[^\\]|\\.)*)\1""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
# Kinds of form fields that print what is typed in them.
_FIELDS = frozenset(("", "text", "number", "tel"))
_DEEPEST = 220
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\b", re.IGNORECASE)
_CELL_EDGE = re.compile(r"<(?:t[dhr]|/tr|/tbody|/table)\b", re.IGNORECASE)


def is_web_archive(head: bytes) -> bool:
    """「MIME-Version: 1.0 … multipart/related」: what Word calls a web page in a single file."""
    return (
        bool(_ARCHIVE.match(head))
        and b"multipart/related" in head[:4096].lower()
        and b"mime-version" in head[:4096].lower()
    )


def _unpacked(data: bytes) -> bytes:
    """The page inside a web archive."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content
    raise Refused("damaged_file", format="网页")


def _decoded(data: bytes) -> str:
    """The page's text; what it declares is believed only where it is neither UTF-8 nor GB 18030."""
    named = _CHARSET.search(data[:4096])
    name = named.group(1).decode("ascii").lower() if named else ""
    if name.startswith(("big5", "euc-", "shift", "iso-2022", "hz")):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            pass
    text = encoding.decode(data)
    if text is None or (text.count("\ufffd") > 3 and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        readings = [data.decode(n, "replace") for n in ("utf-8", "gb18030")]
        text = min(readings, key=lambda t: t.count("\ufffd"))
        if text.count("\ufffd") > max(2, len(text) // 500):
            raise Refused("unreadable_encoding")
    return text


def _mended(text: str) -> str:
    """Cells and rows closed where a page leaves that to the browser: unclosed type tags in a cell would swallow the
    cells behind it. An end tag never reaches out of its own table."""
    if len(_CELL.findall(text)) == len(_CELL_END.findall(text)):
        return text
    return _CELL_EDGE.sub(
        lambda m: "</td></th></tr>" + m.group() if m.group()[1:3].lower() == "tr" else "</td></th>" + m.group(), text
    )


def parse(data: bytes, limits: Limits = DEFAULT) -> Element:
    """The page's tree, tags mended as browsers do. Nothing is fetched; there are no entities but HTML's own."""
    if is_web_archive(data[:4096]):
        data = _unpacked(data)
    text = _decoded(data).replace("\x00", "")
    if sum(1 for _ in _CELL.finditer(text)) > limits.cells:
        raise Refused("limit_cells", limit=str(limits.cells))
    text = _mended(text)
    if not text.strip():
        raise Refused("empty_file")
    root = None
    for huge in (False, True):
        parser = etree.HTMLParser(  # not lxml.html's: its classes of elements cost a call for each
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=huge
        )
        try:
            root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            raise Refused("damaged_file", format="网页") from error
        if not any("depth" in entry.message.lower() for entry in parser.error_log):
            break
    assert root is not None
    return root


def content(data: bytes, limits: Limits = DEFAULT) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The report's blocks in reading order and what the page says about itself (title, org, published)."""
    root = parse(data, limits)
    body = root.find("body")
    walker = _Walker(limits)
    meta = article.meta(root)
    top = body if body is not None else root
    _boxed(top)
    anchors = article.anchors(top, hidden)
    if _unfolded(top, len(anchors)) or _hides(root, top, len(anchors)):
        anchors = article.anchors(top, hidden)
    chosen = article.parts(top, hidden, anchors)
    blocks: list[Block] = []
    for element, whole in chosen:
        found = walker.blocks(element)
        blocks.extend(found if whole else article.kept(found))
    return article.without_page_data(tuple(blocks), meta), meta


def _boxed(body: Element) -> None:
    """Makes tables of boxes that are set as tables: at least two rows, one of them with cells side by side. A single
    row only places things."""
    kinds = {e: m[1].lower() for e in body.iter("*") if (m := _BOX.search(e.get("style") or ""))}
    tables: dict[Element, list[Element]] = {}
    for element, kind in kinds.items():
        above = element.getparent()
        if kind != "row" or above is None:
            continue
        if kinds.get(above) == "row-group" and above.getparent() is not None:
            above = above.getparent()
        tables.setdefault(above, []).append(element)
    for table, rows in tables.items():
        cells = {row: [item for item in row if kinds.get(item) == "cell"] for row in rows}
        if len(rows) < 2 or max(map(len, cells.values())) < 2 or table is body:
            continue
        table.tag = "table"
        for row in rows:
            row.tag = "tr"
            for cell in cells[row]:
                cell.tag = "td"


def _hides(root: Element, body: Element, shown: int) -> bool:
    """Hides what the page's style sheets hide, but for a report that a script will show: a saved page is not told.
    True where anything was hidden."""
    rules = stylesheet.rules("\n".join(style.text or "" for style in root.iter("style")))
    found = []
    for element in body.iterdescendants(etree.Element) if any(rules.values()) else ():
        classes, key = element.get("class") or "", element.get("id") or ""
        if (classes or key) and stylesheet.hides(rules, element.tag, classes, key, element.get("style") or ""):
            found.append(element)
    for element in found:
        element.set("hidden", "")
    if found and len(article.anchors(body, hidden)) < max(_FEWEST_ANCHORS, shown // 3):
        for element in found:
            del element.attrib["hidden"]
        return False
    return bool(found)


def _unfolded(body: Element, shown: int) -> bool:
    """Puts a report that the page holds only as the source of markup, for a script to show, where a reader sees it; True
    where there was one. ``shown``: how many of a report's headings and labels are on the page; a menu may name some."""
    if shown >= _FEWEST_ANCHORS:
        return False
    held = []
    for element in body.iter(*_SOURCES):
        for source in _sources(element):
            if len(source) < _SHORTEST_SOURCE or len(_TAGS.findall(source)) < _FEWEST_TAGS:
                continue
            inner = lxml.html.fragment_fromstring(_mended(source), create_parent="div")
            held.append((len(article.anchors(inner, hidden)), len(source), element, inner))
    if not held:
        return False
    anchors, _, element, inner = max(held, key=lambda item: item[:2])
    if anchors < max(_FEWEST_ANCHORS, 2 * shown):
        return False
    place = element
    for above in element.iterancestors():
        if above is body:
            break
        if hidden(above):
            place = above
    place.addnext(inner)
    element.text = None
    return True


def _sources(element: Element) -> list[str]:
    """What may be markup in an element: its text, or the strings of a script."""
    if element.tag != "script":
        return ["".join(element.itertext()) if element.tag in _SOURCES[:4] else element.text or ""]
    text = element.text or ""
    strings = [m[2] for m in _STRING.finditer(text)] if "html" not in (element.get("type") or "") else [text]
    return [_ESCAPE.sub(_unescaped, string) for string in strings]


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\n", "t": "\t"}.get(match[3], match[3])


def hidden(element: Element) -> bool:
    """True for what a browser does not show."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _SILENT or tag.startswith(("v:", "w:", "m:")):
        return True
    return _unseen(element)


def _unseen(element: Element) -> bool:
    """Whether its own attributes hide an element."""
    style = element.get("style")
    return element.get("hidden") is not None or style is not None and _HIDDEN.search(style) is not None


class _Walker:
    """Blocks of an element, as a browser would lay them out."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = 0
        self._depth = 0

    def blocks(self, element: Element) -> tuple[Block, ...]:
        """Paragraphs and tables inside ``element``."""
        out: list[Block] = []
        line: list[str] = []
        if element.tag == "table":
            self._into(element, out, line, 0)
        else:
            self._children(element, out, line, self._level(element))
        self._flush(out, line, self._level(element), element)
        return tuple(out)

    def _level(self, element: Element) -> int:
        tag = element.tag
        return int(tag[1]) if isinstance(tag, str) and len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0

    def _flush(self, out: list[Block], line: list[str], level: int, element: Element | None = None) -> None:
        text = "".join(line)
        line.clear()
        text = "\n".join(part.strip(" ") for part in text.split("\n"))
        if text.strip("\n "):
            out.append(Text(_indent(element) + text.strip("\n"), level))

    def _children(self, element: Element, out: list[Block], line: list[str], level: int, keep: bool = False) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused("too_deep")
        self._text(element.text, line, keep)
        for item in element:
            self._into(item, out, line, level, keep)
            self._text(item.tail, line, keep)
        self._depth -= 1

    def _text(self, text: str | None, line: list[str], keep: bool) -> None:
        if not text:
            return
        text = text if keep else _SPACE.sub(" ", _BETWEEN_HAN.sub("", text))
        if not keep and text[0] == " " and (not line or line[-1][-1:] in (" ", "\n", "")):
            text = text[1:]
        if text:
            line.append(text)

    def _into(self, item: Element, out: list[Block], line: list[str], level: int, keep: bool = False) -> None:
        tag = item.tag
        if hidden(item):
            line.append(_typed(item))
            return
        if tag == "br":
            line.append("\n")
        elif tag == "table":
            self._flush(out, line, level)
            caption = item.find("caption")
            if caption is not None:
                out.extend(self.blocks(caption))
            out.append(self._table(item))
        elif tag in _BLOCK:
            self._flush(out, line, level)
            inner = self._level(item) or level
            number = article.item_number(item) if tag == "li" else ""
            if number:
                line.append(number)
            self._children(item, out, line, inner, keep or tag == "pre")
            self._flush(out, line, inner, item)
        elif tag == "sup":
            mark = "".join(item.itertext()).strip()
            if not (line and line[-1][-1:].isdigit() and _NOTE_MARK.match(mark)):
                self._children(item, out, line, level, keep)
        else:
            self._children(item, out, line, level, keep)

    def _rows(self, element: Element) -> list[Element]:
        rows: list[Element] = []
        feet = [item for item in element if item.tag == "tfoot"]  # printed last, wherever they are written
        for item in [item for item in element if item.tag != "tfoot"] + feet if feet else element:
            if item.tag == "tr":
                rows.append(item)
            elif item.tag in ("tbody", "thead", "tfoot", "form", "font", "center", "span", "div"):
                if not hidden(item):
                    rows.extend(self._rows(item))
            elif item.tag in ("td", "th") and (not rows or element.tag != "tr"):
                return [element]  # cells without a row of their own
        return rows

    def _table(self, table: Element) -> Grid:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused("too_deep")
        rows: list[list[Spanned]] = []
        for row in self._rows(table):
            if hidden(row):
                continue
            cells = [item for item in row if item.tag in ("td", "th") and not hidden(item)]
            self._cells += len(cells)
            if self._cells > self._limits.cells:
                raise Refused("limit_cells", limit=str(self._limits.cells))
            rows.append([Spanned(_rowspan(c), span(c.get("colspan")), self.blocks(c)) for c in cells])
        self._depth -= 1
        return place(rows)


def _typed(item: Element) -> str:
    """The figure in a form field: pages that were filled in on line print the form so. Nothing else of a field is text
    of the page: 「请输入关键字」."""
    if item.tag not in ("input", "textarea") or _unseen(item):
        return ""
    if item.tag == "input" and (item.get("type") or "").strip().lower() not in _FIELDS:
        return ""
    text = (item.get("value") if item.tag == "input" else item.text) or ""
    return text if figure(text).state in ("number", "struck") else ""


def _rowspan(cell: Element) -> int:
    """rowspan="0" means "to the end of the table"."""
    text = cell.get("rowspan")
    return 1_000 if text is not None and text.strip() == "0" else span(text)


def _indent(element: Element | None) -> str:
    """Leading blanks for an indent that a style asks for: in a table it marks a sub-row."""
    style = element.get("style") if element is not None else None
    if not style or "indent" not in style and "-left" not in style:
        return ""
    if re.search(r"text-align\s*:\s*(?:center|right)", style, re.IGNORECASE):
        return ""
    halves = 0.0
    for amount, unit in _INDENT.findall(style):
        try:
            halves += float(amount) * _HALVES.get(unit.lower(), 1 / 8)
        except ValueError:
            continue
    return " " * max(0, min(40, round(halves)))
