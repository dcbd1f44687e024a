"""The store as everybody else uses it: what bodies there are, what their reports hold, and who asked in vain.

Reading only, apart from aliases, versions, conversations and the logs; reports come in through ``db.ingest``.
A stored report never changes: another file for its body and year is a new version with an id of its own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, insert, select, text, update

from db import identity, records, words
from db.engine import Database, Prepared, Row, StoreError
from db.records import Change, Name, Organisation, StoredReport, Unanswered
from db.schema import (
    audit,
    conversation,
    counter,
    fact,
    finding,
    organisation,
    organisation_name,
    passage,
    report,
    report_problem,
    source,
    unanswered,
)
from db.upgrade import upgrade
from db.writing import add_names, changed, note, now, set_current, storable
from knowledge.model import Fact, Finding, Passage, Problem, Span

_Kept = TypeVar("_Kept")

# Reports whose text and figures stay in memory: a conversation seldom moves between more
_KEEP = 32
# things kept while the store stays as it is; one of them is kept for every shared name that is asked for
_MOST_UNCHANGED = 1_000
# a pair of characters that so many names have finds nobody
_TOO_COMMON = 2_000

_REPORT = select(*(report.c[name] for name in records.REPORT_COLUMNS))
_IN_ORDER = (report.c.org, report.c.year, report.c.id)
_NAME = select(
    organisation_name.c.name, organisation_name.c.printed, organisation_name.c.organisation_id, organisation_name.c.kind
)
_ORGANISATION = select(
    organisation.c.id,
    organisation.c.name,
    organisation.c.full_name,
    organisation.c.kind,
    organisation.c.level,
    organisation.c.province,
    organisation.c.city,
    organisation.c.county,
)

_VERSION = Prepared(select(counter.c.value).where(counter.c.name == "data"))
_NAMES = Prepared(_NAME)
_NAMES_AMONG = Prepared(_NAME.where(text("organisation_name.name IN (SELECT value FROM json_each(:names))")))
_ORGANISATIONS = Prepared(_ORGANISATION)
_ORGANISATION_BY_ID = Prepared(_ORGANISATION.where(organisation.c.id == bindparam("id")))
_CURRENT_REPORTS = Prepared(_REPORT.where(report.c.current == 1).order_by(*_IN_ORDER))
_ALL_REPORTS = Prepared(_REPORT.order_by(*_IN_ORDER))
_REPORT_BY_ID = Prepared(_REPORT.where(report.c.id == bindparam("id")))
_REPORT_OF = Prepared(
    _REPORT.where(
        report.c.organisation_id == bindparam("organisation_id"),
        report.c.year == bindparam("year"),
        report.c.current == 1,
    )
)
_VERSIONS = Prepared(
    _REPORT.where(
        report.c.organisation_id == bindparam("organisation_id"), report.c.year == bindparam("year")
    ).order_by(report.c.version)
)
_BY_SHA256 = Prepared(
    _REPORT.where(report.c.sha256 == bindparam("sha256"), report.c.current == 1).order_by(report.c.id)
)
_SET_ASIDE = Prepared(
    _REPORT.where(
        report.c.sha256 == bindparam("sha256"),
        report.c.current == 0,
        text(
            "EXISTS (SELECT 1 FROM report AS other WHERE other.organisation_id = report.organisation_id"
            " AND other.year = report.year AND other.current = 1)"
        ),
    ).order_by(report.c.id)
)
_REPORTS_IN_YEAR = Prepared(
    _REPORT.where(report.c.year == bindparam("year"), report.c.current == 1).order_by(*_IN_ORDER)
)
_SOURCE = Prepared(select(source.c.text).where(source.c.report_id == bindparam("report_id")))
_FACTS = Prepared(
    select(*(fact.c[name] for name in records.FACT_COLUMNS))
    .where(fact.c.report_id == bindparam("report_id"))
    .order_by(fact.c.ordinal)
)
_FINDINGS = Prepared(
    select(*(finding.c[name] for name in records.FINDING_COLUMNS))
    .where(finding.c.report_id == bindparam("report_id"))
    .order_by(finding.c.ordinal)
)
_PROBLEMS = Prepared(
    select(*(report_problem.c[name] for name in records.PROBLEM_COLUMNS))
    .where(report_problem.c.report_id == bindparam("report_id"))
    .order_by(report_problem.c.ordinal)
)
_PASSAGES = Prepared(
    select(*(passage.c[name] for name in records.PASSAGE_COLUMNS))
    .where(passage.c.report_id == bindparam("report_id"))
    .order_by(passage.c.ordinal)
)
_UNANSWERED = Prepared(
    select(unanswered.c.at, unanswered.c.text, unanswered.c.reason)
    .order_by(unanswered.c.id.desc())
    .limit(bindparam("most"))
)
_AUDIT = Prepared(
    select(audit.c.at, audit.c.actor, audit.c.action, audit.c.detail, audit.c.sha256, audit.c.report_id)
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)
_CONVERSATION = Prepared(
    select(conversation.c.state).where(conversation.c.key == bindparam("key"), conversation.c.at >= bindparam("since"))
)

# "r7", 「柴桥 2020」, 「柴桥2020年」
_REPORT_ID = re.compile(r"[rR]([1-9]\d{0,17})")
_BODY_AND_YEAR = re.compile(r"(?P<body>.*?\D)(?P<year>(?:19|20)\d{2})(?:年度?)?(?:报告|年报)?")


class Store:
    """One open store. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._texts: dict[int, str] = {}
        self._facts: dict[int, tuple[Fact, ...]] = {}
        self._unchanged: dict[str, tuple[int, Any]] = {}

    @classmethod
    def open(cls, url: str) -> Store:
        """Opens the store, making or upgrading its tables where needed; StoreError with a sentence if it cannot."""
        database = Database(url)
        try:
            upgrade(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Ends all connections."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rows(self, query: Prepared, **values: Any) -> list[Row]:
        """Rows of a prepared query, as the driver gives them."""
        return self.database.rows(query, **values)

    def while_unchanged(self, what: str, read: Callable[[], _Kept]) -> _Kept:
        """What ``read`` returns, kept until bodies, names, reports or figures change."""
        version = self.data_version()
        kept = self._unchanged.get(what)
        if kept is None or kept[0] != version:
            if len(self._unchanged) >= _MOST_UNCHANGED:
                self._unchanged.clear()
            kept = self._unchanged[what] = (version, read())
        value: _Kept = kept[1]
        return value

    def data_version(self) -> int:
        """A number that grows with every change to bodies, names, reports or figures, by whichever process."""
        row = self.database.row(_VERSION)
        return int(row[0]) if row else 0

    # bodies and their names

    def names(self) -> list[Name]:
        """Every name of every body: (folded name, printed, organisation_id, kind). Short names are often shared."""
        return self.database.rows(_NAMES)

    def names_among(self, folded: Iterable[str]) -> list[Name]:
        """The names that are one of ``folded`` (folded, no blanks), e.g. of all stretches of a question."""
        return self.database.rows(_NAMES_AMONG, names=records.dump(list(folded)))

    def names_like(self, written: str, most: int = 20) -> list[Name]:
        """Names that share pairs of characters with ``written``, the likeliest first: a shortlist, never a verdict.

        Likeliest: with the most pairs in common. A pair that very many names have (街道) tells nothing, unless all do.
        """
        found = [
            self.database.rows(words.NAMES_BY_PAIR, match=f'"{pair}"', most=_TOO_COMMON) for pair in words.pairs(written)
        ]
        rare = [rows for rows in found if len(rows) < _TOO_COMMON]
        shared = Counter(chain.from_iterable(rare if any(rare) else found))
        likely = [key for (key,), _ in shared.most_common(most)]
        return self.database.rows(words.NAMES_BY_ID, ids=records.dump(likely))

    def organisations(self) -> list[Organisation]:
        """Every body that has, or had, a report."""
        return [Organisation(*row) for row in self.database.rows(_ORGANISATIONS)]

    def organisation(self, organisation_id: int) -> Organisation | None:
        """One body."""
        row = self.database.row(_ORGANISATION_BY_ID, id=organisation_id)
        return Organisation(*row) if row else None

    # reports

    def reports(self, *, every_version: bool = False) -> list[StoredReport]:
        """The reports answers are taken from, by body and year; or all versions."""
        return [records.report(row) for row in self.database.rows(_ALL_REPORTS if every_version else _CURRENT_REPORTS)]

    def report(self, report_id: int) -> StoredReport | None:
        """One version of a report, current or not."""
        row = self.database.row(_REPORT_BY_ID, id=report_id)
        return records.report(row) if row else None

    def report_of(self, organisation_id: int, year: int) -> StoredReport | None:
        """The report a body's year is answered from."""
        row = self.database.row(_REPORT_OF, organisation_id=organisation_id, year=year)
        return records.report(row) if row else None

    def versions(self, organisation_id: int, year: int) -> list[StoredReport]:
        """Every version of one report, oldest first."""
        rows = self.database.rows(_VERSIONS, organisation_id=organisation_id, year=year)
        return [records.report(row) for row in rows]

    def with_sha256(self, sha256: str) -> list[StoredReport]:
        """Current reports that came from exactly this file."""
        return [records.report(row) for row in self.database.rows(_BY_SHA256, sha256=sha256)]

    def set_aside_with_sha256(self, sha256: str) -> list[StoredReport]:
        """Versions that came from exactly this file, where another is current; the newest for each body and year."""
        found = [records.report(row) for row in self.database.rows(_SET_ASIDE, sha256=sha256)]
        return list({(one.organisation_id, one.year): one for one in found}.values())

    def find(self, argument: str) -> list[StoredReport]:
        """The reports that "r7" or "柴桥 2020" can mean: none, one, or several where a name is shared."""
        by_id = _REPORT_ID.fullmatch(argument.strip())
        if by_id:
            found = self.report(int(by_id[1]))
            return [found] if found else []
        named = _BODY_AND_YEAR.fullmatch(identity.folded_name(argument))
        return self._named(named["body"], int(named["year"])) if named else []

    def _named(self, body: str, year: int) -> list[StoredReport]:
        meant = self.names_among([body])
        for kind in ("alias", "full", "short"):
            here = [self.report_of(key, year) for key in {name[2] for name in meant if name[3] == kind}]
            if any(here):
                return [one for one in here if one]
        in_year = [records.report(row) for row in self.database.rows(_REPORTS_IN_YEAR, year=year)]
        return [one for one in in_year if body in identity.folded_name(one.org)]

    # what a report holds

    def text(self, report_id: int) -> str:
        """The text that every offset of this report points into."""
        return self._keep(self._texts, report_id, self._text)

    def _text(self, report_id: int) -> str:
        row = self.database.row(_SOURCE, report_id=report_id)
        if row is None:
            raise StoreError(f"r{report_id}", "no_such_report")
        return str(row[0])

    def slice(self, report_id: int, span: Span) -> str:
        """The characters of one span of the text."""
        return self.text(report_id)[span.start : span.end]

    def facts(self, report_id: int) -> tuple[Fact, ...]:
        """Every figure of a report, in reading order: the ordinal of a fact is its place here."""
        return self._keep(self._facts, report_id, self._read_facts)

    def _read_facts(self, report_id: int) -> tuple[Fact, ...]:
        return tuple(records.fact(row) for row in self.database.rows(_FACTS, report_id=report_id))

    def findings(self, report_id: int) -> tuple[Finding, ...]:
        """What was found odd in one report by itself."""
        return tuple(records.finding(row) for row in self.database.rows(_FINDINGS, report_id=report_id))

    def problems(self, report_id: int) -> tuple[Problem, ...]:
        """What was unclear while it was read."""
        return tuple(records.problem(row) for row in self.database.rows(_PROBLEMS, report_id=report_id))

    def passages(self, report_id: int) -> tuple[Passage, ...]:
        """The stretches of prose that can be asked for."""
        return tuple(records.passage(row) for row in self.database.rows(_PASSAGES, report_id=report_id))

    def facts_by_words(self, said: Iterable[str], most: int = 50, *, every: bool = True) -> list[tuple[int, int]]:
        """(report_id, ordinal) of current figures outside the catalogue whose labels or sentence hold these words.

        All of them, or with ``every=False`` any; the likeliest first. A shortlist: the caller checks the words.
        """
        asked = words.match(said, every=every)
        rows = self.database.rows(words.FACTS_BY_WORDS, match=asked, most=most) if asked else []
        return [(row[0], row[1]) for row in rows]

    def _keep(self, kept: dict[int, _Kept], key: int, read: Callable[[int], _Kept]) -> _Kept:
        try:
            return kept[key]
        except KeyError:
            value = read(key)
        while len(kept) >= _KEEP:
            kept.pop(next(iter(kept)), None)
        kept[key] = value
        return value

    # versions

    def restore(self, report_id: int, actor: str) -> StoredReport:
        """Answers are taken from this version again."""
        wanted = self.report(report_id)
        if wanted is None:
            raise StoreError(f"r{report_id}", "no_such_report")
        with self.database.write() as connection:
            set_current(connection, wanted.organisation_id, wanted.year, report_id)
            note(
                connection,
                actor,
                "restore",
                f"{wanted.org} {wanted.year}，第 {wanted.version} 版",
                wanted.sha256,
                report_id,
            )
            changed(connection)
        return self.report(report_id) or wanted

    def withdraw(self, report_id: int, actor: str) -> StoredReport | None:
        """Takes a version back: the one before it is current again, and returned; None if there was none.

        A version that was taken back itself is not gone back to.
        """
        wanted = self.report(report_id)
        if wanted is None:
            raise StoreError(f"r{report_id}", "no_such_report")
        with self.database.write() as connection:
            before = connection.execute(
                select(func.max(report.c.id)).where(
                    report.c.organisation_id == wanted.organisation_id,
                    report.c.year == wanted.year,
                    report.c.version < wanted.version,
                    report.c.id.not_in(_taken_back()),
                )
            ).scalar()
            set_current(connection, wanted.organisation_id, wanted.year, before)
            note(
                connection,
                actor,
                "withdraw",
                f"{wanted.org} {wanted.year}，第 {wanted.version} 版",
                wanted.sha256,
                report_id,
            )
            changed(connection)
        return self.report(before) if before else None

    # what admins teach and look at

    def teach(self, name: str, organisation_id: int, actor: str) -> None:
        """Gives a body one more name, which wins over names that reports gave."""
        with self.database.write() as connection:
            add_names(connection, organisation_id, [(name, "alias")])
            body = connection.execute(select(organisation.c.full_name).where(organisation.c.id == organisation_id)).scalar()
            note(connection, actor, "alias", f"{name} → {body}")
            changed(connection)

    def unlearn(self, name: str, actor: str) -> bool:
        """Takes an alias back; False if nobody taught it."""
        folded = identity.folded_name(name)
        with self.database.write() as connection:
            gone = connection.execute(
                organisation_name.delete().where(
                    organisation_name.c.name == folded, organisation_name.c.kind == "alias"
                )
            )
            if gone.rowcount:
                note(connection, actor, "unalias", name)
                changed(connection)
        return bool(gone.rowcount)

    def keep_unanswered(self, asked: Sequence[tuple[str, str]]) -> None:
        """Keeps questions that found no answer, each with the reason; never who asked."""
        rows = [{"at": now(), "text": storable(question)[:1000], "reason": reason} for question, reason in asked]
        if rows:
            with self.database.write() as connection:
                connection.execute(insert(unanswered), rows)

    def unanswered(self, most: int = 100) -> list[Unanswered]:
        """The latest questions without an answer, newest first."""
        return [Unanswered(*row) for row in self.database.rows(_UNANSWERED, most=most)]

    def audit(self, most: int = 100) -> list[Change]:
        """The latest changes, newest first."""
        return [Change(*row) for row in self.database.rows(_AUDIT, most=most)]

    # conversations

    def conversation(self, key: str, since: str = "") -> Any:
        """What a chat was about (the assistant's own JSON value), or None if nothing newer than ``since`` is kept."""
        row = self.database.row(_CONVERSATION, key=key, since=since)
        return json.loads(row[0]) if row else None

    def keep_conversation(self, key: str, state: object) -> None:
        """Keeps what a chat is about."""
        values = {"key": key, "at": now(), "state": storable(records.dump(state))}
        with self.database.write() as connection:
            done = connection.execute(update(conversation).where(conversation.c.key == key).values(values))
            if not done.rowcount:
                connection.execute(conversation.insert().values(values))

    def forget_conversations(self, before: str) -> None:
        """Drops what was kept before that time."""
        with self.database.write() as connection:
            connection.execute(conversation.delete().where(conversation.c.at < before))


def _taken_back() -> Any:
    """Ids of the reports whose last entry in the audit log is that they were taken back."""
    last = select(func.max(audit.c.id)).where(audit.c.report_id.is_not(None)).group_by(audit.c.report_id)
    return select(audit.c.report_id).where(audit.c.id.in_(last), audit.c.action == "withdraw")
