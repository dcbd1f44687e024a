"""A file → Report: reading, identity, form, prose, passages and checks put together.

``parse`` is for files that hold one report, ``parse_all`` for any: archives, and documents in which several reports
follow one another. What is wrong with a file is a Problem in the result, never an exception.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from knowledge import checks
from knowledge.model import Fact, Problem, Report
from knowledge.problems import problem
from parsers import form, identity, passages, prose, read, several
from parsers.document import Document
from parsers.frame import frame
from parsers.limits import DEFAULT, Limits

# Problems of a report that keep it out of the store: without body or year nobody could ask for it.
_FATAL = ("not_a_report", "no_org", "no_year")


def parse(data: bytes, name: str, limits: Limits = DEFAULT) -> Report | Problem:
    """The one report in the file, or why there is none. ``name`` is the file's name, a path or only its last part."""
    found = parse_all(data, name, limits)
    if len(found) == 1:
        return found[0]
    reports = [one for one in found if isinstance(one, Report)]
    return reports[0] if len(reports) == 1 else problem("several_reports", count=len(found))


def parse_all(data: bytes, name: str, limits: Limits = DEFAULT) -> list[Report | Problem]:
    """Every report in the file, or the reasons; never empty."""
    members = read.members(data, name, limits)
    if members is not None:
        out = [r for m in members for r in ([m] if isinstance(m, Problem) else parse_all(m[1], m[0], limits))]
        return out or [problem("empty_file")]
    document = read.read(data, name, limits)
    if isinstance(document, Problem):
        return [document]
    return [of_document(part, name) for part in several.split(document)]


def of_document(document: Document, name: str) -> Report | Problem:
    """The report that a Document holds."""
    around = frame(document)
    tables = form.read(document)
    who = identity.identify(document, PurePosixPath(name.replace("\\", "/")).name, tables.facts, around)
    fatal = next((p for code in _FATAL for p in who.problems if p.code == code), None)
    if fatal is not None:
        return fatal
    if who.org is None or who.year is None:
        return problem("no_org" if who.org is None else "no_year")
    parts = passages.passages(document, around)
    facts = (*(_own_year(f, who.year) for f in tables.facts), *prose.facts(document, who.year, around, parts))
    made = Report(
        org=who.org,
        short_names=who.short_names,
        year=who.year,
        edition=who.edition,
        published=who.published,
        title=who.title,
        signature=who.signature,
        source_text=document.text,
        facts=facts,
        passages=parts,
        problems=(*document.problems, *who.problems, *tables.problems),
    )
    return replace(made, findings=checks.run(made))


def _own_year(fact: Fact, year: int) -> Fact:
    """A column of the report's own year says nothing that the report does not."""
    return replace(fact, year=None) if fact.year == year else fact
