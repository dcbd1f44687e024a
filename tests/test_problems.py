"""Every code has a whole Chinese sentence, whoever says it and however little they know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.model import Span
from knowledge.problems import CODES, FINDINGS, problem, sentence, severity

ROOT = Path(__file__).resolve().parent.parent

# problem("empty_file"), problem(code="empty_file"), Problem("empty_file", …)
USED = re.compile(r"\b(?:problem|Problem|sentence)\(\s*\"([a-z_]+)\"")


@pytest.mark.parametrize("code", sorted(set(CODES) - set(FINDINGS)))
def test_a_problem_is_a_whole_sentence_without_values(code: str) -> None:
    said = problem(code, Span(1, 2))
    assert said.code == code
    assert said.where == Span(1, 2)
    assert re.search(r"[\u4e00-\u9fff]", said.message)
    assert "{" not in said.message
    assert not said.message.endswith(("。", " "))


@pytest.mark.parametrize("code", ["missing_table", "year_mismatch"])
def test_two_findings_can_be_said_of_a_whole_file(code: str) -> None:
    assert "{" not in problem(code).message


def test_values_fill_the_sentence() -> None:
    assert problem("too_large", found="25 MB").message == "文件有 25 MB，最多能收 20 MB"
    assert sentence("row_sum", section="第三节", row="本年新收", expected=5, found=6) == (
        "第三节“本年新收”一行：六列相加为 5，总计印为 6"
    )


def test_a_code_that_is_not_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        problem("no_such_code")
    with pytest.raises(KeyError):
        severity("empty_file")


def test_every_code_named_in_the_program_is_in_the_table() -> None:
    sources = [path for folder in ("knowledge", "parsers", "db", "bot") for path in (ROOT / folder).rglob("*.py")]
    named = {code for path in sources for code in USED.findall(path.read_text(encoding="utf-8"))}
    assert sorted(named - set(CODES)) == []
