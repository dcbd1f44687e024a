"""A stored report's findings, those against its neighbours included: last year's report, other bodies' wording.

Computed when asked, not stored: a report that comes later changes what its neighbours look like.
"""

from __future__ import annotations

from db.records import StoredReport
from db.store import Store
from knowledge import checks
from knowledge.model import Finding, Report

# wording is compared with this many other bodies of the same year at most
_MOST_OTHERS = 200


def findings(store: Store, stored: StoredReport, *, compare_wording: bool = True) -> tuple[Finding, ...]:
    """Everything odd about one report. ``compare_wording``: also hold it against other bodies' texts (slower)."""
    earlier = store.report_of(stored.organisation_id, stored.year - 1)
    before = read(store, earlier) if earlier is not None else None
    others = _others(store, stored) if compare_wording else []
    return checks.run(read(store, stored), before, others)


def _others(store: Store, stored: StoredReport) -> list[Report]:
    """Other bodies' reports of the same year, their prose only."""
    same_year = [one for one in store.reports() if one.year == stored.year]
    elsewhere = [one for one in same_year if one.organisation_id != stored.organisation_id]
    return [read(store, one, figures=False) for one in elsewhere[:_MOST_OTHERS]]


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
