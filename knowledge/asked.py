"""Questions for figures: the parts of a question become targets, and every word must be explained."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.catalogue import catalogue
from knowledge.grammar import (
    ALWAYS,
    MANY_BODIES,
    USES,
    names_figure,
)
from knowledge.query import Condition, Operation, Parts, Query, Refusal, Senses, Target, Token
from knowledge.spoken import Spoken
from knowledge.targets import Found, find_targets, loosely
from knowledge.unlisted import Unlisted

_ADDED_UP = frozenset({"合计", "一共", "总共", "共计", "总和", "加起来", "相加", "加总", "之和"})
_THAT_ONE = re.compile(r"的?(?:那|这|该)(?:一)?(?:家|个|单位|街道|镇|乡|局)")
# 收到申请最多的单位予以公开几件: a figure stands before it, and another follows
_THAT_BODY = re.compile(r"的?(?:(?:那|这|该)?(?:一)?(?:家|个)?(?:单位|部门|街道|镇|乡|局|机关))|的?(?:那|这|该)(?:一)?(?:家|个)")
_ADDING = re.compile(r"^那?(?:如果)?(?:再|也)?(?:加上|算上|加)")


def _said_twice(segments: list[list[Found]]) -> bool:
    """Do two parts of a list come to the same figure?"""
    single = [part[0].target for part in segments if len(part) == 1]
    return len(single) > len(dict.fromkeys((t.options, t.applicants) for t in single))


class Asked(Unlisted):
    """Targets, segments, and free words of the report."""

    def figures(self) -> Query | Refusal | None:
        content = [t for t in self.rest if not t.has("number") and not (t.number is not None and t.has("op"))]
        carry = self._carry()
        if self.unknown:
            return self.by_words(None)
        if {"more", "less"} <= self.roles and not self.roles & {"who", "which", "which_year", "compare"}:
            return self._left({"more", "less"})  # 共少多条: neither more nor less is asked
        found = find_targets(content, self.roles, carry)
        segments: list[list[Found]] = [found] if found else []
        if not found or self.roles & {"share", "ratio_word", "list_join", "times"} or self.asks_twice():
            split = self._segments(content, carry)
            agreed = len(found) == 1 and all(found[0].target in [f.target for f in part] for part in split)
            if self._one_of_two(found, split):
                if "each" not in self.roles:
                    return self._one_or_two(found[0], split)
                segments = split
            elif split and not agreed:
                segments = split
        if len(segments) > 1 and "list_join" in self.roles and _said_twice(segments):
            return self._left({"list_join"})  # 以公开加部分公开: one of them was not understood
        if not segments and (offered := self._offered(content)):
            return offered
        if not segments:
            return (
                self.by_words(None)
                if content
                and any(names_figure(t) or t.has("context") or t.has("topic") for t in content)
                and not self._only_fragment(content)
                else None
            )
        return self._query(segments)

    def _offered(self, content: list[Token]) -> Refusal | None:
        """「教育局2020年收到几件」: loose words alone are not answered, but what they may mean is offered."""
        found = loosely(content, self.roles) if self.bodies or self.years else []
        loose = [t for t in content if t.has("row~") or t.has("applicant")]
        choices = tuple(
            "".join(f.target.name if t is loose[0] else t.text for t in self.tokens if t not in loose[1:])
            for f in found
        )
        return Refusal("clarify", "near", tuple(t.text for t in loose), choices) if choices else None

    def _only_fragment(self, content: list[Token]) -> bool:
        return self.previous is not None and not any(names_figure(t) or t.has("topic") for t in content)

    def _carry(self) -> Parts | None:
        if self.previous is None or not self.previous.query.parts:
            return None
        # a whole question of its own borrows nothing; a fragment, one that says 其中, or only 收到 does
        only_loose = any(t.has("row~") for t in self.rest) and not any(
            t.has(kind) for t in self.rest for kind in ("row", "block", "outcome", "item", "local", "topic")
        )
        if self.bodies and not (self.roles & {"among", "follow_up"}) and not only_loose:
            return None
        if only_loose and self.bodies and self.previous.query.parts[0].subject != "application":
            return None
        if self._whole_of_its_own():
            return None
        return self.previous.query.parts[0]

    def _whole_of_its_own(self) -> bool:
        """「2020年收到几件申请」 after 其中自然人几件: it names its figure whole, and asks for that of everybody."""
        going_on = self.roles & {"among", "follow_up", "share", "ratio_word"}
        names = any(t.has("topic") for t in self.rest) and any(t.has("row") or t.has("row~") for t in self.rest)
        return names and not going_on

    def _segments(self, plain: list[Token], carry: Parts | None) -> list[list[Found]]:
        """「微博和微信」「予以公开占新收申请」: each part is read by itself; what one lacks it takes from its neighbour."""
        parts: list[list[Token]] = [[]]
        keep = set(plain)
        for token in (t for t in self.all if t in keep or t.has("stop")):
            if token.has("stop") or self._parts_two(token):
                parts.append([])
            else:
                parts[-1].append(token)
        parts = [self._total_column(p, parts) for p in parts]
        parts = [p for p in parts if any(not (t.has("filler") or (t.keys("op") and not names_figure(t))) for t in p)]
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

    def _parts_two(self, token: Token) -> bool:
        """Does this word stand between two figures? 是 does where one is so many times the other."""
        if "times" in self.roles and token.text in ("是", "相当于"):
            return True
        return token.text == "除以" or bool({"list_join", "share", "than"} & set(token.keys("op")))

    def _total_column(self, part: list[Token], parts: list[list[Token]]) -> list[Token]:
        """「予以公开的自然人和总计分别多少」: beside another column, 总计 is one."""
        lone = [t for t in part if not t.has("filler")]
        beside = any(t.has("applicant") for other in parts if other is not part for t in other)
        if "each" not in self.roles or not beside or not all(t.has("op", "total") or t.has("op", "each") for t in lone):
            return part
        column = Senses([("applicant", "total")])
        return [replace(t, senses=column) if t.has("op", "total") else t for t in part]

    def _one_of_two(self, found: list[Found], split: list[list[Found]]) -> bool:
        """「自然人、予以公开的几件」: one cell by its column and row, or two figures? Only one of them is right."""
        if len(found) != 1 or len(split) != 2 or self.asks_twice() or self.roles - ALWAYS - {"list_join"}:
            return False
        if any(len(part) != 1 for part in split):
            return False
        return any(f.target != found[0].target for part in split for f in part)

    def _one_or_two(self, whole: Found, split: list[list[Found]]) -> Refusal:
        """「复议后起诉、法院维持的有多少」: asks back."""
        words = tuple(t.text for t in self.rest if names_figure(t))
        if len(self.bodies) != 1 or len(self.years) != 1:
            return self._left({"list_join"})
        head = f"{self.bodies[0].text}{self.years[0]}年"
        both = "和".join(part[0].target.name for part in split)
        return Refusal("clarify", "near", words, (f"{head}{whole.target.name}是多少", f"{head}{both}分别是多少"))

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
                    and not (t.has("row") and any(u.has("row~") for u in part))  # 收到和办结的: two rows
                ]
                if shared:
                    found = find_targets([*part, *shared], self.roles)
                    if found:
                        return found
        return []

    def _query(self, segments: list[list[Found]]) -> Query | Refusal | None:
        operation = self._operation_for(segments)
        if operation in ("max", "min") and self._of_those_spoken_of():
            known = {m.ids for m in self.previous.bodies} if self.previous is not None else set()
            before = self.previous.query if self.previous is not None else None
            if len(known) != 2 or before is None or not (before.years or before.usual_years):
                return Refusal("clarify", "compare_with_what")
            operation = "compare"
        ranked = self._share_operation() if operation == "share" else None
        left = self.left_over(operation, segments, USES[ranked] if ranked else frozenset())
        if left:
            return self.by_words(Refusal("not_understood", "left_over", tuple(left)))
        if self.previous is not None and _ADDING.match("".join(t.text for t in self.all)):
            return Refusal("clarify", "sum_of_what")  # 算上复议呢: its own figure is not what is asked
        declined = self._list_of_one_body(operation) or self._declined(operation)
        if declined is not None:
            return declined
        condition = self._condition_for(operation)
        if isinstance(condition, Refusal):
            return condition
        measured = self._measured(operation, segments)
        if isinstance(measured, Refusal):
            return measured
        operation, targets = measured
        query = self.base(operation, targets=targets, parts=tuple(_agreed_parts(s) for s in segments))
        sided = self._with_sides(query) if operation == "share" else query
        if isinstance(sided, Refusal):
            return sided
        query = self._with_manner(sided, self._is_of_every(query, ranked), condition)
        if ranked:
            query = replace(query, operation=ranked, ratio=True)
        ambiguous = next((s for s in segments if len(s) > 1), None)
        if ambiguous:
            query = replace(query, alternatives=tuple(self._with_words(f.target) for f in ambiguous))
        return query

    def _operation_for(self, segments: list[list[Found]]) -> Operation:
        operation = self._of_the_same_bodies(self.operation(len(segments)))
        first = segments[0][0]
        if operation == "growth" and first.parts.measure == "change":
            return "value"  # 本年增/减 is a column of the form
        if operation in ("value", "which") and self._why_of_a_group(first.target):
            return "value"
        return operation

    def _of_those_spoken_of(self) -> bool:
        """「行政许可谁多」 after two bodies were asked one by one: of those two, not of all there are."""
        wider = {"max", "min", "all_bodies", "group", "count_bodies", "both", "which_year", "trend", "share", "ratio_word"}
        named = self.bodies or self.places or self.years or self.kinds() or self.latest
        spoken = self.previous is not None and self.previous.bodies and not self.previous.query.every
        sides = self.roles & {"who", "which"} and self.roles & {"more", "less"}
        return bool(spoken and sides) and not named and not self.roles & wider

    def _list_of_one_body(self, operation: Operation) -> Refusal | None:
        """「柴桥有几家…」: one body was named, there is nothing to list or count."""
        if operation in ("which", "count") and len(self.bodies) == 1 and not any(t.has("number") for t in self.rest):
            return self._left({"who", "which", "count_bodies"})
        return None

    def _condition_for(self, operation: Operation) -> Condition | Refusal | None:
        """The bound that was asked; a number that is none must not be passed over."""
        condition = self.condition(operation)
        numbers = tuple(t.text for t in self.rest if t.has("number"))
        percent = any(t.text == "%" for t in self.rest)  # 不予公开超过30%吗: a share is no count
        return Refusal("not_understood", "left_over", numbers) if numbers and (condition is None or percent) else condition

    def _measured(
        self, operation: Operation, segments: list[list[Found]]
    ) -> tuple[Operation, tuple[Target, ...]] | Refusal:
        """What is measured, and what is done with it: the rows of a group where its rows are asked for."""
        targets = tuple(self._with_words(s[0].target) for s in segments)
        if self._lost_one_of_several(operation, targets):
            return self._left({"each"})
        reasons = operation == "value" and self._why_of_a_group(targets[0])
        if "which_part" in self.roles and not reasons:
            targets = self._parts_of(targets[0])
            if operation not in ("max", "min") or not self.bodies or len(targets) < 2:
                return self._left({"which_part"})
        elif "each" in self.roles and operation == "value" and not reasons and targets[0].options:
            parts = self._parts_of(targets[0])
            if len(parts) > 1 and _rows_of(targets[0].options[0][0]):
                return "compare", parts
        return operation, targets

    def _is_of_every(self, query: Query, ranked: Operation | None) -> bool:
        """Is it about all bodies of the store, rather than those named or spoken of?"""
        operation = query.operation
        if operation in ("max", "min", "compare", "rank") and len(self.bodies) > 1:
            return False
        if "both" in self.roles and (self.bodies or self.previous):
            return False
        if "group" in self.roles and len(query.organisations) == self.group_size():
            return False
        grouped = self.roles & {"all_bodies", "group"} or (self.kinds() and operation != "value")
        of_many = (ranked or operation) in MANY_BODIES or operation == "sum"
        return not self.bodies and bool(grouped) or (of_many and not (query.organisations and self.bodies))

    def _with_sides(self, query: Query) -> Query | Refusal:
        """A share's part and whole."""
        if len(query.targets) == 1 and self.previous is not None and self._starts_with_share():
            before = self.previous.query.targets[:1]
            return replace(query, targets=before, denominator=query.targets) if before else query
        if len(query.targets) < 2:
            return query
        sides = self._sides(query.targets)
        if sides is None:
            return self._left({"share", "ratio_word", "list_join"})
        return replace(query, targets=self._own_words(sides[0], 0), denominator=self._own_words(sides[1], 1))

    def _with_manner(self, query: Query, every: bool, condition: Condition | None) -> Query:
        """How it is to be told: of whom, how many, which end first, yes or no, side by side."""
        sized = "group" in self.roles and not self.roles & {"max", "min", "top", "bottom"}
        fewest = self.roles & {"ascending", "bottom", "min"} or ("less" in self.roles and "more" not in self.roles)
        return replace(
            query,
            every=every,
            organisations=() if every and not self.bodies else query.organisations,
            group_size=self.group_size() if sized else None,
            group=self.kinds(),
            condition=condition,
            verdict=query.operation in ("value", "compare") and self.asks_whether(condition),
            negated="negation" in self.roles,
            limit=self.limit(),
            nth="nth" in self.roles,
            descending=not fewest,
            original=bool(self.roles & {"original", "why"}),
            plain=not (self.roles & {"compare", "who", "which", "more", "less", "than", "same"}),
            same="same" in self.roles,
        )

    def _why_of_a_group(self, target: Target) -> bool:
        """「不予公开几件，是什么原因」「不予公开的理由有哪些」: the rows of the group are its reasons, and its sum shows
        them."""
        known = catalogue()
        group = bool(target.options) and bool(known.metrics[target.options[0][0]].sums)
        return group and len(self.bodies) < 2 and any(t.text.endswith(("原因", "理由", "情形")) for t in self.rest)

    def _lost_one_of_several(self, operation: Operation, targets: tuple[Target, ...]) -> bool:
        """「甲和乙分别多少」 of one report: when only one figure was understood, half of the question was lost."""
        several = {"each", "list_join"} <= self.roles
        one = len(targets) == 1 and len(self.bodies) < 2 and len(self.years) < 2 and operation == "value"
        group = one and targets[0].options and bool(catalogue().metrics[targets[0].options[0][0]].sums)
        return several and one and not group

    def _share_operation(self) -> Operation | None:
        """「自然人占比最高的街道」「谁的不予公开占比高」: what is done with the shares of several reports."""
        compared = self.roles & {"max", "min", "rank", "position", "top", "bottom", "descending", "ascending"}
        both = self.roles & {"more", "less", "compare", "difference"}
        if not compared and not ("who" in self.roles and self.roles & {"more", "less"}) and not both:
            return None
        roles, self.roles = self.roles, self.roles - {"share", "ratio_word", "growth"}
        try:
            found = self.operation(1)
        finally:
            self.roles = roles
        return found if found in ("max", "min", "rank", "compare", "position", "difference") else None

    def _of_the_same_bodies(self, operation: Operation) -> Operation:
        """「其中自然人呢」 after two bodies were compared compares them again."""
        before = self.previous.query if self.previous is not None else None
        if before is None or operation != "value" or self.bodies or not self.roles & {"among", "follow_up"}:
            return operation
        many = ("compare", "difference", "sum", "max", "min", "rank")
        again = before.operation in many and len(before.organisations) > 1
        return before.operation if again else operation

    def _declined(self, operation: Operation) -> Refusal | None:
        """Readings that would sound right and be wrong."""
        whole = {"universal", "all_bodies"} if self.bodies else {"universal"}
        if self.roles & whole and self.roles & {"whether", "question_end"}:  # 申请全部公开了吗: is the part the whole?
            return self._left(whole)
        entire = tuple(t.text for t in self.rest if t.has("row") and t.text.startswith(("全", "都")))
        listed = operation in ("which", "count") and not any(t.has("number") for t in self.rest)
        if entire and (listed or self.roles & {"whether", "question_end"}):  # 都公开了吗 as one word
            return Refusal("not_understood", "left_over", entire)
        if self.roles & {"which", "who", "count_bodies"} and self._all_of_them():  # 哪些单位的申请全部公开了
            return self._left({"universal", "all_bodies"})
        if "each" in self.roles and operation in ("max", "min") and len(self.years) > 1 and not self.bodies:
            return self._left({"each"})  # 两年最多的分别是哪家: two winners
        groups = len(self.places) > 1 or (len(self.kinds()) > 1 and "list_join" in self.roles)
        if operation in ("max", "min", "compare", "difference") and not self.bodies and groups:
            return self._left({"who", "max", "min", "compare", "more", "less", "list_join"})  # 街道和镇谁多: two groups
        if "which_year" in self.roles and not self.bodies:
            return Refusal("clarify", "no_body")
        if "each" in self.roles and operation in ("sum", "average") and len(self.years) > 1 and not self.bodies:
            return self._left({"each"})  # 某区两年各合计多少: two sums
        if operation == "rank" and self.roles & {"top", "bottom"} and self._adds_up():
            return self._left({"sum", "total"})  # 前三名合计多少: a ranking is half of it
        if operation in ("max", "min", "rank") and self._of_the_winner():
            return self._left({"max", "min", "top", "bottom", "nth"})
        return None

    def _adds_up(self) -> bool:
        return any(t.text in _ADDED_UP for t in self.rest if t.has("op", "total") or t.has("op", "sum"))

    def _of_the_winner(self) -> bool:
        """「最多的那家予以公开几件」: another figure of the body that came first, not that figure's own ranking."""
        named = said = False
        for token in self.rest:
            if said and names_figure(token):
                return True
            if any(token.has("op", role) for role in ("max", "min", "top", "bottom", "nth")):
                after = "".join(t.text for t in self.all if t.start >= token.end)
                which = _THAT_BODY if named else _THAT_ONE
                ranked = self.previous is not None and token.text.startswith(("第", "倒数"))  # 第一名的行政处罚
                said = said or which.match(after) is not None or (ranked and not named)
            named = named or names_figure(token)
        return False

    def _all_of_them(self) -> bool:
        """全部, 都 straight in front of what was done with the applications: is the part the whole?"""
        return any(
            (first.text in ("全部", "所有") or first.has("op", "universal"))
            and first.end == second.start
            and (second.has("row") or second.has("row~") or second.has("outcome") or second.has("context"))
            for first, second in zip(self.tokens, self.tokens[1:], strict=False)
        )

    def _left(self, roles: set[str]) -> Refusal:
        return Refusal("not_understood", "left_over", tuple(t.text for t in self.rest if set(t.keys("op")) & roles))

    def _parts_of(self, target: Target) -> tuple[Target, ...]:
        """「哪种不予公开最多」「哪类申请人最多」: the rows of a group, or the columns of a row."""
        known = catalogue()
        key = target.options[0][0]
        metric, rows = known.metrics[key], _rows_of(key)
        of_people = any(t.has("op", "which_part") and "人" in t.text for t in self.rest)
        if rows and len(target.applicants) < 2 and not (of_people and target.applicants):
            who = "" if target.applicants in ((), ("total",)) else known.applicants[target.applicants[0]].name
            return tuple(
                Target(((k,),), target.applicants, "", f"{who}{known.metrics[k].name}", metric.unit) for k in rows
            )
        if not target.applicants:
            return (target,)
        columns = target.applicants if len(target.applicants) > 1 else known.applicants["total"].sums
        return tuple(Target(((key,),), (c,), "", f"{known.applicants[c].name}{metric.name}", "件") for c in columns)

    def _sides(self, targets: tuple[Target, ...]) -> tuple[tuple[Target, ...], tuple[Target, ...]] | None:
        """「甲加乙占丙」: what stands before 占 is added up, what stands behind it is the whole."""
        at = next((i for i, t in enumerate(self.all) if t.has("op", "share")), None)
        if at is None:
            return (targets[:1], targets[1:]) if len(targets) == 2 else None
        says_whole = any(names_figure(t) or t.has("row~") or t.has("topic") for t in self.all[at + 1 :])
        parts, whole = (targets[:-1], targets[-1:]) if says_whole else (targets, ())
        if len(parts) < 2:
            return parts, whole
        if "each" in self.roles or len({(t.applicants, t.unit) for t in parts}) > 1:
            return None
        if any(len(t.options) != 1 or len(t.options[0]) != 1 for t in parts):
            return None
        keys = tuple(dict.fromkeys(k for t in parts for k in t.options[0]))
        return (Target((keys,), parts[0].applicants, "", "加".join(t.name for t in parts), parts[0].unit),), whole

    def _own_words(self, side: tuple[Target, ...], half: int) -> tuple[Target, ...]:
        """The words on one side of 占, for reports that print its figure in a sentence only."""
        at = next((i for i, t in enumerate(self.tokens) if t.has("op", "share")), None)
        if at is None or len(side) != 1:
            return side
        said = [t for t in (self.tokens[:at], self.tokens[at + 1 :])[half] if not t.has("op", "ratio_word")]
        return (replace(side[0], words=Spoken(said, None).content_words()),)

    def _starts_with_share(self) -> bool:
        """「占主动公开的多少」: the part is the figure just given."""
        first = next((t for t in self.rest if not t.has("filler") or t.has("op", "share")), None)
        return first is not None and first.has("op", "share")

    def _with_words(self, target: Target) -> Target:
        return replace(target, words=self.content_words())

    def left_over(
        self, operation: str, segments: list[list[Found]], more: frozenset[str] = frozenset()
    ) -> list[str]:
        allowed = USES.get(operation, frozenset()) | ALWAYS | more
        if segments[0][0].parts.measure == "change":
            allowed |= {"growth", "last_year_base", "difference"}
        if operation == "value" and self._why_of_a_group(segments[0][0].target):
            allowed |= {"which_part", "which", "why"}
        if operation not in ("value", "which", "count") and self.roles & {"above", "below", "at_least", "at_most"}:
            return [t.text for t in self.rest if set(t.keys("op")) & {"above", "below", "at_least", "at_most"}]
        out = []
        for token in self.rest:
            roles = token.keys("op")
            if (
                roles
                and not names_figure(token)
                and not token.has("filler")
                and not token.has("context")
                and not set(roles) & allowed
            ):
                out.append(token.text)
        if operation == "value" and "money" in self.roles and segments[0][0].target.unit != "元":
            out.extend(t.text for t in self.rest if t.has("op", "money"))
        if "negation" in self.roles and operation == "value" and not self.asks_whether(None):
            out.extend(t.text for t in self.rest if t.has("op", "negation") and not t.has("filler"))
        return out


def _agreed_parts(found: list[Found]) -> Parts:
    """What was said of a figure: no measure where the word fits several (收费), so that 「行政许可呢」 borrows none."""
    measures = {f.parts.measure for f in found}
    return replace(found[0].parts, measure=None) if len(measures) > 1 else found[0].parts


def _rows_of(key: str) -> tuple[str, ...]:
    """The rows that a row of the form stands for: those of its group, for （七）总计 the groups themselves."""
    known = catalogue()
    return known.metrics[key].sums or (known.rows[key].sums if key in known.rows else ())
