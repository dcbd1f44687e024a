"""The colleague who has read the reports: a message in, an answer out, with a memory for each conversation.

The one entrance for the command line and every chat adapter. Holds no wording of figures and no SQL.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.answer import Answer
from bot.answering import Answering
from bot.in_turn import better_in_turn
from bot.memory import Memory, Turn
from bot.refusing import refuse
from bot.turns import next_turn
from db.names import name_index
from db.select import Selector
from db.store import Store
from knowledge.clauses import questions, run_together
from knowledge.query import Query, Reading, Refusal
from knowledge.understand import Interpreter

# 「2」「第二个」「选1」: one of the choices just offered
_PICK = re.compile(r"^\s*(?:选|第|要)?\s*([1-9一二三四五六七八])\s*(?:个|号|项|条|家)?\s*[。.吧]?\s*$")
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八", 1)}


class Assistant:
    """Answers messages from one store. Threads may share it."""

    def __init__(self, store: Store, today: date | None = None, memory: Memory | None = None) -> None:
        self.store = store
        self._today = today
        self._memory = memory or Memory()
        self._version: int | None = None
        self._interpreter: Interpreter | None = None

    def reply(
        self,
        text: str,
        chat: str | None = None,
        person: str | None = None,
        today: date | None = None,
        explain: bool = False,
    ) -> dict[str, Any]:
        """The answer to one message, as the JSON of CONTRACT.

        ``chat`` and ``person`` name the conversation; None: the message stands alone. ``today`` is what 去年 counts from.
        """
        key = None if chat is None else f"{chat}/{person or ''}"
        return self.answer(text, key, today, explain).json()

    def answer(self, text: str, key: str | None, today: date | None = None, explain: bool = False) -> Answer:
        """As ``reply``, as a value."""
        turn = self._memory.last(key) if key is not None else None
        asked = self._picked(text, turn)
        selector = Selector(self.store)
        day = today or self._today or date.today()
        answer, reading = self._one(asked, day, turn, selector)
        explained = _explained(reading, selector) if explain else None
        after = None
        if asked == text and (several := self._several(asked, day, turn, selector, answer)):
            answer, after = several
        answer.question = text
        answer.explain = explained
        if key is not None:
            self._memory.keep(key, after or next_turn(self.store, reading, answer, turn))
        return answer

    def _one(self, asked: str, day: date, turn: Turn | None, selector: Selector) -> tuple[Answer, Reading]:
        """The answer to a message read as one question."""
        found: dict[Query, Answer] = {}

        def holds(query: Query) -> bool:
            found[query] = Answering(self.store, selector).answer(asked, query)
            return found[query].status in ("answered", "blank")

        reading = self._interpreter_now().read(asked, day, turn.context if turn else None, holds)
        outcome = reading.outcome
        known = found.get(outcome) if isinstance(outcome, Query) else None
        return known or self._respond(asked, reading, selector), reading

    def _several(
        self, asked: str, day: date, turn: Turn | None, selector: Selector, whole: Answer
    ) -> tuple[Answer, Turn] | None:
        """A message that asks twice, answered question by question where that says more; with the turn to keep."""
        said = questions(asked)
        stopped = bool(said)
        if not stopped and whole.status not in ("answered", "blank"):
            said = run_together(asked)
        parts: list[tuple[str, Answer]] = []
        for one in said:
            answer, reading = self._one(one, day, turn, selector)
            when = turn.context.query.years if parts and turn is not None and turn.context else ()
            if _of_any_year(reading) and len(when) == 1:  # …2021年几件？谁最多？ speaks of 2021 still
                answer, reading = self._one(f"{when[0]}年{one}", day, turn, selector)
            parts.append((one, answer))
            turn = next_turn(self.store, reading, answer, turn)
        joined = better_in_turn(whole, parts, stopped) if parts else None
        return (joined, turn) if joined is not None and turn is not None else None

    def _respond(self, text: str, reading: Reading, selector: Selector) -> Answer:
        outcome = reading.outcome
        if isinstance(outcome, Refusal):
            return refuse(self.store, selector, text, outcome)
        return Answering(self.store, selector).answer(text, outcome)

    def _picked(self, text: str, turn: Turn | None) -> str:
        found = _PICK.match(text)
        if turn is None or not turn.choices or found is None:
            return text
        number = _DIGITS.get(found[1]) or int(found[1])
        return turn.choices[number - 1] if number <= len(turn.choices) else text

    def _interpreter_now(self) -> Interpreter:
        """Names are read again only after the store changed."""
        version = self.store.data_version()
        if self._interpreter is None or version != self._version:
            self._interpreter = Interpreter(name_index(self.store))
            self._version = version
        return self._interpreter


def _of_any_year(reading: Reading) -> bool:
    query = reading.outcome
    if not isinstance(query, Query) or query.operation not in ("max", "min", "rank", "which", "count"):
        return False
    return query.every and not query.years and query.latest is None


def _explained(reading: Reading, selector: Selector) -> dict[str, Any]:
    outcome = reading.outcome
    statements = selector.explained()
    return {
        "tokens": [t.text for t in reading.tokens],
        "matched": [{"word": word, "as": senses} for word, senses in reading.matched],
        "left_over": list(reading.left_over),
        "corrections": [{"typed": old, "read": new} for old, new in reading.corrections],
        "query": _plain(outcome),
        "sql": [sql for sql, _ in statements],
        "params": [params for _, params in statements],
    }


def _plain(value: object) -> Any:
    from dataclasses import fields, is_dataclass
    from decimal import Decimal

    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _plain(getattr(value, f.name))
            for f in fields(value)
            if getattr(value, f.name) not in ((), None, "", False)
        }
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Decimal) else value
