"""Pages → paragraphs and tables: page heads and feet left out, wrapped lines put together, tables over pages joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.model import Span
from parsers import joined, placed_form, ruled, strips, unruled
from parsers.blocks import clean
from parsers.document import Writer
from parsers.figures import looks_numeric
from parsers.glyphs import TextLine, cell_text, glued, lines
from parsers.joined import Part, Printed
from parsers.limits import DEFAULT, Limits, Refused
from parsers.pdfpages import Glyph, Page, in_figure, in_one_figure
from parsers.placed_form import Word
from parsers.ruled import Lattice
from parsers.sections import section_key

# Heads and feet stand in this part of the page's height.
_MARGIN = 0.12
# So many figures in one box, side by side or one below the other in several, are no cell.
_FEWEST_FIGURES = 3
# Added to a height for every page before, higher than any page.
_BELOW = 20_000.0
# So many pieces in a line are the columns of a table whatever stands around it.
_MANY_COLUMNS = 10
# 第 1 页 共 12 页 · - 4 - · — 5 — · 3 · 2/12 · Page 3 of 9
_PAGE_NUMBER = re.compile(
    r"^(?:第\s*\d+\s*页(?:[\s,，/]*共\s*\d+\s*页)?|共\s*\d+\s*页[\s,，/]*第\s*\d+\s*页|[-—–－―─·.\s]*\d{1,4}[-—–－―─·.\s]*|\d{1,4}\s*/\s*\d{1,4}|page\s*\d+(?:\s*of\s*\d+)?)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。；！？：;!?:]$")
_NUMBER = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_BEGINS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]部分)"
)


@dataclass(frozen=True, slots=True)
class Prose:
    """A printed line outside tables; ``page`` its page, ``width`` that page's."""

    line: TextLine
    page: int
    width: float


Item = Prose | Part


def write(pages: Iterable[Page], writer: Writer, limits: Limits = DEFAULT) -> list[Span]:
    """Writes the pages as one running text. Returns the stretches set in columns without rules, written as they stand."""
    laid = [_laid(page) for page in strips.beside(list(pages))]
    cells = sum(len(item.cells) for _, items in laid for item in items if isinstance(item, Part))
    if cells > limits.cells:
        raise Refused("limit_cells", limit=str(limits.cells))
    items = _running([(page, _without_margins(page, items, laid)) for page, items in laid])
    margins = _margins(items)
    columns = _in_columns(items, margins)
    prose = [item.line for index, item in enumerate(items) if isinstance(item, Prose) and index not in columns]
    sizes = Counter(round(line.size, 1) for line in prose for _ in line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    regions: list[Span] = []
    paragraph: list[Prose] = []
    for index, item in enumerate(items):
        if isinstance(item, Part) or index in columns:
            _flush(paragraph, writer)
            paragraph = []
        if isinstance(item, Part):
            writer.table([(c.row, c.column, c.rowspan, c.colspan, clean(c.text)) for c in item.cells])
        elif index in columns:
            if index - 1 not in columns:
                stretch = [item for i in range(index, columns[index]) if isinstance(item := items[i], Prose)]
                words = _words(stretch)
                unclear = placed_form.wraps_figures(words)
                found = None if unclear else placed_form.cells(words)
                if found is not None:
                    writer.table([(*place, clean(text)) for *place, text in found])  # type: ignore[misc]
                else:
                    left = margins[round(stretch[0].width)][0]
                    lines = unruled.written([item.line for item in stretch], left)
                    span = writer.raw([clean(text) for text in lines])
                    if not unclear:  # else it is kept as text to be quoted, and no figure is read from it
                        regions.append(span)
        else:
            if paragraph and not _goes_on(paragraph, item, margins, body):
                _flush(paragraph, writer)
                paragraph = []
            paragraph.append(item)
    _flush(paragraph, writer)
    return regions


def _words(stretch: Sequence[Prose]) -> list[Word]:
    """The pieces of the lines; the next page goes on below."""
    out = []
    for item in stretch:
        y = (item.line.top + item.line.bottom) / 2 + item.page * _BELOW
        out += [Word(piece.text, piece.x0, piece.x1, y, item.line.size, item.page) for piece in item.line.pieces]
    return out


def _in_columns(items: Sequence[Item], margins: dict[int, tuple[float, float]]) -> dict[int, int]:
    """Indexes of lines that belong to a table without rules → where their stretch ends. Between the heading above and
    the first sentence below, everything belongs to it: heads and wrapped labels have one piece only."""
    tabular = [i for i, item in enumerate(items) if isinstance(item, Prose) and unruled.is_tabular(item.line)]
    out: dict[int, int] = {}
    for index in tabular:
        if index in out:
            continue
        start, end = index, index + 1
        while start > 0 and _may_be_cell(items[start - 1], margins) and start - 1 not in out:
            start -= 1
        while end < len(items) and _may_be_cell(items[end], margins):
            end += 1
        if _enough([item.line for item in items[start:end] if isinstance(item, Prose) and unruled.is_tabular(item.line)]):
            out.update((i, end) for i in range(start, end))
    return out


def _enough(lines: Sequence[TextLine]) -> bool:
    """Three lines in columns are a table; two where both have many: the heads and figures of 复议 and 诉讼."""
    return len(lines) >= 3 or len(lines) == 2 and all(len(line.pieces) >= _MANY_COLUMNS for line in lines)


def _may_be_cell(item: Item, margins: dict[int, tuple[float, float]]) -> bool:
    """A line that is no heading, no sentence and not as wide as the page."""
    if not isinstance(item, Prose):
        return False
    if unruled.is_tabular(item.line) or len(item.line.pieces) > 1:
        return True
    text = item.line.text.strip()
    left, right = margins[round(item.width)]
    if section_key(_NUMBER.sub("", text))[0] is not None and _BEGINS.match(text):
        return False
    return "。" not in text and item.line.x1 - item.line.x0 < 0.85 * (right - left)


def _middle_in(glyph: Glyph, x0: float, x1: float, top: float, bottom: float) -> bool:
    return x0 <= (glyph.x0 + glyph.x1) / 2 < x1 and top <= (glyph.top + glyph.bottom) / 2 < bottom


def _laid(page: Page) -> tuple[Page, list[Item]]:
    """Tables and lines of one page from top to bottom."""
    rest = list(page.glyphs)
    items: list[tuple[float, Item]] = []
    for lattice in ruled.lattices(page.rules):
        inside = [g for g in rest if _middle_in(g, lattice.x0, lattice.x1, lattice.top, lattice.bottom)]
        if not any(g.text.strip() for g in inside) or _is_frame(lattice, page, len(inside)):
            continue
        inside += _over_the_edge(inside, rest, lattice)
        part = None if _ruled_in_part(lattice, inside) else _part(lattice, inside)
        if part is not None:
            items.append((lattice.top, part))
            taken = {id(g) for g in inside}
            rest = [g for g in rest if id(g) not in taken]
    items += [(line.top, Prose(line, page.number, page.width)) for line in lines(g for g in rest if not g.turned)]
    return page, [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _over_the_edge(inside: Sequence[Glyph], around: Sequence[Glyph], lattice: Lattice) -> list[Glyph]:
    """The digits of figures that begin in a table and run on over its outer side, or the other way round."""
    out: list[Glyph] = []
    ends = [g for g in inside if in_figure(g) and (g.x1 > lattice.x1 - 2 * g.size or g.x0 < lattice.x0 + 2 * g.size)]
    while ends:
        known = {id(g) for g in (*inside, *out)}
        ends = [g for g in around if in_figure(g) and id(g) not in known and any(in_one_figure(g, e) for e in ends)]
        out += ends
    return out


def _is_frame(lattice: Lattice, page: Page, count: int) -> bool:
    """An ornament around the page's text, or rules that enclose a paragraph: one or two boxes with a lot in them."""
    return len(lattice.boxes) <= 2 and (count > 150 or (lattice.bottom - lattice.top) > page.height * 0.7)


def _ruled_in_part(lattice: Lattice, inside: Sequence[Glyph]) -> bool:
    """Rules around a table or between its columns only: a box holds a row of figures, or several boxes hold columns of
    them. Such a table is read as one without rules."""
    tall = 0
    for glyphs in _held(lattice, inside).values():
        figures = [sum(looks_numeric(piece.text) for piece in line.pieces) for line in lines(glyphs)]
        if any(count >= _FEWEST_FIGURES for count in figures):
            return True
        tall += sum(1 for count in figures if count) >= _FEWEST_FIGURES
    return tall > 1


def _held(lattice: Lattice, inside: Sequence[Glyph]) -> dict[tuple[int, int], list[Glyph]]:
    """The characters of each box, by its row and column."""
    boxes = sorted(lattice.boxes, key=lambda b: (b.top, b.x0))
    held: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in inside:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        x = min(max(x, lattice.x0), lattice.x1 - 0.1)
        box = next((b for b in boxes if b.x0 <= x < b.x1 and b.top <= y < b.bottom), None)
        if box is not None:
            held.setdefault((box.row, box.column), []).append(glyph)
    return held


def _part(lattice: Lattice, inside: Sequence[Glyph]) -> Part | None:
    boxes = sorted(lattice.boxes, key=lambda b: (b.top, b.x0))
    held = _held(lattice, inside)
    cells = [
        Printed(
            b.row, b.column, b.rowspan, b.colspan, b.x0, b.x1, cell_text(held.get((b.row, b.column), ()), b.x0, b.x1)
        )
        for b in boxes
    ]
    rows = max(c.row + c.rowspan for c in cells)
    return Part(tuple(cells), rows) if any(c.text.strip() for c in cells) else None


def _shape(line: TextLine) -> str:
    """A line with its digits made equal: page numbers differ from page to page."""
    return re.sub(r"[\d一二三四五六七八九十]+", "0", re.sub(r"\s+", "", line.text))


def _in_margin(item: Item, page: Page) -> bool:
    return isinstance(item, Prose) and (
        item.line.bottom < page.height * _MARGIN or item.line.top > page.height * (1 - _MARGIN)
    )


def _without_margins(page: Page, items: list[Item], laid: Sequence[tuple[Page, list[Item]]]) -> list[Item]:
    """The page's items without running heads, feet and page numbers."""
    seen: Counter[tuple[str, bool, int]] = Counter()
    for other, others in laid:
        for item in others:
            if isinstance(item, Prose) and _in_margin(item, other):
                seen[_margin_key(item, other)] += 1
    many = max(2, (len(laid) + 1) // 2 if len(laid) < 6 else len(laid) // 3)
    out: list[Item] = []
    for index, item in enumerate(items):
        if isinstance(item, Prose) and _in_margin(item, page):
            outermost = index in (0, len(items) - 1) or all(
                _in_margin(o, page) for o in (items[:index] if item.line.top < page.height / 2 else items[index:])
            )
            if outermost and (
                _PAGE_NUMBER.match(item.line.text.strip()) or (len(laid) > 1 and seen[_margin_key(item, page)] >= many)
            ):
                continue
        out.append(item)
    return out


def _margin_key(item: Prose, page: Page) -> tuple[str, bool, int]:
    top = item.line.top < page.height / 2
    place = item.line.top if top else page.height - item.line.bottom
    return _shape(item.line), top, round(place / 6)


def _running(laid: Sequence[tuple[Page, list[Item]]]) -> list[Item]:
    """All pages in one row, a table at a page's end joined with the one at the next page's beginning."""
    out: list[Item] = []
    for _, items in laid:
        for index, item in enumerate(items):
            last = out[-1] if out else None
            if index == 0 and isinstance(item, Part) and isinstance(last, Part) and joined.continues(last, item):
                out[-1] = joined.join(last, item)
            else:
                out.append(item)
    return out


def _margins(items: Sequence[Item]) -> dict[int, tuple[float, float]]:
    """Left and right edge of the prose for each page width."""
    out: dict[int, tuple[float, float]] = {}
    for width in {round(i.width) for i in items if isinstance(i, Prose)}:
        here = [i.line for i in items if isinstance(i, Prose) and round(i.width) == width]
        long = [line for line in here if line.x1 - line.x0 > width * 0.4] or here
        lefts = Counter(round(line.x0) for line in long)
        left = min((x for x, n in lefts.items() if n >= max(1, len(long) // 8)), default=min(line.x0 for line in long))
        out[width] = (float(left), max(line.x1 for line in long))
    return out


def _goes_on(paragraph: Sequence[Prose], item: Prose, margins: dict[int, tuple[float, float]], body: float) -> bool:
    """Whether ``item`` is the next line of the same paragraph."""
    last = paragraph[-1]
    left, right = margins[round(item.width)]
    size = item.line.size
    if abs(last.line.size - size) > 1.2 or round(last.width) != round(item.width):
        return False
    same_page = last.page == item.page
    gap = item.line.top - last.line.bottom
    if same_page and gap > 2.4 * size:
        return False
    if size > body + 1.5 or (_centred(last, left, right) and _centred(item, left, right)):
        return same_page and size > body + 0.8 and not _BEGINS.match(item.line.text)  # a title over several lines
    full = last.line.x1 >= right - 1.6 * size
    flush = item.line.x0 <= left + 0.8 * size
    return full and flush and not (_BEGINS.match(item.line.text) and _SENTENCE_END.search(last.line.text))


def _centred(item: Prose, left: float, right: float) -> bool:
    line = item.line
    return line.x0 > left + 0.4 * line.size and abs((line.x0 - left) - (right - line.x1)) < 1.5 * line.size


def _flush(paragraph: Sequence[Prose], writer: Writer) -> None:
    text = ""
    for item in paragraph:
        text = glued(text, item.line.text, False)
    if text.strip():
        writer.paragraph(clean(text))
