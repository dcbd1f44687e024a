"""What is asked about a report itself: passages, date, author, title, edition, findings."""

from __future__ import annotations

from bot.answer import Answer, Quote
from bot.desk import Desk
from db.select import ReportRow
from knowledge.catalogue import catalogue
from knowledge.query import Query
from knowledge.wording import source_line, years

# how many questions a clarification offers
MOST_CHOICES = 8
# how many findings a message lists
_MOST_FINDINGS = 20


class Particulars(Desk):
    """What is asked about a report itself: passages, date, author, title, edition, findings."""

    def _passage(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1:
            self.ask_which(answer, query, scope)
            return
        report = scope[0]
        kinds = (query.passage or "").split("+")
        passages = [p for p in self.store.passages(report.id) if p.kind in kinds]
        text = self.store.text(report.id)
        names = "、".join(catalogue().sections[k].name for k in kinds if k in catalogue().sections)
        if not passages:
            answer.status, answer.reason = "no_data", "no_passage"
            answer.lines = [f"{report.label}{report.year}年的报告里没有找到“{names}”这一部分。"]
            return
        answer.lines.append(f"{report.label} · {report.year}年 · {names}")
        for passage in passages:
            slice_ = text[passage.span.start : passage.span.end]
            answer.quotes.append(_passage_quote(report, passage.heading, passage.span.start, passage.span.end, slice_))
            answer.lines.append("> " + "\n> ".join(line.strip() for line in slice_.splitlines() if line.strip()))
        answer.lines.append(source_line(report.source, passages[0].heading))
        if query.verdict or "有没有" in answer.question or answer.question.rstrip("？?").endswith("吗"):
            answer.verdict = not _says_none(text[passages[0].span.start : passages[0].span.end])

    def _about(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if query.passage == "store_years":
            held: dict[str, list[int]] = {}
            for report in scope:
                held.setdefault(report.label, []).append(report.year)
            answer.lines = [f"库里有{label}{years(there)}的报告。" for label, there in held.items()]
            answer.verdict = True if query.verdict else None
            return
        if len(scope) > 1:
            self.ask_which(answer, query, scope)
            return
        report = scope[0]
        kind, label = {
            "published": ("signature", "落款日期"),
            "author": ("signature", "落款单位"),
            "title": ("title", "标题"),
        }.get(query.operation, ("", "表格版本"))
        if query.operation == "edition":
            answer.lines = [f"{report.label}{report.year}年的报告用的是{_EDITIONS.get(report.edition, '其他格式')}。"]
            return
        value = {"published": _date(report.published), "author": report.signature or report.org, "title": report.title}[
            query.operation
        ]
        passages = [p for p in self.store.passages(report.id) if p.kind == kind]
        if not value:
            answer.status, answer.reason = "no_data", "not_printed"
            answer.lines = [f"{report.label}{report.year}年的报告没有写明{label}。"]
            return
        answer.lines.append(f"{report.label} · {report.year}年 · {label}：{value}")
        text = self.store.text(report.id)
        for p in passages:
            slice_ = text[p.span.start : p.span.end]
            answer.quotes.append(_passage_quote(report, p.heading, p.span.start, p.span.end, slice_))
            answer.lines.append(f"> {' '.join(slice_.split())}")
        answer.lines.append(source_line(report.source, None))

    def _findings(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1 and query.organisations:
            self.ask_which(answer, query, scope)
            return
        rows = self.selector.findings([r.id for r in scope])
        by_id = {r.id: r for r in scope}
        if not rows:
            who = f"{scope[0].label}{scope[0].year}年的报告" if len(scope) == 1 else f"这{len(scope)}份报告"
            answer.lines = [f"核对过了，{who}没有发现对不上的数。"]
            return
        concerned = len({row[0] for row in rows})
        among = "" if len(scope) == 1 else f"{len(scope)}份报告里，{concerned}份"
        answer.lines = [f"{among}核对出{len(rows)}处："]
        for report_id, code, message, _, _ in rows[:_MOST_FINDINGS]:
            report = by_id[report_id]
            answer.warn(code, message)
            answer.lines.append(f"⚠️ {report.label}{report.year}年：{message}")
        if len(rows) > _MOST_FINDINGS:
            answer.lines.append(f"……还有{len(rows) - _MOST_FINDINGS}处")


_EDITIONS = {"2019": "2019年版格式（2019、2020年度用）", "2021": "2021年版格式（国办公开办函〔2021〕30号）"}


def _date(iso: str | None) -> str | None:
    if not iso:
        return None
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def _says_none(text: str) -> bool:
    flat = "".join(text.split())
    return flat in ("无", "无。", "暂无", "暂无。") or (
        len(flat) < 40 and ("无其他" in flat or "没有其他" in flat or "无需要" in flat)
    )


def _passage_quote(report: ReportRow, heading: str | None, start: int, end: int, text: str) -> Quote:
    return Quote(report.key, report.source, heading, start, end, text)
