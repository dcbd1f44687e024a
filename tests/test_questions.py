"""Single questions in tables, asked of the five samples: tests/questions/<subject>.toml; the question names the test.

``gets`` the status, or those that will do · when it is answered: ``values`` each shown or computed · ``verdict`` ·
``says`` words of the answer · ``quotes`` words of a quote · ``never`` values no figure may have, whatever the status ·
``before``, ``times`` what the question is preceded by, so often · ``today`` · ``gap`` why it is not so yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from db import ingest
from db.store import Store
from parsers.report import parse_all

FOLDER = Path(__file__).parent / "questions"
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
KEYS = {"asks", "gets", "values", "verdict", "says", "quotes", "never", "before", "times", "today", "gap"}
NEAR = Decimal("0.006")


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["question"]:
            assert set(case) <= KEYS, set(case) - KEYS
            marks = [pytest.mark.xfail(reason=case["gap"], strict=True)] if "gap" in case else []
            name = case["asks"] if case["asks"].isprintable() else repr(case["asks"])
            yield pytest.param(case, id=f"{path.stem}: {name[:60]}", marks=marks)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('questions') / 'samples.db'}") as store:
        for path in sorted(SAMPLES.iterdir()):
            for result in ingest.ingest(store, path.read_bytes(), path.name, parse_all):
                assert result.status == "added", result.reason
        yield Assistant(store)


def shown(answer: dict[str, Any]) -> list[Decimal]:
    return [Decimal(str(f["value"])) for f in answer["figures"] if f["value"] is not None]


def has(values: list[Decimal], wanted: float) -> bool:
    return any(abs(abs(v) - abs(Decimal(str(wanted)))) <= NEAR for v in values)


@pytest.mark.parametrize("case", list(cases()))
def test_question(case: dict[str, Any], assistant: Assistant) -> None:
    question = case.get("before", "") * case.get("times", 1) + case["asks"]
    judge(case, assistant.reply(question, today=date.fromisoformat(case.get("today", "2025-06-01"))))


def judge(case: dict[str, Any], answer: dict[str, Any]) -> None:
    """Is this what the case says that has to come?"""
    values = shown(answer)
    for value in case.get("never", []):
        assert value not in values, answer["text"]
    assert answer["status"] in ([case["gets"]] if isinstance(case["gets"], str) else case["gets"]), answer["text"]
    says = case.get("says", [])
    assert answer["text"].strip()
    assert all(part in answer["text"] for part in ([says] if isinstance(says, str) else says)), answer["text"]
    if answer["status"] != "answered":
        return
    assert all(has(values, value) for value in case.get("values", [])), answer["text"]
    assert answer.get("verdict") == case.get("verdict", answer.get("verdict")), answer["text"]
    assert all(any(part in q["text"] for q in answer["quotes"]) for part in case.get("quotes", [])), answer["text"]
