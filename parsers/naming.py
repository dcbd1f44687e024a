"""What a figure of a sentence counts, in the sentence's own words.

「发布政务动态1272篇」 is named by the noun before it, 「组织2次培训」 by the verb before and the noun behind it,
「增长6.2%」 by the figure it grows from. Words are only ever taken from the figure's own clause, or, where that
says nothing (共5件; 占30%), from the one it leans on. A name that cannot be told is no name: the figure is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.changes import base as base_of
from parsers.changes import change
from parsers.clauses import Clauses, clauses, year_in
from parsers.measures import Figure
from parsers.parallel import parallel
from parsers.words import CHANNEL, OTHERS, Named, closed, from_words, is_verb, opened, subject_of, verb_of

# 其中, 包括: what follows is a part of the figure before
_PART = re.compile(r"其中|(?:申请|信息|案件|件|文件|事项)中[，：]|包括|包含|分别是|分为|含(?!有效)")
# 这6件, 其余3件: the same cases again, or what is left of them
_SAME_AGAIN = re.compile(r"(?:这|该|上述|以上|其余|剩余|另外|另)$")
# 对1200余条历史信息进行清理: a preposition alone names nothing
# 未发生1起: none at all
_NONE = re.compile(r"(?<!尚)(?:未|没有|从未|无)(?:发生|收到|出现|接到|发现|产生|引发|涉及|有)过?$")
_PREPOSITION = re.compile(r"[对将把为向从给使按在于以就其]|由于|对于|通过")
# clauses that give no name to the figure behind them: 从办理结果看，… 无诉讼案件，…
_NO_NAME = re.compile(r"较|比|同比|从.*看$|无|未|没有|按.*分$|.*[中里]$|.*(?:包括|对象)")
_SCOPE_CLAUSE = re.compile(
    r"^(?:一方面|另一方面|同时|其中)?(?:在|通过|围绕|利用|依托|借助|运用|向|对|对照|针对|聚焦|就|结合|面向"
    r"|充分利用|充分发挥|配合)"
)
_LESS = re.compile(r"其[他它余中]|另外|各类|以上|以下|合计|总计|总数|总量|数量|数|方面|情况|内容|较.?|比.?")
# 上半年公开26条，下半年公开40条 · 一季度 · 1—6月 · 近三年: a part of the year is a part of the name
_PERIOD = re.compile(
    r"^(?:其中)?(?:，)?(?:20\d{2}年)?(?P<period>[上下]半年|第?[一二三四1-4]季度|前[一二三]个?季度|近[两二三四五十]年来?"
    r"|\d{1,2}月?[—–\-~～至到]\d{1,2}月份?"
    # a flow of a month; not a meeting held in May
    r"|\d{1,2}月份?(?=[^，\d底末初]{0,4}(?:收到|受理|新收|接到|办结|答复|公开|发布|更新|推送)))"
)
# short names that lean on what stands before them: 答复率, 年阅读量, 参训
_LEANING = 6
_LEANS = re.compile(
    r"(?:率|量|度|人数|次数|粉丝|用户|比例|占比|参训|参加|参与|受训|得分|金额|面积)$|^日均$"
)
_RESULT = re.compile(r"(?:维持|纠正|审结|其[他它]结果)$")


def names(text: str, figures: Sequence[Figure], before: Named | None = None) -> list[Named | None]:
    """A name for each figure, in order; None where none can be told. ``before``: the last figure of the sentence before
    in the same paragraph, which a sentence that opens with 其中 or 同比 leans on."""
    said = clauses(text, figures)
    by_order = parallel(said)
    out: list[Named | None] = []
    subject = ""
    for index in range(len(figures)):
        named = by_order.get(index) or _one(said, index, out, before)
        if named is not None and _tells(named.path):
            subject = subject or _subject(said)
            out.append(_placed(said, index, named, out, subject, before))
        else:
            out.append(None)
    return out


def _tells(path: tuple[str, ...]) -> bool:
    """A name holds two Chinese characters at least and is more than 其他 or a preposition."""
    words = re.sub(r"[^\u4e00-\u9fff]", "", "".join(path))
    return len(words) > 1 and not _LESS.fullmatch(words)


def _one(said: Clauses, index: int, done: Sequence[Named | None], before: Named | None) -> Named | None:
    base = base_of(said, index, done, before)
    left, behind = said.left(index), said.behind(index)
    words = opened(left)
    changed = change(said, index, words, behind, base, done)
    if changed is not None:
        return changed
    bare = closed(words)
    if not behind and is_verb(bare) and said.claimed(index):
        return None  # 梳理26个试点领域公开事项1562项
    if _SAME_AGAIN.search(left) or _NONE.search(left):
        return None
    if not bare or _PREPOSITION.fullmatch(bare):
        start = said.start(index)
        if behind and not (start and said.flat[start - 1] == "："):
            return Named((behind,), (), left)
        return _nameless(said, index, left, base, done)
    return from_words(words, behind, left)


# --------------------------------------------------------------------------- figures without words of their own


def _nameless(
    said: Clauses, index: int, own: str, base: Named | None, done: Sequence[Named | None]
) -> Named | None:
    """共5件 · 微信（12条） · 2021年（40起）: named by the words before the bracket or the clause before."""
    figure, start = said.figures[index], said.start(index)
    if start and said.flat[start - 1] == "（":
        return _bracketed(said, index, own, base)
    clause = "" if said.claimed(index) else said.before(start)
    if clause and not _NO_NAME.match(clause):
        words = opened(clause)
        named = from_words(words, "", clause + own) if closed(words) else None
        if named is not None and len(named.path[-1]) <= 24:
            return named
    year = year_in(own)
    if year and base is not None and not closed(own.replace(year, "")):
        return Named(base.path, base.context, own, year=year)  # 2022年公开信息1356条，2021年1230条
    earlier = said.figures[index - 1] if index else None
    one = done[index - 1] if index else None
    if one and earlier and earlier.unit != figure.unit and (said.shared(index) or said.flat[earlier.stop : figure.start] in ("", "、")):
        return replace(one, own=own, head=None)  # 农户128户、412人 · 列席12次36人
    total = re.search(r"共|总|合", own) is not None and figure.depth == 0
    if base is not None and total and (earlier is None or earlier.unit != figure.unit):
        return Named(base.path, base.context, own)  # 收取信息处理费3件，共计1250元
    return None


def _bracketed(said: Clauses, index: int, own: str, base: Named | None) -> Named | None:
    start = said.start(index)
    floor = said.figures[index - 1].stop if index else 0
    words = said.words(max(said.boundary(start - 1, floor, "，：；（。！？）"), floor - 1) + 1, start - 1)
    year = year_in(words)
    if year and base is not None and not closed(opened(re.sub(r"^(?:较|比|与|同)", "", words)).replace(year, "")):
        return Named(base.path, base.context, words + own, year=year)
    return from_words(opened(words).lstrip("和及与"), "", own) if closed(opened(words)) else None


# --------------------------------------------------------------------------- context


def _subject(said: Clauses) -> str:
    """The subject of a sentence: what stands before its first verb, when that is a channel or a quoted name."""
    words = opened(said.left(0))
    found = verb_of(words)
    subject = subject_of(words[: found[0]]) if found else ""
    return subject if CHANNEL.search(subject) else ""


def _placed(
    said: Clauses, index: int, named: Named, done: Sequence[Named | None], subject: str, before: Named | None
) -> Named:
    """The figure with what surrounds it: the clause of its scope, the figure it is part of, the sentence's subject."""
    figures = said.figures
    head = _head(said, index, done)
    outer = [_scope(said)]
    whole = done[head] if head is not None else None
    if whole is not None:
        outer += [*whole.context, *whole.path]
    elif before is not None and _PART.match(said.flat[: figures[0].start]):
        whole = before
        outer += [*before.context, *before.path]
    earlier = done[index - 1] if index and figures[index - 1].depth <= figures[index].depth else None
    if subject and earlier and not CHANNEL.search("".join((*named.path, *named.context))):
        outer.append(subject)
    if _RESULT.search(named.path[-1]):
        cases = [one for one in done if one is not None and re.search("复议|诉讼", "".join(one.path))]
        outer += cases[-1].path if cases else ()
    elif earlier and not named.grows and not OTHERS.fullmatch(earlier.path[0]) and len("".join(named.path)) <= _LEANING and (
        _LEANS.search(named.path[-1]) or (whole is None and is_verb(named.path[-1]))
    ):
        outer += earlier.path
    context = tuple(word for word in dict.fromkeys((*outer, *named.context)) if word and word not in named.path)
    return replace(named, path=_of_period(said, index, named.path), context=context, head=head, year=named.year or said.year(index))


def _of_period(said: Clauses, index: int, path: tuple[str, ...]) -> tuple[str, ...]:
    """The name with the part of the year that its clause opens with, or that opens the sentence before a first figure."""
    start = said.start(index)
    words = said.text[start : said.figures[index].start]
    found = _PERIOD.match(words) or (_PERIOD.fullmatch(said.before(start)) if index == 0 else None)
    if found is None or found["period"] in "".join(path):
        return path
    return (found["period"] + path[0], *path[1:])


def _scope(said: Clauses) -> str:
    """The clause before the first figure's that says where or for what: 围绕优化营商环境，…"""
    clause = said.before(said.start(0))
    return clause if _SCOPE_CLAUSE.match(clause) and len(clause) <= 40 else ""


def _head(said: Clauses, index: int, done: Sequence[Named | None]) -> int | None:
    """The figure that this one is a part of: the last one before 其中, 包括, or a colon that opens a list."""
    figures = said.figures
    head = None
    for at in range(index):
        gap = said.flat[figures[at].stop : figures[at + 1].start]
        deeper = "（" in gap and figures[at + 1].depth > figures[at].depth
        if (_PART.search(gap) or re.match(r"[^，]{0,4}：", gap) or deeper) and done[at] is not None:
            head = _counted(said, at, done, head)
    if head is not None and figures[index].depth < max(f.depth for f in figures[head + 1 : index + 1]):
        return None  # behind the bracket that held the parts
    return head


def _counted(said: Clauses, at: int, done: Sequence[Named | None], head: int | None) -> int | None:
    """The last figure up to ``at`` that is a count, not its growth or share."""
    for back in range(at, -1, -1):
        one = done[back]
        if one is not None and not one.grows and said.figures[back].unit != "%":
            return back
    return head
