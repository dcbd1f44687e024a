"""Files on their way into the store: read beside each other behind a wall, stored one after the other.

Every file is read in a process of its own limits (``parsers.worker``), members of an archive as files of their own; only
this process writes. What was stored before an interruption stays, and is ``unchanged`` the next time.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from bot.reading import content, pool, printable
from bot.settings import Settings
from db.ingest import IngestResult, keep_file, name_of, unchanged
from db.store import Store
from knowledge.model import Problem, Report
from parsers.worker import Member, WorkerPool

# Files read ahead of the one that is being stored, for each process: enough to keep it busy, little in memory
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class _File:
    """One file, or one member of an archive (``archive.zip/member``), and what was read from it."""

    path: str
    sha256: str
    found: list[Report | Problem]


@dataclass(frozen=True, slots=True)
class _Known:
    """A file whose bytes are in the store."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Bundle:
    """An archive that was opened: its members are still to be read."""

    path: str
    members: list[Member]


_Read = _File | _Known | _Bundle
_Task = Callable[[], _Read]


def nobody(files: int) -> None:
    """Nobody wants to know how far it is."""


def results(
    store: Store,
    settings: Settings,
    paths: Iterable[str],
    *,
    jobs: int = 1,
    actor: str = "cli",
    dry_run: bool = False,
    again: bool = False,
    named: Collection[str] = (),
    found: Callable[[int], None] = nobody,
    done: Callable[[int], None] = nobody,
) -> Iterator[IngestResult]:
    """One result for each report in each file, in order; each is stored before it is told.

    A file whose report another version stands in for is ``unchanged`` when a folder is read once more: else two files for
    one body and year would replace each other each time, and a restored version would not last. It comes back when it
    is one of ``named``, given by itself.
    ``again`` reads and stores files anew although the store has them (after the program learned to read better).
    ``found`` is told how many files an archive turned out to hold, ``done`` how many were done with.
    """
    with pool(settings, jobs) as workers, ThreadPoolExecutor(jobs) as threads:
        seen: set[str] = set()
        reading = _Reading(store, settings, workers, threads, again, named, jobs * _AHEAD)
        try:
            for file in reading.files((partial(reading.open, path) for path in paths), found):
                told = _stored(store, file, reading.known(file.path, file.sha256), actor, dry_run)
                yield from map(_as_second, told) if dry_run and file.sha256 in seen else told
                seen.add(file.sha256)
                done(1)
        finally:
            reading.stop()
            workers.close()


def _stored(
    store: Store, file: _File | _Known, known: list[IngestResult], actor: str, dry_run: bool
) -> Iterator[IngestResult]:
    """``known``: what the store has of it by now, perhaps since another file of this run."""
    if known or isinstance(file, _Known):
        yield from known
        return
    yield from keep_file(store, file.found, file.path, file.sha256, actor=actor, dry_run=dry_run)


def _as_second(one: IngestResult) -> IngestResult:
    """What a dry run says of bytes it has met before in this run: by then they would be in the store."""
    return one if one.status == "rejected" else replace(one, status="unchanged", changes=())


class _Reading:
    """Has files read by ``threads``, at most ``ahead`` of them before the first is taken."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        workers: WorkerPool,
        threads: ThreadPoolExecutor,
        again: bool,
        named: Collection[str],
        ahead: int,
    ) -> None:
        self._store, self._settings, self._workers, self._threads = store, settings, workers, threads
        self._again, self._named, self._ahead = again, named, ahead
        self._waiting: set[Future[_Read]] = set()

    def files(self, tasks: Iterable[_Task], found: Callable[[int], None]) -> Iterator[_File | _Known]:
        """What the tasks read, in their order; a bundle's members in its place, as they are read."""
        queue: deque[Future[_Read]] = deque()
        for task in tasks:
            queue.append(self._threads.submit(task))
            self._waiting.add(queue[-1])
            if len(queue) > self._ahead:
                yield from self._taken(queue.popleft(), found)
        while queue:
            yield from self._taken(queue.popleft(), found)

    def _taken(self, future: Future[_Read], found: Callable[[int], None]) -> Iterator[_File | _Known]:
        one = future.result()
        self._waiting.discard(future)
        if not isinstance(one, _Bundle):
            yield one
            return
        found(len(one.members) - 1)
        yield from self.files((partial(self._member, one.path, member) for member in one.members), found)

    def known(self, path: str, sha256: str) -> list[IngestResult]:
        """What to say of a file that need not be read."""
        return [] if self._again else unchanged(self._store, path, sha256, set_aside=path not in self._named)

    def stop(self) -> None:
        """Forgets what is not read yet."""
        for future in self._waiting:
            future.cancel()

    def open(self, path: str) -> _Read:
        """Reads the file of that path."""
        shown = printable(path)
        data = content(path, self._settings)
        if isinstance(data, Problem):
            return _File(shown, "", [data])
        return self._read(shown, data, self._workers.read)

    def _member(self, bundle: str, member: Member) -> _Read:
        shown = f"{bundle}/{printable(member.name)}" if member.name else bundle
        if isinstance(member.content, Problem):
            return _File(shown, "", [member.content])
        return self._read(shown, bytes(member.content), self._workers.parse_member)

    def _read(self, path: str, data: bytes, reader: Callable[[bytes, str], Iterable[Report | Problem | Member]]) -> _Read:
        sha256 = hashlib.sha256(data).hexdigest()
        if self.known(path, sha256):
            return _Known(path, sha256)
        read = list(reader(data, name_of(path)))
        members = [one for one in read if isinstance(one, Member)]
        if members:
            return _Bundle(path, members)
        return _File(path, sha256, [one for one in read if not isinstance(one, Member)])
