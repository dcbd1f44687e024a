"""Words by which figures and names are found: overlapping pairs of folded characters in full-text tables.

FTS5 splits Chinese at punctuation only, and its trigrams cannot find the two-character words people ask with
(热线, 处罚). So 政务动态 is written as 政务 务动 动态, and a question's words are looked up the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, text

from db.engine import Prepared
from knowledge.model import Fact
from knowledge.text import fold

# letters, digits and Chinese characters in one piece
_PIECE = re.compile(r"\w+")

_ADD_FACT = text("INSERT INTO fact_words (rowid, words) VALUES (:id, :words)")
_ADD_NAME = text("INSERT INTO name_words (rowid, words) VALUES (:id, :words)")

# Best first; detail=none keeps no positions, so bm25 weighs how many of the pairs a row has and how rare they are.
FACTS_BY_WORDS = Prepared(
    text(
        "SELECT fact.report_id, fact.ordinal, bm25(fact_words) FROM fact_words JOIN fact ON fact.id = fact_words.rowid"
        " WHERE fact_words MATCH :match AND fact.current = 1 ORDER BY 3, 1, 2 LIMIT :most"
    ).bindparams(bindparam("match"), bindparam("most"))
)
# names with one pair, as many as are worth counting
NAMES_BY_PAIR = Prepared(
    text("SELECT rowid FROM name_words WHERE name_words MATCH :match LIMIT :most").bindparams(
        bindparam("match"), bindparam("most")
    )
)
NAMES_BY_ID = Prepared(
    text(
        "SELECT n.name, n.printed, n.organisation_id, n.kind FROM json_each(:ids) AS asked"
        " JOIN organisation_name AS n ON n.id = asked.value ORDER BY asked.key"
    ).bindparams(bindparam("ids"))
)


def pairs(written: str) -> list[str]:
    """政务动态 → 政务 务动 动态; a single character stands alone; each once, in order."""
    found: dict[str, None] = {}
    for piece in _PIECE.findall(fold("".join(written.split())).text):
        for start in range(max(len(piece) - 1, 1)):
            found[piece[start : start + 2]] = None
    return list(found)


def match(words: Iterable[str], *, every: bool = True) -> str:
    """The full-text expression that asks for all (or any) of the pairs in ``words``; "" where there is none."""
    asked = dict.fromkeys(pair for word in words for pair in pairs(word))
    return (" AND " if every else " OR ").join(f'"{pair}"' for pair in asked)


def index_facts(connection: Connection, facts: Iterable[tuple[int, Fact]], source: str) -> None:
    """Makes figures (fact.id, fact) findable by their labels and their row or sentence."""
    rows = [{"id": key, "words": " ".join(pairs(_searchable(fact, source)))} for key, fact in facts]
    if rows:
        connection.execute(_ADD_FACT, rows)


def index_names(connection: Connection, names: Iterable[tuple[int, str]]) -> None:
    """Makes names (organisation_name.id, printed) findable by their parts."""
    rows = [{"id": key, "words": " ".join(pairs(printed))} for key, printed in names]
    if rows:
        connection.execute(_ADD_NAME, rows)


def _searchable(fact: Fact, source: str) -> str:
    # punctuation between the parts keeps pairs from reaching over them; 2,000 characters hold any real sentence
    parts = (fact.table or "", *fact.path, *fact.column, *fact.context)
    return "，".join((*parts, source[fact.quote.start : fact.quote.end][:2000]))
