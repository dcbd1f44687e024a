"""Files on their way into the store: read beside each other behind a wall, stored one after the other.

Every file is read in a process of its own limits (``parsers.worker``); only this process writes. What was stored
before an interruption stays, and is ``unchanged`` the next time.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from bot.reading import content, pool, printable
from bot.settings import Settings
from db.ingest import IngestResult, keep_file, name_of, unchanged
from db.store import Store
from knowledge.model import Problem, Report
from parsers.worker import WorkerPool

# Files read ahead of the one that is being stored, for each process: enough to keep it busy, little in memory
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class _File:
    """One file, or one member of an archive (``archive.zip/member``). ``found`` None: its bytes are in the store."""

    path: str
    sha256: str
    found: list[Report | Problem] | None


def results(
    store: Store,
    settings: Settings,
    paths: Iterable[str],
    *,
    jobs: int = 1,
    actor: str = "cli",
    dry_run: bool = False,
    again: bool = False,
) -> Iterator[IngestResult]:
    """One result for each report in each file, in order; each is stored before it is told.

    ``again`` reads and stores files anew although the store has them (after the program learned to read better).
    """
    waiting: deque[Future[list[_File]]] = deque()
    with pool(settings, jobs) as workers, ThreadPoolExecutor(jobs) as threads:
        try:
            for path in paths:
                waiting.append(threads.submit(_read, store, settings, workers, path, again))
                if len(waiting) > jobs * _AHEAD:
                    yield from _stored(store, waiting.popleft().result(), actor, dry_run, again)
            while waiting:
                yield from _stored(store, waiting.popleft().result(), actor, dry_run, again)
        finally:
            for future in waiting:
                future.cancel()
            workers.close()


def _stored(store: Store, files: list[_File], actor: str, dry_run: bool, again: bool) -> Iterator[IngestResult]:
    for file in files:
        known = [] if again else unchanged(store, file.path, file.sha256)  # perhaps since another file of this run
        if known or file.found is None:
            yield from known
            continue
        yield from keep_file(store, file.found, file.path, file.sha256, actor=actor, dry_run=dry_run)


def _read(store: Store, settings: Settings, workers: WorkerPool, path: str, again: bool) -> list[_File]:
    shown = printable(path)
    data = content(path, settings)
    if isinstance(data, Problem):
        return [_File(shown, "", [data])]
    members = workers.members(data, name_of(shown))
    if members is None:
        return [_one(store, workers, shown, data, again)]
    if isinstance(members, Problem):
        return [_File(shown, hashlib.sha256(data).hexdigest(), [members])]
    return [
        _File(f"{shown}/{printable(name)}", "", [inside])
        if isinstance(inside, Problem)
        else _one(store, workers, f"{shown}/{printable(name)}", inside, again)
        for name, inside in members
    ]


def _one(store: Store, workers: WorkerPool, path: str, data: bytes, again: bool) -> _File:
    sha256 = hashlib.sha256(data).hexdigest()
    if not again and store.with_sha256(sha256):
        return _File(path, sha256, None)
    return _File(path, sha256, workers.parse_all(data, name_of(path)))
