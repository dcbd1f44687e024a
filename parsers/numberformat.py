"""A stored number as a spreadsheet prints it, where printing loses nothing; else the stored number itself.

An Excel cell holds 0.135 and prints 13.5%, holds 45.2 and prints 45.20, holds 44573 and prints a date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

# Built-in formats that files refer to by number only.
BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-m-d", 15: "yyyy-m-d", 16: "m-d", 17: "yyyy-m", 22: "yyyy-m-d",
            31: "yyyy年m月d日", 57: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_SKIPPED = re.compile(r"\[[^\]]*\]|_.|\*.")
_DATE = re.compile(r"[ymd]", re.IGNORECASE)
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.[#0?]+)?")


def plain_number(text: str) -> str:
    """The stored text of a number with the 15 digits a spreadsheet keeps: 30.000000000000004 → 30, 1E3 → 1000."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    digits = len(number.as_tuple().digits)
    if digits > 15:
        number = round(number, 14 - number.adjusted())
    return f"{number.normalize():f}" if number else "0"


def day(serial: str, from_1904: bool = False) -> date | None:
    """The day a date's serial number means."""
    try:
        count = int(Decimal(serial))
    except InvalidOperation:
        return None
    if not 0 < count < 80_000:
        return None
    return date(1904, 1, 1) + timedelta(count) if from_1904 else date(1899, 12, 30) + timedelta(count)


def printed(text: str, code: str, from_1904: bool = False) -> str:
    """The number ``text`` under the format ``code`` ("General", "#,##0.00", '0"件"', "yyyy-m-d")."""
    number = plain_number(text)
    section = _SKIPPED.sub("", code.split(";")[0])
    bare = _LITERAL.sub("", section)
    if not bare.strip() or bare.strip().lower() == "general":
        return number
    if _DATE.search(bare) and not _DIGITS.search(bare):
        found = day(text, from_1904)
        return number if found is None else _date(found, section)
    return _decimal(number, section, bare)


def _date(found: date, section: str) -> str:
    chinese = "年" in section or "月" in section
    parts = section.lower()
    if "d" not in _LITERAL.sub("", parts) and "y" in parts:
        return f"{found.year}年{found.month}月" if chinese else f"{found.year}-{found.month:02d}"
    return f"{found.year}年{found.month}月{found.day}日" if chinese else found.isoformat()


def _decimal(number: str, section: str, bare: str) -> str:
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number
    digits = _DIGITS.search(bare)
    if digits is None or "E" in bare.upper():
        return number
    percent = "%" in bare
    shown = value * 100 if percent else value
    places = digits.group().partition(".")[2]
    minimum = places.count("0")
    if len(places) < max(0, -_exponent(shown)):
        if percent:
            return f"{shown.normalize():f}%"
        return number  # printing would round: the stored figure is kept
    amount = f"{shown:.{max(minimum, max(0, -_exponent(shown)))}f}"
    prefix, _, suffix = section.partition(digits.group())
    return _words(prefix) + amount + _words(suffix)


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _words(text: str) -> str:
    return _LITERAL.sub(lambda m: m.group(1) or m.group(2) or "", text).strip()
