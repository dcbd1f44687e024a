"""Names of public bodies: what they are made of, what people call them for short, whether two mean the same body.

A name is places (宁波市 · 北仑区), then what the body is: a street or town, a government, its office, a zone, a
department, or a branch of one (…局北仑分局). No list of bodies: names are taken apart by how they are built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from knowledge.catalogue import abbreviations
from knowledge.text import squeeze

Kind = Literal["street", "town", "government", "office", "zone", "department", "branch"]

# 余姚市 · 北仑区 · 蠡县 · 恩施土家族苗族自治州; not 开发区, 园区, 社区
_PLACE = re.compile(
    r"市[中南北]区|[^省市区县旗盟]{2,14}?(?:自治区|自治州|自治县|自治旗)"
    r"|[^省市区县旗盟政]{2,4}?(?:省|市(?!场)|(?<![发园景假税范作业港林库社校聚验小新高开贸片])区|县|旗|盟|地区)"
    r"|[^省市区县旗盟政]县(?!级)"
)
# 江城市临溪新区白石镇: a zone stands for the place of its streets and towns
_ZONE_PLACE = re.compile(r"[^市县旗盟]{2,8}?(?:新区|高新区|经开区|开发区|示范区|管理区|度假区|园区)(?=.{2,})")
_GOVERNMENT = re.compile(r"人民政府|政府")
_OFFICE = re.compile(r"^(?:人民政府|政府)(?:办公厅|办公室|办|办事处)$")
# 柴桥街道办事处 · 大榭街道 · 中山街办事处
_STREET = re.compile(r"^(?P<core>.{1,8}?)(?:街道(?:办事处|办|党工委|人民政府)?|街(?:办事处|办)?)$")
# 大坝乡人民政府 · 雁门镇 · 某某民族乡政府
_TOWN = re.compile(
    r"^(?P<core>.{1,10}?)(?P<type>民族乡|镇|乡|苏木)(?:人民政府|政府|党政办公室|党政办|党政综合办公室)?$"
)
_ZONE_TAIL = r"(?P<tail>管理委员会|管委会|管理局|管理办公室|人民政府|政府)?"
# 宁波市生态环境局北仑分局 · 市公安局海曙分局
_BRANCH = re.compile(r"^(?P<department>.{2,16}?(?:局|厅))(?P<place>[^局厅]{2,6})分局$")
# 县教育局 · 市财政局; not 市场监督管理局
_LEVEL = re.compile(r"[省市区县州](?![场政民容域级中])[\u4e00-\u9fff]{2,}(?:局|委|办|办公室|委员会|厅|中心)$")
# 综合行政执法局（城市管理局）: a second name in brackets
_NOTE = re.compile(r"(?<=.)[（(][^（）()]*[）)]$")
_PREFIX = re.compile(r"^(?:中华人民共和国|国家税务总局|中共)")
_LEVELS = "省市区县州旗盟"

# what an official name may end with; the test of "this line could be a body's name"
_ENDING = re.compile(
    r"(?:人民政府|政府|办公室|办公厅|办事处|街道办?|街|管理委员会|管委会|委员会|党工委|总局|分局|局|厅|委|院"
    r"|中心|公司|集团|大学|学院|学校|医院"
    r"|署|镇|乡|苏木|处|站|支队|大队|总队|联合会|联合社|协会|总工会|残联|馆|社|所|区|县|市|省|州|旗|政务办"
    r"|政府办|办)$"
)
_NOT_A_NAME = re.compile(
    r"^(?:我|本|各|该|全|其|此|上级|有关|相关|依法|关于|对|在|将|请|并|为|及|和|或|向|由|是|的|无|有|一|二|三)"
    r"|[。，；：！？、“”‘’\"'《》<>…|/\\=+*#%@]|信息公开|年度|报告|条例|情况|进行|联系|公开"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. ``places`` from the outermost in, with 市, 区, 县; ``core`` what remains (柴桥, 水利局, 澜湖);
    ``type`` the word behind the core (街道, 镇, 高新技术产业开发区), "" for governments and departments."""

    kind: Kind
    places: tuple[str, ...]
    core: str
    type: str = ""


def looks_like_a_body(text: str) -> bool:
    """Whether a line holds nothing but what could be the name of a public body."""
    text = _NOTE.sub("", squeeze(text))
    return (
        2 < len(text) <= 34
        and bool(_ENDING.search(text))
        and not _NOT_A_NAME.search(text)
        and not re.search(r"\d{2}", text)
    )


# 恩施土家族苗族自治州 → 恩施; peoples that such names print without 族 come last
_PEOPLES = re.compile(
    r"(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡"
    r"|纳西|景颇|柯尔克孜|土|达斡尔"
    r"|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各)族|蒙古|维吾尔|哈萨克"
    r"|柯尔克孜|塔吉克|锡伯)*自治[区州县旗]$"
)


def place_stem(place: str) -> str:
    """余姚市 → 余姚; a stem of one character keeps its ending (蠡县), or only its 自治区 goes (内蒙古)."""
    for ending in (_PEOPLES, r"自治[区州县旗]$", r"(?:新区|高新区|经开区|开发区|示范区|管理区|度假区|园区)$", r"(?:地区|省|市|区|县|旗|盟)$"):
        stem = re.sub(ending, "", place)
        if stem != place:
            if len(stem) > 1:
                return stem
            if ending is not _PEOPLES:
                break
    return place


@cache
def _zones() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"^(?P<core>.{{0,8}}?){word}{_ZONE_TAIL}$"), long)
        for long, shorts in abbreviations()["zone"]
        for word in (long, *shorts)
    )


def _zone(rest: str) -> tuple[str, str] | None:
    """(core, zone word) of 高新技术产业开发区管理委员会; None when it is no zone."""
    for pattern, long in _zones():
        match = pattern.match(rest)
        if match:
            return re.sub("国家级?$", "", match["core"]), long
    return None


@lru_cache(maxsize=4096)  # storing one report asks for the same dozen names again and again
def split(name: str) -> Name:
    """The parts of a body's name; a name of unknown build is a department."""
    rest = _NOTE.sub("", _PREFIX.sub("", squeeze(name)))
    places: list[str] = []
    while True:
        match = _PLACE.match(rest)
        if match is None or (match.end() == len(rest) and places and _STREET.match(rest)):
            break
        places.append(match[0])
        rest = rest[match.end() :]
        government = _GOVERNMENT.match(rest)
        # 余姚市人民政府阳明街道办事处: the government stands for its place
        if government and len(rest) > government.end() and not _OFFICE.match(rest):
            rest = rest[government.end() :]
    inner = _ZONE_PLACE.match(rest)
    if inner and (_STREET.match(rest[inner.end() :]) or _TOWN.match(rest[inner.end() :])):
        places.append(inner[0])
        rest = rest[inner.end() :]
    if places and (not rest or _GOVERNMENT.fullmatch(rest)):
        return Name("government", tuple(places), "")
    if places and _OFFICE.match(rest):
        return Name("office", tuple(places), "政府办公厅" if rest.endswith("厅") else "政府办公室")
    zone = _zone(rest)
    if zone:
        return Name("zone", tuple(places), zone[0], zone[1])
    street = _STREET.match(rest)
    if street:
        return Name("street", tuple(places), street["core"], "街道")
    town = _TOWN.match(rest)
    if town:
        return Name("town", tuple(places), town["core"], town["type"])
    branch = _BRANCH.match(rest)
    if branch:
        return Name("branch", tuple(places), branch["department"], branch["place"])
    if not places and _LEVEL.match(rest):
        rest = rest[1:]  # 县教育局
    return Name("department", tuple(places), rest)


# 第三人民医院 → 三院
_HOSPITAL = re.compile("第([一二三四五六七八九十]{1,2})人民医院")


def _department_forms(core: str) -> list[str]:
    """市场监督管理局 → itself, 市场监管局, 市监局."""
    out = [core]
    for long, shorts in abbreviations()["rule"]:
        if core.endswith(long):
            out += [core[: -len(long)] + short for short in shorts]
            break
    else:
        if core.endswith("办公室") and len(core) > 4:
            out.append(core[:-2])
        elif core.endswith("委员会") and len(core) > 4:
            out.append(core[:-2])
        elif numbered := _HOSPITAL.fullmatch(core):
            out.append(numbered[1] + "院")
    return out


def _zone_forms(zone: str) -> list[str]:
    return next(
        ([long, *(s for s in shorts if s != long)] for long, shorts in abbreviations()["zone"] if long == zone), [zone]
    )


# what any zone may be called
_ANY_ZONE = frozenset({"园区", "新区", "开发区", "示范区", "工业园", "产业园", "新城", "科技城", "片区", "景区", "集聚区", "工业园区", "产业园区"})


def _own_forms(name: Name) -> list[str]:
    """What a body is called without any place in front, longest first."""
    if name.kind == "street":
        return [name.core + tail for tail in ("街道办事处", "街道办", "街道", "街办", "")]
    if name.kind == "town":
        return [name.core + name.type + tail for tail in ("人民政府", "政府", "")] + [name.core]
    if name.kind == "zone":
        tails = ("管理委员会", "管委会", "")
        forms = _zone_forms(name.type)
        # 墨川高新; and bare 高新区, which is asked back where there are several
        spoken = [name.core + form[:-1] for form in forms if name.core and form in ("高新区", "经开区")]
        bare = [zone + tail for tail in tails for zone in forms if name.core and zone not in _ANY_ZONE]
        return [name.core + zone + tail for tail in tails for zone in forms] + spoken + bare
    if name.kind == "office":
        return ["人民" + name.core, name.core, "政府办"]
    if name.kind == "branch":
        out = [form + name.type + "分局" for form in _department_forms(name.core)]
        out += [name.type + form.removesuffix("局") + "分局" for form in _department_forms(name.core)]
        out += [name.type + "公安"] if name.core.endswith("公安局") else []
        return out + [name.type + form for form in _department_forms(name.core)] + [name.type + "分局"]
    return _department_forms(name.core)


def _forms(name: Name, places: tuple[str, ...]) -> list[str]:
    """Everything people may call this body, given the places it is known to be in (innermost last)."""
    if name.kind == "government":
        place = name.places[-1]
        stem = place_stem(place)
        out = [place + "人民政府", place + "政府", place, stem + "政府", stem]
        return ([name.places[-2] + place + "人民政府"] if len(name.places) > 1 else []) + out
    own = _own_forms(name)
    out = []
    for place in places[-1:]:
        stem = place_stem(place)
        if len(places) > 1:
            out.append("".join(places[-2:]) + own[0])
            out.extend(place_stem(places[-2]) + stem + form for form in own)  # 朔安临泊教育局
        if name.kind in ("street", "town"):
            out += [place + form for form in own[:-1]] + [stem + form for form in own]
        else:
            out += [place + form for form in own] + [stem + form for form in own]
            level = place[-1]
            if level in _LEVELS and name.kind in ("department", "office", "branch"):
                out += [level + form for form in own]
    if name.kind == "office":
        return out
    return out + own


def _too_short(form: str, name: Name) -> bool:
    """A name of one character, or a bare 开发区管委会, says nothing."""
    return len(form) < 2 or (name.kind == "zone" and not name.core and form in _ANY_ZONE)


def short_names(org: str, others: Iterable[str], places: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names people use for a body: ``org`` as its report gives it, ``others`` names of the same body (signature, first
    sentence, file name), ``places`` it is known to be in when no name says so. Without ``org``, shortest last."""
    names = [split(name) for name in (org, *others)]
    known = max((name.places for name in names), key=len, default=()) or places
    out: set[str] = {squeeze(name) for name in others}
    for name in names:
        out.update(form for form in _forms(name, known or name.places) if not _too_short(form, name))
    out.discard(squeeze(org))
    return tuple(sorted(out, key=lambda form: (-len(form), form)))


def same_body(one: str, other: str) -> bool:
    """Whether two names can mean the same body: built alike, same core (short or long), no place that contradicts."""
    a, b = split(one), split(other)
    if {a.kind, b.kind} <= {"government", "office"}:
        return a.places[-1] == b.places[-1]
    if a.kind != b.kind:
        return False
    if a.kind == "zone":
        cores = {place_stem(p) for p in a.places} | {a.core}, {place_stem(p) for p in b.places} | {b.core}
        return a.type == b.type and bool(cores[0] & cores[1])
    if not set(_own_forms(a)) & set(_own_forms(b)):
        return False
    levels = {p[-1]: p for p in a.places}
    return all(levels.get(p[-1], p) == p for p in b.places)
