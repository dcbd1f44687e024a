"""doc, rtf, xls and odt as LibreOffice writes them from a clerk's docx; and odt's own habits."""

from __future__ import annotations

import subprocess
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from parsers import office
from parsers.limits import Limits
from tests.documents import as_docx
from tests.documents.content import Content, content
from tests.documents.reading import assert_read, refusal, report

needs_office = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not on PATH")


@cache
def converted(data: bytes, suffix: str, to: str) -> bytes:
    """``data`` saved by LibreOffice as another format."""
    with TemporaryDirectory(prefix="wenbao-test-") as name:
        folder = Path(name)
        (folder / f"a.{suffix}").write_bytes(data)
        command = [
            str(office.program()),
            f"-env:UserInstallation={(folder / 'p').as_uri()}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(folder / "out"),
            str(folder / f"a.{suffix}"),
        ]
        for _ in range(2):
            if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != 81:
                break
        return (folder / "out" / f"a.{to.partition(':')[0]}").read_bytes()


@pytest.fixture(scope="module")
def c() -> Content:
    made = content("2021", "云岭市桂花街道办事处", 2023, seed=21)
    for index, key in enumerate(k for k in list(made.cells) if k[1] == "research"):
        made.cells[key] = ("", "—", "0")[index % 3]
    return made


@pytest.fixture(scope="module")
def docx(c: Content) -> bytes:
    deleted = '<w:p><w:del w:id="1" w:author="x" w:date="2024-01-01T00:00:00Z"><w:r><w:delText>删去的 55501 字</w:delText></w:r></w:del></w:p>'
    return as_docx.file(as_docx.body(c) + deleted)


@needs_office
@pytest.mark.parametrize("to", ["doc", "rtf", "odt"])
def test_the_same_report_saved_in_an_old_format(c: Content, docx: bytes, to: str) -> None:
    read = report(converted(docx, "docx", to), "没有扩展名")
    assert_read(c, read)
    assert "55501" not in read.source_text


@needs_office
def test_a_web_page_saved_as_doc_and_a_wrong_extension(c: Content, docx: bytes) -> None:
    assert_read(c, report(docx, "年报.doc"))
    assert_read(c, report(converted(docx, "docx", "doc"), "年报.docx"))
    assert_read(c, report(converted(docx, "docx", "html"), "年报.doc"))


@needs_office
def test_what_the_office_program_cannot_open_is_refused_by_name(docx: bytes) -> None:
    doc, rtf = converted(docx, "docx", "doc"), converted(docx, "docx", "rtf")
    assert refusal(rtf[:2000], "a.rtf") == "truncated"
    assert refusal(doc[:700] + bytes(len(doc) - 700), "a.doc") in ("damaged_file", "unknown_format", "not_a_report")
    place = doc.find("WordDocument".encode("utf-16-le"))
    start = (int.from_bytes(doc[place + 116 : place + 120], "little") + 1) * 512
    locked = bytearray(doc)
    locked[start + 11] |= 1
    assert refusal(bytes(locked), "a.doc") == "encrypted"


def test_a_machine_without_office_says_so(docx: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert refusal(b"{\\rtf1\\ansi hello}", "a.rtf") == "converter_missing"


@needs_office
def test_a_conversion_that_takes_too_long_is_ended(docx: bytes) -> None:
    from knowledge.model import Problem
    from parsers.formats import rtf

    found = rtf.read(converted(docx, "docx", "rtf"), Limits(seconds=0))
    assert isinstance(found, Problem) and found.code == "limit_time"


def odt(body: str, styles: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
        for p, u in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"))
    )
    content = f'<?xml version="1.0"?><office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def test_odt_lists_tracked_deletions_and_repeated_cells() -> None:
    from parsers.document import Document, Table
    from parsers.formats import odt as reader

    styles = '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:list-style>'
    gone = "<text:tracked-changes><text:changed-region><text:deletion><text:p>55501</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    items = "".join(
        f'<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>第{n}节</text:p></text:list-item></text:list>'
        for n in "甲乙"
    )
    cell = '<table:table-cell table:number-columns-repeated="7"><text:p>0</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>行<text:s text:c="3"/>名</text:p></table:table-cell>{cell}</table:table-row>'
    wide = '<table:table-row><table:table-cell table:number-columns-spanned="8"><text:p>宽</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="7"/></table:table-row>'
    found = reader.read(odt(f"{gone}{items}<table:table>{row}{wide}</table:table>", styles))
    assert isinstance(found, Document)
    assert "一、第甲节" in found.text and "二、第乙节" in found.text and "55501" not in found.text
    (table,) = [block for block in found.blocks if isinstance(block, Table)]
    assert (table.rows, table.columns, len(table.cells)) == (3, 8, 17)


def test_damaged_odt_is_refused_by_name() -> None:
    assert refusal(odt("<text:p>x</text:p>").replace(b"content.xml", b"contenx.xml"), "a.odt") == "damaged_file"
    assert refusal(odt("<text:p>只有一句话。</text:p>"), "a.odt") == "not_a_report"
    assert refusal(odt("<text:p>x")[:-30], "a.odt") in ("truncated", "damaged_file")
