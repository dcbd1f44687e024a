"""A report made for a test: a form of zeros with the cells that the test names, and true offsets for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from knowledge.catalogue import ACTIVE, APPLICATIONS, REVIEW, Catalogue, catalogue
from knowledge.model import Edition, Fact, Passage, Report, Span, State

HEADINGS = {
    "overview": "一、总体情况",
    "active": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}
COLUMNS = ("individual", "business", "research", "public_interest", "legal_service", "other", "total")
WORDS = {
    "overview": "全年按照条例做好各项公开工作。",
    "problems": "公开的及时性还不够，下一步加强培训和检查。",
    "other_matters": "没有其他需要报告的事项。",
}


@dataclass(frozen=True)
class Said:
    """A figure in the prose: what the sentence ``text`` says of ``metric``, printed as ``raw``.

    ``again``: a further figure of the sentence before, which is printed once.
    """

    text: str
    raw: str
    metric: str | None = None
    applicant: str | None = None
    unit: str | None = "件"
    approximate: bool = False
    year: int | None = None
    again: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a local table: its path, what is printed, and its unit."""

    path: tuple[str, ...]
    raw: str
    unit: str | None = "次"
    metric: str | None = None


@dataclass
class _Page:
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def write(self, text: str) -> Span:
        self.parts.append(text)
        start, self.length = self.length, self.length + len(text)
        return Span(start, self.length)


def made(
    cells: Mapping[str, str | int] | None = None,
    *,
    org: str = "甲县乙街道办事处",
    year: int = 2020,
    edition: Edition | None = None,
    published: date | None = None,
    title: str | None = None,
    said: Sequence[Said] = (),
    local: Sequence[Row] = (),
    words: Mapping[str, str] | None = None,
    without: Iterable[str] = (),
    headings: Mapping[str, str] | None = None,
    order: Sequence[str] = tuple(HEADINGS),
) -> Report:
    """``cells``: "application.received/individual" or "review.total" → what is printed ("" blank, "—" struck).

    Other cells are 0. ``without`` names rows, tables or sections that are not printed at all.
    """
    given = {key: str(value) for key, value in (cells or {}).items()}
    edition = edition or ("2019" if year <= 2020 else "2021")
    gone, heads, prose = set(without), {**HEADINGS, **(headings or {})}, {**WORDS, **(words or {})}
    page, facts, passages = _Page(), [], []
    title = f"{org}{year}年度政府信息公开工作年度报告" if title is None else title
    passages.append(Passage("title", None, page.write(title)))
    page.write("\n")
    known = catalogue()
    for section in order:
        if section in gone:
            continue
        page.write(heads[section] + "\n")
        if section in prose:
            passages.append(Passage(section, heads[section], page.write(prose[section])))
            page.write("\n")
        if section == "overview":
            for figure in said:
                facts.append(_said(page, figure, heads[section], facts[-1].quote if figure.again else None))
        rows = {"active": _active, "applications": _applications, "review": _review}.get(section)
        if rows is not None and f"{section} table" not in gone:
            for line in rows(known, edition, given, gone):
                facts.extend(_line(page, line, heads[section]))
        if section == "active":
            for row in local:
                cell = (row.metric or "", None, "本地情况", row.path, ("统计数",), row.unit, row.raw)
                facts.extend(_line(page, [cell], heads[section]))
    if published is not None:
        date_line = f"{org}\n{published.year}年{published.month}月{published.day}日"
        passages.append(Passage("signature", None, page.write(date_line)))
    named = {key for key in given if not key.endswith(" column")}
    assert not named - {_key(f.metric, f.applicant) for f in facts}, "a cell that the form does not have"
    text = "".join(page.parts)
    return Report(org, (), year, edition, published, title, org, text, tuple(facts), tuple(passages))


_Cell = tuple[str, str | None, str, tuple[str, ...], tuple[str, ...], str | None, str]


def _key(metric: str | None, applicant: str | None) -> str:
    return f"{metric}/{applicant}" if applicant else str(metric)


def _line(page: _Page, cells: Sequence[_Cell], section: str) -> list[Fact]:
    start = page.length
    page.write(cells[0][3][-1] if cells[0][3] else "")
    spans = []
    for cell in cells:
        page.write("\t")
        spans.append(page.write(cell[6]))
    quote = Span(start, page.length)
    page.write("\n")
    return [
        Fact(table, path, column, *_read(raw, unit), span, quote, section, metric or None, applicant)
        for (metric, applicant, table, path, column, unit, raw), span in zip(cells, spans, strict=True)
    ]


def _read(raw: str, unit: str | None) -> tuple[Decimal | None, str | None, str, State]:
    if not raw:
        return None, unit, raw, "blank"
    if raw in ("—", "/", "——"):
        return None, unit, raw, "struck"
    amount = raw.removesuffix("元").removesuffix("万")
    try:
        value = Decimal(amount)
    except ArithmeticError:
        return None, unit, raw, "unreadable"
    return (value * 10000 if "万" in raw else value), unit, raw, "number"


def _said(page: _Page, figure: Said, section: str, sentence: Span | None) -> Fact:
    quote = sentence or page.write(figure.text)
    if sentence is None:
        page.write("\n")
    start = quote.start + figure.text.index(figure.raw)
    zero = not figure.raw[0].isdigit()
    value = Decimal(0) if zero else Decimal(figure.raw)
    return Fact(
        None,
        (figure.metric or "数量",),
        (),
        value,
        figure.unit,
        figure.raw,
        "number",
        Span(start, start + len(figure.raw)),
        quote,
        section,
        figure.metric,
        figure.applicant,
        (),
        figure.approximate,
        figure.year,
    )


def _applications(known: Catalogue, edition: str, given: Mapping[str, str], gone: set[str]) -> Iterable[list[_Cell]]:
    split = edition != "2019" and "split" not in gone
    for entry in known.rows.values():
        has_parts = entry.key == "application.other" and split
        if entry.group or has_parts or entry.key in gone or (entry.editions and not split):
            continue
        path = known.metrics[entry.key].path
        yield [
            (
                entry.key,
                column,
                APPLICATIONS,
                path,
                _column(known, column),
                "件",
                given.get(f"{entry.key}/{column}", "0"),
            )
            for column in COLUMNS
        ]


def _column(known: Catalogue, key: str) -> tuple[str, ...]:
    entry = known.applicants[key]
    return (known.applicants[entry.under].label, entry.label) if entry.under else (entry.label,)


def _review(known: Catalogue, edition: str, given: Mapping[str, str], gone: set[str]) -> Iterable[list[_Cell]]:
    keys = [
        f"{block}.{outcome}"
        for block in ("review", "litigation.direct", "litigation.after_review")
        for outcome in known.outcomes
    ]
    yield [
        (key, None, REVIEW, (), known.metrics[key].column, "件", given.get(key, "0")) for key in keys if key not in gone
    ]


def _active(known: Catalogue, edition: str, given: Mapping[str, str], gone: set[str]) -> Iterable[list[_Cell]]:
    for item in known.items.values():
        cells: list[_Cell] = []
        for measure in item.measures:
            key = f"{item.key}.{measure}"
            metric = known.metrics[key]
            if metric.editions and edition not in metric.editions:
                continue
            column = (given.get(f"{key} column", known.measures[measure].label),)
            cells.append((key, None, ACTIVE, metric.path, column, metric.unit, given.get(key, "0")))
        if cells and item.key not in gone:
            yield cells
