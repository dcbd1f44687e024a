"""One try at a token list: its bodies, years, operators, and what they say of conditions, limits and groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from knowledge.comparands import counted_years, measure_first, neighbour_years
from knowledge.grammar import (
    KINDS,
    MANY_BODIES,
    OF_MANY,
    PRONOUNS,
    SIGNS,
    SPOKEN_SIGNS,
    Context,
    merge_mentions,
    names_figure,
)
from knowledge.located import group_or_body, place_keys, which_place
from knowledge.query import Condition, Mention, Operation, Query, Refusal, Token

# 每年至少培训3次 is a figure of its own; 历年 only asks for several reports
_OF_EACH_YEAR = ("每年", "年年", "各年", "各年度")
_WHICH_YEAR = re.compile("哪(?:一|个)?年")
# a figure's own word that says it is a whole: 申请总数, 采购总额
_WHOLE = ("总数", "总量", "总额", "总金额", "总件数")


def _only_polite(token: Token) -> bool:
    return len(token.text) > 1 and token.has("talk") and token.senses.types <= {"talk", "filler"}


_MONEY_UNITS = {"万": "万元", "万元": "万元", "亿": "亿元", "亿元": "亿元"}


class Spoken:
    """The tokens of one message, sorted by what they are."""

    def __init__(self, tokens: Sequence[Token], previous: Context | None) -> None:
        tokens = neighbour_years(tokens, previous.query.years if previous is not None else ())
        tokens = group_or_body(counted_years(tokens))
        self.places, self.which_place = place_keys(tokens), which_place(tokens)
        self.all = [t for t in tokens if not t.has("place")]
        self.tokens = [t for t in self.all if not t.has("stop")]
        if any(t.has("org") or t.has("year") or t.has("topic") for t in self.tokens):
            # 哈喽，…收到几件，谢谢: beside a question they say nothing
            self.tokens = [t for t in self.tokens if not _only_polite(t)]
        self.previous = previous
        self.years = tuple(dict.fromkeys(y for t in self.tokens for y in t.years)) or self._year_beside(previous)
        self.bodies = tuple(self._mention(i) for i, t in enumerate(self.tokens) if t.has("org"))
        self.latest = next(
            (int(t.number) for t in self.tokens if t.has("year", "latest") and t.number is not None), None
        )
        self.span = next((int(t.number) for t in self.tokens if t.has("year", "count") and t.number is not None), None)
        if previous is not None and previous.bodies and any(t.text in PRONOUNS for t in self.tokens):
            last = previous.bodies[-1]
            self.bodies = (*self.bodies, replace(last, years=()) if self.years else last)
        self._put_in_order()
        self.rest = [
            t
            for t in self.tokens
            if not t.has("org")
            and not t.years
            and (not t.has("year") or (t.has("year", "beside") and not self.years))
        ]
        self.unknown = [t for t in self.rest if not t.senses or t.senses.types <= {"foreign", "year"}]
        roles = {role for t in self.rest for role in t.keys("op")}
        few = roles & {"max", "min", "rank", "top", "bottom", "which", "descending", "ascending"}
        if few:
            roles.discard("both")  # 最多的两家
        elif any(t.has("op", "group") and t.number == 2 for t in self.rest):
            roles.add("both")
        for before, token in zip([None, *self.rest], self.rest, strict=False):
            if before is not None and token.has("kind") and before.text in ("几个", "多少个", "几", "多少", "个"):
                roles.add("count_bodies")  # 几个局
            if before is not None and token.has("kind") and before.has("op", "each") and not self.bodies:
                roles.add("all_bodies")  # 各局
            if before is not None and before.has("kind") and token.text in ("有几", "有多少", "几", "多少"):
                roles.add("count_bodies")  # 街道有几个
        if self.bodies or roles & OF_MANY or any(t.has("kind") for t in self.rest):
            roles.add("kind")
        self._spoken_signs(roles)
        whole = any(t.has("topic") or names_figure(t) for t in self.rest if t.text.endswith(_WHOLE))
        if whole and not any(t.text.startswith(("各", "每", "分别")) for t in self.rest):
            roles.add("total")  # 所有单位采购总额
        if roles & {"max", "min"} and any(t.text in ("理由", "原因", "情形", "类型") for t in self.rest):
            roles.add("which_part")
        if roles & {"max", "min", "more", "less"} and _WHICH_YEAR.search("".join(t.text for t in self.rest)):
            roles.add("which_year")
        self.roles = frozenset(roles)

    def _put_in_order(self) -> None:
        """What a comparison asks about comes first, what it is measured by second."""
        bodies = [t for t in self.tokens if t.has("org")]
        if len(self.bodies) == 2 and measure_first(self.all, bodies):
            self.bodies = self.bodies[::-1]
        elif len(bodies) < 2 and measure_first(self.all, [t for t in self.tokens if t.years]):
            self.years = self.years[::-1]

    def _year_beside(self, previous: Context | None) -> tuple[int, ...]:
        """「再前一年」: counted from the one year the conversation speaks of."""
        step = next((int(t.number) for t in self.tokens if t.has("year", "beside") and t.number is not None), None)
        if step is None or previous is None:
            return ()
        spoken = previous.query.years or previous.query.usual_years
        return (spoken[0] + step,) if len(set(spoken)) == 1 else ()

    def _spoken_signs(self, roles: set[str]) -> None:
        """「比50件多吗」 is 超过50件吗; a 没 at the end only asks (有结转的申请没)."""
        number = any(t.has("number") for t in self.rest)
        if number and "than" in roles and roles & {"more", "less"} and len(merge_mentions(self.bodies)) < 2:
            roles.add("above" if "more" in roles else "below")
            roles.difference_update({"than", "more", "less"})
            self.rest = [t for t in self.rest if not set(t.keys("op")) & {"than", "more", "less"}]
        last = self.rest[-1] if self.rest else None
        if number and last is not None and last.text == "吧":  # 是2件吧
            roles.add("question_end")
        asks_number = any(t.has("filler", "counts") and t.text[-1] in "几少" for t in self.rest)
        self.final_no = last is not None and last.text in ("没", "没有", "没有过", "没啊") and not asks_number
        if self.final_no:
            roles.discard("negation")
            roles.add("question_end")
            self.rest = self.rest[:-1]

    def _mention(self, index: int) -> Mention:
        token = self.tokens[index]
        years: tuple[int, ...] = ()
        several = sum(1 for t in self.tokens if t.has("org")) > 1
        if several and len(self.years) > 1 and index + 1 < len(self.tokens):
            years = self.tokens[index + 1].years
        return Mention(token.text, tuple(int(i) for i in token.keys("org")), years)

    @property
    def money_unit(self) -> str | None:
        """「多少万」「换成亿元」: the unit that money is to be told in."""
        return next((_MONEY_UNITS[t.text] for t in self.rest if t.text in _MONEY_UNITS), None)

    def base(self, operation: Operation, **more: object) -> Query:
        query = Query(
            operation=operation,
            organisations=merge_mentions(self.bodies),
            places=self.places,
            years=self.years,
            latest=self.latest,
            span=None if self.years else self.span,
            money_unit=self.money_unit,
        )
        query = replace(query, **more)  # type: ignore[arg-type]
        return self.from_context(query)

    def from_context(self, query: Query) -> Query:
        """Body and year of the conversation, where the question names none."""
        if self.previous is None or query.every or (self.places and not self.bodies):
            return query
        if query.operation in MANY_BODIES:
            going_on = self.roles & {"among", "follow_up"} and not self.bodies
            return replace(query, places=self.previous.query.places) if going_on else query
        if self.roles & {"all_bodies", "group"} and "both" not in self.roles and not self.bodies:
            return query
        before = self.previous.query
        if not query.organisations:
            bodies = before.organisations
            if query.years:  # 2021年呢: the year said now, not those the bodies were asked for
                bodies = tuple(replace(m, years=()) for m in bodies)
            if "both" in self.roles or (query.operation in ("difference", "compare") and len(bodies) < 2):
                bodies = self.previous.bodies[-2:]
            query = replace(query, organisations=bodies, every=before.every and not bodies)
            query = replace(query, places=() if bodies else before.places)
            if not query.years and query.latest is None and query.span is None:
                years = before.years or before.usual_years
                own = len(bodies) > 1 and any(m.years for m in bodies)  # each keeps the year it was answered for
                query = replace(query, usual_years=years) if own else replace(query, years=years)
        elif not query.years:
            query = replace(query, usual_years=before.years or before.usual_years)
        return query

    def operation(self, targets: int) -> Operation:
        roles, bodies = self.roles, len(merge_mentions(self.bodies))
        several_years = len(self.years) > 1 or (not self.years and bool(self.span or (self.latest or 1) > 1))
        many = bodies > 1 or "both" in roles or several_years
        if not bodies and self.previous is not None and len(self.previous.query.organisations) > 1:
            many = many or bool(roles & {"difference", "more", "less", "compare"})  # 差多少 after 谁多
        if "share" in roles or ("ratio_word" in roles and "growth" not in roles):
            return "share"
        if "position" in roles:
            return "position"
        if roles & {"rank", "descending", "ascending", "top", "bottom", "nth"}:
            return "rank"
        if "times" in roles and (many or targets > 1):
            return "times"
        if "average" in roles:
            return "average"
        if "trend" in roles and roles & {"who"} and roles & {"max", "min"} and not bodies:  # 历年…最高的是哪家
            return "max" if "max" in roles else "min"
        if "trend" in roles and "which_year" in roles:  # 历年…哪年最多
            return "max" if "max" in roles else "min"
        newest = self.latest == 1 and (bodies == 1 or self.previous is not None)  # 最近一年: one report, no trend
        several = "trend" in roles or (self.latest is not None and not newest)
        if several and roles & {"sum", "total"} and bodies == 1 and not roles & {"each", "growth"}:
            return "sum"  # 近三年一共, 这几年一共
        if several:
            return "trend"
        if "max" in roles:
            return "max"
        if "min" in roles:
            return "min"
        if "count_bodies" in roles and "sum" in roles:
            return "sum"
        if "count_bodies" in roles:
            return "count"
        if "which_year" in roles and roles & {"more", "less"} and bodies == 1:  # 2021年和2022年哪年多
            return "compare" if len(self.years) > 1 else "max" if "more" in roles else "min"
        if many and (
            roles & {"difference"} or ("than" in roles and roles & {"more", "less"} and not self.asks_whether(None))
        ):
            return "difference"
        if "growth" in roles and ("last_year_base" in roles or not many):
            return "growth"
        if bodies <= 1 and self._from_year_to_year():
            return "growth"
        if roles & {"growth", "last_year_base"} and not many:
            return "growth"
        if targets > 1 and roles & {"compare", "more", "less"} and not many and "difference" not in roles:
            asks_number = any(t.has("filler", "counts") and t.text[-1] in "几少" for t in self.rest)
            return "difference" if "than" in roles and asks_number else "compare"
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
        if self.years and not self.bodies and self.previous is None:
            summed = True  # 2021年新收申请合计
        apart = self._each_by_itself() and not self.asks_twice()  # 总数分别多少; but 各多少，一共多少
        apart = apart or (targets > 1 and self._total_of_one())
        if "sum" in roles or ("total" in roles and summed and not apart):
            return "sum"
        if roles & {"all_bodies"} and not bodies:
            return "rank"
        if (len(self.years) > 1 or (self.span and not self.years)) and bodies <= 1:
            return "trend"
        if bodies > 1 or targets > 1:
            return "compare"
        if not bodies and roles & set(SIGNS) and not roles & {"whether", "question_end"} and self.previous is None:
            return "which"
        return "value"

    def _from_year_to_year(self) -> bool:
        """「2022年较2021年增幅」「2023年比2022年增加了几件」; 变化 between years asks for what it was in each."""
        two = [t for t in self.tokens if t.years and not t.has("year", "range")]
        return len(two) == len(self.years) == 2 and any(
            t.has("op", "growth") and not t.text.startswith("变") for t in self.rest
        )

    def _each_by_itself(self) -> bool:
        """总数分别多少, 总数各多少; 各局总数 is said of the bodies."""
        after = [*self.rest, None][1:]
        return any(
            t.has("op", "each") and (len(t.text) > 1 or (next_ is not None and next_.has("filler", "counts")))
            for t, next_ in zip(self.rest, after, strict=True)
        )

    def _total_of_one(self) -> bool:
        """「诉讼一共多少，其中维持几件」: 一共 is said of the figure in its own clause, not of the two together."""
        clauses: list[list[Token]] = [[]]
        for token in self.all:
            if token.has("stop"):
                clauses.append([])
            else:
                clauses[-1].append(token)
        own = [c for c in clauses if any(t.has("op", "total") for t in c)]
        naming = [any(names_figure(t) or t.has("topic") for t in c) for c in clauses]
        return self.asks_twice() and naming.count(True) > 1 and all(
            any(names_figure(t) or t.has("topic") for t in c) for c in own
        )

    def asks_twice(self) -> bool:
        """「被复议几次，维持了几次」: two clauses, each with its own 几."""
        clauses, asked = 1, set()
        for token in self.all:
            clauses += token.has("stop")
            if token.has("filler", "counts") and token.text[-1] in "几少":
                asked.add(clauses)
        return len(asked) > 1

    def asks_whether(self, condition: Condition | None) -> bool:
        asks_number = any(t.has("filler", "counts") and t.text[-1] in "几少" for t in self.rest)
        return (bool(condition) and not (self.roles & {"which", "who", "count_bodies"})) or (
            not asks_number and bool(self.roles & {"whether", "question_end"})
        )

    def condition(self, operation: str) -> Condition | Refusal | None:
        """The bound that is asked for: 超过5件, 是0, 没填; a Refusal where a number is left that is none."""
        numbers = [t for t in self.rest if t.has("number") and t.number is not None]
        signs = [s for role, s in SIGNS.items() if role in self.roles] or self._sign_before(numbers)
        if operation not in ("value", "which", "count"):
            return None
        if not numbers:
            if operation in ("which", "count") and "unfilled" in self.roles:
                return Condition("blank", Decimal(0))
            if operation in ("which", "count"):
                return Condition("==" if "negation" in self.roles else ">", Decimal(0))
            return (
                Refusal(
                    "not_understood", "left_over", tuple(t.text for t in self.rest if set(t.keys("op")) & set(SIGNS))
                )
                if signs
                else None
            )
        if len(numbers) > 1 or len(signs) > 1 or self._is_of_the_calendar(numbers[0]):
            return Refusal("not_understood", "left_over", tuple(t.text for t in numbers))
        if operation in ("which", "count") and not signs and self._is_just(numbers[0]):
            return Condition("==", numbers[0].number or Decimal(0))
        if not signs and not (self.roles & {"whether", "question_end"}):
            return Refusal("not_understood", "left_over", (numbers[0].text,))
        value = numbers[0].number or Decimal(0)
        return Condition(signs[0] if signs else "==", value)

    def _is_of_the_calendar(self, number: Token) -> bool:
        """「比20222年多」: a year typed wrong is no threshold."""
        at = self.tokens.index(number)
        return at + 1 < len(self.tokens) and self.tokens[at + 1].text.startswith(("年", "月", "日"))

    def _is_just(self, number: Token) -> bool:
        """「有几家予以公开数是0」: 是 or 为 straight in front of the number."""
        at = self.tokens.index(number)
        return at > 0 and self.tokens[at - 1].text.endswith(("是", "为"))

    def _sign_before(self, numbers: list[Token]) -> list[str]:
        """「过10万件了吗」「上200了没」: a spoken threshold in front of the number."""
        if len(numbers) != 1 or not self.roles & {"whether", "question_end"}:
            return []
        at = self.tokens.index(numbers[0])
        # 收到5件申请了吗 asks for five of them, not for five or more
        before = self.tokens[at - 1].text[-1:] if at and not names_figure(self.tokens[at - 1]) else ""
        return [SPOKEN_SIGNS[before]] if before in SPOKEN_SIGNS else []

    def limit(self) -> int | None:
        if self.roles & {"max", "min"} and not self.bodies and self.group_size():
            return self.group_size()  # 最多的三家
        return next(
            (
                int(t.number)
                for t in self.rest
                if t.number is not None and any(t.has("op", role) for role in ("top", "bottom", "nth"))
            ),
            None,
        )

    def group_size(self) -> int | None:
        return next((int(t.number) for t in self.rest if t.number is not None and t.has("op", "group")), None)

    def kinds(self) -> tuple[str, ...]:
        text = "".join(
            t.text for t in self.rest if set(t.keys("op")) & {"all_bodies", "which", "who", "count_bodies", "group"}
        )
        among = not self.bodies or "position" in self.roles  # 柴桥在各镇里排第几
        named = dict.fromkeys(k for t in self.rest for k in t.keys("kind")) if among else {}
        return tuple(dict.fromkeys((*named, *(k for k in KINDS if k in text))))

    def content_words(self) -> str:
        """What the question says beside the year, as it was said: for matching local rows and prose by their words."""
        out: list[str] = []
        for before, token in zip([None, *self.tokens], self.tokens, strict=False):
            if token.has("year") or token.years or (token.has("op", "trend") and token.text not in _OF_EACH_YEAR):
                out.append(" ")
            elif before is not None and before.end == token.start:
                out.append(token.text)
            else:
                out.append(" " + token.text)
        return "".join(out).strip()
