"""Every figure a sentence states is read with its unit and its own words, and nothing else is taken for a figure."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_document import plain_document

from knowledge.model import Fact
from parsers.document import Document
from parsers.prose import facts

TABLE = tomllib.loads((Path(__file__).parent / "prose" / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
HEAD = "青禾县白石镇人民政府2022年政府信息公开工作年度报告\n一、总体情况\n"
FOOT = "\n六、其他需要报告的事项\n无。\n青禾县白石镇人民政府\n2023年1月9日"


def report(text: str) -> Document:
    return plain_document(HEAD + text + FOOT)


def read(text: str) -> tuple[Document, tuple[Fact, ...]]:
    document = report(text)
    return document, facts(document, 2022)


def shown(fact: Fact) -> str:
    """A fact as the table prints it."""
    stated = " ".join(filter(None, (fact.metric, fact.applicant)))
    cells = [fact.raw, f"{fact.value} {fact.unit or '-'}", " / ".join(fact.path), stated, str(fact.year or "")]
    return " | ".join([*cells, "~" if fact.approximate else ""]).rstrip("| ")


@pytest.mark.parametrize("case", TABLE, ids=[case["text"][:24] for case in TABLE])
def test_a_sentence_states(case: dict[str, object]) -> None:
    _, found = read(str(case["text"]))
    assert [shown(fact) for fact in found] == case["figures"]


@pytest.mark.parametrize("case", TABLE, ids=[case["text"][:24] for case in TABLE])
def test_a_figure_points_at_its_digits_and_its_sentence(case: dict[str, object]) -> None:
    document, found = read(str(case["text"]))
    for fact in found:
        assert document.text[fact.span.start : fact.span.end] == fact.raw
        assert fact.quote.start <= fact.span.start < fact.span.end <= fact.quote.end
        assert "\n" not in document.text[fact.quote.start : fact.quote.end]
        assert (fact.table, fact.column, fact.state, fact.section) == (None, (), "number", "一、总体情况")


@pytest.mark.parametrize("case", TABLE, ids=[case["text"][:24] for case in TABLE])
def test_a_name_is_made_of_the_sentences_own_words(case: dict[str, object]) -> None:
    document, found = read(str(case["text"]))
    for fact in found:
        quote = document.text[fact.quote.start : fact.quote.end]
        for character in "".join(fact.path):
            assert character in quote, (fact.path, quote)


def context_of(text: str, raw: str) -> tuple[str, ...]:
    return next(fact.context for fact in read(text)[1] if fact.raw == raw)


def test_a_part_carries_what_it_is_part_of() -> None:
    text = "提升政务公开数量。本年度在政务公开网站上共发布信息1605篇，其中发布政务动态1272篇、公告公示131篇。"
    assert context_of(text, "131") == ("提升政务公开数量", "政务公开网站", "发布信息")


def test_a_short_name_carries_what_it_leans_on() -> None:
    assert context_of("“白石发布”现有关注用户1.28万人，全年阅读量83.01万次。", "83.01万")[0] == "“白石发布”"
    assert "政务微信公众号粉丝" in context_of("政务微信公众号粉丝约2000，年阅读量在50万+。", "50万")


def test_a_sentence_leans_on_the_one_before() -> None:
    _, found = read("全年共公开政府信息1200条。同比增长5%。其中，网站发布信息900条。")
    assert [fact.path for fact in found] == [("公开政府信息",), ("公开政府信息", "同比增长"), ("网站", "发布信息")]
    assert "公开政府信息" in found[2].context


@pytest.mark.parametrize(
    "text", ["力争全年培训5次。", "下一步，将开展培训5次。", "拟于明年培训5次。", "每年至少组织5次培训。", "计划组织5场培训。"]
)
def test_an_intention_is_marked(text: str) -> None:
    (fact,) = read(text)[1]
    assert fact.context[0] == "计划"


def test_what_improvements_promise_is_an_intention_and_what_they_report_is_not() -> None:
    text = "无。\n五、存在的主要问题及改进情况\n公开不够及时。下一步，组织培训3次。2022年已完成整改12处。"
    found = read(text)[1]
    assert [fact.context[:1] == ("计划",) for fact in found] == [True, False]


@pytest.mark.parametrize("text", ["收到申请约20件，办结20件左右。", "发布信息20余条。", "粉丝20万+。", "惠及群众近20人。"])
def test_a_vague_figure_says_so(text: str) -> None:
    assert all(fact.approximate for fact in read(text)[1])


def test_lines_cut_by_the_page_are_one_sentence() -> None:
    text = "2022年，我镇通过县政府门户网站累计公开各类政府信息共计四百余条，其中政策文件\n- 2 -\n类信息32条、工作动态类信息215条。"
    document, found = read(text)
    assert [(fact.raw, fact.path) for fact in found][-2:] == [("32", ("政策文件类信息",)), ("215", ("工作动态类信息",))]
    assert document.text[found[-1].quote.start : found[-1].quote.end].endswith("215条。")


def test_a_number_cut_by_the_page_is_left_out() -> None:
    assert read("2022年，我镇通过县政府门户网站累计公开各类政府信息共计16\n05条。")[1] == ()


def test_tables_charts_and_the_page_around_are_no_prose() -> None:
    text = "无。\n\t行政处罚\t252\n各类信息概况\t公众号72%\t动态17%\t0.720000000000001\t0.17\n浏览次数：1037\n访问量：8594743 次"
    assert read(text)[1] == ()


@pytest.mark.parametrize(
    "row",
    [
        "一、本年新收政府信息公开申请数量100280384143", "一、本年新收政府信息公开申请数量 2 0 0 0 0 0 2", "行政许可 12 3 4 5",
        "政务微博公开政府信息数1250", "第二十条第（一）项 规章 2件", "3.从事政府信息公开工作人员数 人 4",
        "结果维持 结果纠正 其他结果 尚未审结 总计 1件", "粉丝数2000",
    ],
)  # fmt: skip
def test_rows_of_a_lost_table_are_no_sentences(row: str) -> None:
    assert read(row)[1] == ()


def test_nothing_is_read_above_the_title_and_below_the_signature() -> None:
    text = "浏览 1037 次，点赞 5 个。\n" + HEAD + "公开信息3条。" + FOOT + "\n共有 12 条评论，访问量 5 万次。"
    document = plain_document(text)
    assert [fact.raw for fact in facts(document, 2022)] == ["3"]


NAMES = st.sampled_from(["工作动态", "公告公示", "部门文件", "图解", "视频", "财政信息", "民生信息"])


@given(st.lists(st.tuples(NAMES, st.integers(1, 99999)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]))
def test_a_list_gives_every_item_its_own_figure(items: list[tuple[str, int]]) -> None:
    listed = "、".join(f"{name}{number}条" for name, number in items)
    _, found = read(f"全年发布信息共100000条，其中{listed}。")
    assert [(fact.path, fact.value) for fact in found[1:]] == [((name,), Decimal(number)) for name, number in items]


@given(st.lists(NAMES, min_size=2, max_size=5, unique=True), st.data())
def test_respectively_gives_names_by_order(items: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(1, 9999), min_size=len(items), max_size=len(items)))
    text = f"{'、'.join(items)}分别发布{'、'.join(f'{n}条' for n in numbers)}。"
    assert [(fact.path[0], fact.value) for fact in read(text)[1]] == list(zip(items, numbers, strict=True))


@given(st.lists(NAMES, min_size=2, max_size=4, unique=True), st.integers(2, 4))
def test_respectively_without_enough_names_is_left_out(items: list[str], count: int) -> None:
    if count == len(items):
        return
    text = f"{'、'.join(items)}分别发布{'、'.join(f'{n}条' for n in range(1, count + 1))}。"
    assert read(text)[1] == ()


@given(st.text(alphabet="共发布公开信息其中，、；（）“”《》：年月日条件%万余约约较上增长占由至0123456789一二两三第- \n", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    document, found = read(text)
    for fact in found:
        assert document.text[fact.span.start : fact.span.end] == fact.raw
