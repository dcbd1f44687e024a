"""PDF pages as characters and rules with their places: the home of pdfplumber and pypdfium2.

Coordinates are points from the top left corner of the page as it is read: a page whose text runs sideways is turned.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from parsers.limits import DEFAULT, Limits, Refused

# A rectangle thinner than this is a drawn line; a wider one without an outline is only a background.
_THIN = 2.6
# Two copies of a character nearer than this part of its size are one, printed twice to look bold.
_BOLD = 0.22
# Type of sizes and at places that are printed, in points.
_SMALLEST, _LARGEST, _FAR = 0.5, 5000.0, 100_000.0
# Squares of the page in which copies are looked for, in points.
_SQUARE = 6.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character; ``turned`` where it stands sideways on the page (90 or 270), else 0."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, horizontal (top == bottom) or vertical (x0 == x1)."""

    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        return self.top == self.bottom


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed on one page."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    images: int


def _checked(data: bytes, limits: Limits) -> bool:
    """Refuses what pdfium will not open, and more pages than are read. True where any page has text."""
    import pypdfium2 as pdfium

    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise Refused("encrypted") from error
        whole = b"%%EOF" in data[-4096:] and b"startxref" in data[-4096:]
        raise Refused("damaged_file" if whole else "truncated", format=" PDF ") from error
    try:
        count = len(file)
        if count > limits.pages:
            raise Refused("limit_pages", limit=str(limits.pages))
        if count == 0:
            raise Refused("damaged_file", format=" PDF ")
        for index in range(count):
            try:
                page = file[index]
                text = page.get_textpage()
                found = text.count_chars() > 0 and bool(text.get_text_range().strip())
                text.close()
                page.close()
            except pdfium.PdfiumError:
                continue
            if found:
                return True
        return False
    finally:
        file.close()


def title(data: bytes) -> str | None:
    """The title in the file's properties, where a clerk left a useful one."""
    import pypdfium2 as pdfium

    try:
        file = pdfium.PdfDocument(data)
        text = str(file.get_metadata_dict().get("Title", "")).strip()
        file.close()
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return None
    return text or None


def pages(data: bytes, limits: Limits = DEFAULT) -> Iterator[Page]:
    """Pages in order; raises Refused for a scan, for encryption and for damage."""
    if not _checked(data, limits):
        raise Refused("scan_without_text")
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfminer.psparser import PSException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # damaged files would fill stderr
    try:
        with pdfplumber.open(BytesIO(data)) as file:
            for page in file.pages:
                yield _page(page)
                page.close()
    except PDFPasswordIncorrect as error:
        raise Refused("encrypted") from error
    except RecursionError as error:
        raise Refused("too_deep") from error
    except Refused:
        raise
    except (
        PDFSyntaxError,
        PSException,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        AssertionError,
        OverflowError,
        OSError,
    ) as error:
        raise Refused("damaged_file", format=" PDF ") from error
    except (
        Exception
    ) as error:  # pdfplumber wraps what it meets in exceptions of its own, different from version to version
        if type(error).__module__.split(".")[0] in ("pdfplumber", "pdfminer", "struct", "zlib"):
            raise Refused("damaged_file", format=" PDF ") from error
        raise


def _page(page: Any) -> Page:
    left, top = float(page.bbox[0]), float(page.bbox[1])
    width, height = float(page.width), float(page.height)
    glyphs = [g for g in (_glyph(c, left, top) for c in page.chars) if g is not None]
    glyphs = _on_paper(glyphs, width, height)
    rules = [r for r in _rules(page, left, top) if r.x1 >= 0 and r.x0 <= width and r.bottom >= 0 and r.top <= height]
    side = Counter(g.turned for g in glyphs if g.text.strip()).most_common(1)
    if side and side[0][0]:
        glyphs, rules, width, height = _turned(glyphs, rules, width, height, side[0][0])
    glyphs, rules = _without_struck(glyphs, rules)
    return Page(page.page_number, width, height, tuple(_once(glyphs)), tuple(rules), len(page.images))


def _on_paper(glyphs: list[Glyph], width: float, height: float) -> list[Glyph]:
    """The characters that lie on the paper. A figure of which a part lies beside it is no figure: its outermost digit
    on the paper becomes a mark that nobody reads as a number."""
    shown = [g.x0 >= -1 and g.x1 <= width + 1 and g.top >= -1 and g.bottom <= height + 1 for g in glyphs]
    out = []
    for index, glyph in enumerate(glyphs):
        if not shown[index]:
            continue
        around = [i for i in (index - 1, index + 1) if 0 <= i < len(glyphs) and not shown[i]]
        cut = any(in_one_figure(glyph, glyphs[i]) for i in around)
        out.append(replace(glyph, text="\ufffd") if cut else glyph)
    return out


def in_figure(glyph: Glyph) -> bool:
    """Whether a character can stand in a number or in its unit: 41.13万元 without its end is another sum."""
    return glyph.text.isdigit() or glyph.text in (".", ",", "-", "万", "亿", "元")


def in_one_figure(a: Glyph, b: Glyph) -> bool:
    """Whether two characters stand in one number."""
    together = abs(a.top - b.top) < 0.3 * a.size and max(a.x0, b.x0) - min(a.x1, b.x1) < 0.3 * a.size
    return together and in_figure(a) and in_figure(b)


def _without_struck(glyphs: list[Glyph], rules: list[Rule]) -> tuple[list[Glyph], list[Rule]]:
    """Text with a line through its middle is taken back (deletions of tracked changes are printed so); rules of a
    table run between the lines of text."""
    levels: dict[int, list[Rule]] = {}
    for rule in rules:
        if rule.horizontal:
            levels.setdefault(int(rule.top // _SQUARE), []).append(rule)
    struck: set[int] = set()
    through: set[int] = set()
    for index, glyph in enumerate(glyphs):
        height = glyph.bottom - glyph.top
        low, high = glyph.top + 0.35 * height, glyph.top + 0.75 * height
        if glyph.turned or not glyph.text.strip():
            continue
        for rule in (
            r for level in range(int(low // _SQUARE), int(high // _SQUARE) + 1) for r in levels.get(level, ())
        ):
            if (
                low < rule.top < high
                and rule.x0 <= glyph.x0 + 0.25 * (glyph.x1 - glyph.x0)
                and rule.x1 >= glyph.x1 - 0.25 * (glyph.x1 - glyph.x0)
            ):
                struck.add(index)
                through.add(id(rule))
    if not struck:
        return glyphs, rules
    return [g for i, g in enumerate(glyphs) if i not in struck], [r for r in rules if id(r) not in through]


def _glyph(char: dict[str, Any], left: float, top: float) -> Glyph | None:
    a, b, c, d = (float(v) for v in char["matrix"][:4])
    scale = max(abs(a), abs(b), abs(c), abs(d), 1e-6)
    turned = 0
    if abs(a) < 0.1 * scale and abs(d) < 0.1 * scale:
        turned = 90 if b > 0 else 270
    elif abs(b) > 0.1 * scale and abs(c) > 0.1 * scale:
        return None  # slanting across the page: a watermark
    elif a < 0 and d < 0:
        turned = 180
    size = float(char["size"])
    if not _SMALLEST < size < _LARGEST or not all(abs(char[key]) < _FAR for key in ("x0", "x1", "top", "bottom")):
        return None  # nobody can see it; also what is no number
    text = char["text"]
    if text.startswith("(cid:"):
        text = "\ufffd"
    return Glyph(text, char["x0"] - left, char["x1"] - left, char["top"] - top, char["bottom"] - top, size, turned)


def _rules(page: Any, left: float, top: float) -> Iterator[Rule]:
    for line in page.lines:
        yield from _rule(line, left, top)
    for rectangle in page.rects:
        thin = rectangle["width"] < _THIN or rectangle["height"] < _THIN
        if thin:
            yield from _rule(rectangle, left, top)
        elif rectangle.get("stroke"):
            x0, x1, y0, y1 = (
                rectangle["x0"] - left,
                rectangle["x1"] - left,
                rectangle["top"] - top,
                rectangle["bottom"] - top,
            )
            yield from (Rule(x0, x1, y0, y0), Rule(x0, x1, y1, y1), Rule(x0, x0, y0, y1), Rule(x1, x1, y0, y1))
    for curve in page.curves:
        points = curve.get("pts") or []
        for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
            if abs(ax - bx) < 1 or abs(ay - by) < 1:
                box = {"x0": min(ax, bx), "x1": max(ax, bx), "top": min(ay, by), "bottom": max(ay, by)}
                yield from _rule(box, left, top)


def _rule(item: dict[str, Any], left: float, top: float) -> Iterator[Rule]:
    x0, x1, y0, y1 = item["x0"] - left, item["x1"] - left, item["top"] - top, item["bottom"] - top
    if x1 - x0 >= y1 - y0 and y1 - y0 < _THIN and x1 - x0 > 0.5:
        middle = (y0 + y1) / 2
        yield Rule(x0, x1, middle, middle)
    elif x1 - x0 < _THIN and y1 - y0 > 0.5:
        middle = (x0 + x1) / 2
        yield Rule(middle, middle, y0, y1)


def _turned(
    glyphs: list[Glyph], rules: list[Rule], width: float, height: float, by: int
) -> tuple[list[Glyph], list[Rule], float, float]:
    """The page turned so that its sideways text stands upright."""

    def place(x0: float, x1: float, top: float, bottom: float) -> tuple[float, float, float, float]:
        if by == 90:  # written from bottom to top
            return height - bottom, height - top, x0, x1
        if by == 270:
            return top, bottom, width - x1, width - x0
        return width - x1, width - x0, height - bottom, height - top

    glyphs = [Glyph(g.text, *place(g.x0, g.x1, g.top, g.bottom), g.size, (g.turned - by) % 360) for g in glyphs]
    rules = [Rule(*place(r.x0, r.x1, r.top, r.bottom)) for r in rules]
    return glyphs, rules, (width if by == 180 else height), (height if by == 180 else width)


def _once(glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Characters printed twice in one place, to look bold, once."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.text.strip():
            near = glyph.size * _BOLD
            column, row = int(glyph.x0 // _SQUARE), int(glyph.top // _SQUARE)
            around = (
                other
                for x in (-1, 0, 1)
                for y in (-1, 0, 1)
                for other in seen.get((glyph.text, column + x, row + y), ())
            )
            if any(abs(other.x0 - glyph.x0) < near and abs(other.top - glyph.top) < near for other in around):
                continue
            seen.setdefault((glyph.text, column, row), []).append(glyph)
        yield glyph
