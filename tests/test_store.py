"""What the store keeps: reports whole or not at all, versions, bodies that share a name, and who asked in vain."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import inspect

from db import records
from db import words as word_index
from db.engine import StoreError
from db.ingest import IngestResult, ingest
from db.schema import metadata
from db.store import Store
from db.upgrade import MIGRATIONS, found, newest
from knowledge.model import Fact, Finding, Passage, Problem, Report, Span
from tests.made_report import Said, made


def offer(store: Store, report: Report | Problem, data: bytes = b"", name: str = "a/报告.txt") -> IngestResult:
    """Ingests what a parser would have read from a file of these bytes."""
    (result,) = ingest(store, data or repr(report).encode(), name, lambda _data, _name: [report])
    return result


CHAIQIAO = made({"application.received/total": 2}, org="柴桥街道办事处", year=2020, published=date(2021, 1, 13))


# a report comes back as it was read


def test_a_report_comes_back_as_it_was_read(store: Store) -> None:
    finding = Finding(
        "row_sum", "error", "加不上", Decimal("2.5"), "三", "表", ("一、",), ("总计",), (0, 3), (Span(1, 9),)
    )
    problems = (Problem("row_short", "少一格", Span(2, 5)), Problem("date_mismatch", "两个日期"))
    read = replace(CHAIQIAO, short_names=("柴桥街道", "柴桥"), findings=(finding,), problems=problems)
    result = offer(store, read, name="文件夹/柴桥街道2020.txt")
    assert result.status == "added" and result.report is not None
    key = result.report.id
    assert store.facts(key) == read.facts
    assert store.passages(key) == read.passages
    assert store.findings(key) == (finding,)
    assert store.problems(key) == problems
    assert store.text(key) == read.source_text
    assert (result.report.org, result.report.short_names, result.report.year) == (
        "柴桥街道办事处",
        ("柴桥街道", "柴桥"),
        2020,
    )
    assert (result.report.published, result.report.source_name) == (date(2021, 1, 13), "柴桥街道2020.txt")
    assert (result.report.facts, result.report.findings) == (len(read.facts), 1)


def test_every_slice_of_the_stored_text_is_what_is_printed(store: Store) -> None:
    result = offer(store, CHAIQIAO)
    assert result.report is not None
    for fact in store.facts(result.report.id):
        assert store.slice(result.report.id, fact.span) == fact.raw
        assert fact.raw in store.slice(result.report.id, fact.quote)


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\u2028", "\n\n", "𠮷\t"])
def test_line_ends_and_rare_characters_are_kept(store: Store, ending: str) -> None:
    text = CHAIQIAO.source_text + ending
    result = offer(store, replace(CHAIQIAO, source_text=text))
    assert result.report is not None and store.text(result.report.id) == text


VALUES = some.decimals(allow_nan=False, allow_infinity=False, places=None) | some.sampled_from(
    [
        Decimal(text)
        for text in ("0", "-3", "12.5", "0.000001", "0.0000001", "9223372036854.775807", "9223372036855", "1E+30")
    ]
)


@given(value=VALUES)
def test_a_value_is_stored_exactly(value: Decimal) -> None:
    span = Span(0, 1)
    row = records.fact_values(Fact(None, (), (), value, "元", "x", "number", span, span))
    assert records.decimal(row["value_micro"], row["value_text"]) == value
    assert row["value_micro"] is None or abs(row["value_micro"]) < 2**63


@given(value=some.none() | some.text() | VALUES)
def test_what_a_finding_expects_is_stored_exactly(value: Decimal | str | None) -> None:
    finding = Finding("balance", "error", "", expected=value)
    row = records.finding_values(finding)
    assert records.finding([row[name] for name in records.FINDING_COLUMNS]) == finding


# the same file, another file, a file that is none


def test_the_same_file_again_is_unchanged(store: Store) -> None:
    first = offer(store, CHAIQIAO, b"file")
    again = offer(store, CHAIQIAO, b"file", "elsewhere/copy.txt")
    assert (first.status, again.status) == ("added", "unchanged")
    assert again.report == first.report
    assert len(store.reports()) == 1


def test_an_unchanged_file_is_not_even_read(store: Store) -> None:
    offer(store, CHAIQIAO, b"file")

    def explode(_data: bytes, _name: str) -> list[Report | Problem]:
        raise AssertionError

    (again,) = ingest(store, b"file", "x", explode)
    assert again.status == "unchanged"


def test_another_file_for_the_same_body_and_year_is_a_new_version(store: Store) -> None:
    first = offer(store, CHAIQIAO, b"one")
    changed = made(
        {"application.received/total": 3, "application.carried_in/total": ""}, org="柴桥街道办事处", year=2020
    )
    second = offer(store, changed, b"two")
    assert second.status == "replaced"
    assert [(c.path[-1], c.old, c.new) for c in second.changes] == [
        ("一、本年新收政府信息公开申请数量", "2", "3"),
        ("二、上年结转政府信息公开申请数量", "0", ""),
    ]
    assert first.report is not None and second.report is not None
    assert [one.id for one in store.reports()] == [second.report.id]
    assert [(one.version, one.current) for one in store.versions(second.report.organisation_id, 2020)] == [
        (1, False),
        (2, True),
    ]
    assert store.facts(first.report.id) == CHAIQIAO.facts, "the old version can still be read"


def test_the_old_file_after_the_new_one_is_a_version_of_its_own(store: Store) -> None:
    offer(store, CHAIQIAO, b"one")
    offer(store, made(org="柴桥街道办事处", year=2020), b"two")
    third = offer(store, CHAIQIAO, b"one")
    assert third.status == "replaced" and third.report is not None and third.report.version == 3


def test_the_same_figures_from_another_file_change_nothing_to_tell(store: Store) -> None:
    offer(store, CHAIQIAO, b"one")
    again = offer(store, CHAIQIAO, b"the same as docx")
    assert again.status == "replaced" and again.changes == ()


def test_a_rejected_file_leaves_its_reason_and_nothing_else(store: Store) -> None:
    result = offer(store, Problem("not_a_report", "这不是报告"))
    assert (result.status, result.reason, result.report) == ("rejected", "这不是报告", None)
    assert store.reports() == [] and store.data_version() == 0


def test_half_a_character_is_a_reason_not_a_traceback(store: Store) -> None:
    result = offer(store, replace(CHAIQIAO, source_text=CHAIQIAO.source_text + "\ud800"), b"page")
    assert result.status == "rejected" and result.code == "broken_text"


def test_a_nul_in_the_text_keeps_every_quote_in_its_place(store: Store) -> None:
    read = replace(CHAIQIAO, source_text=CHAIQIAO.source_text[:3] + "\0" + CHAIQIAO.source_text[4:])
    key = (offer(store, read).report or pytest.fail()).id
    with store.database.engine.connect() as connection:
        sql = "SELECT substr(text, quote_start + 1, quote_end - quote_start), quote_start, quote_end"
        rows = connection.exec_driver_sql(f"{sql} FROM fact JOIN source USING (report_id)").all()
    assert rows and all(text == store.slice(key, Span(start, end)) for text, start, end in rows)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(store: Store) -> None:
    offer(store, CHAIQIAO, b"one")
    before = store.data_version()
    changed = made({"application.received/total": 9}, org="柴桥街道办事处", year=2020)
    (result,) = ingest(store, b"two", "x", lambda _d, _n: [changed], dry_run=True)
    assert result.status == "replaced" and result.report is None
    assert [(c.old, c.new) for c in result.changes] == [("2", "9")]
    (other,) = ingest(store, b"three", "x", lambda _d, _n: [made(org="小河街道办事处")], dry_run=True)
    assert other.status == "added"
    assert store.data_version() == before and len(store.reports()) == 1


@pytest.mark.parametrize("where", ["_insert_facts", "_insert_all", "add_names", "note", "changed"])
def test_a_report_that_breaks_off_leaves_nothing_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    offer(store, CHAIQIAO, b"one")
    before = dump(store)

    def break_off(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"db.ingest.{where}", break_off)
    with pytest.raises(KeyboardInterrupt):
        offer(store, made({"application.received/total": 3}, org="柴桥街道办事处", year=2020), b"two")
    assert dump(store) == before
    monkeypatch.undo()
    assert offer(store, made(org="柴桥街道办事处", year=2021), b"three").status == "added", "the store goes on working"


def test_a_killed_process_leaves_a_whole_store(tmp_path: Path) -> None:
    """kill -9 between the statements of a report: what was there before is there, of the new one nothing."""
    import os
    import signal
    import subprocess
    import sys

    url = f"sqlite:///{tmp_path}/store.db"
    with Store.open(url) as store:
        offer(store, CHAIQIAO, b"one")
        before = dump(store)
    program = (
        "import os, signal, db.ingest\n"
        "from db.store import Store\nfrom tests.made_report import made\n"
        "db.ingest.note = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"store = Store.open({url!r})\n"
        "db.ingest.ingest(store, b'two', 'x', lambda d, n: [made(org='柴桥街道办事处', year=2020)])\n"
    )
    root = Path(__file__).resolve().parent.parent
    here = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=root, env=here)
    assert done.returncode == -signal.SIGKILL
    with Store.open(url) as store:
        assert dump(store) == before
        assert offer(store, made(org="柴桥街道办事处", year=2020), b"two").status == "replaced"


def dump(store: Store) -> list[str]:
    """Everything in the database, as text."""
    connection = sqlite3.connect(store.database.url.database or "")
    try:
        return [line for line in connection.iterdump() if "sqlite_sequence" not in line]
    finally:
        connection.close()


# bodies


BODIES: list[tuple[str, list[tuple[str, str | None]], int]] = [
    ("the same name", [("柴桥街道办事处", None), ("柴桥街道办事处", None)], 1),
    ("another form of the name", [("小河街道", None), ("小河街道办事处", None)], 1),
    (
        "the signature names the place",
        [("阳明街道办事处", None), ("阳明街道办事处", "余姚市人民政府阳明街道办事处")],
        1,
    ),
    ("the place in the title", [("石桥镇人民政府", None), ("禾丰县石桥镇人民政府", None)], 1),
    ("blanks and width in the name", [("北仑区政务服务办公室", None), ("北仑区　政务服务 办公室", None)], 1),
    (
        "one name in two counties",
        [("城关镇人民政府", "禾丰县城关镇人民政府"), ("城关镇人民政府", "泽安县城关镇人民政府")],
        2,
    ),
    (
        "a bare name beside two counties is neither",
        [("禾丰县城关镇人民政府", None), ("泽安县城关镇人民政府", None), ("城关镇人民政府", None)],
        3,
    ),
    ("a bare office could be any county's", [("市场监督管理局", None), ("桐屿县市场监督管理局", None)], 2),
    ("a government and its office", [("映山区人民政府", None), ("映山区人民政府办公室", None)], 2),
    ("neighbours of one district", [("北仑区柴桥街道办事处", None), ("北仑区大榭街道办事处", None)], 2),
    ("a bureau and its branch", [("宁波市生态环境局", None), ("宁波市生态环境局北仑分局", None)], 2),
]


@pytest.mark.parametrize(("_why", "names", "bodies"), BODIES, ids=[why for why, _, _ in BODIES])
def test_two_printings_are_one_body_and_two_bodies_stay_two(
    store: Store, _why: str, names: list[tuple[str, str | None]], bodies: int
) -> None:
    for year, (org, signature) in enumerate(names, 2018):
        assert offer(store, replace(made(org=org, year=year), signature=signature)).status == "added"
    assert len(store.organisations()) == bodies


def test_two_bodies_of_one_name_do_not_replace_each_other(store: Store) -> None:
    for county in ("禾丰县", "泽安县"):
        read = replace(made(org="城关镇人民政府", year=2020), signature=f"{county}城关镇人民政府")
        assert offer(store, read, county.encode()).status == "added"
    assert len(store.reports()) == 2
    assert {one.full_name for one in store.organisations()} == {"禾丰县城关镇人民政府", "泽安县城关镇人民政府"}


def test_names_are_folded_and_know_their_kind(store: Store) -> None:
    offer(store, replace(made(org="柴橋街道辦事處"), short_names=("柴桥", "ＣＱ街道")))
    assert {(name, kind) for name, _, _, kind in store.names()} == {
        ("柴桥街道办事处", "full"),
        ("柴桥", "short"),
        ("cq街道", "short"),
    }
    assert [row[0] for row in store.names_among(["柴桥", "小河", "桥街"])] == ["柴桥"]
    assert "柴桥街道办事处" in [row[0] for row in store.names_like("紫桥街道")]


def test_an_alias_is_taught_and_taken_back(store: Store) -> None:
    body = (offer(store, CHAIQIAO).report or pytest.fail()).organisation_id
    store.teach("柴街", body, "cli")
    assert [(one.org, one.year) for one in store.find("柴街 2020")] == [("柴桥街道办事处", 2020)]
    assert store.unlearn("柴街", "cli") and not store.unlearn("柴街", "cli")
    assert store.find("柴街 2020") == []


# finding a report


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("r1", ["柴桥街道办事处 2020"]),
        ("R1", ["柴桥街道办事处 2020"]),
        ("r9", []),
        ("r0", []),
        ("r99999999999999999999", []),
        ("柴桥街道办事处 2020", ["柴桥街道办事处 2020"]),
        ("柴桥 2020", ["柴桥街道办事处 2020"]),
        ("柴桥2020", ["柴桥街道办事处 2020"]),
        ("柴桥２０２０年", ["柴桥街道办事处 2020"]),
        ("柴橋街道 2020年度报告", ["柴桥街道办事处 2020"]),
        ("柴桥 2019", []),
        ("柴桥", []),
        ("2020", []),
        ("", []),
        ("街道 2020", ["柴桥街道办事处 2020", "小河街道办事处 2020"]),
        ("'; DROP TABLE report; -- 2020", []),
        ('" OR 1=1 2020', []),
        ("%街道% 2020", []),
    ],
)
def test_a_report_is_found_by_id_or_body_and_year(store: Store, argument: str, found: list[str]) -> None:
    for name in ("柴桥街道办事处", "小河街道办事处"):
        short = name.removesuffix("街道办事处")
        offer(store, replace(made(org=name, year=2020), short_names=(f"{short}街道", short)))
    assert sorted(f"{one.org} {one.year}" for one in store.find(argument)) == sorted(found)


def test_prose_is_found_by_words_of_two_characters(store: Store) -> None:
    said = [Said("发布政务动态1272篇。", "1272", unit="篇"), Said("热线接听375个。", "375", unit="个")]
    offer(store, made(org="柴桥街道办事处", said=said))
    values = {}
    for asked in ("热线", "政务动态", "动态 热线", "处罚", '" OR *', "的"):
        hits = store.facts_by_words(asked.split())
        values[asked] = [int(store.facts(report)[ordinal].value or 0) for report, ordinal in hits]
    assert values == {"热线": [375], "政务动态": [1272], "动态 热线": [], "处罚": [], '" OR *': [], "的": []}


def test_prose_of_an_old_version_is_not_found(store: Store) -> None:
    offer(store, made(org="柴桥街道办事处", said=[Said("热线接听375个。", "375", unit="个")]), b"one")
    offer(store, made(org="柴桥街道办事处", said=[Said("热线接听376个。", "376", unit="个")]), b"two")
    (hit,) = store.facts_by_words(["热线"])
    assert store.facts(hit[0])[hit[1]].raw == "376"


@given(some.text())
def test_any_text_can_be_searched_for(text: str) -> None:
    asked = word_index.match([text])
    assert asked.count('"') % 2 == 0 and "\x00" not in asked


# versions


def test_an_old_version_is_restored_and_the_new_one_kept(store: Store) -> None:
    first = offer(store, CHAIQIAO, b"one").report
    second = offer(store, made(org="柴桥街道办事处", year=2020), b"two").report
    assert first is not None and second is not None
    store.restore(first.id, "cli")
    assert [one.id for one in store.reports()] == [first.id]
    rows = store.database.engine.connect()
    with rows as connection:
        current = connection.exec_driver_sql("SELECT DISTINCT report_id FROM fact WHERE current = 1").scalars().all()
    assert current == [first.id], "rankings see the restored figures"


def test_taking_back_the_only_version_takes_the_report_away(store: Store) -> None:
    first = offer(store, CHAIQIAO, b"one").report
    assert first is not None
    assert store.withdraw(first.id, "telegram:1") is None
    assert store.reports() == [] and store.find("柴桥 2020") == []
    assert offer(store, CHAIQIAO, b"one").status == "added", "and the same file can come again"


def test_taking_back_a_replacement_brings_the_one_before_back(store: Store) -> None:
    first = offer(store, CHAIQIAO, b"one").report
    second = offer(store, made(org="柴桥街道办事处", year=2020), b"two").report
    assert first is not None and second is not None
    assert (store.withdraw(second.id, "cli") or pytest.fail()).id == first.id


def test_every_change_is_in_the_audit_log(store: Store) -> None:
    first = offer(store, CHAIQIAO, b"one").report
    assert first is not None
    offer(store, made(org="柴桥街道办事处", year=2020), b"two")
    store.restore(first.id, "telegram:7")
    store.teach("柴街", first.organisation_id, "cli")
    assert [(one.actor, one.action) for one in reversed(store.audit())] == [
        ("cli", "added"),
        ("cli", "replaced"),
        ("telegram:7", "restore"),
        ("cli", "alias"),
    ]


# processes and threads beside each other


def test_another_process_sees_the_change(store: Store, tmp_path: Path) -> None:
    before = store.data_version()
    with Store.open(f"sqlite:///{tmp_path}/store.db") as other:
        offer(other, CHAIQIAO)
    assert store.data_version() > before
    assert len(store.reports()) == 1


def test_threads_may_share_a_store(store: Store) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for year in range(2019, 2023):
                offer(store, made(org=f"{chr(0x4E00 + number)}山街道办事处", year=year))
                assert store.reports()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(store.reports()) == 16


# conversations and unanswered questions


def test_a_conversation_survives_and_expires(store: Store) -> None:
    store.keep_conversation("telegram:5/1", {"body": "柴桥", "broken": "\ud800"})
    store.keep_conversation("telegram:5/1", {"body": "小河"})
    assert store.conversation("telegram:5/1") == {"body": "小河"}
    assert store.conversation("telegram:5/1", since="9999") is None
    assert store.conversation("telegram:5/2") is None
    store.forget_conversations("9999")
    assert store.conversation("telegram:5/1") is None


def test_unanswered_questions_are_kept_without_the_person(store: Store) -> None:
    store.keep_unanswered([("行政许可申请有几件\ud800", "not_understood"), ("问" * 10_000, "out_of_scope")])
    newest, oldest = store.unanswered()
    assert (oldest.text, oldest.reason) == ("行政许可申请有几件?", "not_understood")
    assert len(newest.text) == 1000


# opening


def test_the_migrations_make_what_the_schema_says(store: Store) -> None:
    inspector = inspect(store.database.engine)
    made_tables = {name for name in inspector.get_table_names() if not name.startswith(("fact_words", "name_words"))}
    assert made_tables == {*metadata.tables, "alembic_version"}
    for name, table in metadata.tables.items():
        columns = {c["name"]: c["nullable"] for c in inspector.get_columns(name)}
        assert columns == {c.name: bool(c.nullable) for c in table.columns}, name
        indexes = {i["name"]: (i["column_names"], bool(i["unique"])) for i in inspector.get_indexes(name)}
        assert indexes == {i.name: ([c.name for c in i.columns], bool(i.unique)) for i in table.indexes}, name
        foreign = {tuple(f["constrained_columns"]): f["referred_table"] for f in inspector.get_foreign_keys(name)}
        assert foreign == {tuple(f.column_keys): f.referred_table.name for f in table.foreign_key_constraints}, name


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in MIGRATIONS.glob("[0-9]*.py"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_open_store_is_at_the_newest_version_and_opening_again_changes_nothing(store: Store) -> None:
    before = dump(store)
    assert found(store.database) == newest()
    with Store.open(str(store.database.url)):
        assert dump(store) == before


def test_a_store_of_an_older_program_is_upgraded_with_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.script import ScriptDirectory

    url = f"sqlite:///{tmp_path}/old.db"
    monkeypatch.setattr("db.upgrade.newest", lambda: "0001")
    whole = ScriptDirectory._upgrade_revs
    monkeypatch.setattr(ScriptDirectory, "_upgrade_revs", lambda self, _to, start: whole(self, "0001", start))
    with Store.open(url) as store, store.database.write() as connection:
        assert found(store.database) == "0001"
        connection.exec_driver_sql("INSERT INTO organisation (id, name, full_name) VALUES (1, '柴桥', '柴桥街道办事处')")
        connection.exec_driver_sql(
            "INSERT INTO organisation_name (organisation_id, name, printed, kind) VALUES (1, '柴桥', '柴桥', 'short')"
        )
    monkeypatch.undo()
    with Store.open(url) as store:
        assert found(store.database) == newest()
        assert [one.full_name for one in store.organisations()] == ["柴桥街道办事处"]
        assert store.names() == [("柴桥", "柴桥", 1, "short")]
        assert offer(store, CHAIQIAO).status == "added"
        assert len(store.organisations()) == 1


def broken_file(folder: Path) -> str:
    (folder / "notes.txt").write_text("this is no database, only a text of some length\n" * 100)
    return f"sqlite:///{folder}/notes.txt"


def newer_store(folder: Path) -> str:
    url = f"sqlite:///{folder}/new.db"
    with Store.open(url) as store, store.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    return url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (lambda _: "wenbao.db", "写法不对"),
        (lambda _: "", "写法不对"),
        (lambda _: "mongodb://x", "认不得"),
        (lambda folder: f"sqlite:///{folder}/missing/x.db", "不存在"),
        (lambda folder: f"sqlite:///{folder}", "打不开"),
        (broken_file, "不是 SQLite"),
        (newer_store, "请更新程序"),
    ],
)
def test_a_store_that_cannot_be_opened_is_one_sentence(tmp_path: Path, url: Callable[[Path], str], says: str) -> None:
    with pytest.raises(StoreError) as refused:
        Store.open(url(tmp_path))
    assert says in str(refused.value) and "\n" not in str(refused.value)
    assert refused.value.code == "bad_database"


def test_a_store_in_memory_works_too() -> None:
    with Store.open("sqlite://") as store:
        assert offer(store, CHAIQIAO).status == "added"
        assert store.reports()[0].org == "柴桥街道办事处"


def test_passages_without_a_heading_come_back(store: Store) -> None:
    read = replace(CHAIQIAO, passages=(Passage("overview", None, Span(0, 3)), Passage("local", "七、附件", Span(3, 5))))
    result = offer(store, read)
    assert result.report is not None and store.passages(result.report.id) == read.passages
