"""Sum, average, difference, comparison, ranking, extremes, position, count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from heapq import nlargest, nsmallest
from operator import eq, ge, gt, le, lt

from bot.answer import Answer, Figure
from bot.desk import MOST_SHOWN
from bot.measure import Measured
from bot.pieces import Pieces
from knowledge.query import Query
from knowledge.wording import amount, listing, plain_number, rounded


class Operations(Pieces):
    """Sum, average, difference, comparison, ranking, extremes, position, count."""

    def _sum(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if not self._comparable(answer, number):
            return
        total = sum((m.number for m in number), Decimal(0))
        unit = number[0].unit
        head = self._head(query, number)
        answer.lines.append(f"{head}合计：{amount(total, unit)}")
        self._parts(answer, number, total, unit, f"{query.targets[0].name}合计", " + ")
        self._coverage(answer, query, number, missing)

    def _average(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if self._alone(answer, query, number):
            return
        total = sum((m.number for m in number), Decimal(0))
        mean = rounded(total / len(number))
        unit = number[0].unit
        each = "年" if len({m.report.organisation for m in number}) == 1 else "家"
        answer.lines.append(
            f"{self._head(query, number)}平均每{each}：{amount(mean, unit)}（{plain_number(total)} ÷ {len(number)}{each}）"
        )
        self._parts(
            answer,
            number,
            mean,
            unit,
            f"平均{query.targets[0].name}",
            "",
            formula=f"{plain_number(total)} ÷ {len(number)}",
        )
        self._coverage(answer, query, number, missing)

    def _difference(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if len(number) != 2:
            answer.status, answer.reason = "clarify", "two_needed"
            answer.lines = ["比差多少要两个数，请说明是哪两家（或哪两年）。"]
            return
        if not self._comparable(answer, number):
            return
        first, second = number
        gap = first.number - second.number
        unit = first.unit
        word = "多" if gap > 0 else "少"
        said = (
            "两者一样"
            if gap == 0
            else f"{self._who(first, number)}比{self._who(second, number)}{word}{amount(abs(gap), unit)}"
        )
        answer.lines.append(f"{self._subject(query, number)}{said}")
        self._parts(answer, number, abs(gap), unit, f"{query.targets[0].name}之差", " − ")

    def _times(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        """「是…的几倍」: the first over the second."""
        if len(number) != 2 or not number[1].number:
            answer.status, answer.reason = "clarify", "two_needed"
            answer.lines = ["算几倍要两个数，后一个不能是0，请说明是哪两家（或哪两年）。"]
            return
        if not self._comparable(answer, number):
            return
        first, second = number
        times = rounded(first.number / second.number)
        answer.lines.append(
            f"{self._subject(query, number)}{self._who(first, number)}是{self._who(second, number)}的{plain_number(times)}倍"
        )
        self._parts(answer, number, times, "倍", f"{query.targets[0].name}倍数", " ÷ ")

    def _compare(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if len(number) == 1:
            answer.status, answer.reason = "clarify", "two_needed"
            answer.lines = ["比较要两个数，请说明跟谁（或跟哪一年）比。"]
            return
        if not self._comparable(answer, number):
            return
        ordered = sorted(number, key=lambda m: m.number, reverse=query.descending)
        best = [m for m in ordered if m.value == ordered[0].value]
        word = "更多" if query.descending else "更少"
        if query.plain and not query.verdict:
            answer.lines.append(f"{self._head(query, number)}：")
            self._list(answer, number, number)
            return
        if len(best) == len(ordered):
            head = f"{self._subject(query, number)}一样多，都是{ordered[0].shown}"
        else:
            winners = "、".join(self._who(m, number) for m in best)
            head = f"{self._subject(query, number)}{winners}{word}，{ordered[0].shown}"
        answer.lines.append(head)
        if query.verdict and len(number) == 2:
            first = number[0]
            answer.verdict = len(best) == len(ordered) if query.same else best == [first]
            answer.lines[-1] = ("是，" if answer.verdict else "不是，") + answer.lines[-1]
        self._list(answer, ordered, number)

    def _alone(self, answer: Answer, query: Query, number: list[Measured]) -> bool:
        """A ranking of one figure of one named body says nothing: asks what is to be compared."""
        if not query.organisations or len(number) > 1 or len(query.targets) > 1:
            return False
        one = number[0]
        answer.status, answer.reason = "clarify", "one_only"
        answer.lines = [
            f"{one.report.label}{one.report.year}年“{one.name}”只有一个数（{one.shown}），比不出最多最少。要跟谁、跟哪几项比？"
        ]
        return True

    def _rank(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if self._alone(answer, query, number):
            return
        if query.nth and query.limit:
            self._nth(answer, query, _first(number, len(number), query.descending), missing)
            return
        limit = query.limit or MOST_SHOWN
        ordered = _first(number, limit, query.descending)
        shown = ordered[:limit]
        while (
            len(shown) < len(ordered)
            and query.limit
            and ordered[len(shown)].value == shown[-1].value
            and len(shown) < limit + 10
        ):
            shown = ordered[: len(shown) + 1]
        part = f"，列前{len(shown)}" if len(shown) < len(number) else ""
        order = "从多到少" if query.descending else "从少到多"
        answer.lines.append(f"{self._head(query, number)}排名（{order}，共{self._counted(number)}{part}）：")
        self._list(answer, self._with_cells(shown), number, ranked=True)
        self._coverage(answer, query, number, missing)

    def _nth(self, answer: Answer, query: Query, ordered: list[Measured], missing: list[Measured]) -> None:
        """「第二多的是谁」: those in that place; bodies with the same figure share one."""
        head, wanted = self._head(query, ordered), query.limit or 1
        if wanted > len(ordered):
            answer.status, answer.reason = "no_data", "too_few"
            answer.lines = [f"{head}只有{len(ordered)}家可比，没有第{wanted}名。"]
            return
        value = ordered[wanted - 1].value
        here = [m for m in ordered if m.value == value]
        place = 1 + next(i for i, m in enumerate(ordered) if m.value == value)
        order = "从多到少" if query.descending else "从少到多"
        tie = f"，{len(here)}家并列第{place}" if len(here) > 1 else ""
        who = "、".join(self._who(m, ordered) for m in here[:MOST_SHOWN])
        answer.lines.append(f"{head}{order}第{wanted}的是{who}：{here[0].shown}{tie}（共比较{len(ordered)}家）")
        self._list(answer, self._with_cells(here[:MOST_SHOWN]), ordered, lines=False)
        self._coverage(answer, query, ordered, missing)

    def _extreme(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if self._alone(answer, query, number):
            return
        if query.limit and query.limit > 1:
            self._rank(answer, query, number, missing)
            return
        high = query.operation == "max"
        edge = (max if high else min)(m.number for m in number)
        best = [m for m in number if m.value == edge]
        word = "最多" if high else "最少"
        if number[0].unit == "元":
            word = "最高" if high else "最低"
        if len(best) > 8:
            first = listing([self._who(m, number) for m in best], 8)
            tied = f"有{len(best)}{self._counter(number)}并列：{first}"
            answer.lines.append(f"{self._head(query, number)}{word}的是{amount(edge, number[0].unit)}，{tied}")
            answer.figures.append(
                Figure(
                    None,
                    None,
                    f"{query.targets[0].name}{word}",
                    edge,
                    number[0].unit,
                    derived=True,
                    formula=f"{len(number)}家中{word}",
                )
            )
            return
        tie = f"，{len(best)}{self._counter(number)}并列" if len(best) > 1 else ""
        who = "、".join(self._who(m, number) for m in best)
        shown = amount(edge, number[0].unit)
        among = query if len(query.targets) < 4 else replace(query, targets=())  # 自然人…等6项最多的是 is no sentence
        answer.lines.append(
            f"{self._head(among, number)}{word}的是{who}：{shown}{tie}（共比较{self._counted(number)}）"
        )
        self._list(answer, self._with_cells(best), number, lines=False)
        self._coverage(answer, query, number, missing)

    def _position(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        """「柴桥排第几」: each figure among those of all reports of the same year."""
        fields = [(mine, self._field(query, mine)) for mine in number]
        outside = next((mine for mine, field in fields if mine.report.id not in {m.report.id for m in field}), None)
        if outside is not None:
            what = "、".join(query.group) or "要比的单位"
            answer.status, answer.reason = "clarify", "not_among"
            answer.lines = [f"{outside.report.label}不是{what}，排不了名次。要在哪些单位里排？"]
            return
        for mine, field in fields:
            self._place(answer, query, mine, field)
        self._coverage(answer, query, number, missing)

    def _field(self, query: Query, mine: Measured) -> list[Measured]:
        """The same figure of everybody who is asked about, in the same year."""
        wide = replace(query, targets=(mine.target,), organisations=(), every=True, years=(mine.report.year,))
        among = self.of_kind(query, self.selector.reports(years=[mine.report.year], places=query.places))
        return [m for m in self.measured(wide, among) if m.kind == "number"]

    def _place(self, answer: Answer, query: Query, mine: Measured, field: list[Measured]) -> None:
        better = sum(1 for m in field if (m.number > mine.number) == query.descending and m.value != mine.value)
        equal = sum(1 for m in field if m.value == mine.value) - 1
        tie = f"（与另外{equal}家并列）" if equal > 0 else ""
        kinds = "、".join(query.group)
        answer.lines.append(
            f"{mine.report.label} · {mine.report.year}年 · {mine.name}：{mine.shown}，在{len(field)}家{kinds}中排第{better + 1}{tie}"
        )
        self._list(answer, [mine], [mine], lines=False)
        answer.figures.append(
            Figure(
                mine.report.org,
                mine.report.year,
                f"{mine.name}名次",
                Decimal(better + 1),
                "名",
                derived=True,
                formula=f"{mine.report.year}年{len(field)}家{'从多到少' if query.descending else '从少到多'}",
            )
        )

    def _unfilled(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        """「谁没填采购金额」: a cell left empty is one thing, a form without that column another; neither is 0."""
        blank = [m for m in missing if m.kind == "blank"]
        absent = [m for m in missing if m.kind == "absent"]
        name, total = query.targets[0].name, len(number) + len(missing)
        answer.lines.append(
            f"{self._head(query, [])}{total}份报告里，{len(blank)}份没填“{name}”" + ("：" if blank else "。")
        )
        answer.lines.extend(f"· {m.report.label}（{m.report.year}年）" for m in blank[:MOST_SHOWN])
        for m in self._with_cells(blank[:MOST_SHOWN]):
            for cell in m.cells:
                if cell.state != "number" and cell.quote:
                    answer.quote(m.report, cell)
        if absent:
            there = listing([f"{m.report.label}{m.report.year}年" for m in absent])
            answer.lines.append(f"另有{len(absent)}份的表格没有这一栏：{there}")
        counted = f"数出{total}份报告中这一格是空的"
        answer.figures.append(
            Figure(None, None, f"没填{name}的报告数", Decimal(len(blank)), "份", derived=True, formula=counted)
        )

    def _count(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        condition = query.condition
        if condition is None:
            return
        if condition.sign == "blank":
            self._unfilled(answer, query, number, missing)
            return
        hits = [m for m in number if holds(condition.sign, m.number, condition.value)]
        bodies = len({m.report.organisation for m in hits})
        name = query.targets[0].name
        zero = condition.value == 0 and condition.sign in (">", "==")
        what = (
            (f"有“{name}”" if condition.sign == ">" else f"没有“{name}”（报告填0）")
            if zero
            else f"“{name}”{WORDS[condition.sign]}{amount(condition.value, number[0].unit)}"
        )
        hits.sort(key=lambda m: -m.number)
        how_many = f"{bodies}家单位" if bodies or what.startswith("没有") else "没有一家单位"
        answer.lines.append(
            f"{self._head(query, [])}{how_many}{what}（共看了{len(number)}份报告）" + ("：" if hits else "。")
        )
        shown = hits[:MOST_SHOWN]
        self._list(answer, self._with_cells(shown), number, ranked=False)
        if len(shown) < len(hits):
            answer.lines.append(f"……等{len(hits)}份")
        parts = tuple(range(len(shown))) if shown and len(shown) == len(hits) else None
        answer.figures.append(
            Figure(
                None,
                query.years[0] if len(query.years) == 1 else None,
                f"{what}的单位数",
                Decimal(bodies),
                "个",
                parts=parts,
                derived=True,
                formula="" if parts else f"数出{len(number)}份报告中符合的",
            )
        )
        self._coverage(answer, query, number, missing)


_SIGNS = {">": gt, "<": lt, ">=": ge, "<=": le, "==": eq}
# how a bound is said
WORDS = {">": "超过", "<": "不到", ">=": "达到", "<=": "不超过", "==": "等于"}


def _first(number: list[Measured], limit: int, descending: bool) -> list[Measured]:
    """The first ``limit`` in order of their values, and all that equal the last of them; equals by year and body."""
    values = [m.value for m in number if m.value is not None]
    edge = (nlargest if descending else nsmallest)(limit, values)[-1]
    best = [m for m, value in zip(number, values, strict=True) if (value >= edge if descending else value <= edge)]
    return sorted(best, key=lambda m: (-m.number if descending else m.number, m.report.year, m.report.org))


def holds(sign: str, value: Decimal, bound: Decimal) -> bool:
    """Does ``value sign bound`` hold?"""
    return bool(_SIGNS[sign](value, bound))
