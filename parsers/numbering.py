"""Automatic numbers of a Word file (numbering.xml, styles.xml): “一、” in front of a heading is printed but not typed."""

from __future__ import annotations

import re

from parsers import xml

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_LEVEL = re.compile(r"%(\d)")
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)


def chinese(number: int, digits: str = _DIGITS, units: tuple[str, str, str] = ("十", "百", "千")) -> str:
    """``number`` counted in Chinese: 10 → 十, 21 → 二十一, 105 → 一百零五. Above 9999 in plain digits."""
    if not 0 < number < 10_000:
        return str(number)
    out = ""
    pending = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            if pending and out:
                out += digits[0]
            pending = False
            one = "" if place == 1 and digit == 1 and not out and digits == _DIGITS else digits[digit]
            out += one + (units[place - 1] if place else "")
        else:
            pending = True
    return out


def _roman(number: int) -> str:
    out = ""
    for value, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value and len(out) < 20:
            out, number = out + sign, number - value
    return out


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * min(5, (number - 1) // 26 + 1) if number > 0 else ""


def _offset(number: int, first: int, count: int) -> str:
    return chr(first + number - 1) if 1 <= number <= count else str(number)


def printed(number: int, kind: str) -> str:
    """The number as its format prints it; formats unknown here are printed as digits, bullets not at all."""
    kind = kind.lower()
    if kind in ("bullet", "none"):
        return ""
    if kind in (
        "chinesecounting",
        "chinesecountingthousand",
        "taiwanesecounting",
        "taiwanesecountingthousand",
        "japanesecounting",
        "koreancounting",
        "ideographtraditional_",
        "koreandigital2",
    ):
        return chinese(number)
    if kind in ("chineselegalsimplified", "ideographlegaltraditional", "japaneselegal"):
        return chinese(number, _FORMAL, ("拾", "佰", "仟"))
    if kind in ("ideographdigital", "taiwanesedigital", "japanesedigitaltenthousand"):
        return "".join("〇一二三四五六七八九"[int(d)] for d in str(number))
    if kind == "ideographtraditional":
        return "甲乙丙丁戊己庚辛壬癸"[(number - 1) % 10]
    if kind == "ideographzodiac":
        return "子丑寅卯辰巳午未申酉戌亥"[(number - 1) % 12]
    if kind in ("decimalenclosedcircle", "decimalenclosedcirclechinese"):
        return _offset(number, 0x2460, 20)
    if kind == "decimalenclosedparen":
        return _offset(number, 0x2474, 20)
    if kind == "decimalenclosedfullstop":
        return _offset(number, 0x2488, 20)
    if kind == "ideographenclosedcircle":
        return _offset(number, 0x3220, 10)
    if kind == "decimalzero":
        return f"{number:02d}"
    if kind in ("decimalfullwidth", "decimalfullwidth2"):
        return "".join(chr(ord(d) + 0xFEE0) for d in str(number))
    if kind in ("upperroman", "lowerroman"):
        return _roman(number) if kind == "upperroman" else _roman(number).lower()
    if kind in ("upperletter", "lowerletter"):
        return _letter(number) if kind == "upperletter" else _letter(number).lower()
    return str(number)


def _value(element: xml.Element | None) -> str | None:
    return xml.attribute(element, "val") if element is not None else None


def _number(text: str | None, default: int = 0) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


class _Level:
    """One level of a list: where it starts, how it is printed, what restarts it."""

    def __init__(self, element: xml.Element) -> None:
        self.start = _number(_value(xml.child(element, "start")), 1 if xml.child(element, "start") is None else 0)
        self.kind = _value(xml.child(element, "numFmt")) or "decimal"
        self.text = _value(xml.child(element, "lvlText")) or ""
        self.legal = xml.child(element, "isLgl") is not None
        restart = xml.child(element, "lvlRestart")
        self.restart = _number(_value(restart), -1) if restart is not None else -1
        self.style = _value(xml.child(element, "pStyle"))


class Numbering:
    """Counts along while paragraphs are read in order."""

    def __init__(self, styles: xml.Element | None, numbering: xml.Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles = {
            xml.attribute(s, "styleId") or "": s
            for s in (styles if styles is not None else ())
            if xml.local(s) == "style"
        }
        self._resolved: dict[str, tuple[str | None, int | None, int]] = {}
        if numbering is not None:
            self._load(numbering)

    def _load(self, numbering: xml.Element) -> None:
        linked: dict[str, str] = {}
        for element in numbering:
            if xml.local(element) == "abstractNum":
                key = xml.attribute(element, "abstractNumId") or ""
                self._abstract[key] = {
                    _number(xml.attribute(e, "ilvl")): _Level(e) for e in element if xml.local(e) == "lvl"
                }
                link = _value(xml.child(element, "numStyleLink"))
                if link:
                    linked[key] = link
        for element in numbering:
            if xml.local(element) == "num":
                abstract = _value(xml.child(element, "abstractNumId")) or ""
                levels, starts = dict(self._abstract.get(abstract, {})), {}
                for override in element:
                    if xml.local(override) != "lvlOverride":
                        continue
                    index = _number(xml.attribute(override, "ilvl"))
                    changed, start = xml.child(override, "lvl"), _value(xml.child(override, "startOverride"))
                    if changed is not None:
                        levels[index] = _Level(changed)
                    if start is not None:
                        starts[index] = _number(start, 1)
                self._lists[xml.attribute(element, "numId") or ""] = (abstract, levels, starts)
        for key, style in linked.items():
            target = self._lists.get(self._style(style)[0] or "")
            if target is not None:
                for number, (abstract, levels, starts) in list(self._lists.items()):
                    if abstract == key and not levels:
                        self._lists[number] = (abstract, target[1], starts)

    def _style(self, name: str, depth: int = 0) -> tuple[str | None, int | None, int]:
        """(numId, level of the list or None, outline level 0 = none) of a paragraph style and what it is based on."""
        if name in self._resolved or depth > 20:
            return self._resolved.get(name, (None, None, 0))
        style = self._styles.get(name)
        if style is None:
            return None, None, 0
        properties = xml.child(style, "pPr")
        numbered = xml.child(properties, "numPr")
        number = _value(xml.child(numbered, "numId"))
        level = _value(xml.child(numbered, "ilvl"))
        outline = _value(xml.child(properties, "outlineLvl"))
        title = _HEADING.match(_value(xml.child(style, "name")) or "")
        heading = int(title.group(1)) if title else (_number(outline, 9) + 1) % 10 if outline is not None else 0
        base = _value(xml.child(style, "basedOn"))
        below = self._style(base, depth + 1) if base else (None, None, 0)
        found = (
            number or below[0],
            _number(level) if level is not None else below[1] if number is None else None,
            heading or below[2],
        )
        self._resolved[name] = found
        return found

    def label(self, properties: xml.Element | None, has_text: bool) -> tuple[str, int]:
        """(the number printed before the paragraph, its heading level). An empty paragraph is numbered by Word too,
        but only where it is a list item of its own; the number of a paragraph without text is not handed out."""
        if properties is None:
            return "", 0
        style = _value(xml.child(properties, "pStyle"))
        number, level, heading = self._style(style) if style else (None, None, 0)
        outline = _value(xml.child(properties, "outlineLvl"))
        if outline is not None:
            heading = (_number(outline, 9) + 1) % 10
        numbered = xml.child(properties, "numPr")
        if numbered is not None:
            number = _value(xml.child(numbered, "numId")) or number
            own = _value(xml.child(numbered, "ilvl"))
            level = _number(own) if own is not None else level
        if number in (None, "0") or number not in self._lists:
            return "", heading
        abstract, levels, starts = self._lists[number]
        if level is None:
            level = next((i for i, item in levels.items() if style is not None and item.style == style), 0)
        if level not in levels:
            return "", heading
        return self._count(number, abstract, levels, starts, level), heading

    def _count(self, number: str, abstract: str, levels: dict[int, _Level], starts: dict[int, int], level: int) -> str:
        counters = self._counters.setdefault(abstract, {})
        if level in starts and (number, level) not in self._started:
            counters[level] = starts[level]
        else:
            counters[level] = counters[level] + 1 if level in counters else levels[level].start
        self._started.add((number, level))
        for deeper in [d for d in counters if d > level]:
            restart = levels[deeper].restart if deeper in levels else -1
            if restart == -1 or (restart > 0 and level < restart):
                del counters[deeper]
        own = levels[level]

        def shown(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            if index not in levels:
                return ""
            value = counters.get(index, levels[index].start)
            return str(value) if own.legal and index != level else printed(value, levels[index].kind)

        if own.kind == "bullet":
            return ""
        text = _LEVEL.sub(shown, own.text)
        return text + " " if text[-1:].isalnum() and text[-1:].isascii() else text
