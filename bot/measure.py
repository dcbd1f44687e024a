"""Targets → values of reports: which printed cells make up a figure, and whether they are all there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from db.select import Cell, ReportRow, Selector
from knowledge.catalogue import catalogue
from knowledge.query import Target
from knowledge.wording import amount

Kind = Literal["number", "blank", "absent"]


class Measured(NamedTuple):
    """One target in one report. ``cells`` are what it was read from, several when it is a sum; ``kind`` "blank": a
    labelled cell is empty or struck out (never 0); ``prose``: sentences that state the same figure.

    A tuple, because a ranking makes one of each report of the store: that takes a third of a frozen class's time."""

    report: ReportRow
    target: Target
    name: str
    kind: Kind
    value: Decimal | None
    unit: str | None
    cells: tuple[Cell, ...] = ()
    prose: tuple[Cell, ...] = ()
    from_prose: bool = False

    @property
    def number(self) -> Decimal:
        """The value of a target whose kind is "number"; asking it of another is a mistake of ours."""
        if self.value is None:
            raise ValueError(f"{self.name}: {self.kind}")
        return self.value

    @property
    def shown(self) -> str:
        """The value with its unit, as people read it."""
        return amount(self.number, self.unit)

    @property
    def summed(self) -> bool:
        """Is the value a sum that the report itself does not print?"""
        return len(self.cells) > 1


def alternatives(option: Sequence[str]) -> list[tuple[str, ...]]:
    """Ways to read an option: the metrics' own rows; else, for groups, the rows they are the sum of."""
    metrics = catalogue().metrics
    ways = [tuple(option)]
    if any(metrics[one].sums for one in option):
        leaves = [leaf for one in option for leaf in (metrics[one].sums or (one,))]
        ways.append(tuple(leaf for key in leaves for leaf in (metrics[key].sums or (key,)) if key in metrics))
    return ways


def _wanted(target: Target) -> tuple[list[str], list[str]]:
    metrics = list(dict.fromkeys(m for option in target.options for way in alternatives(option) for m in way))
    return metrics, list(target.applicants or ("",))


def measure(selector: Selector, reports: Sequence[ReportRow], target: Target) -> list[Measured]:
    """The target in each of these reports, in their order."""
    if not reports:
        return []
    if not target.options:
        return [Measured(r, target, target.name, "absent", None, target.unit) for r in reports]
    metrics, applicants = _wanted(target)
    rows: dict[int, list[Cell]] = {}
    for cell in selector.cells([r.id for r in reports], metrics, applicants):
        rows.setdefault(cell.report, []).append(cell)
    return [_read(report, target, rows.get(report.id, [])) for report in reports]


def _read(report: ReportRow, target: Target, cells: list[Cell]) -> Measured:
    known = catalogue().metrics
    printed = [c for c in cells if c.table is not None]
    prose = tuple(c for c in cells if c.table is None)
    applicants = target.applicants or ("",)
    for option in target.options:
        for way in alternatives(option):
            found = _all_of(printed, way, applicants)
            if found is None:
                continue
            name = _name(target, option)
            value = _sum(found)
            kind: Kind = "number" if value is not None else "blank"
            keys = set(way) | set(option)
            told = tuple(
                c for c in prose if c.metric in keys and value is not None and c.value == value and len(applicants) == 1
            )
            return Measured(report, target, name, kind, value, found[0].unit or known[option[0]].unit, found, told)
    for option in target.options:
        told = tuple(c for c in prose if (c.metric,) == tuple(option) and c.applicant in applicants and c.value is not None)
        values = {c.value for c in told}
        if len(values) == 1 and len(applicants) == 1:
            return Measured(
                report, target, _name(target, option), "number", told[0].value, told[0].unit, told[:1], (), True
            )
    return Measured(report, target, target.name, "absent", None, target.unit)


def _name(target: Target, option: Sequence[str]) -> str:
    if len(target.options) == 1:
        return target.name
    return catalogue().metrics[option[0]].name


def _all_of(cells: Iterable[Cell], metrics: Sequence[str], applicants: Sequence[str]) -> tuple[Cell, ...] | None:
    """One cell for each metric and applicant, or None when the report does not print them all."""
    by_key: dict[tuple[str | None, str], Cell] = {}
    for cell in cells:
        by_key.setdefault((cell.metric, cell.applicant), cell)
    wanted = [(m, a) for m in metrics for a in applicants]
    if not all(key in by_key for key in wanted):
        return None
    return tuple(by_key[key] for key in wanted)


def _sum(cells: Sequence[Cell]) -> Decimal | None:
    """A sum with a blank in it is unknown, not smaller."""
    if any(c.state != "number" or c.value is None for c in cells):
        return None
    return sum((c.value for c in cells if c.value is not None), Decimal(0))
