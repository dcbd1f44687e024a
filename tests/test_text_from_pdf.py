"""A PDF's text copied into a text file: layout kept, in reading order, or as another reader gives it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from knowledge.model import Problem
from parsers import form, read

FORMATS = Path(__file__).parents[2] / "shared" / "formats"
STEMS = sorted(p.stem for p in FORMATS.glob("*.pdf") if (p.parent / f"{p.stem}.gold.jsonl").stat().st_size)


def layout_kept(path: Path) -> str:
    with pdfplumber.open(path) as pdf:
        return "\n\f".join(page.extract_text(layout=True) for page in pdf.pages)


def reading_order(path: Path) -> str:
    with pdfplumber.open(path) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def other_reader(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(pdf[i].get_textpage().get_text_range() for i in range(len(pdf)))
    finally:
        pdf.close()


@pytest.mark.skipif(not STEMS, reason="../shared is not here: no PDF to copy from")
@pytest.mark.parametrize("way", [layout_kept, reading_order, other_reader])
@pytest.mark.parametrize("stem", STEMS)
def test_text_copied_out_of_a_pdf_gives_every_cell(stem: str, way: Callable[[Path], str]) -> None:
    found = read.read(way(FORMATS / f"{stem}.pdf").encode(), f"{stem}.txt")
    assert not isinstance(found, Problem)
    got = {(f.table, f.path, f.column): (f.value, f.state) for f in form.read(found).facts}
    gold = [json.loads(line) for line in (FORMATS / f"{stem}.gold.jsonl").read_text("utf-8").splitlines()]
    want = {}
    for cell in gold:
        labels = [tuple(re.sub(r"\s", "", part) for part in cell[key]) for key in ("path", "column")]
        value = None if cell["value"] is None else Decimal(str(cell["value"]))
        want[(cell["table"], labels[0], labels[1])] = (value, cell["state"])
    assert got == want
