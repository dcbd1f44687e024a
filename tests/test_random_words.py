"""Words thrown together: whatever is typed there is an answer, and every figure in it is proven."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from bot.assistant import Assistant
from db import ingest
from db.store import Store
from knowledge.lexicon import lexicon
from parsers.report import parse_all
from tests.test_questions import SAMPLES

BODIES = ("柴桥", "小河街道", "大榭", "北仑政务办", "阳明街道", "北仑区", "新碶街道", "")
YEARS = ("2020年", "2019年", "2021", "近三年", "去年", "2019到2024年", "")
BOUNDS = ("5件", "30%", "100", "三家", "前三名", "10万元", "第2", "")
ENDS = ("", "多少", "吗", "呢", "，小河呢", "，北仑政务办呢")


def questions(seed: int, many: int) -> list[str]:
    chosen = random.Random(seed)
    words = sorted(lexicon())
    out = []
    for _ in range(many):
        parts = [chosen.choice(BODIES), chosen.choice(YEARS), *(chosen.choice(words) for _ in range(chosen.randint(1, 4)))]
        parts += [chosen.choice(BOUNDS), chosen.choice(ENDS)]
        if chosen.random() < 0.3:
            chosen.shuffle(parts)
        out.append("".join(parts))
    return out


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('words') / 'samples.db'}") as store:
        for path in sorted(SAMPLES.iterdir()):
            ingest.ingest(store, path.read_bytes(), path.name, parse_all)
        yield Assistant(store)


@pytest.mark.parametrize("seed", range(4))
def test_words_thrown_together_are_answered_soundly(seed: int, assistant: Assistant) -> None:
    for number, question in enumerate(questions(seed, 500)):
        chat = "one for all" if number % 2 else f"{seed}/{number}"
        answer = assistant.reply(question, chat=chat, today=date(2025, 6, 1))
        assert answer["text"].strip(), question
        assert answer["status"] in ("answered", "blank") or not answer["figures"], question
        for figure in answer["figures"]:
            proven = any("".join(figure["raw"].split()) in "".join(q["text"].split()) for q in answer["quotes"])
            assert figure["derived"] or proven, question
