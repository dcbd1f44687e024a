"""Reading one report and storing it, in process."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench, Line, percentile, timed

TITLE = "ingest, per report"
ORDER = 1


def measure(bench: Bench) -> Iterator[Line]:
    """Reading alone, and reading with storing, of each report; medians."""
    from db.ingest import ingest
    from db.store import Store
    from parsers.report import parse_all

    times = 3 if bench.quick else 9
    for path in bench.reports:
        data = path.read_bytes()
        parse_all(data, path.name)
        read = percentile([timed(lambda data=data, path=path: parse_all(data, path.name)) for _ in range(times)], 0.5)
        stored = []
        for number in range(times):
            with Store.open(f"sqlite:///{bench.folder}/ingest-{path.stem}-{number}.db") as store:
                stored.append(timed(lambda s=store, d=data, p=path: ingest(s, d, p.name, parse_all)))
        both = percentile(stored, 0.5)
        yield Line(path.name, f"{both * 1000:.1f} ms", f"read {read * 1000:.1f}, store {(both - read) * 1000:.1f}")
