"""How answers read: numbers with units, the line that says how the question was read, quotes as people see them.

Pure functions from values to Chinese text; no chat markup (the adapters add that).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_DEBRIS = re.compile(r"\[bookmark:[^\]]*\]|<[^>\n]{1,80}>")
_CELL_END = re.compile(r"</t[dh]>(?!</tr>)")
# a new row of a table: the line begins with an empty cell, or with a figure that has a cell behind it
_ROW_END = r"\n(?=\t|[\d０-９—–/-]+\t)"
_CELLS = re.compile(_ROW_END + r"|\t|\|| {2,}")
# 「| --- | :-: |」 under the head of a Markdown table
_RULE = re.compile(r":?-{3,}:?")
_WAN = Decimal(10_000)


def plain_number(value: Decimal) -> str:
    """Without exponent and trailing zeros: 371, 3.35, 6863."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def json_number(value: Decimal | None) -> int | float | None:
    """As JSON carries it: whole numbers exactly, others as the nearest double."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def amount(value: Decimal, unit: str | None) -> str:
    """A value with its unit; money from 10,000 元 on is shown in 万元 with the exact 元 behind it."""
    if unit == "元" and abs(value) >= _WAN * _WAN:
        return f"{plain_number(value / _WAN / _WAN)}亿元（{plain_number(value)}元）"
    if unit == "元" and abs(value) >= _WAN:
        return f"{plain_number(value / _WAN)}万元（{plain_number(value)}元）"
    if unit == "%":
        return f"{percent(value)}%"
    return f"{plain_number(value)}{unit or ''}"


# money as ``amount`` words it: 6100元, 371万元（3710000元）, 1.2亿元（120000000元）
_MONEY = re.compile(r"(?<![\d.])(?:[\d.]+[万亿]元（(-?\d+(?:\.\d+)?)元）|(-?\d+(?:\.\d+)?)元)")


def in_money_unit(line: str, unit: str) -> str:
    """The amounts of a line in the unit that was asked, 万元 or 亿元, with the exact 元 behind them."""
    scale = _WAN if unit.startswith("万") else _WAN * _WAN

    def worded(found: re.Match[str]) -> str:
        exact = found[1] or found[2]
        return f"{plain_number(Decimal(exact) / scale)}{unit[0]}元（{exact}元）"

    return _MONEY.sub(worded, line)


def percent(value: Decimal) -> str:
    """A percentage to two places, trailing zeros dropped."""
    return plain_number(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def rounded(value: Decimal) -> Decimal:
    """A computed quotient to a precision that is safe to show: four places."""
    return value.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def display(quote: str) -> str:
    """A quoted row or sentence as people read it: cells parted by 「 | 」, converter debris and line ends gone."""
    text = _DEBRIS.sub("", _CELL_END.sub("\t", quote))
    if "\t" not in text and "|" not in text and "  " not in text:
        return " ".join(text.split())
    parts = ["".join(part.split()) for part in _CELLS.split(text)]
    return " | ".join(p for p in parts if p and not _RULE.fullmatch(p))


def listing(words: Sequence[str], most: int = 6) -> str:
    """A、B、C 等9个."""
    shown = "、".join(words[:most])
    return shown if len(words) <= most else f"{shown}等{len(words)}个"


def years(values: Sequence[int]) -> str:
    """2019、2020年 or 2015—2024年."""
    if not values:
        return ""
    ordered = sorted(set(values))
    if len(ordered) > 3 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]}—{ordered[-1]}年"
    return "、".join(map(str, ordered)) + "年"


def numbered(choices: Sequence[str]) -> list[str]:
    """Choices as lines to pick from."""
    return [f"{i}. {choice}" for i, choice in enumerate(choices, 1)]


def offer(choices: Sequence[str]) -> list[str]:
    """Questions that can be asked instead, as lines; none where there are none."""
    return ["可以问：", *numbered(choices)] if choices else []


def source_line(source: str, section: str | None) -> str:
    """出处: the file and the section."""
    return f"出处：{source}" + (f"，{' '.join(section.split())}" if section else "")
