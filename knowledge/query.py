"""What a question asks for, as data. Only ``db/select.py`` turns it into SQL.

A question becomes a ``Query`` (understood), or a ``Refusal`` (asks back, declines, or is none of our business).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operation = Literal[
    "times",
    "value",
    "sum",
    "difference",
    "compare",
    "average",
    "rank",
    "max",
    "min",
    "position",
    "count",
    "which",
    "share",
    "growth",
    "trend",
    "passage",
    "published",
    "author",
    "title",
    "edition",
    "findings",
]


@dataclass(frozen=True, slots=True)
class Target:
    """What is measured.

    options    alternatives in order of preference, each a set of catalogue keys that are added up; the first one
               that a report prints is used (新出台 is 制作 in the 2019 edition, 制发 in the 2021 edition)
    applicants keys of the applicant column, added up when several; () outside the applications table
    words      instead of keys: folded words to be matched with a report's own local rows and prose
    name       how the answer names it; ``unit`` 件, 项, 元, … or None
    choose     True: the options are different things; more than one printed in the report means asking back
    """

    options: tuple[tuple[str, ...], ...]
    applicants: tuple[str, ...] = ()
    words: str = ""
    name: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a target as they were said, so that a follow-up can replace one of them."""

    subject: str
    row: str | None = None
    applicant: str | None = None
    block: str | None = None
    outcome: str | None = None
    item: str | None = None
    measure: str | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """超过5件: ``sign`` is one of > < >= <= ==, or "blank" (没填: the cell is empty or not printed); ``value`` in the metric's own unit (money in 元)."""

    sign: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Mention:
    """A body named in the question: its words, the ids of every organisation they can mean, and the years said
    right beside it where the question names several (阳明2019年和大榭2024年)."""

    text: str
    ids: tuple[int, ...]
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Select (organisations × years), measure (targets), compute (operation), filter (condition).

    every       all bodies the store holds; ``group_size`` how many the question says there are, ``group`` the kinds
                of body it speaks of (街道, 镇, …)
    places      where the bodies are looked for (浙江省/宁波市/北仑区, from the outermost in); any of several; () anywhere
    years       the years named; () none. ``latest`` n: 近n年; ``span`` n: n年一共. ``usual_years``: the conversation's, used only where the
                body has several
    verdict     a yes/no question; ``negated``: it asks whether there is *none*
    denominator what a share is a share of; () where the form itself says (自然人 → 总计)
    rate        key of a rate named in the question (公开率); ``formula`` how it is computed, in words; ``rate_word`` what
                it was called
    nth         only the one in place ``limit`` of a ranking (第二多)
    ratio       the operation compares shares (targets over denominator), not the figures themselves
    money_unit  the unit that money is asked for in, 万元 or 亿元, where it was said
    passage     section key for operation "passage"
    plain       several values side by side (各几件), nobody is asked who has more; ``same``: are they equal?
    original    原文: show the passage around the quote
    alternatives different things the words can mean; a report that prints just one of them settles it, else ask back
    otherwise   what to say when ``Target.words`` match nothing in the reports
    parts       the targets as they were said, for follow-ups
    """

    operation: Operation = "value"
    targets: tuple[Target, ...] = ()
    organisations: tuple[Mention, ...] = ()
    every: bool = False
    group_size: int | None = None
    group: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    latest: int | None = None
    span: int | None = None
    condition: Condition | None = None
    verdict: bool = False
    negated: bool = False
    limit: int | None = None
    nth: bool = False
    descending: bool = True
    passage: str | None = None
    formula: str = ""
    denominator: tuple[Target, ...] = ()
    money_unit: str | None = None
    parts: tuple[Parts, ...] = ()
    alternatives: tuple[Target, ...] = ()
    rate: str | None = None
    rate_word: str = ""
    ratio: bool = False
    original: bool = False
    plain: bool = False
    same: bool = False
    usual_years: tuple[int, ...] = ()
    otherwise: Refusal | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not answered, and why. ``status`` is one of CONTRACT's; ``words`` the words it is about."""

    status: Literal["clarify", "no_data", "not_understood", "out_of_scope", "answered"]
    reason: str
    words: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    places: tuple[str, ...] = ()


class Senses(tuple[tuple[str, str], ...]):
    """(type, key) pairs, made once per word of the lexicon; ``types`` answers the commonest question quickly."""

    types: frozenset[str]

    def __new__(cls, pairs: Iterable[tuple[str, str]] = ()) -> Senses:
        made = super().__new__(cls, pairs)
        made.types = frozenset(kind for kind, _ in made)
        return made


NOTHING = Senses()


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the folded question with everything it can mean: (type, key) pairs. ``start``/``end`` count
    characters of the cleaned question."""

    text: str
    start: int
    end: int
    senses: Senses = NOTHING
    number: Decimal | None = None
    years: tuple[int, ...] = ()

    def keys(self, kind: str) -> tuple[str, ...]:
        """The keys of all senses of one type."""
        return tuple(key for type_, key in self.senses if type_ == kind) if kind in self.senses.types else ()

    def has(self, kind: str, key: str | None = None) -> bool:
        """Does it have a sense of this type (and key)?"""
        return kind in self.senses.types if key is None else (kind, key) in self.senses


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was understood: for ``--explain`` and for the conversation."""

    question: str
    tokens: tuple[Token, ...]
    outcome: Query | Refusal
    corrections: tuple[tuple[str, str], ...] = ()

    @property
    def matched(self) -> tuple[tuple[str, str], ...]:
        """The words that were understood, each with all that it can mean."""
        return tuple(
            (t.text, "、".join(f"{kind}:{key}" if key else kind for kind, key in t.senses))
            for t in self.tokens
            if t.senses and not t.has("stop")
        )

    @property
    def left_over(self) -> tuple[str, ...]:
        """The words that were not."""
        if isinstance(self.outcome, Refusal) and self.outcome.words:
            return self.outcome.words
        return tuple(t.text for t in self.tokens if not t.senses)
