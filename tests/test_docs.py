"""What the README says is so: its codes, its tree, its commands, its links."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from knowledge.problems import CODES, FINDINGS

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[list[str]]:
    """Cells of the first table under a heading, without its head."""
    section = re.split(r"\n#{2,3} ", text.split(f" {heading}\n", 1)[1])[0]
    lines = [line for line in section.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def headings(name: str, number: int) -> str:
    """The heading that starts with these words in either language."""
    starts = [("Findings", "核对结果"), ("Problems", "文件的毛病"), ("Commands", "命令")][number]
    found = re.findall(r"^#{2,3} (.+)$", read(name), re.MULTILINE)
    return next(heading for heading in found if heading.startswith(starts))


@pytest.mark.parametrize("name", READMES)
def test_every_finding_is_listed_with_its_severity(name: str) -> None:
    listed = {row[0].strip("`"): row[1] for row in rows(read(name), headings(name, 0))}
    assert listed == {code: entry.severity for code, entry in FINDINGS.items()}


@pytest.mark.parametrize("name", READMES)
def test_every_problem_is_listed(name: str) -> None:
    listed = [row[0].strip("`") for row in rows(read(name), headings(name, 1))]
    assert sorted(listed) == sorted(set(CODES) - set(FINDINGS))


@pytest.mark.parametrize("name", READMES)
def test_the_tree_is_the_folders(name: str) -> None:
    listed = set(re.findall(r"^([\w./]+/)\s", read(name), re.MULTILINE))
    assert [path for path in sorted(listed) if not (ROOT / path).is_dir()] == []
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    folders = {f"{path.split('/')[0]}/" for path in tracked.split("\0") if "/" in path and not path.startswith(".")}
    assert sorted(folders - listed) == []


@pytest.mark.parametrize("name", READMES)
def test_the_command_table_is_what_help_prints(name: str) -> None:
    pytest.importorskip("bot.cli", reason="the command line is not there yet")
    printed = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main(['--help'])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    offered = set(re.findall(r"^  ([a-z][\w-]*)  ", printed.split("Commands:")[-1], re.MULTILINE))
    listed = {row[0].strip("`").split()[1] for row in rows(read(name), headings(name, 2))}
    assert listed == offered


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", read(name)) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str) -> None:
    makefile = ROOT / "Makefile"
    if not makefile.exists():
        pytest.skip("the Makefile is not there yet")
    targets = set(re.findall(r"^([\w-]+):", makefile.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([\w-]+)`", read(name))) <= targets


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store that holds the samples."""
    report = pytest.importorskip("parsers.report", reason="the parser is not there yet")
    from db.ingest import ingest
    from db.store import Store

    url = f"sqlite:///{tmp_path_factory.mktemp('samples')}/samples.db"
    with Store.open(url) as store:
        for path in sorted((ROOT / "samples").iterdir()):
            ingest(store, path.read_bytes(), path.name, report.parse_all)
    return url


def wenbao(*arguments: str) -> str:
    program = [sys.executable, "-c", "import sys; from bot.cli import main; main(sys.argv[1:])", *arguments]
    return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("name", READMES)
def test_the_conversation_is_what_is_printed(name: str, samples: str) -> None:
    shown = re.search(r"```text\n\$ wenbao ask (\S+)\n(.*?)```", read(name), re.DOTALL)
    assert shown is not None
    assert wenbao("ask", shown[1], "--db", samples) == shown[2]


def examples(name: str) -> list[list[str]]:
    """The questions of each row of "What can be asked"."""
    table = rows(read(name), "What can be asked" if name == "README.md" else "能问什么")
    return [[question.strip() for question in row[1].split(" · ")] for row in table]


@pytest.mark.parametrize("name", READMES)
def test_what_can_be_asked_is_answered(name: str, samples: str) -> None:
    from bot.assistant import Assistant
    from db.store import Store

    refused = []
    with Store.open(samples) as store:
        assistant = Assistant(store, today=date(2025, 6, 1))
        for questions in examples(name):
            chat = "readme" if questions[0].endswith("呢") else None
            if chat:
                assistant.reply("柴桥2020年收到几件申请", chat=chat)
            answers = [assistant.reply(question, chat=chat) for question in questions]
            refused += [answer["question"] for answer in answers if answer["status"] != "answered"]
    assert refused == []
