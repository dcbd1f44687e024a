"""PDF files drawn by hand as typesetters and printers leave them: each is read cell by cell, or refused by name."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.documents import as_pdf
from tests.documents.as_pdf import Layout, Sheet
from tests.documents.content import Content, applications, content
from tests.documents.reading import assert_read, expected, refusal, report


@pytest.fixture(params=["2019", "2021"])
def c(request: pytest.FixtureRequest) -> Content:
    return content(request.param, year=2020 if request.param == "2019" else 2023, seed=3)


LAYOUTS = {
    "rules as lines": Layout(),
    "rules as thin bars": Layout(rules="bar"),
    "no outer sides": Layout(rules="open"),
    "no rules at all": Layout(rules="none"),
    "no rules, heads a blank apart": Layout(rules="none", left=36, right=559, cell=7),
    "rules between columns only": Layout(rules="columns"),
    "rules between columns only, over pages": Layout(rules="columns", bottom=520, cell=8),
    "a box around each table": Layout(rules="box"),
    "page heads and numbers": Layout(running=True),
    "table heads again on every page": Layout(repeat_head=3, bottom=520),
    "short pages": Layout(bottom=430),
    "very short pages with heads": Layout(bottom=330, running=True),
    "small type": Layout(cell=6.5, size=10.5),
    "narrow": Layout(left=120, right=470, cell=8),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(c: Content, layout: Layout) -> None:
    read = report(as_pdf.file(as_pdf.report(c, layout).sheets), "年报.pdf")
    assert_read(c, read)
    assert "年报汇编" not in read.source_text
    assert str(read.published) == f"{c.year + 1}-01-14"


def turned(sheet: Sheet, by: int, rotate: int) -> Sheet:
    """The page drawn sideways on paper of the other format; ``rotate`` tells the reader to turn it back."""
    width, height = sheet.width, sheet.height
    matrix = f"0 1 -1 0 {height} 0" if by == 90 else f"0 -1 1 0 0 {width}"
    return replace(sheet, width=height, height=width, rotate=rotate, parts=[f"q {matrix} cm", *sheet.parts, "Q"])


@pytest.mark.parametrize(("by", "rotate"), [(90, 0), (270, 0), (90, 90), (270, 270)])
def test_pages_drawn_sideways(c: Content, by: int, rotate: int) -> None:
    sheets = as_pdf.report(c).sheets
    assert_read(c, report(as_pdf.file([sheets[0], *(turned(s, by, rotate) for s in sheets[1:])]), "a.pdf"))


def test_bold_by_printing_twice_a_watermark_and_a_frame(c: Content) -> None:
    sheets = as_pdf.report(c).sheets
    for sheet in sheets:
        twice = [part.replace(" Tm", " Tm", 1) for part in sheet.parts if part.startswith("BT")]
        moved = []
        for part in twice:
            before, place = part.split(" Tf ")
            numbers = place.split(" ")
            numbers[4] = f"{float(numbers[4]) + 0.3:.2f}"
            moved.append(f"{before} Tf {' '.join(numbers)}")
        sheet.parts += moved
        sheet.text(150, 600, "青禾县人民政府内部资料99", 40, "0.7 0.7 -0.7 0.7")
        for side in ((30, 30, 565, 30), (30, 812, 565, 812), (30, 30, 30, 812), (565, 30, 565, 812)):
            sheet.line(*side)
    read = report(as_pdf.file(sheets), "a.pdf")
    assert_read(c, read)
    assert "内部资料" not in read.source_text


def test_a_label_set_sideways_in_its_cell(c: Content) -> None:
    """三、本年度办理结果 turned by ninety degrees in the narrow first column."""
    page = as_pdf.report(c)
    for sheet in page.sheets:
        for index, part in enumerate(sheet.parts):
            if "三、本".encode("utf-16-be").hex() in part and " 9 Tf" in part:
                x, y = part.split(" Tm")[0].split(" ")[-2:]
                sheet.parts[index] = (
                    f"BT /F1 9 Tf 0 1 -1 0 {float(x) + 9} {float(y) - 40} Tm <{'三、本年度办理结果'.encode('utf-16-be').hex()}> Tj ET"
                )
            elif any(f"<{rest.encode('utf-16-be').hex()}>" in part for rest in ("年度办", "理结果")):
                sheet.parts[index] = ""
    assert_read(c, report(as_pdf.file(page.sheets), "a.pdf"))


def test_figures_struck_out_are_taken_back(c: Content) -> None:
    """Tracked changes printed as they are: the old figure with a line through it before the new one."""
    sheets = as_pdf.report(c).sheets
    for sheet in sheets:
        for part in list(sheet.parts):
            if " 9 Tf" in part and part.endswith(f"<{'0'.encode('utf-16-be').hex()}> Tj ET"):
                x, y = (float(v) for v in part.split(" Tm")[0].split(" ")[-2:])
                sheet.text(x - 10, sheet.height - y, "78", 9)
                sheet.line(x - 10.2, sheet.height - y - 3, x - 0.8, sheet.height - y - 3)
    assert_read(c, report(as_pdf.file(sheets), "a.pdf"))


def test_shaded_cells_and_double_rules(c: Content) -> None:
    sheets = as_pdf.report(c).sheets
    for sheet in sheets:
        rules = [part for part in sheet.parts if part.endswith(" S")]
        doubled = []
        for part in rules:
            a, b, x0, y0, m, x1, y1, *rest = part.split(" ")
            doubled.append(
                " ".join(
                    [
                        a,
                        b,
                        str(float(x0) + 1.2),
                        str(float(y0) + 1.2),
                        m,
                        str(float(x1) + 1.2),
                        str(float(y1) + 1.2),
                        *rest,
                    ]
                )
            )
        sheet.parts = ["0.9 g 70 300 455 200 re f 0 g", *sheet.parts, *doubled]
    assert_read(c, report(as_pdf.file(sheets), "a.pdf"))


def test_blank_and_struck_cells(c: Content) -> None:
    for index, key in enumerate(k for k in list(c.cells) if k[1] in ("research", "legal_service")):
        c.cells[key] = ("", "—", "/", "0")[index % 4]
    for layout in (Layout(), Layout(bottom=500, repeat_head=3)):
        assert_read(c, report(as_pdf.file(as_pdf.report(c, layout).sheets), "a.pdf"))


def test_a_row_cut_by_the_end_of_a_page(c: Content) -> None:
    """The label's second line and nothing else stands on the next page."""
    grid = applications(c)
    label = next(
        cell for cell in grid if cell[4].startswith("1.申请人无正当理由") or cell[4].startswith("5.要求行政机关")
    )
    for row in {label[0]}:
        head = [cell for cell in grid if cell[0] <= row]
        first = [(r, col, min(h, row + 1 - r), w, t[:12] if (r, col) == label[:2] else t) for r, col, h, w, t in head]
        rest = [(0, col, 1, w, label[4][12:] if col == label[1] else "") for r, col, h, w, t in grid if r == row]
        above = [(0, col, r + h - row, w, "") for r, col, h, w, t in grid if r < row and r + h > row]
        rest += [cell for cell in above if cell[1] not in {other[1] for other in rest}]
        rest += [(r - row, col, h, w, t) for r, col, h, w, t in grid if r > row]
        page = as_pdf.Setter(Layout())
        page.paragraph(c.title, indent=False, size=22, centre=True)
        page.paragraph("三、收到和处理政府信息公开申请情况")
        page.table(first, as_pdf.WIDTHS[10])
        page.new_page()
        page.table(rest, as_pdf.WIDTHS[10])
        read = report(as_pdf.file(page.sheets), "青禾县柳泉镇人民政府年报.pdf")
        want = {key: value for key, value in c.cells.items() if key[0].startswith("application.")}
        assert_read(replace(c, cells=want), read, identity=False)


@pytest.mark.parametrize("bottom", [760, 430])
def test_a_sheet_too_wide_for_the_paper(c: Content, bottom: int) -> None:
    """The columns to the right stand on pages of their own, without the labels of their rows."""
    wide = as_pdf.report(c, Layout(left=50, right=1850, bottom=bottom), as_pdf.WIDE).sheets
    assert_read(c, report(as_pdf.file(as_pdf.strips(wide)), "a.pdf"))


@pytest.mark.parametrize("right", [1850, 1400])
def test_a_sheet_of_which_the_right_hand_pages_are_lost(c: Content, right: int) -> None:
    """What is left of it is read or declined, never with another column's figure or a part of one."""
    wide = as_pdf.report(c, Layout(left=50, right=right, bottom=430), as_pdf.WIDE).sheets
    pages = as_pdf.strips(wide)
    for kept in range(len(wide), len(pages), 3):
        read = report(as_pdf.file(pages[:kept]), f"{c.title}.pdf")
        for fact in read.facts:
            key = (fact.metric or "", fact.applicant)
            if fact.table and key in c.cells and fact.state == "number":
                assert (fact.state, fact.value) == expected(key, c.cells[key]), fact


def test_a_figure_cut_by_the_edge_of_the_paper_is_no_figure(c: Content) -> None:
    page = as_pdf.report(c, Layout(right=593))
    sheets = [replace(s, parts=[p.replace(" l S", " l S") for p in s.parts]) for s in page.sheets]
    for sheet in sheets:
        sheet.parts = ["q 1 0 0 1 20 0 cm", *sheet.parts, "Q"]
    read = report(as_pdf.file(sheets), "a.pdf")
    for fact in read.facts:
        key = (fact.metric or "", fact.applicant)
        if fact.table and key in c.cells and fact.state == "number":
            assert (fact.state, fact.value) == expected(key, c.cells[key]), fact


@pytest.mark.parametrize(("edge", "state"), [(500, "number"), (595, "unreadable")])
def test_a_sum_of_which_the_unit_is_cut_off(edge: float, state: str) -> None:
    """41.13万元 that runs over the side of its table is read whole, over that of the paper not at all."""
    old = content("2019", year=2020, seed=3)
    old.cells["procurement.amount", None] = "41.13万元"
    page = as_pdf.report(old, Layout(right=edge - 2))
    for sheet in page.sheets:
        for index, part in enumerate(sheet.parts):
            if "41.13万元".encode("utf-16-be").hex() in part:
                numbers = part.split(" ")
                sheet.parts[index] = " ".join([*numbers[:8], f"{edge - 25}", *numbers[9:]])
    read = report(as_pdf.file(page.sheets), "a.pdf")
    amount = next(f for f in read.facts if f.metric == "procurement.amount")
    assert (amount.state, amount.value) == (state, 411300 if state == "number" else None)


def test_the_corner_of_a_form_without_rules_may_say_anything(c: Content) -> None:
    sheets = as_pdf.report(c, Layout(rules="none")).sheets
    for sheet in sheets:
        sheet.parts = [p.replace("（本列数据".encode("utf-16-be").hex(), "（办理情况".encode("utf-16-be").hex()) for p in sheet.parts]
    assert_read(c, report(as_pdf.file(sheets), "a.pdf"))


def test_something_in_front_of_the_file_and_a_wrong_name(c: Content) -> None:
    whole = as_pdf.file(as_pdf.report(c).sheets)
    assert_read(c, report(b"\r\n\xef\xbb\xbf\n" + whole, "年报.txt"))


def test_what_is_no_readable_pdf_is_refused_by_name(c: Content) -> None:
    whole = as_pdf.file(as_pdf.report(c).sheets)
    assert refusal(b"%PDF-1.7\n" + bytes(2000), "a.pdf") in ("truncated", "damaged_file")
    assert refusal(whole[: len(whole) // 3], "a.pdf") in (
        "truncated",
        "damaged_file",
        "scan_without_text",
        "not_a_report",
    )
    blank = Sheet()
    blank.line(10, 10, 500, 800)
    assert refusal(as_pdf.file([blank]), "扫描件.pdf") == "scan_without_text"
    assert refusal(as_pdf.file([Sheet() for _ in range(2100)]), "a.pdf") == "limit_pages"
    loop = as_pdf.file([Sheet()]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")
    assert refusal(loop, "a.pdf") in ("damaged_file", "truncated", "scan_without_text", "too_deep")
    claim = as_pdf.file([Sheet()]).replace(b"/Count 1", b"/Count 1000000")
    assert refusal(claim, "a.pdf") in ("limit_pages", "scan_without_text", "damaged_file")
    no_map = b"".join(whole.partition(b"/UniGB-UCS2-H")[0:1]) + b"/Identity-H" + whole.partition(b"/UniGB-UCS2-H")[2]
    assert refusal(no_map, "a.pdf") in ("scan_without_text", "unreadable_encoding", "not_a_report")


@pytest.mark.parametrize("seed", range(12))
def test_a_form_without_rules_is_never_read_wrong(seed: int) -> None:
    """Columns and labels known by their place alone: a cell may be missing, none may hold another cell's figure."""
    random = Random(seed)
    c = content(random.choice(("2019", "2021")), year=2021, seed=seed)
    for key in list(c.cells):
        if c.cells[key] == "0" and key[1] not in (None, "total") and random.random() < 0.5:
            c.cells[key] = random.choice(("", "—"))
    layout = Layout(
        rules="none",
        bottom=random.choice((400, 500, 600, 770)),
        cell=random.choice((7, 8, 9, 10.5)),
        left=random.choice((40, 70, 100)),
    )
    read = report(as_pdf.file(as_pdf.report(c, layout).sheets), "a.pdf")
    for fact in read.facts:
        key = (fact.metric or "", fact.applicant)
        if fact.table and key in c.cells:
            assert (fact.state, fact.value) == expected(key, c.cells[key]), fact
