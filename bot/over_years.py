"""One body over the years: trends and change against the year before."""

from __future__ import annotations

from bot.answer import Answer, Figure
from bot.measure import measure
from bot.pieces import Pieces
from db.select import ReportRow
from knowledge.query import Query
from knowledge.wording import amount, percent, rounded, years


class OverYears(Pieces):
    """One body over the years: trends and change against the year before."""

    def _over_years(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        bodies = {r.organisation for r in scope}
        if len(bodies) != 1:
            if query.organisations or not query.every:
                self.ask_which(answer, query, scope)
            return
        if query.operation == "growth":
            self._growth(answer, query, scope)
            return
        found = self.measured(query, scope) if query.targets else []
        if query.otherwise is not None and not any(m.kind == "number" for m in found):
            self.refuse(answer, query.otherwise)
            return
        number = sorted((m for m in found if m.kind == "number"), key=lambda m: m.report.year)
        if not number:
            self._none(answer, query, found)
            return
        answer.lines.append(f"{scope[0].label} · {number[0].name}，{years([m.report.year for m in number])}：")
        self._list(answer, number, number, by_year=True)
        if len(number) == 1:
            answer.lines.append(f"库里只有{number[0].report.year}年的，看不出变化。")
        missing = [m for m in found if m.kind != "number"]
        if missing:
            answer.lines.append(f"（{years([m.report.year for m in missing])}的报告没有这个数）")
        self._warnings(answer)

    def _growth(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        newest = max(query.years) if query.years else max(r.year for r in scope)
        report = next((r for r in scope if r.year == newest), None)
        if report is None:
            self._none(answer, query, [])
            return
        target = query.targets[0]
        if target.words and self.by_words(answer, query, report, target):
            return
        before = [
            r
            for r in self.selector.reports(bodies=[report.organisation])
            if r.year == (min(query.years) if len(query.years) > 1 else newest - 1)
        ]
        found = measure(self.selector, [report, *before], target)
        if found[0].kind != "number":
            self._cannot(answer, report, found[0], target)
            return
        if len(found) < 2 or found[1].kind != "number":
            answer.status, answer.reason = "no_data", "no_year_before"
            answer.lines = [
                f"库里没有{report.label}{newest - 1}年的“{target.name}”，比不出变化；{newest}年是{found[0].shown}。"
            ]
            return
        now, then = found
        for m in (now, then):
            self.add_figure(answer, m)
        gap = now.number - then.number
        words = "没有变化" if gap == 0 else f"{'增加' if gap > 0 else '减少'}{amount(abs(gap), now.unit)}"
        answer.figures.append(
            Figure(report.org, newest, f"{target.name}变化", gap, now.unit, parts=(0, 1), derived=True)
        )
        if then.value:
            share = rounded(gap / then.value * 100)
            words += f"（{percent(share)}%）"
            answer.figures.append(
                Figure(
                    report.org,
                    newest,
                    f"{target.name}增长率",
                    share,
                    "%",
                    parts=(0, 1),
                    derived=True,
                    formula="（本年 − 上年）÷ 上年",
                )
            )
        answer.lines.append(
            f"{report.label} · {target.name}：{newest}年{now.shown}，比{then.report.year}年的{then.shown}{words}"
        )
        self._quoted(answer)
        self._warnings(answer)
