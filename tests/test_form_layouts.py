"""The same form in every layout that a text can have gives the same facts, with true offsets."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from decimal import Decimal

import made_form
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_form import LAYOUTS, TRACELESS, Cell, Made

from knowledge.model import Fact, Problem
from parsers import form, labels, read
from parsers.document import Document


def document(text: str, name: str = "报告.txt") -> Document:
    found = read.read(text.encode("utf-8"), name)
    assert not isinstance(found, Problem), found
    return found


def facts(text: str) -> tuple[Fact, ...]:
    found = document(text)
    out = form.read(found).facts
    for fact in out:
        assert found.text[fact.span.start : fact.span.end] == fact.raw
        assert fact.quote.start <= fact.span.start <= fact.span.end <= fact.quote.end
        assert fact.raw == fact.raw.strip()
    return out


Place = tuple[str | None, tuple[str, ...], tuple[str, ...]]
Printed = tuple[Decimal | None, str | None, str, str]


def seen(found: tuple[Fact, ...]) -> dict[Place, Printed]:
    out: dict[Place, Printed] = {}
    for f in found:
        assert (f.table, f.path, f.column) not in out, ("twice", f)
        out[(f.table, f.path, f.column)] = (f.value, f.unit, f.raw, f.state)
    return out


def wanted(cells: list[Cell]) -> dict[Place, Printed]:
    return {(c.table, c.path, c.column): (c.value, c.unit, c.printed, c.state) for c in cells}


def printed(made: Made, layout: str) -> str:
    return made_form.document(*(LAYOUTS[layout](g) for g in (made.active, made.applications, made.review)))


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_every_cell(layout: str, edition: str) -> None:
    made = made_form.make(7, edition)
    assert seen(facts(printed(made, layout))) == wanted(made.cells)


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    layout=st.sampled_from(sorted(LAYOUTS)),
    edition=st.sampled_from(["2019", "2021"]),
    numbering=st.sampled_from(sorted(made_form.NUMBERINGS)),
    blanks=st.sampled_from([0.0, 0.1, 0.9]),
)
def test_random_forms_come_back_as_printed(seed: int, layout: str, edition: str, numbering: str, blanks: float) -> None:
    made = made_form.make(seed, edition, numbering, 0.0 if layout in TRACELESS else blanks)
    got, want = seen(facts(printed(made, layout))), wanted(made.cells)
    if layout.startswith("aligned") and blanks:  # an empty cell between blanks: left out where it cannot be told, never wrong
        assert {k: v for k, v in got.items() if want.get(k) != v} == {}
    else:
        assert got == want


SEPARATORS = {"blank": "\n", "page mark": "\n-2-\n\n", "comment": "\n<!-- Page 3 -->\n\n", "dashes": "\n— 5 —\n"}


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    layout=st.sampled_from(sorted(LAYOUTS)),
    at=st.integers(4, 24),
    head=st.sampled_from([0, 3]),
    separator=st.sampled_from(sorted(SEPARATORS)),
    blanks=st.sampled_from([0.0, 0.1]),
)
def test_a_table_cut_by_a_page_end_is_read_as_one(
    seed: int, layout: str, at: int, head: int, separator: str, blanks: float
) -> None:
    made = made_form.make(seed, "2021", blanks=0.0 if layout in TRACELESS else blanks)
    draw = LAYOUTS[layout]
    parts = SEPARATORS[separator].join(draw(part) for part in made_form.cut(made.applications, at, head))
    got = seen(facts(made_form.document(draw(made.active), parts, draw(made.review))))
    want = wanted(made.cells)
    if blanks:  # a cut fragment without head may not tell where its blanks stand; nothing may be wrong
        assert {k: v for k, v in got.items() if want.get(k) != v} == {}
    else:
        assert got == want


def _bookmarks(text: str) -> str:
    return re.sub(r"(?<=[\t|>])( ?)(?=\d)", r"\1[bookmark: Field_1_2]", text)


def _blanks_around(text: str) -> str:
    return re.sub(r"(?<=[\t|>])(\d+)(?=[\t|<\n])", "\u3000\\1\xa0", text)


def _zero_width(text: str) -> str:
    return text.replace("申请", "申\u200b请").replace("处理", "\ufeff处理")


def _entities(text: str) -> str:
    return re.sub(r"(?<=>)(?=\d)", "&nbsp;", text).replace("“", "&ldquo;").replace("”", "&rdquo;")


def _bold(text: str) -> str:
    return re.sub(r"\| (\d+) (?=\|)", r"| **\1** ", text).replace("| 规章 ", "| **规章** ")


def _mathematics(text: str) -> str:
    return re.sub(r"\| (\d+) (?=\|)", r"| $\1$ ", re.sub(r"<td>(\d+)</td>", r"<td>$\1$</td>", text))


def _wide_brackets(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")


def _broken_labels(text: str) -> str:
    return text.replace("社会公益组织", "社会<br>公益组织").replace("本年处理决定数量", "本年处理决<br>定数量")


def _trailing_blanks(text: str) -> str:
    return "\n".join(line + "   " if line.strip() else line for line in text.split("\n"))


def _control(text: str) -> str:
    return text.replace("结转", "结\x07转").replace("\n\n", "\n\x00\n", 3)


DIRT = {
    "bookmarks": (_bookmarks, {"tab_cells", "tab_rows", "pipe_rows", "markdown", "html"}),
    "blanks around figures": (_blanks_around, {"tab_cells", "tab_rows", "pipe_rows", "markdown", "html", "box"}),
    "zero width in labels": (_zero_width, set(LAYOUTS)),
    "entities": (_entities, {"html", "html_lines"}),
    "bold": (_bold, {"markdown", "pipe_rows"}),
    "figures as mathematics": (_mathematics, {"markdown", "pipe_rows", "html"}),
    "half-width brackets": (_wide_brackets, set(LAYOUTS)),
    "labels broken by br": (_broken_labels, {"markdown", "pipe_rows", "html", "tab_cells", "tab_rows"}),
    "blanks at line ends": (_trailing_blanks, set(LAYOUTS)),
    "control characters": (_control, set(LAYOUTS)),
    "windows line ends": (lambda text: text.replace("\n", "\r\n"), set(LAYOUTS)),
}


@pytest.mark.parametrize(("dirt", "layout"), [(d, x) for d, (_, of) in DIRT.items() for x in sorted(of)])
def test_dirt_changes_no_figure(dirt: str, layout: str) -> None:
    made = made_form.make(11, "2021")
    plain = str.maketrans("（）", "()")

    def key(place: Place) -> Place:
        table, path, column = place
        return table, tuple(p.translate(plain) for p in path), tuple(c.translate(plain) for c in column)

    got = seen(facts(DIRT[dirt][0](printed(made, layout))))
    assert {key(k): v for k, v in got.items()} == {key(k): v for k, v in wanted(made.cells).items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_every_encoding_is_read(encoding: str) -> None:
    made = made_form.make(3, "2019")
    data = printed(made, "tab_cells").encode(encoding)
    found = read.read(data, "报告")
    assert not isinstance(found, Problem)
    assert found.text == printed(made, "tab_cells")
    assert seen(form.read(found).facts) == wanted(made.cells)


def _damaged(grid: made_form.Grid, rng: random.Random) -> None:
    """One label in eight loses a character, gets a wrong one, or is lost."""
    for index, cell in enumerate(grid.cells):
        if re.search("[一-鿿]{3}", cell.text) and rng.random() < 0.12:
            at = rng.randrange(len(cell.text))
            text = rng.choice(["", cell.text[:at] + cell.text[at + 1 :], cell.text[:at] + rng.choice("的和及一于政") + cell.text[at + 1 :]])
            grid.cells[index] = replace(cell, text=text)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), layout=st.sampled_from(sorted(LAYOUTS)), edition=st.sampled_from(["2019", "2021"]))
def test_a_figure_missing_from_its_row_shifts_no_other(seed: int, layout: str, edition: str) -> None:
    made = made_form.make(seed, edition)
    rng = random.Random(seed)
    grid = rng.choice([made.active, made.applications, made.review])
    del grid.cells[rng.choice([i for i, c in enumerate(grid.cells) if re.fullmatch(r"-?\d+", c.text)])]
    want = wanted(made.cells)
    wrong = {k: v for k, v in seen(facts(printed(made, layout))).items() if want.get(k) != v}
    assert [v[3] for v in wrong.values()] in ([], ["blank"])  # its own place may be read as the empty cell it is


def test_damaged_labels_give_no_wrong_figure() -> None:
    wrong = []
    for seed in range(120):
        rng = random.Random(seed)
        layout = rng.choice(sorted(LAYOUTS))
        made = made_form.make(seed, rng.choice(["2019", "2021"]))
        truth = {(f.metric, f.applicant): (f.value, f.state) for f in facts(printed(made, "markdown"))}
        for grid in (made.active, made.applications, made.review):
            _damaged(grid, rng)
        read_now = [f for f in facts(printed(made, layout)) if f.metric]
        wrong += [(seed, layout, f.metric) for f in read_now if truth.get((f.metric, f.applicant)) != (f.value, f.state)]
    assert not wrong


@pytest.mark.parametrize("note", ["", "（单位：万元）", "(万元)", "（单位:件）", "【件】"])
def test_a_unit_in_brackets_leaves_a_label_whole(note: str) -> None:
    """Text without rules is a table only where all its words are labels."""
    for label in ("采购总金额", "自然人", "行政许可", "（七）总计"):
        assert labels.is_whole_label(label + note) and labels.is_form_word(label + note)
    assert not labels.is_whole_label("采购" + note)
