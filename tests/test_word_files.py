"""Word files with the habits of clerks, written part by part: each is read cell by cell."""

from __future__ import annotations

import re

import pytest

from tests.documents import as_docx, as_html
from tests.documents.as_docx import paragraph, run, table
from tests.documents.content import Content, Grid, active, applications, content, review
from tests.documents.reading import assert_read, refusal, report


@pytest.fixture
def c() -> Content:
    return content()


def read(inner: str, **more: object) -> object:
    return report(as_docx.file(inner, **more), "报告.docx")  # type: ignore[arg-type]


def test_merged_cells_and_paragraphs_in_cells(c: Content) -> None:
    def several(text: str) -> str:
        return (
            "<w:p/>" + paragraph(text[:2]) + paragraph(text[2:])
            if len(text) > 3 and not text[0].isdigit()
            else paragraph(text)
        )

    assert_read(c, read(as_docx.body(c, several)))  # type: ignore[arg-type]


def test_a_label_and_a_number_in_many_runs_with_bookmarks_between(c: Content) -> None:
    def torn(text: str) -> str:
        runs = "".join(
            run(char)
            + '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="3" w:name="_GoBack"/><w:bookmarkEnd w:id="3"/>'
            for char in text
        )
        return f"<w:p>{runs}</w:p>"

    assert_read(c, read(as_docx.body(c, torn)))  # type: ignore[arg-type]


def tracked(text: str) -> str:
    gone = '<w:del w:id="1" w:author="x"><w:r><w:delText>55501</w:delText></w:r></w:del><w:moveFrom w:id="2"><w:r><w:t>55502</w:t></w:r></w:moveFrom>'
    return f'<w:p>{gone}<w:ins w:id="3" w:author="x">{run(text)}</w:ins></w:p>' if text.isdigit() else paragraph(text)


def test_tracked_changes_are_read_as_accepted(c: Content) -> None:
    inner = as_docx.body(c, tracked)
    gone = (
        '<w:tr><w:trPr><w:del w:id="9" w:author="x"/></w:trPr>'
        + "<w:tc><w:p><w:r><w:t>55503</w:t></w:r></w:p></w:tc>" * 4
        + "</w:tr>"
    )
    inner = inner.replace("<w:tr>", gone + "<w:tr>", 4)
    inner += '<w:p><w:pPr><w:rPr><w:del w:id="5" w:author="x"/></w:rPr></w:pPr><w:del w:id="6" w:author="x"><w:r><w:delText>删去的一段，共3件。</w:delText></w:r></w:del></w:p>'
    found = read(inner)
    assert_read(c, found)  # type: ignore[arg-type]
    assert not re.search("5550[123]|删去", found.source_text)  # type: ignore[attr-defined]


def test_a_paragraph_end_that_was_deleted_joins_two_lines(c: Content) -> None:
    heading = "三、收到和处理政府信息公开申请情况"
    torn = f'<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="x"/></w:rPr></w:pPr>{run(heading[:6])}</w:p>' + paragraph(
        heading[6:]
    )
    found = read(as_docx.body(c).replace(paragraph(heading), torn))
    assert heading in found.source_text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "text"), [("chineseCounting", "%1、"), ("japaneseCounting", "%1、"), ("chineseCountingThousand", "%1、")]
)
def test_headings_numbered_by_word(c: Content, kind: str, text: str) -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'

    def heading(title: str) -> str:
        return paragraph(title.partition("、")[2], numbered)

    found = report(
        as_docx.file(as_docx.body(c, heading=heading), {"word/numbering.xml": as_docx.numbering(kind, text)}), "a.docx"
    )
    assert_read(c, found)
    assert "六、其他需要报告的事项" in found.source_text


def test_row_labels_numbered_by_a_style(c: Content) -> None:
    """The labels 1. to 8. of the form typed without their numbers: a style based on another prints them."""
    styles = (
        f'<w:styles xmlns:w="{as_docx.W}"><w:style w:styleId="a1"><w:name w:val="List"/><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="a2"><w:name w:val="mine"/><w:basedOn w:val="a1"/></w:style></w:styles>'
    )

    def inside(text: str) -> str:
        refused = re.match(r"[1-8]\.(属于|其他法律|危及|保护)", text)
        return paragraph(text[2:], '<w:pStyle w:val="a2"/>') if refused else paragraph(text)

    parts = {"word/numbering.xml": as_docx.numbering("decimal", "%1."), "word/styles.xml": styles}
    found = report(as_docx.file(as_docx.body(c, inside), parts), "a.docx")
    assert_read(c, found)
    assert "8.属于行政查询事项" in found.source_text


def test_text_boxes_fields_hidden_text_and_content_controls(c: Content) -> None:
    box = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    tables = "".join(table(g) for g in (active(c),))
    inner = as_docx.body(c).replace(table(active(c)), box.format(paragraph("表内单位：件") + tables))
    inner += f"<w:sdt><w:sdtContent>{paragraph('本报告共发布信息52条。')}</w:sdtContent></w:sdt>"
    inner += (
        "<w:p><w:r><w:fldChar/></w:r><w:r><w:instrText>PAGE 123</w:instrText></w:r>"
        + run("隐藏99件", "<w:vanish/>") + run("98件", "<w:strike/>") + run("96件", '<w:dstrike w:val="true"/>')
        + run("完")
        + "</w:p>"
    )
    found = read(inner)
    assert_read(c, found)  # type: ignore[arg-type]
    text = found.source_text  # type: ignore[attr-defined]
    assert text.count("表内单位：件") == 1 and "52条" in text and "PAGE" not in text and not re.search("9[689]件", text)


STYLES = (
    f'<w:styles xmlns:w="{as_docx.W}"><w:style w:type="character" w:styleId="a1"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="a2"><w:basedOn w:val="a1"/></w:style>'
    '<w:style w:type="character" w:styleId="a3"><w:basedOn w:val="a1"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="p1"><w:rPr><w:strike/></w:rPr></w:style></w:styles>'
)


def test_text_that_only_its_style_hides(c: Content) -> None:
    """An old figure under a hidden style stands before the figure in every cell."""

    def inside(text: str) -> str:
        hidden = "".join(run("55", f'<w:rStyle w:val="{style}"/>') for style in ("a1", "a2"))
        shown = run(text[:1], '<w:rStyle w:val="a3"/>') + run(text[1:], '<w:rStyle w:val="a1"/><w:vanish w:val="0"/>')
        return f"<w:p>{hidden}{shown}</w:p>"

    inner = as_docx.body(c, inside) + paragraph("旧稿共收到99件。", '<w:pStyle w:val="p1"/>')
    found = report(as_docx.file(inner, {"word/styles.xml": STYLES}), "a.docx")
    assert_read(c, found)
    assert "99件" not in found.source_text


def test_tables_typed_with_tabs(c: Content) -> None:
    def typed(grid: Grid) -> str:
        lines = (row_of_texts(grid, row) for row in range(max(r for r, *_ in grid) + 1))
        return "".join("<w:p>" + "<w:r><w:tab/></w:r>".join(map(run, line)) + "</w:p>" for line in lines)

    inner = as_docx.body(c)
    for grid in (active(c), applications(c), review(c)):
        inner = inner.replace(table(grid), typed(grid))
    assert_read(c, read(inner))  # type: ignore[arg-type]


def row_of_texts(grid: Grid, row: int) -> list[str]:
    """One row of a grid, "" where a cell from above or from the left goes on."""
    texts = {column: text for r, column, _, _, text in grid if r == row}
    return [texts.get(column, "") for column in range(max(col + w for _, col, _, w, _ in grid))]


def test_the_rows_of_other_outcomes_without_their_labels(c: Content) -> None:
    """（六）其他处理 stands beside the first of its three rows: the figures there are not all of 其他处理."""

    def inside(text: str) -> str:
        return paragraph("" if text.startswith(("1.申请人", "2.申请人", "3.其他")) else text)

    assert_read(c, read(as_docx.body(c, inside)))  # type: ignore[arg-type]


PAGE = "<html><head><meta charset=utf-8></head><body>{}</body></html>"
ARCHIVE = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n--b--"


@pytest.mark.parametrize("kind", ["page", "archive", "docx", "nothing"])
def test_a_document_taken_in_whole(c: Content, kind: str) -> None:
    """altChunk: what scripts that export to Word leave of a page."""
    page = PAGE.format(as_html.body(c))
    chunk = {"page": page, "archive": ARCHIVE.format(page), "docx": as_docx.file(as_docx.body(c)), "nothing": b"\0"}[kind]
    target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    relations = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='c1' Type='{target}' Target='/word/chunk.dat'/></Relationships>"
    )
    parts: dict[str, str | bytes] = {"word/_rels/document.xml.rels": relations, "word/chunk.dat": chunk}
    data = as_docx.file('<w:altChunk r:id="c1"/>', parts)
    if kind == "nothing":
        assert refusal(data, "a.docx") == "not_a_report"
    else:
        assert_read(c, report(data, "a.docx"))


def test_documents_taken_in_without_end_are_refused(c: Content) -> None:
    relations = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        "<Relationship Id='c1' Type='x/aFChunk' Target='chunk.docx'/></Relationships>"
    )
    data = as_docx.file(as_docx.body(c))
    for _ in range(4):
        data = as_docx.file('<w:altChunk r:id="c1"/>', {"word/_rels/document.xml.rels": relations, "word/chunk.docx": data})
    assert refusal(data, "a.docx") == "too_deep"


def test_the_whole_report_in_one_cell_of_a_layout_table(c: Content) -> None:
    outer = f"<w:tbl><w:tr><w:tc><w:tcPr/>{as_docx.body(c)}</w:tc></w:tr></w:tbl><w:p/>"
    assert_read(c, read(outer))  # type: ignore[arg-type]


def test_a_number_in_a_table_inside_its_cell(c: Content) -> None:
    def nested(text: str) -> str:
        return (
            f"<w:tbl><w:tr><w:tc>{paragraph(text)}</w:tc></w:tr></w:tbl><w:p/>" if text.isdigit() else paragraph(text)
        )

    assert_read(c, read(as_docx.body(c, nested)))  # type: ignore[arg-type]


def test_rows_that_begin_and_end_beside_the_grid(c: Content) -> None:
    """gridBefore instead of an empty cell, a grid with more columns than the rows use, cells in a content control."""
    inner = as_docx.body(c).replace('<w:gridCol w:w="800"/>' * 10, '<w:gridCol w:w="800"/>' * 13)
    inner = re.sub(
        r"(<w:tc><w:tcPr><w:tcW [^>]*></w:tcPr><w:p><w:r><w:t xml:space=\"preserve\">规章</w:t></w:r></w:p></w:tc>)",
        r"<w:sdt><w:sdtContent>\1</w:sdtContent></w:sdt>",
        inner,
    )
    assert "<w:sdt>" in inner
    assert_read(c, read(inner))  # type: ignore[arg-type]


def test_body_columns_cut_finer_than_the_head(c: Content) -> None:
    """Rows drawn one by one: every figure spans two grid columns, the head three or one."""
    grid = [(r, col * 2, h, w * 2, t) for r, col, h, w, t in applications(c)]
    shifted = [
        (r, col + 1 if (r > 2 and col == 6) else col, h, w - 1 if (r > 2 and col == 6) else w, t)
        for r, col, h, w, t in grid
    ]
    shifted = [(r, col, h, w + 1 if (r > 2 and col + w == 6) else w, t) for r, col, h, w, t in shifted]
    assert_read(c, read(as_docx.body(c).replace(table(applications(c)), table(shifted))))  # type: ignore[arg-type]


def test_the_strict_kind_of_docx_with_another_main_part(c: Content) -> None:
    assert_read(c, report(as_docx.file(as_docx.body(c), namespace=as_docx.STRICT), "a.docx"))
    assert_read(c, report(as_docx.file(as_docx.body(c), part="word/document2.xml"), "没有扩展名"))


def test_the_form_cut_by_hand_without_a_second_head(c: Content) -> None:
    grid = applications(c)
    cut = 12
    first = [(r, col, min(h, cut - r), w, t) for r, col, h, w, t in grid if r < cut]
    second = [
        (max(r, cut) - cut, col, r + h - max(r, cut), w, t if r >= cut else "")
        for r, col, h, w, t in grid
        if r + h > cut
    ]
    inner = as_docx.body(c).replace(
        table(grid), table(first) + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + table(second)
    )
    assert_read(c, read(inner))  # type: ignore[arg-type]


def test_the_review_table_as_three(c: Content) -> None:
    grid = review(c)
    parts = []
    for left, top in ((0, 0), (5, 1), (10, 1)):
        part = [(r, col, h, w, t) for r, col, h, w, t in grid if left <= col < left + 5 and r >= top]
        parts.append(table([(r - top, col - left, h, w, t) for r, col, h, w, t in part]))
    inner = as_docx.body(c).replace(
        table(grid),
        "".join(
            paragraph(t) + p
            for t, p in zip(("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"), parts, strict=True)
        ),
    )
    assert_read(c, read(inner))  # type: ignore[arg-type]


def test_a_review_table_left_blank_is_a_table(c: Content) -> None:
    """Its last row is empty: no mark of a layout program, but fifteen figures that were not filled in."""
    for key in c.cells:
        if key[0].startswith(("review.", "litigation.")):
            c.cells[key] = ""
    assert_read(c, read(as_docx.body(c)))  # type: ignore[arg-type]


def test_five_figures_under_the_names_of_two_blocks_are_not_guessed(c: Content) -> None:
    """What is left of the review table where its right-hand pages are lost."""
    outcomes = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    grid = [(0, 0, 1, 5, "行政复议"), (1, 0, 1, 5, "未经复议直接起诉")]
    grid += [(2, i, 1, 1, name) for i, name in enumerate(outcomes)] + [(3, i, 1, 1, str(i)) for i in range(5)]
    found = read(as_docx.body(c).replace(table(review(c)), table(grid)))
    assert not [f for f in found.facts if f.table == "政府信息公开行政复议、行政诉讼情况"]  # type: ignore[attr-defined]
    assert "columns_unclear" in {p.code for p in found.problems}  # type: ignore[attr-defined]


def test_zeros_left_blank_and_full_width_figures(c: Content) -> None:
    for key, value in list(c.cells.items()):
        if value == "0" and key[1] != "total":
            c.cells[key] = ""

    def wide(text: str) -> str:
        return (
            paragraph("　" + "".join(chr(ord(x) + 0xFEE0) if x.isdigit() else x for x in text) + " ")
            if text.isdigit()
            else paragraph(text)
        )

    assert_read(c, read(as_docx.body(c, wide)))  # type: ignore[arg-type]


def test_a_chart_and_notes_are_kept_apart_from_the_prose(c: Content) -> None:
    chart = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:v>4444</c:v></c:chartSpace>'
    )
    found = report(
        as_docx.file(
            as_docx.body(c), {"word/charts/chart1.xml": chart, "word/footnotes.xml": chart, "word/header1.xml": chart}
        ),
        "a.docx",
    )
    assert_read(c, found)
    assert "4444" not in found.source_text


def test_what_is_no_document_is_refused_by_name(c: Content) -> None:
    whole = as_docx.file(as_docx.body(c))
    assert refusal(whole[: len(whole) // 2], "a.docx") == "truncated"
    assert refusal(whole[:200] + bytes(400) + whole[600:], "a.docx") == "damaged_file"
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert refusal(as_docx.file("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", before=bomb), "a.docx") == "entities"
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert refusal(as_docx.file("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before=outside), "a.docx") == "entities"
    deep = "<w:tbl><w:tr><w:tc>" * 120 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 120
    assert refusal(as_docx.file(deep), "a.docx") == "too_deep"
    assert refusal(as_docx.file(""), "a.docx") == "not_a_report"
