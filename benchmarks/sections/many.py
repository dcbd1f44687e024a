"""Questions over a store of many generated reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from benchmarks.bench import Bench, Line, percentiles, timed
from benchmarks.generated import fill, size

TITLE = "a large store (p50 · p95 · p99)"
ORDER = 6

_TODAY = date(2025, 6, 1)
_CELLS = ("{org}{year}年收到几件申请", "{short}{year}年自然人申请几件", "{org}{year}年行政处罚多少件")
_YEAR = ("{year}年哪个单位收到的申请最多", "{year}年行政处罚最多的前三名", "{year}年一共收到几件申请")
_ALL = (
    "哪个单位收到的申请最多",
    "行政处罚最多的前三名",
    "2019到2023年收到申请排名",
    "收到申请最少的前五名",
    "行政处罚超过800件的有几家",
)
_SHARES = ("自然人申请占比最高的是谁", "2020年自然人申请占比最高的前五名")


def measure(bench: Bench) -> Iterator[Line]:
    """One cell of a named body, and rankings and sums over every report of a year, and rankings over all."""
    from bot.assistant import Assistant
    from db.store import Store

    count = 500 if bench.quick else 10000
    url = f"sqlite:///{bench.folder}/many.db"
    asked = []
    seconds = timed(lambda: asked.extend(fill(url, count)))
    yield Line(f"{count:,} reports stored", f"{count / seconds:,.0f} a second", f"{size(url):.0f} MB")
    with Store.open(url) as store:
        assistant = Assistant(store)
        first = timed(lambda: assistant.reply("你有哪些年份的数据", today=_TODAY))
        yield Line("first question", f"{first * 1000:.0f} ms")
        cells = [
            question.format(org=report.org, short=report.short_names[0], year=report.year)
            for report in asked
            for question in _CELLS
        ]
        every = [question.format(year=year) for year in (2019, 2020, 2021, 2022, 2023) for question in _YEAR]
        for name, questions, aim in (
            ("one cell", cells, "aim 2"),
            ("over all of a year", every, "aim 20"),
            ("a ranking over all", list(_ALL), "aim 20"),
            ("shares ranked over all", list(_SHARES), "aim 20"),
        ):
            taken = [timed(lambda q=question: assistant.reply(q, today=_TODAY)) for question in questions * 3]
            yield Line(name, percentiles(taken), f"{len(taken)} questions · {aim}")
