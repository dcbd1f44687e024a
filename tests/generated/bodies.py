"""Invented bodies: two cities with their districts, streets, towns, bureaus and governments; some share a short name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["街道", "镇", "乡", "局", "政府"]


@dataclass(frozen=True, slots=True)
class Body:
    """``org`` as its reports print it, ``signature`` as they sign, ``calls`` every other name people use, ``places``
    city and district. ``misheard``: the name typed with a character that sounds the same, or None."""

    key: int
    org: str
    signature: str
    kind: Kind
    places: tuple[str, str]
    calls: tuple[str, ...]
    misheard: str | None = None


# district → streets, towns, townships (name, misheard)
_PLACES: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("云川市", "清渠区"): {"街道": ("望江", "古槐", "梅岭", "新城"), "镇": ("柳塘", "白沙"), "乡": ()},
    ("云川市", "东岭区"): {"街道": ("松涛", "晨光", "石门"), "镇": ("龙潭", "桃溪"), "乡": ("茶坪",)},
    ("云川市", "石桥县"): {"街道": ("云台",), "镇": ("城关", "沙河", "双桥"), "乡": ("竹园", "马鞍")},
    ("霖州市", "南浦区"): {"街道": ("新城", "海棠", "望岳"), "镇": ("盐墩", "渔港"), "乡": ()},
    ("霖州市", "北屿区"): {"街道": ("灯塔", "鹤鸣"), "镇": ("蓝湾", "金滩"), "乡": ("礁石",)},
    ("霖州市", "兰陂县"): {"街道": ("凤栖",), "镇": ("城关", "荷塘", "黄泥"), "乡": ("高峰", "云雾")},
}
_MISHEARD = {
    "望江": "忘江",
    "松涛": "松滔",
    "柳塘": "柳糖",
    "海棠": "海堂",
    "灯塔": "登塔",
    "荷塘": "河塘",
}
_BUREAUS = {
    ("云川市", "清渠区"): ("民政局", "水利局"),
    ("云川市", "东岭区"): ("教育局", "民政局"),
    ("云川市", "石桥县"): ("交通运输局",),
    ("霖州市", "南浦区"): ("民政局", "审计局"),
    ("霖州市", "北屿区"): ("教育局",),
    ("霖州市", "兰陂县"): ("水利局", "林业局"),
}


def _stem(place: str) -> str:
    return place[:-1]


def _street(places: tuple[str, str], core: str) -> tuple[str, str, tuple[str, ...]]:
    city, district = places
    org = f"{core}街道办事处"
    short = (f"{district}{core}街道", f"{_stem(district)}{core}街道", f"{core}街道办", f"{core}街道")
    return org, f"{city}{district}人民政府{org}", (f"{_stem(district)}{core}", *short, core)


def _town(places: tuple[str, str], core: str, kind: str) -> tuple[str, str, tuple[str, ...]]:
    city, district = places
    org = f"{core}{kind}人民政府"
    short = (f"{district}{core}{kind}", f"{_stem(district)}{core}{kind}", f"{core}{kind}政府", f"{core}{kind}")
    return org, f"{city}{district}{org}", short


def _bureau(places: tuple[str, str], name: str) -> tuple[str, str, tuple[str, ...]]:
    city, district = places
    return f"{district}{name}", f"{city}{district}{name}", (f"{_stem(district)}{name}", name)


def _government(places: tuple[str, str]) -> tuple[str, str, tuple[str, ...]]:
    city, district = places
    return f"{district}人民政府", f"{city}{district}人民政府", (f"{district}政府", f"{_stem(district)}政府", district)


def bodies() -> list[Body]:
    """All of them, always in the same order."""
    out: list[Body] = []

    def add(kind: Kind, places: tuple[str, str], core: str, parts: tuple[str, str, tuple[str, ...]]) -> None:
        org, signature, calls = parts
        wrong = _MISHEARD.get(core)
        heard = None if wrong is None else calls[-1].replace(core, wrong) + ("街道" if kind == "街道" else "")
        out.append(Body(len(out), org, signature, kind, places, calls, heard))

    for places, kinds in _PLACES.items():
        for core in kinds["街道"]:
            add("街道", places, core, _street(places, core))
        for core in kinds["镇"]:
            add("镇", places, core, _town(places, core, "镇"))
        for core in kinds["乡"]:
            add("乡", places, core, _town(places, core, "乡"))
        for name in _BUREAUS[places]:
            add("局", places, name, _bureau(places, name))
        add("政府", places, places[1], _government(places))
    return out


def shared_names(everybody: list[Body]) -> set[str]:
    """Names that more than one body goes by."""
    seen: dict[str, int] = {}
    for body in everybody:
        for name in {body.org, *body.calls}:
            seen[name] = seen.get(name, 0) + 1
    return {name for name, times in seen.items() if times > 1}
