"""Reads files from outside in processes of their own, so that the worst a file can do is to lose its own process.

``WorkerPool(limits).parse_all(data, name)`` is ``parsers.report.parse_all`` behind a wall: a process (``parsers.reader``)
that has limits on memory, CPU, output and open files, no network (``parsers.confine``) and no files but its own
(``parsers.jail``), that is killed with everything it started when its time is up, and whose temporary folder goes with
it. The processes are started once and used again; a killed one is replaced when the next file comes. Safe to use from
several threads: each file waits for a free process.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from knowledge.model import Problem, Report
from knowledge.problems import problem
from parsers import reader, scratch, wire
from parsers.limits import DEFAULT, Limits, megabytes

# A process is replaced after so many files, so that what a library leaks stays small.
_FILES = 500
# Seconds beyond the limit on CPU time until the wall clock kills: the process's own answer is the better one.
_GRACE = 1.0
_CHUNK = 1 << 20
# The directory of a bundle's members, beside their bytes
_LISTING = 4_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle: the last part of its name, and its bytes or why they are not read."""

    name: str
    content: memoryview | Problem


class _Broken(Exception):
    """The process ended or answered nonsense."""


class _Worker:
    """One process and its folder."""

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        self.full = False
        self._limits = limits
        self._ending = threading.Lock()
        self._ended = False
        self._folder = scratch.Folder()
        folder = self._folder.path
        root = str(Path(__file__).resolve().parent.parent)
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join([root, *(p for p in sys.path if p and p != root)]), "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }  # fmt: skip
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "parsers.reader", json.dumps(asdict(limits))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=folder, start_new_session=True,
            )  # fmt: skip
        except BaseException:
            self._folder.remove()
            raise

    def ask(self, order: dict[str, str], data: bytes) -> tuple[bytes, bytes]:
        """The answer's kind and bytes. Raises TimeoutError past the time limit, OverflowError past the limit of its
        kind, _Broken."""
        until = time.monotonic() + self._limits.seconds + _GRACE
        self.files += 1
        head = json.dumps(order).encode()
        self._send(reader.framed(head), until)
        self._send(reader.framed(data), until)
        start = self._receive(10, until)
        length, kind = int.from_bytes(start[2:], "big"), start[:1]
        self.full = start[1:2] != reader.GOES_ON
        unpacked = self._limits.unpacked_bytes + _LISTING
        if length > (unpacked if kind == reader.MEMBERS else self._limits.output_bytes):
            raise OverflowError
        return kind, self._receive(length, until)

    def _send(self, data: bytes, until: float) -> None:
        assert self._process.stdin is not None
        pipe = self._process.stdin.fileno()
        os.set_blocking(pipe, False)
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [pipe], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            try:
                view = view[os.write(pipe, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise _Broken from error

    def _receive(self, length: int, until: float) -> bytes:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        data = bytearray()
        while length:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = os.read(pipe, min(length, _CHUNK))
            if not chunk:
                raise _Broken
            data += chunk
            length -= len(chunk)
        return bytes(data)

    def ended_by(self) -> int | None:
        """The signal that ended the process, None where it ended otherwise."""
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return None
        return -code if code < 0 else None

    def tidy(self) -> None:
        """Takes away what the last file's reading left outside the process's folder."""
        self._folder.tidy()

    def lives(self) -> bool:
        """False for a process that ended while it had nothing to do."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kills the process with all it started; nothing once it is known to have ended."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kills the process with all it started and takes its folder away; a second time does nothing."""
        with self._ending:
            if self._ended:
                return
            self._ended = True
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._folder.remove()


class WorkerPool:
    """Up to ``size`` processes; the first is started with the first file."""

    def __init__(self, limits: Limits = DEFAULT, size: int = 1) -> None:
        self._limits = limits
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._free = threading.Semaphore(max(1, size))
        self._lock = threading.Lock()
        self._closed = False
        scratch.sweep()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every process, also one that is at work: its file is rejected."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = self._all.difference(idle)
            self._all = busy
        for worker in idle:
            worker.end()
        for worker in busy:            # whoever waits for it gets no answer and takes it away
            worker.kill()

    def parse(self, data: bytes, name: str) -> Report | Problem:
        """The one report in the file, or why there is none."""
        found = self.parse_all(data, name)
        reports = [one for one in found if isinstance(one, Report)]
        if len(reports) > 1:
            return problem("several_reports", count=len(reports))
        return reports[0] if reports else found[0]

    def parse_all(self, data: bytes, name: str) -> list[Report | Problem]:
        """Every report in the file, at least one result; a bundle's members count as files of their own."""
        out: list[Report | Problem] = []
        for one in self.read(data, name):
            if not isinstance(one, Member):
                out.append(one)
            elif isinstance(one.content, Problem):
                out.append(one.content)
            else:
                out += self.parse_member(bytes(one.content), one.name)
        return out

    def parse_member(self, data: bytes, name: str) -> list[Report | Problem]:
        """Every report in a member: bundles in bundles stay closed."""
        return [problem("nested_archive") if isinstance(one, Member) else one for one in self.read(data, name)]

    def read(self, data: bytes, name: str) -> Sequence[Report | Problem | Member]:
        """The reports in the file, or the members of a bundle (zip), each to be read as a file; at least one."""
        if len(data) > self._limits.input_bytes:
            return [problem("too_large", found=megabytes(len(data)), limit=megabytes(self._limits.input_bytes))]
        answer = self._ask({"do": "read", "name": name}, data)
        if isinstance(answer, Problem):
            return [answer]
        kind, content = answer
        try:
            found = _members(content) if kind == reader.MEMBERS else wire.loads(content)
        except (ValueError, TypeError):
            found = []
        return found or [problem("worker_died")]

    def walls(self) -> dict[str, bool]:
        """What keeps a reader's process from the network and from files: true where the kernel does."""
        answer = self._ask({"do": "walls"}, b"")
        return {} if isinstance(answer, Problem) else dict(json.loads(answer[1]))

    def _ask(self, order: dict[str, str], data: bytes) -> tuple[bytes, bytes] | Problem:
        with self._free:
            worker = self._take()
            answer: tuple[bytes, bytes] | Problem | None = None
            try:
                answer = worker.ask(order, data)
            except TimeoutError:
                answer = problem("limit_time", limit=f"{self._limits.seconds} 秒")
            except OverflowError:
                answer = problem("limit_output", limit=megabytes(self._limits.output_bytes))
            except _Broken:
                answer = self._death(worker)
            finally:  # also after Ctrl-C: a process in the middle of a file is of no more use
                worker.tidy()
                self._give_back(worker, isinstance(answer, tuple) and not worker.full)
            return answer

    def _death(self, worker: _Worker) -> Problem:
        """Which limit a process that ended by itself ran into."""
        by = worker.ended_by()
        if by == signal.SIGXCPU:
            return problem("limit_time", limit=f"{self._limits.seconds} 秒")
        if by == signal.SIGXFSZ:
            return problem("limit_output", limit=megabytes(self._limits.unpacked_bytes))
        if by == signal.SIGABRT:        # how libraries in C and Rust end where no more memory is given
            return problem("limit_memory", limit=megabytes(self._limits.memory_bytes))
        return problem("worker_died")

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            while self._idle:
                worker = self._idle.pop()
                if worker.lives():
                    return worker
                self._all.discard(worker)
                worker.end()
        worker = _Worker(self._limits)
        with self._lock:
            self._all.add(worker)
        return worker

    def _give_back(self, worker: _Worker, sound: bool) -> None:
        with self._lock:
            keep = sound and worker.files < _FILES and not self._closed
            if keep:
                self._idle.append(worker)
            else:
                self._all.discard(worker)
        if not keep:
            worker.end()


def _members(answer: bytes) -> list[Report | Problem | Member]:
    """The members out of the answer: a directory in JSON, then their bytes; ValueError or TypeError for anything else."""
    size = int.from_bytes(answer[:8], "big")
    view = memoryview(answer)
    out: list[Report | Problem | Member] = []
    place = 8 + size
    for name, length, refusal in json.loads(answer[8:place]):
        content: memoryview | Problem = view[place : place + int(length)]
        if refusal is not None:
            (content,) = wire.loads(json.dumps([["Problem", refusal]]).encode())  # type: ignore[assignment]
        out.append(Member(str(name), content))
        place += int(length)
    return out
