"""The generated questions: every operation over every kind of figure, with what is due by the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from generated.asking import Asker, full_width, mistyped, traditional
from generated.following import Following
from generated.judge import Case, Due
from generated.many import Many
from generated.reports import Made
from generated.things import things
from generated.truth import Known, Thing, World, known

_SEED = 7
# these end a question that a blank or missing cell leaves open
_OPEN = ("blank", "no_data")

# said before a figure's name, each makes it another figure; whole words and ones whose characters are filler to us
FOREIGN = (
    "拆迁", "低保", "环保", "教育", "医疗", "养老", "住房", "征地", "食品安全", "交通违法", "消防", "城管", "治安", "土地", "规划", "财政",
    "扶贫", "就业", "社保", "户籍", "婚姻", "计生", "林业", "水利", "工程", "道路", "垃圾", "噪音", "污水", "燃气", "物业", "学校", "医院",
    "幼儿园", "女性", "男性", "老年人", "外地", "外国", "涉外", "民事", "刑事", "重大", "简易", "紧急", "秘密", "匿名", "实名", "集体",
    "上半年", "下半年", "第一季度", "3月", "12月份", "春节", "国庆", "当天", "按时", "按期", "及时", "超期", "逾期答复", "提前", "首次",
    "第二次", "再次", "网上", "线上", "线下", "当面", "现场", "信函", "邮寄", "传真", "电话", "电子邮件", "口头", "代理", "委托", "村里",
    "社区", "村委会", "居委会", "派出所", "下属", "上级", "区级", "市级", "省级", "国家级", "全国", "全省", "全市", "东部", "农村", "城市",
    "不合格", "合格", "错误", "虚假", "恶意", "有效回复", "满意", "不满意", "撤回", "撤销前", "公开招标", "预算", "计划", "预计", "目标",
    "最贵", "最大一笔", "单笔", "人均", "日均", "月均", "每月", "应当", "本该", "另行", "仅仅", "不含", "扣除", "大约一半",
)  # fmt: skip


def due_value(found: Known) -> Due:
    """A figure, or that the cell is empty, or that there is none."""
    if found.state == "number":
        return Due(figures=(found,))
    return Due(("blank",) if found.state == "blank" else ("no_data",))


class Questions:
    """Generates cases for one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = Random(_SEED)
        self.ask = Asker(world, self.random)
        self.things = things()

    def all(self) -> list[Case]:
        """Every case, in a fixed order."""
        many = Many(self.world, self.things, self.random)
        makers: list[Callable[[], Iterator[Case]]] = [
            self.values, self.values_by_word,
            lambda: many.whether(150), lambda: many.threshold(200), lambda: many.compare(220), lambda: many.difference(140),
            lambda: many.difference_of_years(80), lambda: many.sums(120), lambda: many.group_sums(120),
            lambda: many.averages(100), lambda: many.rankings(200), lambda: many.extremes(180), lambda: many.positions(80),
            lambda: many.counts(200), lambda: many.shares(120), lambda: many.rates(60), lambda: many.growth(200),
            lambda: many.trends(120), lambda: many.sums_of_years(60), lambda: many.places(60),
            lambda: many.two_figures(120),
            lambda: many.best_years(80),
            lambda: many.without(60),
            lambda: many.best_rates(12), lambda: many.compared_rates(40), lambda: many.best_shares(30),
            lambda: many.nths(80), lambda: many.positions_among(60),
            self.passages, self.particulars, self.shared_names, self.missing, self.relative_years, self.prose, self.own_rows,
            self.variants,
            self.foreign_words,
            lambda: Following(many).all(40),
        ]  # fmt: skip
        return [case for make in makers for case in make()]

    # ------------------------------------------------------------ draws

    def report(self, thing: Thing | None = None) -> Made:
        """A report, mostly one that prints more than a 0 for the thing; sometimes a blank or a missing cell."""
        made = self.random.choice(self.world.reports)
        if thing is None or self.random.random() < 0.06:
            return made
        for _ in range(40):
            if known(made, thing).value:
                break
            made = self.random.choice(self.world.reports)
        return made

    # ------------------------------------------------------------ one figure

    def values(self) -> Iterator[Case]:
        """Each thing by its plain name."""
        for thing in self.things:
            made = self.report(thing)
            question = self.ask.value(made.body, made.year, thing.said[0], thing)
            yield Case(question, f"value/{thing.subject}", due_value(known(made, thing)))

    def values_by_word(self) -> Iterator[Case]:
        """Each thing by three other ways to say it."""
        for thing in self.things:
            for said in self.random.sample(thing.said, min(3, len(thing.said))):
                made = self.report(thing)
                question = self.ask.value(made.body, made.year, said, thing)
                yield Case(question, f"words/{thing.subject}", due_value(known(made, thing)))

    # ------------------------------------------------------------ prose, names, what is not there

    def passages(self) -> Iterator[Case]:
        """存在什么问题 · 改进措施"""
        ways = {
            "problems": ("存在什么问题", "存在的主要问题有哪些", "有哪些不足", "信息公开主要问题是啥"),
            "improvements": ("有哪些改进措施", "下一步打算", "怎么改进", "改进情况"),
            "other_matters": ("其他需要报告的事项", "还有别的要报告的吗", "其他事项"),
        }
        for made in self.random.sample(self.world.reports, 45):
            kind = self.random.choice(list(ways))
            question = f"{self.ask.who(made.body)}{self.ask.year(made.year)}{self.random.choice(ways[kind])}"
            yield Case(question, f"passage/{kind}", Due(quote=made.sentences[kind]))

    def particulars(self) -> Iterator[Case]:
        """落款 · 谁写的"""
        for made in self.random.sample(self.world.reports, 30):
            who, when = self.ask.who(made.body), self.ask.year(made.year)
            if self.random.random() < 0.5:
                said = self.random.choice(("的报告落款日期是哪天", "年报什么时候发布的", "的报告是哪天写的"))
                yield Case(f"{who}{when}{said}", "published", Due(quote=made.sentences["published"]))
            else:
                said = self.random.choice(("年报是哪个单位写的", "的报告落款单位", "年报谁编的"))
                yield Case(f"{who}{when}{said}", "author", Due(quote=made.body.signature))

    def shared_names(self) -> Iterator[Case]:
        """A name of several bodies is asked back about where several have the year."""
        for name, bodies in self.world.shared().items():
            for _ in range(6):
                thing = self.random.choice([t for t in self.things if t.applicant in ("", "total")])
                year = self.report(thing).year
                there = [m for b in bodies if (m := self.world.report(b, year)) is not None]
                question = f"{name}{self.ask.year(year)}{thing.said[0]}{self.ask.how_many(thing)}"
                due = Due(("clarify",), choices=2)
                if not there:
                    due = Due(("no_data", "clarify"))
                elif len(there) == 1:
                    due = Due(("clarify",), otherwise=due_value(known(there[0], thing)))
                yield Case(question, "shared name", due)

    def missing(self) -> Iterator[Case]:
        """No such year, no such body."""
        for thing in self.random.sample(self.things, 40):
            made = self.report(thing)
            lost = [y for y in range(2017, 2026) if self.world.report(made.body, y) is None]
            yield Case(
                self.ask.value(made.body, self.random.choice(lost), thing.said[0], thing),
                "missing year",
                Due(("no_data",)),
            )
        for name in (
            "翠屏街道",
            "滨江街道办",
            "莲花镇",
            "宝塔乡",
            "青石县",
            "清渠区商务局",
            "东岭翠屏街道",
            "兰陂县宝塔乡",
        ):
            for thing in self.random.sample([t for t in self.things if t.applicant in ("", "total")], 4):
                question = f"{name}{self.ask.year(2021)}{thing.said[0]}{self.ask.how_many(thing)}"
                yield Case(question, "missing body", Due(("no_data", "clarify")))

    def relative_years(self) -> Iterator[Case]:
        """去年 · 前年, counted from the day of asking."""
        for thing in self.random.sample([t for t in self.things if t.applicant in ("", "total")], 40):
            made = self.report(thing)
            word, back = self.random.choice((("去年", 1), ("前年", 2), ("今年", 0)))
            question = f"{self.ask.who(made.body)}{word}{thing.said[0]}{self.ask.how_many(thing)}"
            yield Case(question, "relative year", due_value(known(made, thing)), today=f"{made.year + back}-03-15")

    def prose(self) -> Iterator[Case]:
        """Figures that only a sentence states."""
        ways = {
            "prose.broadcast": ("村村响广播播出政策多少期", "村村响广播全年播出了几期政策"),
            "prose.leaflets": ("印制政策明白卡多少份", "政策明白卡印制了几份"),
            "prose.visits": ("入户走访宣讲政策多少次", "网格员入户走访宣讲政策几次"),
            "prose.kiosks": ("便民终端安装了多少台", "安装便民终端几台"),
        }
        for made in self.random.sample(self.world.reports, 60):
            key = self.random.choice(list(ways))
            thing = Thing((key,), "", "", (), "prose")
            question = f"{self.ask.who(made.body)}{self.ask.year(made.year)}{self.random.choice(ways[key])}"
            found = known(made, thing)
            due = due_value(found) if found.state == "number" else Due(("no_data", "not_understood", "clarify"))
            yield Case(question, "prose", due)

    def own_rows(self) -> Iterator[Case]:
        """Rows of a local table that no catalogue knows."""
        ways = {
            "own.hotline": ("接听政务公开热线来电多少通", "政务公开热线来电数是多少"),
            "own.booklets": ("发放办事指南手册多少份", "办事指南手册发放了几份"),
            "own.open_days": ("举办政府开放日活动几场", "政府开放日活动搞了几场"),
        }
        for made in self.random.sample(self.world.reports, 60):
            key = self.random.choice(list(ways))
            thing = Thing((key,), "", "", (), "own")
            question = f"{self.ask.who(made.body)}{self.ask.year(made.year)}{self.random.choice(ways[key])}"
            found = known(made, thing)
            due = due_value(found) if found.state != "absent" else Due(("no_data", "not_understood", "clarify"))
            yield Case(question, "own row", due)

    def foreign_words(self) -> Iterator[Case]:
        """A word that no figure has put before what is asked: another figure, so none of ours may answer."""
        plain = [t for t in self.things if t.applicant in ("", "total") and not t.options[0].startswith("local.")]
        for word in FOREIGN:
            for thing in self.random.sample(plain, 4):
                made = self.report(thing)
                who, when = self.ask.who(made.body), self.ask.year(made.year)
                said = self.random.choice((thing.said[0], self.ask.said(thing)))
                joint = self.random.choice(("", "的"))
                question = f"{who}{when}{word}{joint}{said}{self.ask.how_many(thing)}"
                yield Case(question, "foreign word", Due(("not_understood", "no_data", "clarify", "out_of_scope")))

    # ------------------------------------------------------------ typed differently

    def variants(self) -> Iterator[Case]:
        """Questions typed in full width, with traditional characters, with blanks, with a typo: the same answer, or a
        question back where a typo leaves a choice."""
        sources = [*self.values(), *self.values_by_word()]
        for case in self.random.sample(sources, 60):
            yield Case(traditional(case.question), "typed/traditional", case.due)
        for case in self.random.sample(sources, 40):
            yield Case(full_width(case.question), "typed/full width", case.due)
        for case in self.random.sample(sources, 40):
            at = self.random.randint(1, len(case.question) - 1)
            around = case.question[at - 1 : at + 1]
            if not around.isascii() and not any(c.isdigit() for c in around):
                yield Case(case.question[:at] + " " + case.question[at:], "typed/blank", case.due)
        for case in self.random.sample(sources, 500):
            wrong = mistyped(case.question, self.random)
            if wrong is not None:
                yield Case(wrong, "typed/typo", Due(("clarify",), otherwise=case.due))
        yield from self.misheard()

    def misheard(self) -> Iterator[Case]:
        """The body's name with another character of the same sound."""
        for made in self.world.reports:
            if made.body.misheard is None:
                continue
            thing = self.random.choice(self.things)
            question = f"{made.body.misheard}{made.year}年{thing.said[0]}{self.ask.how_many(thing)}"
            yield Case(question, "typed/name", Due(("clarify",), otherwise=due_value(known(made, thing))))
