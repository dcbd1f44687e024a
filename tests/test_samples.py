"""The samples are ours: published figures, official labels, and not one sentence of the reports themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted(path for path in (ROOT / "samples").iterdir() if path.suffix in (".txt", ".md"))
REPORTS = ROOT.parent / "shared" / "reports"

# shorter stretches are names and set phrases that anybody uses
LONGEST_SHARED = 20

needs_reports = pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports (../shared/reports) are not here")


def prose(text: str) -> list[str]:
    """Sentences outside tables: no cell lines, no pipe rows, white space removed."""
    lines = [line for line in text.split("\n") if "\t" not in line and not line.lstrip().startswith("|")]
    pieces = re.split(r"[。；！？\n]", "\n".join(lines))
    return [re.sub(r"\s+", "", piece) for piece in pieces]


def squeezed(path: Path) -> str:
    return re.sub(r"\s+", "", path.read_text(encoding="utf-8"))


def report_of(sample: Path) -> Path:
    return REPORTS / f"{sample.stem}.txt"


def official(sentence: str) -> bool:
    """Titles (broken over lines too), headings of tables and labels of the form stay as they are."""
    from knowledge.catalogue import catalogue, plain_label

    entries = (*catalogue().rows.values(), *catalogue().local.values(), *catalogue().sections.values())
    labels = {plain for entry in entries for plain in entry.plain}
    title = sentence.endswith(("报告", "政府信息公开工作"))
    heading = sentence.endswith("情况") and not re.search(r"[，、：]", plain_label(sentence))
    return title or heading or plain_label(sentence) in labels


@needs_reports
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_no_sentence_is_copied_from_a_report(sample: Path) -> None:
    real = "".join(squeezed(path) for path in sorted(REPORTS.iterdir()))
    sentences = [s for s in prose(sample.read_text(encoding="utf-8")) if len(s) >= LONGEST_SHARED and not official(s)]
    assert sentences
    assert [s for s in sentences if s in real] == []


@needs_reports
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_no_long_stretch_is_copied_either(sample: Path) -> None:
    """Rewording means more than a changed word at the end: no 25 characters in a row outside titles and labels."""
    real = "".join(squeezed(path) for path in sorted(REPORTS.iterdir()))
    window = LONGEST_SHARED + 5
    for sentence in prose(sample.read_text(encoding="utf-8")):
        if not official(sentence):
            stretches = [sentence[i : i + window] for i in range(max(0, len(sentence) - window + 1))]
            assert [s for s in stretches if s in real] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_says_that_it_is_abridged(sample: Path) -> None:
    assert "摘编" in "".join(sample.read_text(encoding="utf-8").split("\n")[:4])


@needs_reports
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_gives_the_same_form_as_the_report(sample: Path) -> None:
    parsed, real = (read(path) for path in (sample, report_of(sample)))
    assert cells(parsed) == cells(real)
    assert (parsed.org, parsed.year, parsed.edition, parsed.published) == (
        real.org,
        real.year,
        real.edition,
        real.published,
    )


@needs_reports
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_has_the_findings_of_the_form(sample: Path) -> None:
    parsed, real = (read(path) for path in (sample, report_of(sample)))
    assert {(f.code, f.table, f.column) for f in parsed.findings if f.severity == "error"} == {
        (f.code, f.table, f.column) for f in real.findings if f.severity == "error"
    }


# what the reports' prose says in figures and the samples have to say too
FIGURES = {
    "柴桥街道2020": ["1605", "1272", "131", "69", "58", "265", "785", "2"],
    "小河街道2020": ["886", "4"],
    "北仑区政务办2020": ["57"],
    "大榭街道2024": ["209"],
    "阳明街道2019": ["1840", "1.1", "320", "1.7", "136", "1250", "6", "3", "1", "2", "2000", "5"],
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_keeps_the_figures_of_the_prose(sample: Path) -> None:
    said = {re.match(r"[\d.]*", fact.raw)[0] for fact in read(sample).facts if fact.table is None}  # type: ignore[index]
    assert [figure for figure in FIGURES[sample.stem] if figure not in said] == []


def read(path: Path):  # type: ignore[no-untyped-def]
    report = pytest.importorskip("parsers.report", reason="the parser is not there yet")
    parsed = report.parse(path.read_bytes(), path.name)
    assert hasattr(parsed, "facts"), parsed
    return parsed


def cells(report) -> list[tuple[object, ...]]:  # type: ignore[no-untyped-def]
    """Form facts without their offsets, table headings without numbers, in a stable order."""
    found = [
        (f.table, f.path, f.column, f.value, f.unit, f.raw.strip(), f.state, f.metric, f.applicant)
        for f in report.facts
        if f.table is not None
    ]
    return sorted(found, key=str)
