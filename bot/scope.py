"""Which reports a query is about, and what to say when none or several fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer import Answer
from bot.desk import Desk
from bot.refusing import some_bodies
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
        if query.every:
            found = self._everybody(query)
        else:
            found = self.of_kind(query, self.selector.reports(years=query.years or None, places=query.places))
        if isinstance(found, Answer):
            return found
        if not found:
            return self._nothing_in(query)
        return self._which_in(query, found) if query.places and not query.every else found

    def of_kind(self, query: Query, found: list[ReportRow]) -> list[ReportRow]:
        """Only the kinds of body the question speaks of."""
        return [r for r in found if any(_is_kind(r.org, k) for k in query.group)] if query.group else found

    def _everybody(self, query: Query) -> list[ReportRow] | Answer:
        found = self.of_kind(query, self.selector.reports(years=query.years or None, places=query.places))
        if query.group_size is None or not found:
            return found
        bodies = len({r.organisation for r in found})
        if bodies != query.group_size:
            names = listing(list(dict.fromkeys(r.label for r in found)))
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
            places = query.places if query.operation != "position" else ()
            found = self.selector.reports(bodies=mention.ids, places=places)
            wanted = mention.years or query.years
            if not mention.years and len(query.organisations) > 1 and len(query.years) > 1:
                chosen = [r for r in found if r.year in query.years]
            else:
                chosen = [r for r in found if r.year in wanted] if wanted else self._years_open(query, found)
            if len({r.organisation for r in chosen}) > 1:
                return self._which_body(query, mention, chosen)
            if chosen and len({r.organisation for r in found}) > 1:
                return self._only_one_that_year(query, mention, chosen, found)
            if query.operation in ("compare", "difference", "times") and len(wanted) > 1:
                # 2022年比2021年多吗: what is compared stands first, as it was said
                chosen = sorted(chosen, key=lambda r: wanted.index(r.year))
            lost = [y for y in wanted if y not in {r.year for r in chosen}]
            if not chosen or (
                lost
                and query.operation in ("difference", "growth", "compare", "sum", "value")
                and len(query.organisations) == 1
            ):
                return self._no_report(query, mention, found, lost or wanted)
            if query.span is not None and len({r.year for r in found}) != query.span:
                return self._which_years(query, found)
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

    def _which_years(self, query: Query, found: list[ReportRow]) -> Answer:
        """「两年一共」 of a body with three: which two?"""
        line = f"{found[0].label}有{years([r.year for r in found])}的报告，您说的{query.span}年是哪几年？"
        return Answer("", "clarify", [line], reason="which_year")

    def _no_report(self, query: Query, mention: Mention, found: list[ReportRow], wanted: Sequence[int]) -> Answer:
        if not found:
            where = "".join(f"{place.rpartition('/')[2]}的" for place in query.places)
            have_bodies = self._bodies_there()
            return Answer("", "no_data", [f"库里没有{where}{mention.text}的报告。{have_bodies}"], reason="no_report")
        have = sorted({r.year for r in found})
        line = f"库里没有{found[0].label}{years(wanted)}的报告，有的是{years(have)}的。"
        near = self.choices(query, found)
        return Answer("", "no_data", [line, *offer(near)], choices=near, reason="no_report")

    def _nothing_in(self, query: Query) -> Answer:
        have = self.selector.years()
        if not have:
            return Answer("", "no_data", ["库里还没有报告。先用 wenbao ingest 导入报告文件。"], reason="empty_store")
        if query.places:
            where = listing([place.rpartition("/")[2] for place in query.places])
            when = years(query.years) if query.years else ""
            other = sorted({r.year for r in self.selector.reports(places=query.places)})
            there = f"有的是{years(other)}的。" if other else self._bodies_there()
            line = f"库里没有{where}的单位{when}的报告。{there}"
            return Answer("", "no_data", [line], reason="no_report")
        kind = f"{'、'.join(query.group)}的" if query.group else ""
        what = f"{kind}{years(query.years)}的报告" if query.years else f"{kind or '这样的单位的'}报告"
        return Answer("", "no_data", [f"库里没有{what}，有的是{years(have)}的。"], reason="no_report")

    def _bodies_there(self) -> str:
        return some_bodies(self.selector, MOST_CHOICES)

    def _which_in(self, query: Query, found: Sequence[ReportRow]) -> Answer:
        """「北仑区2020年收到几件」: a place is no body; its government has no report here, bodies in it have."""
        where = listing([place.rpartition("/")[2] for place in query.places])
        names = list(dict.fromkeys(r.label for r in found))
        choices = self.choices(query, found)
        line = f"库里没有{where}政府本级的报告，有的是{where}这{len(names)}家单位的：{listing(names, MOST_CHOICES)}。"
        return Answer("", "clarify", [line, *offer(choices)], choices=choices, reason="place")

    def _which_body(self, query: Query, mention: Mention, found: Sequence[ReportRow]) -> Answer:
        names = list(dict.fromkeys(r.full_name for r in found))
        choices = self.choices(query, list({r.organisation: r for r in found}.values()), full=True)
        return Answer(
            "",
            "clarify",
            [f"叫“{mention.text}”的不止一家：{listing(names)}。您问的是哪一家？", *numbered(choices)],
            choices=choices,
            reason="several_bodies",
        )

    def _only_one_that_year(
        self, query: Query, mention: Mention, chosen: Sequence[ReportRow], found: Sequence[ReportRow]
    ) -> Answer:
        """「城关镇2020年」: of several with that name one has a report of that year, and another may be meant."""
        asked = self._which_body(query, mention, [*chosen, *(r for r in found if r not in chosen)])
        there = years([r.year for r in chosen])
        asked.lines.insert(1, f"其中只有{chosen[0].full_name}有{there}的报告。")
        return asked

    def choices(self, query: Query, reports: Sequence[ReportRow], full: bool = False) -> list[str]:
        """Complete questions, one for each of these reports."""
        what = self._asked(query)
        if not what:
            return []
        return [f"{r.full_name if full else r.label}{r.year}年{what}" for r in reports[:MOST_CHOICES]]

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
        items = {key.split(".")[0] for t in query.alternatives for option in t.options for key in option}
        if query.operation == "value" and len(items) == 1 and (item := catalogue().items.get(next(iter(items)))):
            return f"{item.name}是多少"  # 收费: which of its figures there is depends on the report
        if query.operation == "position":
            return f"{query.targets[0].name}排第几"
        if query.verdict:
            return f"有没有{query.targets[0].name}" if query.condition is None else f"{query.targets[0].name}是多少"
        return f"{query.targets[0].name}是多少"


def _is_kind(org: str, kind: str) -> bool:
    if kind == "部门":
        return org.endswith(("局", "委员会", "办公室", "厅", "中心", "委"))
    if kind == "局":
        return org.endswith(("局", "分局"))
    if kind == "街道":
        return "街道" in org
    if kind in ("镇", "乡"):  # 大坝乡人民政府, 某某镇; not 乡村振兴局
        return re.search(f"{kind}(?:人民政府|政府)?$", org) is not None
    if kind == "政府":
        return re.search("(?:省|市|区|县|旗|州)(?:人民政府|政府)$", org) is not None
    return re.search(f"{kind}(?:人民政府|政府)?$", org) is not None
