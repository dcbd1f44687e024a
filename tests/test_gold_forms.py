"""The five published reports and the text documents of the shared pack, against their gold, cell for cell."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.model import Fact, Problem
from parsers import form, read

SHARED = Path(__file__).parents[2] / "shared"
TEXT = (".txt", ".md")


def _cases() -> list[tuple[str, Path, Path]]:
    reports = [(f.stem, f, SHARED / "gold" / "facts" / f"{f.stem}.jsonl") for f in (SHARED / "reports").glob("*.txt")]
    for gold in (SHARED / "formats").glob("*.gold.jsonl"):
        stem = gold.name.removesuffix(".gold.jsonl")
        reports += [(stem + s, gold.with_name(stem + s), gold) for s in TEXT if gold.with_name(stem + s).exists()]
    return sorted(reports)


CASES = _cases()


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _squeeze(text))


@pytest.mark.skipif(not CASES, reason="../shared is not here: no reports to read")
@pytest.mark.parametrize(("file", "gold"), [pytest.param(f, g, id=name) for name, f, g in CASES])
def test_a_report_gives_every_cell_of_its_gold(file: Path, gold: Path) -> None:
    found = read.read(file.read_bytes(), file.name)
    assert not isinstance(found, Problem), found
    got: dict[tuple[object, ...], Fact] = {}
    for fact in form.read(found).facts:
        assert found.text[fact.span.start : fact.span.end] == fact.raw
        place = (_plain(str(fact.table)), tuple(map(_plain, fact.path)), tuple(map(_plain, fact.column)))
        assert place not in got, f"read twice: {place}"
        got[place] = fact
    lines = []
    for want in map(json.loads, gold.read_text("utf-8").splitlines()):
        place = (_plain(want["table"]), tuple(map(_plain, want["path"])), tuple(map(_plain, want["column"])))
        fact = got.pop(place, None)
        value = None if want["value"] is None else Decimal(str(want["value"]))
        expected = (value, want["unit"], _squeeze(want["raw"]), want["state"])
        if fact is None:
            lines.append(f"missing {place}")
        elif (fact.value, fact.unit, _squeeze(fact.raw), fact.state) != expected:
            lines.append(f"wrong {place}: want {expected}, got {fact.value} {fact.unit} {fact.raw!r} {fact.state}")
    lines += [f"extra {place}" for place in got]
    assert not lines, "\n".join(lines)
