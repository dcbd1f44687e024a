"""What is said when a question was not understood, or speaks of what the reports do not have."""

from __future__ import annotations

from knowledge.grammar import (
    ALWAYS,
    BODY_ENDINGS,
    BODY_WORDS,
    names_figure,
)
from knowledge.query import Query, Refusal, Token
from knowledge.spoken import Spoken


class Declined(Spoken):
    """Refusals that name the words they are about."""

    def not_understood(self) -> Refusal:
        if not self.bodies and (unknown := self.unknown_body()) and (self._about_reports() or self.years):
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
        named = [t for t in self.rest if names_figure(t) or t.has("topic")]
        if len(named) < 2 and not ("money" in self.roles and named):
            return None
        return Refusal("no_data", "no_such_figure", tuple(dict.fromkeys(t.text for t in named)))

    def unknown_body(self) -> Refusal | None:
        """「新碶街道」: unexplained characters in front of a kind of body."""
        for index, first in enumerate(self.tokens):
            second = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
            if first.has("foreign", "bodies") and first.text.endswith(("局", "委", "厅")) and not self.bodies:
                return Refusal("no_data", "unknown_body", (first.text,))  # 财政局2022年…
            if first.senses:
                continue
            first = self._with_head(index)
            if (
                second is not None
                and second.start == first.end
                and (
                    second.has("kind")
                    or second.text in BODY_WORDS
                    or (second.text.startswith(BODY_WORDS) and not names_figure(second))
                )
            ):
                return Refusal("no_data", "unknown_body", (first.text + second.text,))
            beside = not self.bodies or self.roles & {"list_join", "than", "compare"}  # 某区…专区几个 names no body
            if beside and first.text.endswith(BODY_ENDINGS) and len(first.text) >= 2:
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

    def bare(self) -> Query | Refusal | None:
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
            return self.base("edition", passage="store_years", verdict=True)
        unknown = [m.text for m in self.bodies if not any(i > 0 for i in m.ids)]
        if unknown:
            return Refusal("no_data", "unknown_body", tuple(unknown))
        if (self.bodies or self.places or self.years or self.roles - ALWAYS) and all(
            t.has("filler") or (t.has("op") and not names_figure(t)) for t in self.rest
        ):
            said_of = tuple(m.text for m in self.bodies) or self.place_names()
            return Refusal("clarify", "no_metric", said_of, years=self.years)
        return None

    def place_names(self) -> tuple[str, ...]:
        return tuple(place.rpartition("/")[2] for place in self.places)
