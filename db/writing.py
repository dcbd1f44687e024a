"""What a change of the store writes besides its own rows: the logs, the counter that others watch, names, versions.

Each works in the transaction that it is handed, so that all of a change is kept or none of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from db import identity, words
from db.engine import insert_rows
from db.schema import audit, counter, fact, ingest_log, organisation_name, report
from knowledge.mentions import pinyin, sound


def now() -> str:
    """The time as every table keeps it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def changed(connection: Connection) -> None:
    """Counts the change, so that other processes read names and reports anew."""
    connection.execute(update(counter).where(counter.c.name == "data").values(value=counter.c.value + 1))


def note(
    connection: Connection,
    actor: str,
    action: str,
    detail: str,
    sha256: str | None = None,
    report_id: int | None = None,
) -> None:
    """One line of the audit log, in the transaction of what it tells of."""
    connection.execute(
        audit.insert().values(
            at=now(), actor=actor, action=action, detail=storable(detail), sha256=sha256, report_id=report_id
        )
    )


def log(connection: Connection, path: str, sha256: str, status: str, reason: str | None, report_id: int | None) -> None:
    """One line of the ingest log."""
    connection.execute(
        ingest_log.insert().values(
            at=now(), path=storable(path), sha256=sha256, status=status, reason=reason, report_id=report_id
        )
    )


def new_key(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """Inserts one row and returns its id."""
    key: Any = connection.execute(insert(table), values).inserted_primary_key
    return int(key[0])


def set_current(connection: Connection, organisation_id: int, year: int, report_id: int | None) -> None:
    """Makes one version (or none) the one that a body's year is answered from."""
    same = (report.c.organisation_id == organisation_id, report.c.year == year)
    old = select(report.c.id).where(*same, report.c.current == 1)
    connection.execute(update(fact).where(fact.c.report_id.in_(old)).values(current=0))
    connection.execute(update(report).where(*same, report.c.current == 1).values(current=0))
    if report_id is not None:
        connection.execute(update(report).where(report.c.id == report_id).values(current=1))
        connection.execute(update(fact).where(fact.c.report_id == report_id).values(current=1))


def add_names(connection: Connection, organisation_id: int, names: Iterable[tuple[str, str]]) -> None:
    """Gives a body names (printed, kind); one it has already only changes its kind, to alias or from short to full."""
    own = organisation_name.c.organisation_id == organisation_id
    have = {row.name: row.kind for row in connection.execute(select(organisation_name).where(own))}
    new: dict[str, dict[str, Any]] = {}
    for printed, kind in names:
        folded = identity.folded_name(printed)
        if not folded or folded in new:
            continue
        if folded not in have:
            row = {"organisation_id": organisation_id, "name": folded, "printed": printed, "kind": kind}
            new[folded] = {**row, "sound": sound(folded), "letters": pinyin(folded)}
        elif have[folded] != kind and (kind == "alias" or (have[folded], kind) == ("short", "full")):
            mine = (own, organisation_name.c.name == folded)
            connection.execute(update(organisation_name).where(*mine).values(kind=kind))
    insert_rows(connection, organisation_name, list(new.values()))
    written = connection.execute(select(organisation_name.c.id, organisation_name.c.name).where(own))
    words.index_names(connection, [(row.id, new[row.name]["printed"]) for row in written if row.name in new])


def storable(written: str) -> str:
    """Half characters (from broken file names or pasted text) cannot be stored; they become a question mark."""
    return written.encode("utf-8", "replace").decode("utf-8")
