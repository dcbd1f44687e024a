"""Every figure that the prose states, as facts: value, unit, the words that name it, the sentence that proves it.

``sentences`` cuts the prose, ``measures`` finds the figures, ``naming`` names them, ``stated`` tells which of them the
form prints too. A figure whose name cannot be told is left out: a wrong name would be a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Fact, Passage, Span
from knowledge.numerals import find_years
from parsers.document import Document
from parsers.frame import Frame, frame
from parsers.measures import Figure, figures
from parsers.naming import names
from parsers.passages import passages
from parsers.sentences import Sentence, sentences
from parsers.stated import NOTHING, Stated, stated
from parsers.words import Named

PLANNED = "计划"
"""Stands first in the context of a figure that is an intention, not a result."""

# what makes the rest of its sentence an intention, and what only its own clause
_PLANS = re.compile(
    r"力争|争取|拟(?!定)|下一?步|今后|明年|计划(?=[开组举新推完在于召建制印培每编发出]|公开(?!信息))"
    r"|将(?:进一步|继续|加强|组织|开展|举办|召开|新增|建|推|从|重点|通过|不断|按|于|对|在|每)"
)
# 2022年将发布, 2022年拟: a year that is still to come; only where it is later than the report's
_TO_COME = re.compile(r"(20\d{2})年度?，?[^，；。]{0,10}?(?:将|拟|计划|预计|要(?!求|点|闻)|安排|确保|力争)")
_PLANS_HERE = re.compile(r"每年至少|至少组织|至少开展|至少举办|不少于")
# text without a full stop for so long is no sentence
_LONGEST = 3000
_DONE = re.compile(r"已|了|共(?![享同])|累计|截至")


def facts(
    document: Document, year: int | None, given: Frame | None = None, parts: Sequence[Passage] | None = None
) -> tuple[Fact, ...]:
    """The prose figures in reading order. ``year`` is the report's: a clause that names another sets Fact.year."""
    read = given or frame(document)
    plans = _plans(parts if parts is not None else passages(document, read))
    out: list[Fact] = []
    last: tuple[Named, Stated] | None = None
    for sentence in sentences(document, read):
        if len(sentence.text) > _LONGEST or _is_row(sentence.text):
            continue
        if sentence.first:
            last = None
        found = figures(sentence.text)
        named = names(sentence.text, found, last[0] if last else None)
        told: list[Stated] = []
        for figure, name in zip(found, named, strict=True):
            told.append(_told(sentence, figure, name, told, named, last))
            fact = _fact(document, sentence, figure, name, told[-1], year, plans)
            if fact is not None:
                out.append(fact)
        usable = [(n, t) for n, t in zip(named, told, strict=True) if n is not None and not n.grows]
        last = next(((n, t) for n, t in usable if n.head is None), usable[0]) if usable else last
    return tuple(out)


# labels of the form and of the statistics tables, which no sentence prints
_ROW = re.compile(
    r"本年新收到?|上年(?:结转|转结)政府信息|第二十条|信息内容|制发件数|废止件数|现行有效件数|新制作数量|新公开数量|公开总数量|处理决定数量|项目数量"
    r"|采购总金额|收费金额|三安全一稳定|结果维持.{0,6}结果纠正|未经复议直接起诉.{0,6}复议后起诉|统计指标|公开政府信息数|稿件发布数|事件数|人员数|总次数|专项经费"
)


def _is_row(text: str) -> bool:
    """A row of a table that was lost on the way: labels and figures run together, without a mark of a sentence."""
    return not re.search("[，。；]", text) and bool(_ROW.search(text) or re.search(r"\d \d.*\d \d", text))


def _plans(parts: Sequence[Passage]) -> list[Span]:
    """Where the report speaks of what it will do; not a section that could not be parted from its problems."""
    problems = {part.span for part in parts if part.kind == "problems"}
    return [part.span for part in parts if part.kind == "improvements" and part.span not in problems]


def _told(
    sentence: Sentence, figure: Figure, name: Named | None, told: Sequence[Stated], named: Sequence[Named | None],
    last: tuple[Named, Stated] | None,
) -> Stated:  # fmt: skip
    if name is None or name.grows:
        return NOTHING
    head = NOTHING
    if name.head is not None:
        head = told[name.head]
    elif last is not None and re.match("其中|包括", sentence.text):
        head = last[1]
    elif re.search("维持|纠正|其[他它]结果|审结", name.path[-1]) and any(t[0] for t in told):
        head = next(t for t in reversed(told) if t[0])
        head = (re.sub(r"\.(?:upheld|corrected|other|pending)$", ".total", head[0] or ""), head[1])
    key = sentence.section.key if sentence.section else None
    return stated(name.path, name.own, sentence.before + sentence.text, figure.unit, key, head, sentence.lead)


def _fact(
    document: Document, sentence: Sentence, figure: Figure, name: Named | None, told: Stated, year: int | None,
    plans: Sequence[Span],
) -> Fact | None:  # fmt: skip
    if name is None:
        return None
    span = Span(sentence.origin[figure.start], sentence.origin[figure.end - 1] + 1)
    raw = document.text[span.start : span.end]
    path = tuple(word for word in (_clean(part) for part in name.path) if word)
    if not path or "\n" in raw or not _sensible(path):
        return None
    about = _year(name.year, year)
    context = tuple(dict.fromkeys(word for word in (sentence.lead, *map(_clean, name.context)) if word))
    if _planned(sentence, figure, span, plans, year):
        context = (PLANNED, *context)
        told = NOTHING
    if about is not None:
        told = NOTHING if name.year else told
    return Fact(
        table=None,
        path=path,
        column=(),
        value=figure.value,
        unit=figure.unit,
        raw=raw,
        state="number",
        span=span,
        quote=sentence.quote,
        section=sentence.section.heading if sentence.section else None,
        metric=told[0],
        applicant=told[1],
        context=context,
        approximate=figure.approximate,
        year=about,
    )


def _clean(words: str) -> str:
    return words.strip("，、。；：（） ”" if "“" not in words else "，、。；：（） ")


def _sensible(path: tuple[str, ...]) -> bool:
    """A name holds at least two Chinese characters and is no sentence."""
    words = "".join(path)
    return len(re.findall(r"[\u4e00-\u9fff]", words)) >= 2 and len(words) <= 60


def _year(printed: str | None, year: int | None) -> int | None:
    """The year a clause names, when it is not the report's own."""
    if printed is None:
        return None
    mentions = find_years(printed)
    if mentions and mentions[0].kind == "absolute":
        named = mentions[0].years[0]
        return named if named != year else None
    if year is None:
        return None
    if re.match(r"上一?年|去年", printed):
        return year - 1
    if printed.startswith("前年"):
        return year - 2
    return year + 1 if re.match(r"明年|下|次年", printed) else None


def _planned(sentence: Sentence, figure: Figure, span: Span, plans: Sequence[Span], year: int | None) -> bool:
    before = sentence.text[: figure.stop]
    clause = re.split("[，；]", before)[-1]
    if any(plan.start <= span.start < plan.end for plan in plans):
        return not re.search(r"已|了|截至|全年共|累计", clause)
    to_come = year is not None and any(int(m[1]) > year for m in _TO_COME.finditer(before))
    return bool(to_come or _PLANS.search(before) or _PLANS_HERE.search(clause)) and not _DONE.search(clause)
