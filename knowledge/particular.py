"""Questions that ask no figure of the forms: small talk, the reports themselves, passages, named rates."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from knowledge.declined import Declined
from knowledge.grammar import (
    ALWAYS,
    MANY_BODIES,
    SIGNS,
    USES,
    merge_mentions,
)
from knowledge.lexicon import data
from knowledge.query import Condition, Operation, Query, Refusal, Token


class Particular(Declined):
    """Small talk, meta questions, passages and rates."""

    def talk(self) -> Query | Refusal | None:
        if self.bodies or self.years:
            return None
        talk = [t for t in self.rest if t.has("talk")]
        if talk and all(t.has("talk") or t.has("filler", "polite") or t.has("filler", "particles") for t in self.rest):
            return Refusal("out_of_scope", talk[0].keys("talk")[0])
        return None

    def meta(self) -> Query | Refusal | None:
        meta = [t for t in self.rest if t.has("meta")]
        if not meta and not self.bodies:
            return self._who_is_there()
        if not meta or not all(t.has("meta") or self._report_word(t) for t in self.rest):
            return None
        if any(t.has("meta", "findings") for t in meta) and any(t.text in ("几", "多少") for t in self.rest):
            return None
        if "negation" in self.roles:
            return Refusal("not_understood", "left_over", tuple(t.text for t in self.rest if t.has("op", "negation")))
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
                return self.base("edition", passage="store_years")
            return Refusal("answered", f"store_{key}", years=self.years, places=self.places)
        return self.base(key)  # type: ignore[arg-type]

    def _who_is_there(self) -> Refusal | None:
        """「2022年的年报有哪几家」「2024年的报告有几家」: nothing said but which bodies, reports, years."""
        reports = any(t.text in ("年报", "报告", "年度报告", "工作报告", "资料", "单位") for t in self.rest)
        # 库里有几家单位: in a conversation it asks how many of those just spoken of
        reports = reports or (self.previous is None and any(_speaks_of_bodies(t) for t in self.rest))
        counted = {"家", "份", "个"} & {t.text for t in self.rest} and any(t.has("filler", "counts") for t in self.rest)
        asks = self.roles & {"which", "who", "count_bodies", "all_bodies"} or counted
        if not (reports and asks) or not all(t.has("filler") or t.has("kind") or t.keys("op") for t in self.rest):
            return None
        if self.roles - ALWAYS - {"which", "who", "count_bodies", "all_bodies", "group", "kind"}:
            return None
        return Refusal("answered", "store_reports", years=self.years, places=self.places)

    def _report_word(self, token: Token) -> bool:
        return (
            token.has("filler")
            or any(role in ALWAYS or role in ("all_bodies", "which", "who", "negation") for role in token.keys("op"))
            or (token.has("context", "review") and not token.has("topic"))
        )

    def passage(self) -> Query | Refusal | None:
        sections = [t for t in self.rest if t.has("section")]
        if not sections:
            return None
        if not all(
            t.has("section")
            or t.has("filler")
            or (t.has("context") and not t.has("row"))
            or any(r in ALWAYS or r in ("which", "negation", "original") for r in t.keys("op"))
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
        return self.base("passage", passage="+".join(keys))

    def rate(self) -> Query | Refusal | None:
        named = [t for t in self.rest if t.has("rate")]
        if (
            not named
            and ("money" in self.roles or self.money_unit)
            and self.roles & {"average", "per"}
            and self.bodies
            and any(t.has("item", "procurement") for t in self.rest)
        ):
            return self.base("share", rate="procurement_average", formula="采购总金额 ÷ 采购项目数量")
        if not named:
            return None
        rate = next(r for r in data("rates")["rate"] if r["key"] == named[0].keys("rate")[0])
        others = [t for t in self.rest if t not in named]
        parts = set(rate["numerator"]) | {k.lstrip("-") for k in rate["denominator"]}
        for token in others:
            rows = set(token.keys("row") + token.keys("row~"))
            said = {key for kind in ("block", "outcome") for key in token.keys(kind)}
            if not (
                rows & parts
                or any(key in part.split(".") for key in said for part in parts)
                or token.has("filler")
                or token.has("op")
                or token.has("kind")
                or token.has("context")
                or token.has("topic")
                or token.has("number")
            ):
                return None
        suffixes = {part.split(".")[-1] for part in parts} - {"total"}
        outcomes = {key for t in others for key in t.keys("outcome")}
        if outcomes and not suffixes <= outcomes:
            return None  # 维持率（维持/总计）: another formula than ours was given
        operation = self._rate_operation()
        condition = self._rate_condition(operation)
        if isinstance(condition, Refusal):
            return condition
        used = _RATE_USES[operation] | ALWAYS | (frozenset(SIGNS) if condition else frozenset())
        if operation == "share" and rate.get("unit") == "元":
            used |= {"per", "average"}
        left = tuple(
            t.text
            for t in others
            if t.keys("op") and not t.has("filler") and not set(t.keys("op")) & used
        )
        if left:
            return Refusal("not_understood", "left_over", left)
        query = self.base("share", rate=rate["key"], rate_word=named[0].text, formula=rate["formula"])
        every = query.every or (operation in MANY_BODIES and not self.bodies)
        return replace(
            query,
            operation=operation,
            every=every,
            organisations=() if every else query.organisations,
            years=query.years or (query.usual_years if every else ()),
            group=self.kinds(),
            limit=self.limit(),
            nth="nth" in self.roles,
            condition=condition,
            verdict=condition is not None and operation == "share",
            descending=not self.roles & {"ascending", "bottom", "min"}
            and not ("less" in self.roles and "more" not in self.roles),
        )

    def _rate_condition(self, operation: Operation) -> Condition | Refusal | None:
        """「公开率超过30%的有几家」「公开率达到50%了吗」: a bound in percent, of many bodies or asked of one."""
        numbers = [t for t in self.rest if t.has("number")]
        if not numbers:
            return None
        left = Refusal("not_understood", "left_over", tuple(t.text for t in numbers))
        behind = {after.text for t, after in pairwise(self.rest) if t in numbers and after.start == t.end}
        one = operation == "share" and len(merge_mentions(self.bodies)) == 1 and len(self.years) < 2
        if behind != {"%"} or not (operation in ("which", "count") or (one and self.asks_whether(None))):
            return left
        return self.condition("value" if one else operation) or left

    def _rate_operation(self) -> Operation:
        """What is done with a rate: shown, unless it is ranked, compared or placed."""
        if any(t.has("number") for t in self.rest) and not self.bodies:  # 公开率超过30%的有几家
            listed = self.operation(1)
            if listed in ("which", "count"):
                return listed
        if self.roles & _RATE_COMPARED and not self.roles & {"last_year_base", "growth"}:
            found = self.operation(1)
            if found in _RATE_USES and found not in ("which", "count"):
                return found
            if found == "which" or (found == "value" and self.roles & {"more", "less"}):
                return "compare" if len(self.bodies) > 1 or len(self.years) > 1 else "share"
        if "all_bodies" in self.roles and not self.bodies:
            return "rank"
        return "share"


# operators that set rates side by side, and those each way of doing it makes use of
_RATE_COMPARED = frozenset(
    "max min rank nth descending ascending top bottom who which more less compare position difference".split()
)
_RATE_USES: dict[Operation, frozenset[str]] = {
    "share": frozenset({"both", "group", "ratio_word", "trend", "original", "why"}),
    **{
        key: USES[key] | {"ratio_word"}
        for key in ("max", "min", "rank", "compare", "position", "difference", "which", "count")
    },
}


def _speaks_of_bodies(token: Token) -> bool:
    """几家单位, 单位有哪些: bodies are asked for by that name, not what is counted of them."""
    asks = token.has("op", "count_bodies") or token.has("op", "which")
    return asks and any(word in token.text for word in ("单位", "机关", "部门"))
