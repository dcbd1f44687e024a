"""Question → ``Reading``: which bodies, which years, which figures, what to do with them — or why it was not understood.

No sentence templates: tokens carry typed senses, the operators present choose the operation, the rest must name targets
(knowledge/targets.py). A token that neither does is left over, and then nothing is answered from the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from knowledge.catalogue import catalogue
from knowledge.lexicon import data
from knowledge.located import elsewhere, group_or_body, place_keys, which_place
from knowledge.mentions import NameIndex
from knowledge.query import Condition, Mention, Operation, Parts, Query, Reading, Refusal, Senses, Target, Token
from knowledge.repair import Correction, repairs
from knowledge.scan import cleaned, scan
from knowledge.targets import Found, find_targets, loosely

# a message of more words than this was not mistyped, it is about something else
_LONGEST_REPAIR = 60
# 教 育局: a blank that got inside a word
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation remembers: the last query answered, the bodies spoken of (latest last, each with the year
    it was answered for), and the query before (上一个)."""

    query: Query
    bodies: tuple[Mention, ...] = ()
    back: Query | None = None


# operator roles each operation makes use of; any other role present is left over
_USES: dict[str, frozenset[str]] = {
    "share": frozenset({"share", "ratio_word", "sum", "all_bodies", "group", "average"}),
    "growth": frozenset({"growth", "last_year_base", "ratio_word", "more", "less", "difference", "than"}),
    "average": frozenset({"average", "all_bodies", "group", "per", "both"}),
    "position": frozenset({"position", "rank", "all_bodies", "descending", "ascending"}),
    "max": frozenset({"max", "more", "who", "which", "all_bodies", "group", "top", "compare", "both"}),
    "min": frozenset({"min", "less", "who", "which", "all_bodies", "group", "bottom", "compare", "both"}),
    "rank": frozenset(
        {
            "rank",
            "descending",
            "ascending",
            "top",
            "bottom",
            "max",
            "min",
            "all_bodies",
            "group",
            "who",
            "which",
            "more",
            "less",
            "compare",
        }
    ),
    "count": frozenset(
        {
            "unfilled",
            "count_bodies",
            "all_bodies",
            "group",
            "above",
            "below",
            "at_least",
            "at_most",
            "equal",
            "negation",
        }
    ),
    "which": frozenset(
        {
            "unfilled",
            "which",
            "who",
            "all_bodies",
            "above",
            "below",
            "at_least",
            "at_most",
            "equal",
            "negation",
            "whether",
        }
    ),
    "difference": frozenset({"difference", "than", "more", "less", "both", "group", "compare", "growth"}),
    "compare": frozenset(
        {"same", "compare", "who", "which", "more", "less", "than", "both", "group", "all_bodies", "difference"}
    ),
    "sum": frozenset({"sum", "all_bodies", "group", "both"}),
    "trend": frozenset({"trend", "growth", "compare"}),
    "value": frozenset({"above", "below", "at_least", "at_most", "equal", "negation", "both", "original", "why"}),
}
_SIGNS = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<=", "equal": "=="}
_ALWAYS = frozenset(
    {"total", "among", "follow_up", "question_end", "whether", "list_join", "money", "each", "universal", "kind"}
)
_MANY_BODIES = ("rank", "max", "min", "count", "which", "average")
# operators that speak of more than one body: beside them 镇 or 局 is a kind of body
_OF_MANY = frozenset(
    "all_bodies which who count_bodies group max min rank average sum top bottom descending ascending total".split()
)
# 阳明跟它谁多: the body spoken of last
_PRONOUNS = frozenset({"它", "他", "它家", "他家", "那家", "它们家"})
_KINDS = ("街道", "镇", "乡", "局", "部门", "区", "县")


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
        text = cleaned(question)
        tokens = scan(text, self._names, today)
        outcome = _Attempt(tokens, previous).outcome()
        if _wanting(outcome) and (closed := _BLANK.sub("", text)) != text:
            again = scan(closed, self._names, today)
            retry = _Attempt(again, previous).outcome()
            if not _wanting(retry):
                text, tokens, outcome = closed, again, retry
        corrections: tuple[tuple[str, str], ...] = ()
        if (isinstance(outcome, Refusal) and outcome.status == "not_understood") or _unsure(outcome):
            shorter = _without_preamble(tokens)
            if shorter is not None:
                retry = _Attempt(shorter, previous).outcome()
                if isinstance(retry, Query) and not _unsure(retry):
                    tokens, outcome = shorter, retry
        if _wanting(outcome) and any(t.has("org") and t.has("place") for t in tokens):
            # 松塬区2022年惠及多少家企业: the government itself, not the bodies of the place
            own = [replace(t, senses=Senses(s for s in t.senses if s[0] != "place")) for t in tokens]
            retry = _Attempt(own, previous).outcome()
            if isinstance(retry, Query):
                tokens, outcome = own, retry
        if isinstance(outcome, Query) and _unsure(outcome) and holds is not None and holds(outcome):
            return _reading(question, tokens, outcome, corrections)
        if _wanting(outcome) and len(tokens) <= _LONGEST_REPAIR:
            tokens, outcome, corrections = self._second_look(text, tokens, outcome, today, previous)
        return _reading(question, tokens, outcome, corrections)

    def _second_look(
        self, text: str, tokens: list[Token], outcome: Query | Refusal, today: date, previous: Context | None
    ) -> tuple[list[Token], Query | Refusal, tuple[tuple[str, str], ...]]:
        """What is not explained may be a place or body elsewhere, or typed wrong; a real place is no typo of ours."""
        named = any(t.has("org") for t in tokens)
        moved = elsewhere(text, tokens, self._names, short=not named)
        if moved is not None:
            there = _Attempt(moved, previous).outcome()
            if _settled(there):
                return moved, there, ()
        repaired = self._repair(text, moved or tokens, today, previous)
        if repaired is not None:
            return repaired
        if isinstance(outcome, Query):  # the report's own words come first: 阿拉 stands in “阿拉柴桥”微信公众号
            return tokens, outcome, ()
        moved = elsewhere(text, tokens, self._names, short=True) if named else None
        if moved is not None:
            there = _Attempt(moved, previous).outcome()
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
            outcome = _Attempt(again, previous).outcome()
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
        choices = tuple(dict.fromkeys(changed.strip("，") for changed, _, _, _ in best))[:6]
        words = tuple(dict.fromkeys(c.typed for g in best for c in g[3]))
        return best[0][1], Refusal("clarify", "near", words, choices), pairs


def _meaning(query: Query) -> tuple[object, ...]:
    return (
        query.operation,
        tuple((t.options, t.applicants, t.words) for t in query.targets),
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


def _reading(
    question: str, tokens: Sequence[Token], outcome: Query | Refusal, corrections: tuple[tuple[str, str], ...]
) -> Reading:
    matched = tuple(
        (t.text, "、".join(f"{kind}:{key}" if key else kind for kind, key in t.senses))
        for t in tokens
        if t.senses and not t.has("stop")
    )
    left = tuple(t.text for t in tokens if not t.senses)
    if isinstance(outcome, Refusal) and outcome.words:
        left = outcome.words
    return Reading(question, tuple(tokens), outcome, matched, left, corrections)


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


class _Attempt:
    """One try at a token list."""

    def __init__(self, tokens: Sequence[Token], previous: Context | None) -> None:
        tokens = group_or_body(tokens)
        self.places, self.which_place = place_keys(tokens), which_place(tokens)
        self.all = [t for t in tokens if not t.has("place")]
        self.tokens = [t for t in self.all if not t.has("stop")]
        self.previous = previous
        self.years = tuple(dict.fromkeys(y for t in self.tokens for y in t.years))
        self.bodies = tuple(self._mention(i) for i, t in enumerate(self.tokens) if t.has("org"))
        self.latest = next(
            (int(t.number) for t in self.tokens if t.has("year", "latest") and t.number is not None), None
        )
        if previous is not None and previous.bodies and any(t.text in _PRONOUNS for t in self.tokens):
            self.bodies = (*self.bodies, previous.bodies[-1])
        self.rest = [t for t in self.tokens if not t.has("org") and not t.has("year") and not t.years]
        self.unknown = [t for t in self.rest if not t.senses]
        roles = {role for t in self.rest for role in t.keys("op")}
        few = roles & {"max", "min", "rank", "top", "bottom", "which", "descending", "ascending"}
        if few:
            roles.discard("both")  # 最多的两家
        elif any(t.has("op", "group") and t.number == 2 for t in self.rest):
            roles.add("both")
        for before, token in zip([None, *self.rest], self.rest, strict=False):
            if before is not None and token.has("kind") and before.text in ("几个", "多少个", "几", "多少", "个"):
                roles.add("count_bodies")  # 几个局
        if self.bodies or roles & _OF_MANY or any(t.has("kind") for t in self.rest):
            roles.add("kind")
        self.roles = frozenset(roles)

    def _mention(self, index: int) -> Mention:
        token = self.tokens[index]
        years: tuple[int, ...] = ()
        several = sum(1 for t in self.tokens if t.has("org")) > 1
        if several and len(self.years) > 1 and index + 1 < len(self.tokens):
            years = self.tokens[index + 1].years
        return Mention(token.text, tuple(int(i) for i in token.keys("org")), years)

    # ------------------------------------------------------------ the order of trying

    def outcome(self) -> Query | Refusal:
        if not self.tokens and not self.places:
            return Refusal("out_of_scope", "empty")
        if self.which_place is not None:
            return self.which_place
        for attempt in (self._talk, self._meta, self._passage, self._rate, self._figures, self._fragment):
            result = attempt()
            if result is not None:
                return result
        return self._not_understood()

    def _base(self, operation: Operation, **more: object) -> Query:
        query = Query(
            operation=operation,
            organisations=_merge_mentions(self.bodies),
            places=self.places,
            years=self.years,
            latest=self.latest,
        )
        query = replace(query, **more)  # type: ignore[arg-type]
        return self._from_context(query)

    def _from_context(self, query: Query) -> Query:
        """Body and year of the conversation, where the question names none."""
        if self.previous is None or query.every or (self.places and not self.bodies):
            return query
        if query.operation in _MANY_BODIES:
            going_on = self.roles & {"among", "follow_up"} and not self.bodies
            return replace(query, places=self.previous.query.places) if going_on else query
        if self.roles & {"all_bodies", "group"} and "both" not in self.roles and not self.bodies:
            return query
        before = self.previous.query
        if not query.organisations:
            bodies = before.organisations
            if "both" in self.roles or (query.operation in ("difference", "compare") and len(bodies) < 2):
                bodies = self.previous.bodies[-2:]
            query = replace(query, organisations=bodies, every=before.every and not bodies)
            query = replace(query, places=() if bodies else before.places)
            if not query.years and query.latest is None:
                query = replace(query, years=before.years or before.usual_years)
        elif not query.years:
            query = replace(query, usual_years=before.years or before.usual_years)
        return query

    # ------------------------------------------------------------ no figure asked

    def _talk(self) -> Query | Refusal | None:
        if self.bodies or self.years:
            return None
        talk = [t for t in self.rest if t.has("talk")]
        if talk and all(t.has("talk") or t.has("filler", "polite") or t.has("filler", "particles") for t in self.rest):
            return Refusal("out_of_scope", talk[0].keys("talk")[0])
        return None

    def _meta(self) -> Query | Refusal | None:
        meta = [t for t in self.rest if t.has("meta")]
        if not meta or not all(t.has("meta") or self._report_word(t) for t in self.rest):
            return None
        if any(t.has("meta", "findings") for t in meta) and any(t.text in ("几", "多少") for t in self.rest):
            return None
        key = meta[0].keys("meta")[0]
        if len({k for t in meta for k in t.keys("meta")}) > 1:
            key = next(
                (
                    k
                    for k in ("count", "years", "author", "published", "findings")
                    if any(t.has("meta", k) for t in meta)
                ),
                key,
            )
        if key in ("reports", "years", "count"):
            if self.bodies:
                return self._base("edition", passage="store_years")
            return Refusal("answered", f"store_{key}", years=self.years, places=self.places)
        return self._base(key)  # type: ignore[arg-type]

    def _report_word(self, token: Token) -> bool:
        return (
            token.has("filler")
            or any(role in _ALWAYS or role in ("all_bodies", "which", "who", "negation") for role in token.keys("op"))
            or (token.has("context", "review") and not token.has("topic"))
        )

    def _passage(self) -> Query | Refusal | None:
        sections = [t for t in self.rest if t.has("section")]
        if not sections:
            return None
        if not all(
            t.has("section")
            or t.has("filler")
            or (t.has("context") and not t.has("row"))
            or any(r in _ALWAYS or r in ("which", "negation", "original") for r in t.keys("op"))
            for t in self.rest
        ):
            return None
        if any(t.has("filler", "counts") and t.text in ("几", "多少") for t in self.rest) and any(
            t.has("filler", "units") for t in self.rest
        ):
            return None
        keys = list(dict.fromkeys(t.keys("section")[0] for t in sections))
        if keys[0] in ("active", "applications", "review"):
            return None
        return self._base("passage", passage="+".join(keys))

    # ------------------------------------------------------------ figures

    def _rate(self) -> Query | Refusal | None:
        named = [t for t in self.rest if t.has("rate")]
        if (
            not named
            and self.roles >= {"average", "money"}
            and self.bodies
            and any(t.has("item", "procurement") for t in self.rest)
        ):
            return self._base("share", rate="procurement_average", formula="采购总金额 ÷ 采购项目数量")
        if not named:
            return None
        rate = next(r for r in data("rates")["rate"] if r["key"] == named[0].keys("rate")[0])
        others = [t for t in self.rest if t not in named]
        parts = set(rate["numerator"]) | {k.lstrip("-") for k in rate["denominator"]}
        for token in others:
            rows = set(token.keys("row") + token.keys("row~"))
            if not (
                rows & parts or token.has("filler") or token.has("op") or token.has("context") or token.has("topic")
            ):
                return None
        operation = (
            self._operation(1)
            if self.roles & {"max", "min", "rank", "descending", "ascending", "top", "who", "compare", "average"}
            else "share"
        )
        query = self._base("share", rate=rate["key"], formula=rate["formula"])
        return replace(
            query,
            operation=operation,
            every=query.every or (operation in _MANY_BODIES and not query.organisations),
            limit=self._limit(),
        )

    def _figures(self) -> Query | Refusal | None:
        content = [t for t in self.rest if not t.has("number") and not (t.number is not None and t.has("op"))]
        carry = self._carry()
        if self.unknown:
            return self._by_words(None)
        found = find_targets(content, self.roles, carry)
        segments: list[list[Found]] = [found] if found else []
        if not found or self.roles & {"share", "ratio_word", "list_join"} or self._asks_twice():
            split = self._segments(content, carry)
            agreed = len(found) == 1 and all(found[0].target in [f.target for f in part] for part in split)
            if split and not agreed:
                segments = split
        if not segments and (offered := self._offered(content)):
            return offered
        if not segments:
            return (
                self._by_words(None)
                if content
                and any(_names(t) or t.has("context") or t.has("topic") for t in content)
                and not self._only_fragment(content)
                else None
            )
        return self._query(segments)

    def _offered(self, content: list[Token]) -> Refusal | None:
        """「教育局2020年收到几件」: loose words alone are not answered, but what they may mean is offered."""
        found = loosely(content, self.roles) if self.bodies or self.years else []
        loose = [t for t in content if t.has("row~")]
        choices = tuple(
            "".join(f.target.name if t is loose[0] else t.text for t in self.tokens if t not in loose[1:])
            for f in found
        )
        return Refusal("clarify", "near", tuple(t.text for t in loose), choices) if choices else None

    def _only_fragment(self, content: list[Token]) -> bool:
        return self.previous is not None and not any(_names(t) or t.has("topic") for t in content)

    def _carry(self) -> Parts | None:
        if self.previous is None or not self.previous.query.parts:
            return None
        # a whole question of its own borrows nothing; a fragment, or one that says 其中, does
        if self.bodies and not (self.roles & {"among", "follow_up"}):
            return None
        return self.previous.query.parts[0]

    def _segments(self, plain: list[Token], carry: Parts | None) -> list[list[Found]]:
        """「微博和微信」「予以公开占新收申请」: each part is read by itself; what one lacks it takes from its neighbour."""
        parts: list[list[Token]] = [[]]
        keep = set(plain)
        for token in (t for t in self.all if t in keep or t.has("stop")):
            if token.has("stop") or any(
                role in ("list_join", "share", "than") or token.text == "除以" for role in token.keys("op")
            ):
                parts.append([])
            else:
                parts[-1].append(token)
        parts = [p for p in parts if any(not (t.has("filler") or (t.keys("op") and not _names(t))) for t in p)]
        if len(parts) < 2:
            return []
        out: list[list[Found]] = []
        for part in parts:
            found = find_targets(part, self.roles, carry)
            if len(found) != 1:
                found = self._borrow(part, [p for p in parts if p is not part]) or found
            if not found:
                return []
            out.append(found)
        return out

    def _asks_twice(self) -> bool:
        """「被复议几次，维持了几次」: two clauses, each with its own 几."""
        clauses, asked = 1, set()
        for token in self.all:
            clauses += token.has("stop")
            if token.has("filler", "counts") and token.text[-1] in "几少":
                asked.add(clauses)
        return len(asked) > 1

    def _borrow(self, part: list[Token], others: list[list[Token]]) -> list[Found]:
        for other in others:
            for kinds in (
                ("row", "row~", "topic"),
                ("block",),
                ("item",),
                ("measure",),
                ("topic", "row", "row~", "context"),
            ):
                shared = [
                    t
                    for t in other
                    if any(t.has(k) for k in kinds)
                    and not any(
                        t.has(k) and u.has(k)
                        for u in part
                        for k in ("row", "applicant", "block", "outcome", "item", "measure")
                    )
                ]
                if shared:
                    found = find_targets([*part, *shared], self.roles)
                    if found:
                        return found
        return []

    def _query(self, segments: list[list[Found]]) -> Query | Refusal | None:
        operation = self._operation(len(segments))
        if operation == "growth" and segments[0][0].parts.measure == "change":
            operation = "value"
        left = self._left_over(operation, segments)
        if left:
            return self._by_words(Refusal("not_understood", "left_over", tuple(left)))
        if operation in ("which", "count") and len(self.bodies) == 1 and not any(t.has("number") for t in self.rest):
            return Refusal(
                "not_understood",
                "left_over",
                tuple(t.text for t in self.rest if set(t.keys("op")) & {"who", "which", "count_bodies"}),
            )
        if "universal" in self.roles and self.roles & {"whether", "question_end"}:
            return Refusal("not_understood", "left_over", tuple(t.text for t in self.rest if t.has("op", "universal")))
        ambiguous = next((s for s in segments if len(s) > 1), None)
        condition = self._condition(operation, segments[0][0])
        if isinstance(condition, Refusal):
            return condition
        numbers = [t for t in self.rest if t.has("number")]
        if numbers and condition is None:
            return Refusal("not_understood", "left_over", tuple(t.text for t in numbers))
        targets = tuple(self._with_words(s[0].target) for s in segments)
        query = self._base(operation, targets=targets, parts=tuple(s[0].parts for s in segments))
        grouped = self.roles & {"all_bodies", "group"} or (self._kinds() and operation != "value")
        every = (bool(grouped) and not self.bodies) or (
            (operation in _MANY_BODIES or (bool(self.places) and operation == "sum"))
            and not (query.organisations and self.bodies)
        )
        if operation in ("max", "min", "compare", "rank") and len(self.bodies) > 1:
            every = False
        if "both" in self.roles or ("group" in self.roles and len(query.organisations) == self._group_size()):
            every = False
        if operation == "share" and len(targets) == 1 and self.previous is not None and self._starts_with_share():
            before = self.previous.query.targets[:1]
            query = replace(query, targets=before, denominator=targets) if before else query
        if operation == "share" and len(targets) > 1:
            query = replace(query, targets=targets[:1], denominator=targets[1:2])
        verdict = operation in ("value", "compare") and self._asks_whether(condition)
        query = replace(
            query,
            every=every,
            organisations=() if every and not self.bodies else query.organisations,
            group_size=self._group_size()
            if "group" in self.roles and not self.roles & {"max", "min", "top", "bottom"}
            else None,
            group=self._kinds(),
            condition=condition,
            verdict=verdict,
            negated="negation" in self.roles,
            limit=self._limit(),
            descending=not (
                self.roles & {"ascending", "bottom", "min"} or ("less" in self.roles and "more" not in self.roles)
            ),
            original=bool(self.roles & {"original", "why"}),
            plain=not (self.roles & {"compare", "who", "which", "more", "less", "than", "same"}),
            same="same" in self.roles,
        )
        if ambiguous:
            query = replace(query, alternatives=tuple(self._with_words(f.target) for f in ambiguous))
        return query

    def _starts_with_share(self) -> bool:
        """「占主动公开的多少」: the part is the figure just given."""
        first = next((t for t in self.rest if not t.has("filler") or t.has("op", "share")), None)
        return first is not None and first.has("op", "share")

    def _with_words(self, target: Target) -> Target:
        return replace(target, words=self._content_words())

    def _content_words(self) -> str:
        """What the question says beside the year, as it was said: for matching local rows and prose by their words."""
        out: list[str] = []
        for before, token in zip([None, *self.tokens], self.tokens, strict=False):
            if token.has("year") or token.years:
                out.append(" ")
            elif before is not None and before.end == token.start:
                out.append(token.text)
            else:
                out.append(" " + token.text)
        return "".join(out).strip()

    def _operation(self, targets: int) -> Operation:
        roles, bodies = self.roles, len(_merge_mentions(self.bodies))
        many = bodies > 1 or "both" in roles or len(self.years) > 1
        if not bodies and self.previous is not None and len(self.previous.query.organisations) > 1:
            many = many or bool(roles & {"difference", "more", "less", "compare"})  # 差多少 after 谁多
        if "share" in roles or ("ratio_word" in roles and "growth" not in roles):
            return "share"
        if "position" in roles:
            return "position"
        if roles & {"rank", "descending", "ascending", "top", "bottom"}:
            return "rank"
        if "average" in roles:
            return "average"
        if "trend" in roles or self.latest is not None:
            return "trend"
        if "max" in roles:
            return "max"
        if "min" in roles:
            return "min"
        if "count_bodies" in roles:
            return "count"
        if many and (
            roles & {"difference"} or ("than" in roles and roles & {"more", "less"} and not self._asks_whether(None))
        ):
            return "difference"
        if "growth" in roles and ("last_year_base" in roles or not many):
            return "growth"
        if roles & {"growth", "last_year_base"} and not many:
            return "growth"
        if targets > 1 and roles & {"compare", "more", "less"} and not many and "difference" not in roles:
            return "compare"
        if many and (roles & {"compare", "than", "same"} or ("who" in roles and roles & {"more", "less"})):
            return "compare"
        if "who" in roles and roles & {"more"} and not many:
            return "max"
        if "who" in roles and roles & {"less"} and not many:
            return "min"
        if roles & {"which", "who"}:
            return "which"
        if "difference" in roles and targets > 1:
            return "difference"
        summed = targets > 1 or many or roles & {"all_bodies", "group"} or (self.places and not self.bodies)
        if "sum" in roles or ("total" in roles and summed):
            return "sum"
        if roles & {"all_bodies"}:
            return "rank"
        if len(self.years) > 1 and bodies <= 1:
            return "trend"
        if bodies > 1 or targets > 1:
            return "compare"
        if not bodies and roles & set(_SIGNS) and not roles & {"whether", "question_end"} and self.previous is None:
            return "which"
        return "value"

    def _left_over(self, operation: str, segments: list[list[Found]]) -> list[str]:
        allowed = _USES.get(operation, frozenset()) | _ALWAYS
        if segments[0][0].parts.measure == "change":
            allowed |= {"growth", "last_year_base", "difference"}
        if operation not in ("value", "which", "count") and self.roles & {"above", "below", "at_least", "at_most"}:
            return [t.text for t in self.rest if set(t.keys("op")) & {"above", "below", "at_least", "at_most"}]
        out = []
        for token in self.rest:
            roles = token.keys("op")
            if (
                roles
                and not _names(token)
                and not token.has("filler")
                and not token.has("context")
                and not set(roles) & allowed
            ):
                out.append(token.text)
        if operation == "value" and "money" in self.roles and segments[0][0].target.unit != "元":
            out.extend(t.text for t in self.rest if t.has("op", "money"))
        if "negation" in self.roles and operation == "value" and not self._asks_whether(None):
            out.extend(t.text for t in self.rest if t.has("op", "negation") and not t.has("filler"))
        return out

    def _asks_whether(self, condition: Condition | None) -> bool:
        asks_number = any(t.has("filler", "counts") and t.text[-1] in "几少" for t in self.rest)
        return (bool(condition) and not (self.roles & {"which", "who", "count_bodies"})) or (
            not asks_number and bool(self.roles & {"whether", "question_end"})
        )

    def _condition(self, operation: str, found: Found) -> Condition | Refusal | None:
        numbers = [t for t in self.rest if t.has("number") and t.number is not None]
        signs = [s for role, s in _SIGNS.items() if role in self.roles]
        if operation not in ("value", "which", "count"):
            return None
        if not numbers:
            if operation in ("which", "count") and "unfilled" in self.roles:
                return Condition("blank", Decimal(0))
            if operation in ("which", "count"):
                return Condition("==" if "negation" in self.roles else ">", Decimal(0))
            return (
                Refusal(
                    "not_understood", "left_over", tuple(t.text for t in self.rest if set(t.keys("op")) & set(_SIGNS))
                )
                if signs
                else None
            )
        if len(numbers) > 1 or len(signs) > 1:
            return Refusal("not_understood", "left_over", tuple(t.text for t in numbers))
        if not signs and not (self.roles & {"whether", "question_end"}):
            return Refusal("not_understood", "left_over", (numbers[0].text,))
        value = numbers[0].number or Decimal(0)
        return Condition(signs[0] if signs else "==", value)

    def _limit(self) -> int | None:
        if self.roles & {"max", "min"} and not self.bodies and self._group_size():
            return self._group_size()  # 最多的三家
        return next(
            (
                int(t.number)
                for t in self.rest
                if t.number is not None and (t.has("op", "top") or t.has("op", "bottom"))
            ),
            None,
        )

    def _group_size(self) -> int | None:
        return next((int(t.number) for t in self.rest if t.number is not None and t.has("op", "group")), None)

    def _kinds(self) -> tuple[str, ...]:
        text = "".join(
            t.text for t in self.rest if set(t.keys("op")) & {"all_bodies", "which", "who", "count_bodies", "group"}
        )
        named = dict.fromkeys(k for t in self.rest for k in t.keys("kind")) if not self.bodies else {}
        return tuple(dict.fromkeys((*named, *(k for k in _KINDS if k in text))))

    def _by_words(self, otherwise: Refusal | None) -> Query | Refusal | None:
        """Not explained by the catalogue: the report's own local rows and prose may hold these very words."""
        bodies = self.bodies or (self.previous and self.previous.query.organisations)
        refusal = otherwise or self._not_understood()
        if not bodies and not self.years:
            return refusal
        if self._unknown_body():
            return self._unknown_body()
        words = self._content_words()
        operation = self._operation(1)
        if operation == "count" and self.bodies:  # 惠及多少家企业: 家 is the unit
            operation = "value"
        if operation == "share" and "share" in self.roles:
            return self._share_of_words(refusal)
        if operation not in ("value", "growth", "share"):
            return refusal
        condition = None
        verdict = False
        if operation == "value":
            numbers = [t for t in self.rest if t.has("number")]
            if numbers:
                return refusal
            verdict = self._asks_whether(None)
        return self._base(
            "value", targets=(Target((), (), words, ""),), otherwise=refusal, verdict=verdict, condition=condition
        )

    def _share_of_words(self, refusal: Refusal) -> Query | Refusal:
        at = next(i for i, t in enumerate(self.tokens) if t.has("op", "share"))
        sides = []
        for side in (self.tokens[:at], self.tokens[at + 1 :]):
            attempt = _Attempt(side, None)
            content = [t for t in attempt.rest if not t.has("op", "ratio_word")]
            found = find_targets(content, self.roles) if not attempt.unknown else []
            words = _Attempt([t for t in side if not t.has("op", "ratio_word")], None)._content_words()
            if (
                all(t.has("filler") for t in attempt.rest) and not attempt.bodies
            ):  # 重点领域信息占比多少: the report prints the share itself
                return self._base("value", targets=(Target((), (), self._content_words(), ""),), otherwise=refusal)
            sides.append(replace(found[0].target, words=words) if len(found) == 1 else Target((), (), words, ""))
        return self._base("share", targets=(sides[0],), denominator=(sides[1],), otherwise=refusal)

    # ------------------------------------------------------------ follow-ups and refusals

    def _fragment(self) -> Query | Refusal | None:
        """「那小河呢」「2019年呢」「占比多少」「原文呢」: nothing named but a part of the last question."""
        if self.previous is None:
            return self._bare()
        before = self.previous.query
        if self.unknown or any(_names(t) for t in self.rest):
            return None
        if any(t.has("number") for t in self.rest):
            return self._carried_condition()
        if "back" in self.roles:
            return self.previous.back or Refusal("clarify", "no_back")
        if self.roles & {"original", "why"} and not before.every:
            return replace(before, original=True, organisations=_merge_mentions(self.bodies) or before.organisations)
        if "money" in self.roles:
            found = self._carried_money()
            if found is not None:
                return found
        named = self.bodies or self.places or self.years
        if not named and self.latest is None and not (self.roles - _ALWAYS):
            return None
        operation = self._operation(len(before.targets))
        if operation == "value" and before.operation not in (
            "value",
            "passage",
            "published",
            "author",
            "share",
            "growth",
            "trend",
        ):
            operation = "value" if self.bodies else before.operation
        elif operation == "value":
            operation = before.operation
        if self.roles - _USES.get(operation, frozenset()) - _ALWAYS:
            return Refusal("not_understood", "left_over", tuple(t.text for t in self.rest if not t.has("filler")))
        if operation == "sum" and not self.roles & {"group", "all_bodies", "both"} and len(before.targets) < 2:
            return Refusal("clarify", "sum_of_what")
        query = self._base(
            operation,
            targets=before.targets,
            parts=before.parts,
            denominator=before.denominator,
            passage=before.passage,
            rate=before.rate,
            formula=before.formula,
            limit=self._limit() or before.limit,
        )
        if operation == "trend" and not self.years:
            query = replace(query, years=(), usual_years=())
        group = self._group_size() if "group" in self.roles and "both" not in self.roles else None
        if group is not None and not self.bodies:
            return self._last_bodies(query, group)
        if operation in _MANY_BODIES and not self.years and not self.bodies:
            query = replace(query, every=True, organisations=(), years=before.years or before.usual_years)
        elif self.places and not self.bodies:
            every = before.every or bool(before.places)
            query = replace(query, every=every, years=self.years or before.years or before.usual_years)
        elif self.years and not self.bodies:
            query = replace(query, organisations=before.organisations, every=before.every, places=before.places)
        elif self.bodies and not self.years:
            query = replace(query, years=before.years or before.usual_years)
        return query

    def _last_bodies(self, query: Query, group: int) -> Query:
        """「三家加起来」 after three were asked one by one; else all there are, if they are that many."""
        known = self.previous.bodies if self.previous is not None else ()
        distinct = {m.ids for m in known}
        if len(distinct) == group:
            latest = {m.ids: m if not self.years else replace(m, years=()) for m in known}
            return replace(query, organisations=tuple(latest.values()), years=self.years, every=False)
        return replace(query, organisations=(), every=True, group_size=group, years=self.years)

    def _carried_condition(self) -> Query | None:
        """「超过100件了吗」 about the figure just given."""
        before = self.previous.query if self.previous is not None else None
        if before is None or before.operation != "value" or len(before.targets) != 1 or self.bodies:
            return None
        numbers = [t for t in self.rest if t.has("number") and t.number is not None]
        signs = [sign for role, sign in _SIGNS.items() if role in self.roles]
        if len(numbers) != 1 or len(signs) > 1 or self.roles - set(_SIGNS) - _ALWAYS:
            return None
        condition = Condition(signs[0] if signs else "==", numbers[0].number or Decimal(0))
        return self._base("value", targets=before.targets, parts=before.parts, condition=condition, verdict=True)

    def _carried_money(self) -> Query | None:
        parts = self.previous.query.parts[0] if self.previous and self.previous.query.parts else None
        if parts is None or parts.item is None:
            return None
        known = catalogue()
        if self.roles & {"per", "average"}:
            rate = next((r for r in data("rates")["rate"] if r["numerator"] == [f"{parts.item}.amount"]), None)
            return self._base("share", rate=rate["key"], formula=rate["formula"]) if rate else None
        if self.roles - {"money"} - _ALWAYS:
            return None
        options = tuple(
            (f"{parts.item}.{m}",) for m in known.items[parts.item].measures if known.measures[m].unit == "元"
        )
        if not options:
            return None
        metric = known.metrics[options[0][0]]
        return self._base(
            "value",
            targets=(Target(options, (), "", metric.name, "元"),),
            parts=(replace(parts, measure=options[0][0].split(".")[1]),),
        )

    def _bare(self) -> Query | Refusal | None:
        """A body or a year alone says nothing yet."""
        said = [t for t in self.rest if t.has("filler", "report") and t.text not in ("年", "年度")]
        if (
            self.bodies
            and said
            and all(
                t.has("filler") or t.has("op", "whether") or t.has("op", "question_end") or t.has("meta")
                for t in self.rest
            )
        ):
            return self._base("edition", passage="store_years", verdict=True)
        unknown = [m.text for m in self.bodies if not any(i > 0 for i in m.ids)]
        if unknown:
            return Refusal("no_data", "unknown_body", tuple(unknown))
        if (self.bodies or self.places or self.years or self.roles - _ALWAYS) and all(
            t.has("filler") or (t.has("op") and not _names(t)) for t in self.rest
        ):
            return Refusal("clarify", "no_metric", tuple(m.text for m in self.bodies) or self._place_names())
        return None

    def _place_names(self) -> tuple[str, ...]:
        return tuple(place.rpartition("/")[2] for place in self.places)

    def _unknown_body(self) -> Refusal | None:
        """「新碶街道」: unexplained characters in front of a kind of body."""
        for index, first in enumerate(self.tokens):
            second = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
            if first.senses:
                continue
            first = self._with_head(index)
            if (
                second is not None
                and second.start == first.end
                and (
                    second.has("kind")
                    or second.text in _BODY_WORDS
                    or (second.text.startswith(_BODY_WORDS) and not _names(second))
                )
            ):
                return Refusal("no_data", "unknown_body", (first.text + second.text,))
            if first.text.endswith(_BODY_ENDINGS) and len(first.text) >= 2:
                return Refusal("no_data", "unknown_body", (first.text,))
        return None

    def _with_head(self, index: int) -> Token:
        """「新碶街道」: a single character in front that happens to be a word of ours belongs to the name."""
        token = self.tokens[index]
        before = self.tokens[index - 1] if index else None
        if (
            before is not None
            and before.end == token.start
            and len(before.text) == 1
            and before.text not in "的在是查看问下请了"
        ) and not any(before.has(kind) for kind in ("org", "year", "number", "item", "row")):
            return Token(before.text + token.text, before.start, token.end)
        return token

    def _not_understood(self) -> Refusal:
        if not self.bodies and (unknown := self._unknown_body()) and (self._about_reports() or self.years):
            return unknown
        conflict = self._conflict()
        if conflict is not None:
            return conflict
        words = tuple(t.text for t in self.unknown)
        if not self._about_reports() and not self.bodies:
            return Refusal("out_of_scope", "foreign", words)
        return Refusal("not_understood", "left_over", words or tuple(t.text for t in self.rest if not t.has("filler")))

    def _about_reports(self) -> bool:
        kinds = ("row", "block", "item", "local", "topic", "rate", "outcome")
        return any(len(t.text) > 1 and any(t.has(k) for k in kinds) for t in self.rest)

    def _conflict(self) -> Refusal | None:
        """Every word is known but no figure has them all: 行政许可申请, 处罚多少钱."""
        if self.unknown:
            return None
        named = [t for t in self.rest if _names(t) or t.has("topic")]
        if len(named) < 2 and not ("money" in self.roles and named):
            return None
        return Refusal("no_data", "no_such_figure", tuple(dict.fromkeys(t.text for t in named)))


_BODY_WORDS = ("街道办事处", "街道办", "街道", "办事处", "人民政府", "政府", "管委会")
_BODY_ENDINGS = ("街道", "镇", "乡", "区", "县", "市", "省", "局", "厅", "委", "管委会", "开发区", "办", "院", "所")
_NAMING = ("row", "row~", "applicant", "block", "outcome", "item", "measure", "local")


def _names(token: Token) -> bool:
    return any(token.has(kind) for kind in _NAMING)


def _merge_mentions(bodies: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """「北仑区 政务办」 said twice over is one body: mentions that share ids are narrowed to what they share."""
    out: list[Mention] = []
    for body in bodies:
        for index, known in enumerate(out):
            shared = tuple(i for i in known.ids if i in body.ids)
            if shared and not (known.years and body.years and known.years != body.years):
                text = known.text if len(known.text) >= len(body.text) else body.text
                out[index] = Mention(text, shared, known.years or body.years)
                break
        else:
            out.append(body)
    return tuple(out)
