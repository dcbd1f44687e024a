"""``Query`` → SQL. The one place where a question becomes statements; every value is a bound parameter.

Statements are built once (``Prepared``); lists go in as JSON and are read back with ``json_each``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from db.engine import Prepared
from db.records import decimal, dump, words
from db.store import Store
from knowledge.text import fold

# the figures of some reports, form and local tables first, each with the text of the row that proves it
_CELLS = Prepared(
    text(
        """
SELECT f.report_id, f.ordinal, f.metric, f.applicant, f.value_micro, f.value_text, f.unit, f.raw, f.state,
       f.start, f."end", f.quote_start, f.quote_end, f.section, f.table_name, f.path, f."column",
       substr(s.text, f.quote_start + 1, f.quote_end - f.quote_start)
FROM fact AS f JOIN source AS s ON s.report_id = f.report_id
WHERE f.report_id IN (SELECT value FROM json_each(:reports))
  AND f.metric IN (SELECT value FROM json_each(:metrics))
  AND f.applicant IN (SELECT value FROM json_each(:applicants))
  AND (f.about_year IS NULL OR f.about_year = f.year)
ORDER BY f.report_id, f.table_name IS NULL, f.ordinal
"""
    )
)
_REPORTS = """
SELECT r.id, r.organisation_id, r.org, r.year, r.edition, r.published, r.source_name, r.title, r.signature,
       o.province, o.city, o.county
FROM report AS r JOIN organisation AS o ON o.id = r.organisation_id
WHERE r.current = 1 {where}
ORDER BY r.year, r.org, r.id
"""
_ALL = Prepared(text(_REPORTS.format(where="")))
_BY_BODY = Prepared(text(_REPORTS.format(where="AND r.organisation_id IN (SELECT value FROM json_each(:bodies))")))
_BY_YEAR = Prepared(text(_REPORTS.format(where="AND r.year IN (SELECT value FROM json_each(:years))")))
_BY_PLACE = Prepared(
    text(
        _REPORTS.format(
            where="AND (o.county IN (SELECT value FROM json_each(:places)) OR o.city IN (SELECT value FROM"
            " json_each(:places)) OR o.province IN (SELECT value FROM json_each(:places)))"
        )
    )
)
_BY_ID = Prepared(text(_REPORTS.format(where="AND r.id IN (SELECT value FROM json_each(:reports))")))
_SUMS = """
SELECT f.report_id, {columns}
FROM fact AS f
WHERE f.current = 1 AND f.metric IN (SELECT value FROM json_each(:metrics))
  AND f.applicant IN (SELECT value FROM json_each(:applicants)) AND f.table_name IS NOT NULL
  AND (f.about_year IS NULL OR f.about_year = f.year) {rest}
"""
_ADDED = "SUM(f.value_micro), COUNT(f.value_micro), COUNT(*)"
_IN_YEARS = "AND f.year IN (SELECT value FROM json_each(:years))"
_TOTALS = Prepared(text(_SUMS.format(columns=_ADDED, rest="GROUP BY f.report_id")))
_TOTALS_IN = Prepared(text(_SUMS.format(columns=_ADDED, rest=f"{_IN_YEARS} GROUP BY f.report_id")))
# one cell of each report needs no adding up, and comes out of the index as it stands there
_EACH = Prepared(text(_SUMS.format(columns="f.value_micro", rest="")))
_EACH_IN = Prepared(text(_SUMS.format(columns="f.value_micro", rest=_IN_YEARS)))
_FINDINGS = Prepared(
    text(
        "SELECT report_id, code, message, cells, severity FROM finding WHERE report_id IN (SELECT value FROM json_each(:reports)) ORDER BY ordinal"
    )
)
_SOME_BODIES = Prepared(text("SELECT org FROM report WHERE current = 1 GROUP BY org ORDER BY MIN(year), org LIMIT :most"))
# more reports than this are not kept in memory between questions: a row takes some 500 bytes
MOST_IN_MEMORY = 50_000
_YEARS = Prepared(text("SELECT DISTINCT year FROM report WHERE current = 1 ORDER BY year"))
_TWINS = Prepared(
    text(
        "SELECT name FROM organisation_name WHERE kind = 'full' AND name IN (SELECT value FROM json_each(:names))"
        " GROUP BY name HAVING COUNT(DISTINCT organisation_id) > 1"
    )
)
_COUNT = Prepared(text("SELECT COUNT(*), COUNT(DISTINCT organisation_id) FROM report WHERE current = 1"))


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that answers are taken from. ``places``: province, city, county of its body, as far as known;
    ``shared``: another body of the store prints the same name."""

    id: int
    organisation: int
    org: str
    year: int
    edition: str
    published: str | None
    source: str
    title: str | None
    signature: str | None
    places: tuple[str, ...]
    shared: bool = False

    @property
    def key(self) -> str:
        """The id as people and JSON write it: r7."""
        return f"r{self.id}"

    @property
    def label(self) -> str:
        """The body as answers write it: its printed name, the longer one where another body has the same."""
        return self.full_name if self.shared else self.org

    @property
    def full_name(self) -> str:
        """The body so that it cannot be taken for another of the same short name."""
        place = next((p for p in reversed(self.places) if p and p not in self.org), "")
        if self.signature and len(self.signature) > len(self.org) and self.org not in self.signature:
            return self.signature
        return f"{place}{self.org}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored figure with its proof: ``quote`` is source_text[quote_start:quote_end]. ``table`` None: prose."""

    report: int
    ordinal: int
    metric: str | None
    applicant: str
    value: Decimal | None
    unit: str | None
    raw: str
    state: str
    start: int
    end: int
    quote_start: int
    quote_end: int
    section: str | None
    table: str | None
    path: tuple[str, ...]
    column: tuple[str, ...]
    quote: str


class Selector:
    """Runs statements and remembers them for ``--explain``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.log: list[tuple[Prepared, dict[str, Any]]] = []

    def _rows(self, query: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        self.log.append((query, values))
        return self._store.rows(query, **values)

    def explained(self) -> list[tuple[str, dict[str, Any]]]:
        """The statements run so far, with their parameters, as ``--explain`` shows them."""
        return [(" ".join(str(query.statement).split()), values) for query, values in self.log]

    def reports(
        self,
        bodies: Sequence[int] | None = None,
        years: Sequence[int] | None = None,
        ids: Sequence[int] | None = None,
        places: Sequence[str] = (),
    ) -> list[ReportRow]:
        """Current reports of these bodies (or all), in these years (or any), of bodies in one of these places."""
        if ids is not None:
            rows = self._rows(_BY_ID, reports=dump(list(ids)))
        elif bodies is not None:
            rows = self._rows(_BY_BODY, bodies=dump(list(bodies)))
        elif self.count()[0] <= MOST_IN_MEMORY:
            return self._from_memory(years, places)
        elif places:
            rows = self._rows(_BY_PLACE, places=dump([place.rpartition("/")[2] for place in places]))
        elif years:
            rows = self._rows(_BY_YEAR, years=dump(list(years)))
        else:
            rows = self._rows(_ALL)
        found = self._told_apart([_report_row(row) for row in rows], alone=bodies is not None or ids is not None)
        if places:
            found = [r for r in found if any(set(place.split("/")) <= set(r.places) for place in places)]
        return [r for r in found if r.year in years] if years else found

    def _from_memory(self, years: Sequence[int] | None, places: Sequence[str]) -> list[ReportRow]:
        """All reports of the years and places, from a list that is read again only after the store changed."""
        if places:
            self.log.append((_BY_PLACE, {"places": dump([place.rpartition("/")[2] for place in places])}))
        else:
            self.log.append((_BY_YEAR, {"years": dump(list(years))}) if years else (_ALL, {}))
        every = self._store.while_unchanged(
            "reports", lambda: self._told_apart([_report_row(row) for row in self._store.rows(_ALL)], alone=False)
        )
        if not years and not places:
            return list(every)
        wanted = [frozenset(place.split("/")) for place in places]
        return [
            r
            for r in every
            if (not years or r.year in years) and (not wanted or any(one.issubset(r.places) for one in wanted))
        ]

    def _told_apart(self, rows: list[ReportRow], alone: bool) -> list[ReportRow]:
        """Marks bodies whose printed name another body has too; ``alone``: the rows are not all that there are."""
        if alone and rows:
            names = tuple(sorted({fold(r.org).text for r in rows}))
            read = lambda: {r[0] for r in self._store.rows(_TWINS, names=dump(list(names)))}  # noqa: E731
            twins = self._store.while_unchanged("twins " + " ".join(names), read)
            return [replace(r, shared=True) if fold(r.org).text in twins else r for r in rows] if twins else rows
        bodies: dict[str, set[int]] = {}
        for r in rows:
            bodies.setdefault(r.org, set()).add(r.organisation)
        return [replace(r, shared=True) if len(bodies[r.org]) > 1 else r for r in rows]

    def cells(self, reports: Sequence[int], metrics: Sequence[str], applicants: Sequence[str]) -> list[Cell]:
        """The cells of these reports that are one of these metrics and applicants ('' where there is no applicant)."""
        rows = self._rows(
            _CELLS, reports=dump(list(reports)), metrics=dump(list(metrics)), applicants=dump(list(applicants))
        )
        return [
            Cell(
                r[0],
                r[1],
                r[2],
                r[3],
                decimal(r[4], r[5]),
                r[6],
                r[7],
                r[8],
                r[9],
                r[10],
                r[11],
                r[12],
                r[13],
                r[14],
                words(r[15]),
                words(r[16]),
                r[17],
            )
            for r in rows
        ]

    def totals(
        self, metrics: Sequence[str], applicants: Sequence[str], years: Sequence[int]
    ) -> tuple[dict[int, Decimal | None], set[int]]:
        """Over the whole store: what these cells add up to in each report that prints them all, added up by the database.

        None: one of them is blank or not a number. Beside it the reports that print one of them twice and are in no sum.
        """
        wanted = len(metrics) * len(applicants)
        values = {"metrics": dump(list(metrics)), "applicants": dump(list(applicants))}
        if years:
            values["years"] = dump(list(years))
        if wanted == 1:
            rows = self._rows(_EACH_IN if years else _EACH, **values)
            sums = {report: decimal(value, None) for report, value in rows}
            twice = set() if len(sums) == len(rows) else _repeated(row[0] for row in rows)
        else:
            rows = self._rows(_TOTALS_IN if years else _TOTALS, **values)
            sums = {
                report: decimal(value, None) if numbers == cells else None
                for report, value, numbers, cells in rows
                if cells == wanted
            }
            twice = {report for report, _, _, cells in rows if cells > wanted}
        for report in twice:
            sums.pop(report, None)
        return sums, twice

    def findings(self, reports: Sequence[int]) -> list[tuple[int, str, str, tuple[int, ...], str]]:
        """(report, code, message, ordinals of the cells that take part, severity)."""
        rows = self._rows(_FINDINGS, reports=dump(list(reports)))
        return [(r[0], r[1], r[2], words(r[3]), r[4]) for r in rows]  # type: ignore[misc]

    def some_bodies(self, most: int) -> list[str]:
        """The names of the first bodies that have a report."""
        return [row[0] for row in self._rows(_SOME_BODIES, most=most)]

    def years(self) -> list[int]:
        """The years of current reports."""
        return [row[0] for row in self._rows(_YEARS)]

    def count(self) -> tuple[int, int]:
        """How many current reports, of how many bodies."""
        row = self._store.while_unchanged("count", lambda: self._store.rows(_COUNT)[0])
        return row[0], row[1]


def _repeated(keys: Iterable[int]) -> set[int]:
    return {key for key, times in Counter(keys).items() if times > 1}


def _report_row(row: Sequence[Any]) -> ReportRow:
    return ReportRow(*(*row[:9], tuple(place for place in row[9:] if place)))
