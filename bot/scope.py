"""Which reports a query is about, and what to say when none or several fit."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Answer
from bot.desk import Desk
from db.select import ReportRow
from knowledge.catalogue import catalogue
from knowledge.lexicon import data
from knowledge.query import Mention, Query
from knowledge.wording import listing, numbered, offer, years

# how many questions a clarification offers
MOST_CHOICES = 8


class Scope(Desk):
    """Which reports a query is about, and what to say when none or several fit."""

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
                choices=self.choices(query, found),
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
            if not chosen or (
                lost and query.operation in ("difference", "growth", "compare", "sum") and len(query.organisations) == 1
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
        near = self.choices(query, found)
        return Answer("", "no_data", [line, *offer(near)], choices=near, reason="no_report")

    def _nothing_in(self, query: Query) -> Answer:
        have = self.selector.years()
        if not have:
            return Answer("", "no_data", ["库里还没有报告。先用 wenbao ingest 导入报告文件。"], reason="empty_store")
        what = f"{years(query.years)}的报告" if query.years else "这样的单位的报告"
        return Answer("", "no_data", [f"库里没有{what}，有的是{years(have)}的。"], reason="no_report")

    def _which_body(self, query: Query, mention: Mention, found: Sequence[ReportRow]) -> Answer:
        names = list(dict.fromkeys(full_name(r) for r in found))
        choices = self.choices(query, list({r.organisation: r for r in found}.values()), full=True)
        return Answer(
            "",
            "clarify",
            [f"叫“{mention.text}”的不止一家：{listing(names)}。您问的是哪一家？", *numbered(choices)],
            choices=choices,
            reason="several_bodies",
        )

    def choices(self, query: Query, reports: Sequence[ReportRow], full: bool = False) -> list[str]:
        """Complete questions, one for each of these reports."""
        what = self._asked(query)
        if not what:
            return []
        return [f"{full_name(r) if full else r.org}{r.year}年{what}" for r in reports[:MOST_CHOICES]]

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


def _is_kind(org: str, kind: str) -> bool:
    if kind == "部门":
        return org.endswith(("局", "委员会", "办公室", "厅", "中心"))
    if kind in ("区", "县"):
        return org.endswith((f"{kind}人民政府", f"{kind}政府", kind))
    return kind in org


def full_name(report: ReportRow) -> str:
    """The body so that it cannot be taken for another of the same short name."""
    place = next((p for p in reversed(report.places) if p and p not in report.org), "")
    if report.signature and len(report.signature) > len(report.org) and report.org not in report.signature:
        return report.signature
    return f"{place}{report.org}"
