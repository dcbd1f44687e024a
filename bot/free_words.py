"""Free words against one report's own local rows and prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answer import Answer, Quote
from bot.desk import Desk
from bot.facts import cell_of
from bot.measure import Measured, measure
from db.select import ReportRow
from db.store import Store
from knowledge.catalogue import catalogue
from knowledge.match import Candidate, Match, Prepared, half_head, match, prepare
from knowledge.model import Fact
from knowledge.query import Query, Target
from knowledge.text import fold
from knowledge.topics import asks_for_passage, find_topic, prepared, topics
from knowledge.wording import display, numbered, source_line

# how many questions a clarification offers
MOST_CHOICES = 8


class FreeWords(Desk):
    """Free words against one report's own local rows and prose."""

    def by_words(self, answer: Answer, query: Query, report: ReportRow, target: Target) -> bool:
        """A figure of the report's own local rows or prose. True when it answered or asked back."""
        found = self.matches(report, target.words)
        if not found:
            return self._offered_figure(answer, report, target)
        facts = self.store.facts(report.id)
        values = {(facts[i].value, facts[i].unit) for i in found}
        told = _told_apart(facts, found)
        if len(values) > 1 and (named := _picked(answer.question, facts, found)) is not None:
            found, values = [named], {(facts[named].value, facts[named].unit)}
        if len(values) > 1:
            answer.status, answer.reason = "clarify", "several_figures"
            answer.choices = [f"{report.label}{report.year}年{name}是多少" for name in dict.fromkeys(told)]
            answer.choices = answer.choices[:MOST_CHOICES]
            answer.lines = [
                f"{report.label}{report.year}年的报告里有几处像您问的，您要哪一个？",
                *numbered(answer.choices),
            ]
            return True
        measured = self._in_the_form(report, found[0]) or self.fact_measured(report, found[0], target)
        if measured.kind == "blank":
            self.show_blank(answer, measured)
        else:
            self.show_number(answer, query, measured)
        return True

    def _in_the_form(self, report: ReportRow, ordinal: int) -> Measured | None:
        """The form's own cell, where the sentence repeats it or is found to contradict it; the form is what counts."""
        fact = self.store.facts(report.id)[ordinal]
        metric = catalogue().metrics.get(fact.metric or "") if fact.table is None else None
        if metric is None:
            return None
        columns = (fact.applicant or "total",) if metric.dimension else ()
        cell = measure(self.selector, [report], Target(((metric.key,),), columns, "", metric.name, metric.unit))[0]
        if cell.kind != "number" or cell.from_prose:
            return None
        told = any(
            code == "prose_mismatch" and (report.id, ordinal) in {(found_in, one) for one in taking_part}
            for found_in, code, _, taking_part, _ in self.selector.findings([report.id])
        )
        if cell.value != fact.value and not told:
            return None
        who = catalogue().applicants.get(fact.applicant or "total")
        name = metric.name if who is None or who.key == "total" else who.name + metric.name
        return cell._replace(name=name, target=replace(cell.target, name=name))

    def _offered_figure(self, answer: Answer, report: ReportRow, target: Target) -> bool:
        """The one figure that comes near: 建设项目信息 asked, 建设项目环评审批信息 printed. It may be a part of what was meant."""
        near = [m.index for m in self._found(report, target.words) if not m.sure]
        if not near:
            return False
        name = _said_name(self.store.facts(report.id), near[0])
        answer.status, answer.reason = "clarify", "near_figure"
        answer.choices = [f"{report.label}{report.year}年{name}是多少"]
        answer.lines = [f"{report.label}{report.year}年的报告里最接近的是这一个数，您要的是它吗？", *numbered(answer.choices)]
        return True

    def topic(self, answer: Answer, report: ReportRow, words: str) -> bool:
        """A paragraph with a heading of its own (政府信息管理, 政策解读), where no figure was asked; a sentence known
        by its words (信息处理费)."""
        text = self.store.text(report.id)
        names = [n for n in (report.org, report.signature or "", *self._short_names(report)) if len(n) > 1]
        index = find_topic(words, names, _topics(self.store, report.id))
        if index is None:
            return False
        found = topics(text)[index]
        if not found.counts and not asks_for_passage(answer.question):
            return False
        said = text[found.span.start : found.span.end]
        answer.quotes.append(Quote(report.key, report.source, None, found.span.start, found.span.end, said))
        answer.lines.append(f"{report.label} · {report.year}年 · {found.lead}")
        answer.lines.append("> " + display(said))
        answer.lines.append(source_line(report.source, None))
        return True

    def matches(self, report: ReportRow, words: str) -> list[int]:
        """Ordinals of the local rows and prose figures of a report that these words mean; several are a tie."""
        facts = self.store.facts(report.id)
        found = [m for m in self._found(report, words) if m.sure]
        best = max((m.label for m in found), default=0.0)
        exact = [m.index for m in found if m.label >= best - 1e-9]
        return exact if len({facts[i].value for i in exact}) == 1 else [m.index for m in found]

    def _found(self, report: ReportRow, words: str) -> list[Match]:
        candidates = _prepared(self.store, report.id, report.year)
        names = [n for n in (report.org, report.signature or "", *self._short_names(report)) if len(n) > 1]
        return match(words, names, candidates)

    def _short_names(self, report: ReportRow) -> tuple[str, ...]:
        stored = self.store.report(report.id)
        return stored.short_names if stored else ()

    def fact_measured(self, report: ReportRow, ordinal: int, target: Target) -> Measured:
        """One stored fact as a measured target, named by its own words."""
        fact = self.store.facts(report.id)[ordinal]
        cell = cell_of(report.id, ordinal, fact, self.store.slice(report.id, fact.quote))
        name = (
            _said_name(self.store.facts(report.id), ordinal)
            if fact.table is None
            else _NUMBERED.sub("", fact.path[-1])
            if fact.path
            else "".join(fact.column)
        )
        kind = "number" if fact.state == "number" else "blank"
        return Measured(report, replace(target, name=name, unit=fact.unit), name, kind, fact.value, fact.unit, (cell,))  # type: ignore[arg-type]


def _told_apart(facts: Sequence[Fact], found: Sequence[int]) -> list[str]:
    """The name of each of several figures; where two are named alike (年阅读量 of 微博 and of 微信), with what they are
    said of."""
    names = Counter("".join(facts[i].path) for i in found)
    return [
        "".join((*facts[i].context[-1:], *facts[i].path) if names["".join(facts[i].path)] > 1 else facts[i].path)
        for i in found
    ]


def _picked(question: str, facts: Sequence[Fact], found: Sequence[int]) -> int | None:
    """The figure that a question names as the choices do: 「…2019年政务微信公众号粉丝年阅读量是多少」 and nothing else."""
    asked = "".join(fold(question).text.split()).rstrip("?。")

    def names(fact: Fact) -> bool:
        forms = ("".join(fact.path), "".join((*fact.context[-1:], *fact.path)))
        return any(asked.endswith(f"年{fold(form).text}是多少") for form in forms)

    picked = [i for i in found if names(facts[i])]
    return picked[0] if len(picked) == 1 else None


@lru_cache(maxsize=64)
def _topics(store: Store, report: int) -> tuple[Prepared, ...]:
    return prepared(store.text(report))


@lru_cache(maxsize=64)
def _prepared(store: Store, report: int, year: int) -> tuple[Prepared, ...]:
    """The local rows and prose figures of one report, made ready for matching; a stored report never changes."""
    text, facts = store.text(report), store.facts(report)
    return tuple(
        prepare(_candidate(i, f, text, _said_name(facts, i)))
        for i, f in enumerate(facts)
        if (f.table is None or f.metric is None or f.metric.startswith("local."))
        and f.year in (None, year)
        and f.state != "unreadable"
    )


def _said_name(facts: Sequence[Fact], index: int) -> str:
    """收取信息处理费2件，金额260元: a bare 金额 is that of the figure before it in the sentence."""
    fact = facts[index]
    before = facts[index - 1] if index else None
    name = "".join(fact.path[-2:])
    if before is not None and before.table is None and before.quote == fact.quote and name in _BARE:
        return "".join(before.path[-2:]) + name
    return name


# 3.信函申请数 · （一）收到申请数
_NUMBERED = re.compile(r"^(?:\d{1,2}[.．、]|[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十]{1,2}、)(?=.)")
_BARE = frozenset({"金额", "费用", "共计", "合计", "总额", "总金额"})


def _candidate(index: int, fact: Fact, text: str, said: str) -> Candidate:
    """A local row is named by its last label, what it stands under is its context; prose by all words of its name."""
    name = (*fact.path[:-2], said) if fact.table is None else fact.path[-1:]
    around = (*fact.context, *(() if fact.table is None else (fact.table, *fact.path[:-1], *fact.column)))
    sentence = text[fact.quote.start : fact.quote.end] if fact.table is None else ""
    if sentence:
        around = tuple(half_head(words, sentence, fact.unit) for words in around)
    at = fact.span.start - fact.quote.start if fact.table is None else None
    return Candidate(index, "".join(name), "".join(around), sentence, fact.unit, "计划" in fact.context, at)
