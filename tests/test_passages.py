"""What a question can ask for — problems, improvements, other matters — is found whatever the headings look like."""

from __future__ import annotations

import pytest
from plain_document import plain_document

from parsers.frame import frame
from parsers.passages import passages
from parsers.sections import sections

TITLE = "白石镇2022年政府信息公开工作年度报告\n"
FOOT = "\n青禾县白石镇人民政府\n2023年1月9日"
PROBLEMS = "公开的及时性还有差距，个别科室报送滞后。"
STEPS = "健全信息报送机制，每季度通报。"


def read(text: str) -> dict[str, str]:
    document = plain_document(text)
    return {p.kind: document.text[p.span.start : p.span.end] for p in passages(document)}


NUMBERINGS = {
    "chinese": ["一、", "二、", "三、", "四、", "五、", "六、"],
    "arabic": ["1、", "2、", "3、", "4、", "5、", "6、"],
    "points": ["1.", "2.", "3.", "4.", "5.", "6."],
    "brackets": ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）"],
    "parts": ["第一部分 ", "第二部分 ", "第三部分 ", "第四部分 ", "第五部分 ", "第六部分 "],
    "none": [""] * 6,
    "doubled": ["一、", "二、", "三、", "三、", "四、", "五、"],
    "with holes": ["一、", "", "三、", "四、", "", "六、"],
    "blank only": ["一 ", "二 ", "三 ", "四 ", "五 ", "六 "],
    "blanks": ["一、 ", "二、　", "三、", "四、", "五、", "六、"],
    "markdown": ["## 一、", "## 二、", "## 三、", "## 四、", "## 五、", "## 六、"],
}


@pytest.mark.parametrize("style", NUMBERINGS)
def test_sections_are_found_however_they_are_numbered(style: str) -> None:
    a, b, c, d, e, f = NUMBERINGS[style]
    text = (
        f"{TITLE}{a}总体情况\n做了很多工作。\n{b}主动公开政府信息情况\n\t规章\t0\n{c}收到和处理政府信息公开申请情况\n\t新收\t0\n"
        f"{d}政府信息公开行政复议、行政诉讼情况\n\t总计\t0\n{e}存在的主要问题及改进情况\n{PROBLEMS}下一步，{STEPS}\n"
        f"{f}其他需要报告的事项\n本年度无其他事项。{FOOT}"
    )
    keys = [section.key for section in sections(plain_document(text))]
    assert keys == ["overview", "active", "applications", "review", "problems", "other_matters"]
    found = read(text)
    assert found["overview"] == "做了很多工作。"
    assert found["problems"] == PROBLEMS
    assert found["improvements"] == f"下一步，{STEPS}"
    assert found["other_matters"] == "本年度无其他事项。"
    assert found["signature"] == "青禾县白石镇人民政府\n2023年1月9日"
    assert found["title"] == TITLE.strip()


def fifth(text: str, heading: str = "五、存在的主要问题及改进情况") -> dict[str, str]:
    return read(f"{TITLE}一、总体情况\n好。\n{heading}\n{text}\n六、其他需要报告的事项\n无。{FOOT}")


TURNS = [
    "下一步，", "下步，我镇将", "针对上述问题，我镇将", "针对以上不足，", "对此，", "今后，", "2023年，我镇将", "为此，", "下一阶段，我们将",
    "接下来，", "我镇将进一步", "二、改进措施：", "（二）下一步", "围绕存在问题，",
]  # fmt: skip


@pytest.mark.parametrize("turn", TURNS)
def test_a_turning_sentence_parts_problems_from_improvements(turn: str) -> None:
    for between in ("", "\n"):
        found = fifth(f"{PROBLEMS}{between}{turn}{STEPS}")
        assert found["problems"] == PROBLEMS
        assert found["improvements"].endswith(STEPS)
        assert PROBLEMS not in found["improvements"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("（一）存在的问题\n", "（二）改进措施\n"), ("（一）存在的主要问题。", "（二）改进情况。"), ("1.存在问题\n", "2.整改措施\n"),
        ("存在的问题：\n", "改进措施：\n"), ("（一）主要问题\n", "（二）下一步工作打算\n"), ("一是存在不足\n", "（二）努力方向\n"),
        ("1、问题与不足\n", "2、下步工作安排\n"),
    ],
)  # fmt: skip
def test_subheadings_part_problems_from_improvements(one: str, two: str) -> None:
    found = fifth(f"{one}{PROBLEMS}\n{two}{STEPS}")
    assert found["problems"].endswith(PROBLEMS)
    assert STEPS not in found["problems"]
    assert found["improvements"] == STEPS


def test_where_nothing_parts_them_both_are_the_whole_section() -> None:
    found = fifth(PROBLEMS + "加强培训。")
    assert found["problems"] == found["improvements"] == PROBLEMS + "加强培训。"


def test_a_section_that_names_only_problems_holds_no_improvements() -> None:
    assert "improvements" not in fifth(PROBLEMS, "五、存在的主要问题")


@pytest.mark.parametrize(
    "heading",
    [
        "五、存在问题及整改措施", "五、主要问题和改进措施", "五、政府信息公开工作存在的主要问题及改进情况", "五、存在的问题和不足",
        "五、存在的主要问题和下一步改进措施", "五、行政机关政府信息公开工作存在的主要问题及改进情况", "五、存在的主问题及改进情况",
    ],
)  # fmt: skip
def test_other_wordings_of_the_fifth_heading(heading: str) -> None:
    assert fifth(PROBLEMS + "下一步，" + STEPS, heading)["problems"] == PROBLEMS


@pytest.mark.parametrize("text", ["无", "无。", "本年度未收取信息处理费。\n特此报告。"])
def test_other_matters_end_before_the_signature(text: str) -> None:
    assert read(f"{TITLE}一、总体情况\n好。\n六、其他需要报告的事项\n{text}{FOOT}")["other_matters"] == text


@pytest.mark.parametrize("line", ["六、其他需要报告的事项：无", "六、其他需要报告的事项 无", "六、其他需要报告的事项。无"])
def test_a_section_in_one_line_with_its_heading(line: str) -> None:
    assert read(f"{TITLE}一、总体情况\n好。\n{line}{FOOT}")["other_matters"] == "无"


def test_a_table_behind_and_its_caption_are_no_words_of_the_section() -> None:
    text = f"{TITLE}一、总体情况\n好。\n六、其他需要报告的事项\n无其他事项。\n政务新媒体运行情况统计表\n\t微信\t3{FOOT}"
    assert read(text)["other_matters"] == "无其他事项。"


def test_an_attachment_is_no_words_of_the_section() -> None:
    text = f"{TITLE}一、总体情况\n好。\n六、其他需要报告的事项\n无其他事项。\n附表：建议提案办理情况表\n\t建议\t3{FOOT}"
    assert read(text)["other_matters"] == "无其他事项。"


def test_numbered_points_inside_a_section_are_no_sections() -> None:
    text = (
        f"{TITLE}一、总体情况\n1、主动公开政府信息的情况。发布信息。\n2、依申请公开政府信息情况。收到申请。\n"
        f"（三）平台建设情况\n建设平台。\n二、主动公开政府信息情况\n\t规章\t0{FOOT}"
    )
    assert [section.heading for section in sections(plain_document(text))] == ["一、总体情况", "二、主动公开政府信息情况"]


def test_local_sections_are_kept_apart() -> None:
    text = f"{TITLE}一、总体情况\n好。\n二、机构建设及组织保障情况\n设专职人员。\n三、其他需要报告的事项\n无。{FOOT}"
    assert [section.key for section in sections(plain_document(text))] == ["overview", None, "other_matters"]
    assert read(text)["local"] == "设专职人员。"


def test_an_old_report_without_a_form() -> None:
    text = f"{TITLE}一、概述\n好。\n二、主动公开政府信息的情况\n公开信息。\n三、主要问题和改进措施\n{PROBLEMS}今后，{STEPS}{FOOT}"
    found = read(text)
    assert (found["overview"], found["problems"], found["improvements"]) == ("好。", PROBLEMS, f"今后，{STEPS}")


def test_a_table_of_contents_is_not_the_report() -> None:
    heads = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、存在的主要问题及改进情况", "五、其他需要报告的事项"]
    text = TITLE + "\n".join(heads) + "\n" + "\n".join(f"{head}\n这是{index}。" for index, head in enumerate(heads)) + FOOT
    assert read(text)["overview"] == "这是0。"
    assert read(text)["other_matters"] == "这是4。"


def test_what_stands_before_the_first_heading_is_an_overview_where_none_is_called_so() -> None:
    text = f"{TITLE}2022年，我镇做好公开工作。\n二、主动公开政府信息情况\n\t规章\t0{FOOT}"
    assert read(text)["overview"] == "2022年，我镇做好公开工作。"


def test_the_page_below_the_signature_stays_outside() -> None:
    text = f"{TITLE}一、总体情况\n好。\n二、其他需要报告的事项\n无。{FOOT}\n主办：青禾县人民政府办公室\n上一篇：2021年年报"
    document = plain_document(text)
    assert document.text[frame(document).begin : frame(document).end].strip().endswith("无。")
