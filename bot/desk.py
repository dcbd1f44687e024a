"""What the parts of the answering share: the store, the statements, and how one figure is shown and proven.

``Answering`` is the one implementation; the operations only know this.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bot.answer import Answer, Figure
from bot.measure import Measured
from db.select import ReportRow, Selector
from db.store import Store
from knowledge.query import Query, Refusal, Target

# more rows than this are not listed one by one; the database has added them up
MOST_SHOWN = 20


class Desk(ABC):
    """The shared part of one answering."""

    store: Store
    selector: Selector

    @abstractmethod
    def add_figure(self, answer: Answer, measured: Measured) -> Figure:
        """Adds a figure with its quotes and the findings its cells take part in."""

    @abstractmethod
    def ask_which(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """Several reports fit: asks which body or year is meant."""

    @abstractmethod
    def refuse(self, answer: Answer, refusal: Refusal) -> None:
        """Turns the answer into a refusal."""

    @abstractmethod
    def matches(self, report: ReportRow, words: str) -> list[int]:
        """Ordinals of the local rows and prose figures of a report that these words mean; several are a tie."""

    @abstractmethod
    def by_words(self, answer: Answer, query: Query, report: ReportRow, target: Target) -> bool:
        """A figure of the report's own local rows or prose. True when it answered or asked back."""

    @abstractmethod
    def fact_measured(self, report: ReportRow, ordinal: int, target: Target) -> Measured:
        """One stored fact as a measured target, named by its own words."""

    @abstractmethod
    def measured(self, query: Query, scope: list[ReportRow]) -> list[Measured]:
        """Every target of the query in every one of these reports."""

    @abstractmethod
    def compute(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """The operation of a query that is more than one figure of one report."""

    @abstractmethod
    def show_number(self, answer: Answer, query: Query, measured: Measured) -> None:
        """One figure that is a number: value, verdict, quotes, source, warnings."""

    @abstractmethod
    def show_blank(self, answer: Answer, measured: Measured) -> None:
        """One figure whose cell is empty, struck out or unreadable."""

    @abstractmethod
    def choices(self, query: Query, reports: Sequence[ReportRow], full: bool = False) -> list[str]:
        """The same question put to each of these reports, as complete questions."""

    @abstractmethod
    def of_kind(self, query: Query, found: list[ReportRow]) -> list[ReportRow]:
        """Only the kinds of body the question speaks of."""
