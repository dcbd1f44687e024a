"""How answers become messages: marks, quotes, aligned rankings, and the limit of 4096."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import Action, Button, action
from bot.render import answer_parts, text_parts
from tests.botapi.marks import parsed, units


def answer(text: str, *values: int) -> dict[str, object]:
    return {"text": text, "figures": [{"value": v, "unit": "件"} for v in values]}


def test_the_figure_is_bold_and_the_quote_a_quote() -> None:
    (part,) = answer_parts(answer("柴桥 · 2020年 · 新收：2件\n> 一、新收 | 2 | 12件", 2))
    assert part.html == "柴桥 · 2020年 · 新收：<b>2件</b>\n<blockquote>一、新收 | 2 | 12件</blockquote>"


def test_a_figure_inside_another_number_is_not_bold() -> None:
    (part,) = answer_parts(answer("甲：12件，乙：2件", 2))
    assert part.html == "甲：12件，乙：<b>2件</b>"


def test_a_ranking_is_aligned_with_the_figures_first() -> None:
    (part,) = answer_parts(answer("排名：\n1. 阳明街道：16件\n2. 小河：4件\n3. 柴桥：2件", 16, 4, 2))
    assert part.html == "排名：\n<pre>1. 16件  阳明街道\n2.  4件  小河\n3.  2件  柴桥</pre>"


def test_a_long_quote_is_folded_up() -> None:
    assert "<blockquote expandable>" in text_parts("> " + "长" * 300)[0].html


@given(st.text(alphabet=st.sampled_from("<>&\"'柴桥2020件😀 \n|>·：。"), max_size=300), st.integers(1, 40))
def test_whatever_is_written_parts_are_valid_and_fit(text: str, times: int) -> None:
    for part in answer_parts(answer("\n> ".join([text] * times), 2)):
        plain, _ = parsed(part.html)
        assert units(plain) <= 4096 and plain.strip()


@given(st.lists(st.text(alphabet=st.sampled_from("长。😀&<"), min_size=1, max_size=9000), max_size=3))
def test_nothing_is_lost_where_messages_are_split(lines: list[str]) -> None:
    parts = text_parts("\n".join(lines))
    together = "".join(parsed(part.html)[0] for part in parts).replace("\n", "")
    assert together == "".join(lines)


def test_an_action_survives_the_outbox() -> None:
    one = Action("send", "1", 7, 3, html="<b>2</b>", plain="2", buttons=((Button("原文", "o:1"),),), answer=5)
    assert action(one.json()) == one
