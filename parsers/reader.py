"""The process that reads files from outside: takes its own rights away, then answers one file after the other.

One order in (JSON, then the file), one answer out: two letters — ``kind`` and whether this process may go on — and a
length in eight bytes, then that many bytes. Started by ``parsers.worker``: ``python -m parsers.reader LIMITS``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from knowledge.model import Problem, Report
from knowledge.problems import problem
from parsers import confine, jail, office, wire
from parsers.limits import Limits, megabytes

# Kinds of answer: what was read; the members of a bundle; which walls stand
READ, MEMBERS, WALLS = b"R", b"M", b"W"
# Whether the process may read another file: a library may have grown it so far that an ordinary file would not fit
GOES_ON, FULL = b"+", b"-"

# What libraries say of a file when memory ran out while they read it.
_MEANS_NOTHING = ("damaged_file", "truncated")
# This part of the memory limit once taken: the next larger piece was refused.
_NEAR = 0.6


def framed(data: bytes) -> bytes:
    """The length in eight bytes in front."""
    return len(data).to_bytes(8, "big") + data


def _read_exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _frame(pipe: BinaryIO) -> bytes:
    return _read_exactly(pipe, int.from_bytes(_read_exactly(pipe, 8), "big"))


def _answer(name: str, data: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """(kind, bytes) for one file."""
    from parsers import bundle
    from parsers.report import parse_all

    if bundle.recognises(data):
        return MEMBERS, _pack(data, limits)
    before = _peak()
    results: Sequence[Report | Problem] = parse_all(data, name, limits)
    if all(isinstance(one, Problem) and one.code in _MEANS_NOTHING for one in results) and _short(limits, before):
        raise MemoryError
    answer = wire.dumps(results)
    if len(answer) > limits.output_bytes:
        return READ, wire.dumps([problem("limit_output", limit=megabytes(limits.output_bytes))])
    return READ, answer


def _pack(data: bytes, limits: Limits) -> bytes:
    """The members: a directory in JSON, then their bytes one after the other."""
    from parsers import bundle

    listed = []
    parts = []
    for name, content in bundle.members(data, limits):
        if isinstance(content, Problem):
            listed.append([name, 0, [content.code, content.message, None]])
        else:
            listed.append([name, len(content), None])
            parts.append(content)
    return b"".join([framed(json.dumps(listed).encode()), *parts])


def _guarded(name: str, data: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """The answer, or a Problem for what a file made go wrong in a library."""
    try:
        return _answer(name, data, limits)
    except MemoryError:
        trouble = problem("limit_memory", limit=megabytes(limits.memory_bytes))
    except RecursionError:
        trouble = problem("too_deep")
    except Exception as error:
        short = _no_memory(error)
        trouble = problem("limit_memory", limit=megabytes(limits.memory_bytes)) if short else problem("internal")
        if os.environ.get("WENBAO_WORKER_TRACE"):
            raise
    return READ, wire.dumps([trouble])


def _peak() -> int:
    """The most address space this process ever had, in bytes; 0 where the system does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
        status = Path("/proc/self/status").read_text("ascii", "replace")
        return int(next(line for line in status.splitlines() if line.startswith("VmPeak")).split()[1]) * 1024
    return 0


def _short(limits: Limits, before: int = 0) -> bool:
    """Whether this process came near its limit, after its peak was ``before``: a library that calls the file damaged
    then only ran out of memory."""
    return _peak() > max(before, limits.memory_bytes * _NEAR)


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
    limits = Limits(**json.loads(sys.argv[1]))
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may end up in an answer
    _warm()
    folder = os.environ.get("TMPDIR", "")
    walls = {"network": confine.no_network(), "files": jail.shut(folder, office.program())}
    confine.limit(limits)
    while True:
        try:
            order = json.loads(_frame(incoming))
            data = _frame(incoming)
        except (EOFError, OSError):
            break
        confine.allow_cpu(limits.seconds)
        with confine.alone(incoming.fileno()):
            if order["do"] == "walls":
                kind, answer = WALLS, json.dumps(walls).encode()
            else:
                kind, answer = _guarded(order["name"], data, limits)
            del data
        try:
            outgoing.write(kind + (FULL if _short(limits) else GOES_ON) + framed(answer))
            outgoing.flush()
        except OSError:
            break
        del answer
    if folder.rpartition("/")[2].startswith("wenbao-worker-"):
        shutil.rmtree(folder, ignore_errors=True)


def _warm() -> None:
    """Imports what every file needs, before limits and before the first file's clock runs."""
    import importlib

    for name in ("parsers.report", "parsers.ooxml", "parsers.page", "parsers.bundle"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


if __name__ == "__main__":
    main()
