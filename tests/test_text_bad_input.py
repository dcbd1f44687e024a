"""Texts that are no reports, or mean harm: a reason or no figures, never a traceback, never without end."""

from __future__ import annotations

import random

import made_form
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import Problem
from parsers import form, read
from parsers.document import Document

LARGE = 400_000  # bytes; what takes quadratic time takes minutes at this size


def outcome(data: bytes, name: str = "文件.txt") -> Document | Problem:
    found = read.read(data, name)
    if isinstance(found, Document):
        for fact in form.read(found).facts:
            assert found.text[fact.span.start : fact.span.end] == fact.raw
    return found


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "empty_file", id="nothing"),
        pytest.param(b" \r\n\t\x00\x00\n", "empty_file", id="only blanks"),
        pytest.param(b"\xff\xfe", "empty_file", id="only a byte order mark"),
        pytest.param(random.Random(3).randbytes(50_000), "unreadable_encoding", id="noise"),
        pytest.param(("公开信息12条。" * 20 + "\n").encode() * 40_000, "not_a_report", id="fifteen megabytes of text"),
        pytest.param("字\n".encode() * 200_000, "not_a_report", id="more lines than any report"),
        pytest.param(b"x" * (21 << 20), "too_large", id="too large"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, code: str) -> None:
    found = outcome(data)
    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    "piece",
    ["|", "| 1 | 2 |\n", "\ta\t", "规章  1\n", "甲  乙\n", "<table><tr><td>1", "<td colspan=9999 rowspan=9999>1", "（", "&amp", "<",
     "[bookmark: ", "一、本年新收政府信息公开申请数量 ", "1", "\u200b", "**", "![](", "<!-- ", "表" + " " * 50],
)  # fmt: skip
def test_a_text_of_one_piece_over_and_over_is_read_or_refused(piece: str) -> None:
    outcome(("总体情况\n" + piece * (LARGE // len(piece.encode()))).encode())


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    layout=st.sampled_from(sorted(made_form.LAYOUTS)),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["drop", "double", "tab", "bar", "nul", "end", "swap"])), max_size=8),
)
def test_a_damaged_form_is_read_without_a_traceback(seed: int, layout: str, cuts: list[tuple[float, str]]) -> None:
    made = made_form.make(seed)
    draw = made_form.LAYOUTS[layout]
    text = made_form.document(draw(made.active), draw(made.applications), draw(made.review))
    for place, what in cuts:
        at = int(place * len(text))
        span = text[at : at + 30]
        text = text[:at] + {
            "drop": "",
            "double": span + span,
            "tab": "\t" + span,
            "bar": "|" + span,
            "nul": "\x00" + span,
            "end": "",
            "swap": span[::-1],
        }[what] + ("" if what == "end" else text[at + 30 :])
    outcome(text.encode())


def test_a_file_cut_off_within_a_character_is_read() -> None:
    text = "一、总体情况\n全年公开信息12条。"
    assert not isinstance(outcome(text.encode()[:-1]), Problem)
    assert not isinstance(outcome(text.encode("gbk")[:-1]), Problem)


def test_a_picture_written_into_markdown_is_passed_over() -> None:
    made = made_form.make(5)
    text = made_form.document(made_form.markdown(made.active), made_form.markdown(made.applications), "")
    picture = "![](data:image/png;base64," + "iVBORw0KGgo" * 400_000 + ")\n\n"
    found = outcome((picture + text).encode(), "a.md")
    assert not isinstance(found, Problem)
    assert len(form.read(found).facts) == 185
