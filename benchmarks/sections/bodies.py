"""Questions over a store that lists very many bodies, with heavily shared short names: names are looked up, not loaded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from benchmarks.bench import Bench, Line, percentiles, timed
from benchmarks.generated import reports

TITLE = "a store of very many bodies (p50 · p95 · p99)"
ORDER = 7

_TODAY = date(2025, 6, 1)
_CHARACTERS = "云青白石柳杏松桐江霁雁禾岭溪鹭桥湾花塬屿岳水门丰"
_KINDS = ("街道办事处", "镇人民政府", "乡人民政府", "市场监督管理局", "政务服务办公室")
_ASKED = (
    "{org}{year}年收到几件申请",
    "{short}{year}年自然人申请几件",
    "城关镇{year}年收到几件申请",
    "{county}的{town}{year}年收到几件申请",
)


def measure(bench: Bench) -> Iterator[Line]:
    """A few reports among many bodies; the first question of a process, the others, and a mistyped name."""
    from bot.assistant import Assistant
    from db.ingest import keep
    from db.store import Store

    count = 21_000 if bench.quick else 100_000
    asked = list(reports(50))
    with Store.open(f"sqlite:///{bench.folder}/bodies.db") as store:
        for number, report in enumerate(asked):
            keep(store, report, f"{number}.txt", f"{number:064x}")
        seconds = timed(lambda: _list_bodies(store, count))
        yield Line(f"{count:,} bodies listed", f"{seconds:.1f} s")
        assistant = Assistant(store)
        first = timed(lambda: assistant.reply(f"{asked[0].org}{asked[0].year}年收到几件申请", today=_TODAY))
        yield Line("first question", f"{first * 1000:.0f} ms")
        questions = [
            form.format(
                org=one.org, short=one.short_names[0], year=one.year, county=one.org[:3], town=one.short_names[-1]
            )
            for one in asked
            for form in _ASKED
        ]
        taken = [timed(lambda q=question: assistant.reply(q, today=_TODAY)) for question in questions]
        yield Line("one cell", percentiles(taken), f"{len(taken)} questions · aim 2")
        typos = [f"{one.org.replace('云', '芸').replace('青', '轻')}{one.year}年收到几件申请" for one in asked]
        taken = [timed(lambda q=question: assistant.reply(q, today=_TODAY)) for question in typos]
        yield Line("mistyped name", percentiles(taken), f"{len(taken)} questions")


def _list_bodies(store: object, count: int) -> None:
    """Bodies without reports, straight into the tables: each has a name of its own and two shared ones."""
    from sqlalchemy import insert

    from db.schema import organisation, organisation_name
    from db.store import Store
    from db.words import index_names
    from knowledge.mentions import pinyin, sound

    assert isinstance(store, Store)
    bodies, names = [], []
    for number, (a, b, c, d, kind) in enumerate(product(_CHARACTERS, _CHARACTERS, _CHARACTERS, _CHARACTERS, _KINDS)):
        if number >= count:
            break
        key = 1_000 + number
        full = f"{a}{b}县{c}{d}{kind}"
        bodies.append({"id": key, "name": full, "full_name": full, "county": f"{a}{b}县"})
        called = ((full, "full"), (f"{c}{d}{kind}", "short"), ("城关镇" if number % 7 == 0 else f"{c}{d}", "short"))
        for place, (name, rank) in enumerate(called):
            row = {"id": key * 3 + place, "organisation_id": key, "name": name, "printed": name, "kind": rank}
            names.append(row | {"sound": sound(name), "letters": pinyin(name)})
    with store.database.write() as connection:
        connection.execute(insert(organisation), bodies)
        connection.execute(insert(organisation_name), names)
        index_names(connection, ((int(str(row["id"])), str(row["printed"])) for row in names))
