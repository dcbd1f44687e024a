"""How a question is put: who, which year, how many, in which order, with what around it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from generated.bodies import Body
from generated.truth import Thing, World

_COUNTING = ("有多少{u}", "有几{u}", "多少{u}", "几{u}", "是多少", "一共多少{u}", "总共几{u}", "是多少{u}")
_MONEY = ("是多少", "多少钱", "是多少元", "有多少万元", "一共多少钱")
_BEFORE = ("", "", "", "", "请问", "帮我查下", "麻烦看一下", "想问下", "我想知道", "老师，")
_AFTER = ("", "", "", "？", "?", "啊", "呀？", "，谢谢", "。")
_DIGITS = "〇一二三四五六七八九"


@dataclass(slots=True)
class Asker:
    """Draws the parts of questions; one seed, always the same questions."""

    world: World
    random: Random

    def who(self, body: Body) -> str:
        """A name that means only this body; mostly the short ones."""
        names = self.world.names(body)
        return names[0] if self.random.random() < 0.4 else self.random.choice(names)

    def year(self, year: int) -> str:
        """A year as people write it."""
        return self.random.choice(
            (
                f"{year}年",
                f"{year}年",
                f"{year}年",
                f"{year}年",
                f"{year}年度",
                f"{year % 100}年",
                f"{chinese(year)}年",
                f" {year} ",
            )
        )

    def how_many(self, thing: Thing) -> str:
        """The end of a question for a figure."""
        if thing.unit == "元":
            return self.random.choice(_MONEY)
        return self.random.choice(_COUNTING).format(u=thing.unit)

    def said(self, thing: Thing) -> str:
        """One way to say what is asked; the plain name often."""
        return thing.said[0] if self.random.random() < 0.3 else self.random.choice(thing.said)

    def around(self, question: str) -> str:
        """Filler before and after."""
        return self.random.choice(_BEFORE) + question + self.random.choice(_AFTER)

    def value(self, body: Body, year: int, said: str, thing: Thing) -> str:
        """One figure asked, in one of the usual orders."""
        who, when, many = self.who(body), self.year(year), self.how_many(thing)
        order = self.random.choice(("wyts", "wyts", "wyts", "ywts", "wyts的", "tsw"))
        if order == "ywts":
            return self.around(f"{when}{who}{said}{many}")
        if order == "wyts的":
            return self.around(f"{who}{when}的{said}{many}")
        if order == "tsw":
            return self.around(f"{said}{many}，{who}{when}的")
        return self.around(f"{who}{when}{said}{many}")


def chinese(number: int) -> str:
    """2020 → 二〇二〇."""
    return "".join(_DIGITS[int(d)] for d in str(number))


_TRADITIONAL = str.maketrans(
    "请问开处罚许诉讼复议总计经费采购专职员网结转维纠审类关机无个项条几麻烦谢门户众热点舆发会参举办数发务镇乡统号来云东岭桥龙湾滩鹤鸣兰",
    "請問開處罰許訴訟復議總計經費採購專職員網結轉維糾審類關機無個項條幾麻煩謝門戶眾熱點輿發會參舉辦數發務鎮鄉統號來雲東嶺橋龍灣灘鶴鳴蘭",
)
_FULL_WIDTH = str.maketrans("0123456789?", "０１２３４５６７８９？")
_MISTYPED = (
    ("申请", "申清"), ("申请", "伸请"), ("予以公开", "与以公开"), ("行政处罚", "行政处发"), ("行政许可", "行政许克"),
    ("结转", "结专"), ("采购", "彩购"), ("行政复议", "行政副议"), ("行政诉讼", "行政诉松"), ("政务微信", "政务微心"),
    ("规范性文件", "规范性闻件"), ("收到", "收收到"), ("申请", "申请请"), ("行政处罚", "行政罚处"), ("培训", "培迅"),
    ("行政强制", "行政强致"), ("不予公开", "不于公开"), ("部分公开", "部份公开"), ("无法提供", "无发提供"),
)  # fmt: skip


def traditional(text: str) -> str:
    """The question as typed with traditional characters."""
    return text.translate(_TRADITIONAL)


def full_width(text: str) -> str:
    """Digits and question marks of double width."""
    return text.translate(_FULL_WIDTH)


def mistyped(text: str, random: Random) -> str | None:
    """One word typed wrong; None where no word of the list stands in the text."""
    fitting = [(good, bad) for good, bad in _MISTYPED if good in text]
    if not fitting:
        return None
    good, bad = random.choice(fitting)
    return text.replace(good, bad, 1)
