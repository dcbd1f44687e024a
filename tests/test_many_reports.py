"""Rankings over more reports than are listed: the database adds up, and must come to what each report says by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from made_report import Row, made

from bot.assistant import Assistant
from bot.desk import MOST_SHOWN
from db import ingest
from db.store import Store

YEAR = 2020
TWICE, LAST = MOST_SHOWN, MOST_SHOWN + 10
COUNTY = "甲县"
# of the applications of three bodies these were granted; the others had none
GRANTED: dict[int, dict[str, int]] = {
    number: {"application.granted/total": granted, "application.total/total": total}
    for number, granted, total in ((7, 1, 2), (LAST - 1, 3, 4), (LAST, 1, 3))
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Bodies with 1, 2, 3 … decisions; the third prints no figure, the fourth nothing in its
    cell, one prints its figure twice."""
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('many') / 'store.db'}") as store:
        for number in range(1, LAST + 1):
            cells = {"penalty.decisions": "" if number == 4 else number} if number != 3 else {}
            cells |= GRANTED.get(number, {})
            local = [Row(("行政处罚",), str(number), "件", "penalty.decisions")] if number == TWICE else []
            without = ("penalty",) if number == 3 else ()
            report = made(cells, org=f"{COUNTY}第{chr(0x4E00 + number)}街道办事处", year=YEAR, local=local, without=without)
            assert ingest.keep(store, report, f"{number}.txt", f"{number:064x}").status == "added"
        yield Assistant(store)


def values(assistant: Assistant, question: str) -> list[int]:
    return [figure["value"] for figure in assistant.reply(question)["figures"] if not figure["derived"]]


def test_the_first_of_very_many_come_in_order(assistant: Assistant) -> None:
    assert values(assistant, f"{YEAR}年行政处罚最多的前三名") == [LAST, LAST - 1, LAST - 2]
    assert values(assistant, f"{YEAR}年行政处罚最少的前三名") == [1, 2, 5]


def test_a_figure_that_is_printed_twice_is_not_added_up(assistant: Assistant) -> None:
    due = sum(number for number in range(1, LAST + 1) if number not in (3, 4))
    answer = assistant.reply(f"{YEAR}年所有单位行政处罚合计")
    assert [figure["value"] for figure in answer["figures"]] == [due]


def test_blank_and_missing_cells_are_told_apart(assistant: Assistant) -> None:
    text = assistant.reply(f"{YEAR}年行政处罚排名")["text"]
    assert "1份没填" in text and "1份的表格没有这一栏" in text


def test_a_rate_is_ranked_over_all_of_very_many(assistant: Assistant) -> None:
    answer = assistant.reply("公开率从高到低排名")
    assert [figure["value"] for figure in answer["figures"] if figure["derived"]] == [75, 50, 33.3333]
    assert [figure["value"] for figure in answer["figures"] if not figure["derived"]] == [3, 4, 1, 2, 1, 3]
