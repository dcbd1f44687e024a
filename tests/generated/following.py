"""Second and third turns: a follow-up replaces one part of the last question, a whole question borrows nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generated.judge import Case, Due
from generated.many import MOST_SHOWN, OPEN, Many, measured, subtracted
from generated.reports import Made
from generated.truth import Thing, known


def _value(made: Made | None, thing: Thing) -> Due:
    """The figure; a blank or missing cell; or that there is no such report."""
    if made is None:
        return Due(("no_data", "clarify"))
    found = known(made, thing)
    if found.state == "number":
        return Due(figures=(found,))
    return Due(("blank",) if found.state == "blank" else ("no_data",))


class Following:
    """Generates conversations of two or three turns; the last one is judged."""

    def __init__(self, many: Many) -> None:
        self.many = many
        self.world, self.random, self.ask = many.world, many.random, many.ask
        self.plain = [t for t in many.things if t.applicant in ("", "total") and not t.options[0].startswith("local.")]
        self.rows = [t for t in self.plain if t.subject == "application"]

    def all(self, times: int) -> Iterator[Case]:
        """So many of each kind."""
        makers = (
            self.another_body, self.another_year, self.another_figure, self.applicant, self.it, self.share, self.growth,
            self.two_bodies, self.other_end, self.group_year, self.group_best, self.afresh,
        )  # fmt: skip
        for make in makers:
            for _ in range(times):
                case = make()
                if case is not None:
                    yield case

    def first(self, made: Made, thing: Thing) -> str:
        """The first question."""
        return f"{self.ask.who(made.body)}{made.year}年{thing.said[0]}{self.ask.how_many(thing)}"

    def drawn(self, things: list[Thing] | None = None) -> tuple[Thing, Made]:
        thing = self.random.choice(things or self.plain)
        return thing, self.many.report(thing)

    def elsewhere(self, made: Made, thing: Thing) -> Made:
        """Another body's report of the same year that prints the thing, where there is one."""
        others = [m for m in self.world.in_year(made.year) if m.body.key != made.body.key and self.world.names(m.body)]
        good = [m for m in others if known(m, thing).state == "number"]
        return self.random.choice(good or others)

    # ------------------------------------------------------------ one part replaced

    def another_body(self) -> Case:
        thing, made = self.drawn()
        other = self.elsewhere(made, thing)
        said = self.random.choice(("那{w}呢", "{w}呢", "{w}的呢", "换成{w}"))
        return Case(
            said.format(w=self.ask.who(other.body)),
            "then/body",
            _value(other, thing),
            before=(self.first(made, thing),),
        )

    def another_year(self) -> Case:
        thing, made = self.drawn()
        year = self.random.choice([y for y in range(2019, 2025) if y != made.year])
        said = self.random.choice(("{y}年呢", "那{y}年呢", "{y}年的呢"))
        due = _value(self.world.report(made.body, year), thing)
        return Case(said.format(y=year), "then/year", due, before=(self.first(made, thing),))

    def another_figure(self) -> Case:
        thing, made = self.drawn()
        other = self.random.choice([t for t in self.plain if t.subject == thing.subject and t.options != thing.options])
        if other.subject != "application" and other.said[0] == thing.said[0]:
            other = thing
        said = self.random.choice(("{n}呢", "那{n}呢", "{n}有多少{u}"))
        if other.unit == "元":
            said = "{n}呢"
        question = said.format(n=other.said[0], u=other.unit)
        return Case(question, "then/figure", _value(made, other), before=(self.first(made, thing),))

    def applicant(self) -> Case:
        thing, made = self.drawn(self.rows)
        key, word = self.random.choice(
            (
                ("individual", "自然人"),
                ("business", "商业企业"),
                ("research", "科研机构"),
                ("organisation", "法人或其他组织"),
            )
        )
        part = next(t for t in self.many.things if t.options == thing.options and t.applicant == key)
        said = self.random.choice(("其中{a}呢", "{a}呢", "其中{a}几件", "里面{a}的有几件"))
        return Case(said.format(a=word), "then/applicant", _value(made, part), before=(self.first(made, thing),))

    def it(self) -> Case:
        thing, made = self.drawn()
        other = self.random.choice(self.plain)
        year = self.random.choice([m.year for m in self.world.of(made.body)])
        question = f"它{year}年{other.said[0]}{self.ask.how_many(other)}"
        return Case(
            question, "then/it", _value(self.world.report(made.body, year), other), before=(self.first(made, thing),)
        )

    def share(self) -> Case:
        """占比多少: of the form's own total"""
        parts = [t for t in self.rows if t.options[0].count(".") == 1 and t.options[0].split(".")[1] in _OUTCOMES]
        thing, made = self.drawn(parts)
        whole = next(t for t in self.rows if t.options == ("application.total",))
        up, down = known(made, thing), known(made, whole)
        due = Due(OPEN)
        if up.state == down.state == "number" and down.value:
            due = Due(figures=(up, down), derived=(((up.value or Decimal(0)) / down.value * 100, "%"),))
        said = self.random.choice(("占比多少", "占多少", "占总数的百分之几", "占比呢"))
        return Case(said, "then/share", due, before=(self.first(made, thing),))

    def growth(self) -> Case | None:
        thing, made = self.drawn()
        before = self.world.report(made.body, made.year - 1)
        if before is None or thing.options[0].endswith(".change"):
            return None
        said = self.random.choice(("比上年多多少", "比上年增加多少", "同比呢", "较去年增长多少"))
        due = subtracted([known(made, thing), known(before, thing)])
        now, then = known(made, thing), known(before, thing)
        if now.state == then.state == "number" and then.value:
            rate = ((now.value or Decimal(0)) - then.value) / then.value * 100
            due = Due(figures=due.figures, derived=(*due.derived, (rate, "%")))
        return Case(said, "then/growth", due, before=(self.first(made, thing),))

    # ------------------------------------------------------------ two bodies, groups

    def two_bodies(self) -> Case:
        thing, made = self.drawn()
        other = self.elsewhere(made, thing)
        found = [known(made, thing), known(other, thing)]
        asks = (self.first(made, thing), f"那{self.ask.who(other.body)}呢")
        if self.random.random() < 0.5:
            return Case(
                self.random.choice(("两家差多少", "差多少", "两家相差几" + thing.unit)),
                "then/gap",
                subtracted(found),
                before=asks,
            )
        return Case(
            self.random.choice(("两家谁多", "谁多", "哪个更多")),
            "then/more",
            self.many.compared(found, True),
            before=asks,
        )

    def other_end(self) -> Case:
        """最多的三家 → 后三名呢"""
        thing, _made = self.drawn()
        group = self.many.groups(thing)
        _, number = measured(group.reports, thing)
        ordered = tuple(sorted(number, key=lambda f: f.value or Decimal(0)))
        equal = sum(1 for f in ordered if f.value == ordered[0].value)
        tie = Due(
            derived=((ordered[0].value or Decimal(0), self.many.unit(thing)),), exact=False, says=(f"{equal}家并列",)
        )
        due = Due(figures=ordered, ordered=True, limit=3, otherwise=tie if equal > 8 else None)
        said = self.random.choice(("后三名呢", "最少的三家呢", "倒数三名呢"))
        return Case(said, "then/other end", due, before=(f"{group.said}{thing.said[0]}前三名",))

    def group_year(self) -> Case | None:
        """各街道…排名 → 2021年呢"""
        thing, _made = self.drawn()
        group = self.many.groups(thing)
        kinds = {m.body.kind for m in group.reports}
        year = self.random.choice([y for y in range(2019, 2025) if y != group.reports[0].year])
        reports = [m for m in self.world.in_year(year) if len(kinds) > 2 or m.body.kind in kinds]
        _, number = measured(reports, thing)
        if not number:
            return None
        ordered = tuple(sorted(number, key=lambda f: f.value or Decimal(0), reverse=True))
        due = Due(figures=ordered, ordered=True, limit=MOST_SHOWN)
        return Case(f"{year}年呢", "then/group year", due, before=(f"{group.said}{thing.said[0]}排名",))

    def group_best(self) -> Case:
        """各街道…排名 → 哪个最少"""
        thing, _made = self.drawn()
        group = self.many.groups(thing)
        _, number = measured(group.reports, thing)
        edge = min(f.value or Decimal(0) for f in number)
        best = tuple(f for f in number if f.value == edge)
        due = Due(figures=best, winners=tuple(f.made.body.org for f in best))
        if len(best) > 8:
            due = Due(derived=((edge, self.many.unit(thing)),), exact=False, says=(f"{len(best)}",))
        return Case(
            self.random.choice(("哪个最少", "最少的是谁", "哪家最少")),
            "then/group best",
            due,
            before=(f"{group.said}{thing.said[0]}排名",),
        )

    def afresh(self) -> Case:
        """A whole question in between: applicant, row and year of the one before are not borrowed."""
        thing, made = self.drawn([t for t in self.many.things if t.applicant in ("individual", "business")])
        other, report = self.drawn()
        return Case(self.first(report, other), "then/afresh", _value(report, other), before=(self.first(made, thing),))


_OUTCOMES = ("granted", "partly_granted", "refused", "unavailable", "not_processed", "other")
