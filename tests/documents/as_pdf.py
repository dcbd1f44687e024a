"""A report as PDF, drawn by hand: text and rules go exactly where a test puts them.

The font is the standard Song of Asian PDF readers, not embedded; its digits and Latin letters are half as wide.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.documents.content import Content, Grid, sections

WIDTH, HEIGHT = 595.0, 842.0


@dataclass
class Sheet:
    """One page; places are points from its top left corner."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 10.5, matrix: str = "1 0 0 1") -> None:
        """``text`` with its baseline at ``y``."""
        if text:
            code = text.encode("utf-16-be").hex()
            self.parts.append(f"BT /F1 {size} Tf {matrix} {x:.2f} {self.height - y:.2f} Tm <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A drawn line."""
        self.parts.append(f"0.5 w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def bar(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """The same as a thin filled rectangle, as Word draws borders."""
        x1, y1 = max(x1, x0 + 0.5), max(y1, y0 + 0.5)
        self.parts.append(f"{x0:.2f} {self.height - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re f")


def width(text: str, size: float) -> float:
    """How wide ``text`` is printed."""
    return sum(size / 2 if ord(c) < 256 else size for c in text)


def wrapped(text: str, room: float, size: float) -> list[str]:
    """The lines of ``text`` in ``room`` points."""
    lines, line = [], ""
    for char in text:
        if line and width(line + char, size) > room:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line else lines


def file(sheets: list[Sheet], more: str = "") -> bytes:
    """The pages as a file."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sheets)} /Kids [{' '.join(f'{6 + 2 * i} 0 R' for i in range(len(sheets)))}] {more} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
        " /DW 1000 /W [1 95 500 814 939 500] /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for index, sheet in enumerate(sheets):
        stream = "\n".join(sheet.parts)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] /Rotate {sheet.rotate} /Contents {7 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    return f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode(
        "latin-1"
    )


@dataclass
class Layout:
    """How the report is set."""

    left: float = 70
    right: float = 525
    top: float = 80
    bottom: float = 760
    size: float = 14
    cell: float = 9
    rules: str = "line"  # line · bar · none · open (no outer sides) · columns (none between rows) · box (outer sides only)
    repeat_head: int = 0  # rows of the head set again on the next page
    running: bool = False  # page heads and numbers


class Setter:
    """Sets a report page by page."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.new_page()

    def new_page(self) -> None:
        layout = self.layout
        sheet = Sheet()
        self.sheets.append(sheet)
        self.y = layout.top
        if layout.running:
            sheet.text(layout.left, 45, "青禾县政府信息公开年报汇编", 9)
            sheet.line(layout.left, 50, layout.right, 50)
            sheet.text(280, 805, f"- {len(self.sheets)} -", 9)

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def paragraph(
        self, text: str, indent: bool = True, size: float = 0, centre: bool = False, right: bool = False
    ) -> None:
        layout = self.layout
        size = size or layout.size
        room = layout.right - layout.left
        lines = wrapped("　　" + text if indent else text, room, size)
        for line in lines:
            if self.y + size * 1.6 > layout.bottom:
                self.new_page()
            self.y += size * 1.6
            x = layout.left
            if centre:
                x += (room - width(line, size)) / 2
            if right:
                x = layout.right - width(line, size) - 20
            self.sheet.text(x, self.y, line, size)

    def table(self, grid: Grid, widths: list[float]) -> None:
        """The grid, over as many pages as it takes."""
        layout = self.layout
        rows = max(r + h for r, _, h, _, _ in grid)
        xs = [layout.left]
        total = sum(widths)
        for w in widths:
            xs.append(xs[-1] + w / total * (layout.right - layout.left))
        heights = [self._height([c for c in grid if c[0] == row], xs) for row in range(rows)]
        row = 0
        start = 0
        carried: dict[tuple[int, int], str] = {}
        while row < rows:
            heights_here = []
            head = (
                [c for c in grid if c[0] < layout.repeat_head]
                if layout.repeat_head and row >= layout.repeat_head
                else []
            )
            y = self.y + 6 + sum(heights[: layout.repeat_head] if head else [])
            start = row
            while row < rows and (y + heights[row] <= layout.bottom or row == start):
                y += heights[row]
                heights_here.append(heights[row])
                row += 1
            part = []
            for r, c, h, w, t in grid:
                if not (r < row and r + h > start):
                    continue
                left = carried.pop((r, c), "") if r < start else t
                if r + h > row:  # what does not fit beside the rows of this page goes on on the next
                    room = int((sum(heights[max(r, start) : row]) - 4) / (layout.cell * 1.25))
                    lines = wrapped(left, xs[c + w] - xs[c] - 4, layout.cell)
                    left, carried[r, c] = "".join(lines[:room]), "".join(lines[room:])
                part.append((max(r, start) - start, c, min(r + h, row) - max(r, start), w, left))
            if head:
                part = head + [(r + layout.repeat_head, c, h, w, t) for r, c, h, w, t in part]
                heights_here = heights[: layout.repeat_head] + heights_here
            self._draw(part, heights_here, xs)
            if row < rows:
                self.new_page()
        self.y += 14

    def _height(self, cells: Grid, xs: list[float]) -> float:
        size = self.layout.cell
        lines = [len(wrapped(t, xs[c + w] - xs[c] - 4, size)) / h for _, c, h, w, t in cells]
        return max([1.0, *lines]) * size * 1.25 + 6

    def _draw(self, part: Grid, heights: list[float], xs: list[float]) -> None:
        layout, sheet = self.layout, self.sheet
        ys = [self.y + 6]
        for height in heights:
            ys.append(ys[-1] + height)
        for r, c, h, w, t in part:
            x0, x1, y0, y1 = xs[c], xs[c + w], ys[r], ys[r + h]
            lines = wrapped(t, x1 - x0 - 4, layout.cell)
            y = (y0 + y1) / 2 - len(lines) * layout.cell * 1.25 / 2
            for line in lines:
                y += layout.cell * 1.25
                sheet.text((x0 + x1) / 2 - width(line, layout.cell) / 2, y - 2, line, layout.cell)
            draw = sheet.bar if layout.rules == "bar" else sheet.line
            if layout.rules == "none":
                continue
            if layout.rules == "box":
                x0, x1, y0, y1 = xs[0], xs[-1], ys[0], ys[-1]
            inner = layout.rules == "columns"
            sides = [(x0, y, x1, y) for y in (y0, y1) if not inner or y in (ys[0], ys[-1])]
            if layout.rules != "open" or x0 > xs[0]:
                sides.append((x0, y0, x0, y1))
            if layout.rules != "open" or x1 < xs[-1]:
                sides.append((x1, y0, x1, y1))
            for side in sides:
                draw(*side)
        self.y = ys[-1]


def strips(sheets: list[Sheet], room: float = 450) -> list[Sheet]:
    """Sheets wider than the paper as a spreadsheet prints them: first all left strips, then all further ones. Rules end
    where the strip does; a text that two strips share stands on both."""
    out = []
    most = max(float(part.split(" ")[5]) for sheet in sheets for part in sheet.parts if part.endswith(" S"))
    edge = 50.0
    while edge < most - 1:
        for sheet in sheets:
            page = Sheet()
            for part in sheet.parts:
                numbers = part.split(" ")
                if part.startswith("BT"):
                    text = bytes.fromhex(numbers[11][1:-1]).decode("utf-16-be")
                    start = float(numbers[8])
                    if start + width(text, float(numbers[2])) <= edge or start >= edge + room:
                        continue
                    page.parts.append(" ".join([*numbers[:8], f"{float(numbers[8]) - edge + 50:.2f}", *numbers[9:]]))
                    continue
                ends = [min(max(float(x), edge), edge + room) for x in (numbers[2], numbers[5])]
                if ends[0] < ends[1] or (numbers[2] == numbers[5] and float(numbers[2]) == ends[0]):
                    page.line(ends[0] - edge + 50, HEIGHT - float(numbers[3]), ends[1] - edge + 50, HEIGHT - float(numbers[6]))
            if any(part.endswith(" S") for part in page.parts):
                out.append(page)
        edge += room
    return out


WIDTHS = {4: [3.0, 2, 2, 2], 10: [1, 1.6, 4, 1, 1, 1, 1, 1, 1, 1], 15: [1.0] * 15}


# The same on a sheet four times as wide as the paper, whose columns end where a page does.
WIDE = {4: [6.0] * 4, 10: [1.0, 2, 3, 2, 2, 2, 2, 2, 2, 6], 15: [2.0] * 9 + [1] * 6}


def report(c: Content, layout: Layout | None = None, widths: dict[int, list[float]] = WIDTHS) -> Setter:
    """The whole report set; ``file(report(c).sheets)`` are its bytes."""
    page = Setter(layout or Layout())
    page.paragraph(c.title, indent=False, size=22, centre=True)
    for title, parts in sections(c):
        page.paragraph(title)
        for part in parts:
            if isinstance(part, str):
                page.paragraph(part)
            else:
                columns = max(col + w for _, col, _, w, _ in part)
                page.table(part, widths[columns])
    page.paragraph(c.org, indent=False, right=True)
    page.paragraph(c.date, indent=False, right=True)
    return page
