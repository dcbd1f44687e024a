"""Questions over several reports: yes or no, compare, add up, rank, count, shares, change over years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from generated.asking import Asker
from generated.bodies import Body
from generated.judge import Case, Due
from generated.reports import YEARS, Made
from generated.truth import Known, Thing, World, known

# these are due where a cell that takes part is blank or missing
OPEN = ("blank", "no_data")
# how many figures an answer lists at most
MOST_SHOWN = 20

_GROUPS: dict[str, tuple[str, ...]] = {
    "街道": ("所有街道", "各街道", "全部街道"),
    "局": ("所有局", "各局"),
    "镇": ("所有镇", "各镇"),
    "镇乡": ("各乡镇", "所有乡镇"),
    "": ("所有单位", "各单位", "全部单位", "各家单位"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Reports a group question is about, and how it is said."""

    said: str
    reports: tuple[Made, ...]


class Many:
    """Generates the cases; ``things`` are drawn so that each comes up."""

    def __init__(self, world: World, things: list[Thing], random: Random) -> None:
        self.world = world
        self.things = things
        self.random = random
        self.ask = Asker(world, random)
        self._next = 0

    # ------------------------------------------------------------ draws

    def thing(self) -> Thing:
        """The next thing: all of them come up before one comes again; the plain ones more often."""
        if self.random.random() < 0.35:
            return self.random.choice([t for t in self.things if t.applicant in ("", "total")])
        self._next += 1
        return self.things[(self._next * 7) % len(self.things)]

    def noun(self, thing: Thing) -> str:
        """What is asked, as a noun phrase."""
        said = [s for s in thing.said if not s.endswith(("的", "了", "过"))] or list(thing.said)
        return said[0] if self.random.random() < 0.6 else self.random.choice(said)

    def report(self, thing: Thing) -> Made:
        """A report that mostly prints the thing."""
        made = self.random.choice(self.world.reports)
        for _ in range(30):
            if known(made, thing).value or self.random.random() < 0.03:
                break
            made = self.random.choice(self.world.reports)
        return made

    def pair(self, thing: Thing, number: int) -> list[Made]:
        """Reports of as many bodies in one year; mostly ones that print the thing."""
        for _ in range(60):
            first = self.report(thing)
            others = [m for m in self.world.in_year(first.year) if m.body.key != first.body.key]
            if self.random.random() < 0.93:
                others = [m for m in others if known(m, thing).state == "number"]
            if len(others) >= number - 1:
                return [first, *self.random.sample(others, number - 1)]
        raise AssertionError(f"nobody prints {thing.options}")

    def plain(self, thing: Thing) -> Thing:
        return thing

    def unit(self, thing: Thing) -> str:
        return "元" if thing.unit == "元" else thing.unit

    # ------------------------------------------------------------ yes or no

    def whether(self, times: int) -> Iterator[Case]:
        """有没有 …"""
        fitting = [
            t for t in self.things if t.subject in ("application", "review") or t.options[0].endswith(".decisions")
        ]
        for _ in range(times):
            thing = self.random.choice(fitting)
            made = self.random.choice(self.world.reports)
            found = known(made, thing)
            noun, who, when = self.noun(thing), self.ask.who(made.body), self.ask.year(made.year)
            if noun.startswith(("都", "全")):  # 有都公开的吗 asks whether all are
                continue
            question = self.random.choice(
                (
                    f"{who}{when}有没有{noun}",
                    f"{who}{when}有{noun}吗",
                    f"{who}{when}是否有{noun}",
                    f"{when}{who}有无{noun}？",
                )
            )
            due = Due(figures=(found,), verdict=bool(found.value)) if found.state == "number" else _open(found)
            yield Case(self.ask.around(question) if "？" not in question else question, f"whether/{thing.subject}", due)

    def threshold(self, times: int) -> Iterator[Case]:
        """超过5件了吗"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            found = known(made, thing)
            if found.state == "number" and (found.value or Decimal(0)) < 0:
                continue
            bound, said = self.bound(found, thing)
            sign, ways = self.random.choice(_SIGNS)
            way = self.random.choice(ways).format(n=said)
            question = f"{self.ask.who(made.body)}{self.ask.year(made.year)}{self.noun(thing)}{way}"
            due = _open(found)
            if found.state == "number" and found.value is not None:
                due = Due(figures=(found,), verdict=holds(sign, found.value, bound))
            yield Case(question, f"threshold/{thing.subject}", due)

    def bound(self, found: Known, thing: Thing) -> tuple[Decimal, str]:
        """A limit near the value, and how it is said."""
        value = int(found.value or 0)
        if thing.unit == "元":
            tens = max(1, value // 10000 + self.random.choice((-3, 0, 1, 20)))
            return Decimal(tens) * 10000, f"{tens}万元"
        number = max(1, value + self.random.choice((-2, -1, 0, 1, 3)))
        return Decimal(number), f"{number}{thing.unit}"

    # ------------------------------------------------------------ two or three bodies

    def compare(self, times: int) -> Iterator[Case]:
        """谁多"""
        for _ in range(times):
            thing = self.thing()
            made = self.pair(thing, self.random.choice((2, 2, 3)))
            found = [known(m, thing) for m in made]
            more = self.random.random() < 0.7
            question = self.compare_words(made, self.noun(thing), more)
            yield Case(question, f"compare/{len(made)}", self.compared(found, more))

    def compare_words(self, made: Sequence[Made], noun: str, more: bool) -> str:
        names = self.names([m.body for m in made])
        when, word = self.ask.year(made[0].year), "多" if more else "少"
        most = "最多" if more else "最少"
        if len(made) == 2:
            return self.random.choice(
                (f"{names}{when}谁{noun}{word}", f"{when}{names}，{noun}谁更{word}", f"{names}{when}{noun}哪家{word}",
                 f"{when}{names}哪个{noun}更{word}？")
            )  # fmt: skip
        return self.random.choice(
            (f"{names}{when}谁{noun}{most}", f"{when}{names}里{noun}{most}的是哪家", f"{names}{when}{noun}谁{most}")
        )

    def names(self, bodies: Sequence[Body]) -> str:
        """A list of bodies as people write it."""
        said = [self.ask.who(b) for b in bodies]
        joint = self.random.choice(("和", "跟", "与", "、"))
        return "、".join(said[:-1]) + joint + said[-1]

    def compared(self, found: Sequence[Known], more: bool) -> Due:
        number = [f for f in found if f.state == "number"]
        if len(number) < len(found):
            return Due(OPEN, otherwise=self.best(number, more, ("没",)) if len(found) > 2 and number else None)
        edge = (max if more else min)(f.value or Decimal(0) for f in number)
        best = tuple(f.made.body.org for f in number if f.value == edge)
        if len(found) > 2:  # the best alone, or all of them
            return Due(figures=tuple(number), winners=best, otherwise=self.best(number, more))
        if len(best) == len(number):
            return Due(figures=tuple(number), says=("一样",))
        return Due(figures=tuple(number), winners=best)

    def best(self, number: Sequence[Known], more: bool, says: tuple[str, ...] = ()) -> Due:
        """Only the best are shown."""
        edge = (max if more else min)(f.value or Decimal(0) for f in number)
        best = tuple(f for f in number if f.value == edge)
        return Due(figures=best, winners=tuple(f.made.body.org for f in best), says=says)

    def difference(self, times: int) -> Iterator[Case]:
        """差几件"""
        for _ in range(times):
            thing = self.thing()
            made = self.pair(thing, 2)
            found = [known(m, thing) for m in made]
            noun, unit = self.noun(thing), self.unit(thing)
            a, b = (self.ask.who(m.body) for m in made)
            when = self.ask.year(made[0].year)
            question = self.random.choice(
                (f"{a}和{b}{when}{noun}差多少{unit}", f"{when}{a}{noun}比{b}多多少{unit}", f"{when}{a}跟{b}{noun}相差几{unit}",
                 f"{a}{made[0].year}年{noun}比{b}{made[0].year}年多几{unit}")
            )  # fmt: skip
            yield Case(question, f"difference/{thing.subject}", subtracted(found))

    def difference_of_years(self, times: int) -> Iterator[Case]:
        """2020年和2021年差几件"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            other = self.random.choice([m for m in self.world.of(made.body) if m is not made])
            found = [known(made, thing), known(other, thing)]
            noun, unit, who = self.noun(thing), self.unit(thing), self.ask.who(made.body)
            question = self.random.choice(
                (f"{who}{made.year}年和{other.year}年{noun}差多少{unit}", f"{who}{made.year}年{noun}比{other.year}年多几{unit}",
                 f"{who}{other.year}年跟{made.year}年的{noun}相差多少{unit}")
            )  # fmt: skip
            yield Case(question, f"years/{thing.subject}", subtracted(found))

    # ------------------------------------------------------------ sums and averages

    def sums(self, times: int) -> Iterator[Case]:
        """加起来"""
        for _ in range(times):
            thing = self.thing()
            made = self.pair(thing, self.random.choice((2, 3)))
            found = [known(m, thing) for m in made]
            names, when, noun, unit = (
                self.names([m.body for m in made]),
                self.ask.year(made[0].year),
                self.noun(thing),
                self.unit(thing),
            )
            question = self.random.choice(
                (f"{names}{when}{noun}加起来多少{unit}", f"{when}{names}一共有多少{unit}{noun}", f"{names}{when}{noun}合计多少{unit}",
                 f"{when}{names}{noun}总共多少{unit}")
            )  # fmt: skip
            number = [f for f in found if f.state == "number"]
            due = Due(OPEN)
            if len(number) == len(found):
                due = Due(figures=tuple(number), derived=((total(number), unit),))
            yield Case(question, f"sum/{len(made)}", due)

    def groups(self, thing: Thing) -> Group:
        """A group of bodies in one year that mostly has the thing."""
        for _ in range(40):
            year = self.report(thing).year
            kind = self.random.choice(list(_GROUPS))
            reports = tuple(m for m in self.world.in_year(year) if not kind or m.body.kind in kind)
            if len(reports) > 1 and any(known(m, thing).state == "number" for m in reports):
                return Group(f"{self.ask.year(year)}{self.random.choice(_GROUPS[kind])}", reports)
        raise AssertionError(thing)

    def group_sums(self, times: int) -> Iterator[Case]:
        """所有街道一共"""
        for _ in range(times):
            thing = self.thing()
            group = self.groups(thing)
            found, number = measured(group.reports, thing)
            noun, unit = self.noun(thing), self.unit(thing)
            way = self.random.choice(
                ("{g}{n}加起来多少{u}", "{g}一共有多少{u}{n}", "{g}{n}合计是多少", "{g}{n}总共多少{u}")
            )
            question = way.format(g=group.said, n=noun, u=unit)
            due = Due(figures=tuple(number), derived=((total(number), unit),), says=_missing(found), limit=MOST_SHOWN)
            if len(number) > MOST_SHOWN:
                due = Due(derived=((total(number), unit),), says=_missing(found), exact=False)
            yield Case(self.ask.around(question), f"groupsum/{thing.subject}", due)

    def places(self, times: int) -> Iterator[Case]:
        """清渠区各街道 · 云川市各单位: the bodies of a place"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            place = self.random.choice(made.body.places)
            kind, said = self.random.choice(
                (("街道", "各街道"), ("", "各单位"), ("镇", "各镇"), ("街道", "所有街道"), ("", "所有单位"))
            )
            inside = [
                m for m in self.world.in_year(made.year) if place in m.body.places and (not kind or m.body.kind == kind)
            ]
            found, number = measured(inside, thing)
            noun, unit, when = self.noun(thing), self.unit(thing), self.ask.year(made.year)
            question = self.random.choice(
                (f"{when}{place}{said}{noun}一共多少{unit}", f"{place}{said}{when}{noun}加起来多少{unit}")
            )
            due = Due(OPEN)
            if number:
                due = Due(derived=((total(number), unit),), exact=False, says=_missing(found))
            yield Case(question, "place", due)

    def averages(self, times: int) -> Iterator[Case]:
        """平均每家"""
        for _ in range(times):
            thing = self.thing()
            group = self.groups(thing)
            found, number = measured(group.reports, thing)
            noun, unit = self.noun(thing), self.unit(thing)
            way = self.random.choice(
                ("{g}平均{n}多少{u}", "{g}平均每家{n}多少{u}", "{g}{n}的平均数是多少", "{g}{n}平均是多少{u}")
            )
            question = way.format(g=group.said, n=noun, u=unit)
            mean = total(number) / len(number)
            yield Case(
                question, f"average/{thing.subject}", Due(derived=((mean, unit),), exact=False, says=_missing(found))
            )

    # ------------------------------------------------------------ rankings

    def rankings(self, times: int) -> Iterator[Case]:
        """排名 · 前三名 · 从少到多"""
        for _ in range(times):
            thing = self.thing()
            group = self.groups(thing)
            _, number = measured(group.reports, thing)
            noun = self.noun(thing)
            limit = self.random.choice((None, 3, 5, 2))
            down = self.random.random() < 0.7
            question = self.ranking_words(group.said, noun, limit, down)
            ordered = tuple(sorted(number, key=lambda f: f.value or Decimal(0), reverse=down))
            equal = sum(1 for f in ordered if f.value == ordered[0].value)
            tie = Due(
                derived=((ordered[0].value or Decimal(0), self.unit(thing)),), exact=False, says=(f"{equal}家并列",)
            )
            due = Due(
                figures=ordered, ordered=True, limit=limit or MOST_SHOWN, otherwise=tie if limit and equal > 8 else None
            )
            yield Case(question, f"rank/{limit or 'all'}{'' if down else ' up'}", due)

    def ranking_words(self, who: str, noun: str, limit: int | None, down: bool) -> str:
        if limit is None:
            order = self.random.choice(("从多到少", "从高到低") if down else ("从少到多", "从低到高", "由少到多"))
            if down and self.random.random() < 0.5:
                return self.random.choice((f"{who}{noun}排名", f"{who}按{noun}排个序", f"{who}{noun}排一下名"))
            return self.random.choice(
                (f"把{who}按{noun}{order}排一下", f"{who}{noun}{order}排列", f"{who}按{noun}{order}排")
            )
        count = {2: "两", 3: "三", 5: "五"}[limit]
        if down:
            return self.random.choice(
                (
                    f"{who}{noun}前{count}名",
                    f"{who}{noun}排前{limit}的是哪些单位",
                    f"{who}里{noun}最多的{count}家是哪些",
                    f"{who}{noun}top{limit}",
                )
            )
        return self.random.choice(
            (f"{who}里{noun}最少的{count}家", f"{who}{noun}最少的{count}家是哪些单位", f"{who}{noun}后{count}名")
        )

    def extremes(self, times: int) -> Iterator[Case]:
        """最多的是哪家"""
        for _ in range(times):
            thing = self.thing()
            high = self.random.random() < 0.65
            noun, word = self.noun(thing), "最多" if high else "最少"
            group = self.groups(thing)
            if self.random.random() < 0.2:  # the whole store
                group = Group(self.random.choice(("", "所有单位里")), tuple(self.world.reports))
            _, number = measured(group.reports, thing)
            edge = (max if high else min)(f.value or Decimal(0) for f in number)
            best = tuple(f for f in number if f.value == edge)
            said = group.said
            question = self.random.choice(
                (
                    f"{said}{noun}{word}的是哪家",
                    f"{said}谁的{noun}{word}",
                    f"{said}哪个单位{noun}{word}",
                    f"{said}{noun}哪家{word}",
                )
            )
            names = tuple(f.made.body.org for f in best)
            due = Due(figures=best, winners=names)
            if len(best) > 8:
                due = Due(derived=((edge, self.unit(thing)),), exact=False, says=(f"{len(best)}",))
            yield Case(question, f"{'max' if high else 'min'}/{thing.subject}", due)

    def positions(self, times: int) -> Iterator[Case]:
        """排第几"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            found = known(made, thing)
            noun = self.noun(thing)
            who, when = self.ask.who(made.body), self.ask.year(made.year)
            question = self.random.choice(
                (f"{who}{when}{noun}排第几", f"{when}{noun}{who}排第几名", f"{who}{when}{noun}在所有单位里排第几位")
            )
            if found.state != "number":
                yield Case(question, "position", Due(OPEN))
                continue
            field = [known(m, thing) for m in self.world.in_year(made.year)]
            place = 1 + sum(1 for f in field if f.state == "number" and (f.value or 0) > (found.value or 0))
            yield Case(question, "position", Due(figures=(found,), derived=((Decimal(place), "名"),)))

    # ------------------------------------------------------------ counting bodies

    def counts(self, times: int) -> Iterator[Case]:
        """有几家 · 哪些单位"""
        for _ in range(times):
            thing = self.thing()
            if thing.options[0].endswith(".change"):
                continue
            group = self.groups(thing)
            _, number = measured(group.reports, thing)
            listing = self.random.random() < 0.5
            question, sign, bound = self.count_words(group, thing, number, listing)
            hits = sorted(
                (f for f in number if holds(sign, f.value or Decimal(0), bound)),
                key=lambda f: f.value or Decimal(0),
                reverse=True,
            )
            due = Due(figures=tuple(hits), derived=((Decimal(len(hits)), "个"),), limit=MOST_SHOWN)
            yield Case(question, f"{'which' if listing else 'count'}/{thing.subject}", due)

    def count_words(
        self, group: Group, thing: Thing, number: Sequence[Known], listing: bool
    ) -> tuple[str, str, Decimal]:
        noun, when = self.noun(thing), self.ask.year(group.reports[0].year)
        kind = next((k for k in ("街道", "镇", "局") if all(m.body.kind == k for m in group.reports)), "")
        who = (
            (f"哪些{kind or '单位'}" if listing else f"几个{kind}" if kind in ("街道", "镇") else "几家单位")
            if kind != "局"
            else ("哪些局" if listing else "几个局")
        )
        if len({m.body.kind for m in group.reports}) == 2:
            who = "哪些乡镇" if listing else "几个乡镇"
        if self.random.random() < 0.35 and thing.unit != "元":
            return self.random.choice((f"{when}{who}有{noun}", f"{when}有{who}有{noun}")), ">", Decimal(0)
        bound, said = self.bound(self.random.choice(list(number)), thing)
        sign, way = self.random.choice(
            ((">", "超过{n}"), (">=", "不少于{n}"), ("<", "不到{n}"), (">=", "达到{n}"), ("<=", "不超过{n}"))
        )
        condition = way.format(n=said)
        return self.random.choice((f"{when}{who}{noun}{condition}", f"{when}有{who}{noun}{condition}")), sign, bound

    # ------------------------------------------------------------ shares and change

    def shares(self, times: int) -> Iterator[Case]:
        """占"""
        pairs = self.share_pairs()
        for _ in range(times):
            part, whole, words = self.random.choice(pairs)
            made = self.report(part)
            up, down = known(made, part), known(made, whole)
            who, when = self.ask.who(made.body), self.ask.year(made.year)
            question = f"{who}{when}{words}"
            due = Due(OPEN)
            if up.state == "number" and down.state == "number" and down.value:
                rate = (up.value or Decimal(0)) / down.value * 100
                due = Due(figures=(up, down), derived=((rate, "%"),))
                if rate > 100:  # a part larger than its whole is worth asking back about
                    due = Due(("clarify",), otherwise=due)
            yield Case(self.ask.around(question), "share", due)

    def share_pairs(self) -> list[tuple[Thing, Thing, str]]:
        by = {(t.options[0], t.applicant): t for t in self.things if len(t.options) == 1}
        received, done = by["application.received", "total"], by["application.total", "total"]
        out = []
        for (key, applicant), thing in by.items():
            if key == "application.received" and applicant != "total":
                name = "其他法人" if applicant == "other" else thing.said[0].removesuffix("提出的申请")
                out += [
                    (thing, received, f"{name}申请占新收申请的比例"),
                    (thing, received, f"收到的申请中{name}占比多少"),
                ]
            elif (
                thing.subject == "application"
                and applicant == "total"
                and key.count(".") == 1
                and key not in ("application.received", "application.total", "application.carried_in")
            ):
                if key != "application.carried_out":
                    out += [
                        (thing, done, f"{thing.said[0]}占办理结果总计的百分之几"),
                        (thing, received, f"{thing.said[0]}占新收申请的比例是多少"),
                    ]
            elif thing.subject == "review" and not key.endswith(".total"):
                block = key.rsplit(".", 1)[0]
                out.append((thing, by[f"{block}.total", ""], f"{thing.said[0]}占比是多少"))
            elif key in ("local.website", "local.weibo", "local.wechat"):
                out.append((thing, by["local.disclosed", ""], f"{thing.said[0]}占主动公开政府信息数的比例"))
        return out

    def rates(self, times: int) -> Iterator[Case]:
        """公开率 and its like, with the formulas of RULES.md"""
        by = {(t.options[0], t.applicant): t for t in self.things if len(t.options) == 1}
        total_ = ("application.total", "total")
        named = {
            "公开率": ([("application.granted", "total")], [total_], []),
            "实质公开率": ([("application.granted", "total"), ("application.partly_granted", "total")], [total_], []),
            "不予公开率": ([("application.refused", "total")], [total_], []),
            "复议纠错率": ([("review.corrected", "")], [("review.total", "")], [("review.pending", "")]),
        }
        for _ in range(times):
            name, (upper, lower, less) = self.random.choice(list(named.items()))
            made = self.report(by[upper[0]])
            up, down, off = ([known(made, by[k]) for k in keys] for keys in (upper, lower, less))
            due = Due(OPEN)
            if all(f.state == "number" for f in (*up, *down, *off)) and total(down) - total(off):
                due = Due(derived=((total(up) / (total(down) - total(off)) * 100, "%"),), figures=(*up, *down, *off))
            question = f"{self.ask.who(made.body)}{self.ask.year(made.year)}{name}是多少"
            yield Case(self.ask.around(question), f"rate/{name}", due)

    def growth(self, times: int) -> Iterator[Case]:
        """比上年"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            before = self.world.report(made.body, made.year - 1)
            if before is None and self.random.random() < 0.8 or thing.options[0].endswith(".change"):
                continue
            who, when, noun, unit = (
                self.ask.who(made.body),
                self.ask.year(made.year),
                self.noun(thing),
                self.unit(thing),
            )
            rate = self.random.random() < 0.4
            ways = (f"{who}{when}{noun}同比增长多少", f"{who}{when}{noun}的增长率是多少", f"{when}{who}{noun}同比增幅多少") if rate else (
                f"{who}{when}{noun}比上年增加多少{unit}", f"{who}{when}{noun}较上年多了多少{unit}", f"{when}{who}{noun}比去年少了几{unit}",
                f"{who}{when}{noun}跟上年比增加了几{unit}")  # fmt: skip
            now = known(made, thing)
            then = known(before, thing) if before else None
            due = Due(OPEN)
            if now.state == "number" and then is not None and then.state == "number":
                gap = (now.value or Decimal(0)) - (then.value or Decimal(0))
                wanted = [(gap, unit)]
                if rate and then.value:
                    wanted = [(gap / then.value * 100, "%")]
                due = Due(figures=(now, then), derived=tuple(wanted))
            yield Case(self.random.choice(ways), f"growth/{'rate' if rate else 'gap'}", due)

    def trends(self, times: int) -> Iterator[Case]:
        """历年 · 近三年 · 2019到2022年"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            mine = self.world.of(made.body)
            who, noun = self.ask.who(made.body), self.noun(thing)
            way = self.random.choice(("all", "latest", "range"))
            if way == "all":
                question = self.random.choice(
                    (
                        f"{who}历年{noun}",
                        f"{who}这几年{noun}变化趋势",
                        f"{who}{noun}历年情况怎么样",
                        f"{who}每年的{noun}",
                    )
                )
            elif way == "latest":
                mine = [m for m in mine if m.year > max(m.year for m in mine) - 3]
                question = self.random.choice(
                    (f"{who}近三年{noun}", f"{who}最近三年的{noun}变化", f"{who}近3年{noun}走势")
                )
            else:
                first, last = min(made.year, 2021), max(made.year, 2022)
                mine = [m for m in mine if first <= m.year <= last]
                question = self.random.choice(
                    (
                        f"{who}{first}到{last}年{noun}",
                        f"{who}{first}-{last}年{noun}变化趋势",
                        f"{first}年至{last}年{who}的{noun}分别是多少",
                    )
                )
            number = [f for f in (known(m, thing) for m in mine) if f.state == "number"]
            due = Due(figures=tuple(number)) if number else Due(OPEN)
            yield Case(question, f"trend/{way}", due)

    def sums_of_years(self, times: int) -> Iterator[Case]:
        """2019到2021年一共"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            mine = self.world.of(made.body)
            first, last = sorted(self.random.sample([m.year for m in mine], 2))
            inside = [m for m in mine if first <= m.year <= last]
            found, number = measured(inside, thing)
            who, noun, unit = self.ask.who(made.body), self.noun(thing), self.unit(thing)
            question = self.random.choice(
                (
                    f"{who}{first}到{last}年{noun}加起来多少{unit}",
                    f"{who}{first}年至{last}年一共有多少{unit}{noun}",
                    f"{who}{first}-{last}年{noun}合计多少",
                )
            )
            whole = Due(figures=tuple(number), derived=((total(number), unit),)) if number else Due(OPEN)
            due = whole
            if len(number) < len(found) or len(inside) < last - first + 1:  # a year is missing: refused, or said
                due = Due(OPEN, otherwise=Due(figures=whole.figures, derived=whole.derived, says=("没",)))
            yield Case(question, "sum of years", due)

    # ------------------------------------------------------------ two figures of one report, the years of one body

    def two_figures(self, times: int) -> Iterator[Case]:
        """处罚和强制一共几件 · 哪个多 · 各几件 · 差几件"""
        families = (
            [t for t in self.things if t.options[0].endswith(".decisions")],
            [
                t
                for t in self.things
                if t.options[0].count(".") == 1 and t.applicant == "total" and t.options[0] in _OUTCOMES
            ],
            [
                t
                for t in self.things
                if t.options[0] in ("local.website", "local.weibo", "local.wechat", "local.gazette")
            ],
            [
                t
                for t in self.things
                if t.options == ("application.received",) and t.applicant in ("individual", "business", "research")
            ],
            [t for t in self.things if t.options[0] in ("review.total", "litigation.total")],
        )
        for _ in range(times):
            one, two = self.random.sample(self.random.choice(families), 2)
            made = self.report(one)
            found = [known(made, one), known(made, two)]
            a, b, unit = one.said[0].removesuffix("的申请"), two.said[0].removesuffix("的申请"), self.unit(one)
            who, when = self.ask.who(made.body), self.ask.year(made.year)
            way = self.random.choice(("sum", "more", "each", "gap"))
            question = {
                "sum": f"{who}{when}{a}和{b}一共多少{unit}",
                "more": f"{who}{when}{a}和{b}哪个多",
                "each": f"{who}{when}{a}和{b}各多少{unit}",
                "gap": f"{who}{when}{a}比{b}多多少{unit}",
            }[way]
            number = tuple(f for f in found if f.state == "number")
            due = Due(OPEN)
            if len(number) == 2:
                values = [f.value or Decimal(0) for f in number]
                computed = {"sum": sum(values), "gap": values[0] - values[1]}.get(way)
                due = Due(figures=number, derived=((computed, unit),) if computed is not None else ())  # type: ignore[arg-type]
            elif number and way == "each":
                due = Due(OPEN, otherwise=Due(figures=number, says=("没",)))
            yield Case(question, f"two figures/{way}", due)

    def best_years(self, times: int) -> Iterator[Case]:
        """哪年最多"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            _, number = measured(self.world.of(made.body), thing)
            high = self.random.random() < 0.7
            who, noun, word = self.ask.who(made.body), self.noun(thing), "最多" if high else "最少"
            question = self.random.choice(
                (f"{who}哪年{noun}{word}", f"{who}{noun}{word}的是哪一年", f"{who}历年{noun}哪年{word}")
            )
            due = Due(OPEN)
            if len(number) > 1:
                edge = (max if high else min)(f.value or Decimal(0) for f in number)
                best = tuple(f for f in number if f.value == edge)
                due = Due(figures=best, winners=tuple(str(f.made.year) for f in best))
                due = Due(figures=best, winners=due.winners, otherwise=Due(figures=tuple(number), winners=due.winners))
            elif number:
                due = Due((*OPEN, "clarify"), otherwise=Due(figures=tuple(number)))
            yield Case(question, "best year", due)

    def without(self, times: int) -> Iterator[Case]:
        """谁没有: printed as 0, not left blank"""
        fitting = [
            t
            for t in self.things
            if t.subject in ("application", "review") and t.applicant in ("", "total", "individual")
        ]
        for _ in range(times):
            thing = self.random.choice(fitting)
            group = self.groups(thing)
            _, number = measured(group.reports, thing)
            when, noun = self.ask.year(group.reports[0].year), self.noun(thing)
            kind = next((k for k in ("街道", "镇", "局") if all(m.body.kind == k for m in group.reports)), "")
            if len({m.body.kind for m in group.reports}) == 2:
                kind = "乡镇"
            question = self.random.choice(
                (f"{when}哪些{kind or '单位'}没有{noun}", f"{when}没有{noun}的{kind or '单位'}有哪些")
            )
            hits = tuple(f for f in number if f.value == 0)
            due = Due(figures=hits, derived=((Decimal(len(hits)), "个"),), limit=MOST_SHOWN)
            yield Case(question, "without", due)

    def best_rates(self, times: int) -> Iterator[Case]:
        """公开率最高的是哪家"""
        by = {(t.options[0], t.applicant): t for t in self.things if len(t.options) == 1}
        part, whole = by["application.granted", "total"], by["application.total", "total"]
        for _ in range(times):
            year = self.random.choice(YEARS)
            high = self.random.random() < 0.6
            rates = {}
            for made in self.world.in_year(year):
                up, down = known(made, part), known(made, whole)
                if up.state == down.state == "number" and down.value:
                    rates[made.body.key] = ((up.value or Decimal(0)) / down.value * 100, up, down)
            edge = (max if high else min)(r for r, _, _ in rates.values())
            best = [(up, down) for r, up, down in rates.values() if r == edge]
            question = f"{self.ask.year(year)}公开率{'最高' if high else '最低'}的是哪家"
            due = Due(derived=((edge, "%"),), exact=False, winners=tuple(up.made.body.org for up, _ in best))
            yield Case(question, "best rate", due)

    def rate_of(self, made: Made) -> Decimal | None:
        """公开率, in percent; None where a cell is empty or the whole is 0."""
        by = {(t.options[0], t.applicant): t for t in self.things if len(t.options) == 1}
        up, down = (known(made, by[f"application.{key}", "total"]) for key in ("granted", "total"))
        if up.state != "number" or down.state != "number" or not down.value:
            return None
        return (up.value or Decimal(0)) / down.value * 100

    def compared_rates(self, times: int) -> Iterator[Case]:
        """谁的公开率高: one of the two is named; a rate that cannot be decides nothing"""
        by = {(t.options[0], t.applicant): t for t in self.things if len(t.options) == 1}
        for _ in range(times):
            pair = self.pair(by["application.granted", "total"], 2)
            rates = [self.rate_of(made) for made in pair]
            who, when = self.names([made.body for made in pair]), self.ask.year(pair[0].year)
            more = self.random.random() < 0.6
            question = f"{who}{when}{'谁的公开率' + ('高' if more else '低')}"
            if self.random.random() < 0.4:
                question = f"{when}{who}公开率哪家更{'高' if more else '低'}"
            if any(rate is None or rate > 100 for rate in rates):
                yield Case(question, "rate/compare", Due(OPEN))
                continue
            edge = (max if more else min)(r for r in rates if r is not None)
            best = tuple(m.body.org for m, r in zip(pair, rates, strict=True) if r == edge)
            due = Due(derived=((edge, "%"),), exact=False, winners=best)
            yield Case(question, "rate/compare", due)

    def best_shares(self, times: int) -> Iterator[Case]:
        """自然人申请占比最高的是哪家"""
        by = {(t.options[0], t.applicant): t for t in self.things if len(t.options) == 1}
        parts = (("individual", "自然人申请"), ("business", "商业企业申请"))
        for _ in range(times):
            applicant, said = self.random.choice(parts)
            part, whole = by["application.received", applicant], by["application.received", "total"]
            year, high = self.random.choice(YEARS), self.random.random() < 0.6
            shares: dict[int, Decimal] = {}
            for made in self.world.in_year(year):
                up, down = known(made, part), known(made, whole)
                if up.state == down.state == "number" and down.value and (up.value or 0) <= down.value:
                    shares[made.body.key] = (up.value or Decimal(0)) / down.value * 100
            edge = (max if high else min)(shares.values())
            best = tuple(m.body.org for m in self.world.in_year(year) if shares.get(m.body.key) == edge)
            word = "最高" if high else "最低"
            question = self.random.choice((f"{year}年{said}占比{word}的是哪家", f"{year}年哪家{said}占比{word}"))
            yield Case(question, "share/best", Due(derived=((edge, "%"),), exact=False, winners=best))

    def nths(self, times: int) -> Iterator[Case]:
        """第二多的是谁 · 倒数第三的街道"""
        for _ in range(times):
            thing = self.thing()
            noun, group = self.noun(thing), self.groups(thing)
            _, number = measured(group.reports, thing)
            place, down = self.random.choice((2, 3, 4)), self.random.random() < 0.7
            if len(number) < place:
                continue
            ordered = sorted(number, key=lambda f: f.value or Decimal(0), reverse=down)
            here = tuple(f for f in number if f.value == ordered[place - 1].value)
            word = "二三四"[place - 2]
            ways = (f"第{word}多的是哪家", f"排第{word}的是谁", f"第{word}名是哪家") if down else (f"第{word}少的是哪家", f"倒数第{word}的是谁")
            question = f"{group.said}{noun}{self.random.choice(ways)}"
            if len(here) > MOST_SHOWN:
                continue
            yield Case(question, "nth", Due(figures=here, winners=tuple(f.made.body.org for f in here)))

    def positions_among(self, times: int) -> Iterator[Case]:
        """在各街道里排第几: among bodies of that kind only"""
        for _ in range(times):
            thing = self.thing()
            made = self.report(thing)
            found, kind = known(made, thing), made.body.kind
            if found.state != "number" or kind == "政府":
                continue
            who, when, noun = self.ask.who(made.body), self.ask.year(made.year), self.noun(thing)
            kinds = "部门" if kind == "局" else kind
            question = self.random.choice((f"{who}{when}{noun}在各{kinds}里排第几", f"{when}{noun}{who}在所有{kinds}中排第几名"))
            among = [m for m in self.world.in_year(made.year) if m.body.kind == kind]
            place = 1 + sum(
                1 for f in (known(m, thing) for m in among) if f.state == "number" and (f.value or 0) > (found.value or 0)
            )
            yield Case(question, "position/among", Due(figures=(found,), derived=((Decimal(place), "名"),)))


_OUTCOMES = tuple(
    f"application.{k}" for k in ("granted", "partly_granted", "refused", "unavailable", "not_processed", "other")
)
_SIGNS = (
    (">", ("超过{n}了吗", "有没有超过{n}", "是否超过{n}", "超过{n}吗")),
    (">=", ("有没有达到{n}", "不少于{n}吗", "达到{n}了吗", "至少有{n}吗")),
    ("<", ("不到{n}吗", "是不是不到{n}", "少于{n}吗")),
    ("<=", ("不超过{n}吗", "是不是不超过{n}")),
    ("==", ("是{n}吗", "是不是{n}", "正好{n}吗")),
)


def holds(sign: str, value: Decimal, bound: Decimal) -> bool:
    """value sign bound."""
    return {">": value > bound, ">=": value >= bound, "<": value < bound, "<=": value <= bound, "==": value == bound}[
        sign
    ]


def total(found: Sequence[Known]) -> Decimal:
    """The sum."""
    return sum((f.value or Decimal(0) for f in found), Decimal(0))


def measured(reports: Sequence[Made], thing: Thing) -> tuple[list[Known], list[Known]]:
    """All, and those with a number."""
    found = [known(m, thing) for m in reports]
    return found, [f for f in found if f.state == "number"]


def subtracted(found: Sequence[Known]) -> Due:
    """Both figures and what lies between them."""
    if any(f.state != "number" for f in found):
        return Due(OPEN)
    gap = (found[0].value or Decimal(0)) - (found[1].value or Decimal(0))
    return Due(figures=tuple(found), derived=((gap, found[0].unit),))


def _open(found: Known) -> Due:
    return Due(("blank",) if found.state == "blank" else ("no_data",))


def _missing(found: Sequence[Known]) -> tuple[str, ...]:
    """What a sum or average must say about reports without the figure."""
    blank = sum(1 for f in found if f.state == "blank")
    absent = sum(1 for f in found if f.state == "absent")
    return (*([f"{blank}份"] if blank else []), *([f"{absent}份"] if absent else []))


__all__ = ["MOST_SHOWN", "YEARS", "Many"]
