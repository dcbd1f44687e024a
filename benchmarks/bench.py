"""What every section of the benchmark is given, and what it hands back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what was measured, the figure as printed, and what to compare it with."""

    what: str
    figure: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """``reports``: the files; ``url``: a store that holds them; ``folder``: a place for a section's own files."""

    reports: tuple[Path, ...]
    questions: tuple[str, ...]
    url: str
    folder: Path
    quick: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a command: seconds of wall clock, peak resident memory in MB."""

    seconds: float
    megabytes: float


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all values do not exceed (0.5: the median)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def percentiles(seconds: Sequence[float]) -> str:
    """p50 · p95 · p99 in milliseconds."""
    return " · ".join(f"{percentile(seconds, share) * 1000:.2f}" for share in (0.5, 0.95, 0.99)) + " ms"


def command() -> list[str]:
    """How this environment starts wenbao: its script beside the interpreter, else the module."""
    script = Path(sys.executable).with_name("wenbao")
    return [str(script)] if script.exists() else [sys.executable, "-c", "from bot.cli import main; main()"]


# A child's peak memory begins with that of the process it was forked from, so a bare interpreter does the forking.
_LAUNCHER = """
import json, os, sys, time
start = time.perf_counter()
child = os.fork()
if not child:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(json.dumps([time.perf_counter() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""


def run(arguments: Sequence[str]) -> Ran:
    """Runs a command with its output thrown away; an exit status other than 0 raises."""
    launcher = [sys.executable, "-S", "-c", _LAUNCHER, *arguments]
    printed = subprocess.run(launcher, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds, megabytes, status = json.loads(printed)
    if status:
        raise RuntimeError(f"{' '.join(arguments)} ended with {status}")
    return Ran(seconds, megabytes)


def several(arguments: Sequence[str], times: int) -> Ran:
    """The median time and the largest memory of several runs, after one to warm the disk."""
    run(arguments)
    runs = [run(arguments) for _ in range(times)]
    return Ran(percentile([one.seconds for one in runs], 0.5), max(one.megabytes for one in runs))


Section = Callable[[Bench], Iterator[Line]]
