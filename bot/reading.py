"""How the command line has files read: which ones a path means, what each may cost, and what a report argument is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.shell import Refusal, Shell, refuse
from db import check
from db.records import StoredReport
from knowledge.model import Fact, Finding, Problem, Report
from knowledge.problems import problem

if TYPE_CHECKING:
    from parsers.worker import WorkerPool


@dataclass(frozen=True, slots=True)
class Opened:
    """A report to show, from the store or from a file. ``key`` and ``stored`` are None for a file."""

    key: str | None
    stored: StoredReport | None
    read: Report | None
    source: str
    sha256: str
    text: str
    facts: tuple[Fact, ...]
    problems: tuple[Problem, ...]


def files(path: str) -> Iterator[str]:
    """The files a path means: itself, or everything in a folder but what is hidden, in a fixed order."""
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            # hidden files, and the lock files Word (~$x.docx) and LibreOffice (.~lock.x#) leave beside a document
            if not name.startswith((".", "~$")):
                yield os.path.join(folder, name)


def content(path: str, settings: Settings) -> bytes | Problem:
    """The bytes of a file, or why there are none."""
    shown = printable(path)
    if not os.path.exists(path):
        return problem("no_such_file", name=shown)
    if not os.path.isfile(path):
        return problem("unreadable_file", name=shown)
    limit = settings.limits.input_mb * 1024 * 1024
    try:
        with open(path, "rb") as handle:
            data = handle.read(limit + 1)
    except OSError:
        return problem("unreadable_file", name=shown)
    if len(data) > limit:
        size = os.path.getsize(path) / 1024 / 1024
        return problem("too_large", found=f"{size:.1f} MB", limit=f"{settings.limits.input_mb} MB")
    return data


def pool(settings: Settings, size: int = 1) -> WorkerPool:
    """Processes that read files from outside, each with the limits of the settings."""
    from parsers.limits import Limits
    from parsers.worker import WorkerPool

    chosen = settings.limits
    megabyte = 1024 * 1024
    limits = Limits(
        input_bytes=chosen.input_mb * megabyte,
        unpacked_bytes=chosen.unpacked_mb * megabyte,
        memory_bytes=chosen.memory_mb * megabyte,
        seconds=chosen.seconds,
        pages=chosen.pages,
    )
    return WorkerPool(limits, size)


def printable(path: str) -> str:
    """A path as it can be shown and stored: no control characters, no half characters."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in text)


def opened(shell: Shell, argument: str) -> Opened:
    """What a REPORT argument names: a report in the store, or a file that is read for the occasion."""
    if os.path.isfile(argument):
        return _from_file(argument, shell.settings)
    looks_like_file = os.sep in argument or Path(argument).suffix.lower() in _SUFFIXES
    if looks_like_file:
        raise refuse("no_such_file", name=printable(argument))
    one = shell.stored(argument)
    store = shell.store
    return Opened(
        one.key, one, None, one.source_name, one.sha256, store.text(one.id), store.facts(one.id), store.problems(one.id)
    )


_SUFFIXES = {".txt", ".md", ".html", ".htm", ".docx", ".doc", ".pdf", ".xlsx", ".xls", ".rtf", ".odt", ".zip"}


def findings(shell: Shell, one: Opened, checker: check.Checker | None = None) -> tuple[Finding, ...]:
    """What is odd about it; for a stored report also beside the reports around it. ``checker`` is kept over many."""
    if one.stored is not None:
        return (checker or check.Checker(shell.store)).findings(one.stored)
    return one.read.findings if one.read else ()


def _from_file(path: str, settings: Settings) -> Opened:
    data = content(path, settings)
    if isinstance(data, Problem):
        raise Refusal(data.code, data.message)
    name = printable(os.path.basename(path))
    with pool(settings) as workers:
        found = workers.parse_all(data, name)
    reports = [one for one in found if isinstance(one, Report)]
    if len(reports) > 1:
        raise refuse("several_reports", count=len(reports))
    if not reports:
        first = next(one for one in found if isinstance(one, Problem))
        raise Refusal(first.code, f"{name}：{first.message}")
    one = reports[0]
    return Opened(None, None, one, name, hashlib.sha256(data).hexdigest(), one.source_text, one.facts, one.problems)
