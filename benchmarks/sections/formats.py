"""Each file format: time a document and peak memory, beside the bare library on the same file in the same run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench import ROOT, Bench, Line, percentile, run, timed

TITLE = "formats, per document (median, all documents of the format)"
ORDER = 5

DOCUMENTS = ROOT.parent / "shared" / "formats"
_READ = "import sys; from parsers.report import parse_all; parse_all(open(sys.argv[1], 'rb').read(), sys.argv[1])"


def measure(bench: Bench) -> Iterator[Line]:
    """Silent but for one line where the documents (../shared/formats) are not here."""
    if not DOCUMENTS.is_dir():
        yield Line("no documents", "–", "../shared/formats is not here")
        return
    documents: dict[str, list[Path]] = {}
    for path in sorted(DOCUMENTS.iterdir()):
        if path.suffix not in (".json", ".jsonl") and path.name != "README.md":
            documents.setdefault(path.suffix.lstrip("."), []).append(path)
    for name, paths in sorted(documents.items()):
        yield _format(name, paths, 1 if bench.quick else 5)


def _format(name: str, paths: list[Path], times: int) -> Line:
    from parsers.report import parse_all

    seconds, bare = [], []
    for path in paths:
        data = path.read_bytes()
        parse_all(data, path.name)
        seconds += [timed(lambda d=data, p=path: parse_all(d, p.name)) for _ in range(times)]
        if name in _BARE:
            bare += [timed(lambda p=path: _BARE[name](p)) for _ in range(times)]
    memory = max(run([sys.executable, "-c", _READ, str(path)]).megabytes for path in paths)
    middle = percentile(seconds, 0.5)
    ratio = f" · {middle / percentile(bare, 0.5):.1f} × {_NAMES[name]}" if bare else ""
    return Line(f"{name} ({len(paths)})", f"{middle * 1000:.1f} ms", f"{memory:.0f} MB{ratio}")


def _docx(path: Path) -> None:
    import docx

    docx.Document(str(path))


def _pdf(path: Path) -> None:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()


def _html(path: Path) -> None:
    import lxml.html

    lxml.html.fromstring(path.read_bytes())


def _xlsx(path: Path) -> None:
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    for sheet in workbook.sheet_names:
        workbook.get_sheet_by_name(sheet).to_python()


_BARE: dict[str, Callable[[Path], None]] = {"docx": _docx, "pdf": _pdf, "html": _html, "xlsx": _xlsx}
_NAMES = {"docx": "python-docx open", "pdf": "pdfplumber text", "html": "lxml.html", "xlsx": "calamine"}
