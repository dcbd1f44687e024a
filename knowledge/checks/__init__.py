"""The checks of ../shared/RULES.md, one module per code; the folder is the list of them.

Each module offers ``check(facts, before=None)``: ``facts`` is a report's Evidence, ``before`` the same body's report
of the year before where the store has it. ``run`` collects what they find.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from knowledge.evidence import Evidence, evidence
from knowledge.model import Finding, Report

Check = Callable[[Evidence, Evidence | None], Iterator[Finding]]

_ORDER = {"error": 0, "warning": 1, "hint": 2}


@cache
def checks() -> tuple[tuple[str, Check], ...]:
    """(code, check) of every module in this folder, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple((name, importlib.import_module(f"{__name__}.{name}").check) for name in names)


def run(report: Report, before: Report | None = None, others: Sequence[Report] = ()) -> tuple[Finding, ...]:
    """All findings of a report, errors first, then in printed order.

    ``before``: the same body's report of the year before, if known; another year's is passed over. ``others``:
    reports whose wording is compared with this one's.
    """
    facts = evidence(report, others)
    earlier = evidence(before) if before is not None and before.year == report.year - 1 else None
    found = [finding for _, check in checks() for finding in check(facts, earlier)]
    return tuple(sorted(found, key=_rank))


def _rank(finding: Finding) -> tuple[int, int, str, tuple[int, ...]]:
    start = min((span.start for span in finding.quotes), default=0)
    return (_ORDER[finding.severity], start, finding.code, finding.cells)
