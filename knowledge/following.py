"""Follow-ups: what a fragment takes over from the question before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from knowledge.catalogue import catalogue
from knowledge.declined import Declined
from knowledge.grammar import (
    ALWAYS,
    MANY_BODIES,
    SIGNS,
    USES,
    merge_mentions,
    names_figure,
)
from knowledge.lexicon import data
from knowledge.query import Condition, Query, Refusal, Target

# 后三名呢, 最少的呢: the other end of the list
_LEAST = frozenset({"ascending", "bottom", "min", "less"})
_MOST = frozenset({"descending", "top", "max", "more"})


class Following(Declined):
    """Fragments that replace one part of the last question."""

    def fragment(self) -> Query | Refusal | None:
        """「那小河呢」「2019年呢」「占比多少」「原文呢」: nothing named but a part of the last question."""
        if self.previous is None:
            return self.bare()
        before = self.previous.query
        if self.unknown or any(names_figure(t) for t in self.rest):
            return None
        if any(t.has("number") for t in self.rest):
            return self._carried_condition()
        if "back" in self.roles:
            return self.previous.back or Refusal("clarify", "no_back")
        if self.roles & {"original", "why"} and not before.every:
            shown = replace(before, original=True, organisations=merge_mentions(self.bodies) or before.organisations)
            single = "value" if before.operation == "trend" else before.operation
            return replace(shown, years=self.years, usual_years=(), operation=single) if self.years else shown
        if "money" in self.roles:
            found = self.carried_money()
            if found is not None:
                return found
        named = self.bodies or self.places or self.years
        if not named and self.latest is None and not (self.roles - ALWAYS):
            return None
        if (
            self.roles & {"than", "compare"}
            and len(self.bodies) == 1
            and len(before.organisations) == 1
            and before.targets
        ):
            both = (*(replace(m, years=before.years or before.usual_years) for m in before.organisations), *self.bodies)
            return replace(
                before, operation="compare", organisations=both, years=self.years, verdict=False, plain=False
            )
        operation = self.operation(len(before.targets))
        if operation in ("max", "min", "value") and self._between_the_last_two():
            operation = "difference" if "difference" in self.roles else "compare"
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
        if self.roles - USES.get(operation, frozenset()) - ALWAYS:
            return Refusal("not_understood", "left_over", tuple(t.text for t in self.rest if not t.has("filler")))
        if operation == "sum" and not self.roles & {"group", "all_bodies", "both"} and len(before.targets) < 2:
            return Refusal("clarify", "sum_of_what")
        query = self.base(
            operation,
            targets=before.targets,
            parts=before.parts,
            denominator=before.denominator,
            passage=before.passage,
            rate=before.rate,
            formula=before.formula,
            limit=self.limit() or before.limit,
            verdict=operation == "value" and self.asks_whether(None),
            descending=not self.roles & _LEAST if self.roles & (_LEAST | _MOST) else before.descending,
            plain=not self.roles & {"compare", "who", "which", "more", "less", "than", "same"},
        )
        if operation == "trend" and not self.years:
            query = replace(query, years=(), usual_years=())
        if operation in ("which", "count") and query.condition is None:
            query = replace(query, condition=before.condition, negated=before.negated)
        if "which_year" in self.roles and not self.bodies and before.organisations:
            return replace(query, organisations=before.organisations, every=False, years=(), usual_years=())
        if not self.bodies and (self.kinds() or before.every or before.places or before.group):  # the group stays
            query = replace(query, group=self.kinds() or before.group, places=self.places or before.places)
        group = self.group_size() if "group" in self.roles and not self.roles & {"both", "max", "min"} else None
        if group is not None and not self.bodies:
            return self._last_bodies(query, group)
        everybody = not self.years or bool(self.kinds()) or "all_bodies" in self.roles  # 2022年各街道呢
        if operation in MANY_BODIES and everybody and not self.bodies:
            years = self.years or before.years or before.usual_years
            query = replace(query, every=True, organisations=(), years=years)
        elif self.places and not self.bodies:
            every = before.every or bool(before.places)
            query = replace(query, every=every, years=self.years or before.years or before.usual_years)
        elif self.years and not self.bodies:
            query = replace(query, organisations=before.organisations, every=before.every, places=before.places)
        elif len(self.bodies) == 1 and not self.years:
            query = replace(query, years=before.years or before.usual_years)
        return query

    def _between_the_last_two(self) -> bool:
        """「谁多」「差多少」 after two bodies were asked one by one."""
        previous = self.previous
        if previous is None or previous.query.every or self.bodies or self.places or self.years:
            return False
        asked = self.roles & {"difference"} or (self.roles & {"who", "which"} and self.roles & {"more", "less"})
        return len(previous.bodies) > 1 and bool(asked) and not self.roles & {"max", "min"}

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
        signs = [sign for role, sign in SIGNS.items() if role in self.roles]
        if len(numbers) != 1 or len(signs) > 1 or self.roles - set(SIGNS) - ALWAYS:
            return None
        condition = Condition(signs[0] if signs else "==", numbers[0].number or Decimal(0))
        return self.base("value", targets=before.targets, parts=before.parts, condition=condition, verdict=True)

    def carried_money(self) -> Query | None:
        parts = self.previous.query.parts[0] if self.previous and self.previous.query.parts else None
        if parts is None or parts.item is None:
            return None
        known = catalogue()
        if self.roles & {"per", "average"}:
            rate = next((r for r in data("rates")["rate"] if r["numerator"] == [f"{parts.item}.amount"]), None)
            return self.base("share", rate=rate["key"], formula=rate["formula"]) if rate else None
        if self.roles - {"money"} - ALWAYS:
            return None
        options = tuple(
            (f"{parts.item}.{m}",) for m in known.items[parts.item].measures if known.measures[m].unit == "元"
        )
        if not options:
            return None
        metric = known.metrics[options[0][0]]
        return self.base(
            "value",
            targets=(Target(options, (), "", metric.name, "元"),),
            parts=(replace(parts, measure=options[0][0].split(".")[1]),),
        )
