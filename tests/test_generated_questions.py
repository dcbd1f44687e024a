"""Thousands of questions that nobody wrote, over two hundred reports that nobody published: all right, none wrong.

Every metric of the catalogue meets every operation that makes sense for it (tests/generated/questions.py). What is due is
computed from the tables the reports were printed from, never by our code. ``pytest -s`` shows the size and the tally.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from generated.judge import OVERCONFIDENT, REFUSED, RIGHT, UNQUOTED, WRONG, Case, Judge
from generated.questions import Questions
from generated.reports import Made, make
from generated.truth import World

from bot.assistant import Assistant
from db import ingest
from db.store import Store
from knowledge.catalogue import catalogue

# fewer questions than this would leave operations untried; the share that may be declined only falls
FEWEST_QUESTIONS = 4_000
FEWEST_REPORTS = 200
MOST_REFUSED = 0.02
TODAY = date(2025, 6, 1)


@dataclass
class Verdicts:
    """What became of the questions: per class the cases with the reason, and a tally per kind."""

    cases: list[Case]
    by_class: dict[str, list[tuple[Case, str]]]
    tally: dict[str, Counter[str]]

    def shown(self, *classes: str, most: int = 30) -> str:
        lines = [f"{c.kind} | {c.question} | {why}" for name in classes for c, why in self.by_class[name]]
        return "\n".join(lines[:most])


@pytest.fixture(scope="module")
def world() -> World:
    return World(make())


@pytest.fixture(scope="module")
def verdicts(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verdicts]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('generated') / 'reports.db'}")
    try:
        yield judged(world, store)
    finally:
        store.close()


def stored(store: Store, reports: list[Made]) -> dict[int, Made]:
    ids = {}
    for made in reports:
        assert made.report is not None
        kept = ingest.keep(store, made.report, f"{made.body.signature}{made.year}.txt", f"{made.body.key}-{made.year}")
        assert kept.status == "added" and kept.report is not None
        ids[kept.report.id] = made
    return ids


def judged(world: World, store: Store) -> Verdicts:
    judge = Judge(stored(store, world.reports))
    assistant = Assistant(store)
    cases = Questions(world).all()
    out = Verdicts(cases, defaultdict(list), defaultdict(Counter))
    for number, case in enumerate(cases):
        chat = str(number) if case.before else None
        for turn in case.before:
            assistant.reply(turn, chat=chat, today=TODAY)
        day = date.fromisoformat(case.today) if case.today else TODAY
        answer = assistant.reply(case.question, chat=chat, today=day)
        name, why = judge(case, answer)
        out.by_class[name].append((case, why))
        out.tally[case.kind][name] += 1
    return out


def test_it_is_large_enough(world: World, verdicts: Verdicts) -> None:
    assert len(world.reports) >= FEWEST_REPORTS
    assert len({case.question for case in verdicts.cases}) >= FEWEST_QUESTIONS


def test_every_metric_of_the_catalogue_is_asked(world: World, verdicts: Verdicts) -> None:
    printed = {metric for made in world.reports for metric, _ in made.cells}
    asked = {option for thing in Questions(world).things for option in thing.options}
    sums = {key for key, metric in catalogue().metrics.items() if metric.sums}
    assert set(catalogue().metrics) - sums <= printed
    assert set(catalogue().metrics) <= asked


def test_none_is_wrong(verdicts: Verdicts) -> None:
    assert not verdicts.by_class[WRONG], verdicts.shown(WRONG)


def test_none_is_answered_that_has_no_answer(verdicts: Verdicts) -> None:
    assert not verdicts.by_class[OVERCONFIDENT], verdicts.shown(OVERCONFIDENT)


def test_every_figure_is_proved_by_its_own_cell(verdicts: Verdicts) -> None:
    assert not verdicts.by_class[UNQUOTED], verdicts.shown(UNQUOTED)


def test_nearly_all_are_answered(verdicts: Verdicts) -> None:
    size, right = len(verdicts.cases), len(verdicts.by_class[RIGHT])
    print(
        f"\n{size} generated questions: {right} right ({right / size:.1%}), {len(verdicts.by_class[REFUSED])} refused"
    )
    for kind, counts in sorted(verdicts.tally.items()):
        print(f"  {kind:24} {sum(counts.values()):5}  {', '.join(f'{n} {c}' for c, n in counts.items())}")
    assert len(verdicts.by_class[REFUSED]) <= MOST_REFUSED * size, verdicts.shown(REFUSED)


def test_the_tables_are_right() -> None:
    """The offsets and sums of the construction itself: columns balance and every cell stands where it says."""
    for made in make():
        assert made.report is not None
        for cell in made.cells.values():
            assert made.report.source_text[cell.start : cell.start + len(cell.raw)] == cell.raw
            assert cell.quote[0] <= cell.start <= cell.quote[1]


def test_folder_has_no_strays() -> None:
    names = {path.stem for path in (Path(__file__).parent / "generated").glob("*.py")}
    assert names == {
        "__init__",
        "asking",
        "bodies",
        "following",
        "form",
        "judge",
        "many",
        "questions",
        "reports",
        "things",
        "truth",
    }
