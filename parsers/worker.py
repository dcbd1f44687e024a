"""Reads files from outside in processes of their own, so that the worst a file can do is to lose its own process.

``WorkerPool(limits).parse_all(data, name)`` is ``parsers.report.parse_all`` behind a wall: a process that has limits
on memory, CPU, output and open files and no network (``parsers.confine``), that is killed with everything it started
when its time is up, and whose temporary folder goes with it. The processes are started once and used again; a killed
one is replaced when the next file comes. Safe to use from several threads: each file waits for a free process.

One file in, one answer out over pipes: a length in eight bytes, then that many bytes. Answers are JSON (``parsers.wire``).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from knowledge.model import Problem, Report
from knowledge.problems import problem
from parsers import wire
from parsers.limits import DEFAULT, Limits, megabytes

# A process is replaced after so many files, so that what a library leaks stays small.
_FILES = 500
# Seconds beyond the limit on CPU time until the wall clock kills: the process's own answer is the better one.
_GRACE = 1.0
_CHUNK = 1 << 20
# What libraries say of a file when memory ran out while they read it.
_MEANS_NOTHING = ("damaged_file", "truncated")
# This part of the memory limit once taken: the next larger piece was refused.
_NEAR = 0.6


class _Broken(Exception):
    """The process ended or answered nonsense."""


class _Worker:
    """One process and its folder."""

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        self._limits = limits
        self._ending = threading.Lock()
        self._ended = False
        self._folder = tempfile.mkdtemp(prefix="wenbao-worker-")
        root = str(Path(__file__).resolve().parent.parent)
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": self._folder, "TMPDIR": self._folder, "LC_ALL": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join([root, *(p for p in sys.path if p and p != root)]), "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }  # fmt: skip
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "parsers.worker", json.dumps(asdict(limits))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=self._folder, start_new_session=True,
            )  # fmt: skip
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def ask(self, order: dict[str, str], data: bytes, most: int) -> bytes:
        """The answer's bytes. Raises TimeoutError past the time limit, OverflowError past ``most`` bytes, _Broken."""
        until = time.monotonic() + self._limits.seconds + _GRACE
        self.files += 1
        head = json.dumps(order).encode()
        self._send(_framed(head) + _framed(data), until)
        length = int.from_bytes(self._receive(8, until), "big")
        if length > most:
            raise OverflowError
        return self._receive(length, until)

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
        parts = []
        while length:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = os.read(pipe, min(length, _CHUNK))
            if not chunk:
                raise _Broken
            parts.append(chunk)
            length -= len(chunk)
        return b"".join(parts)

    def ended_by(self) -> int | None:
        """The signal that ended the process, None where it ended otherwise."""
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return None
        return -code if code < 0 else None

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
        shutil.rmtree(self._folder, ignore_errors=True)


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(8, "big") + data


class WorkerPool:
    """Up to ``size`` processes; the first is started with the first file."""

    def __init__(self, limits: Limits = DEFAULT, size: int = 1) -> None:
        self._limits = limits
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._free = threading.Semaphore(max(1, size))
        self._lock = threading.Lock()
        self._closed = False

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
        members = self.members(data, name)
        if isinstance(members, Problem):
            return [members]
        if members is None:
            return self._parse(data, name)
        out: list[Report | Problem] = []
        for member, content in members:
            out.extend([content] if isinstance(content, Problem) else self._parse(content, member))
        return out or [problem("empty_file")]

    def members(self, data: bytes, name: str) -> list[tuple[str, bytes | Problem]] | Problem | None:
        """The files in a bundle (zip), None where the file is none."""
        from parsers import bundle

        too_large = self._too_large(data)
        if too_large is not None:
            return too_large
        if not bundle.recognises(data):
            return None
        answer = self._ask({"do": "members", "name": name}, data, self._limits.unpacked_bytes + 4_000_000)
        if isinstance(answer, Problem):
            return answer
        return _members(answer)

    def _parse(self, data: bytes, name: str) -> list[Report | Problem]:
        too_large = self._too_large(data)
        if too_large is not None:
            return [too_large]
        answer = self._ask({"do": "parse", "name": name}, data, self._limits.output_bytes)
        if isinstance(answer, Problem):
            return [answer]
        try:
            return wire.loads(answer) or [problem("worker_died")]
        except ValueError:
            return [problem("worker_died")]

    def _too_large(self, data: bytes) -> Problem | None:
        if len(data) > self._limits.input_bytes:
            return problem("too_large", found=megabytes(len(data)), limit=megabytes(self._limits.input_bytes))
        return None

    def _ask(self, order: dict[str, str], data: bytes, most: int) -> bytes | Problem:
        with self._free:
            worker = self._take()
            answer: bytes | Problem | None = None
            try:
                answer = worker.ask(order, data, most)
            except TimeoutError:
                answer = problem("limit_time", limit=f"{self._limits.seconds} 秒")
            except OverflowError:
                answer = problem("limit_output", limit=megabytes(most))
            except _Broken:
                answer = self._death(worker)
            finally:  # also after Ctrl-C: a process in the middle of a file is of no more use
                sound = isinstance(answer, bytes) and b'"limit_memory"' not in answer[:300]
                self._give_back(worker, sound)
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


def _members(answer: bytes) -> list[tuple[str, bytes | Problem]] | Problem:
    """The members out of the answer: a directory in JSON, then their bytes one after the other."""
    size = int.from_bytes(answer[:8], "big")
    try:
        listed = json.loads(answer[8 : 8 + size])
        out: list[tuple[str, bytes | Problem]] = []
        place = 8 + size
        for name, length, refusal in listed:
            if refusal is not None:
                (found,) = wire.loads(json.dumps([["Problem", refusal]]).encode())
                assert isinstance(found, Problem)
                out.append((str(name), found))
                continue
            out.append((str(name), answer[place : place + int(length)]))
            place += int(length)
    except (ValueError, TypeError, AssertionError):
        return problem("worker_died")
    return out


# Inside the process.


def _read_exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _frame(pipe: BinaryIO) -> bytes:
    return _read_exactly(pipe, int.from_bytes(_read_exactly(pipe, 8), "big"))


def _answer(order: dict[str, str], data: bytes, limits: Limits) -> bytes:
    if order["do"] == "members":
        return _pack(data, limits)
    from parsers.report import parse_all

    results: Sequence[Report | Problem] = parse_all(data, order["name"], limits)
    if all(isinstance(one, Problem) and one.code in _MEANS_NOTHING for one in results) and _was_short_of_memory(limits):
        raise MemoryError
    answer = wire.dumps(results)
    if len(answer) > limits.output_bytes:
        return wire.dumps([problem("limit_output", limit=megabytes(limits.output_bytes))])
    return answer


def _pack(data: bytes, limits: Limits) -> bytes:
    from parsers import bundle

    listed = []
    parts = []
    for name, content in bundle.members(data, limits):
        if isinstance(content, Problem):
            listed.append([name, 0, [content.code, content.message, None]])
        else:
            listed.append([name, len(content), None])
            parts.append(content)
    head = json.dumps(listed).encode()
    return len(head).to_bytes(8, "big") + head + b"".join(parts)


def _guarded(work: Callable[[], bytes], order: dict[str, str], limits: Limits) -> bytes:
    """The answer, or a Problem for what a file made go wrong in a library."""
    try:
        return work()
    except MemoryError:
        trouble = problem("limit_memory", limit=megabytes(limits.memory_bytes))
    except RecursionError:
        trouble = problem("too_deep")
    except Exception as error:
        trouble = (
            problem("limit_memory", limit=megabytes(limits.memory_bytes)) if _no_memory(error) else problem("internal")
        )
        if os.environ.get("WENBAO_WORKER_TRACE"):
            raise
    if order["do"] == "members":
        head = json.dumps([["", 0, [trouble.code, trouble.message, None]]]).encode()
        return len(head).to_bytes(8, "big") + head
    return wire.dumps([trouble])


def _was_short_of_memory(limits: Limits) -> bool:
    """Whether this process came near its limit: then a library that calls a file damaged only ran out of memory."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text("ascii", "replace")
        peak = next(line for line in status.splitlines() if line.startswith("VmPeak")).split()[1]
        return int(peak) * 1024 > limits.memory_bytes * _NEAR
    return False


def _no_memory(error: BaseException | None) -> bool:
    """Libraries in C tell a lack of memory in their own words."""
    while error is not None:
        text = str(error).lower()
        if (
            isinstance(error, MemoryError)
            or "out of memory" in text
            or "cannot allocate" in text
            or "memory allocation" in text
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


def main() -> None:
    """Answers until the other end closes."""
    from parsers import confine

    limits = Limits(**json.loads(sys.argv[1]))
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may end up in an answer
    _warm()
    confine.no_network()
    confine.limit(limits)
    folder = os.environ.get("TMPDIR", "")
    while True:
        try:
            order = json.loads(_frame(incoming))
            data = _frame(incoming)
        except (EOFError, OSError):
            break
        confine.allow_cpu(limits.seconds)
        answer = _guarded(partial(_answer, order, data, limits), order, limits)
        try:
            outgoing.write(_framed(answer))
            outgoing.flush()
        except OSError:
            break
    if folder.rpartition("/")[2].startswith("wenbao-worker-"):
        shutil.rmtree(folder, ignore_errors=True)


def _warm() -> None:
    """Imports what every file needs, before limits and before the first file's clock runs."""
    import importlib

    for name in ("parsers.report", "parsers.ooxml", "parsers.page"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


if __name__ == "__main__":
    main()
