"""A whole `wenbao ask`, from a warm disk, beside the bare interpreter."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.bench import Bench, Line, command, several

TITLE = "whole process"
ORDER = 4


def measure(bench: Bench) -> Iterator[Line]:
    """Medians of the same run: `wenbao ask`, `wenbao --help`, `python -c pass`."""
    times = 3 if bench.quick else 9
    bare = several([sys.executable, "-c", "pass"], times)
    yield Line("python -c pass", f"{bare.seconds * 1000:.0f} ms", f"{bare.megabytes:.0f} MB")
    for name, arguments in (
        ("wenbao --help", ["--help"]),
        ("wenbao ask", ["ask", bench.questions[0], "--db", bench.url]),
        ("wenbao ask --json", ["ask", bench.questions[0], "--db", bench.url, "--json"]),
    ):
        ran = several([*command(), *arguments], times)
        ratio = f"{ran.megabytes:.0f} MB · {ran.seconds / bare.seconds:.1f} × python -c pass"
        yield Line(name, f"{ran.seconds * 1000:.0f} ms", ratio)
