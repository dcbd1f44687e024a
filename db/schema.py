"""The tables of the store: bodies and their names, reports with versions, their figures, passages and findings.

Only plain types, so that rows can be read straight from the driver: numbers are whole, lists are JSON text,
flags are 0 or 1, times are ISO 8601 text in UTC. The tables are made by ``db/migrations``; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData()

# SQLite only counts up a key that is called exactly INTEGER
_Key = BigInteger().with_variant(Integer(), "sqlite")
_CURRENT = text("current = 1")
_IN_TABLES = text("table_name IS NOT NULL")

# one row per counter; "data" grows by one with every change to the store
counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

# A body. full_name is its identity (see db.identity), name what its newest report calls it.
# kind/level/province/city/county stay NULL until something is known about them.
organisation = Table(
    "organisation",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("kind", Text),
    Column("level", Text),
    Column("province", Text),
    Column("city", Text),
    Column("county", Text),
)

# Everything a body is called. name is folded (knowledge.text.fold, no blanks), printed as it stands;
# kind: full (title or signature) · short (people say it) · alias (an admin taught it; wins over the others)
# sound and letters: how the name sounds (knowledge.mentions.sound) and its pinyin run together, for what is mistyped
organisation_name = Table(
    "organisation_name",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("organisation_id", _Key, ForeignKey("organisation.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("printed", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sound", Text),
    Column("letters", Text),
    CheckConstraint("kind IN ('full', 'short', 'alias')", name="organisation_name_kind"),
    Index("organisation_name_by_name", "name", "kind", "organisation_id"),
    Index("organisation_name_by_sound", "sound"),
    Index("organisation_name_by_letters", "letters"),
    Index("organisation_name_once", "organisation_id", "name", unique=True),
)

# One version of one report; what is printed "r7" is id 7. current = 1: the version that answers are taken from,
# at most one for a body and year. org, title, signature as printed; published an ISO date.
# facts and findings are counts; sha256 is that of the file's bytes.
report = Table(
    "report",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("organisation_id", _Key, ForeignKey("organisation.id"), nullable=False),
    Column("org", Text, nullable=False),
    Column("short_names", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("edition", Text, nullable=False),
    Column("published", Text),
    Column("title", Text),
    Column("signature", Text),
    Column("source_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    CheckConstraint("current IN (0, 1)", name="report_current_flag"),
    CheckConstraint("edition IN ('2019', '2021', 'other')", name="report_edition"),
    # PostgreSQL's own condition stands in the migration: naming it here would load that dialect at every start (20 ms)
    Index("report_current", "organisation_id", "year", unique=True, sqlite_where=_CURRENT),
    Index("report_version", "organisation_id", "year", "version", unique=True),
    Index("report_by_sha256", "sha256"),
    Index("report_by_year", "year", "current"),
)

# The text every offset of a report points into, in code points. Apart from report, so that lists stay light.
source = Table(
    "source",
    metadata,
    Column("report_id", _Key, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)

# One figure (knowledge.model.Fact). ordinal counts a report's facts from 0, in reading order.
# value_micro = value × 1 000 000, exact; NULL with value_text set where it does not fit (more decimals, 19 digits).
# applicant is '' where there is none. organisation_id, year and current repeat the report's: rankings read one index.
# year is the report's; about_year another year that the figure is about, NULL for the report's own.
# start/end hold the raw, quote_start/quote_end the row or sentence.
fact = Table(
    "fact",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("report_id", _Key, ForeignKey("report.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("organisation_id", _Key, ForeignKey("organisation.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("current", Integer, nullable=False),
    Column("table_name", Text),
    Column("path", Text, nullable=False),
    Column("column", Text, nullable=False),
    Column("metric", Text),
    Column("applicant", Text, nullable=False),
    Column("value_micro", BigInteger),
    Column("value_text", Text),
    Column("unit", Text),
    Column("raw", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote_start", Integer, nullable=False),
    Column("quote_end", Integer, nullable=False),
    Column("section", Text),
    Column("context", Text, nullable=False),
    Column("approximate", Integer, nullable=False),
    Column("about_year", Integer),
    CheckConstraint("state IN ('number', 'blank', 'struck', 'unreadable')", name="fact_state"),
    Index("fact_by_report", "report_id", "ordinal", unique=True),
    Index("fact_by_cell", "report_id", "metric", "applicant"),
    Index(
        "fact_totals",
        *("metric", "applicant", "current", "year", "report_id", "about_year", "value_micro", "organisation_id"),
        sqlite_where=_IN_TABLES,
    ),
)

# A stretch of prose that can be asked for (knowledge.model.Passage).
passage = Table(
    "passage",
    metadata,
    Column("report_id", _Key, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("heading", Text),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

# What is odd in one report (knowledge.model.Finding). expected/found are JSON: null, "text" or {"number": "5"};
# cells the ordinals of the facts that take part, quotes [[start, end], …].
finding = Table(
    "finding",
    metadata,
    Column("report_id", _Key, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("table_name", Text),
    Column("path", Text, nullable=False),
    Column("column", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("quotes", Text, nullable=False),
)

# What was unclear while a report was read (knowledge.model.Problem); start, end NULL where it means the whole file.
report_problem = Table(
    "report_problem",
    metadata,
    Column("report_id", _Key, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
)

# Every file that was offered, also those refused. report_id: the report it became or already was.
ingest_log = Table(
    "ingest_log",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("at", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("report_id", _Key, ForeignKey("report.id")),
)

# Questions that found no answer: text, time, reason; never who asked.
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("at", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# Every change to the store: who ("cli", "telegram:123"), what, and the file it came with.
audit = Table(
    "audit",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("sha256", Text),
    Column("report_id", _Key, ForeignKey("report.id")),
)

# What a chat was about, so that a follow-up survives a restart. state is the assistant's own JSON.
conversation = Table(
    "conversation",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index("conversation_by_time", "at"),
)

# What a chat platform needs so that nothing is lost and nothing comes twice (written by db/chats.py).
# Times here are Unix seconds; chat, person and bot are the platform's own numbers as text; JSON as Text.

# updates that were handled: a repeated one is known by its number
chat_update = Table(
    "chat_update",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Integer, nullable=False),
    Index("chat_update_by_time", "at"),
)

# what is still to be sent, in order of id; a row is deleted when the platform has taken it
chat_outbox = Table(
    "chat_outbox",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("lane", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("at", Integer, nullable=False),
)

# an answer that was given: question is the message asked by, person who asked; before/state are the conversation
# before and after it; detail what its buttons need
chat_answer = Table(
    "chat_answer",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", Text, nullable=False),
    Column("thread", BigInteger),
    Column("question", BigInteger),
    Column("person", Text),
    Column("at", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("chat_answer_by_question", "chat", "question"),
    Index("chat_answer_by_time", "at"),
)

# the messages an answer was sent as
chat_message = Table(
    "chat_message",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("answer", BigInteger, nullable=False),
    Index("chat_message_by_answer", "answer"),
)

# 👍 (1) and 👎 (-1); voter is a digest, so that a person's second press replaces the first; never a name
chat_vote = Table(
    "chat_vote",
    metadata,
    Column("answer", BigInteger, primary_key=True, autoincrement=False),
    Column("voter", Text, primary_key=True),
    Column("vote", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("status", Text, nullable=False),
)

# a file an admin sent; state: held (another file of its album may mean it) · waiting · offered · storing · stored · cancelled · refused · undone · expired
chat_upload = Table(
    "chat_upload",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", Text, nullable=False),
    Column("thread", BigInteger),
    Column("question", BigInteger),
    Column("person", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("file", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger),
    Column("state", Text, nullable=False),
    Column("card", BigInteger),
    Column("sha256", Text),
    Column("reports", Text, nullable=False),
    Column("album", Text),
    Column("shown", Text),
    Index("chat_upload_by_state", "state", "at"),
    Index("chat_upload_by_question", "chat", "question"),
)

# the bytes of a file that is not decided yet
chat_file = Table(
    "chat_file",
    metadata,
    Column("upload", BigInteger, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

# groups that were greeted
chat_group = Table(
    "chat_group",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("at", Integer, nullable=False),
)

# Two full-text tables stand beside these, written by db/words.py in the same transaction (FTS5, so SQLite only):
#   fact_words(words)  rowid = fact.id of a figure that the catalogue does not know (prose, local rows): the words of
#                      its table, path, column and context, and its sentence
#   name_words(words)  rowid = organisation_name.id
# Their words are overlapping pairs of folded characters, because people ask with two-character words.
