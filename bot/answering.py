"""Query → Answer: finds the reports meant, measures the targets in them, computes, and words the result.

When anything is missing or ambiguous the answer says what, and what there is; no figure is ever filled in.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.answer import Answer
from bot.computing import Computing
from bot.one_figure import OneFigure
from bot.particulars import Particulars
from bot.refusing import refuse
from bot.scope import Scope
from db.select import ReportRow, Selector
from db.store import Store
from knowledge.query import Query, Refusal
from knowledge.wording import in_money_unit


class Answering(Scope, OneFigure, Particulars, Computing):
    """Answers one query against one store."""

    def __init__(self, store: Store, selector: Selector) -> None:
        self.store = store
        self.selector = selector
        # what is asked of a report itself, without a figure
        self._about_reports: dict[str, Callable[[Answer, Query, list[ReportRow]], None]] = {
            "passage": self._passage,
            "published": self._about,
            "author": self._about,
            "title": self._about,
            "edition": self._about,
            "findings": self._findings,
        }

    def answer(self, question: str, query: Query) -> Answer:
        """The answer to an understood question."""
        answer = Answer(question)
        scope = self._scope(query)
        if isinstance(scope, Answer):
            scope.question = question
            return scope
        if not (query.targets or query.rate or query.operation in self._about_reports):
            self.refuse(answer, Refusal("clarify", "no_metric", tuple(m.text for m in query.organisations)))
            return answer
        handler = self._about_reports.get(query.operation, self.compute)
        if query.operation == "value":
            handler = self._value
        if query.rate or query.ratio:
            handler = self.compute
        handler(answer, query, scope)
        if answer.status == "answered" and not answer.lines:  # nothing was said: then nothing was understood
            self.refuse(answer, Refusal("not_understood", "left_over"))
        if query.money_unit:
            said = [line if line.startswith("> ") else in_money_unit(line, query.money_unit) for line in answer.lines]
            answer.lines = said
        if answer.status == "answered" or answer.status == "blank":
            answer.lines.extend(f"（{note}）" for note in query.notes)
        return answer

    def refuse(self, answer: Answer, refusal: Refusal) -> None:
        refused = refuse(self.store, self.selector, answer.question, refusal)
        answer.status, answer.lines, answer.choices, answer.reason = (
            refused.status,
            refused.lines,
            refused.choices,
            refused.reason,
        )
