"""Prints the table of `make bench`. No assertions: it shows, it does not judge.

python -m benchmarks.run [--quick] [SECTION…]
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import tempfile
import unicodedata
from pathlib import Path
from types import ModuleType

from benchmarks import sections
from benchmarks.bench import ROOT, Bench, Line

SAMPLES = ROOT / "samples"
REPORTS = ROOT.parent / "shared" / "reports"
QUESTIONS = Path(__file__).parent / "questions.txt"


def main() -> None:
    """Builds a store of the reports at hand in a temporary folder and runs the sections one by one."""
    parser = argparse.ArgumentParser(description="Measures wenbao on the reports at hand.")
    parser.add_argument("sections", nargs="*", help="names of sections; all without any")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    arguments = parser.parse_args()
    folder = REPORTS if REPORTS.is_dir() else SAMPLES
    reports = tuple(sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".md")))
    questions = tuple(line for line in QUESTIONS.read_text(encoding="utf-8").split("\n") if line.strip())
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(reports, questions, f"sqlite:///{temporary}/bench.db", Path(temporary), arguments.quick)
        _fill(bench)
        print(f"{len(reports)} reports of {folder.name}/, {len(questions)} different questions")
        for section in chosen(arguments.sections):
            print(f"\n{section.TITLE}")
            for line in section.measure(bench):
                print(_printed(line), flush=True)


def chosen(names: list[str]) -> list[ModuleType]:
    """The sections with these names, or all, in the order of the table."""
    found = {module.name: module.name for module in pkgutil.iter_modules(sections.__path__)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SystemExit(f"no such section: {', '.join(unknown)} (there are {', '.join(sorted(found))})")
    loaded = [importlib.import_module(f"{sections.__name__}.{name}") for name in names or found]
    return sorted(loaded, key=lambda section: section.ORDER)


def _fill(bench: Bench) -> None:
    from db.ingest import ingest
    from db.store import Store
    from parsers.report import parse_all

    with Store.open(bench.url) as store:
        for path in bench.reports:
            for result in ingest(store, path.read_bytes(), path.name, parse_all):
                if result.status == "rejected":
                    print(f"{path.name}: {result.reason}")


def _printed(line: Line) -> str:
    return f"  {_padded(line.what, 30)}{line.figure:>28}   {line.beside}".rstrip()


def _padded(text: str, width: int) -> str:
    """``text`` filled up to ``width`` columns; Chinese characters take two."""
    columns = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - columns)


if __name__ == "__main__":
    main()
