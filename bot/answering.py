"""Query → Answer: finds the reports meant, measures the targets in them, computes, and words the result.

When anything is missing or ambiguous the answer says what, and what there is; no figure is ever filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.answer import Answer, Figure
from bot.computing import Computing
from bot.measure import Measured, measure
from db.select import Cell, ReportRow, Selector
from db.store import Store
from knowledge.catalogue import catalogue
from knowledge.lexicon import data
from knowledge.match import Candidate, match
from knowledge.query import Mention, Query, Refusal, Target
from knowledge.wording import amount, display, listing, plain_number, years

# how many questions a clarification offers, and how many reports are searched for free words
MOST_CHOICES = 8
MOST_SEARCHED = 40

_SIGN_WORDS = {">": "超过", "<": "不到", ">=": "达到", "<=": "不超过", "==": "正好是"}


class Answering(Computing):
    """Answers one query against one store."""

    def __init__(self, store: Store, selector: Selector) -> None:
        self.store = store
        self.selector = selector

    def answer(self, question: str, query: Query) -> Answer:
        """The answer to an understood question."""
        answer = Answer(question)
        scope = self._scope(query)
        if isinstance(scope, Answer):
            scope.question = question
            return scope
        handler = {
            "value": self._value,
            "passage": self._passage,
            "published": self._about,
            "author": self._about,
            "title": self._about,
            "edition": self._about,
            "findings": self._findings,
        }.get(query.operation, self.compute)
        handler(answer, query, scope)
        if answer.status == "answered" or answer.status == "blank":
            answer.lines.extend(f"（{note}）" for note in query.notes)
        return answer

    # ------------------------------------------------------------ which reports

    def _scope(self, query: Query) -> list[ReportRow] | Answer:
        if query.organisations:
            return self._named(query)
        found = self.selector.reports(years=query.years or None) if not query.every else self._everybody(query)
        if isinstance(found, Answer):
            return found
        if not found:
            return self._nothing_in(query)
        return found

    def _everybody(self, query: Query) -> list[ReportRow] | Answer:
        found = self.selector.reports(years=query.years or None)
        if query.group:
            found = [r for r in found if any(_is_kind(r.org, kind) for kind in query.group)]
        bodies = len({r.organisation for r in found})
        if query.group_size is not None and found and bodies != query.group_size:
            names = listing(list(dict.fromkeys(r.org for r in found)))
            return Answer(
                "",
                "clarify",
                [
                    f"您说的是{query.group_size}家，库里{years(query.years)}有{bodies}家的报告：{names}。请点名是哪几家。"
                ],
                choices=self._choices(query, found),
                reason="group_size",
            )
        return found

    def _named(self, query: Query) -> list[ReportRow] | Answer:
        out: list[ReportRow] = []
        for mention in query.organisations:
            found = self.selector.reports(bodies=mention.ids)
            wanted = mention.years or query.years
            if not mention.years and len(query.organisations) > 1 and len(query.years) > 1:
                chosen = [r for r in found if r.year in query.years]
            else:
                chosen = [r for r in found if r.year in wanted] if wanted else self._years_open(query, found)
            if len({r.organisation for r in chosen}) > 1:
                return self._which_body(query, mention, chosen)
            lost = [y for y in wanted if y not in {r.year for r in chosen}]
            if (
                not chosen
                or (lost
                and query.operation in ("difference", "growth", "compare", "sum")
                and len(query.organisations) == 1)
            ):
                return self._no_report(query, mention, found, lost or wanted)
            if len({r.organisation for r in found}) > 1 and not wanted:
                return self._which_body(query, mention, found)
            out.extend(r for r in chosen if r not in out)
        return out

    def _years_open(self, query: Query, found: list[ReportRow]) -> list[ReportRow]:
        """No year was named: every year for a trend, the conversation's where it fits, else all (the caller asks)."""
        if query.latest is not None:
            newest = max((r.year for r in found), default=0)
            return [r for r in found if r.year > newest - query.latest]
        if query.usual_years and query.operation not in ("trend", "growth"):
            usual = [r for r in found if r.year in query.usual_years]
            if usual:
                return usual
        return found

    def _no_report(self, query: Query, mention: Mention, found: list[ReportRow], wanted: Sequence[int]) -> Answer:
        if not found:
            return Answer("", "no_data", [f"库里还没有{mention.text}的报告。"], reason="no_report")
        have = sorted({r.year for r in found})
        line = f"库里没有{found[0].org}{years(wanted)}的报告，有的是{years(have)}的。"
        near = self._choices(query, found)
        return Answer("", "no_data", [line, *_offer(near)], choices=near, reason="no_report")

    def _nothing_in(self, query: Query) -> Answer:
        have = self.selector.years()
        if not have:
            return Answer("", "no_data", ["库里还没有报告。先用 wenbao ingest 导入报告文件。"], reason="empty_store")
        what = f"{years(query.years)}的报告" if query.years else "这样的单位的报告"
        return Answer("", "no_data", [f"库里没有{what}，有的是{years(have)}的。"], reason="no_report")

    def _which_body(self, query: Query, mention: Mention, found: Sequence[ReportRow]) -> Answer:
        names = list(dict.fromkeys(_full(r) for r in found))
        choices = self._choices(query, list({r.organisation: r for r in found}.values()), full=True)
        return Answer(
            "",
            "clarify",
            [f"叫“{mention.text}”的不止一家：{listing(names)}。您问的是哪一家？", *_numbered(choices)],
            choices=choices,
            reason="several_bodies",
        )

    def _choices(self, query: Query, reports: Sequence[ReportRow], full: bool = False) -> list[str]:
        """Complete questions, one for each of these reports."""
        what = self._asked(query)
        if not what:
            return []
        return [f"{_full(r) if full else r.org}{r.year}年{what}" for r in reports[:MOST_CHOICES]]

    def _asked(self, query: Query) -> str:
        if query.operation == "passage":
            sections = [
                catalogue().sections[k].name for k in (query.passage or "").split("+") if k in catalogue().sections
            ]
            return "".join(sections) + "是什么"
        if query.operation in ("published", "author", "title"):
            return {"published": "报告的落款日期", "author": "报告的落款单位", "title": "报告的标题"}[query.operation]
        if query.rate:
            return next(str(r["name"]) for r in data("rates")["rate"] if r["key"] == query.rate) + "是多少"
        if query.operation == "share" and query.targets and query.denominator:
            return f"{query.targets[0].name}占{query.denominator[0].name}的比例"
        if not query.targets or not query.targets[0].name:
            return ""
        if query.verdict:
            return f"有没有{query.targets[0].name}" if query.condition is None else f"{query.targets[0].name}是多少"
        return f"{query.targets[0].name}是多少"

    # ------------------------------------------------------------ one figure

    def _value(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1:
            self._one_of(answer, query, scope)
            return
        report = scope[0]
        measured = self._settle(answer, query, report)
        if measured is None:
            return
        if measured.kind == "absent":
            self._absent(answer, query, report)
        elif measured.kind == "blank":
            self._blank(answer, measured)
        else:
            self._number(answer, query, measured)

    def _one_of(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """No body or year was named and several reports fit: ask which."""
        bodies = list(dict.fromkeys(r.org for r in scope))
        if not (query.targets and query.targets[0].options) and not query.organisations:
            self._refuse(answer, query.otherwise or Refusal("clarify", "no_body"))
            return
        ask = "哪一年" if len(bodies) == 1 else "哪个单位"
        have = (
            f"{bodies[0]}有{years([r.year for r in scope])}的报告"
            if len(bodies) == 1
            else f"{years(query.years) if query.years else '库里'}有{listing(bodies)}的报告"
        )
        answer.status, answer.reason = "clarify", "which_report"
        answer.choices = self._choices(query, scope)
        answer.lines = [f"您问的是{ask}的？{have}。", *_numbered(answer.choices)]

    def _settle(self, answer: Answer, query: Query, report: ReportRow) -> Measured | None:
        """The one measured target; asks back (and returns None) when several readings are printed in the report."""
        if not query.alternatives:
            return measure(self.selector, [report], query.targets[0])[0]
        found = [measure(self.selector, [report], t)[0] for t in query.alternatives]
        there = [m for m in found if m.kind != "absent"]
        if len(there) == 1:
            return there[0]
        if not there:
            return found[0]
        answer.status, answer.reason = "clarify", "several_metrics"
        answer.choices = [f"{report.org}{report.year}年{m.name}是多少" for m in there][:MOST_CHOICES]
        answer.lines = [
            f"{report.org}{report.year}年的报告里，这可以指{len(there)}个数，您要哪一个？",
            *_numbered(answer.choices),
        ]
        return None

    def _number(self, answer: Answer, query: Query, measured: Measured) -> None:
        if measured.value is None:
            return
        figure = self._figure(answer, measured)
        head = f"{measured.report.org} · {measured.report.year}年 · {measured.name}"
        shown = self._shown(measured)
        if query.verdict or query.condition is not None:
            self._verdict(answer, query, measured, head)
        else:
            answer.lines.append(f"{head}：{shown}")
        if figure.formula:
            answer.lines.append(f"算法：{figure.formula}")
        self._proof(answer, measured)

    def _verdict(self, answer: Answer, query: Query, measured: Measured, head: str) -> None:
        value = measured.value if measured.value is not None else Decimal(0)
        shown = self._shown(measured)
        condition = query.condition
        if condition is None:
            there = value > 0
            answer.verdict = not there if query.negated else there
            said = "有" if there else "没有"
            answer.lines.append(f"{said}。{head}：{shown}")
            return
        answer.verdict = holds(condition.sign, value, condition.value) != query.negated
        bound = amount(condition.value, measured.unit)
        word = _SIGN_WORDS[condition.sign]
        answer.lines.append(
            f"{'是' if answer.verdict else '不是'}，{'' if holds(condition.sign, value, condition.value) else '没有'}{word}{bound}。{head}：{shown}"
        )

    def _blank(self, answer: Answer, measured: Measured) -> None:
        answer.status, answer.reason = "blank", "blank"
        report, empty = measured.report, [c for c in measured.cells if c.state != "number"]
        cell = empty[0]
        how = {
            "blank": "是空的，没有填",
            "struck": f"划掉了（印的是“{cell.raw}”）",
            "unreadable": f"写的是“{cell.raw}”，不是数",
        }[cell.state]
        answer.figures.append(
            Figure(report.org, report.year, measured.name, None, measured.unit, cell.raw, cell.path, cell.column)
        )
        quote = answer.quote(report, cell)
        answer.lines.append(f"{report.org} · {report.year}年 · {measured.name}：报告里这一格{how}，不等于0。")
        if display(quote.text):
            answer.lines.append(f"> {display(quote.text)}")
        answer.lines.append(_source_line(report, cell.section))
        self._warn(answer, [measured])

    def _absent(self, answer: Answer, query: Query, report: ReportRow) -> None:
        """Not in the catalogue's cells: the report's own words, else say what is missing and what there is."""
        target = query.targets[0]
        if target.words and self._by_words(answer, query, report, target):
            return
        if query.otherwise is not None and not target.options:
            self._refuse(answer, query.otherwise)
            return
        name = target.name or target.words
        answer.status, answer.reason = "no_data", "no_such_figure"
        answer.lines = [f"{report.org}{report.year}年的报告里没有“{name}”这一项{_edition_note(report, target)}。"]
        answer.choices = self._related(report, target)
        answer.lines.extend(_offer(answer.choices))

    def _related(self, report: ReportRow, target: Target) -> list[str]:
        """Questions about the same subject that this report does answer."""
        known = catalogue().metrics
        if not target.options:
            return []
        head = target.options[0][0].split(".")[0]
        keys = [k for k in known if k.split(".")[0] == head and k not in target.options[0]]
        there = {c.metric for c in self.selector.cells([report.id], keys, ["", "total"]) if c.table is not None}
        return [f"{report.org}{report.year}年{known[k].name}是多少" for k in keys if k in there][:3]

    # ------------------------------------------------------------ free words

    def _by_words(self, answer: Answer, query: Query, report: ReportRow, target: Target) -> bool:
        """A figure of the report's own local rows or prose. True when it answered or asked back."""
        found = self.matches(report, target.words)
        if not found:
            return False
        facts = self.store.facts(report.id)
        values = {(facts[i].value, facts[i].unit) for i in found}
        if len(values) > 1:
            answer.status, answer.reason = "clarify", "several_figures"
            answer.choices = [
                f"{report.org}{report.year}年{''.join(facts[i].path)}{'（' + facts[i].unit + '）' if facts[i].unit else ''}是多少"
                for i in found
            ][:MOST_CHOICES]
            answer.lines = [
                f"{report.org}{report.year}年的报告里有几处像您问的，您要哪一个？",
                *_numbered(answer.choices),
            ]
            return True
        measured = self.fact_measured(report, found[0], target)
        if measured.kind == "blank":
            self._blank(answer, measured)
        else:
            self._number(answer, query, measured)
        return True

    def matches(self, report: ReportRow, words: str) -> list[int]:
        """Ordinals of the local rows and prose figures of a report that these words mean; several are a tie."""
        facts = self.store.facts(report.id)
        text = self.store.text(report.id)
        candidates = [
            Candidate(
                i,
                "".join(f.path),
                "".join(f.context) + "".join(f.column),
                text[f.quote.start : f.quote.end],
                f.unit,
                "计划" in f.context,
            )
            for i, f in enumerate(facts)
            if (f.table is None or f.metric is None or f.metric.startswith("local."))
            and f.year in (None, report.year)
            and f.state != "unreadable"
        ]
        names = [n for n in (report.org, *self._short_names(report)) if len(n) > 1]
        found = match(words, names, candidates)
        best = max((m.label for m in found), default=0.0)
        exact = [m.index for m in found if m.label >= best - 1e-9]
        return exact if len({facts[i].value for i in exact}) == 1 else [m.index for m in found]

    def _short_names(self, report: ReportRow) -> tuple[str, ...]:
        stored = self.store.report(report.id)
        return stored.short_names if stored else ()

    # ------------------------------------------------------------ passages and particulars

    def _passage(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1:
            self._one_of(answer, query, scope)
            return
        report = scope[0]
        kinds = (query.passage or "").split("+")
        passages = [p for p in self.store.passages(report.id) if p.kind in kinds]
        text = self.store.text(report.id)
        names = "、".join(catalogue().sections[k].name for k in kinds if k in catalogue().sections)
        if not passages:
            answer.status, answer.reason = "no_data", "no_passage"
            answer.lines = [f"{report.org}{report.year}年的报告里没有找到“{names}”这一部分。"]
            return
        answer.lines.append(f"{report.org} · {report.year}年 · {names}")
        for passage in passages:
            slice_ = text[passage.span.start : passage.span.end]
            answer.quotes.append(_passage_quote(report, passage.heading, passage.span.start, passage.span.end, slice_))
            answer.lines.append("> " + "\n> ".join(line.strip() for line in slice_.splitlines() if line.strip()))
        answer.lines.append(_source_line(report, passages[0].heading))
        if query.verdict or "有没有" in answer.question or answer.question.rstrip("？?").endswith("吗"):
            answer.verdict = not _says_none(text[passages[0].span.start : passages[0].span.end])

    def _about(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if query.passage == "store_years":
            org = scope[0].org
            answer.lines = [f"库里有{org}{years([r.year for r in scope])}的报告。"]
            answer.verdict = True if query.verdict else None
            return
        if len(scope) > 1:
            self._one_of(answer, query, scope)
            return
        report = scope[0]
        kind, label = {
            "published": ("signature", "落款日期"),
            "author": ("signature", "落款单位"),
            "title": ("title", "标题"),
        }.get(query.operation, ("", "表格版本"))
        if query.operation == "edition":
            answer.lines = [f"{report.org}{report.year}年的报告用的是{_EDITIONS.get(report.edition, '其他格式')}。"]
            return
        value = {"published": _date(report.published), "author": report.signature or report.org, "title": report.title}[
            query.operation
        ]
        passages = [p for p in self.store.passages(report.id) if p.kind == kind]
        if not value:
            answer.status, answer.reason = "no_data", "not_printed"
            answer.lines = [f"{report.org}{report.year}年的报告没有写明{label}。"]
            return
        answer.lines.append(f"{report.org} · {report.year}年 · {label}：{value}")
        text = self.store.text(report.id)
        for p in passages:
            slice_ = text[p.span.start : p.span.end]
            answer.quotes.append(_passage_quote(report, p.heading, p.span.start, p.span.end, slice_))
            answer.lines.append(f"> {' '.join(slice_.split())}")
        answer.lines.append(_source_line(report, None))

    def _findings(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1 and query.organisations:
            self._one_of(answer, query, scope)
            return
        rows = self.selector.findings([r.id for r in scope])
        by_id = {r.id: r for r in scope}
        if not rows:
            who = f"{scope[0].org}{scope[0].year}年的报告" if len(scope) == 1 else f"这{len(scope)}份报告"
            answer.lines = [f"核对过了，{who}没有发现对不上的数。"]
            return
        answer.lines = [f"核对出{len(rows)}处："]
        for report_id, code, message, _, _ in rows[:20]:
            report = by_id[report_id]
            answer.warn(code, message)
            answer.lines.append(f"⚠️ {report.org}{report.year}年：{message}")

    # ------------------------------------------------------------ refusals

    def _refuse(self, answer: Answer, refusal: Refusal) -> None:
        from bot.refusing import refuse

        refused = refuse(self.store, self.selector, answer.question, refusal)
        answer.status, answer.lines, answer.choices, answer.reason = (
            refused.status,
            refused.lines,
            refused.choices,
            refused.reason,
        )

    # ------------------------------------------------------------ shared with Computing

    def _figure(self, answer: Answer, measured: Measured) -> Figure:
        """Adds the figure and its quotes; a sum the report does not print is derived and shows what was added."""
        report = measured.report
        for cell in measured.cells:
            answer.quote(report, cell)
        first = measured.cells[0]
        if measured.summed:
            parts = [(_part_name(c, measured.cells), c) for c in measured.cells]
            formula = " + ".join(f"{name} {plain_number(c.value or Decimal(0))}" for name, c in parts)
            figure = Figure(
                report.org, report.year, measured.name, measured.value, measured.unit, "", (), (), None, formula, True
            )
        else:
            figure = Figure(
                report.org,
                report.year,
                measured.name,
                measured.value,
                measured.unit,
                first.raw,
                first.path,
                first.column,
            )
        answer.figures.append(figure)
        self._warn(answer, [measured])
        return figure

    def _shown(self, measured: Measured) -> str:
        value = amount(measured.value or Decimal(0), measured.unit)
        if measured.cells and not measured.summed and measured.from_prose is False and measured.cells[0].table is None:
            around = measured.cells[0].quote
            at = measured.cells[0].start - measured.cells[0].quote_start
            before, after = around[max(0, at - 2) : at], around[at + len(measured.cells[0].raw) :][:2]
            if before.endswith(("约", "近")) or after.startswith(("多", "余", "+")):
                return f"约{value}（原文是概数）"
        return value

    def _proof(self, answer: Answer, measured: Measured, sentences: bool = True) -> None:
        report = measured.report
        cells = measured.cells
        shown = [c for c in cells if not measured.summed or c.value]
        for cell in (shown or cells[:1])[:8]:
            answer.lines.append(f"> {display(cell.quote)}")
        answer.lines.append(_source_line(report, cells[0].section))
        if sentences and measured.prose:
            cell = measured.prose[0]
            quote = answer.quote(report, cell)
            answer.lines.append(f"正文也写到：“{display(quote.text)}”")
        for warning in answer.warnings:
            line = f"⚠️ {warning['message']}"
            if line not in answer.lines:
                answer.lines.append(line)

    def _warn(self, answer: Answer, measured: Sequence[Measured]) -> None:
        """Findings that one of these cells takes part in."""
        reports = [m.report.id for m in measured]
        cells = {(m.report.id, c.ordinal) for m in measured for c in (*m.cells, *m.prose)}
        for report, code, message, taking_part, severity in self.selector.findings(reports):
            if severity != "hint" and any((report, ordinal) in cells for ordinal in taking_part):
                answer.warn(code, message)

    def fact_measured(self, report: ReportRow, ordinal: int, target: Target) -> Measured:
        """One stored fact as a measured target, named by its own words."""
        from bot.facts import cell_of

        fact = self.store.facts(report.id)[ordinal]
        cell = cell_of(report.id, ordinal, fact, self.store.slice(report.id, fact.quote))
        name = (
            "".join(p for p in fact.path[-2:])
            if fact.table is None
            else fact.path[-1]
            if fact.path
            else "".join(fact.column)
        )
        kind = "number" if fact.state == "number" else "blank"
        return Measured(report, replace(target, name=name, unit=fact.unit), name, kind, fact.value, fact.unit, (cell,))  # type: ignore[arg-type]


def holds(sign: str, value: Decimal, bound: Decimal) -> bool:
    """Does ``value sign bound`` hold?"""
    return {">": value > bound, "<": value < bound, ">=": value >= bound, "<=": value <= bound, "==": value == bound}[
        sign
    ]


def _part_name(cell: Cell, among: Sequence[Cell]) -> str:
    """What tells one addend from the others: its row, its column, or the block its column stands in."""
    if cell.path and len({c.path for c in among}) > 1:
        return cell.path[-1]
    if len({c.column[-1:] for c in among}) == 1 and len(cell.column) > 1:
        return cell.column[-2]
    return "".join(cell.column[-1:])


_EDITIONS = {"2019": "2019年版格式（2019、2020年度用）", "2021": "2021年版格式（国办公开办函〔2021〕30号）"}


def _full(report: ReportRow) -> str:
    place = next((p for p in reversed(report.places) if p and p not in report.org), "")
    if report.signature and len(report.signature) > len(report.org) and report.org not in report.signature:
        return report.signature
    return f"{place}{report.org}"


def _is_kind(org: str, kind: str) -> bool:
    if kind == "部门":
        return org.endswith(("局", "委员会", "办公室", "厅", "中心"))
    if kind in ("区", "县"):
        return org.endswith((f"{kind}人民政府", f"{kind}政府", kind))
    return kind in org


def _edition_note(report: ReportRow, target: Target) -> str:
    metric = catalogue().metrics.get(target.options[0][0]) if target.options else None
    if metric is not None and metric.editions and report.edition not in metric.editions and report.edition != "other":
        return f"（这份报告用的是{report.edition}年版表格，那一栏是{metric.editions[0]}年版才有的）"
    return ""


def _numbered(choices: Sequence[str]) -> list[str]:
    return [f"{i}. {choice}" for i, choice in enumerate(choices, 1)]


def _offer(choices: Sequence[str]) -> list[str]:
    return ["可以问：", *_numbered(choices)] if choices else []


def _source_line(report: ReportRow, section: str | None) -> str:
    return f"出处：{report.source}" + (f"，{' '.join(section.split())}" if section else "")


def _date(iso: str | None) -> str | None:
    if not iso:
        return None
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def _says_none(text: str) -> bool:
    flat = "".join(text.split())
    return (
        flat in ("无", "无。", "暂无", "暂无。")
        or (len(flat) < 40
        and ("无其他" in flat or "没有其他" in flat or "无需要" in flat))
    )


def _passage_quote(report: ReportRow, heading: str | None, start: int, end: int, text: str):  # type: ignore[no-untyped-def]
    from bot.answer import Quote

    return Quote(report.key, report.source, heading, start, end, text)
