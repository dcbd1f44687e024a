"""What is due, computed from the construction tables alone: no code of ours is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from generated import form
from generated.bodies import Body
from generated.reports import Drawn, Key, Made

State = Literal["number", "blank", "absent"]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked for: catalogue keys in order of preference, an applicant column, and how it is said."""

    options: tuple[str, ...]
    applicant: str
    unit: str
    said: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Known:
    """A thing in one report. ``cells`` prove it; several when it is a sum the form does not print."""

    made: Made
    state: State
    value: Decimal | None
    cells: tuple[tuple[Key, Drawn], ...] = ()
    unit: str = ""


def known(made: Made, thing: Thing) -> Known:
    """The value, or that the cell is blank, or that this report has no such cell."""
    for option in thing.options:
        keys = _cells(made, option, thing.applicant)
        if keys is None:
            continue
        cells = tuple((key, made.cells[key]) for key in keys)
        if any(cell.state != "number" for _, cell in cells):
            return Known(made, "blank", None, cells, cells[0][1].unit)
        return Known(
            made, "number", sum((c.value or Decimal(0) for _, c in cells), Decimal(0)), cells, cells[0][1].unit
        )
    return Known(made, "absent", None)


def _cells(made: Made, metric: str, applicant: str) -> list[Key] | None:
    """The printed cells that make up a metric in this report; None when one of them is missing."""
    columns = form.ORGANISATIONS if applicant == "organisation" else (applicant,)
    for rows in _ways(metric):
        keys = [(row, column) for row in rows for column in columns]
        if all(key in made.cells for key in keys):
            return keys
    return None


def _ways(metric: str) -> list[tuple[str, ...]]:
    ways: list[tuple[str, ...]] = [(metric,)]
    if metric in form.GROUPS:
        ways.append(form.GROUPS[metric])
    if metric == "local.staff":
        ways.append(("local.staff_full_time", "local.staff_part_time"))
    if metric.startswith("litigation.") and metric.count(".") == 1:
        outcome = metric.split(".")[1]
        ways.append((f"litigation.direct.{outcome}", f"litigation.after_review.{outcome}"))
    return ways


class World:
    """All reports, and who goes by which name."""

    def __init__(self, reports: list[Made]) -> None:
        self.reports = reports
        self.bodies: list[Body] = list({made.body.key: made.body for made in reports}.values())
        self._by: dict[tuple[int, int], Made] = {(m.body.key, m.year): m for m in reports}
        self._called: dict[str, set[int]] = {}
        for body in self.bodies:
            for name in {body.org, body.signature, *body.calls}:
                self._called.setdefault(name, set()).add(body.key)

    def report(self, body: Body, year: int) -> Made | None:
        return self._by.get((body.key, year))

    def of(self, body: Body) -> list[Made]:
        return [m for m in self.reports if m.body.key == body.key]

    def in_year(self, year: int | None) -> list[Made]:
        return [m for m in self.reports if year is None or m.year == year]

    def names(self, body: Body) -> list[str]:
        """Names that mean this body and no other."""
        every = dict.fromkeys((body.calls[-1], *body.calls, body.org, body.signature))
        return [name for name in every if len(self._called[name]) == 1]

    def shared(self) -> dict[str, list[Body]]:
        """Names of several bodies."""
        return {
            name: [b for b in self.bodies if b.key in keys]
            for name, keys in sorted(self._called.items())
            if len(keys) > 1
        }
