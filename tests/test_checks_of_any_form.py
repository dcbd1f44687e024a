"""Whatever a form prints: the sums that are found wrong are exactly those that are wrong, worked out a second way."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from made_report import COLUMNS, made

from knowledge import checks
from knowledge.catalogue import APPLICATIONS
from knowledge.model import Report

ROWS = (
    "received",
    "carried_in",
    "granted",
    "partly_granted",
    "refused.law",
    "unavailable.not_held",
    "not_processed.repeated",
    "other",
    "total",
    "carried_out",
)
PRINTED = some.sampled_from(["0", "1", "2", "3", "", "—", "见附件"])
FORMS = some.dictionaries(some.tuples(some.sampled_from(ROWS), some.sampled_from(COLUMNS)), PRINTED, max_size=30)


def grid(report: Report) -> dict[tuple[str, str], Decimal | None]:
    return {(f.metric or "", f.applicant or ""): f.value for f in report.facts if f.table == APPLICATIONS}


def added(values: list[Decimal | None]) -> Decimal | None:
    return None if None in values else sum((value for value in values if value is not None), Decimal(0))


def wrong_rows(cells: dict[tuple[str, str], Decimal | None]) -> set[tuple[str, str]]:
    rows = {row for row, _ in cells}
    sums = {row: added([cells[row, column] for column in COLUMNS[:-1]]) for row in rows}
    return {
        (row, "总计")
        for row in rows
        if None not in (sums[row], cells[row, "total"]) and sums[row] != cells[row, "total"]
    }


def wrong_columns(cells: dict[tuple[str, str], Decimal | None]) -> set[str]:
    ends = ("received", "carried_in", "total", "carried_out")
    outcomes = {row for row, _ in cells} - {f"application.{end}" for end in ends}
    wrong = set()
    for column in COLUMNS:
        total, parts = cells["application.total", column], added([cells[row, column] for row in outcomes])
        if total is not None and parts is not None and total != parts:
            wrong.add(column)
    return wrong


def unbalanced(cells: dict[tuple[str, str], Decimal | None]) -> set[str]:
    wrong = set()
    for column in COLUMNS:
        left = added([cells["application.received", column], cells["application.carried_in", column]])
        right = added([cells["application.total", column], cells["application.carried_out", column]])
        if left is not None and right is not None and left != right:
            wrong.add(column)
    return wrong


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FORMS)
def test_the_sums_found_wrong_are_those_that_are(printed: dict[tuple[str, str], str]) -> None:
    report = made({f"application.{row}/{column}": value for (row, column), value in printed.items()})
    cells = grid(report)
    found = checks.run(report)
    at = {code: [finding for finding in found if finding.code == code] for code in ("row_sum", "column_sum", "balance")}
    assert len(at["row_sum"]) == len(wrong_rows(cells))
    applicants = {
        code: {report.facts[finding.cells[0]].applicant for finding in at[code]} for code in ("column_sum", "balance")
    }
    assert applicants["column_sum"] == wrong_columns(cells)
    assert applicants["balance"] == unbalanced(cells)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FORMS)
def test_every_empty_or_unreadable_cell_is_named_and_every_quote_is_in_the_text(
    printed: dict[tuple[str, str], str],
) -> None:
    report = made({f"application.{row}/{column}": value for (row, column), value in printed.items()})
    found = checks.run(report)
    for code, state in (("blank_cell", "blank"), ("unreadable_cell", "unreadable")):
        named = {cell for finding in found if finding.code == code for cell in finding.cells}
        assert named == {number for number, fact in enumerate(report.facts) if fact.state == state}
    for finding in found:
        assert all(0 <= span.start < span.end <= len(report.source_text) for span in finding.quotes)
        assert all(0 <= cell < len(report.facts) for cell in finding.cells)
