"""The same report gives the same facts, whatever file it comes in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.model import Report
from parsers import office
from parsers.report import parse_all
from tests.documents import as_docx, as_html, as_pdf
from tests.documents.content import content
from tests.documents.reading import assert_read, report

SEEDS = Path(__file__).parent.parent / "fuzz" / "seeds"
SHARED = Path(__file__).parent.parent.parent / "shared" / "formats"


def facts(read: Report) -> dict[object, object]:
    """Every cell of every table by its labels."""
    return {
        (f.table, f.path, f.column): (f.value, f.unit, f.state, f.metric, f.applicant) for f in read.facts if f.table
    }


def test_every_format_gives_the_same_facts() -> None:
    c = content()
    page = report(as_html.page(as_html.body(c)), "a.html")
    assert_read(c, page)
    others = {
        "docx": as_docx.file(as_docx.body(c)),
        "pdf": as_pdf.file(as_pdf.report(c).sheets),
        "short pages": as_pdf.file(as_pdf.report(c, as_pdf.Layout(bottom=400, repeat_head=3)).sheets),
        "odt": (SEEDS / "text.odt").read_bytes(),
        "xlsx": (SEEDS / "sheet.xlsx").read_bytes(),
    }
    if office.program() is not None:
        others["doc"], others["rtf"] = (SEEDS / "old.doc").read_bytes(), (SEEDS / "old.rtf").read_bytes()
    for name, data in others.items():
        assert facts(report(data, f"a.{name}")) == facts(page), name


def test_an_old_spreadsheet() -> None:
    """Excel 97, made from the xlsx of the same report."""
    assert_read(content("2019", "澄江区水务局", 2020, seed=6), report((SEEDS / "old.xls").read_bytes(), "a.xls"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/formats is not here")
@pytest.mark.parametrize(
    "meta", sorted(SHARED.glob("*.meta.json")) if SHARED.is_dir() else [], ids=lambda p: p.name.partition(".")[0]
)
def test_the_shared_documents_match_their_gold(meta: Path) -> None:
    about = json.loads(meta.read_text("utf-8"))
    file = SHARED / about["file"]
    if file.suffix in (".doc", ".rtf") and office.program() is None:
        pytest.skip("LibreOffice is not on PATH")
    found = parse_all(file.read_bytes(), file.name)
    if about["expect"] == "rejected":
        assert not isinstance(found[0], Report)
        return
    (read,) = found
    assert isinstance(read, Report), read
    assert (read.org, read.year, str(read.published)) == (about["org"], about["year"], about["published"])
    gold = [
        json.loads(line)
        for line in meta.with_name(meta.name.replace(".meta.json", ".gold.jsonl")).read_text("utf-8").splitlines()
        if line
    ]
    want = {(g["table"], tuple(g["path"]), tuple(g["column"])): g for g in gold}
    got = {(f.table, f.path, f.column): f for f in read.facts if f.table}
    assert set(got) == set(want)
    for key, one in want.items():
        fact = got[key]
        accepted = [one, *(one | other for other in one.get("accept", []))]
        value = None if fact.value is None else float(fact.value)
        assert any(
            (value, fact.state) == (a["value"], a["state"])
            and fact.unit in (a["unit"], None if fact.state != "number" else fact.unit)
            for a in accepted
        ), (key, fact)
