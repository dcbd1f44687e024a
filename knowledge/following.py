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
from knowledge.query import Condition, Operation, Query, Refusal, Target

# 后三名呢, 最少的呢: the other end of the list
_LEAST = frozenset({"ascending", "bottom", "min", "less"})
_MOST = frozenset({"descending", "top", "max", "more"})


# what is asked of one report: another body is asked the same
_SINGLE = frozenset(
    {"value", "passage", "published", "author", "title", "edition", "findings", "share", "growth", "trend"}
)
_ADDING = frozenset({"加", "加上", "再加上", "算上", "再算上"})


class Following(Declined):
    """Fragments that replace one part of the last question."""

    def fragment(self) -> Query | Refusal | None:
        """「那小河呢」「2019年呢」「占比多少」「原文呢」: nothing named but a part of the last question."""
        if self.previous is None:
            return self.bare()
        before = self.previous.query
        if self.unknown or any(names_figure(t) for t in self.rest):
            return None
        if not (before.targets or before.passage or before.rate) and before.operation == "value":
            return self._still_no_figure(before)
        if before.operation == "growth" and self.roles & {"ratio_word", "share"} and not self.roles - ALWAYS - {
            "ratio_word",
            "share",
        }:
            return before  # 百分比呢: the change was given in percent, too
        if self.bodies and any(t.text in _ADDING for t in self.rest):
            return Refusal("clarify", "sum_of_what")  # 加上石鼓呢: its own figure is not what is asked
        if any(t.has("number") for t in self.rest):
            return self._carried_condition()
        if "back" in self.roles:
            return self.previous.back or Refusal("clarify", "no_back")
        if self.roles & {"original", "why"} and not before.every:
            return self._shown_again(before)
        if "money" in self.roles and (found := self.carried_money()) is not None:
            return found
        if self.money_unit and not self._names_a_part(before) and not self.roles - ALWAYS:
            return self._in_another_unit(before)
        named = self._names_a_part(before)
        whole = "total" in self.roles and not named and not self.roles - ALWAYS
        if whole and not self._several(before):
            return self._of_all_applicants(before)
        if not named and self.latest is None and not (self.roles - ALWAYS) and not whole:
            return None
        one_each = len(self.bodies) == 1 and len(before.organisations) == 1
        if self.roles & {"than", "compare"} and one_each and before.targets:
            return self._against(before)
        operation = self._operation_after(before, whole)
        return self._refused_after(operation, before) or self._replaced(operation, before, named)

    def _shown_again(self, before: Query) -> Query:
        """「原文呢」「为什么」, also of another body or year."""
        shown = replace(before, original=True, organisations=merge_mentions(self.bodies) or before.organisations)
        single = "value" if before.operation == "trend" else before.operation
        return replace(shown, years=self.years, usual_years=(), operation=single) if self.years else shown

    def _in_another_unit(self, before: Query) -> Query | None:
        """「换成万元呢」 about the money just given; 「多少万」 about the item that was counted."""
        if any(t.unit == "元" for t in before.targets) or before.money_unit:
            return replace(before, money_unit=self.money_unit)
        return self.carried_money()

    def _names_a_part(self, before: Query) -> bool:
        """Does it name a body, place, year or, after a question about many, a kind of body?"""
        grouped = before.every or bool(before.places)
        return bool(self.bodies or self.places or self.years or (grouped and self.kinds()))

    def _against(self, before: Query) -> Query:
        """「跟小河比呢」: the body of the last question beside the one named now."""
        when = before.years or before.usual_years
        both = tuple(m if m.years or self.years else replace(m, years=when) for m in (*before.organisations, *self.bodies))
        return replace(before, operation="compare", ratio=_is_ratio(before), organisations=both, years=self.years, verdict=False, plain=False)

    def _operation_after(self, before: Query, whole: bool) -> Operation:
        """What is done now: what this message says, else what was done before."""
        if self._by_how_much():
            return "difference"
        operation = self.operation(len(before.targets))
        if whole and operation == "value":
            operation = "sum"
        if operation in ("max", "min", "value") and self._between_the_last_two():
            operation = "difference" if "difference" in self.roles else "compare"
        if operation == "value" and (before.operation in _SINGLE or not self.bodies):
            operation = before.operation
        if operation == "value" and (before.rate or _is_ratio(before)):
            operation = "share"
        return operation

    def _refused_after(self, operation: Operation, before: Query) -> Refusal | None:
        """What does not fit the last question."""
        if "nth" in self.roles and before.operation not in ("max", "min", "rank", "position", "compare"):
            return self._left_out()
        if (before.rate or _is_ratio(before)) and operation in ("sum", "average"):
            return self._left_out()
        if self.roles - USES.get(operation, frozenset()) - ALWAYS:
            return self._left_out()
        if operation == "rank" and "total" in self.roles:  # 前三名合计: the ranking alone is half of it
            return self._left_out()
        if operation in MANY_BODIES and len(before.targets) > 1 and not self.bodies:  # the most of which of them?
            return self._left_out()
        if "which_year" in self.roles and any(t.has("op", "who") for t in self.rest):  # 哪家哪年最多
            return self._left_out()
        if operation in ("max", "min", "average") and self._of_the_one_alone(before):
            return Refusal("clarify", "sum_of_what" if operation == "average" else "compare_with_what")
        added = self.roles & {"group", "all_bodies", "both"} or len(before.targets) > 1 or self._several(before)
        if operation == "sum" and not added and not self._goes_on_adding(before):
            return Refusal("clarify", "sum_of_what")
        if operation in ("sum", "average") and "both" in self.roles and self._knows_only_one(before):
            return Refusal("clarify", "sum_of_what")
        return None

    def _of_the_one_alone(self, before: Query) -> bool:
        """「谁多」「平均呢」 after one figure of one body: nothing was said of the other bodies."""
        wider = {"max", "min", "all_bodies", "group", "count_bodies", "per", "each", "which_year", "trend"}
        named = self.bodies or self.places or self.years or self.kinds()
        alone = before.operation in ("value", "share", "growth") and len(before.organisations) == 1
        return alone and not named and not self.roles & wider and not self._several(before)

    def _replaced(self, operation: Operation, before: Query, named: bool) -> Query:
        """The last question with what was named now in its place."""
        query = self._asked_again(operation, before)
        if operation in ("sum", "average") and not named and "all_bodies" not in self.roles:
            size = self.group_size() if "group" in self.roles else None
            if before.organisations and self._several(before) and size in (None, len(before.organisations)):
                same = _of_those_bodies(query, before)  # 历年 … 一共呢, 三家 … 平均呢
                return replace(same, years=before.years, usual_years=before.usual_years, latest=before.latest)
        if "which_year" in self.roles and not self.bodies and before.organisations:
            return replace(query, organisations=before.organisations, every=False, years=(), usual_years=())
        if operation == "difference" and before.operation in ("max", "min", "rank") and not named and "both" not in self.roles:
            return replace(query, organisations=before.organisations, every=before.every)  # than whom? Asked back
        if not self.bodies and (self.kinds() or before.every or before.places or before.group):  # the group stays
            query = replace(query, group=self.kinds() or before.group, places=self.places or before.places)
        if self.kinds() and not self.bodies and (operation in MANY_BODIES or operation == "sum"):
            # 街道呢 came to one body: 镇呢 is not asked of that one
            years = self.years or before.years or before.usual_years
            return replace(query, every=True, organisations=(), years=years)
        group = self.group_size() if "group" in self.roles and not self.roles & {"both", "max", "min"} else None
        if group is not None and not self.bodies:
            return self._last_bodies(query, group)
        if operation in ("max", "min", "rank") and not named and self._among_the_named(before):
            same = _of_those_bodies(query, before)
            return replace(same, years=before.years, usual_years=before.usual_years)
        return self._of_whom(query, before)

    def _asked_again(self, operation: Operation, before: Query) -> Query:
        """The figures of the last question under this operation."""
        query = self.base(
            operation,
            targets=before.targets,
            parts=before.parts,
            denominator=before.denominator,
            passage=before.passage,
            rate=before.rate,
            rate_word=before.rate_word,
            formula=before.formula,
            ratio=_is_ratio(before),
            limit=self.limit() or (None if before.nth and self.roles & {"max", "min"} else before.limit),
            nth="nth" in self.roles or (before.nth and self.limit() is None and not self.roles & {"max", "min"}),
            alternatives=before.alternatives,
            condition=before.condition if operation in ("which", "count") else None,
            verdict=operation == "value" and self.asks_whether(None),
            descending=not self.roles & _LEAST if self.roles & (_LEAST | _MOST) else before.descending,
            plain=not self.roles & {"compare", "who", "which", "more", "less", "than", "same"},
        )
        if operation == "trend" and not self.years:
            query = replace(query, years=(), usual_years=())
        if operation in ("which", "count"):
            query = replace(query, negated=before.negated)
        if query.nth and before.operation in ("max", "min") and not self.roles & (_LEAST | _MOST):
            query = replace(query, descending=before.operation == "max")
        return query

    def _of_whom(self, query: Query, before: Query) -> Query:
        """All bodies, those of a place, or those of before, each with the years that were named or spoken of."""
        if len(query.organisations) > 1 and not self.places and not self.kinds():
            query = replace(query, places=(), group=())  # 这两家差多少: both, also where one is of another place
        everybody = not self.years or bool(self.kinds()) or "all_bodies" in self.roles  # 2022年各街道呢
        if query.operation in MANY_BODIES and everybody and not self.bodies:
            years = self.years or before.years or before.usual_years
            return replace(query, every=True, organisations=(), years=years)
        if self.places and not self.bodies:
            every = before.every or bool(before.places) or query.operation in ("sum", "average")
            return replace(query, every=every, years=self.years or before.years or before.usual_years)
        if self.years and not self.bodies:
            again = tuple(replace(m, years=()) for m in before.organisations)
            return replace(query, organisations=again, every=before.every, places=before.places)
        if len(self.bodies) == 1 and not self.years:
            return replace(query, years=before.years or before.usual_years)
        return query

    def _still_no_figure(self, before: Query) -> Refusal:
        """「柴桥」 「2021年」: the body and the year are known by now, not what is asked of them."""
        named = tuple(m.text for m in self.bodies or before.organisations) or self.place_names()
        return Refusal("clarify", "no_metric", named)

    def _between_the_last_two(self) -> bool:
        """「谁多」「差多少」 after two bodies were asked one by one."""
        previous = self.previous
        if previous is None or previous.query.every or self.bodies or self.places or self.years:
            return False
        asked = self.roles & {"difference"} or (self.roles & {"who", "which"} and self.roles & {"more", "less"})
        return len(previous.bodies) > 1 and bool(asked) and not self.roles & {"max", "min"}

    def _by_how_much(self) -> bool:
        """「高多少」「多几件」: the gap between two figures, not a figure."""
        counts = any(t.has("filler", "counts") and t.text in ("几", "多少") for t in self.rest)
        sides = {"who", "which", "which_year", "max", "min", "than", "nth"}
        return counts and bool(self.roles & {"more", "less"}) and not self.roles & sides

    def _knows_only_one(self, before: Query) -> bool:
        """「两家合计」 of a conversation that has spoken of one body."""
        known = {m.ids for m in (self.previous.bodies if self.previous is not None else ())}
        return not self.bodies and len(known) < 2 and not self._several(before)

    def _last_bodies(self, query: Query, group: int) -> Query:
        """「三家加起来」 after three were asked one by one; else all there are, if they are that many."""
        known = self.previous.bodies if self.previous is not None else ()
        distinct = {m.ids for m in known}
        if len(distinct) == group:
            latest = {m.ids: m if not self.years else replace(m, years=()) for m in known}
            if not self.years and self.previous is not None:  # each with the year it was spoken of
                when = self.previous.query.years or self.previous.query.usual_years
                latest = {ids: m if m.years else replace(m, years=when) for ids, m in latest.items()}
            both = tuple(latest.values())
            return replace(query, organisations=both, years=self.years, every=False, places=(), group=())
        before = self.previous.query if self.previous is not None else query
        years = self.years or before.years or before.usual_years
        return replace(query, organisations=(), every=True, group_size=group, years=years)

    def _several(self, before: Query) -> bool:
        """Was the last question about several reports, so that 「一共呢」「平均呢」 has something to add up?"""
        all_years = before.operation in ("sum", "average") and bool(before.organisations) and not before.years
        years = len(before.years) > 1 or before.operation == "trend" or all_years
        return before.every or bool(before.places) or len(before.organisations) > 1 or years

    def _goes_on_adding(self, before: Query) -> bool:
        """「余姚呢」 after a sum over 北仑区; 「余姚市一共呢」."""
        return bool(self.places) and not self.bodies

    def _among_the_named(self, before: Query) -> bool:
        """「谁最少」 after three bodies were asked for together means those three."""
        return len(before.organisations) > 1 and not self.roles & {"all_bodies", "group"} and not self.kinds()

    def _of_all_applicants(self, before: Query) -> Query | None:
        """「总的呢」 after 「其中自然人」: the same row, for all applicants."""
        part = before.parts[0] if len(before.parts) == 1 else None
        if part is None or part.row is None or part.applicant is None or before.operation != "value":
            return None
        entry = catalogue().rows[part.row]
        target = Target(((part.row,),), ("total",), "", entry.name, "件")
        return replace(before, targets=(target,), parts=(replace(part, applicant=None),), alternatives=())

    def _left_out(self) -> Refusal:
        return Refusal("not_understood", "left_over", tuple(t.text for t in self.rest if not t.has("filler")))

    def _carried_condition(self) -> Query | None:
        """「超过100件了吗」 about the figure just given; 「超过70件的呢」 about a list by another bound."""
        before = self.previous.query if self.previous is not None else None
        listed = before is not None and before.operation in ("which", "count") and not before.alternatives
        if before is None or not (before.operation == "value" or listed) or len(before.targets) != 1 or self.bodies:
            return None
        numbers = [t for t in self.rest if t.has("number") and t.number is not None]
        signs = [sign for role, sign in SIGNS.items() if role in self.roles]
        more = {"which", "count_bodies", "all_bodies"} if listed else set()
        if len(numbers) != 1 or len(signs) > 1 or self.roles - set(SIGNS) - ALWAYS - more:
            return None
        if listed:
            if not signs or self.places:
                return None
            bound = Condition(signs[0], numbers[0].number or Decimal(0))
            return replace(before, condition=bound, years=self.years or before.years, group=self.kinds() or before.group)
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


def _is_ratio(before: Query) -> bool:
    """Was the last answer a share of two figures?"""
    return before.ratio or (before.operation == "share" and before.rate is None)


def _of_those_bodies(query: Query, before: Query) -> Query:
    """The bodies that the last question named, and no others."""
    return replace(query, organisations=before.organisations, every=False, places=(), group=())
