"""Web pages as they are published, made by hand after the habits of real sites: each is read cell by cell."""

from __future__ import annotations

import base64
import html
import json
import re

import pytest

from tests.documents import as_html
from tests.documents.content import Content, Grid, active, applications, content, review, rows_of, sections
from tests.documents.reading import assert_read, refusal, report


@pytest.fixture
def c() -> Content:
    return content()


@pytest.fixture
def old() -> Content:
    return content("2019", "澄江区市场监督管理局", 2020, seed=5)


SITE = """
<div class="header"><a href="/">首页</a><a href="/a">政务公开</a><a href="/b">办事服务</a>
<form action="/s"><input name="q"><select><option>标题</option><option>全文</option></select></form></div>
<div id="menu"><ul><li onclick="go(1)">总体情况</li><li onclick="go(2)">信息公开指南</li><li><a href="/n">年度报告 2018</a></li></ul></div>
<div class="crumb">您当前的位置：首页 &gt; 政务公开 &gt; 2022年政府信息公开年度报告</div>
<table width="100%"><tr><td>索引号：</td><td>331-2023-0007</td><td>发布机构：</td><td>{org}</td></tr>
<tr><td>公开日期：</td><td>2023-01-20</td><td>文号：</td><td>柳政〔2023〕3号</td></tr></table>
<div class="info">发布时间：2023-01-20 09:12　来源：县政府办　浏览次数：<span>2218</span>次　【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
{body}
<p>附件：<a href="x.docx">年度报告.docx</a></p>
<div class="page"><a href="1">上一篇：2021年报</a> <a href="2">下一篇：没有了</a></div>
<div class="fri"><ul><li><a href="h">中国政府网</a></li><li><a href="h">省政府</a></li><li><a href="h">市政府</a></li></ul></div>
<div id="footer">主办：县人民政府办公室 备案号：浙ICP备05001234号-1 网站标识码：3310240001 您是第 883711 位访客</div>
<script>document.write("<table><tr><td>第二十条第（一）项</td><td>99</td></tr></table>")</script>
"""


def test_a_site_page_with_menus_index_table_and_footer(c: Content) -> None:
    page = as_html.page(SITE.format(org=c.org, body=f'<div class="TRS_Editor">{as_html.body(c)}</div>'))
    read = report(page, "content_8812.html")
    assert_read(c, read)
    for noise in ("浏览次数", "ICP", "883711", "您当前的位置", "索引号", "上一篇", "中国政府网"):
        assert noise not in read.source_text


def test_title_and_signature_outside_the_content_box(c: Content) -> None:
    body = as_html.body(c)
    title, rest = body.split("</h1>", 1)
    rest, signature, date = rest.rsplit("<p>", 2)
    page = f'<div class="t">{title}</h1></div><div class="c">{rest}</div><div><p>{signature}<p>{date}</div>'
    read = report(as_html.page(SITE.format(org="县政府办", body=page)), "a.html")
    assert_read(c, read)
    assert str(read.published) == "2023-01-14"


def test_no_title_body_named_by_the_index_table_only(c: Content) -> None:
    body = as_html.body(c).split("</h1>", 1)[1].replace(f"<p>{c.org}</p>", "")
    assert_read(c, report(as_html.page(SITE.format(org=c.org, body=f"<div>{body}</div>")), "a.html"))


def test_a_bare_fragment_without_a_single_line_end(c: Content) -> None:
    fragment = as_html.body(c).replace("\n", "")
    assert b"\n" not in fragment.encode()
    assert_read(c, report(fragment.encode(), "无扩展名"))
    assert_read(c, report(("\ufeff" + fragment).encode(), "a.txt"))


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030", "utf-16", "utf-8"])
def test_every_encoding_whatever_is_declared(c: Content, encoding: str) -> None:
    page = as_html.page(as_html.body(c) + "<p>朱镕、䶮</p>", encoding=encoding)
    assert_read(c, report(page, "a.htm"))
    lying = as_html.page(as_html.body(c)).replace(b"charset=utf-8", b"charset=gb2312")
    assert_read(c, report(lying, "a.htm"))


def word(text: str) -> str:
    """A cell as Word exports it: every few characters in a span of their own."""
    spans = (
        "".join(f"<span lang=EN-US style='font-size:10.5pt'>{part}</span>" for part in re.findall(r".{1,2}", text))
        or "&nbsp;"
    )
    return f"\n  <p class=MsoNormal align=center style='text-align:center'>{spans}<span\n  lang=EN-US><o:p></o:p></span></p>\n  "


def test_a_page_exported_by_word(c: Content) -> None:
    c.cells["application.received", "research"] = ""
    body = as_html.body(
        c,
        word,
        "<p class=MsoNormal><b><span>{}<o:p></o:p></span></b></p>",
        "<p class=MsoNormal style='text-indent:32.0pt'>{}</p>",
        "class=MsoTableGrid border=1",
    )
    raster = (
        "<![if !supportMisalignedColumns]><tr height=0>"
        + "<td width=40 style='border:none'></td>" * 10
        + "</tr><![endif]></table>"
    )
    page = as_html.page(
        f"<div class=Section1>{body.replace('</table>', raster)}</div>",
        "<!--[if gte mso 9]><xml><w:WordDocument><w:Zoom>99</w:Zoom></w:WordDocument></xml><![endif]-->",
        "gb2312",
    )
    assert_read(c, report(page, "年报.htm"))


def test_tag_soup(c: Content) -> None:
    body = as_html.body(c, lambda t: f"<p align=center><font size=2><b>{t}")
    soup = (
        body.replace("</td>", "")
        .replace("</tr>", "")
        .replace("</p>", "")
        .replace("<td", "<TD")
        .replace("</h1>", "</div></h1>")
    )
    assert_read(c, report(as_html.page("</div></center>" + soup), "a.html"))


def test_blanks_breaks_and_split_numbers_in_cells(c: Content) -> None:
    def dressed(text: str) -> str:
        if text.isdigit() and len(text) > 1:
            return f"<span>{text[0]}</span><span>{text[1:]}</span>"
        return (
            f"&nbsp;{text}&#12288;" if text.replace(".", "").isdigit() else "<br>".join([text[:2], text[2:4], text[4:]])
        )

    assert_read(c, report(as_html.page(as_html.body(c, dressed)), "a.html"))


def test_absurd_spans(c: Content) -> None:
    body = as_html.body(c)
    body = body.replace('<td colspan="4">', '<td colspan="100000">').replace(
        "<td>第二十条", '<td colspan="100000" rowspan="-2">第二十条'
    )
    body = body.replace('<td rowspan="22">', '<td rowspan="65000">', 1)
    body = body.replace('<td colspan="3">四、结转', '<td colspan="3">四、结转')
    assert_read(c, report(as_html.page(body), "a.html"))


def test_a_hidden_copy_for_phones_is_not_read(c: Content) -> None:
    other = content(seed=9)
    hidden = f'<div class="phone" style="display: none">{as_html.body(other)}</div>'
    assert_read(c, report(as_html.page(hidden + as_html.body(c)), "a.html"))


HIDING = {
    "one class": ("<style>.old{display:none}</style>", '<div class="a old">'),
    "an id, among other rules": ("<style>/* x */ td,#old{color:red} #old { margin:0; display : none }</style>", "<div id=old>"),
    "rules for print": ("<style>@media print{.b{x:y}.old{display:block}} div.old{visibility:hidden}</style>", "<div class=old>"),
}


@pytest.mark.parametrize(("head", "box"), HIDING.values(), ids=HIDING)
def test_a_copy_that_a_style_sheet_hides_is_not_read(c: Content, head: str, box: str) -> None:
    other = f"{box}{as_html.body(content(seed=9))}</div>"
    assert_read(c, report(as_html.page(other + as_html.body(c), head), "a.html"))


@pytest.mark.parametrize(
    ("head", "box"),
    [
        ("<style>.pane{display:none}</style>", "<div class=pane>"),  # a script shows it
        ("<style>.pane{display:none}.on{display:block}</style>", '<div class="pane on">'),
        ("<style>.pane{display:none}</style>", "<div class=pane style='display:block'>"),
        ("<style>@media print{.pane{display:none}}</style>", "<div class=pane>"),
        ("<style>.tab .pane{display:none}</style>", "<div class=pane>"),
        ("<style>p.pane{display:none}</style>", "<div class=pane>"),
    ],
)
def test_a_report_that_is_shown_after_all(c: Content, head: str, box: str) -> None:
    assert_read(c, report(as_html.page(f"{box}{as_html.body(c)}</div>", head), "a.html"))


@pytest.mark.parametrize("kind", ["text", "number", None])
def test_figures_in_the_fields_of_a_form(c: Content, kind: str | None) -> None:
    def field(text: str) -> str:
        if not text.replace(".", "").replace("-", "").isdigit():
            return text
        return f'<input value="{text}" size=4{f" type={kind}" if kind else ""}><input type="hidden" value="77"><input type=checkbox value=1>'

    search = '<form><input name="q" value="请输入关键字"><input type=submit value="搜索"></form>'
    read = report(as_html.page(search + as_html.body(c, field)), "a.html")
    assert_read(c, read)
    assert "关键字" not in read.source_text


SOURCES = {
    "a hidden field": '<textarea id=c style="display:none">{}</textarea><div id=show></div>',
    "a field in a hidden box": "<div style='display:none'><textarea>{}</textarea></div>",
    "a string of a script": "<div id=c></div><script>var c = {};document.getElementById('c').innerHTML = c</script>",
    "a template": "<script type='text/html'>{}</script>",
    "markup shown as text": "<div class=con>{}</div>",
}


@pytest.mark.parametrize("place", SOURCES.values(), ids=SOURCES)
def test_a_report_kept_as_source_for_a_script(c: Content, place: str) -> None:
    source = as_html.body(c)
    if "var c" in place:
        inner = place.format(json.dumps(source).replace("/", r"\/"))
    else:
        inner = place.format(source if "<script" in place else html.escape(source, quote=False))
    read = report(as_html.page(SITE.format(org=c.org, body=inner)), "a.html")
    assert_read(c, read)
    assert "innerHTML" not in read.source_text


def test_a_source_beside_the_report_is_not_read(c: Content) -> None:
    other = f"<textarea style='display:none'>{html.escape(as_html.body(content(seed=9)))}</textarea>"
    assert_read(c, report(as_html.page(other + as_html.body(c)), "a.html"))


def test_head_body_and_foot_of_a_table(c: Content) -> None:
    rows = rows_of(review(c))
    lines = ["".join(f"<th rowspan={h} colspan={w}>{t}</th>" for _, h, w, t in row) for row in rows]
    table = f"<table><tfoot><tr>{lines[3]}</tr></tfoot><thead><tr>{lines[0]}</tr><tr>{lines[1]}</tr><tr>{lines[2]}</tr></thead></table>"
    body = as_html.body(c).replace(as_html.table(review(c)), table)
    assert "<tfoot>" in body
    assert_read(c, report(as_html.page(body), "a.html"))


def test_layout_tables_inside_layout_tables(c: Content) -> None:
    page = f"<table width=980><tr><td width=200><table><tr><td>栏目导航</td></tr><tr><td>法定主动公开内容</td></tr></table></td><td><table><tr><td><table><tr><td>{as_html.body(c)}</td></tr></table></td></tr></table></td></tr></table>"
    assert_read(c, report(as_html.page(page), "a.html"))


def one_table(c: Content) -> str:
    """The whole report as one table: what is no figure stands in rows over the full width."""
    full = 60  # 4, 10 and 15 columns fit into it
    rows = [f'<tr><td colspan="{full}">{c.title}</td></tr>']
    for heading, parts in sections(c):
        rows.append(f'<tr><td colspan="{full}">{heading}</td></tr>')
        for part in parts:
            if isinstance(part, str):
                rows.append(f'<tr><td colspan="{full}"><p>{part}</p></td></tr>')
                continue
            by = full // max(column + width for _, column, _, width, _ in part)
            inner = as_html.table([(r, col * by, h, w * by, t) for r, col, h, w, t in part])
            rows.append(inner.partition("\n")[2].rpartition("\n")[0])
    rows += [f'<tr><td colspan="{full}">{text}</td></tr>' for text in (c.org, c.date)]
    return "<table>" + "\n".join(rows) + "</table>"


def test_the_whole_report_as_one_table(c: Content) -> None:
    read = report(as_html.page(one_table(c)), "a.html")
    assert_read(c, read)
    assert str(read.published) == "2023-01-14"
    assert [f.raw for f in read.facts if f.table is None] == ["418"]


@pytest.mark.parametrize("group", ["", '<div style="display:table-row-group">'])
def test_tables_made_of_boxes(c: Content, group: str) -> None:
    """The places that a merged cell covers are boxes without text."""

    def boxes(grid: Grid) -> str:
        texts = {(row, column): text for row, column, _, _, text in grid}
        width = max(column + w for _, column, _, w, _ in grid)
        rows = (
            "".join(f"<div style='Display: table-cell'><p>{texts.get((row, i), '')}</p></div>" for i in range(width))
            for row in range(max(texts)[0] + 1)
        )
        inside = "".join(f'<div style="display:table-row;height:2em">{row}</div>' for row in rows)
        return f'<div style="display:table">{group}{inside}{"</div>" if group else ""}</div>'

    body = as_html.body(c)
    for grid in (active(c), applications(c), review(c)):
        body = body.replace(as_html.table(grid), boxes(grid))
    assert "<table" not in body
    placed = "<div style='display:table-row'><div style='display:table-cell'>{}</div><div style='display:table-cell'>友情链接</div></div>"
    assert_read(c, report(as_html.page(placed.format(body)), "a.html"))


@pytest.mark.parametrize("place", ['em id="publish_time"', 'span class="pub-date"', 'div class="article releaseTime"'])
def test_the_day_alone_in_its_place(c: Content, place: str) -> None:
    c.date = ""
    tag = place.split()[0]
    head = f"<div class='list'><span class='pub-date'>2021年报</span></div><{place}> 2023-01-17 10:22</{tag}>"
    assert str(report(as_html.page(head + as_html.body(c)), "a.html").published) == "2023-01-17"
    two = head + f"<{place}>2022-03-05</{tag}>"
    assert report(as_html.page(two + as_html.body(c)), "a.html").published is None


def test_prose_broken_by_br_only(old: Content) -> None:
    out = [old.title]
    for title, parts in sections(old):
        out.append(title)
        out += [part if isinstance(part, str) else as_html.table(part) for part in parts]
    page = as_html.page("<div id=zoom>" + "<br><br>　　".join([*out, old.org, old.date]) + "</div>")
    assert_read(old, report(page, "a.html"))


def test_the_form_cut_into_many_tables_with_the_head_repeated(c: Content) -> None:
    grid = applications(c)
    head = [cell for cell in grid if cell[0] < 3]
    cut = [cell for cell in grid if cell[0] >= 3]
    parts = []
    for low, high in ((3, 7), (7, 15), (15, 31)):
        rows = []
        for r, col, h, w, t in cut:
            start, end = max(r, low), min(r + h, high)
            if start < end:
                rows.append((start - low + 3, col, end - start, w, t))
        parts.append(as_html.table([*head, *rows]))
    body = as_html.body(c).replace(as_html.table(grid), "<p>续表</p>".join(parts))
    assert_read(c, report(as_html.page(body), "a.html"))


def test_figures_of_a_row_in_a_table_of_their_own(c: Content) -> None:
    grid = applications(c)
    figures = {(r, col): t for r, col, _, _, t in grid if r >= 3 and col >= 3}
    merged = [cell for cell in grid if not (cell[0] >= 3 and cell[1] >= 3)]
    for row in range(3, max(r for r, *_ in grid) + 1):
        inner = "<table><tr>" + "".join(f"<td>{figures[row, col]}</td>" for col in range(3, 10)) + "</tr></table>"
        merged.append((row, 3, 1, 7, inner))
    body = as_html.body(c).replace(as_html.table(grid), as_html.table(merged))
    assert_read(c, report(as_html.page(body), "a.html"))


def test_a_label_one_character_a_line_and_an_empty_row(c: Content) -> None:
    body = as_html.body(c).replace("三、本年度办理结果", "".join(f"<p>{x}</p>" for x in "三、本年度办理结果"))
    body = body.replace("</tr>", "</tr><tr></tr>", 1)
    assert_read(c, report(as_html.page(body), "a.html"))


def test_two_side_by_side_marks_that_are_no_figures(c: Content) -> None:
    body = as_html.body(c).replace(f"<td>{c.cells['licensing.decisions', None]}</td>", "")
    body = as_html.body(c, lambda t: f"{t}<sup>[1]</sup>" if t == c.cells["normative.in_force", None] else t)
    assert_read(c, report(as_html.page(body), "a.html"))


def test_a_web_archive(c: Content) -> None:
    page = base64.encodebytes(as_html.page(as_html.body(c), encoding="gb2312"))
    archive = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + page
        + b"\r\n--x--\r\n"
    )
    assert_read(c, report(archive, "年报.mht"))
    assert_read(c, report(archive, "年报.doc"))


def test_marks_that_are_not_printed(c: Content) -> None:
    body = as_html.body(c, lambda t: "\u200b".join(t) + "\u200f" if t else t)
    assert_read(c, report(as_html.page(body), "a\u202e.html"))


def test_text_struck_out_is_taken_back(c: Content) -> None:
    gone = ("<s>55</s>", "<strike>5</strike>", "<del>7</del>", "<span style='text-decoration: line-through'>9</span>")
    body = as_html.body(c, lambda t: gone[int(t) % 4] + t if t.isdigit() else t)
    assert_read(c, report(as_html.page(body), "a.html"))


def test_control_characters_between_the_parts_of_a_page(c: Content) -> None:
    page = SITE.format(org=c.org, body=f"<div>{as_html.body(c)}</div>").replace("</div>", "</div>\x01\x1f&#2;").replace("</ul>", "</ul>\x0b")
    assert_read(c, report(as_html.page(page), "a.html"))


def test_struck_and_blank_cells(c: Content) -> None:
    for index, key in enumerate(k for k in list(c.cells) if k[1] in ("research", "other")):
        c.cells[key] = ("", "—", "/")[index % 3]
    assert_read(c, report(as_html.page(as_html.body(c, lambda t: t or "<o:p>&nbsp;</o:p>")), "a.html"))


def test_all_cells_run_together_are_not_guessed(c: Content) -> None:
    text = "".join(t for _, _, _, _, t in sorted(applications(c)))
    body = as_html.body(c).replace(as_html.table(applications(c)), f"<p>{text}</p>")
    read = report(as_html.page(body), "a.html")
    assert not [f for f in read.facts if f.table and f.metric and f.metric.startswith("application.")]


def test_four_tables_for_the_four_clauses(old: Content) -> None:
    grid = active(old)
    starts = [r for r, _, _, _, t in grid if t.startswith("第二十条")] + [99]
    tables = [
        as_html.table([(r - a, *rest) for r, *rest in grid if a <= r < b])
        for a, b in zip(starts, starts[1:], strict=False)
    ]
    assert_read(
        old, report(as_html.page(as_html.body(old).replace(as_html.table(grid), "<p></p>".join(tables))), "a.html")
    )


def test_a_page_without_a_report_is_refused() -> None:
    assert (
        refusal(
            as_html.page("<h1>关于放假的通知</h1><p>经研究，现将放假安排通知如下，请各单位遵照执行。</p>"), "a.html"
        )
        == "not_a_report"
    )
    assert refusal(b"<html><body><script>1</script></body></html>", "a.html") in ("not_a_report", "empty_file")


def test_tables_nested_without_end_are_refused() -> None:
    assert refusal(b"<html><body>" + b"<table><tr><td>" * 100_000, "a.html") == "too_deep"


def test_a_row_that_slid_into_the_place_of_its_lost_label_is_left_out(c: Content) -> None:
    """As a damaged doc comes out of a converter: seven figures, then an empty cell, and no label."""
    grid = applications(c)
    (row, label), = [(cell[0], cell) for cell in grid if cell[4].startswith("8.")]
    slid = [(r, col - 1 if r == row else col, h, w, t) for r, col, h, w, t in grid if (r, col) != label[:2]]
    slid.append((row, 9, 1, 1, ""))
    page = as_html.body(c).replace(as_html.table(grid), as_html.table(slid))
    key = "application.refused.query"
    assert (key, "total") in c.cells
    assert [f for f in report(as_html.page(page), "a.html").facts if f.metric == key] == []


def test_heads_out_of_order_are_not_believed_where_the_rows_add_up_in_the_forms(c: Content) -> None:
    """总计 moved in front of its neighbours, the figures stayed; a struck cell in each row counts as nothing."""
    for row in {key for key, applicant in c.cells if applicant == "other"}:
        c.cells[row, "total"] = str(int(c.cells[row, "total"]) - int(c.cells[row, "other"]))
        c.cells[row, "other"] = "/"
    grid = applications(c)
    order = ["自然人", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    body = [cell for cell in grid if cell[0] > 2]
    moved = [*(cell for cell in grid if cell[0] < 1), *((1, 3 + i, 2, 1, name) for i, name in enumerate(order)), *body]
    assert_read(c, report(as_html.page(as_html.body(c).replace(as_html.table(grid), as_html.table(moved))), "a.html"))


def test_a_row_whose_figures_ran_into_one_cell_is_left_out(c: Content) -> None:
    """Three figures in the first cell, the others two cells further left than they were printed."""
    key = "application.total"
    printed = [c.cells[key, a] for a in ("individual", "business", "research", "public_interest", "legal_service", "other", "total")]
    run = [" ".join(printed[:3]), *printed[3:], "", ""]
    page, count = re.subn(
        rf"(<td[^>]*>（七）总计</td>){''.join(f'<td>{p}</td>' for p in printed)}",
        lambda m: m[1] + "".join(f"<td>{p}</td>" for p in run),
        as_html.body(c),
    )
    assert count == 1
    assert [f for f in report(as_html.page(page), "a.html").facts if f.metric == key] == []
