"""Several bodies or several figures: which are measured, and what must be asked back first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from bot.answer import Answer
from bot.desk import MOST_SHOWN
from bot.measure import Measured, alternatives, measure
from bot.operations import Operations
from db.select import ReportRow
from knowledge.catalogue import catalogue
from knowledge.query import Query, Target
from knowledge.wording import years


class OverReports(Operations):
    """Several bodies or several figures: which are measured, and what must be asked back first."""

    def _over_reports(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if query.operation in ("sum", "average", "count") and self._mixed_years(query, scope):
            self._ask_year(answer, query, scope)
            return
        asks_which = query.operation == "position" or (
            query.operation in ("sum", "difference", "compare") and not query.every
        )
        if asks_which and not query.organisations and len(scope) > 1:
            self.ask_which(answer, query, scope)
            return
        found = self.measured(query, scope)
        number = [m for m in found if m.kind == "number"]
        missing = [m for m in found if m.kind != "number"]
        if not number and query.otherwise is not None and not query.targets[0].options:
            self.refuse(answer, query.otherwise)
            return
        if not number and not (query.condition and query.condition.sign == "blank"):
            self._none(answer, query, found)
            return
        if query.operation in ("difference", "compare", "sum", "times") and missing and not query.every:
            self._lacking(answer, query, number, missing)
            return
        if self._same_figure(number):
            answer.status, answer.reason = "clarify", "same_figure"
            answer.lines = ["您问的几项在报告里都落到同一句话的同一个数上，怕弄混，请一项一项地问。"]
            return
        operation = {
            "sum": self._sum,
            "average": self._average,
            "difference": self._difference,
            "times": self._times,
            "compare": self._compare,
            "rank": self._rank,
            "max": self._extreme,
            "min": self._extreme,
            "position": self._position,
            "count": self._count,
            "which": self._count,
        }[query.operation]
        operation(answer, query, number, missing)
        self._warnings(answer)

    @staticmethod
    def _same_figure(number: Sequence[Measured]) -> bool:
        """Two things asked, one sentence found for both: it is one figure, nothing to add or compare."""
        free = [(m.report.id, m.cells[0].ordinal) for m in number if m.cells and m.cells[0].metric is None]
        return len(set(free)) < len(free)

    def measured(self, query: Query, scope: list[ReportRow]) -> list[Measured]:
        if query.every and len(scope) > MOST_SHOWN:
            return self._aggregated(query, scope)
        return [self._or_words(m, query) for target in query.targets for m in measure(self.selector, scope, target)]

    def _or_words(self, measured: Measured, query: Query) -> Measured:
        """Bodies that were named may print the figure in words of their own."""
        if measured.kind != "absent" or query.every or not query.organisations or not measured.target.words:
            return measured
        ordinals = self.matches(measured.report, measured.target.words)
        facts = self.store.facts(measured.report.id)
        if not ordinals or len({facts[i].value for i in ordinals}) > 1:
            return measured
        return self.fact_measured(measured.report, ordinals[0], measured.target)

    def _aggregated(self, query: Query, scope: list[ReportRow]) -> list[Measured]:
        """Many reports: the database adds up the cells of each; the rows that are shown fetch their quotes later."""
        return [one for target in query.targets for one in self._totals(target, query, scope)]

    def _totals(self, target: Target, query: Query, scope: list[ReportRow]) -> list[Measured]:
        out: list[Measured] = []
        doubtful: list[ReportRow] = []
        name = target.name
        left = sorted(scope, key=attrgetter("id"))
        for option in target.options:
            unit = catalogue().metrics[option[0]].unit
            for way in alternatives(option):
                sums, twice = self.selector.totals(way, target.applicants or ("",), query.years)
                there, left = left, []
                for r in there:
                    if r.id in sums:
                        value = sums[r.id]
                        out.append(Measured(r, target, name, "blank" if value is None else "number", value, unit))
                    elif r.id in twice:  # a cell that is printed twice is read, not added up
                        doubtful.append(r)
                    else:
                        left.append(r)
        if left:
            absent = {r.id for r in left}
            out.extend(Measured(r, target, name, "absent", None, target.unit) for r in scope if r.id in absent)
        return [*out, *measure(self.selector, doubtful, target)]

    def _mixed_years(self, query: Query, scope: Sequence[ReportRow]) -> bool:
        """Would one body be counted for several years although no year was asked for?"""
        bodies = [r.organisation for r in scope]
        return query.every and not query.years and len(set(bodies)) < len(bodies)

    def _ask_year(self, answer: Answer, query: Query, scope: Sequence[ReportRow]) -> None:
        have = sorted({r.year for r in scope})
        answer.status, answer.reason = "clarify", "which_year"
        answer.choices = [f"{year}年{self._every_phrase(query)}" for year in reversed(have)][:8]
        answer.lines = [
            f"您问的是哪一年的？库里有{years(have)}的报告。",
            *(f"{i}. {c}" for i, c in enumerate(answer.choices, 1)),
        ]

    def _every_phrase(self, query: Query) -> str:
        name = query.targets[0].name if query.targets else ""
        return {
            "sum": f"所有单位{name}加起来是多少", "average": f"平均每家{name}是多少", "count": f"有几家单位有{name}",
        }.get(query.operation, f"{name}排名")  # fmt: skip

    def _ask_metric(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """The words can mean several figures: keep those that the reports print, ask when more than one is left."""
        there = []
        for target in query.alternatives:
            if any(m.kind != "absent" for m in measure(self.selector, scope[:200], target)):
                there.append(target)
        if len(there) == 1:
            self.compute(answer, replace(query, targets=(there[0],), alternatives=()), scope)
            return
        if not there:
            self.compute(answer, replace(query, alternatives=()), scope)
            return
        who = "和".join(m.text for m in query.organisations)
        answer.status, answer.reason = "clarify", "several_metrics"
        phrase = {"max": "最多的是谁", "min": "最少的是谁", "sum": "加起来是多少", "average": "平均每家是多少"}.get(
            query.operation, "排名" if query.every else "对比" if len(query.organisations) > 1 else "是多少"
        )
        answer.choices = [f"{who}{years(query.years)}{t.name}{phrase}" for t in there][:8]
        answer.lines = [
            f"这可以指{len(there)}个数，您要哪一个？",
            *(f"{i}. {c}" for i, c in enumerate(answer.choices, 1)),
        ]
