"""Two hundred reports of the invented bodies: every figure drawn here, printed into a text, and kept in a table.

The table (``Made.cells``) is what expected answers are computed from; the ``Report`` is what the store gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from generated import form
from generated.bodies import Body, bodies
from knowledge.model import Fact, Passage, Report, Span, State

ACTIVE = "主动公开政府信息情况"
APPLICATIONS = "收到和处理政府信息公开申请情况"
REVIEW = "政府信息公开行政复议、行政诉讼情况"
LOCAL = "政府信息公开情况统计表"
YEARS = (2019, 2020, 2021, 2022, 2023, 2024)
_EACH = 4
_SEED = 20240131

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One cell as drawn. ``value`` in ``unit`` (money in 元); None when blank or struck. ``start``: of ``raw`` in the text."""

    value: Decimal | None
    unit: str
    raw: str
    state: State
    start: int
    quote: tuple[int, int]


@dataclass(slots=True)
class Made:
    """One made report. ``cells``: (metric key, applicant or "") → cell; prose figures under ("prose.…", "")."""

    body: Body
    year: int
    edition: str
    report: Report | None = None
    cells: dict[Key, Drawn] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)


class _Page:
    """Text that is being written, with the facts whose offsets it hands out."""

    def __init__(self, made: Made) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.facts: list[Fact] = []
        self.made = made

    def write(self, text: str) -> Span:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return Span(start, self.length)

    def row(self, label: str, printed: list[tuple[str, Key, dict[str, object]]]) -> None:
        """One row: its label, then each cell (raw, key, the fact's other fields)."""
        start = self.length
        self.write(label)
        spans = []
        for raw, _, _ in printed:
            self.write("\t")
            spans.append(self.write(raw))
        quote = Span(start, self.length)
        self.write("\n")
        for span, (raw, key, fields) in zip(spans, printed, strict=True):
            self.keep(span, quote, raw, key, fields)

    def keep(self, span: Span, quote: Span, raw: str, key: Key, fields: dict[str, object]) -> None:
        metric = key[0] if not key[0].startswith(("own.", "prose.")) else fields.pop("metric", None)
        applicant = key[1] or None
        fact = Fact(raw=raw, span=span, quote=quote, metric=metric, applicant=applicant, **fields)  # type: ignore[arg-type]
        self.facts.append(fact)
        if key[0].startswith("prose.") and metric is not None:
            return
        self.made.cells[key] = Drawn(fact.value, fact.unit or "", raw, fact.state, span.start, (quote.start, quote.end))


def _cell(
    value: Decimal | None, state: State, raw: str, unit: str, table: str, path: object, column: object, section: str
) -> dict[str, object]:
    return {
        "value": value,
        "state": state,
        "unit": unit,
        "table": table,
        "path": path,
        "column": column,
        "section": section,
    }


class _Maker:
    """Draws one report."""

    def __init__(self, body: Body, year: int, random: Random) -> None:
        edition = "2019" if year <= 2020 else "2021"
        # 2019 columns in a later report, and the later applications table with one row (六): VARIETY.md
        self.random = random
        self.mixed = edition == "2021" and random.random() < 0.06
        self.single_other = edition == "2019" or random.random() < 0.08
        self.made = Made(body, year, "2019" if self.mixed else edition)
        self.page = _Page(self.made)
        self.size = random.choice((0, 4, 4, 12, 12, 60, 400))

    def count(self, zero: float = 0.4, most: int | None = None) -> int:
        if self.random.random() < zero:
            return 0
        return self.random.randint(1, max(2, most if most is not None else self.size))

    def printed(
        self, value: int, section: str, table: str, path: object, column: object, unit: str
    ) -> tuple[str, dict[str, object]]:
        """(raw, fact fields); now and then the cell is left empty or struck out."""
        chance = self.random.random()
        if chance < self.blanks:
            struck = self.random.random() < 0.4
            raw = self.random.choice(("—", "——", "/")) if struck else ""
            return raw, _cell(None, "struck" if struck else "blank", raw, unit, table, path, column, section)
        return str(value), _cell(Decimal(value), "number", str(value), unit, table, path, column, section)

    def make(self) -> Made:
        self.blanks = self.random.choice((0, 0, 0, 0.01, 0.03, 0.1))
        body, year = self.made.body, self.made.year
        title = f"{body.org}{year}年政府信息公开工作年度报告"
        self.page.write(title + "\n")
        passages = list(self.sections())
        published = date(year + 1, 1, self.random.randint(4, 30))
        self.page.write("\n")
        signature = self.page.write(f"{body.signature}\n{published.year}年{published.month}月{published.day}日")
        passages.append(Passage("signature", None, signature))
        self.made.sentences["published"] = f"{published.year}年{published.month}月{published.day}日"
        self.made.report = Report(
            body.org, body.calls, year, self.made.edition, published, title, body.signature,  # type: ignore[arg-type]
            "".join(self.page.parts), tuple(self.page.facts), tuple(passages),
        )  # fmt: skip
        return self.made

    def sections(self) -> Iterator[Passage]:
        self.page.write("一、总体情况\n")
        yield Passage("overview", "一、总体情况", self.prose())
        self.page.write("二、主动公开政府信息情况\n")
        self.active()
        self.page.write("三、收到和处理政府信息公开申请情况\n")
        self.applications()
        self.page.write("四、政府信息公开行政复议、行政诉讼情况\n")
        if self.random.random() > 0.06:
            self.review()
        self.page.write("五、存在的主要问题及改进情况\n")
        for kind, words in (("problems", _PROBLEMS), ("improvements", _IMPROVEMENTS)):
            text = self.random.choice(words)
            self.made.sentences[kind] = text
            yield Passage(kind, "五、存在的主要问题及改进情况", self.page.write(text))
            self.page.write("\n")
        self.page.write("六、其他需要报告的事项\n")
        text = self.random.choice(_OTHER_MATTERS)
        self.made.sentences["other_matters"] = text
        yield Passage("other_matters", "六、其他需要报告的事项", self.page.write(text))
        self.page.write("\n")
        if self.random.random() < 0.45:
            self.page.write(LOCAL + "\n统计指标\t单位\t统计数\n")
            self.local()

    # ------------------------------------------------------------ the tables

    def active(self) -> None:
        section = "二、主动公开政府信息情况"
        clause = ""
        for item, measures in form.MEASURES[self.made.edition].items():
            if self.random.random() < 0.05:
                continue
            if form.ITEMS[item][0] != clause:
                clause = form.ITEMS[item][0]
                self.page.write(clause + "\n")
            printed: list[tuple[str, Key, dict[str, object]]] = []
            for measure, (column, unit) in measures.items():
                raw, fields = self.item_cell(section, item, measure, column, unit)
                printed.append((raw, (f"{item}.{measure}", ""), fields))
            self.page.row(form.ITEMS[item][1], printed)

    def item_cell(self, section: str, item: str, measure: str, column: str, unit: str) -> tuple[str, dict[str, object]]:
        value = self.count(0.3, {"rules": 3, "normative": 9, "fee": 6}.get(item, self.size * 3))
        if measure == "change":
            value = self.random.randint(-4, 4)
        raw, fields = self.printed(value, section, ACTIVE, form.ITEMS[item], (column,), unit)
        if unit == "元" and fields["state"] == "number":
            raw, amount = self.money(value, measure)
            fields["value"] = amount
        return raw, fields

    def money(self, value: int, measure: str) -> tuple[str, Decimal]:
        """(as printed, in 元): 371万元, 33500, 35.0742万元; a fee column is headed 万元."""
        if value == 0:
            return "0", Decimal(0)
        cents = Decimal(self.random.randint(1, 9999))
        if measure == "fee_amount":
            text = f"{value}.{self.random.randint(1, 99):02d}"
            return text, Decimal(text) * 10000
        way = self.random.choice(("万元", "元", "", "万"))
        if way in ("万元", "万"):
            text = f"{value}.{int(cents):04d}".rstrip("0")
            return text + way, Decimal(text) * 10000
        return f"{value * 1000 + int(cents)}{way}", Decimal(value * 1000 + int(cents))

    def applications(self) -> None:
        section = "三、收到和处理政府信息公开申请情况"
        rows = form.application_rows(not self.single_other)
        figures = self.drawn_applications(list(rows))
        empty_columns: set[str] = set()
        if self.random.random() < 0.05:  # all organisation columns left blank
            empty_columns = set(form.ORGANISATIONS)
        lost = {self.random.choice(list(rows)[2:-2])} if self.random.random() < 0.06 else set()
        for key, path in rows.items():
            if key in lost:
                continue
            printed = []
            for applicant, column in form.APPLICANTS.items():
                raw, fields = self.printed(figures[key][applicant], section, APPLICATIONS, path, column, "件")
                if applicant in empty_columns:
                    raw, fields = "", _cell(None, "blank", "", "件", APPLICATIONS, path, column, section)
                printed.append((raw, (key, applicant), fields))
            self.page.row(path[-1], printed)

    def drawn_applications(self, rows: list[str]) -> dict[str, dict[str, int]]:
        """Columns that balance: 一 + 二 = （七） + 四, and rows that add up."""
        figures: dict[str, dict[str, int]] = {key: {} for key in rows}
        leaves = [
            k
            for k in rows
            if k
            not in ("application.received", "application.carried_in", "application.total", "application.carried_out")
        ]
        for applicant in form.APPLICANTS:
            if applicant == "total":
                continue
            busy = self.size > 0 and self.random.random() < (0.95 if applicant == "individual" else 0.45)
            for key in leaves:
                figures[key][applicant] = self.count(0.55) if busy else 0
            done = sum(figures[k][applicant] for k in leaves)
            later = self.count(0.5, self.size // 2) if busy else 0
            earlier = self.random.randint(0, min(done + later, max(1, self.size // 3))) if busy else 0
            figures["application.total"][applicant] = done
            figures["application.carried_out"][applicant] = later
            figures["application.carried_in"][applicant] = earlier
            figures["application.received"][applicant] = done + later - earlier
        for columns in figures.values():
            columns["total"] = sum(columns.values())
        return figures

    def review(self) -> None:
        section = "四、政府信息公开行政复议、行政诉讼情况"
        printed = []
        for block, labels in form.BLOCKS.items():
            busy = self.random.random() < 0.5
            counts = {o: self.count(0.4, 9) if busy else 0 for o in form.OUTCOMES if o != "total"}
            counts["total"] = sum(counts.values())
            for outcome, label in form.OUTCOMES.items():
                raw, fields = self.printed(counts[outcome], section, REVIEW, (), (*labels, label), "件")
                printed.append((raw, (f"{block}.{outcome}", ""), fields))
        self.page.row("", printed)

    def local(self) -> None:
        section = "六、其他需要报告的事项"
        part_time, full_time = self.random.randint(0, 6), self.random.randint(0, 3)
        for key, (path, unit) in {**form.LOCAL, **form.OWN_ROWS}.items():
            if self.random.random() < 0.06:
                continue
            value = {
                "local.staff": part_time + full_time,
                "local.staff_part_time": part_time,
                "local.staff_full_time": full_time,
            }.get(key)
            value = self.count(0.3, 900 if unit == "条" else 30) if value is None else value
            raw, fields = self.printed(value, section, LOCAL, path, ("统计数",), unit)
            if unit == "元" and fields["state"] == "number":
                fields["value"] = Decimal(value)
            self.page.row(f"{path[-1]}\t{unit}", [(raw, (key, ""), fields)])

    def prose(self) -> Span:
        start = self.page.length
        section = "一、总体情况"
        for key, path, before, after, unit in _SENTENCES:
            if self.random.random() < 0.5:
                continue
            value = self.random.randint(2, 700)
            first = self.page.length
            self.page.write(before)
            span = self.page.write(str(value))
            self.page.write(after)
            fields = _cell(Decimal(value), "number", str(value), unit, "", path, (), section)
            fields["table"] = None
            self.page.keep(span, Span(first, self.page.length), str(value), (key, ""), fields)
        self.page.write("各项工作按条例要求推进。\n")
        return Span(start, self.page.length - 1)


# key, path of the fact, the sentence before and after the figure, unit
_SENTENCES = (
    ("prose.broadcast", ("村村响广播", "播出政策"), "村村响广播全年播出政策", "期。", "期"),
    ("prose.leaflets", ("政策明白卡", "印制"), "面向企业印制政策明白卡", "份。", "份"),
    ("prose.visits", ("入户走访", "宣讲政策"), "网格员入户走访宣讲政策", "次。", "次"),
    ("prose.kiosks", ("便民终端", "安装"), "在村社安装便民终端", "台。", "台"),
)
_PROBLEMS = (
    "存在的问题：公开内容更新不够及时，个别科室主动性不强。",
    "存在的问题：栏目设置不够清晰，群众查找信息不方便。",
    "存在的问题：专业力量不足，答复文书质量有待提高。",
)
_IMPROVEMENTS = (
    "改进措施：每季度开展一次自查，建立更新台账。",
    "改进措施：调整网站栏目，增加检索入口。",
    "改进措施：选派骨干跟班学习，统一答复文书模板。",
)
_OTHER_MATTERS = ("本年度没有其他需要报告的事项。", "本年度未收取信息处理费。")


def make() -> list[Made]:
    """All reports: each body has four of the six years."""
    random = Random(_SEED)
    out = []
    for body in bodies():
        for year in sorted(random.sample(YEARS, _EACH)):
            out.append(_Maker(body, year, random).make())
    return out
