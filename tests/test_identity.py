"""Who a report is of, of which year and of which day, however its head and foot are printed."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from plain_document import plain_document

from knowledge.model import Fact, Span
from parsers.identity import Identity, edition, identify

TABLE = tomllib.loads((Path(__file__).parent / "identity" / "reports.toml").read_text(encoding="utf-8"))["report"]
BODY = "\n一、总体情况\n按照上级要求做好政府信息公开工作。\n五、存在的主要问题及改进情况\n公开不够及时。\n六、其他需要报告的事项\n无。\n"


def read(case: dict[str, Any]) -> Identity:
    text = case["text"] if case.get("whole") else case["text"].replace("…", BODY)
    return identify(plain_document(text), case.get("file", "未命名.txt"))


@pytest.mark.parametrize("case", TABLE, ids=[case["text"][:30] for case in TABLE])
def test_a_report_is_of(case: dict[str, Any]) -> None:
    found = read(case)
    published = found.published.isoformat() if found.published else ""
    got = {
        "org": found.org, "year": found.year, "published": published, "signature": found.signature,
        "title": found.title or "", "problems": [problem.code for problem in found.problems],
    }  # fmt: skip
    assert {key: got[key] for key in got if key in case} == {key: case[key] for key in got if key in case}
    assert set(case.get("short", [])) <= set(found.short_names)
    assert not set(case.get("not_short", [])) & set(found.short_names)


@pytest.mark.parametrize("case", TABLE, ids=[case["text"][:30] for case in TABLE])
def test_short_names_are_names_and_shortest_last(case: dict[str, Any]) -> None:
    found = read(case)
    assert found.org not in found.short_names
    assert len(set(found.short_names)) == len(found.short_names)
    assert [len(name) for name in found.short_names] == sorted((len(n) for n in found.short_names), reverse=True)
    assert all(len(name) > 1 and name == "".join(name.split()) for name in found.short_names)


@pytest.mark.parametrize("case", [c for c in TABLE if "problems" not in c], ids=lambda case: case["text"][:30])
def test_a_report_that_agrees_with_itself_has_no_problem(case: dict[str, Any]) -> None:
    assert read(case).problems == ()


@pytest.mark.parametrize("org", ["宁波市", "浙江省", "人民政府", "街道", "管委会", "局", "政府"])
def test_places_around_a_body_are_none_of_its_names(org: str) -> None:
    text = "石浦街道2022年政府信息公开工作年度报告" + BODY + "宁波市望江区人民政府石浦街道办事处\n2023年1月9日"
    assert org not in identify(plain_document(text), "x.txt").short_names


def test_the_page_tells_what_the_text_does_not() -> None:
    document = plain_document(
        "2022年，我局做好公开工作。" + BODY, title="2022年政府信息公开工作年度报告", org="青禾县财政局", published="2023-01-10"
    )
    found = identify(document, "detail_1234.html")
    assert (found.org, found.year, found.published) == ("青禾县财政局", 2022, date(2023, 1, 10))


def test_the_pages_own_table_names_body_and_date() -> None:
    text = "|发布机构|青禾县财政局|公开日期|2023-01-10|\n2022年，我局做好公开工作。" + BODY
    found = identify(plain_document(text), "x.html")
    assert (found.org, found.published) == ("青禾县财政局", date(2023, 1, 10))


def cell(*column: str, path: str = "规章", metric: str | None = None) -> Fact:
    nowhere = Span(0, 0)
    return Fact("主动公开政府信息情况", (path,), column, Decimal(0), "件", "0", "number", nowhere, nowhere, metric=metric)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([cell("本年制发件数"), cell("现行有效件数")], "2021"),
        ([cell("对外公开总数量"), cell("处理决定数量", path="行政许可")], "2019"),
        ([cell("对外公开总数量"), cell("本年处理决定数量", path="甲"), cell("本年处理决定数量", path="乙")], "2021"),
        ([cell("统计数")], "other"),
        ([cell("总计", metric="application.other.not_corrected")], "2021"),
        ([], "other"),
    ],
)
def test_the_edition_goes_by_the_columns(cells: list[Fact], kind: str) -> None:
    assert edition(cells) == kind
