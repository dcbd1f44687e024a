"""One cell and what it is called → a Fact: value in its unit, money in 元, raw and offsets exact."""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.model import Fact, Span
from parsers import grid, labels
from parsers.document import Cell

_MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000, "千元": 1000}
# 「（单位：万元）」「(元)」「单位:万元」 in the head or label of a money column
_HEAD_UNIT = re.compile(r"单位[:：为]?(百万元|千元|万元|亿元|元)|[（(](千元|万元|亿元|元)[)）]|[/／](千元|万元|亿元|元)$")
# 「00001」: figures run together, or a number no clerk prints
_LEADING_ZERO = re.compile(r"[+\-－−–—]?[0０][0-9０-９]")


def money_unit(label: str) -> str | None:
    """元 or 万元, where a head or label names it."""
    match = _HEAD_UNIT.search(labels.printed(label))
    return next((g for g in match.groups() if g), None) if match else None


def fact(
    table: str,
    path: tuple[str, ...],
    column: tuple[str, ...],
    cell: Cell,
    quote: Span,
    *,
    unit: str | None,
    money: str | None = None,
    metric: str | None = None,
    applicant: str | None = None,
    year: int | None = None,
) -> Fact:
    """``unit`` what the column counts; ``money`` the money unit that head or form gives a cell printing none."""
    found = grid.figure(cell)
    start = cell.span.start + found.start
    end = cell.span.start + found.end
    raw = cell.text[found.start : found.end]
    state, value = found.state, found.value
    if state == "number" and _LEADING_ZERO.match(raw):
        state, value = "unreadable", None
    if value is not None:
        value, unit = _in_unit(value, found.unit, found.scale, unit, money)
    made = Fact(table, path, column, None if state != "number" else value, unit, raw, state, Span(start, end),
                Span(min(quote.start, start), max(quote.end, end)), metric=metric, applicant=applicant, year=year)  # fmt: skip
    return made


def _in_unit(value: Decimal, own: str | None, scale: int, unit: str | None, money: str | None) -> tuple[Decimal, str | None]:
    """The unit in the cell wins over the one above it; 万元 becomes 元."""
    if money is not None or unit == "元":
        if own in (None, "元"):
            factor = 1 if own == "元" or scale > 1 else _MONEY[money or "元"]
            return _plain(value * factor), "元"
        return _plain(value), own
    if own == "元":
        return _plain(value), "元"
    if unit == "项" and own == "件":  # 上一年项目数量 counts 项 whatever is written behind it
        return _plain(value), unit
    return _plain(value), own or unit


def _plain(value: Decimal) -> Decimal:
    """35074.0 → 35074: no exponent, no trailing zeros."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) if value.adjusted() < 28 else value  # no more digits fit the context
    return value.normalize()
