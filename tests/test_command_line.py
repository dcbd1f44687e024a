"""The command line as the people and scripts that use it meet it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from bot.cli import Commands
from bot.cli import wenbao as entry
from db.store import Store
from tests.conftest import ROOT, Ran

Run = Callable[..., Ran]

CHAIQIAO = ROOT / "samples" / "柴桥街道2020.txt"
QUESTION = "柴桥2020年收到几件申请"

REPORT_KEYS = {"id", "org", "short_names", "year", "edition", "published", "source", "sha256", "facts", "findings"}
FACT_KEYS = {"table", "path", "column", "value", "unit", "raw", "state", "start", "end"}
FINDING_KEYS = {"code", "severity", "report", "message", "expected", "found", "where", "quotes"}
RESULT_KEYS = {"path", "status", "report", "reason", "findings", "changes", "problems"}
ANSWER_KEYS = {"question", "status", "text", "figures", "quotes", "warnings", "choices"}


def report_id(wenbao: Run, library: str, org: str) -> str:
    reports = wenbao("reports", "--json", "--db", library).json["reports"]
    return next(one["id"] for one in reports if org in one["org"])


# asking


def test_a_question_gets_figure_quote_and_source(wenbao: Run, library: str) -> None:
    ran = wenbao("ask", QUESTION, "--db", library)
    assert ran.status == 0 and ran.err == ""
    assert "2件" in ran.out and "一、本年新收" in ran.out and "柴桥街道2020.txt" in ran.out


def test_the_answer_as_json_has_the_agreed_keys(wenbao: Run, library: str) -> None:
    answer = wenbao("ask", QUESTION, "--json", "--db", library).json
    assert set(answer) == ANSWER_KEYS
    assert [figure["value"] for figure in answer["figures"]] == [2]


def test_every_quote_is_a_slice_of_the_source(wenbao: Run, library: str) -> None:
    for quote in wenbao("ask", QUESTION, "--json", "--db", library).json["quotes"]:
        text = wenbao("source", quote["report"], "--db", library).out
        assert text[quote["start"] : quote["end"]] == quote["text"]


def test_a_question_may_come_in_several_words(wenbao: Run, library: str) -> None:
    assert "2件" in wenbao("ask", "柴桥2020年", "收到几件申请", "--db", library).out


def test_explain_shows_how_the_question_was_read(wenbao: Run, library: str) -> None:
    explained = wenbao("ask", QUESTION, "--explain", "--json", "--db", library).json["explain"]
    assert {"tokens", "matched", "left_over", "query", "sql", "params"} <= set(explained)


def test_asking_an_empty_store_is_answered(wenbao: Run) -> None:
    ran = wenbao("ask", QUESTION, "--json")
    assert (ran.status, ran.json["status"]) == (0, "no_data")


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "\n",
        "😀😀",
        "'; DROP TABLE report; --",
        "<b>柴桥</b>",
        "\x00\x07",
        "柴" * 10_000,
        "\u200b\u202e",
        "\ud800",
    ],
    ids=["empty", "blank", "newline", "emoji", "sql", "html", "control", "long", "invisible", "half"],
)
def test_an_odd_question_is_an_ordinary_refusal(wenbao: Run, library: str, question: str) -> None:
    ran = wenbao("ask", question, "--json", "--db", library)
    assert ran.status == 0 and ran.json["status"] != "answered" and not ran.json["figures"]


def lines(path: Path, *rows: str | dict[str, Any], encoding: str = "utf-8") -> Path:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def batch(wenbao: Run, library: str, path: Path) -> list[dict[str, Any]]:
    ran = wenbao("ask", "--batch", path, "--db", library)
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.out.split("\n") if line]


def test_a_batch_of_plain_lines_is_answered_in_order(wenbao: Run, library: str, tmp_path: Path) -> None:
    asked = [QUESTION, "今天天气怎么样", "小河2020年予以公开几件"]
    answers = batch(wenbao, library, lines(tmp_path / "q.txt", *asked, ""))
    assert [one["question"] for one in answers] == asked
    assert answers[0]["status"] == answers[2]["status"] == "answered" != answers[1]["status"]


def test_lines_of_one_chat_are_a_conversation_and_others_stand_alone(wenbao: Run, library: str, tmp_path: Path) -> None:
    answers = batch(
        wenbao,
        library,
        lines(
            tmp_path / "q.jsonl",
            {"question": QUESTION, "chat": "a"},
            {"question": "小河2020年予以公开几件", "chat": "b"},
            {"question": "其中自然人几件", "chat": "a"},
            {"question": "其中自然人几件"},
        ),
    )
    assert [f["org"] for f in answers[2]["figures"]] == ["柴桥街道办事处"]
    assert answers[3]["status"] != "answered"


def test_today_in_a_line_fixes_what_last_year_is(wenbao: Run, library: str, tmp_path: Path) -> None:
    asked = {"question": "柴桥去年收到几件申请", "today": "2021-06-01"}
    (answer,) = batch(wenbao, library, lines(tmp_path / "q.jsonl", asked))
    assert [(f["year"], f["value"]) for f in answer["figures"]] == [(2020, 2)]
    alone = wenbao("ask", "柴桥去年收到几件申请", "--today", "2021-06-01", "--json", "--db", library).json
    assert [f["year"] for f in alone["figures"]] == [2020]


def test_a_bad_line_is_an_error_in_its_place_and_the_others_are_answered(
    wenbao: Run, library: str, tmp_path: Path
) -> None:
    rows = ['{"chat": "a"}', '{"question": 7}', {"question": QUESTION, "today": "gestern"}, '{"question": ', QUESTION]
    answers = batch(wenbao, library, lines(tmp_path / "q.jsonl", *rows))
    assert [one.get("error", {}).get("code") for one in answers] == ["bad_batch_line"] * 3 + [None, None]
    assert answers[4]["status"] == "answered"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_batch_from_windows_is_read(wenbao: Run, library: str, tmp_path: Path, ending: str) -> None:
    file = tmp_path / "q.txt"
    file.write_bytes("\ufeff".encode() + f"{QUESTION}{ending}{ending}{QUESTION}{ending}".encode())
    assert [one["question"] for one in batch(wenbao, library, file)] == [QUESTION] * 2


def test_a_batch_can_come_from_standard_input(wenbao: Run, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{QUESTION}\n".encode())))
    assert json.loads(wenbao("ask", "--batch", "-", "--db", library).out)["status"] == "answered"


def test_a_mistake_of_ours_in_one_line_does_not_stop_the_batch(
    wenbao: Run, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.assistant import Assistant

    reply = Assistant.reply

    def sometimes(self: Assistant, text: str, **named: Any) -> dict[str, Any]:
        if text == "boom":
            raise ZeroDivisionError
        return reply(self, text, **named)

    monkeypatch.setattr(Assistant, "reply", sometimes)
    answers = batch(wenbao, library, lines(tmp_path / "q.txt", "boom", QUESTION))
    assert (answers[0]["error"]["code"], answers[1]["status"]) == ("internal", "answered")
    assert "ZeroDivisionError" in (tmp_path / "state" / "wenbao" / "wenbao.log").read_text(), "it is logged whole"


# chat


def test_chat_remembers_and_knows_its_commands(wenbao: Run, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        QUESTION,
        "其中自然人几件",
        "/explain",
        "/reports",
        "/check 柴桥 2020",
        "/source r999",
        "/nonsense",
        "",
        "/quit",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(said)))
    ran = wenbao("chat", "--db", library)
    assert ran.status == 0
    assert ran.out.count("柴桥街道办事处 · 2020年") >= 2, "the follow-up kept body and year"
    assert '"tokens"' in ran.out and "小河街道2020.txt" in ran.out and "balance" in ran.out
    assert "库里没有这份报告：r999" in ran.out and "/quit" in ran.out


def test_chat_on_a_terminal_paints_figures_quotes_and_warnings() -> None:
    from bot.commands.chat import painted

    answer = {
        "text": "收到：2件\n> 一、本年新收 | 2\n⚠️ 加不上",
        "figures": [{"value": 2, "unit": "件"}],
        "quotes": [{"display": "一、本年新收 | 2", "text": "一、本年新收\t2"}],
    }
    assert painted(answer, color=False) == answer["text"]
    assert painted(answer, color=True).split("\n") == [
        "收到：\x1b[1;32m2件\x1b[0m",
        "\x1b[2m> 一、本年新收 | 2\x1b[0m",
        "\x1b[33m⚠️ 加不上\x1b[0m",
    ]


# reading in


def test_a_folder_is_read_one_line_a_file_and_again_unchanged(wenbao: Run) -> None:
    first = wenbao("ingest", ROOT / "samples")
    assert first.status == 0
    assert first.out.count("新增") == 6 and "共 5 个：新增 5" in first.out
    again = wenbao("ingest", ROOT / "samples")
    assert again.status == 0 and "共 5 个：未变 5" in again.out
    assert len(wenbao("reports", "--json").json["reports"]) == 5


def test_results_as_json_have_the_agreed_keys(wenbao: Run) -> None:
    (result,) = wenbao("ingest", CHAIQIAO, "--json").json["results"]
    assert set(result) == RESULT_KEYS and set(result["report"]) == REPORT_KEYS
    assert (result["status"], result["reason"], result["changes"]) == ("added", None, [])
    assert result["report"]["findings"] == len(result["findings"]) and set(result["findings"][0]) == FINDING_KEYS
    (again,) = wenbao("ingest", CHAIQIAO, "--json").json["results"]
    assert again == {**result, "status": "unchanged"}


def test_another_file_for_the_same_year_shows_what_changes(wenbao: Run, tmp_path: Path) -> None:
    wenbao("ingest", CHAIQIAO)
    text = CHAIQIAO.read_text(encoding="utf-8")
    row = re.search(r"一、本年新收政府信息公开申请数量[^四]*?(\d+)\s*\n\s*\n", text)
    assert row is not None
    newer = tmp_path / "柴桥街道2020更正.txt"
    newer.write_text(text[: row.start(1)] + "7" + text[row.end(1) :], encoding="utf-8")
    ran = wenbao("ingest", newer, "--json")
    (result,) = ran.json["results"]
    assert result["status"] == "replaced"
    (change,) = result["changes"]
    assert (change["path"], change["column"]) == (["一、本年新收政府信息公开申请数量"], ["总计"])
    assert (change["old"], change["new"]) == ("2", "7")
    history = wenbao("history", "柴桥 2020")
    assert "2 → 7" in history.out and "第 2 版" in history.out
    assert "7件" in wenbao("ask", QUESTION).out
    assert wenbao("restore", "柴桥 2020").status == 0
    assert "2件" in wenbao("ask", QUESTION).out
    assert wenbao("restore", "柴桥 2020").status == 1, "there is none before the first"


def test_a_dry_run_writes_nothing(wenbao: Run) -> None:
    ran = wenbao("ingest", CHAIQIAO, "--dry-run", "--json")
    assert ran.json["results"][0]["status"] == "added" and ran.json["results"][0]["report"]["id"] is None
    assert wenbao("reports", "--json").json == {"reports": []}
    assert ran.json["results"][0]["findings"][0]["message"] in wenbao("ingest", CHAIQIAO, "--dry-run").out


def test_a_dry_run_counts_the_same_file_once(wenbao: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.txt").write_bytes(CHAIQIAO.read_bytes())
    (folder / "d.txt").write_bytes(b"")
    (folder / "e.txt").write_bytes(b"")
    assert "共 5 个（没有写入）：新增 1，未变 2，拒收 2" in wenbao("ingest", folder, "--dry-run").out
    assert "共 5 个：新增 1，未变 2，拒收 2" in wenbao("ingest", folder).out


def test_again_reads_a_known_file_anew(wenbao: Run) -> None:
    wenbao("ingest", CHAIQIAO)
    (result,) = wenbao("ingest", CHAIQIAO, "--again", "--json").json["results"]
    assert result["status"] == "replaced" and result["changes"] == []


def bad_files(folder: Path) -> Path:
    folder.mkdir()
    (folder / "poem.txt").write_text("床前明月光，疑是地上霜。\n" * 3, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "junk.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "README.md").write_text("# 说明\n\n政府信息公开工作年度报告的样例。\n", encoding="utf-8")
    (folder / "facts.jsonl").write_text('{"table": null}\n', encoding="utf-8")
    (folder / "lies.docx").write_bytes(b"PK\x03\x04 this is no archive")
    (folder / "lies.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    (folder / ".hidden.txt").write_bytes(CHAIQIAO.read_bytes())
    (folder / "~$lock.docx").write_bytes(b"\x05user")
    (folder / ".git").mkdir()
    (folder / ".git" / "report.txt").write_bytes(CHAIQIAO.read_bytes())
    (folder / "bad\tname\u202e.txt").write_bytes(b"x")
    return folder


def test_a_folder_of_other_things_is_refused_file_by_file(wenbao: Run, tmp_path: Path) -> None:
    ran = wenbao("ingest", bad_files(tmp_path / "files"), "--json")
    results = {Path(one["path"]).name: one for one in ran.json["results"]}
    assert ran.status == 1, "nothing could be stored"
    assert {one["status"] for one in results.values()} == {"rejected"}
    assert all(one["reason"] and "\n" not in one["reason"] for one in results.values())
    assert len(results) == 9 and not any(name.startswith((".", "~$")) for name in results)
    assert wenbao("reports", "--json").json == {"reports": []}


def test_one_good_file_among_bad_ones_is_stored(wenbao: Run, tmp_path: Path) -> None:
    folder = bad_files(tmp_path / "files")
    shutil.copy(CHAIQIAO, folder)
    ran = wenbao("ingest", folder)
    assert ran.status == 0 and "新增 1，拒收 9" in ran.out


def test_a_named_file_that_is_refused_is_a_failure(wenbao: Run, tmp_path: Path) -> None:
    folder = bad_files(tmp_path / "files")
    ran = wenbao("ingest", CHAIQIAO, folder / "poem.txt")
    assert ran.status == 1 and "新增 1，拒收 1" in ran.out


@pytest.mark.parametrize("path", ["missing.txt", "/dev/null", "missing/folder"])
def test_a_file_that_cannot_be_opened_is_told_by_name(wenbao: Run, path: str) -> None:
    ran = wenbao("ingest", path, "--json")
    assert ran.status == 1 and path in ran.json["results"][0]["reason"]


def test_a_pipe_is_not_waited_for(wenbao: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.txt")
    assert wenbao("ingest", tmp_path / "report.txt").status == 1


def test_a_file_beyond_the_limit_is_refused_with_the_limit(wenbao: Run, tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"a" * (1024 * 1024 + 1))
    (Path("config.toml")).write_text("[limits]\ninput_mb = 1\n")
    assert "最多能收 1 MB" in wenbao("ingest", tmp_path / "big.txt").out


def test_the_same_file_twice_in_one_run_is_stored_once(wenbao: Run, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        shutil.copy(CHAIQIAO, tmp_path / name)
    ran = wenbao("ingest", *(tmp_path / f"{name}.txt" for name in "abc"), "--jobs", "3")
    assert "新增 1，未变 2" in ran.out


def test_files_in_a_zip_are_read_under_its_name(wenbao: Run, tmp_path: Path) -> None:
    archive = tmp_path / "全部.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(CHAIQIAO, "街道/柴桥街道2020.txt")
        out.writestr("poem.txt", "床前明月光")
    results = wenbao("ingest", archive, "--json").json["results"]
    assert sorted(one["status"] for one in results) == ["added", "rejected"]
    assert all(one["path"].startswith(f"{archive}/") for one in results)
    again = wenbao("ingest", archive, "--json").json["results"]
    assert sorted(one["status"] for one in again) == ["rejected", "unchanged"]


def test_two_files_for_one_year_do_not_replace_each_other_again_and_again(wenbao: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    older, newer = folder / "1.txt", folder / "2.txt"
    older.write_bytes(CHAIQIAO.read_bytes())
    newer.write_bytes(CHAIQIAO.read_bytes() + b"\n")
    assert "新增 1，替换 1" in wenbao("ingest", folder).out
    again = wenbao("ingest", folder)
    assert "未变 2" in again.out and again.out.count("另一版") == 1
    assert len(wenbao("history", "柴桥 2020", "--json").json["versions"]) == 2
    assert "替换 1" in wenbao("ingest", older).out, "named by itself it comes back"
    for restored in ("r2", "r1"):
        assert wenbao("restore", restored).status == 0
        assert "未变 2" in wenbao("ingest", folder).out, "what was restored stays"
        (current,) = [one["id"] for one in wenbao("history", "柴桥 2020", "--json").json["versions"] if one["current"]]
        assert current == restored


def test_a_cut_off_archive_is_told_by_its_own_name(wenbao: Run, tmp_path: Path) -> None:
    cut = tmp_path / "cut.docx"
    cut.write_bytes((ROOT / "fuzz" / "seeds" / "plain.docx").read_bytes()[:300])
    (result,) = wenbao("ingest", cut, "--json").json["results"]
    assert (result["path"], result["status"]) == (str(cut), "rejected")


def test_progress_counts_the_files_of_an_archive_and_each_once(tmp_path: Path) -> None:
    from bot.intake import results
    from bot.settings import load
    from db.store import Store

    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as zipped:
        for path in sorted((ROOT / "samples").iterdir()):
            zipped.write(path, path.name)
    (tmp_path / "two.html").write_bytes((ROOT / "fuzz" / "seeds" / "site.html").read_bytes())
    found, done = [2], []
    with Store.open("sqlite://") as store:
        paths = [str(tmp_path / "reports.zip"), str(tmp_path / "two.html")]
        got = list(results(store, load(None), paths, jobs=2, found=found.append, done=done.append))
    assert sum(found) == sum(done) == 1 + len(list((ROOT / "samples").iterdir()))
    assert [one.path for one in got] == sorted(one.path for one in got), "in the order they were offered"


def test_what_was_stored_before_an_interruption_stays(wenbao: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import intake

    keep, kept = intake.keep_file, []

    def interrupted(*arguments: Any, **named: Any) -> Any:
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(keep(*arguments, **named))
        return kept[-1]

    with monkeypatch.context() as patched:
        patched.setattr(intake, "keep_file", interrupted)
        ran = wenbao("ingest", ROOT / "samples")
    assert ran.status == 130 and ran.err.strip() == "已中断，做完的都已保存。"
    assert "新增 3，未变 2" in wenbao("ingest", ROOT / "samples").out


# reports, figures, text, findings


def test_reports_have_the_agreed_keys(wenbao: Run, library: str) -> None:
    reports = wenbao("reports", "--json", "--db", library).json["reports"]
    assert len(reports) == 5
    for one in reports:
        assert set(one) == REPORT_KEYS
        assert re.fullmatch(r"r\d+", one["id"]) and one["edition"] in ("2019", "2021", "other")
    assert "柴桥街道办事处" in wenbao("reports", "--db", library).out


def test_every_figure_is_where_it_says(wenbao: Run, library: str) -> None:
    for report in wenbao("reports", "--json", "--db", library).json["reports"]:
        told = wenbao("facts", report["id"], "--json", "--db", library).json
        text = wenbao("source", report["id"], "--db", library).out
        assert told["report"] == report and len(told["facts"]) == report["facts"]
        for fact in told["facts"]:
            assert set(fact) >= FACT_KEYS
            assert text[fact["start"] : fact["end"]] == fact["raw"]
            assert (fact["value"] is None) == (fact["state"] != "number")


@pytest.mark.parametrize("command", ["facts", "source", "check"])
def test_a_report_is_named_in_three_ways(wenbao: Run, library: str, command: str) -> None:
    key = report_id(wenbao, library, "柴桥")
    by_id, by_name = (wenbao(command, name, "--json", "--db", library).json for name in (key, "柴桥 2020"))
    assert by_id == by_name
    from_file = wenbao(command, CHAIQIAO, "--json").json
    part = {"facts": "facts", "source": "text", "check": "findings"}[command]
    strip = lambda value: [{**one, "report": None} for one in value] if command == "check" else value  # noqa: E731
    stored, read = strip(by_id[part]), strip(from_file[part])
    if command == "check":  # beside its neighbours a stored report may have more findings, never fewer
        assert [one for one in read if one not in stored] == []
    else:
        assert stored == read


def test_reading_a_file_for_the_occasion_makes_no_database(wenbao: Run) -> None:
    assert wenbao("facts", CHAIQIAO, "--json").status == 0
    assert list(Path().iterdir()) == []


def test_the_text_is_written_byte_for_byte(wenbao: Run, tmp_path: Path) -> None:
    file = tmp_path / "windows.txt"
    file.write_bytes(CHAIQIAO.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-8"))
    stored = wenbao("source", file, "--json").json["text"]
    printed = subprocess.run(
        [sys.executable, "-m", "bot.cli", "source", file], cwd=ROOT, capture_output=True, check=True
    )
    assert printed.stdout == stored.encode("utf-8") and printed.stderr == b""


def test_check_without_a_report_checks_them_all(wenbao: Run, library: str) -> None:
    found = wenbao("check", "--json", "--db", library).json["findings"]
    assert {one["report"] for one in found} <= {f"r{number}" for number in range(1, 6)}
    assert "balance" in {one["code"] for one in found}
    for one in found:
        assert set(one) == FINDING_KEYS and one["severity"] in ("error", "warning", "hint")
        text = wenbao("source", one["report"], "--db", library).out
        assert all(text[quote["start"] : quote["end"]] == quote["text"] for quote in one["quotes"])


def test_check_of_several_reports(wenbao: Run, library: str) -> None:
    ran = wenbao("check", "柴桥 2020", "阳明 2019", "--db", library)
    assert ran.status == 0 and "柴桥街道2020.txt" in ran.out and "阳明街道2019.txt" in ran.out


def test_a_name_that_fits_several_reports_lists_them(wenbao: Run, library: str) -> None:
    ran = wenbao("facts", "街道 2020", "--db", library)
    assert ran.status == 1 and "小河街道" in ran.err and "柴桥街道" in ran.err


# what admins use


def test_an_alias_is_taught_listed_and_removed(wenbao: Run, library: str) -> None:
    assert wenbao("alias", "柴街", "柴桥街道办事处", "--db", library).status == 0
    assert wenbao("alias", "--json", "--db", library).json["aliases"][0]["alias"] == "柴街"
    assert "2件" in wenbao("ask", "柴街2020年收到几件申请", "--db", library).out
    assert wenbao("alias", "柴街", "--remove", "--db", library).status == 0
    assert wenbao("alias", "柴街", "--remove", "--db", library).status == 1
    assert wenbao("alias", "柴街", "没有的单位", "--db", library).status == 1
    assert wenbao("alias", "柴街", "--db", library).status == 2


def test_every_change_is_audited(wenbao: Run, library: str) -> None:
    rows = wenbao("audit", "--json", "--db", library).json["audit"]
    assert len(rows) == 5 and {row["action"] for row in rows} == {"added"}
    assert wenbao("audit", "--most", "1", "--db", library).out.count("\n") == 1
    wenbao("alias", "柴街", "柴桥街道办事处", "--db", library)
    wenbao("alias", "没有教过", "--remove", "--db", library)
    newest = wenbao("audit", "--most", "1", "--db", library).out
    assert "cli\t教别名\t柴街 → " in newest and newest.rstrip().endswith("柴桥街道办事处")


def test_unanswered_questions_are_listed(wenbao: Run, library: str, tmp_path: Path) -> None:
    question = "柴桥2020年的龙门吊几台"
    assert wenbao("ask", question, "--json", "--db", library).json["status"] == "not_understood"
    batch(wenbao, library, lines(tmp_path / "q.txt", QUESTION, question))
    assert wenbao("unanswered", "--db", library).out.count(question) == 2
    assert wenbao("unanswered", "--json", "--db", library).json["unanswered"][0]["reason"] == "not_understood"
    assert QUESTION not in wenbao("unanswered", "--db", library).out


def test_the_doctor_says_what_is_missing(wenbao: Run, library: str) -> None:
    ran = wenbao("doctor", "--db", library)
    assert ran.status == 0 and "5 份报告" in ran.out and "WENBAO_TELEGRAM_TOKEN" in ran.out
    checks = {row["name"]: row["message"] for row in wenbao("doctor", "--json", "--db", library).json["checks"]}
    assert checks.keys() >= {"数据库", "磁盘"} and "读文件的进程" in checks["隔离"]


def test_run_without_a_token_says_so(wenbao: Run) -> None:
    ran = wenbao("run")
    assert ran.status == 1 and "WENBAO_TELEGRAM_TOKEN" in ran.err and ran.err.count("\n") == 1


# refusals


WRONG: list[tuple[list[str], int, str]] = [
    (["nonsense"], 2, "nonsense"),
    (["ask"], 2, "--batch"),
    (["ask", "x", "--batch", "y"], 2, "--batch"),
    (["ask", "x", "--nonsense"], 2, "--nonsense"),
    (["ask", "x", "--db"], 2, "--db"),
    (["ask", "x", "--today", "soon"], 2, "soon"),
    (["ask", "--batch", "missing.txt"], 1, "missing.txt"),
    (["ask", "x", "--config", "missing.toml"], 1, "missing.toml"),
    (["ask", "x", "--db", "nonsense"], 1, "nonsense"),
    (["ask", "x", "--db", "sqlite:////missing/folder/x.db"], 1, "数据库"),
    (["facts"], 2, "REPORT"),
    (["facts", "a", "b"], 2, "参数太多"),
    (["facts", "r7"], 1, "r7"),
    (["facts", "柴桥 2019"], 1, "柴桥 2019"),
    (["facts", "missing.docx"], 1, "missing.docx"),
    (["source", "柴桥"], 1, "柴桥"),
    (["check", "r7"], 1, "r7"),
    (["history", "r7"], 1, "r7"),
    (["restore", "r7"], 1, "r7"),
    (["ingest"], 2, "PATH"),
    (["ingest", "x", "--jobs", "0"], 2, "--jobs"),
]


@pytest.mark.parametrize(("arguments", "status", "named"), WRONG, ids=[" ".join(a) for a, _, _ in WRONG])
def test_what_cannot_be_met_is_one_sentence(wenbao: Run, arguments: list[str], status: int, named: str) -> None:
    ran = wenbao(*arguments)
    assert ran.status == status and ran.out == ""
    assert ran.err.count("\n") == 1 and named in ran.err and re.search("[\u4e00-\u9fff]", ran.err)
    as_json = wenbao(arguments[0], "--json", *arguments[1:])
    assert as_json.status == status and as_json.err == ran.err
    assert set(as_json.json) == {"error"} and set(as_json.json["error"]) == {"code", "message"}


def test_a_wrong_setting_is_told_by_every_command(wenbao: Run) -> None:
    Path("config.toml").write_text("[database]\nuri = 'x'\n")
    for command in (["ask", "x"], ["reports"], ["run"], ["facts", str(CHAIQIAO)]):
        ran = wenbao(*command)
        assert ran.status == 1 and "database.uri" in ran.err


def test_a_mistake_of_ours_is_one_sentence_and_logged(
    wenbao: Run, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError("half way")

    monkeypatch.setattr(Store, "reports", broken)
    ran = wenbao("reports", "--json", "--db", library)
    assert ran.status == 1 and ran.json["error"]["code"] == "internal" and ran.err.count("\n") == 1
    assert "half way" in (tmp_path / "state" / "wenbao" / "wenbao.log").read_text()


# the commands themselves


def commands() -> list[str]:
    assert isinstance(entry, Commands)
    return entry.list_commands(click.Context(entry))


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_and_the_common_options(wenbao: Run, name: str) -> None:
    ran = wenbao(name, "--help")
    assert ran.status == 0
    assert all(option in ran.out for option in ("--json", "--db", "--config"))
    command = entry.get_command(click.Context(entry), name)
    assert command is not None and command.name == name and command.short_help


def test_help_lists_every_command(wenbao: Run) -> None:
    out = wenbao("--help").out
    assert all(re.search(rf"^  {name} ", out, re.M) for name in commands())
