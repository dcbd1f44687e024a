"""A stored report's findings, those against its neighbours included: last year's report, other bodies' wording.

Computed when asked, not stored: a report that comes later changes what its neighbours look like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from db.records import StoredReport
from db.store import Store
from knowledge import checks
from knowledge.model import Finding, Report

# of the reports that share sentences with this one, so many are compared word by word
_MOST_ALIKE = 3
# a sentence that so many reports of a year print is a set phrase and leads to nobody in particular
_SET_PHRASE = 50
# shorter sentences are alike by chance
_SHORTEST = 12
_COMPARED = frozenset(("overview", "problems"))
_END = re.compile(r"[。；！？\n]")
_PASSED_OVER = re.compile(r"[\s\d]+")


class Checker:
    """Checks reports of one store one after the other; what they are compared with is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wording: dict[int, _Wording] = {}

    def findings(self, stored: StoredReport) -> tuple[Finding, ...]:
        """Everything odd about one report, errors first."""
        earlier = self._store.report_of(stored.organisation_id, stored.year - 1)
        before = read(self._store, earlier) if earlier is not None else None
        if stored.year not in self._wording:
            self._wording[stored.year] = _Wording(self._store, stored.year)
        others = [read(self._store, other, figures=False) for other in self._wording[stored.year].alike(stored)]
        return checks.run(read(self._store, stored), before, others)


def findings(store: Store, stored: StoredReport) -> tuple[Finding, ...]:
    """Everything odd about one report; for many of them keep a ``Checker``."""
    return Checker(store).findings(stored)


class _Wording:
    """Which reports of a year print which sentences: those that share many are worth a closer look."""

    def __init__(self, store: Store, year: int) -> None:
        self._reports = {one.id: one for one in store.reports() if one.year == year}
        self._sentences = {key: frozenset(_sentences(store, key)) for key in self._reports}
        self._printed_by: dict[int, list[int]] = {}
        for key, hashes in self._sentences.items():
            for one in hashes:
                self._printed_by.setdefault(one, []).append(key)

    def alike(self, stored: StoredReport) -> list[StoredReport]:
        """Reports of other bodies that share most sentences with this one."""
        shared: Counter[int] = Counter()
        for one in self._sentences.get(stored.id, ()):
            printed_by = self._printed_by[one]
            if len(printed_by) <= _SET_PHRASE:
                shared.update(printed_by)
        found = [self._reports[key] for key, _ in shared.most_common()]
        return [one for one in found if one.organisation_id != stored.organisation_id][:_MOST_ALIKE]


def _sentences(store: Store, report_id: int) -> Iterator[int]:
    """Hashes of the sentences that are compared, figures and blanks left out."""
    for passage in store.passages(report_id):
        if passage.kind in _COMPARED:
            for sentence in _END.split(store.slice(report_id, passage.span)):
                words = _PASSED_OVER.sub("", sentence)
                if len(words) >= _SHORTEST:
                    yield hash(words)


def read(store: Store, stored: StoredReport, *, figures: bool = True) -> Report:
    """The report as it was read from its file, out of the store; problems and findings are not repeated."""
    return Report(
        org=stored.org,
        short_names=stored.short_names,
        year=stored.year,
        edition=stored.edition,
        published=stored.published,
        title=stored.title,
        signature=stored.signature,
        source_text=store.text(stored.id),
        facts=store.facts(stored.id) if figures else (),
        passages=store.passages(stored.id),
    )
