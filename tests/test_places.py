"""Where bodies are, and what a place in a question does: 北仑柴桥 is found, 牡丹江阳明 is not taken for 余姚's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from db.ingest import keep
from db.store import Store
from knowledge import names, places
from knowledge.model import Report
from tests.made_report import made

HERE = Path(__file__).parent / "places"
BODIES = tomllib.loads((HERE / "bodies.toml").read_text(encoding="utf-8"))["body"]
QUESTIONS = tomllib.loads((HERE / "questions.toml").read_text(encoding="utf-8"))
KINDS = {"street": "街道", "town": "镇", "government": "政府", "department": "部门", "branch": "分局", "zone": "园区"}


@pytest.mark.parametrize("case", BODIES, ids=[f"{case['org']} {case.get('text', '')}" for case in BODIES])
def test_a_body_is_in(case: dict[str, Any]) -> None:
    found = places.resolve(case["org"], case.get("others", ()), case.get("text", ""))
    told = [KINDS[found.kind], found.level, found.province, found.city, found.county]
    assert [word or "" for word in told] == case["is"]


@pytest.fixture(scope="module", params=["all names in memory", "names looked up in the store"])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    monkeypatch = pytest.MonkeyPatch()
    if request.param != "all names in memory":
        monkeypatch.setattr("db.names.MOST_IN_MEMORY", 0)
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('places')}/store.db") as store:
        for number, case in enumerate(QUESTIONS["report"]):
            result = keep(store, report(case), f"{number}.txt", f"{number:064x}")
            assert result.status == "added"
        yield Assistant(store, today=date(2025, 6, 1))
    monkeypatch.undo()


def report(case: dict[str, Any]) -> Report:
    received = str(case["received"])
    cells = {"application.received/individual": received, "application.received/total": received}
    words = {"overview": f"全年做好公开工作。{case.get('text', '')}。"}
    one = made(cells, org=case["org"], year=case["year"], words=words)
    signature = case.get("signature")
    short = names.short_names(case["org"], [signature] if signature else [])
    return replace(one, signature=signature, short_names=short)


@pytest.mark.parametrize("case", QUESTIONS["ask"], ids=[case["asks"] for case in QUESTIONS["ask"]])
def test_asking(case: dict[str, Any], asked: Assistant) -> None:
    answer = asked.reply(case["asks"])
    assert answer["status"] == case.get("status", "answered"), answer["text"]
    shown = [f"={one['value']:g}" if one["derived"] else f"{one['org']}{one['value']:g}" for one in answer["figures"]]
    expected = [re.sub(r"\s", "", figure) for figure in case.get("figures", [])]
    assert sorted(shown) == sorted(expected), answer["text"]
    assert all(word in answer["text"] for word in case.get("says", [])), answer["text"]
    assert len(answer["choices"]) >= case.get("choices", 0), answer["text"]


def test_a_choice_that_is_offered_is_answered(asked: Assistant) -> None:
    for question in ("城关镇2020年收到几件申请", "市场监管局2020年收到几件申请", "沈阳和平街道2020年收到几件申请"):
        for choice in asked.reply(question)["choices"]:
            assert asked.reply(choice)["status"] == "answered", choice


def test_places_are_kept_in_a_conversation(asked: Assistant) -> None:
    def says(question: str) -> list[str]:
        return [f"{one['org']}{one['value']:g}" for one in asked.reply(question, chat="places")["figures"]]

    assert says("北仑区各单位2020年收到几件申请") == ["北仑区政务服务办公室3", "柴桥街道办事处2"]
    assert says("那海曙区呢") == ["宁波市海曙区市场监督管理局11"]
    assert says("那北仑呢") == ["北仑区政务服务办公室3", "柴桥街道办事处2"]


def test_the_gazetteer_is_whole() -> None:
    text = (Path(places.__file__).parent / "data" / "places.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    codes = [line[0] for line in lines]
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"\d{2}|\d{4}|\d{6}", code) for code in codes)
    streets = [street for line in lines for street in line[2:] if street]
    assert len(streets) == 41352
    assert all(re.match(r"\d{3}\D", street) for street in streets)


def test_nobody_pays_for_the_gazetteer_who_does_not_need_it(tmp_path: Path) -> None:
    places._text.cache_clear()
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        keep(store, report(QUESTIONS["report"][0]), "1.txt", "1" * 64)
        places._text.cache_clear()
        answer = Assistant(store).reply("北仑柴桥2020年收到几件申请")
    assert answer["status"] == "answered"
    assert places._text.cache_info().currsize == 0
