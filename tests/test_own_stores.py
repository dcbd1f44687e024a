"""Single questions that need a store of their own: several years of one body, names that bodies share, prose.

tests/own_stores/<subject>.toml: ``[[report]]`` is a made report (``cells`` and ``said`` as in tests/made_report.py) or, with
``text``, a file read from these words; ``[[question]]`` is as in tests/test_questions.py, asked on 2025-06-01; with
``after``, in one conversation after those messages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from db.ingest import ingest, keep
from db.store import Store
from knowledge import names
from parsers.report import parse_all
from tests.made_report import Said, made
from tests.test_questions import judge

FOLDER = Path(__file__).parent / "own_stores"
SUBJECTS = sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def table(subject: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{subject}.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def assistants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Assistant]]:
    stores = {s: Store.open(f"sqlite:///{tmp_path_factory.mktemp('own') / 'store.db'}") for s in SUBJECTS}
    for subject, store in stores.items():
        for number, case in enumerate(table(subject)["report"]):
            put(store, number, case)
    yield {subject: Assistant(store) for subject, store in stores.items()}
    for store in stores.values():
        store.close()


def put(store: Store, number: int, case: dict[str, Any]) -> None:
    if "text" in case:
        for result in ingest(store, case["text"].encode(), f"{number}.txt", parse_all):
            assert result.status == "added", result.reason
        return
    said = [Said(**case["said"])] if "said" in case else []
    report = made(case.get("cells", {}), org=case["org"], year=case["year"], said=said)
    report = replace(report, short_names=names.short_names(case["org"], []))
    assert keep(store, report, f"{number}.txt", f"{number:064x}").status == "added"


def cases() -> Iterator[Any]:
    for subject in SUBJECTS:
        for case in table(subject)["question"]:
            marks = [pytest.mark.xfail(reason=case["gap"], strict=True)] if "gap" in case else []
            yield pytest.param(subject, case, id=f"{subject}: {case['asks'][:60]}", marks=marks)


@pytest.mark.parametrize(("subject", "case"), list(cases()))
def test_question(subject: str, case: dict[str, Any], assistants: dict[str, Assistant]) -> None:
    day = date.fromisoformat(case.get("today", "2025-06-01"))
    chat = " ".join((*case["after"], case["asks"])) if "after" in case else None
    for before in case.get("after", ()):
        assistants[subject].reply(before, chat, today=day)
    judge(case, assistants[subject].reply(case["asks"], chat, today=day))
