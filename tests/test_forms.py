"""Nasty layouts, one file each: tests/forms/*.toml says what they print and what must be read of them."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from knowledge.model import Fact, Problem
from parsers import form, read

TABLES = {"A": "收到和处理政府信息公开申请情况", "P": "主动公开政府信息情况", "R": "政府信息公开行政复议、行政诉讼情况"}
APPLICANTS = [("自然人",), *[("法人或其他组织", n) for n in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")], ("总计",)]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
BLOCKS = [("行政复议",), ("行政诉讼", "未经复议直接起诉"), ("行政诉讼", "复议后起诉")]
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "forms").glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]

_UNIT = re.compile(r"(.*?)(?: ([^\d\s:?]+))?")  # 「8 件」

Place = tuple[str, tuple[str, ...], tuple[str, ...]]
Read = tuple[str, Decimal | None, str]


def cell(printed: str) -> Read:
    """「3.35万:33500」 → raw, value, state."""
    raw, _, value = printed.partition(":")
    if raw == "_":
        return "", None, "blank"
    if raw and not raw.strip("-—–/－"):
        return raw, None, "struck"
    if value == "?":
        return raw, None, "unreadable"
    return raw, Decimal(value or raw), "number"


def wanted(line: str) -> dict[Place, tuple[Read, str | None]]:
    """The cells of one line of ``reads``, with the unit where the line names it."""
    head, *rest = (part.strip() for part in line.split(" | "))
    kind, _, title = head.partition(" ")
    if kind == "R":
        columns = [(*block, outcome) for block in BLOCKS for outcome in OUTCOMES]
        return {(TABLES["R"], (), c): (cell(p), None) for c, p in zip(columns, rest[0].split(), strict=True)}
    path = tuple(part.strip() for part in rest[0].split(" > "))
    if kind == "A":
        return {(TABLES["A"], path, c): (cell(p), None) for c, p in zip(APPLICANTS, rest[1].split(), strict=True)}
    out: dict[Place, tuple[Read, str | None]] = {}
    for one in rest[1].split(";"):
        column, _, printed = one.strip().partition("=")
        printed, unit = _UNIT.fullmatch(printed).groups()  # type: ignore[union-attr]
        labels = tuple(part.strip() for part in column.split(" > "))
        out[(title or TABLES[kind], path, labels)] = (cell(printed), unit or None)
    return out


@pytest.mark.parametrize("case", CASES)
def test_form(case: dict[str, Any]) -> None:
    found = read.read(case["text"].encode("utf-8"), case.get("file", "报告.txt"))
    assert not isinstance(found, Problem), found
    result = form.read(found)
    for fact in result.facts:
        assert found.text[fact.span.start : fact.span.end] == fact.raw
        assert fact.quote.start <= fact.span.start <= fact.span.end <= fact.quote.end
    want = {place: value for line in case["reads"] for place, value in wanted(line).items()}
    got: dict[Place, Fact] = {}
    for fact in result.facts:
        place = (str(fact.table), fact.path, fact.column)
        assert place not in got, f"read twice: {place}"
        got[place] = fact
    lines = [f"missing  {p} {v}" for p, v in want.items() if p not in got]
    lines += [f"extra    {p} {f.raw!r}" for p, f in got.items() if p not in want]
    for place, (printed, unit) in want.items():
        have = got.get(place)
        if have and ((have.raw, have.value, have.state) != printed or (unit and have.unit != unit)):
            lines.append(f"wrong    {place} want {printed} {unit or ''} got {(have.raw, have.value, have.state)} {have.unit}")
    said = [p.code for p in result.problems]
    lines += [f"not said {code}" for code in case.get("problems", []) if code not in said]
    lines += [f"said     {p.message}" for p in result.problems if p.code not in case.get("problems", [])]
    assert not lines, "\n".join(["", *lines])
