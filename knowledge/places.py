"""Where a public body is, of what kind and level: what its names say, checked against the gazetteer; no guesses.

The gazetteer (data/places.tsv) is searched as text, not taken apart: a street is found in a quarter of a millisecond,
and nobody pays for it who does not ask. Many names are shared (阳明街道 in 余姚 and in 牡丹江); such a one has no place
here until the signature or the text names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from knowledge import names
from knowledge.catalogue import DATA
from knowledge.names import place_stem

Level = Literal["province", "city", "county", "township"]

_LEVELS: dict[int, Level] = {2: "province", 4: "city", 6: "county"}
# district names that any city may have, and that texts use without meaning a district
_COMMON = re.compile(r"^(?:.区|[东西南北]城区|新城区|城[东西南北中关]区|市[中南北]区|高新区|开发区)$")
_TYPES = ("街道", "镇", "乡", "民族乡", "苏木")
_LONGEST_PLACE = 12


@dataclass(frozen=True, slots=True)
class Body:
    """``province`` 浙江省, ``city`` 宁波市, ``county`` 北仑区 (also 余姚市), each None where it is not certain.

    A municipality is the province (北京市) of its districts, which have no city.
    """

    kind: names.Kind
    level: Level | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """What is known, from the outermost in."""
        return tuple(place for place in (self.province, self.city, self.county) if place)


# --------------------------------------------------------------------------- the gazetteer


@cache
def _text() -> str:
    with open(DATA / "places.tsv", encoding="utf-8") as handle:
        return handle.read()


@cache
def _divisions() -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """(code → name, name or stem → codes) of provinces, cities and counties."""
    named: dict[str, str] = {}
    known: dict[str, list[str]] = {}
    for line in _text().splitlines():
        if line.startswith("#"):
            continue
        code, name = line.split("\t", 2)[:2]
        named[code] = name
        for form in forms(name):
            known.setdefault(form, []).append(code)
    return named, {name: tuple(codes) for name, codes in known.items()}


@cache
def _streets() -> frozenset[str]:
    """The names of all streets and towns, for questions that name one the store has not heard of."""
    return frozenset(re.findall(r"\d{3}([^\t\n\d][^\t\n]*)\t", _text()))


def forms(place: str) -> tuple[str, ...]:
    """How a place is written: 北仑区, 北仑; 恩施土家族苗族自治州, 恩施, 恩施州."""
    stem = place_stem(place)
    short = stem + place[-1] if "自治" in place and not place.endswith("自治区") else place
    return tuple(dict.fromkeys((place, short, stem)))


def chain(code: str) -> tuple[str, ...]:
    """浙江省, 宁波市, 北仑区 for 330206; what is no place of its own (市辖区) is left out."""
    named = _divisions()[0]
    return tuple(dict.fromkeys(named[code[:end]] for end in (2, 4, 6) if len(code) >= end and code[:end] in named))


def codes(place: str) -> tuple[str, ...]:
    """The provinces, cities and counties that a name, full or short, can mean."""
    found = _divisions()[1].get(place, ())
    # 东莞市 is a city and the one county in it: the city is meant
    return tuple(code for code in found if not any(code != other and code.startswith(other) for other in found))


def _counties_with(street: str) -> tuple[str, ...]:
    """The counties that have a street or town of exactly this name."""
    text, found, at = _text(), [], 0
    wanted = f"{street}\t"
    while (at := text.find(wanted, at)) >= 0:
        line = text.rfind("\n", 0, at) + 1
        if text[at - 3 : at].isdigit() and at > line + 6:
            found.append(text[line : line + 6])
        at += 1
    return tuple(dict.fromkeys(found))


# --------------------------------------------------------------------------- a body of the store


def resolve(org: str, others: Iterable[str] = (), text: str = "") -> Body:
    """``org`` and ``others`` are names of one body (title, signature, what people say); ``text`` its report's.

    ``text`` only decides between places that the name allows.
    """
    said = [names.split(name) for name in dict.fromkeys((org, *others))]
    name = said[0]
    stated, name = _stated(said, name)
    if name.kind in ("street", "town"):
        found = _street(name, stated, text)
    elif stated:
        found = _one_of(_inside(codes(stated[-1]), stated[:-1]), text)
    else:
        found = None
    if found is None:
        return _unlisted(name, stated)
    places = chain(found)
    return Body(name.kind, _level(name, found), *_columns(places, found))


def _columns(places: Sequence[str], code: str) -> tuple[str | None, str | None, str | None]:
    named = _divisions()[0]
    county = named.get(code[:6]) if len(code) == 6 else None
    city = named.get(code[:4]) if len(code) >= 4 else None
    return places[0], city, county if county != city else None


def _level(name: names.Name, code: str | None) -> Level | None:
    if name.kind in ("street", "town"):
        return "township"
    return None if name.kind == "zone" or code is None else _LEVELS[len(code)]


def _stated(said: Sequence[names.Name], name: names.Name) -> tuple[tuple[str, ...], names.Name]:
    """The places the names give, outermost first, and the name without a place that its core began with."""
    stated = max((one.places for one in said if one.kind == name.kind or one is name), key=len)
    if name.kind == "branch":
        inside = _inside(codes(name.type), stated)
        return (*stated, chain(inside[0])[-1]) if len(inside) == 1 else stated, name
    # 浦东新区 is a district, though it reads as a zone
    if name.kind == "zone" and codes(name.core + name.type):
        return (*stated, name.core + name.type), names.Name("government", stated, "")
    if name.kind in ("street", "town", "zone") and (front := _front(name.core)):
        place, core = front
        if name.kind == "zone" or _inside(_counties_with(core + name.type), (*stated, place)):
            return (*stated, place), names.Name(name.kind, name.places, core, name.type)
    return stated, name


def _front(core: str) -> tuple[str, str] | None:
    """浦东新区|陆家嘴, 拱墅|小河: the longest place a core begins with, and what is left."""
    for end in range(min(_LONGEST_PLACE, len(core) - 2), 1, -1):
        if len(codes(core[:end])) == 1:
            return core[:end], core[end:]
    return None


def _inside(found: Iterable[str], places: Sequence[str]) -> list[str]:
    """The codes that lie in all of these places, as far as the gazetteer knows them."""
    outer = [codes(place) for place in places]
    return [code for code in found if all(any(code.startswith(one) for one in known) for known in outer)]


def _street(name: names.Name, stated: tuple[str, ...], text: str) -> str | None:
    """The county of a street or town: where its names say it is, else where the only one of that name is."""
    listed = _counties_with(name.core + name.type)
    if not stated:
        found = _one_of(listed, text)
        return None if found is None or _contradicts(text, chain(found)) else found
    there = _inside(listed, stated)
    if there:
        return _one_of(there, text)
    # renamed since the gazetteer was made, or not in it: its place may still be known
    return _one_of(_inside(codes(stated[-1]), stated[:-1]), text)


def _one_of(found: Sequence[str], text: str) -> str | None:
    """The one that is meant; of several the only one whose county, city or province the text names."""
    if len(found) < 2:
        return found[0] if found else None
    said = {code[:end] for code in found for end in (6, 4, 2) if len(code) >= end and _named(text, code[:end])}
    for end in (6, 4, 2):
        named = [code for code in found if code[:end] in said and len(code) >= end]
        told = {code: sum(code[:n] in said for n in (6, 4, 2)) for code in named}
        best = [code for code in named if told[code] == max(told.values())]
        if named:
            # 从余姚市、牡丹江市学习: a city or county that is not around it speaks against it
            others = [place for place in said if len(place) > 2 and not best[0].startswith(place)]
            return best[0] if len(best) == 1 and not others else None
    return None


def _named(text: str, code: str) -> bool:
    place = _divisions()[0].get(code)
    if not place or place not in text:
        return False
    outer = chain(code[:4])[-1:] if len(code) == 6 else ()
    return not _COMMON.match(place) or any(one in text for one in outer)


# 北仑区人民政府 · 余姚市委: the places whose authorities a text speaks of
_AUTHORITY = re.compile(r"([\u4e00-\u9fff]{2,4}[市县区旗])(?=委(?!员)|政府|人民政府|政务服务)")


def _contradicts(text: str, places: Sequence[str]) -> bool:
    """Does the text speak of the authorities of other places only?"""
    spoken = {
        place for match in _AUTHORITY.finditer(text) for place in (match[1][-n:] for n in (3, 4, 5)) if codes(place)
    }
    return bool(spoken) and not spoken & set(places)


def _unlisted(name: names.Name, stated: tuple[str, ...]) -> Body:
    """A place the gazetteer does not know, or several of one name: what the name itself says, no more."""
    told: dict[str, str] = {}
    local = name.kind in ("street", "town")
    for place in stated:
        inner = local and place == stated[-1]
        if place.endswith(("省", "自治区")):
            told["province"] = place
        elif place.endswith(("区", "县", "旗")) or (place.endswith("市") and (inner or "city" in told)):
            told["county"] = place
        elif place.endswith(("市", "州", "盟")):
            told["city"] = place
    level: Level | None = "township" if local else None
    if not local and name.kind != "zone" and told and not stated[-1].endswith("市"):
        level = next(one for one in ("county", "city", "province") if one in told)
    known = _inside(codes(stated[-1]), stated[:-1]) if stated else []
    shared = list(zip(*(chain(code) for code in known), strict=False)) if known else []
    for column, same in zip(("province", "city"), shared, strict=False):
        if len(set(same)) == 1 and same[0] != stated[-1]:
            told.setdefault(column, same[0])
    return Body(name.kind, level, told.get("province"), told.get("city"), told.get("county"))


def contradict(one: Sequence[str | None], other: Sequence[str | None]) -> bool:
    """Whether two bodies with these (province, city, county), None where not known, must be different ones."""
    return any(a and b and a != b for a, b in zip(one, other, strict=True))


# --------------------------------------------------------------------------- a question


def place_in(text: str, start: int, end: int, low: int = 0, high: int | None = None) -> tuple[int, int] | None:
    """The real street, town, county, city or province that a stretch of a question [start, end) is part of.

    A full name (新桥街道, 宁海县) may reach beyond the stretch, from ``low`` to ``high``; a short one (新碶, 牡丹江)
    has to be the stretch.
    """
    reach = min(len(text) if high is None else high, end + _LONGEST_PLACE)
    for first in range(max(low, start - 3), start + 1):
        for last in range(reach, end - 1, -1):
            if last - first >= 2 and is_place(text[first:last]):
                return first, last
    return (start, end) if is_short_place(text[start:end]) else None


# 新桥街道办事处 · 石桥镇政府: what may follow the name as the gazetteer has it
_TAIL = re.compile(r"(?<=街道)(?:办事处|办)$|(?<=[镇乡木])(?:人民)?政府$|(?<=[省市区县州旗盟])(?:人民)?政府$")


def is_place(text: str) -> bool:
    """Is this the full name of a division, street or town, or of its government?"""
    plain = _TAIL.sub("", text)
    if plain in _streets():
        return True
    return any(_divisions()[0][code] == plain or "自治" in _divisions()[0][code] for code in codes(plain))


def is_short_place(text: str) -> bool:
    """Is this how a division, street or town is called for short?"""
    if len(text) < 2:
        return False
    return bool(codes(text)) or any(text + kind in _streets() for kind in _TYPES)


def nested(chains: Iterable[tuple[str, ...]]) -> bool:
    """Do these places lie one within the other (浙江省 · 宁波市 · 北仑区)?"""
    ordered = sorted(chains, key=len)
    return all(inner[: len(outer)] == outer for outer, inner in pairwise(ordered))
