"""``wenbao ingest``: files and folders into the store."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from bot.shell import Shell, options

if TYPE_CHECKING:
    from db.ingest import IngestResult

_STATUS: dict[str, str] = {"added": "新增", "replaced": "替换", "unchanged": "未变", "rejected": "拒收"}
# Fewer files than this are done before a bar has been drawn
_BAR_FROM = 4
# Changed cells that are shown; --json has them all
_CHANGES = 10


@click.command(name="ingest", short_help="读入文件或文件夹。")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--dry-run", is_flag=True, help="只说会怎样，不写入。")
@click.option("--again", is_flag=True, help="库里已有的同一个文件也重新读（程序更新后用）。")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="同时读几个文件，默认与处理器个数相同。")
@options
def command(shell: Shell, paths: tuple[str, ...], dry_run: bool, again: bool, jobs: int | None) -> int:
    """读入文件或文件夹：一个文件一行结果；中断后再运行，会接着没做完的做。"""
    from bot.contract import result_json
    from bot.intake import results
    from bot.reading import files, printable

    offered = [file for path in paths for file in files(path)]
    named = {printable(path) for path in paths if not os.path.isdir(path)}
    store, settings = shell.store, shell.settings
    tally = Tally()
    documents = []
    with _progress(len(offered), quiet=shell.as_json) as (say, found, done):
        for result in results(
            store,
            settings,
            offered,
            jobs=jobs or min(os.cpu_count() or 1, len(offered) or 1),
            dry_run=dry_run,
            again=again,
            named=named,
            found=found,
            done=done,
        ):
            tally.count(result, named)
            if shell.as_json:
                text = result.read.source_text if result.read else store.text(result.report.id) if result.report else ""
                documents.append(result_json(result, text))
            else:
                say(_line(result, dry_run))
    if shell.as_json:
        shell.document({"results": documents})
    else:
        _summary(tally, dry_run)
    return tally.exit_status()


@dataclass
class Tally:
    """What became of the files so far; the reports themselves are let go."""

    statuses: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    a_named_one_failed: bool = False

    def count(self, one: IngestResult, named: set[str]) -> None:
        """Adds one result; ``named`` are the files named on the command line."""
        self.statuses[one.status] += 1
        if one.status == "rejected":
            self.reasons.setdefault(one.code or "", Counter())[one.reason or ""] += 1
            self.a_named_one_failed |= one.path in named

    def exit_status(self) -> int:
        """1 where a file that was named itself was rejected, or nothing of a folder was accepted."""
        return int(self.a_named_one_failed or self.statuses.total() == self.statuses["rejected"])


def _line(one: IngestResult, dry_run: bool) -> str:
    """新增 柴桥街道办事处 2020年（r1）：183 个数字，2 条核对意见；柴桥街道2020.txt"""
    status = _STATUS[one.status]
    if one.status == "rejected":
        return f"{status} {one.path}：{one.reason}"
    shown = one.report or one.read
    assert shown is not None
    key = f"（{one.report.key}）" if one.report else ""
    facts = one.report.facts if one.report else len(one.read.facts) if one.read else 0
    lines = [f"{status} {shown.org} {shown.year}年{key}：{facts} 个数字，{len(one.findings)} 条核对意见；{one.path}"]
    if one.report and one.status == "unchanged" and not one.report.current:
        lines.append("  库里现用的是另一版；要改用这一版，用 wenbao restore，或单独读入这个文件")
    lines += [f"  注意：{problem.message}" for problem in one.problems]
    if dry_run:
        lines += [f"  {finding.message}" for finding in one.findings]
    for change in one.changes[:_CHANGES]:
        where = " · ".join((*change.path, *change.column)) or change.table
        lines.append(f"  {where}：{_printed(change.old)} → {_printed(change.new)}")
    if len(one.changes) > _CHANGES:
        lines.append(f"  ……共 {len(one.changes)} 格有变")
    return "\n".join(lines)


def _printed(raw: str | None) -> str:
    return "（无）" if raw is None else raw or "（空）"


def _summary(tally: Tally, dry_run: bool) -> None:
    """共 1112 个：新增 805，替换 138，未变 44，拒收 125, and each reason with its number."""
    counts = tally.statuses
    parts = "，".join(f"{word} {counts[status]}" for status, word in _STATUS.items() if counts[status])
    click.echo(f"共 {counts.total()} 个{'（没有写入）' if dry_run else ''}" + (f"：{parts}" if parts else ""))
    if len(tally.reasons) > 1 or any(len(said) > 1 for said in tally.reasons.values()):
        for said in sorted(tally.reasons.values(), key=lambda said: -said.total()):
            (first, _), *others = said.most_common()
            click.echo(f"  拒收 {said.total():>4}：{first}{'（等）' if others else ''}")


_Step = Callable[[int], None]


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[tuple[Callable[[str], None], _Step, _Step]]:
    """(say a line, more files were found, files are done). A bar stands below the lines where somebody is looking and
    there are many files."""
    if quiet or total < _BAR_FROM or not (sys.stderr.isatty() and sys.stdout.isatty()):
        yield click.echo, lambda _: None, lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:.1f} 个/秒" if speed else "")

    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TextColumn("还要"), TimeRemainingColumn())
    with Progress(*columns, console=Console()) as progress:
        task = progress.add_task("", total=total)
        (shown,) = progress.tasks

        def found(files: int) -> None:  # not by update(): that would forget the rate
            shown.total = (shown.total or 0) + files

        yield (
            lambda line: progress.console.print(line, markup=False, highlight=False, soft_wrap=True),
            found,
            lambda files: progress.advance(task, files),
        )
