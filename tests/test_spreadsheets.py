"""Spreadsheets as offices fill them in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest

from parsers import numberformat
from tests.documents.content import Content, Grid, active, applications, content, review
from tests.documents.reading import assert_read, refusal, report

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def c() -> Content:
    return content("2021", "澄江区城市管理局", 2021, seed=11)


def put(sheet: Any, grid: Grid, top: int, left: int = 1) -> int:
    """Writes the grid with merged cells and figures as numbers; the row below it."""
    last = top
    for row, column, height, width, text in grid:
        cell = sheet.cell(top + row, left + column)
        cell.value = float(text) if text.replace(".", "").lstrip("-").isdigit() else text or None
        if height * width > 1:
            sheet.merge_cells(
                start_row=top + row,
                start_column=left + column,
                end_row=top + row + height - 1,
                end_column=left + column + width - 1,
            )
        last = max(last, top + row + height)
    return last


HEADINGS = ("一、主动公开政府信息情况", "二、收到和处理政府信息公开申请情况", "三、政府信息公开行政复议、行政诉讼情况")


def one_sheet(c: Content, left: int = 1, gap: int = 1) -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.cell(1, left).value = c.title
    row = 3
    for heading, grid in zip(HEADINGS, (active(c), applications(c), review(c)), strict=True):
        sheet.cell(row, left).value = heading
        row = put(sheet, grid, row + 1, left) + gap
    return book


def saved(book: Any) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_one_sheet_beginning_anywhere(c: Content) -> None:
    assert_read(c, report(saved(one_sheet(c)), "a.xlsx"))
    assert_read(c, report(saved(one_sheet(c, left=3, gap=0)), "没有扩展名"))


def test_several_sheets_hidden_ones_left_out(c: Content) -> None:
    book = openpyxl.Workbook()
    for name, grid in zip(HEADINGS, (active(c), applications(c), review(c)), strict=True):
        sheet = book.create_sheet(name[2:12])
        sheet.cell(1, 1).value = c.title
        sheet.cell(2, 1).value = name
        put(sheet, grid, 3)
    book.remove(book["Sheet"])
    old = book.create_sheet("去年")
    put(old, applications(content(seed=4)), 1)
    old.sheet_state = "hidden"
    assert_read(c, report(saved(book), "a.xlsx"))


def test_numbered_sentences_in_rows_are_prose(c: Content) -> None:
    """（一）主动公开。… begins as rows of the form do, and a text may end before its full stop."""
    book = openpyxl.Workbook()
    sheet = book.active
    lines = [
        c.title,
        "一、总体情况",
        "（一）主动公开。全年通过政务新媒体发布信息312条，制作短视频9期；",
        "（二）依申请公开。本年新收政府信息公开申请均按期答复。",
        "（三）监督保障。组织业务培训4场。",
    ]
    for row, line in enumerate(lines, 1):
        sheet.cell(row, 1).value = line
    row = len(lines) + 1
    for heading, grid in zip(HEADINGS, (active(c), applications(c), review(c)), strict=True):
        sheet.cell(row, 1).value = heading
        row = put(sheet, grid, row + 1)
    read = report(saved(book), "a.xlsx")
    assert_read(c, read)
    assert [f.raw for f in read.facts if f.table is None] == ["312", "9", "4"]


def test_hidden_rows_and_columns_are_not_printed(c: Content) -> None:
    fresh = one_sheet(c)
    fresh.active.cell(2, 1).value = "内部数据 4711"
    fresh.active.row_dimensions[2].hidden = True
    for row in range(1, 60):
        fresh.active.cell(row, 20).value = 4712
    fresh.active.column_dimensions["T"].hidden = True
    read = report(saved(fresh), "a.xlsx")
    assert_read(c, read)
    assert "4711" not in read.source_text and "4712" not in read.source_text


def test_numbers_with_formats_dates_and_texts(c: Content) -> None:
    book = one_sheet(c)
    for row in book.active.iter_rows():
        for index, cell in enumerate(row):
            if isinstance(cell.value, float):
                cell.number_format = (
                    ("#,##0", '0"件"', "0_ ", "@")[index % 4] if cell.value.is_integer() else "#,##0.0000"
                )
                if index % 4 == 3:
                    cell.value = str(int(cell.value)) if cell.value.is_integer() else cell.value
    assert_read(c, report(saved(book), "a.xlsx"))


def test_a_formula_without_a_result_is_unreadable_not_blank(c: Content) -> None:
    book = one_sheet(c)
    cell = next(
        cell for row in book.active.iter_rows() for cell in row if isinstance(cell.value, float) and cell.column == 10
    )
    cell.value = "=SUM(D7:I7)"
    read = report(saved(book), "a.xlsx")
    assert [f.raw for f in read.facts if f.state == "unreadable"] == ["=SUM(D7:I7)"]


@pytest.mark.parametrize(
    ("stored", "code", "printed"),
    [
        ("0.135", "0.0%", "13.5%"), ("45.2", "0.00", "45.20"), ("1234.5", "#,##0.00", "1234.50"), ("7", '0"件"', "7件"), ("44573", "yyyy-m-d", "2022-01-12"),
        ("44573", 'yyyy"年"m"月"d"日"', "2022年1月12日"), ("17.6", "0", "17.6"), ("0.30000000000000004", "General", "0.3"), ("1E3", "General", "1000"), ("-3", "0_ ", "-3"),
        ("x", "0", "x"), ("203910", "0", "203910"),
    ],
)  # fmt: skip
def test_a_number_is_printed_as_its_format_prints_it(stored: str, code: str, printed: str) -> None:
    assert numberformat.printed(stored, code) == printed


def test_damaged_workbooks_are_refused_by_name(c: Content) -> None:
    whole = saved(one_sheet(c))
    assert refusal(whole[:3000], "a.xlsx") == "truncated"
    bomb = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + data.split(b"?>", 1)[-1]
            new.writestr(info.filename, data)
    assert refusal(bomb.getvalue(), "a.xlsx") == "entities"
    huge = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                data = data.replace(b"</mergeCells>", b'<mergeCell ref="A1:XFD1048576"/></mergeCells>')
            new.writestr(info.filename, data)
    assert refusal(huge.getvalue(), "a.xlsx") == "limit_cells"


def test_a_sheet_without_a_report_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.active["B1"] = "电话"
    assert refusal(saved(book), "名单.xlsx") == "not_a_report"
