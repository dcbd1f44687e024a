"""Comparing what was read with what was printed."""

from __future__ import annotations

from decimal import Decimal

from knowledge.model import Problem, Report
from parsers.report import parse_all
from tests.documents.content import Content, Key


def report(data: bytes, name: str) -> Report:
    """The one report in the bytes."""
    found = parse_all(data, name)
    assert len(found) == 1, found
    assert isinstance(found[0], Report), found[0]
    return found[0]


def refusal(data: bytes, name: str) -> str:
    """The code for which a file is refused."""
    found = parse_all(data, name)
    assert len(found) == 1, found
    assert isinstance(found[0], Problem), found[0]
    return found[0].code


def assert_read(c: Content, read: Report, *, identity: bool = True) -> None:
    """Every printed cell is read with its value, state and place, and nothing else is."""
    got: dict[Key, tuple[str, Decimal | None]] = {}
    for fact in read.facts:
        assert read.source_text[fact.span.start : fact.span.end] == fact.raw
        if fact.table is None:
            continue
        key = (fact.metric or "?" + "/".join(fact.path), fact.applicant)
        assert key not in got, f"{key} twice"
        got[key] = (fact.state, fact.value)
    wrong = {}
    for key, printed in c.cells.items():
        want = expected(key, printed)
        if got.get(key) != want:
            wrong[key] = (want, got.get(key))
    extra = set(got) - set(c.cells)
    assert not wrong and not extra, (
        f"{len(wrong)} wrong: {dict(list(wrong.items())[:6])}; extra: {sorted(map(str, extra))[:6]}"
    )
    if identity:
        assert (read.org, read.year, read.edition) == (c.org, c.year, c.edition)


def expected(key: Key, printed: str) -> tuple[str, Decimal | None]:
    """State and value of a cell with that print; the fee is printed in 万元 and held in 元."""
    text = printed.strip()
    if not text:
        return "blank", None
    if text in ("—", "——", "/", "-"):
        return "struck", None
    value = Decimal(text)
    return "number", value * 10000 if key[0] == "fee.fee_amount" else value
