"""What is computed from several figures: sums, differences, averages, rankings, counts, shares, change over years.

Every computed value shows the numbers it came from, how many reports were counted, and who is missing; a blank
is never 0.
"""

from __future__ import annotations

from bot.answer import Answer
from bot.over_reports import OverReports
from bot.over_years import OverYears
from bot.shares import Shares
from db.select import ReportRow
from knowledge.query import Query


class Computing(OverReports, OverYears, Shares):
    """Chooses the operation; ``Answering`` supplies the reports and the wording of one figure."""

    def compute(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """Dispatches on the query's operation."""
        if query.rate is not None:
            self._rate(answer, query, scope)
        elif query.operation == "share" or query.ratio:
            self._share(answer, query, scope)
        elif query.alternatives:
            self._ask_metric(answer, query, scope)
        elif query.operation in ("growth", "trend"):
            self._over_years(answer, query, scope)
        else:
            self._over_reports(answer, query, scope)
