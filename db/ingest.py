"""One file into the store, whole or not at all: read, find its body, add it or a new version, tell what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from db import identity, records, words
from db.engine import insert_rows
from db.schema import fact, finding, organisation, passage, report, report_problem, source
from db.store import Store
from db.writing import add_names, changed, log, new_key, note, now, set_current
from knowledge import names
from knowledge.catalogue import plain_label
from knowledge.model import Fact, Finding, Problem, Report
from knowledge.places import Body, resolve
from knowledge.problems import problem

Status = Literal["added", "unchanged", "replaced", "rejected"]
Parse = Callable[[bytes, str], "list[Report | Problem]"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that differs from the version before; ``old``/``new`` as printed, None where the cell was not there."""

    table: str | None
    path: tuple[str, ...]
    column: tuple[str, ...]
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of one file (or of one report in it).

    report    as stored; None when rejected, and in a dry run for what is not in the store yet
    read      what was read, also in a dry run; None when unchanged or rejected
    reason    one plain sentence, when rejected
    problems  what was unclear while the report was read, and is left out or doubtful therefore
    code      the problem's code, when rejected
    """

    path: str
    sha256: str
    status: Status
    report: records.StoredReport | None = None
    read: Report | None = None
    reason: str | None = None
    code: str | None = None
    findings: tuple[Finding, ...] = ()
    changes: tuple[CellChange, ...] = ()
    problems: tuple[Problem, ...] = ()


def ingest(
    store: Store, data: bytes, path: str, parse: Parse, *, actor: str = "cli", dry_run: bool = False
) -> list[IngestResult]:
    """Stores what ``parse`` reads from the file: one result per report in it, at least one.

    ``path`` is shown and logged, its last part names the source. A file whose bytes are a current report's is
    ``unchanged`` and not read again.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = unchanged(store, path, sha256)
    return known or keep_file(store, parse(data, name_of(path)), path, sha256, actor=actor, dry_run=dry_run)


def unchanged(store: Store, path: str, sha256: str, *, set_aside: bool = False) -> list[IngestResult]:
    """What to say of a file whose bytes current reports came from, or with ``set_aside`` also versions that
    others stand in for now; [] for any other file."""
    known = store.with_sha256(sha256) or (store.set_aside_with_sha256(sha256) if set_aside else [])
    return [
        IngestResult(path, sha256, "unchanged", one, findings=store.findings(one.id), problems=store.problems(one.id))
        for one in known
    ]


def keep(
    store: Store, read: Report | Problem, path: str, sha256: str, *, actor: str = "cli", dry_run: bool = False
) -> IngestResult:
    """Stores the one report of a file, or logs why there is none."""
    return keep_file(store, [read], path, sha256, actor=actor, dry_run=dry_run)[0]


def keep_file(
    store: Store,
    found: Sequence[Report | Problem],
    path: str,
    sha256: str,
    *,
    actor: str = "cli",
    dry_run: bool = False,
) -> list[IngestResult]:
    """Stores what was read from one file (perhaps in another process): its reports in one transaction."""
    whole = [_storable(one) for one in found]
    reports = [one for one in whole if isinstance(one, Report)]
    stored = iter([] if dry_run or not reports else keep_all(store, reports, path, sha256, actor=actor))
    results = []
    for one in whole:
        if isinstance(one, Problem):
            results.append(_rejected(store, one, path, sha256, dry_run))
        else:
            results.append(_preview(store, one, path, sha256) if dry_run else next(stored))
    return results


def _rejected(store: Store, why: Problem, path: str, sha256: str, dry_run: bool) -> IngestResult:
    if not dry_run:
        with store.database.write() as connection:
            log(connection, path, sha256, "rejected", why.message, None)
    return IngestResult(path, sha256, "rejected", reason=why.message, code=why.code)


def keep_all(
    store: Store,
    found: Iterable[Report],
    path: str,
    sha256: str,
    *,
    actor: str,
    also: Callable[[Connection, list[int]], None] | None = None,
) -> list[IngestResult]:
    """Stores the reports of one file together or not at all; ``also`` writes what belongs to it, given their ids."""
    written: list[tuple[Report, int, int | None, Status]] = []
    with store.database.write() as connection:
        for read in found:
            key, before = _insert(connection, read, name_of(path), sha256)
            status: Status = "replaced" if before else "added"
            log(connection, path, sha256, status, None, key)
            note(connection, actor, status, f"{read.org} {read.year}", sha256, key)
            written.append((read, key, before, status))
        changed(connection)
        if also is not None:
            also(connection, [key for _, key, _, _ in written])
    return [
        IngestResult(
            path, sha256, status, store.report(key), read, findings=read.findings, problems=read.problems,
            changes=tuple(cell_changes(store.facts(before), read.facts)) if before else (),
        )
        for read, key, before, status in written
    ]  # fmt: skip


def name_of(path: str) -> str:
    """The last part of a path, whichever system wrote it, without control characters."""
    last = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(c if c.isprintable() else "�" for c in last) or "未命名"


def cell_changes(old: Iterable[Fact], new: Iterable[Fact]) -> Iterator[CellChange]:
    """The table cells that differ in value or state; labels are compared without numbers, blanks and punctuation."""
    before = {_cell(one): one for one in old if one.table is not None}
    after = {_cell(one): one for one in new if one.table is not None}
    for key, one in after.items():
        was = before.get(key)
        if was is None or (was.state, was.value, was.unit) != (one.state, one.value, one.unit):
            yield CellChange(one.table, one.path, one.column, None if was is None else was.raw, one.raw)
    for key, was in before.items():
        if key not in after:
            yield CellChange(was.table, was.path, was.column, was.raw, None)


def _cell(one: Fact) -> tuple[object, ...]:
    if one.metric and not one.metric.startswith("local."):
        return one.metric, one.applicant, one.year
    return plain_label(one.table or ""), *map(plain_label, one.path), None, *map(plain_label, one.column)


def _storable(read: Report | Problem) -> Report | Problem:
    """A text with half characters (a broken character reference in a page) cannot be written as UTF-8.

    SQL ends a text at its first NUL: each becomes a replacement character, which keeps every offset.
    """
    if isinstance(read, Problem):
        return read
    try:
        read.source_text.encode("utf-8")
    except UnicodeEncodeError:
        return problem("broken_text")
    if "\0" not in read.source_text:
        return read
    facts = tuple(replace(one, raw=one.raw.replace("\0", "\ufffd")) for one in read.facts)
    return replace(read, source_text=read.source_text.replace("\0", "\ufffd"), facts=facts)


def _preview(store: Store, read: Report, path: str, sha256: str) -> IngestResult:
    with store.database.engine.connect() as connection:
        body = _known_body(connection, read, _place(read))
    before = store.report_of(body, read.year) if body else None
    changes = tuple(cell_changes(store.facts(before.id), read.facts)) if before else ()
    status: Status = "replaced" if before else "added"
    return IngestResult(
        path, sha256, status, None, read, findings=read.findings, changes=changes, problems=read.problems
    )


# writing

# Bodies that share one of these names
_SHARING = text(
    "SELECT DISTINCT o.id, o.full_name, o.province, o.city, o.county"
    " FROM organisation_name AS n JOIN organisation AS o ON o.id = n.organisation_id"
    " WHERE n.kind <> 'alias' AND n.name IN (SELECT value FROM json_each(:names)) ORDER BY o.id"
).bindparams(bindparam("names"))


def _known_body(connection: Connection, read: Report, here: Body) -> int | None:
    full = identity.full_name(read.org, read.signature)
    rows = connection.execute(_SHARING, {"names": records.dump(identity.names_to_look_up(full))})
    known = [identity.Known(row[0], row[1], (row[2], row[3], row[4])) for row in rows]
    return identity.same_body(full, (here.province, here.city, here.county), known)


def _place(read: Report) -> Body:
    """Where the body is, its kind and level, from everything its report calls it, and the report's text."""
    signed = (read.signature,) if read.signature and names.same_body(read.org, read.signature) else ()
    return resolve(read.org, (*signed, *read.short_names), read.source_text)


def _insert(connection: Connection, read: Report, source_name: str, sha256: str) -> tuple[int, int | None]:
    """Writes everything; the new report's id, and that of the version it replaces."""
    body = _body(connection, read)
    same = (report.c.organisation_id == body, report.c.year == read.year)
    before = connection.execute(select(report.c.id).where(*same, report.c.current == 1)).scalar()
    version = (connection.execute(select(func.max(report.c.version)).where(*same)).scalar() or 0) + 1
    if before is not None:
        set_current(connection, body, read.year, None)
    values = {
        "organisation_id": body,
        "org": read.org,
        "short_names": records.dump(read.short_names),
        "year": read.year,
        "edition": read.edition,
        "published": read.published.isoformat() if read.published else None,
        "title": read.title,
        "signature": read.signature,
        "source_name": source_name.encode("utf-8", "replace").decode("utf-8"),
        "sha256": sha256,
        "version": version,
        "current": 1,
        "created_at": now(),
        "facts": len(read.facts),
        "findings": len(read.findings),
    }
    key = new_key(connection, report, values)
    connection.execute(insert(source), {"report_id": key, "text": read.source_text})
    _insert_facts(connection, read, key, body)
    _insert_all(
        connection,
        passage,
        key,
        ({"kind": p.kind, "heading": p.heading, "start": p.span.start, "end": p.span.end} for p in read.passages),
    )
    _insert_all(connection, finding, key, map(records.finding_values, read.findings))
    _insert_all(connection, report_problem, key, map(records.problem_values, read.problems))
    return key, before


def _body(connection: Connection, read: Report) -> int:
    """The body's id, with its names brought up to what this report adds."""
    full = identity.full_name(read.org, read.signature)
    place = _place(read)
    body = _known_body(connection, read, place)
    here = asdict(place)
    if body is None:
        body = new_key(connection, organisation, {"name": read.org, "full_name": full, **here})
    else:
        columns = (organisation.c[name] for name in ("full_name", *here))
        have = connection.execute(select(*columns).where(organisation.c.id == body)).one()
        newest = connection.execute(select(func.max(report.c.year)).where(report.c.organisation_id == body)).scalar()
        values = {"full_name": max(have.full_name, full, key=len)}
        values |= {name: value for name, value in here.items() if value and not getattr(have, name)}
        if newest is None or read.year >= newest:
            values["name"] = read.org
        connection.execute(update(organisation).where(organisation.c.id == body).values(values))
    called = [(read.org, "full"), (full, "full"), *((short, "short") for short in read.short_names)]
    if read.signature and identity.folded_name(read.signature) in (identity.folded_name(full),):
        called.append((read.signature, "full"))
    add_names(connection, body, called)
    return body


def _insert_facts(connection: Connection, read: Report, key: int, body: int) -> None:
    if not read.facts:
        return
    shared = {"report_id": key, "organisation_id": body, "year": read.year, "current": 1}
    rows = [{**shared, "ordinal": n, **records.fact_values(one)} for n, one in enumerate(read.facts)]
    insert_rows(connection, fact, rows)
    ids = connection.execute(select(fact.c.id, fact.c.ordinal).where(fact.c.report_id == key, fact.c.metric.is_(None)))
    words.index_facts(connection, ((row.id, read.facts[row.ordinal]) for row in ids), read.source_text)


def _insert_all(connection: Connection, table: Any, key: int, rows: Iterable[dict[str, Any]]) -> None:
    insert_rows(connection, table, [{"report_id": key, "ordinal": n, **row} for n, row in enumerate(rows)])
