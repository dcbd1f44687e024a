"""The catalogue: every metric of the official forms, its printed labels, its names among people, what sums to what.

Reads ``knowledge/data/`` once, freezes it, and is the only module of this package that opens a file.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DATA = Path(__file__).parent / "data"

APPLICATIONS = "收到和处理政府信息公开申请情况"
ACTIVE = "主动公开政府信息情况"
REVIEW = "政府信息公开行政复议、行政诉讼情况"

# 「三、」「（四）」「5.」「①」in front of a label
_NUMBER = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．,，]|\d{1,2}[、.．,，](?!\d)|[①-⑳])+"
)
_PUNCTUATION = re.compile(r"[\W_]+")


def plain_label(label: str) -> str:
    """A label reduced to what identifies it: NFKC, no blanks, no leading number, no punctuation.

    「（三）不予公开」→「不予公开」, 「3．危及“三安全 一稳定”」→「危及三安全一稳定」.
    """
    text = re.sub(r"\s+", "", label)
    text = unicodedata.normalize("NFKC", _NUMBER.sub("", text))
    return _PUNCTUATION.sub("", _NUMBER.sub("", text))


@dataclass(frozen=True, slots=True)
class Entry:
    """Anything the forms name: a row, an applicant, a review block, an outcome, an item, a measure, a local row.

    ``label`` is the official printing without number, ``also`` other printings; ``plain`` all of them through
    ``plain_label``. ``under`` is the key of the row it stands under, ``sums`` the keys that add up to it.
    ``editions`` empty means every edition. ``words`` is how people say it; ``loose`` words only mean it beside
    another word of the same table.
    """

    key: str
    name: str
    label: str
    also: tuple[str, ...] = ()
    number: str = ""
    under: str | None = None
    unit: str | None = None
    group: bool = False
    sums: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    clause: str = ""
    measures: tuple[str, ...] = ()
    default: str | None = None
    signed: bool = False
    money: str | None = None
    path: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
    plain: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that can be asked of a report. ``table`` None: a row of whatever local table prints it.

    ``path``/``column`` are the official printing (for display; a report's own printing is in its facts).
    ``dimension`` is "applicant" where the figure exists per applicant.
    """

    key: str
    name: str
    table: str | None
    unit: str | None
    path: tuple[str, ...]
    column: tuple[str, ...]
    sums: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries by key, frozen. ``metrics`` is derived: the rows, block.outcome and item.measure pairs."""

    rows: Mapping[str, Entry]
    applicants: Mapping[str, Entry]
    blocks: Mapping[str, Entry]
    outcomes: Mapping[str, Entry]
    items: Mapping[str, Entry]
    measures: Mapping[str, Entry]
    local: Mapping[str, Entry]
    sections: Mapping[str, Entry]
    metrics: Mapping[str, Metric]


def _entry(raw: dict[str, Any], **defaults: Any) -> Entry:
    values = {**defaults, **raw}
    label = values.get("label", values.get("name", ""))
    path: tuple[str, ...] = ()
    if isinstance(label, list):
        path, label = tuple(label), label[-1]
    printings = [label, *values.get("also", []), *values.get("headings", [])]
    return Entry(
        key=values["key"],
        name=values["name"],
        label=label,
        also=tuple(values.get("also", [])),
        number=values.get("number", ""),
        under=values.get("under"),
        unit=values.get("unit"),
        group=values.get("group", False),
        sums=tuple(values.get("sums", [])),
        editions=tuple(values.get("editions", [])),
        words=tuple(values.get("words", [])),
        loose=tuple(values.get("loose", [])),
        clause=values.get("clause", ""),
        measures=tuple(values.get("measures", [])),
        default=values.get("default"),
        signed=values.get("signed", False),
        money=values.get("money"),
        path=path,
        headings=tuple(values.get("headings", [])),
        examples=tuple(MappingProxyType(e) for e in values.get("example", [])),
        plain=frozenset(plain_label(p) for p in printings),
    )


def _entries(data: dict[str, Any], section: str, **defaults: Any) -> Mapping[str, Entry]:
    return MappingProxyType({raw["key"]: _entry(raw, **defaults) for raw in data.get(section, [])})


def _load(name: str) -> dict[str, Any]:
    with open(DATA / "metrics" / f"{name}.toml", "rb") as handle:
        return tomllib.load(handle)


def _row_path(rows: Mapping[str, Entry], entry: Entry) -> tuple[str, ...]:
    here = (f"{entry.number}{entry.label}",)
    return (_row_path(rows, rows[entry.under]) if entry.under else ()) + here


def _metrics(
    rows: Mapping[str, Entry],
    blocks: Mapping[str, Entry],
    outcomes: Mapping[str, Entry],
    items: Mapping[str, Entry],
    measures: Mapping[str, Entry],
    local: Mapping[str, Entry],
) -> dict[str, Metric]:
    out: dict[str, Metric] = {}
    for e in rows.values():
        if e.key != "application.outcome":
            out[e.key] = Metric(
                e.key,
                e.name,
                APPLICATIONS,
                e.unit,
                _row_path(rows, e),
                (),
                e.sums if e.group or e.key == "application.other" else (),
                e.editions,
                "applicant",
            )
    for b in blocks.values():
        for o in outcomes.values():
            key = f"{b.key}.{o.key}"
            name = f"{b.name}{o.name}"
            out[key] = Metric(key, name, REVIEW, "件", (), (*b.path, o.label), tuple(f"{s}.{o.key}" for s in b.sums))
    for i in items.values():
        for m in i.measures:
            measure = measures[m]
            key = f"{i.key}.{m}"
            name = i.name + (measure.name[2:] if i.name.endswith(measure.name[:2]) else measure.name)
            out[key] = Metric(
                key, name, ACTIVE, measure.unit, (i.clause, i.label), (measure.label,), (), measure.editions
            )
    for e in local.values():
        out[e.key] = Metric(e.key, e.name, None, e.unit, (e.label,), (), e.sums)
    return out


@cache
def catalogue() -> Catalogue:
    """The one catalogue, read at first use."""
    applications, review, active = _load("applications"), _load("review"), _load("active")
    rows = _entries(applications, "metric", unit=applications["unit"])
    blocks, outcomes = _entries(review, "block", unit=review["unit"]), _entries(review, "outcome")
    items, measures = _entries(active, "item"), _entries(active, "measure")
    local = _entries(_load("local"), "metric")
    return Catalogue(
        rows=rows,
        applicants=_entries(_load("applicants"), "applicant"),
        blocks=blocks,
        outcomes=outcomes,
        items=items,
        measures=measures,
        local=local,
        sections=_entries(_load("sections"), "section"),
        metrics=MappingProxyType(_metrics(rows, blocks, outcomes, items, measures, local)),
    )


@cache
def relations() -> Mapping[str, Any]:
    """What ties rows, years and channels together (``data/relations.toml``), for the checks."""
    with open(DATA / "relations.toml", "rb") as handle:
        return MappingProxyType(tomllib.load(handle))


@cache
def abbreviations() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """How names of bodies are shortened (``data/abbreviations.toml``): "rule" and "zone", each (long, shorts)."""
    with open(DATA / "abbreviations.toml", "rb") as handle:
        data = tomllib.load(handle)
    return MappingProxyType(
        {kind: tuple((rule["long"], tuple(rule["short"])) for rule in data[kind]) for kind in ("rule", "zone")}
    )
