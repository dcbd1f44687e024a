"""`wenbao ask --batch`: questions a second, the start of the process included."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench, Line, command, several

TITLE = "ask --batch"
ORDER = 3


def measure(bench: Bench) -> Iterator[Line]:
    """One file of many questions; beside it the process with a single one."""
    count = 1000 if bench.quick else 10000
    many, one = bench.folder / "many.txt", bench.folder / "one.txt"
    questions = [bench.questions[number % len(bench.questions)] for number in range(count)]
    many.write_text("\n".join(questions) + "\n", encoding="utf-8")
    one.write_text(bench.questions[0] + "\n", encoding="utf-8")
    start = several([*command(), "ask", "--batch", str(one), "--db", bench.url], 3)
    whole = several([*command(), "ask", "--batch", str(many), "--db", bench.url], 2)
    running = max(whole.seconds - start.seconds, 1e-9)
    yield Line(f"{count:,} questions", f"{(count - 1) / running:,.0f} a second", "aim 3,000")
    yield Line("with the process's start", f"{count / whole.seconds:,.0f} a second")
    yield Line("peak memory", f"{whole.megabytes:.0f} MB")
