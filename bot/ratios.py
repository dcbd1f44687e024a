"""One ratio in several reports: shown side by side, compared, ranked; what cannot be a share takes no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.answer import Answer, Figure
from bot.desk import MOST_SHOWN
from bot.measure import Measured
from bot.operations import WORDS, holds
from bot.pieces import Pieces, all_same
from db.select import ReportRow
from knowledge.query import Query, Target
from knowledge.wording import amount, listing, percent, plain_number, rounded, years


@dataclass(frozen=True, slots=True)
class Ratio:
    """``up`` over ``down``, each added up with its signs. ``unit`` "%" for a part of a whole, else 元."""

    name: str
    formula: str
    unit: str
    up: tuple[tuple[int, Target], ...]
    down: tuple[tuple[int, Target], ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """A ratio in one report, with the figures above and below the line."""

    ratio: Ratio
    report: ReportRow
    up: tuple[Measured, ...]
    down: tuple[Measured, ...]
    value: Decimal

    @property
    def possible(self) -> bool:
        """More than the whole, or less than nothing: the report contradicts itself."""
        return self.ratio.unit != "%" or 0 <= self.value <= 1

    @property
    def number(self) -> Decimal:
        """As it is shown: a percentage, or 元."""
        return rounded(self.value * 100 if self.ratio.unit == "%" else self.value)

    @property
    def shown(self) -> str:
        """The number with its unit."""
        if self.ratio.unit == "%":
            return f"{percent(self.number)}%"
        return amount(self.number.quantize(Decimal("0.01")), self.ratio.unit)


class Ratios(Pieces):
    """One ratio in several reports."""

    def _ratio(self, answer: Answer, query: Query, scope: list[ReportRow], ratio: Ratio) -> None:
        rated = self._rated(query, scope, ratio)
        if not rated:
            answer.status, answer.reason = "no_data", "rate_undefined"
            who = f"{scope[0].label}{scope[0].year}年" if len(scope) == 1 else f"这{len(scope)}份报告都"
            answer.lines = [f"{who}算不出{ratio.name}：{ratio.formula}里有没填的数，或分母是0。"]
            return
        found = {x.report.id for x in rated}
        lost = [r for r in scope if r.id not in found]
        if lost and not query.every and query.operation in ("compare", "difference", "max", "min", "rank"):
            there = "、".join(f"{r.label}{r.year}年" for r in lost)
            answer.status, answer.reason = "no_data", "rate_undefined"
            answer.lines = [f"没法比：{there}算不出{ratio.name}，{ratio.formula}里有没填的数，或分母是0。"]
            self._show(answer, rated)
            answer.figures.clear()
            answer.quotes.clear()
            return
        fair = [r for r in rated if r.possible]
        ordered = sorted(fair, key=lambda r: (-r.value if query.descending else r.value, r.report.year, r.report.org))
        ranking = query.operation in ("max", "min", "rank")
        against = query.operation in ("compare", "difference") or ranking
        if query.condition is not None:
            self._within(answer, query, ordered, rated)
        elif against and len(rated) > 1 and not (ordered if ranking else len(fair) == len(rated)):
            self._show(answer, rated)
            answer.lines.insert(0, f"{ratio.name}没法比：{self._named_impossible(rated)}，报告自己的数对不上。")
        elif query.operation == "position":
            self._ratio_position(answer, query, rated[0])
        elif ranking and (query.every or len(rated) > 1):
            self._ranked(answer, query, ordered)
        elif query.operation in ("compare", "difference") and len(rated) > 1:
            self._against(answer, query, ordered)
        else:
            self._show(answer, rated)
        if ranking or query.condition is not None:
            self._left_out(answer, rated, lost)
        elif lost:
            there = listing([f"{r.label}{r.year}年" for r in lost])
            answer.lines.append(f"（{there}算不出：有没填的数，或分母是0）")
        self._quoted(answer)
        self._warnings(answer)

    def _rated(self, query: Query, scope: list[ReportRow], ratio: Ratio) -> list[Rated]:
        """In the order of ``scope``; reports where a figure is missing or the whole is 0 are left out."""
        by_target = {}
        for _, target in (*ratio.up, *ratio.down):
            wide = replace(query, targets=(target,), every=len(scope) > MOST_SHOWN)
            by_target[target] = {m.report.id: m for m in self.measured(wide, scope)}
        out = []
        for report in scope:
            up = tuple(by_target[t][report.id] for _, t in ratio.up)
            down = tuple(by_target[t][report.id] for _, t in ratio.down)
            if any(m.kind != "number" for m in (*up, *down)):
                continue
            above, below = (
                sum((sign * m.number for (sign, _), m in zip(side, found, strict=True)), Decimal(0))
                for side, found in ((ratio.up, up), (ratio.down, down))
            )
            if below:
                out.append(Rated(ratio, report, up, down, above / below))
        return out

    def _show(self, answer: Answer, rated: Sequence[Rated], numbered: bool = False) -> None:
        """One line each, with the figures it was computed from."""
        place = 0
        for index, one in enumerate(rated[:MOST_SHOWN]):
            if index == 0 or one.value != rated[index - 1].value:
                place = index + 1
            indexes = []
            full = self._with_cells([*one.up, *one.down])
            for m in full:
                self.add_figure(answer, m)
                indexes.append(len(answer.figures) - 1)
            head = f"{place}. " if numbered else ""
            answer.lines.append(
                f"{head}{one.report.label} · {one.report.year}年 · {one.ratio.name}：{one.shown}（{_working(one)}）"
            )
            answer.figures.append(
                Figure(
                    one.report.org,
                    one.report.year,
                    one.ratio.name,
                    one.number,
                    one.ratio.unit,
                    parts=tuple(indexes),
                    derived=True,
                    formula=one.ratio.formula,
                )
            )

    def _ranked(self, answer: Answer, query: Query, ordered: Sequence[Rated]) -> None:
        limit = query.limit or (1 if query.operation in ("max", "min") else MOST_SHOWN)
        shown = list(ordered[:limit])
        shown.extend(r for r in ordered[limit : limit + 10] if r.value == shown[-1].value)
        name = ordered[0].ratio.name
        order = "从高到低" if query.descending else "从低到高"
        if query.nth and query.limit:
            if query.limit > len(ordered):
                answer.lines.append(f"{name}只有{len(ordered)}家可比，没有第{query.limit}名。")
                return
            value = ordered[query.limit - 1].value
            shown = [r for r in ordered if r.value == value]
            who = "、".join(_who(r, ordered) for r in shown)
            answer.lines.append(f"{name}{order}第{query.limit}的是{who}：{shown[0].shown}（共比较{len(ordered)}家）")
            self._show(answer, shown)
            return
        if query.operation in ("max", "min") and limit == 1:
            word = "最高" if query.operation == "max" else "最低"
            tie = f"，{len(shown)}家并列" if len(shown) > 1 else ""
            who = "、".join(_who(r, ordered) for r in shown)
            answer.lines.append(f"{name}{word}的是{who}：{shown[0].shown}{tie}（共比较{len(ordered)}家）")
        else:
            part = f"，列前{len(shown)}" if len(shown) < len(ordered) else ""
            answer.lines.append(f"{name}排名（{order}，共{len(ordered)}家{part}）：")
        self._show(answer, shown, numbered=len(shown) > 1)

    def _within(self, answer: Answer, query: Query, ordered: Sequence[Rated], rated: Sequence[Rated]) -> None:
        """「公开率超过30%的有几家」「公开率达到50%了吗」"""
        bound = query.condition
        if bound is None:
            return
        name, limit = rated[0].ratio.name, f"{WORDS[bound.sign]}{percent(bound.value)}%"
        hits = [r for r in ordered if holds(bound.sign, r.number, bound.value)]
        if query.verdict:
            if ordered:
                answer.verdict = bool(hits) != query.negated
                said = limit if hits else f"没有{limit}"
                if bound.sign == "==":
                    said = f"{'正好是' if hits else '算出来不是'}{percent(bound.value)}%"
                answer.lines.append(f"{'是' if answer.verdict else '不是'}，{said}。")
            self._show(answer, rated)
            return
        bodies = len({r.report.organisation for r in hits})
        many = f"{bodies}家单位" if bodies else "没有一家单位"
        end = "：" if hits else "。"
        answer.lines.append(f"{years(query.years)}{many}{name}{limit}（共看了{len(ordered)}份报告）{end}")
        self._show(answer, hits)
        if len(hits) > MOST_SHOWN:
            answer.lines.append(f"……等{len(hits)}份")
        counted = f"数出{len(ordered)}份报告中符合的"
        answer.figures.append(
            Figure(None, None, f"{name}{limit}的单位数", Decimal(bodies), "个", derived=True, formula=counted)
        )

    def _against(self, answer: Answer, query: Query, ordered: Sequence[Rated]) -> None:
        """「谁的公开率高」「公开率差多少」"""
        best = [r for r in ordered if r.value == ordered[0].value]
        name, word = ordered[0].ratio.name, "更高" if query.descending else "更低"
        if len(best) == len(ordered):
            answer.lines.append(f"{name}：一样高，都是{ordered[0].shown}")
        else:
            answer.lines.append(f"{name}：{'、'.join(_who(r, ordered) for r in best)}{word}，{best[0].shown}")
        self._show(answer, ordered)
        if query.operation == "difference" and len(ordered) == 2:
            gap = abs(ordered[0].number - ordered[1].number)
            unit = "个百分点" if ordered[0].ratio.unit == "%" else ordered[0].ratio.unit
            answer.lines[0] += f"，相差{percent(gap)}{unit}"
            own = tuple(i for i, f in enumerate(answer.figures) if f.metric == name)
            answer.figures.append(
                Figure(None, None, f"{name}之差", gap, unit, parts=own, derived=True, formula="两者相减")
            )

    def _ratio_position(self, answer: Answer, query: Query, mine: Rated) -> None:
        """「公开率排第几」: among the reports of the same year."""
        year = mine.report.year
        among = self.of_kind(query, self.selector.reports(years=[year], places=query.places))
        wide = replace(query, organisations=(), every=True, years=(year,))
        field = [r for r in self._rated(wide, among, mine.ratio) if r.possible]
        self._show(answer, [mine])
        if not mine.possible or mine.report.id not in {r.report.id for r in field}:
            answer.lines.append("这个比率不可能是真的，排不了名次。" if not mine.possible else "它不在要比的这些单位里。")
            return
        better = sum(1 for r in field if (r.value > mine.value if query.descending else r.value < mine.value))
        equal = sum(1 for r in field if r.value == mine.value) - 1
        tie = f"（与另外{equal}家并列）" if equal > 0 else ""
        answer.lines[0] += f"，在{len(field)}家中排第{better + 1}{tie}"
        answer.figures.append(
            Figure(
                mine.report.org,
                year,
                f"{mine.ratio.name}名次",
                Decimal(better + 1),
                "名",
                derived=True,
                formula=f"{year}年{len(field)}家从高到低" if query.descending else f"{year}年{len(field)}家从低到高",
            )
        )

    def _named_impossible(self, rated: Sequence[Rated]) -> str:
        return "、".join(f"{r.report.label}{r.report.year}年算出来是{r.shown}" for r in rated if not r.possible)

    def _left_out(self, answer: Answer, rated: Sequence[Rated], lost: Sequence[ReportRow]) -> None:
        if any(not r.possible for r in rated):
            answer.lines.append(f"（{self._named_impossible(rated)}，不可能，没有参加比较）")
        if lost:
            there = listing([r.label for r in lost])
            answer.lines.append(f"（另有{len(lost)}份算不出，没有参加比较：{there}）")


def _who(one: Rated, among: Sequence[Rated]) -> str:
    """The body; the year where there are several of one body; both where both differ."""
    if len(among) > 1 and all_same(r.report.organisation for r in among):
        return f"{one.report.year}年"
    return one.report.label + ("" if all_same(r.report.year for r in among) else f"（{one.report.year}年）")


def _working(one: Rated) -> str:
    ups = " + ".join(plain_number(m.number) for m in one.up)
    signs = ["−" if sign < 0 else "+" for sign, _ in one.ratio.down]
    downs = " ".join(f"{s} {plain_number(m.number)}" for s, m in zip(signs, one.down, strict=True)).removeprefix("+ ")
    ups = f"（{ups}）" if len(one.up) > 1 else ups
    downs = f"（{downs}）" if len(one.down) > 1 else downs
    return f"{one.ratio.formula} = {ups} ÷ {downs}"
