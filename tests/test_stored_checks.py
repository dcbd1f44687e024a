"""A report in the store is also checked against last year's and against what other bodies wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_report import made

from db.check import Checker, findings
from db.ingest import keep
from db.store import Store

OWN = (
    "街道把公开工作列入全年计划，主要领导每季度听一次汇报；分管领导每月看一次台账，各科室每周报一次信息；"
    "拿不准的内容先问再发，发出以后隔天再看一遍有没有错漏。新来的同志先学一遍目录再上手。"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/checks.db") as opened:
        yield opened


def put(store: Store, **given: object) -> int:
    report = made(**given)  # type: ignore[arg-type]
    result = keep(store, report, f"{report.org}{report.year}.txt", f"{report.org}{report.year}")
    assert result.report is not None
    return result.report.id


def codes(store: Store, key: int) -> list[str]:
    stored = store.report(key)
    assert stored is not None
    return [finding.code for finding in findings(store, stored)]


def test_last_years_report_is_held_beside_this_years(store: Store) -> None:
    this = put(store, year=2020, cells={"application.received/total": 0})
    assert "carry_over" not in codes(store, this)
    carried = {"application.carried_out/individual": 2, "application.carried_out/total": 2}
    put(store, year=2019, cells=carried)
    assert codes(store, this).count("carry_over") == 2


def test_another_bodys_report_is_not_last_years(store: Store) -> None:
    this = put(store, year=2020)
    put(store, org="丙县丁镇人民政府", year=2019, cells={"application.carried_out/total": 2})
    assert codes(store, this) == []


def test_copied_words_are_found_among_many(store: Store) -> None:
    this = put(store, year=2020, words={"overview": OWN})
    for number, name in enumerate("甲乙丙丁戊"):
        put(
            store,
            org=f"{name}镇人民政府",
            year=2020,
            words={"overview": f"第{number}次会议之后，{name}镇逐项整改。" * 6},
        )
    assert codes(store, this) == []
    put(store, org="己镇人民政府", year=2020, words={"overview": OWN.replace("一次", "1次")})
    checker = Checker(store)
    stored = store.report(this)
    assert stored is not None
    copied = [finding.message for finding in checker.findings(stored) if finding.code == "copied_text"]
    assert len(copied) == 1
    assert copied[0].startswith("“总体情况”一节与己镇人民政府2020年的报告有 9")
