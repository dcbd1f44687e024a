"""What is remembered of a turn: the query as it was answered, the bodies spoken of, and the query before it."""

from __future__ import annotations

from dataclasses import replace

from bot.answer import Answer
from bot.memory import Turn
from db.store import Store
from knowledge.query import Mention, Query, Reading, Refusal
from knowledge.text import fold
from knowledge.understand import Context

# how many bodies of a conversation 「两家」 can look back on
_MOST_BODIES = 6


def next_turn(store: Store, reading: Reading, answer: Answer, before: Turn | None) -> Turn:
    """The turn to keep after this answer. What found nothing does not replace what a conversation was about."""
    choices = tuple(answer.choices)
    context = before.context if before else None
    query = reading.outcome
    if isinstance(query, Refusal) and query.reason == "no_metric":
        return Turn(_waiting(reading, context), choices)
    if not isinstance(query, Query) or answer.status in ("not_understood", "out_of_scope"):
        return Turn(context, choices)
    if answer.status == "no_data" and context is not None and not _whole(reading):
        # another body that has no such report is still what 「2024年的」 goes on from; another year is not
        moved = any(t.has("org") for t in reading.tokens)
        asked = (*context.bodies, *query.organisations)[-_MOST_BODIES:]
        return Turn(Context(query, asked, context.back) if moved else context, choices)
    fresh = query.organisations or _only_body(store, answer)
    told = {f.year for f in answer.figures if f.year} or _years_quoted(store, answer)
    if len(told) == 1 and answer.status in ("answered", "blank"):
        year = next(iter(told))
        fresh = tuple(m if m.years else replace(m, years=(year,)) for m in fresh)
        query = query if year in query.years else replace(query, years=(), usual_years=(year,))
    if fresh and not query.organisations and query.operation not in ("which", "count"):
        query = replace(query, organisations=fresh, every=False)
    query = replace(
        query, organisations=tuple(replace(m, years=()) if len(fresh) == 1 else m for m in query.organisations)
    )
    known = context.bodies if context else ()
    if query.every and len({f.org for f in answer.figures if f.org}) > 1:
        known = ()  # a list of many: neither 它 nor 两家 is a body spoken of before it
    others = tuple(b for b in known if not any(set(b.ids) & set(f.ids) and (b.years == f.years or not f.years) for f in fresh))
    back = context.query if context else None
    return Turn(Context(query, (*others, *fresh)[-_MOST_BODIES:], back and replace(back, otherwise=None)), choices)


def _waiting(reading: Reading, context: Context | None) -> Context | None:
    """「柴桥」 alone was answered by 「您想问柴桥的什么数？」: the figure that is named next is of that body and year."""
    before = context.query if context is not None else Query()
    if before.targets or before.passage or before.rate or before.operation != "value":
        return context
    bodies = tuple(Mention(t.text, tuple(int(i) for i in t.keys("org"))) for t in reading.tokens if t.has("org"))
    years = tuple(dict.fromkeys(year for t in reading.tokens for year in t.years))
    asked = replace(before, organisations=bodies or before.organisations, years=years or before.years)
    return Context(asked, asked.organisations)


def _years_quoted(store: Store, answer: Answer) -> set[int]:
    """The years of the reports a passage was quoted from."""
    reports = {quote.report for quote in answer.quotes}
    return {found.year for key in reports if (found := store.report(int(key[1:]))) is not None}


def _whole(reading: Reading) -> bool:
    """Did the question name its body and its figure itself, rather than go on from the last one?"""
    kinds = ("row", "row~", "block", "item", "local", "topic", "section", "rate")
    return any(t.has("org") for t in reading.tokens) and any(t.has(k) for t in reading.tokens for k in kinds)


def _only_body(store: Store, answer: Answer) -> tuple[Mention, ...]:
    """The one body an answer was about that the question did not name."""
    names = {f.org for f in answer.figures if f.org}
    if answer.status != "answered" or len(names) != 1:
        return ()
    org = next(iter(names))
    ids = tuple(dict.fromkeys(name[2] for name in store.names_among([fold(org).text])))
    return (Mention(org, ids),) if ids else ()
