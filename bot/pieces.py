"""Pieces that every computed answer is put together from: heads, lists, parts, coverage, what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.answer import Answer, Figure
from bot.desk import MOST_SHOWN, Desk
from bot.measure import Measured, measure
from db.select import ReportRow
from knowledge.query import Query, Target
from knowledge.wording import listing, plain_number, years

# how many figures the head of an answer names
_MOST_NAMED = 3


class Pieces(Desk):
    """Pieces that every computed answer is put together from: heads, lists, parts, coverage, what is lacking."""

    def _head(self, query: Query, number: Sequence[Measured]) -> str:
        who = f"{number[0].report.label} · " if all_same(m.report.label for m in number) else ""
        when = years(query.years) or (f"{number[0].report.year}年" if all_same(m.report.year for m in number) else "")
        names = list(dict.fromkeys(t.name for t in query.targets))
        what = "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}项" if len(names) > _MOST_NAMED else "")
        where = "、".join(place.rpartition("/")[2] for place in query.places)
        who = who or (f"{where} · " if where else "")
        return f"{who}{when + ' · ' if when else ''}{what}" if number else f"{where}{when}"

    # the figures compared last, and whether they are of one body, one year, one name
    _compared: tuple[Sequence[Measured], tuple[bool, bool, bool]] | None = None

    def _alike(self, among: Sequence[Measured]) -> tuple[bool, bool, bool]:
        if self._compared is None or self._compared[0] is not among:
            bodies, years_there = (m.report.organisation for m in among), (m.report.year for m in among)
            names = (m.target.name for m in among)
            self._compared = (among, (all_same(bodies), all_same(years_there), all_same(names)))
        return self._compared[1]

    def _who(self, measured: Measured, among: Sequence[Measured]) -> str:
        """The body; with the year where years differ, with the figure's name where figures do."""
        same_body, same_year, same_name = self._alike(among)
        if same_body and same_year:
            return measured.report.label if same_name else measured.name
        text = (
            f"{measured.report.year}年"
            if same_body
            else measured.report.label + ("" if same_year else f"（{measured.report.year}年）")
        )
        return text if same_name else f"{text}{measured.name}"

    def _counted(self, among: Sequence[Measured]) -> str:
        """How many were compared: bodies, or years or figures of one body."""
        return f"{len(among)}{self._counter(among)}"

    def _counter(self, among: Sequence[Measured]) -> str:
        same_body, same_year, same_name = self._alike(among)
        if not same_body and not same_year and len({m.report.organisation for m in among}) < len(among):
            return "份"  # a body that is there with two years is no two bodies
        return "家" if not same_body or (same_year and same_name) else "项" if same_year else "年"

    def _subject(self, query: Query, among: Sequence[Measured]) -> str:
        """What a comparison is about, before its sentence: the figure where both sides are one figure, the body and
        year where both are of one report."""
        same_body, same_year, same_name = self._alike(among)
        if same_name:
            return f"{query.targets[0].name}："
        first = among[0].report
        return f"{first.label} · {first.year}年 · " if same_body and same_year else ""

    def _list(
        self,
        answer: Answer,
        shown: Sequence[Measured],
        among: Sequence[Measured],
        ranked: bool = False,
        by_year: bool = False,
        lines: bool = True,
    ) -> None:
        place = 0
        for index, m in enumerate(shown):
            if index == 0 or m.value != shown[index - 1].value:
                place = index + 1
            self.add_figure(answer, m)
            if lines:
                name = f"{m.report.year}年" if by_year else self._who(m, among)
                answer.lines.append((f"{place}. " if ranked else "· ") + f"{name}：{m.shown}")
        self._quoted(answer)

    def _with_cells(self, shown: Sequence[Measured]) -> list[Measured]:
        """Rows that came as sums from the database get their cells, for quotes."""
        if all(m.cells for m in shown):
            return list(shown)
        by_target: dict[Target, list[Measured]] = {}
        for m in shown:
            by_target.setdefault(m.target, []).append(m)
        full = {
            (m.report.id, t): m
            for t, group in by_target.items()
            for m in measure(self.selector, [g.report for g in group], t)
        }
        return [full[(m.report.id, m.target)] for m in shown]

    def _parts(
        self,
        answer: Answer,
        number: list[Measured],
        value: Decimal,
        unit: str | None,
        name: str,
        sign: str,
        formula: str = "",
    ) -> None:
        """The figures a computed value came from, then the value; many are not listed but counted."""
        if len(number) > MOST_SHOWN:
            answer.figures.append(
                Figure(None, None, name, value, unit, derived=True, formula=formula or f"{len(number)}份报告的数相加")
            )
            return
        ordered = self._with_cells(number)
        self._list(answer, ordered, number)
        one = len({m.report.organisation for m in number}) == 1
        year = number[0].report.year if len({m.report.year for m in number}) == 1 else None
        answer.figures.append(
            Figure(
                number[0].report.org if one else None,
                year,
                name,
                value,
                unit,
                parts=tuple(range(len(ordered))),
                derived=True,
                formula=formula or sign.join(plain_number(m.number) for m in ordered),
            )
        )

    def _comparable(self, answer: Answer, number: Sequence[Measured]) -> bool:
        units = {m.unit for m in number}
        if len(units) > 1 and ("元" in units or "%" in units):
            answer.status, answer.reason = "clarify", "units_differ"
            answer.lines = [
                "这几个数单位不同（" + "、".join(f"{m.name}：{m.unit}" for m in number) + "），不能直接比较或相加。"
            ]
            return False
        return True

    def _coverage(self, answer: Answer, query: Query, number: Sequence[Measured], missing: Sequence[Measured]) -> None:
        blank = [m for m in missing if m.kind == "blank"]
        absent = [m for m in missing if m.kind == "absent"]
        total = len(number) + len(missing)
        if blank:
            answer.lines.append(
                f"（{total}份中有{len(blank)}份没填，没有算进去：{listing([m.report.label for m in blank])}）"
            )
        if absent:
            answer.lines.append(
                f"（{total}份中有{len(absent)}份的表格没有这一栏：{listing([f'{m.report.label}{m.report.year}年' for m in absent])}）"
            )

    def _none(self, answer: Answer, query: Query, found: Sequence[Measured]) -> None:
        name = "、".join(t.name for t in query.targets) or "这个数"
        blank = [m for m in found if m.kind == "blank"]
        answer.status = "blank" if blank and len(blank) == len(found) else "no_data"
        answer.reason = "nothing_to_compute"
        answer.lines = [
            f"{years(query.years)}的报告里都没有“{name}”这个数。"
            if query.years
            else f"库里的报告都没有“{name}”这个数。"
        ]

    def _lacking(self, answer: Answer, query: Query, number: Sequence[Measured], missing: Sequence[Measured]) -> None:
        lost = missing[0]
        why = "没有填这一格（不等于0）" if lost.kind == "blank" else "没有这一项"
        answer.status, answer.reason = "no_data" if lost.kind == "absent" else "blank", "one_missing"
        have = "；".join(f"{self._who(m, [*number, *missing])}是{m.shown}" for m in number)
        answer.lines = [
            f"算不了：{lost.report.label}{lost.report.year}年的报告{why}“{lost.target.name}”。"
            if lost.kind == "absent"
            else f"算不了：{lost.report.label}{lost.report.year}年“{lost.target.name}”{why}。",
            f"{have}。",
        ]

    def _cannot(self, answer: Answer, report: ReportRow, measured: Measured | None, target: Target) -> None:
        if measured is not None and measured.kind == "blank":
            answer.status, answer.reason = "blank", "blank"
            answer.lines = [f"{report.label}{report.year}年“{target.name}”这一格没有填（不等于0），算不了。"]
            return
        answer.status, answer.reason = "no_data", "no_such_figure"
        answer.lines = [f"{report.label}{report.year}年的报告里没有“{target.name or target.words}”这一项，算不了。"]

    def _quoted(self, answer: Answer) -> None:
        for quote in answer.quotes[:6]:
            line = f"> {quote.shown}（{quote.source}）"
            if line not in answer.lines:
                answer.lines.append(line)

    def _warnings(self, answer: Answer) -> None:
        for line in answer.warning_lines(5):
            if line not in answer.lines:
                answer.lines.append(line)


def all_same(values: Iterable[object]) -> bool:
    """Is there a value, and no other? Looks no further than the first other one."""
    rest = iter(values)
    nothing = object()
    first = next(rest, nothing)
    return first is not nothing and all(value == first for value in rest)
