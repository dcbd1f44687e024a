"""One figure of one report: shown, proven, or said to be blank or missing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.answer import Answer, Figure
from bot.free_words import FreeWords
from bot.measure import Measured, measure
from bot.operations import holds
from db.select import Cell, ReportRow
from knowledge.catalogue import catalogue
from knowledge.query import Query, Refusal, Target
from knowledge.wording import amount, display, listing, numbered, offer, plain_number, source_line, years

# how many questions a clarification offers
MOST_CHOICES = 8


class OneFigure(FreeWords):
    """One figure of one report: shown, proven, or said to be blank or missing."""

    def _value(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1 and query.organisations and query.targets and not query.targets[0].options:
            # 某街道电话多少: no use asking which year where no report says it
            scope = [r for r in scope if self.matches(r, query.targets[0].words)]
            if not scope:
                self.refuse(answer, query.otherwise or Refusal("not_understood", "left_over"))
                return
        if len(scope) > 1:
            self.ask_which(answer, query, scope)
            return
        report = scope[0]
        measured = self._settle(answer, query, report)
        if measured is None:
            return
        if measured.kind == "absent":
            self._absent(answer, query, report)
        elif measured.kind == "blank":
            self.show_blank(answer, measured)
        else:
            self.show_number(answer, query, measured)

    def ask_which(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """No body or year was named and several reports fit: ask which."""
        bodies = list(dict.fromkeys(r.label for r in scope))
        if not (query.targets and query.targets[0].options) and not query.organisations:
            self.refuse(answer, query.otherwise or Refusal("clarify", "no_body"))
            return
        ask = "哪一年" if len(bodies) == 1 else "哪个单位"
        have = (
            f"{bodies[0]}有{years([r.year for r in scope])}的报告"
            if len(bodies) == 1
            else f"{years(query.years) if query.years else '库里'}有{listing(bodies)}的报告"
        )
        answer.status, answer.reason = "clarify", "which_report"
        answer.choices = self.choices(query, scope)
        answer.lines = [f"您问的是{ask}的？{have}。", *numbered(answer.choices)]

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
        answer.choices = [f"{report.label}{report.year}年{m.name}是多少" for m in there][:MOST_CHOICES]
        answer.lines = [
            f"{report.label}{report.year}年的报告里，这可以指{len(there)}个数，您要哪一个？",
            *numbered(answer.choices),
        ]
        return None

    def show_number(self, answer: Answer, query: Query, measured: Measured) -> None:
        if measured.value is None:
            return
        figure = self.add_figure(answer, measured)
        head = f"{measured.report.label} · {measured.report.year}年 · {measured.name}"
        shown = self._shown(measured)
        if query.verdict or query.condition is not None:
            self._verdict(answer, query, measured, head)
        else:
            answer.lines.append(f"{head}：{shown}")
        if figure.formula:
            answer.lines.append(f"算法：{figure.formula}")
        self._proof(answer, measured)
        if query.original:
            self._original(answer)

    def _original(self, answer: Answer) -> None:
        """原文, 为什么: where the proof stands in the stored text, to the character."""
        for quote in answer.quotes[:4]:
            answer.lines.append(f"原文在 {quote.report} 第 {quote.start}—{quote.end} 个字：{quote.text.strip()}")

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
        word, true = _SIGN_WORDS[condition.sign], holds(condition.sign, value, condition.value)
        yes = "是" if answer.verdict else "不是"
        if condition.sign == "==" and not true:
            said = f"{yes}，不是{bound}" if answer.verdict else f"不是{bound}"
        else:
            said = f"{yes}，{'' if true else '没有'}{word}{bound}"
        answer.lines.append(f"{said}。{head}：{shown}")

    def show_blank(self, answer: Answer, measured: Measured) -> None:
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
        answer.lines.append(f"{report.label} · {report.year}年 · {measured.name}：报告里这一格{how}，不等于0。")
        if quote.shown:
            answer.lines.append(f"> {quote.shown}")
        answer.lines.append(source_line(report.source, cell.section))
        self._warn(answer, [measured])

    def _absent(self, answer: Answer, query: Query, report: ReportRow) -> None:
        """Not in the catalogue's cells: the report's own words, else say what is missing and what there is."""
        target = query.targets[0]
        if target.words and self.by_words(answer, query, report, target):
            return
        if target.words and self.topic(answer, report, target.words):
            return
        if query.otherwise is not None and not target.options:
            self.refuse(answer, query.otherwise)
            return
        name = target.name or target.words
        answer.status, answer.reason = "no_data", "no_such_figure"
        answer.lines = [f"{report.label}{report.year}年的报告里没有“{name}”这一项{_edition_note(report, target)}。"]
        answer.choices = self._related(report, target)
        answer.lines.extend(offer(answer.choices))

    def _related(self, report: ReportRow, target: Target) -> list[str]:
        """Questions about the same subject that this report does answer."""
        known = catalogue().metrics
        if not target.options:
            return []
        head = target.options[0][0].split(".")[0]
        keys = [k for k in known if k.split(".")[0] == head and k not in target.options[0]]
        there = {c.metric for c in self.selector.cells([report.id], keys, ["", "total"]) if c.table is not None}
        return [f"{report.label}{report.year}年{known[k].name}是多少" for k in keys if k in there][:3]

    # ------------------------------------------------------------ shared with Computing

    def add_figure(self, answer: Answer, measured: Measured) -> Figure:
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
            vague = any(mark in measured.cells[0].raw for mark in "多余几")  # 200多万
            if vague or before.endswith(("约", "近")) or after.startswith(("多", "余", "+")):
                return f"约{value}（原文是概数）"
        return value

    def _proof(self, answer: Answer, measured: Measured, sentences: bool = True) -> None:
        report = measured.report
        cells = measured.cells
        shown = [c for c in cells if not measured.summed or c.value]
        quotes = [answer.quote(report, cell) for cell in (shown or cells[:1])[:8]]
        answer.lines.extend(dict.fromkeys(f"> {quote.shown}" for quote in quotes))
        answer.lines.append(source_line(report.source, cells[0].section))
        if sentences and measured.prose:
            cell = measured.prose[0]
            quote = answer.quote(report, cell)
            answer.lines.append(f"正文也写到：“{display(quote.text)}”")
        for line in answer.warning_lines(len(answer.found_in)):
            if line not in answer.lines:
                answer.lines.append(line)

    def _warn(self, answer: Answer, measured: Sequence[Measured]) -> None:
        """Findings that one of these cells takes part in."""
        reports = [m.report.id for m in measured]
        labels = {m.report.id: f"{m.report.label}{m.report.year}年" for m in measured}
        cells = {(m.report.id, c.ordinal) for m in measured for c in (*m.cells, *m.prose)}
        for report, code, message, taking_part, severity in self.selector.findings(reports):
            if severity != "hint" and any((report, ordinal) in cells for ordinal in taking_part):
                answer.warn(code, message, labels[report])


def _part_name(cell: Cell, among: Sequence[Cell]) -> str:
    """What tells one addend from the others: its row, its column, or the block its column stands in."""
    if cell.path and len({c.path for c in among}) > 1:
        return cell.path[-1]
    if len({c.column[-1:] for c in among}) == 1 and len(cell.column) > 1:
        return cell.column[-2]
    return "".join(cell.column[-1:])


def _edition_note(report: ReportRow, target: Target) -> str:
    metric = catalogue().metrics.get(target.options[0][0]) if target.options else None
    if metric is not None and metric.editions and report.edition not in metric.editions and report.edition != "other":
        return f"（这份报告用的是{report.edition}年版表格，那一栏是{metric.editions[0]}年版才有的）"
    return ""


_SIGN_WORDS = {">": "超过", "<": "不到", ">=": "达到", "<=": "不超过", "==": "正好是"}
