"""Question → ``Reading``: which bodies, which years, which figures, what to do with them — or why it was not understood.

No sentence templates: tokens carry typed senses, the operators present choose the operation, the rest must name targets
(knowledge/targets.py). A token that neither does is left over, and then nothing is answered from the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from knowledge.asked import Asked
from knowledge.following import Following
from knowledge.going_on import corrected, leaning
from knowledge.grammar import (
    OF_MANY,
    Context,
)
from knowledge.lexicon import data
from knowledge.located import elsewhere
from knowledge.mentions import NameIndex
from knowledge.particular import Particular
from knowledge.query import Query, Reading, Refusal, Senses, Token
from knowledge.repair import Correction, repairs
from knowledge.scan import cleaned, scan

# a message of more words than this was not mistyped, it is about something else
_LONGEST_REPAIR = 60


# 教 育局: a blank that got inside a word
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


class Attempt(Particular, Asked, Following):
    """One try at a token list, in the order in which readings are looked for."""

    def outcome(self) -> Query | Refusal:
        if not self.tokens and not self.places:
            return Refusal("out_of_scope", "empty")
        if self.which_place is not None:
            return self.which_place
        alone = self.previous is None or not self.previous.query.organisations
        if self.latest is not None and not self.bodies and alone and self.roles & (OF_MANY - {"total"}):
            # 近三年各单位排名: each body has years of its own, and over all years is not what was asked
            return Refusal("clarify", "latest_of_many", tuple(t.text for t in self.tokens if t.has("year", "latest")))
        for attempt in (self.talk, self.meta, self.passage, self.rate, self.figures, self.fragment):
            result = attempt()
            if result is not None:
                return result
        return self.not_understood()


class Interpreter:
    """Reads questions against the names the store knows. Holds no conversation: ``previous`` is handed in."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names

    def read(
        self,
        question: str,
        today: date,
        previous: Context | None = None,
        holds: Callable[[Query], bool] | None = None,
    ) -> Reading:
        """The reading of one message.

        ``holds`` tells whether the reports hold a figure by a query's free words: then nothing was mistyped, and no
        other reading is looked for.
        """
        spaced = cleaned(question)
        text = corrected(_BLANK.sub("", spaced), previous)
        tokens = leaning(scan(text, self._names, today), self._names, previous)
        outcome = Attempt(tokens, previous).outcome()
        if _wanting(outcome) and spaced != text:
            again = scan(spaced, self._names, today)
            retry = Attempt(again, previous).outcome()
            if not _wanting(retry):
                text, tokens, outcome = spaced, again, retry
        corrections: tuple[tuple[str, str], ...] = ()
        if (isinstance(outcome, Refusal) and outcome.status == "not_understood") or _unsure(outcome):
            shorter = _without_preamble(tokens)
            if shorter is not None:
                retry = Attempt(shorter, previous).outcome()
                if isinstance(retry, Query) and not _unsure(retry):
                    tokens, outcome = shorter, retry
        if _wanting(outcome) and any(t.has("org") and t.has("place") for t in tokens):
            # 松塬区2022年惠及多少家企业: the government itself, not the bodies of the place
            own = [replace(t, senses=Senses(s for s in t.senses if s[0] != "place")) for t in tokens]
            retry = Attempt(own, previous).outcome()
            if isinstance(retry, Query):
                tokens, outcome = own, retry
        if isinstance(outcome, Query) and _unsure(outcome) and holds is not None and holds(outcome):
            return Reading(question, tuple(tokens), outcome, corrections)
        if _wanting(outcome) and len(tokens) <= _LONGEST_REPAIR:
            tokens, outcome, corrections = self._second_look(text, tokens, outcome, today, previous)
        return Reading(question, tuple(tokens), outcome, corrections)

    def _second_look(
        self, text: str, tokens: list[Token], outcome: Query | Refusal, today: date, previous: Context | None
    ) -> tuple[list[Token], Query | Refusal, tuple[tuple[str, str], ...]]:
        """What is not explained may be a place or body elsewhere, or typed wrong; a real place is no typo of ours."""
        named = any(t.has("org") for t in tokens)
        moved = elsewhere(text, tokens, self._names, short=not named)
        if moved is not None:
            there = Attempt(moved, previous).outcome()
            if _settled(there):
                return moved, there, ()
        repaired = self._repair(text, moved or tokens, today, previous)
        if repaired is not None:
            return repaired
        if isinstance(outcome, Query):  # the report's own words come first: 阿拉 stands in “阿拉柴桥”微信公众号
            return tokens, outcome, ()
        moved = elsewhere(text, tokens, self._names, short=True) if named else None
        if moved is not None:
            there = Attempt(moved, previous).outcome()
            if _settled(there):
                return moved, there, ()
        return tokens, outcome, ()

    def _repair(
        self, text: str, tokens: list[Token], today: date, previous: Context | None
    ) -> tuple[list[Token], Query | Refusal, tuple[tuple[str, str], ...]] | None:
        """Typos, homophones, pinyin: the repairs under which everything is explained; several readings → clarify."""
        good: list[tuple[str, list[Token], Query, tuple[Correction, ...]]] = []
        for changed, corrections in repairs(text, tokens, self._names):
            again = scan(changed, self._names, today)
            again = elsewhere(changed, again, self._names, short=False) or again
            if _adds_a_body(tokens, again):
                continue
            outcome = Attempt(again, previous).outcome()
            if isinstance(outcome, Query) and not _unsure(outcome):
                good.append((changed, again, outcome, corrections))
        if not good:
            return None
        certain = [g for g in good if all(c.certain for c in g[3])]
        best = certain or good
        pairs = tuple((c.typed, c.read) for c in best[0][3])
        if certain and len({_meaning(g[2]) for g in certain}) == 1:
            notes = tuple(f"“{old}”按“{new}”理解" for old, new in pairs)
            return best[0][1], replace(best[0][2], notes=notes), pairs
        meant: dict[object, str] = {}  # 柴桥街道 and 柴桥街道办 ask the same: one choice
        for changed, _, query, _ in best:
            meant.setdefault(_meaning(query), changed.strip("，"))
        choices = tuple(dict.fromkeys(meant.values()))[:6]
        typed = dict.fromkeys(c.typed for g in best for c in g[3])
        words = tuple(w for w in typed if not any(w != longer and w in longer for longer in typed))
        return best[0][1], Refusal("clarify", "near", words, choices), pairs


def _adds_a_body(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """城管 beside 桃溪镇 is no misspelt 晨光街道: a second body comes with 和 or 比."""
    bodies = sum(t.has("org") for t in before)
    joined = any(t.has("op", role) for t in after for role in ("list_join", "than", "compare", "both"))
    return bodies > 0 and sum(t.has("org") for t in after) > bodies and not joined


def _meaning(query: Query) -> tuple[object, ...]:
    return (
        query.operation,
        tuple((t.options, t.applicants, "" if t.options else t.words) for t in query.targets),
        tuple(sorted(i for m in query.organisations for i in m.ids)),
        query.years,
        query.passage,
    )


def _wanting(outcome: Query | Refusal) -> bool:
    """Is there a word that nothing explains?"""
    refused = isinstance(outcome, Refusal) and outcome.status in ("not_understood", "no_data", "out_of_scope")
    return refused or _unsure(outcome)


def _settled(outcome: Query | Refusal) -> bool:
    return not _wanting(outcome) or (isinstance(outcome, Refusal) and outcome.reason == "unknown_body")


def _unsure(outcome: Query | Refusal) -> bool:
    """A query that rests on free words only, for want of explained ones."""
    return isinstance(outcome, Query) and any(t.words and not t.options for t in outcome.targets)


_ASKING = ("所以", "想问", "请问", "问一下", "麻烦", "想知道", "求问", "想查", "帮", "我想", "问下", "问问", "那")


def _without_preamble(tokens: list[Token]) -> list[Token] | None:
    """The clauses that ask, when those before them only introduce the speaker: one of them says 我 or 领导, and none
    names a figure, body or year. None where nothing can be dropped that way."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.has("stop"):
            clauses.append([])
        else:
            clauses[-1].append(token)
    clauses = [c for c in clauses if c]
    first = next((i for i, c in enumerate(clauses) if not _says_nothing(c)), 0)
    before, kept = clauses[:first], clauses[first:]
    persona = data("filler")["persona"]
    spoken = ["".join(t.text for t in clause) for clause in before]
    if not before or not any(p in text for text in spoken for p in persona):
        return None
    if not all(any(p in text for p in persona) for text in spoken) and not any(
        t.startswith(_ASKING) for t in (spoken[-1], "".join(t.text for t in kept[0]) if kept else "")
    ):
        return None
    return [t for c in kept for t in c]


def _says_nothing(clause: list[Token]) -> bool:
    kinds = (
        "org",
        "row",
        "block",
        "outcome",
        "item",
        "local",
        "year",
        "number",
        "applicant",
        "rate",
        "topic",
        "section",
    )
    return not any(t.has(kind) for t in clause for kind in kinds)


__all__ = ["Context", "Interpreter"]
