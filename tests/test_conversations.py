"""Ten conversations of ten turns, written before they were run: follow-ups replace one part of the last question.

tests/conversations/<number>-<subject>.txt: ``>`` is what a person types, ``<`` what must come: a status (or several,
with /), then fields: 值 a figure shown or computed · 只 the only one read from a report · 说, 不说 words of the answer ·
引 words of a quote · 是, 否 the verdict · 选 so many choices at least. A line that begins with 缺 is a known gap: its turn
must still fall short, or the mark comes off. A value may be reckoned from the tables of the
made reports: [body year metric applicant], with + - * / between. ``pytest -s`` prints the chats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from generated.reports import Made, make

from bot.assistant import Assistant
from db import ingest
from db.store import Store

FOLDER = Path(__file__).parent / "conversations"
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FILES = sorted(FOLDER.glob("*.txt"))
# a computed rate or average is rounded when it is shown
NEAR = Decimal("0.006")

_CELL = re.compile(r"\[(\S+) (\d{4}) (\S+?)(?: (\w+))?\]")


@dataclass(frozen=True)
class Turn:
    """One message and the line that says what must come."""

    asks: str
    due: str


@dataclass(frozen=True)
class Conversation:
    """A file: which store it talks about, the day it takes place, its turns."""

    title: str
    store: str
    today: date
    turns: tuple[Turn, ...]


def read(path: Path) -> Conversation:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = dict(line.split(": ", 1) for line in lines if re.match(r"\w+: ", line))
    asks = [line[2:] for line in lines if line.startswith("> ")]
    dues = [line[2:] for line in lines if line.startswith("< ")]
    turns = tuple(Turn(a, d) for a, d in zip(asks, dues, strict=True))
    return Conversation(
        lines[0].lstrip("# "), head["store"], date.fromisoformat(head.get("today", "2025-06-01")), turns
    )


@pytest.fixture(scope="module")
def reports() -> list[Made]:
    return make()


@pytest.fixture(scope="module")
def stores(reports: list[Made], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Store]]:
    """The store a conversation names, filled at first use."""
    opened: dict[str, Store] = {}
    folder = tmp_path_factory.mktemp("conversations")

    def store(name: str) -> Store:
        if name not in opened:
            opened[name] = Store.open(f"sqlite:///{folder / name}.db")
            {"samples": fill_with_samples, "generated": lambda s: fill_with_made(s, reports)}[name](opened[name])
        return opened[name]

    yield store
    for one in opened.values():
        one.close()


def fill_with_samples(store: Store) -> None:
    from parsers.report import parse_all

    for path in sorted(SAMPLES.iterdir()):
        for result in ingest.ingest(store, path.read_bytes(), path.name, parse_all):
            assert result.status == "added", result.reason


def fill_with_made(store: Store, reports: list[Made]) -> None:
    for made in reports:
        assert made.report is not None
        kept = ingest.keep(store, made.report, f"{made.body.signature}{made.year}.txt", f"{made.body.key}-{made.year}")
        assert kept.status == "added"


def reckoned(text: str, reports: list[Made]) -> Decimal:
    """The value of 「[晨光街道办事处 2022 application.received total] - 3」, from the tables, left to right."""
    value, sign = Decimal(0), "+"
    for cell, plain, operator in re.findall(r"(\[[^\]]*\])|(\d+(?:\.\d+)?)|([-+*/])", text):
        if operator:
            sign = operator
            continue
        term = cell_value(cell, reports) if cell else Decimal(plain)
        value = {"+": value + term, "-": value - term, "*": value * term, "/": value / (term or 1)}[sign]
    return value


def cell_value(cell: str, reports: list[Made]) -> Decimal:
    found = _CELL.fullmatch(cell)
    assert found is not None, cell
    name, year, metric, applicant = found[1], int(found[2]), found[3], found[4] or ""
    made = next(m for m in reports if name in (m.body.org, m.body.signature) and m.year == year)
    columns = (
        ["business", "research", "public_interest", "legal_service", "other"]
        if applicant == "organisation"
        else [applicant]
    )
    values = [made.cells[(metric, column)].value for column in columns]
    assert all(v is not None for v in values), f"{cell} is blank: choose another report"
    return sum((v for v in values if v is not None), Decimal(0))


def shows(answer: dict[str, Any], value: Decimal) -> bool:
    return any(
        f["value"] is not None and abs(abs(Decimal(str(f["value"]))) - abs(value)) <= NEAR for f in answer["figures"]
    )


def faults(due: str, answer: dict[str, Any], reports: list[Made]) -> Iterator[str]:
    """Everything in which the answer is not what was due."""
    statuses, *fields = due.split("；")
    if answer["status"] not in statuses.split("/"):
        yield f"{answer['status']}, due was {statuses}"
    for field in fields:
        kind, _, rest = field.strip().partition(" ")
        if kind in ("值", "只", "是", "否", "引") and answer["status"] != "answered":
            continue
        if kind in ("值", "只") and not shows(answer, reckoned(rest, reports)):
            yield f"no figure {reckoned(rest, reports)}"
        if kind == "只" and len([f for f in answer["figures"] if not f["derived"]]) != 1:
            yield "more than the one figure"
        if kind == "说" and rest not in answer["text"]:
            yield f"does not say {rest}"
        if kind == "不说" and rest in answer["text"]:
            yield f"says {rest}"
        if kind == "引" and not any(rest in q["text"] for q in answer["quotes"]):
            yield f"does not quote {rest}"
        if kind in ("是", "否") and answer.get("verdict") is not (kind == "是"):
            yield f"verdict {answer.get('verdict')}"
        if kind == "选" and len(answer["choices"]) < int(rest):
            yield f"{len(answer['choices'])} choices"


def shortcomings(turn: Turn, answer: dict[str, Any], reports: list[Made]) -> list[str]:
    """The faults of a turn; for a known gap the fault is that there is none any more."""
    gap = turn.due.startswith("缺 ")
    found = list(faults(turn.due.removeprefix("缺 "), answer, reports))
    if gap:
        return [] if found else ["is no gap any more: take 缺 off"]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_of_ten_turns(path: Path, stores: Callable[[str], Store], reports: list[Made]) -> None:
    talk = read(path)
    assert len(talk.turns) >= 10
    assistant = Assistant(stores(talk.store))
    print(f"\n# {talk.title}")
    wrong = []
    for turn in talk.turns:
        answer = assistant.reply(turn.asks, chat=path.stem, today=talk.today)
        print(f"\n问：{turn.asks}\n答：" + answer["text"].replace("\n", "\n　　"))
        wrong += [f"{turn.asks} → {fault} | {answer['text'][:120]!r}" for fault in shortcomings(turn, answer, reports)]
    assert not wrong, "\n".join(wrong)


def test_there_are_ten() -> None:
    assert len(FILES) >= 10
