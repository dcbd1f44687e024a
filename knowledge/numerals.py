"""Numerals as Chinese reports and people write them: 1,605 · 8.58万 · 350余万 · 两千三百 · 二〇二〇 · 百分之七十.

Pure and without a library: cn2an takes 0.3 s to import and rewrites section numbers (「四、结转」).
Offsets count code points of the text given; full-width digits are read in place, the text is never rewritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

_WIDE = str.maketrans("０１２３４５６７８９．％＋－−﹣，", "0123456789.%+---,")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "两": 2, "兩": 2}
_DIGITS |= {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}

_CN = "零〇○一二两兩三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"
# 1,605 · 1605 · 19.0
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# 8.58万 · 350余万 · 3千多 · 50万+ : a mark of vagueness may stand before the scale or behind it
_ARABIC = re.compile(
    rf"(?<![A-Za-z_\d.])(?P<number>-?{_NUMBER})(?:\s?(?P<inner>[余多几])?(?P<scale>[十百千]?万亿?|[十百千]?亿"
    rf"|百|千(?![米克瓦卡字])))?"
    r"(?P<tail>[余多](?![姚种样渠措元维方级部])|[来几](?=[个件条次篇份家人])|\+)?"
)
# 百分之七十二 · 百分之3.5
_PERCENT = re.compile(rf"百分之(?:(?P<cn>[{_CN}点]+)|(?P<number>{_NUMBER}))")
# 三百余万 · 十多 · 两千三百
_CHINESE = re.compile(
    rf"(?:[{_CN}]+(?P<inner>[余多几])(?=[万亿])[万亿]|[{_CN}]+)(?P<tail>[余多](?![姚种样渠措元维方级部])"
    rf"|[来几](?=[个件条次篇份家人])|\+)?"
)
# 约2000 · 近30次 · 超过50% (not 最近三次, not 近三年)
_BEFORE = re.compile(r"(?:大约|约|将近|接近|(?<![最附靠临])近|逾|超过|(?<!赶)超|上下|突破)\s*$")
# 50万左右
_AFTER = re.compile(r"\s*(?:左右|上下|以上)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    ``value`` with 万, 亿 applied (percentages as they stand: 72 for 72%); ``text[start:end] == raw`` without a
    trailing 余, 多, +; ``stop`` is the offset behind such a mark, where a measure word would begin. ``approximate``:
    the text says 约, 近, 余, 多, +, 左右, 超过. ``chinese``: written in Chinese digits throughout. ``percent``: 72%, 百分之七十二.
    """

    value: Decimal
    start: int
    end: int
    raw: str
    stop: int
    approximate: bool = False
    chinese: bool = False
    percent: bool = False


def _positional(text: str) -> Decimal | None:
    """二〇二〇, 一九八五, 一一〇; but not 两三 or 五六, which mean "two or three"."""
    if not all(c in _DIGITS for c in text):
        return None
    if len(text) == 1 or len(text) == 4 or (len(text) > 2 and any(_DIGITS[c] == 0 for c in text[1:])):
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    if len(text) == 2 and _DIGITS[text[0]] > 0 == _DIGITS[text[1]]:
        return Decimal(_DIGITS[text[0]] * 10)
    return None


def _section(text: str) -> int | None:
    """A number below 10,000 in words: 两千三百, 一百零五, 十二, 三百五 (350)."""
    total, digit, last = 0, None, 10_000
    zero = False
    for index, char in enumerate(text):
        if char in _SMALL:
            scale = _SMALL[char]
            if scale >= last or (digit is None and not (scale == 10 and (index == 0 or zero))):
                return None
            total += (1 if digit is None else digit) * scale
            digit, last, zero = None, scale, False
        elif _DIGITS[char] == 0:
            if digit is not None or zero:
                return None
            zero = True
        else:
            if digit is not None:
                return None
            digit = _DIGITS[char]
    if digit is not None:
        if last in (10, 10_000) or zero:
            total += digit
        else:
            total += digit * last // 10
    elif zero:
        return total if text in ("零", "〇", "○") else None
    return total


def _words(text: str) -> Decimal | None:
    """A whole number in Chinese words or digits; None when it is none (万, 五六, 三十二十)."""
    positional = _positional(text)
    if positional is not None:
        return positional
    total, rest, last = 0, text, 10**12
    while rest:
        at = next((i for i, c in enumerate(rest) if c in _LARGE), None)
        if at is None:
            part = _section(rest.lstrip("零〇○") if total and rest[0] in "零〇○" else rest)
            if part is None:
                return None
            # 一万二 is 12,000, 一万零二 is 10,002
            if total and len(rest) == 1 and rest not in "零〇○":
                part *= last // 10
            total, rest = total + part, ""
        else:
            scale = _LARGE[rest[at]]
            at_end = at + 1
            head = rest[:at]
            part = _section(head.lstrip("零〇○") if total else head) if head else None
            if part is None or scale >= last:
                return None
            if rest[at_end : at_end + 1] in ("亿", "億") and scale == 10**4:
                scale, at_end = 10**12, at_end + 1
            total, rest, last = total + part * scale, rest[at_end:], scale
    return Decimal(total)


def _scale(text: str | None) -> int:
    value = 1
    for char in text or "":
        value *= _SMALL.get(char) or _LARGE[char]
    return value


def _exact(value: Decimal) -> Decimal:
    """85800 rather than 8.58E+4 or 85800.00; the decimals of an unscaled 19.0 stay as printed."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _chinese_decimal(text: str) -> Decimal | None:
    """七十二点五."""
    whole, point, fraction = text.partition("点")
    value = _words(whole)
    if value is None or not point:
        return value
    if not fraction or not all(c in _DIGITS for c in fraction):
        return None
    return value + Decimal("0." + "".join(str(_DIGITS[c]) for c in fraction))


def _separators_read(text: str) -> str:
    """Full-width digits and points made plain, one for one. A full-width comma counts as a thousands separator
    only between digits (3，676条); elsewhere it stays what it is, a comma between clauses."""
    wide = text.translate(_WIDE)
    if "，" not in text:
        return wide
    return "".join(
        "，" if c == "，" and not re.fullmatch(r"(?:.*\D)?\d{1,3}(?:,\d{3})*", wide[:i][-12:]) else w
        for i, (c, w) in enumerate(zip(text, wide, strict=True))
    )


def find(text: str) -> list[Numeral]:
    """Every numeral of ``text`` in order, years, dates and 一 of 一是 included: what they mean is the caller's affair."""
    read = _separators_read(text)
    out: list[Numeral] = []
    position = 0
    while position < len(read):
        numeral, position = _at(text, read, position)
        if numeral is not None:
            out.append(numeral)
    return out


def _at(text: str, read: str, position: int) -> tuple[Numeral | None, int]:
    """The numeral that begins here, or None, and where to read on."""
    char = read[position]
    if char == "-" or (char.isascii() and char.isdigit()):
        match = None if char == "-" and position and _joins(read[position - 1]) else _ARABIC.match(read, position)
        if match is None:
            return None, position + 1
        number = Decimal(match["number"].replace(",", ""))
        return _numeral(text, read, match, _exact(number * _scale(match["scale"])) if match["scale"] else number, False)
    if read.startswith("百分之", position):
        share = _share(text, read, position)
        return share, share.stop if share else position + 3
    if char in _CN:
        match = _CHINESE.match(read, position)
        if match is None:
            return None, position + 1
        words = _words(re.sub(r"[余多几+来]", "", match[0]))
        if words is None:  # 两三, 万: skipped whole, not read from the middle
            return None, match.end()
        return _numeral(text, read, match, words, True)
    return None, position + 1


def _joins(char: str) -> bool:
    """Whether a hyphen behind this character is a range or a code, not a minus sign."""
    return char.isalnum() or char in "-)）"


def _share(text: str, read: str, position: int) -> Numeral | None:
    match = _PERCENT.match(read, position)
    if match is None:
        return None
    share = Decimal(match["number"].replace(",", "")) if match["number"] else _chinese_decimal(match["cn"])
    if share is None:
        return None
    end = match.end()
    vague = _vague(read, position, end)
    return Numeral(share, position, end, text[position:end], end, vague, not match["number"], True)


def _vague(read: str, start: int, stop: int) -> bool:
    return bool(_BEFORE.search(read[max(0, start - 4) : start]) and read[stop : stop + 1] != "年") or bool(
        _AFTER.match(read, stop)
    )


def _numeral(text: str, read: str, match: re.Match[str], value: Decimal, chinese: bool) -> tuple[Numeral, int]:
    start, stop = match.span()
    end = stop - len(match["tail"] or "")
    approximate = bool(match["tail"] or match["inner"]) or _vague(read, start, stop)
    percent = read[stop : stop + 1] == "%"
    return Numeral(value, start, end, text[start:end], stop, approximate, chinese, percent), stop


def parse(text: str) -> Decimal | None:
    """The value of a text that is one numeral and nothing else (blanks around it and vagueness marks allowed)."""
    stripped = text.strip()
    found = find(stripped)
    if len(found) != 1:
        return None
    one = found[0]
    around = stripped[: one.start] + re.sub(r"^\s*(?:左右|上下|以上)", "", stripped[one.stop :])
    return one.value if not around or re.fullmatch(r"大约|约|将近|近|逾|超过|超", around) else None


# --------------------------------------------------------------------------- years

YearKind = Literal["absolute", "range", "relative", "recent", "every"]


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year, or several, that a text names; ``text[start:end] == raw``.

    kind    absolute (2020年, 二〇二〇年, 20年, bare 2020) · range (2019-2021) · relative (去年) · recent (近三年) ·
            every (历年, 这几年)
    years   what it comes to; empty where ``today`` was needed and not given, and for ``every``
    offset  relative: years from this one (-1 for 去年); else None
    count   recent: how many years; else None
    bare    no 年 behind it: could be another number (2020)
    """

    kind: YearKind
    years: tuple[int, ...]
    start: int
    end: int
    raw: str
    offset: int | None = None
    count: int | None = None
    bare: bool = False


_YEAR_CN = r"[零〇○OＯo一二三四五六七八九]"
_YEAR = rf"(?:(?:19|20)\d{{2}}|二{_YEAR_CN}{{3}}|一九{_YEAR_CN}{{2}})"
_SHORT = rf"(?:[0-3]\d|[零〇○一二]{_YEAR_CN})"
_TO = r"\s*(?:年度?)?\s*(?:-{1,2}|[—–~～－―]{1,2}|至{1,2}|到{1,2}|和到)\s*"
_MEASURES = "条件份篇期次场个项家人起宗批通处类户位元%分天名万亿千百余多字页套款"
# 2019-2021年 · 2019年至2021年 · 19到21年
_RANGE = re.compile(
    rf"(?<![\d.])(?P<first>{_YEAR}){_TO}(?P<last>{_YEAR}|\d{{2}}(?=\s*年))(?!\d)\s*(?:年度?)?"
    rf"|(?<![\d.])(?P<first2>{_SHORT}){_TO}(?P<last2>{_SHORT})(?!\d)\s*年度?"
)
# 2020年 · 2020 年度 · bare 2020 unless a measure word follows
_ABSOLUTE = re.compile(rf"(?<![\d.,，])(?P<year>{_YEAR})(?:\s*(?P<mark>年度?)|(?![\d.,]|\s*[{_MEASURES}]))")
# 20年 · 二零年, but not 近20年 or 20年来
_TWO = re.compile(rf"(?<![\d.近第去前后{'十百千'}])(?P<year>{_SHORT})\s*年度?(?![来前后以内多限龄之间])")
_OFFSETS = {
    "今年": 0, "本年度": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "上一年": -1, "上年度": -1, "上一年度": -1,
    "前年": -2, "大前年": -3, "明年": 1, "下年": 1, "下年度": 1, "次年": 1, "下一年": 1, "下一年度": 1, "后年": 2,
}  # fmt: skip
# 去年 · 上一年度; not the row labels 上年结转, 结转下年度, 本年新收, 上一年项目数量, 本年增/减
_RELATIVE = re.compile(
    r"(?<![转到办近])(?:大前年|(?<!以)前年|去年|今年|当年|(?:上一?|下一|下|本)年度?|明年|次年|后年)"
    r"(?!度?(?:结转|转结|[新增项]|度?办理|处理|制发|废止|收费|继续))"
)
# 近三年 · 最近5年 · 过去两年
_RECENT = re.compile(rf"(?:最近|近|过去|前|这)(?P<count>\d{{1,2}}|[{_CN}]{{1,3}})\s*(?:个)?年(?:度|来|里|间)?")
_EVERY = re.compile(r"历年来?|这些年|这几年|近几年|近年来?|近些年|各年度?|逐年|往年|所有年份|哪几年|前几年")


def year_number(text: str) -> int | None:
    """2020, 二〇二〇, 二O二O, 20 → 2020."""
    read = "".join(str(_DIGITS.get(c, 0 if c in "OoＯ" else c)) for c in text.translate(_WIDE))
    if not read.isdigit():
        return None
    number = int(read)
    return number + 2000 if len(read) == 2 else number


def find_years(text: str, today: date | None = None) -> list[YearMention]:
    """Every year a text names, in order and without overlaps; 去年 and 近三年 come to years when ``today`` is given."""
    read = text.translate(_WIDE).replace(",", "，")
    taken = [False] * len(text)
    out: list[YearMention] = []

    def add(match: re.Match[str], kind: YearKind, years: tuple[int, ...], offset: int | None = None,
            count: int | None = None, bare: bool = False) -> None:  # fmt: skip
        start, end = match.span()
        end = start + len(text[start:end].rstrip())
        if any(taken[start:end]):
            return
        taken[start:end] = [True] * (end - start)
        out.append(YearMention(kind, years, start, end, text[start:end], offset, count, bare))

    for match in _RANGE.finditer(read):
        first = year_number(match["first"] or match["first2"])
        last = year_number(match["last"] or match["last2"])
        if first is not None and last is not None and 0 < last - first < 40:
            add(match, "range", tuple(range(first, last + 1)))
    for match in _EVERY.finditer(read):
        add(match, "every", ())
    for match in _RECENT.finditer(read):
        count = parse(match["count"])
        if count is not None and 1 < count <= 10:
            size = int(count)
            add(match, "recent", tuple(range(today.year - size + 1, today.year + 1)) if today else (), None, size)
    for match in _ABSOLUTE.finditer(read):
        year = year_number(match["year"])
        if year is not None and 1980 <= year < 2060:
            add(match, "absolute", (year,), bare=match["mark"] is None)
    for match in _TWO.finditer(read):
        year = year_number(match["year"])
        if year is not None and 2000 <= year < 2040:
            add(match, "absolute", (year,))
    for match in _RELATIVE.finditer(read):
        offset = _OFFSETS[match[0]]
        add(match, "relative", (today.year + offset,) if today else (), offset)
    return sorted(out, key=lambda mention: mention.start)
