"""A report is read whole, and one sentence of it is held against its form: tests/sentences/*.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalogue import catalogue
from knowledge.model import Report
from parsers.report import parse

FOLDER = Path(__file__).parent / "sentences"
SAYS = [
    entry for path in sorted(FOLDER.glob("*.toml")) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["says"]
]

# individual, business, research, public_interest, legal_service, other, total
FORM = {
    "received": "10 3 0 0 2 0 15",
    "carried_in": "2 1 0 0 0 0 3",
    "granted": "4 1 0 0 1 0 6",
    "partly_granted": "2 0 0 0 0 0 2",
    "refused.third_party": "1 0 0 0 0 0 1",
    "refused.case_file": "0 1 0 0 1 0 2",
    "unavailable.not_held": "1 1 0 0 0 0 2",
    "unavailable.not_existing": "1 0 0 0 0 0 1",
    "not_processed.repeated": "1 0 0 0 0 0 1",
    "other.not_corrected": "1 0 0 0 0 0 1",
    "total": "11 3 0 0 2 0 16",
    "carried_out": "1 1 0 0 0 0 2",
}
REVIEW = "1 1 0 1 3 1 0 0 0 1 0 0 0 0 0"


def page(text: str, org: str = "甲县乙街道办事处") -> str:
    """A report in Markdown that holds the sentence in 总体情况."""
    head = (
        "| （本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） |  |  | 申请人情况 |  |  |  |  |  |  |"
    )
    rows = [head, "|" + " --- |" * 10, "|  |  |  | 自然人 | 法人或其他组织 |  |  |  |  | 总计 |"]
    rows.append("|  |  |  |  | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 |  |")
    for entry in catalogue().rows.values():
        if entry.group or (entry.sums and entry.key == "application.other"):
            continue
        path = [f"{entry.number}{entry.label}"]
        above = entry.under
        while above:
            parent = catalogue().rows[above]
            path.insert(0, f"{parent.number}{parent.label}")
            above = parent.under
        cells = FORM.get(entry.key.removeprefix("application."), "0 0 0 0 0 0 0").split()
        rows.append(f"| {' | '.join([*path, '', ''][:3])} | {' | '.join(cells)} |")
    outcomes = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    review = [
        "| 行政复议 |  |  |  |  | 行政诉讼 |  |  |  |  |  |  |  |  |  |",
        "|" + " --- |" * 15,
        "|  |  |  |  |  | 未经复议直接起诉 |  |  |  |  | 复议后起诉 |  |  |  |  |",
        f"| {' | '.join(outcomes * 3)} |",
        f"| {' | '.join(REVIEW.split())} |",
    ]
    sections = [
        f"# {org}2023年政府信息公开工作年度报告",
        f"## 一、总体情况\n\n按条例做好公开工作。\n\n{text}",
        "## 三、收到和处理政府信息公开申请情况\n\n" + "\n".join(rows),
        "## 四、政府信息公开行政复议、行政诉讼情况\n\n" + "\n".join(review),
        "## 五、存在的主要问题及改进情况\n\n公开还不够及时，下一步加强培训。",
        "## 六、其他需要报告的事项\n\n没有其他需要报告的事项。",
        f"{org}\n\n2024年1月11日",
    ]
    return "\n\n".join(sections) + "\n"


def read(text: str, org: str = "甲县乙街道办事处") -> Report:
    report = parse(page(text, org).encode(), "report.md")
    assert isinstance(report, Report), report
    return report


def mismatches(report: Report) -> list[str]:
    return [f"{f.expected} ≠ {f.found}" for f in report.findings if f.code == "prose_mismatch"]


def test_the_form_itself_is_in_order() -> None:
    report = read("全年工作正常。")
    assert sum(fact.table is not None for fact in report.facts) == 25 * 7 + 15
    assert [finding for finding in report.findings if finding.severity == "error"] == []


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(one, marks=pytest.mark.xfail(reason=one["gap"], strict=True)) if "gap" in one else one
        for one in SAYS
    ],
    ids=lambda entry: entry["text"],
)
def test_a_sentence_agrees_with_the_form_or_is_named(entry: dict[str, Any]) -> None:
    assert mismatches(read(entry["text"])) == entry.get("wrong", [])


@pytest.mark.parametrize("org", ["甲县教育局", "甲县乙镇人民政府"])
def test_the_whole_county_is_another_body(org: str) -> None:
    assert mismatches(read("全县共收到政府信息公开申请120件。", org)) == []


def test_the_office_is_not_its_government() -> None:
    assert mismatches(read("我办收到政府信息公开申请4件。", "甲县人民政府办公室")) == []
