"""One question in process, each standing alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from benchmarks.bench import Bench, Line, percentiles, timed

TITLE = "ask, in process (p50 · p95 · p99)"
ORDER = 2

_TODAY = date(2025, 6, 1)


def measure(bench: Bench) -> Iterator[Line]:
    """The first question pays for loading; the others are measured over several rounds."""
    from bot.assistant import Assistant
    from db.store import Store

    rounds = 5 if bench.quick else 50
    with Store.open(bench.url) as store:
        assistant = Assistant(store)
        first = timed(lambda: assistant.reply(bench.questions[0], today=_TODAY))
        for question in bench.questions:
            assistant.reply(question, today=_TODAY)
        seconds = [
            timed(lambda q=question: assistant.reply(q, today=_TODAY))
            for _ in range(rounds)
            for question in bench.questions
        ]
    yield Line("first question", f"{first * 1000:.1f} ms", "loads the dictionary")
    yield Line(f"{len(seconds):,} questions", percentiles(seconds), "aim 0.3 · 1 · –")
