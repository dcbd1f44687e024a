"""What must add up: every rule is broken once, and next to it stands what only looks wrong and must stay silent.

The cases stand in tests/checks/<code>.toml. ``rows`` are rows of the applications table as printed, seven columns,
``_`` for an empty cell; what a case does not name is 0. ``times`` 0: a near miss.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from made_report import COLUMNS, Row, Said, made

from knowledge import checks
from knowledge.model import Finding, Report
from knowledge.problems import FINDINGS

FOLDER = Path(__file__).parent / "checks"
CASES = [
    {"code": path.stem, **case}
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
BROKEN = [case for case in CASES if case.get("times", 1)]


def named(case: dict[str, Any]) -> str:
    return f"{case['code']}: {case['name']}"


def report(given: dict[str, Any]) -> Report:
    given = dict(given)
    cells = dict(given.pop("cells", {}))
    for metric, row in given.pop("rows", {}).items():
        values = ["" if value == "_" else value for value in row.split()]
        cells |= {f"application.{metric}/{column}": value for column, value in zip(COLUMNS, values, strict=True)}
    said = [Said(**figure) for figure in given.pop("said", [])]
    local = [local_row(**row) for row in given.pop("local", [])]
    return made(cells, said=said, local=local, **given)


def local_row(path: list[str], raw: str, unit: str = "次", metric: str | None = None) -> Row:
    return Row(tuple(path), raw, unit or None, metric)


def found_in(case: dict[str, Any]) -> list[Finding]:
    before = report(case["before"]) if "before" in case else None
    others = [report(other) for other in case.get("others", [])]
    findings = checks.run(report(case["report"]), before, others)
    return [finding for finding in findings if finding.code == case["code"]]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_rule_is_broken_or_only_looks_so(case: dict[str, Any]) -> None:
    findings = found_in(case)
    assert len(findings) == case.get("times", 1), [finding.message for finding in findings]
    for finding in findings[:1]:
        seen = {
            "expected": str(finding.expected),
            "found": str(finding.found),
            "path": list(finding.path),
            "column": list(finding.column),
        }
        assert {key: seen[key] for key in seen if key in case} == {key: case[key] for key in seen if key in case}
        assert case.get("says", "") in finding.message


@pytest.mark.parametrize("case", BROKEN, ids=named)
def test_a_finding_shows_the_lines_it_rests_on(case: dict[str, Any]) -> None:
    read = report(case["report"])
    for finding in found_in(case):
        assert finding.severity == FINDINGS[finding.code].severity
        assert all(0 <= span.start < span.end <= len(read.source_text) for span in finding.quotes)
        assert "{" not in finding.message
        for cell in finding.cells:
            fact = read.facts[cell]
            # a column has 22 outcomes, most of them 0: those rows are not shown
            assert fact.quote in finding.quotes or (finding.code == "column_sum" and fact.value == Decimal(0))


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_every_code_is_provoked_and_has_a_near_miss(code: str) -> None:
    times = [case.get("times", 1) for case in CASES if case["code"] == code]
    assert any(times), "no case provokes it"
    assert not all(times), "no near miss stays silent"


def test_every_code_of_the_rules_is_one_module() -> None:
    assert {name for name, _ in checks.checks()} == set(FINDINGS)


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2024])
def test_a_report_in_order_has_no_finding(year: int) -> None:
    assert checks.run(made(year=year)) == ()


def test_errors_come_before_hints_and_stand_in_printed_order() -> None:
    findings = checks.run(made({"application.received/individual": 2, "rules.total_open": 4, "fee.change": ""}))
    ranks = [["error", "warning", "hint"].index(finding.severity) for finding in findings]
    assert len(set(ranks)) == 3
    assert ranks == sorted(ranks)
