"""Reports of invented bodies, as many as wanted, straight into a store: for measuring questions over a large one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from knowledge.model import Report
from tests.made_report import made

# characters of invented names; 12 × 12 × 12 of them are enough for 1,728 places of three
_FIRST = "云青白石柳杏松桐江霁雁禾"
_SECOND = "岭溪鹭桥湾花塬屿岳水门丰"
_KINDS = ("街道办事处", "镇人民政府", "乡人民政府", "教育局", "水利局", "民政局")
_YEARS = (2019, 2020, 2021, 2022, 2023)


def reports(count: int, seed: int = 7) -> Iterator[Report]:
    """``count`` reports in which everything adds up; the same for the same seed."""
    chance = random.Random(seed)
    places = [a + b for a in _FIRST for b in _SECOND]
    written = 0
    for county in places:
        for town in places:
            for kind in chance.sample(_KINDS, 2):
                for year in _YEARS:
                    if written >= count:
                        return
                    yield _report(county, town, kind, year, chance)
                    written += 1


def _report(county: str, town: str, kind: str, year: int, chance: random.Random) -> Report:
    bureau = kind.endswith("局")
    org = f"{county}{town}县{kind}" if bureau else f"{county}县{town}{kind}"
    short = f"{town}县{kind}" if bureau else f"{town}{kind.removesuffix('办事处').removesuffix('人民政府')}"
    received, carried = chance.randrange(0, 40), chance.randrange(0, 4)
    persons = chance.randrange(0, received + 1)
    cells = _row("received", persons, received) | _row(
        "granted", persons, received - carried if received >= carried else 0
    )
    cells = {key: str(value) for key, value in cells.items()}
    cells |= {"penalty.decisions": str(chance.randrange(0, 900)), "review.total": "0"}
    made_report = made(cells, org=org, year=year)
    return replace(made_report, short_names=(short,))


def _row(row: str, persons: int, total: int) -> dict[str, int]:
    persons = min(persons, total)
    metric = f"application.{row}"
    return {f"{metric}/individual": persons, f"{metric}/business": total - persons, f"{metric}/total": total}


def fill(url: str, count: int) -> list[Report]:
    """Stores ``count`` reports; returns some of them to ask about."""
    from db.ingest import keep
    from db.store import Store

    asked = []
    with Store.open(url) as store:
        for number, report in enumerate(reports(count)):
            keep(store, report, f"generated-{number}.txt", f"{number:064x}")
            if number % max(1, count // 40) == 0:
                asked.append(report)
    return asked


def size(url: str) -> float:
    """Megabytes of an SQLite file."""
    return Path(url.removeprefix("sqlite:///")).stat().st_size / 1e6
