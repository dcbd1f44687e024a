"""What is computed from several figures: sums, differences, averages, rankings, counts, shares, change over years.

Every computed value shows the numbers it came from, how many reports were counted, and who is missing; a blank is never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.answer import Answer, Figure
from bot.measure import Measured, alternatives, measure
from db.select import ReportRow, Selector
from knowledge.catalogue import catalogue
from knowledge.lexicon import data
from knowledge.query import Query, Target
from knowledge.wording import amount, listing, percent, plain_number, rounded, years

if TYPE_CHECKING:
    from db.store import Store

# more rows than this are not listed one by one; the database has added them up
MOST_SHOWN = 20


class Computing:
    """The operations over several reports or targets; ``Answering`` supplies the reports and the wording of one figure."""

    selector: Selector
    store: Store

    def compute(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """Dispatches on the query's operation."""
        if query.rate is not None:
            self._rate(answer, query, scope)
        elif query.operation == "share":
            self._share(answer, query, scope)
        elif query.operation in ("growth", "trend"):
            self._over_years(answer, query, scope)
        elif query.alternatives:
            self._ask_metric(answer, query, scope)
        else:
            self._over_reports(answer, query, scope)

    # ------------------------------------------------------------ over reports

    def _over_reports(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if query.operation in ("sum", "average", "count") and self._mixed_years(query, scope):
            self._ask_year(answer, query, scope)
            return
        if (
            not query.organisations
            and not query.every
            and query.operation in ("sum", "difference", "compare")
            and len(scope) > 1
        ):
            self._one_of(answer, query, scope)  # type: ignore[attr-defined]
            return
        found = self._measured(query, scope)
        number = [m for m in found if m.kind == "number"]
        missing = [m for m in found if m.kind != "number"]
        if not number:
            self._none(answer, query, found)
            return
        if query.operation in ("difference", "compare", "sum") and missing and not query.every:
            self._lacking(answer, query, number, missing)
            return
        operation = {
            "sum": self._sum,
            "average": self._average,
            "difference": self._difference,
            "compare": self._compare,
            "rank": self._rank,
            "max": self._extreme,
            "min": self._extreme,
            "position": self._position,
            "count": self._count,
            "which": self._count,
        }[query.operation]
        operation(answer, query, number, missing)
        self._warnings(answer)

    def _measured(self, query: Query, scope: list[ReportRow]) -> list[Measured]:
        if query.every and len(scope) > MOST_SHOWN:
            return self._aggregated(query, scope)
        return [m for target in query.targets for m in measure(self.selector, scope, target)]

    def _aggregated(self, query: Query, scope: list[ReportRow]) -> list[Measured]:
        """Many reports: the database adds up the cells of each; the rows that are shown fetch their quotes later."""
        out: list[Measured] = []
        by_id = {r.id: r for r in scope}
        for target in query.targets:
            applicants = target.applicants or ("",)
            seen: set[int] = set()
            for option in target.options:
                for way in alternatives(option):
                    for total in self.selector.totals(way, applicants, query.years):
                        report = by_id.get(total.report)
                        if report is None or total.report in seen or total.cells < len(way) * len(applicants):
                            continue
                        seen.add(total.report)
                        kind = "number" if total.value is not None else "blank"
                        unit = catalogue().metrics[option[0]].unit
                        out.append(Measured(report, target, target.name, kind, total.value, unit))  # type: ignore[arg-type]
            out.extend(Measured(r, target, target.name, "absent", None, target.unit) for r in scope if r.id not in seen)
        return out

    def _mixed_years(self, query: Query, scope: Sequence[ReportRow]) -> bool:
        """Would one body be counted for several years although no year was asked for?"""
        bodies = [r.organisation for r in scope]
        return query.every and not query.years and len(set(bodies)) < len(bodies)

    def _ask_year(self, answer: Answer, query: Query, scope: Sequence[ReportRow]) -> None:
        have = sorted({r.year for r in scope})
        answer.status, answer.reason = "clarify", "which_year"
        answer.choices = [f"{year}年{self._every_phrase(query)}" for year in reversed(have)][:8]
        answer.lines = [
            f"您问的是哪一年的？库里有{years(have)}的报告。",
            *(f"{i}. {c}" for i, c in enumerate(answer.choices, 1)),
        ]

    def _every_phrase(self, query: Query) -> str:
        name = query.targets[0].name if query.targets else ""
        return {
            "sum": f"所有单位{name}加起来是多少", "average": f"平均每家{name}是多少", "count": f"有几家单位有{name}",
        }.get(query.operation, f"{name}排名")  # fmt: skip

    def _ask_metric(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """The words can mean several figures: keep those that the reports print, ask when more than one is left."""
        there = []
        for target in query.alternatives:
            if any(m.kind != "absent" for m in measure(self.selector, scope[:200], target)):
                there.append(target)
        from dataclasses import replace

        if len(there) == 1:
            self._over_reports(answer, replace(query, targets=(there[0],), alternatives=()), scope)
            return
        if not there:
            self._over_reports(answer, replace(query, alternatives=()), scope)
            return
        who = "和".join(m.text for m in query.organisations)
        answer.status, answer.reason = "clarify", "several_metrics"
        phrase = {"max": "最多的是谁", "min": "最少的是谁", "sum": "加起来是多少", "average": "平均每家是多少"}.get(
            query.operation, "排名" if query.every else "对比"
        )
        answer.choices = [f"{who}{years(query.years)}{t.name}{phrase}" for t in there][:8]
        answer.lines = [
            f"这可以指{len(there)}个数，您要哪一个？",
            *(f"{i}. {c}" for i, c in enumerate(answer.choices, 1)),
        ]

    # each operation

    def _sum(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if not self._comparable(answer, number):
            return
        total = sum((m.value or Decimal(0) for m in number), Decimal(0))
        unit = number[0].unit
        head = self._head(query, number)
        answer.lines.append(f"{head}合计：{amount(total, unit)}")
        self._parts(answer, number, total, unit, f"{query.targets[0].name}合计", " + ")
        self._coverage(answer, query, number, missing)

    def _average(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        total = sum((m.value or Decimal(0) for m in number), Decimal(0))
        mean = rounded(total / len(number))
        unit = number[0].unit
        answer.lines.append(
            f"{self._head(query, number)}平均每家：{amount(mean, unit)}（{plain_number(total)} ÷ {len(number)}家）"
        )
        self._parts(
            answer,
            number,
            mean,
            unit,
            f"平均{query.targets[0].name}",
            "",
            formula=f"{plain_number(total)} ÷ {len(number)}",
        )
        self._coverage(answer, query, number, missing)

    def _difference(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if len(number) != 2:
            answer.status, answer.reason = "clarify", "two_needed"
            answer.lines = ["比差多少要两个数，请说明是哪两家（或哪两年）。"]
            return
        if not self._comparable(answer, number):
            return
        first, second = number
        gap = (first.value or Decimal(0)) - (second.value or Decimal(0))
        unit = first.unit
        word = "多" if gap > 0 else "少"
        said = (
            "两者一样"
            if gap == 0
            else f"{self._who(first, number)}比{self._who(second, number)}{word}{amount(abs(gap), unit)}"
        )
        answer.lines.append(f"{query.targets[0].name}：{said}")
        self._parts(answer, number, abs(gap), unit, f"{query.targets[0].name}之差", " − ")

    def _compare(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if len(number) == 1:
            answer.status, answer.reason = "clarify", "two_needed"
            answer.lines = ["比较要两个数，请说明跟谁（或跟哪一年）比。"]
            return
        if not self._comparable(answer, number):
            return
        ordered = sorted(number, key=lambda m: m.value or Decimal(0), reverse=query.descending)
        best = [m for m in ordered if m.value == ordered[0].value]
        word = "更多" if query.descending else "更少"
        names = {m.name for m in number}
        label = query.targets[0].name if len(names) == 1 else "对比"
        if query.plain and not query.verdict:
            answer.lines.append(f"{self._head(query, number)}：")
            self._list(answer, number, number)
            return
        if len(best) == len(ordered):
            head = f"{label}：一样多，都是{amount(ordered[0].value or Decimal(0), ordered[0].unit)}"
        else:
            head = f"{label}：{'、'.join(self._who(m, number) for m in best)}{word}，{amount(ordered[0].value or Decimal(0), ordered[0].unit)}"
        answer.lines.append(head)
        if query.verdict and len(number) == 2:
            first = number[0]
            answer.verdict = len(best) == len(ordered) if query.same else best == [first]
            answer.lines[-1] = ("是，" if answer.verdict else "不是，") + answer.lines[-1]
        self._list(answer, ordered, number)

    def _rank(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        ordered = sorted(
            number,
            key=lambda m: (
                -(m.value or Decimal(0)) if query.descending else (m.value or Decimal(0)),
                m.report.year,
                m.report.org,
            ),
        )
        limit = query.limit or MOST_SHOWN
        shown = ordered[:limit]
        while (
            len(shown) < len(ordered)
            and query.limit
            and ordered[len(shown)].value == shown[-1].value
            and len(shown) < limit + 10
        ):
            shown = ordered[: len(shown) + 1]
        order = "从多到少" if query.descending else "从少到多"
        answer.lines.append(
            f"{self._head(query, number)}排名（{order}，共{len(number)}家{'，列前' + str(len(shown)) if len(shown) < len(ordered) else ''}）："
        )
        self._list(answer, self._with_cells(shown), number, ranked=True)
        self._coverage(answer, query, number, missing)

    def _extreme(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        if query.limit and query.limit > 1:
            self._rank(answer, query, number, missing)
            return
        high = query.operation == "max"
        edge = (max if high else min)(m.value or Decimal(0) for m in number)
        best = [m for m in number if m.value == edge]
        word = "最多" if high else "最少"
        if number[0].unit == "元":
            word = "最高" if high else "最低"
        if len(best) > 8:
            answer.lines.append(
                f"{self._head(query, number)}{word}的是{amount(edge, number[0].unit)}，有{len(best)}家并列：{listing([self._who(m, number) for m in best], 8)}"
            )
            answer.figures.append(
                Figure(
                    None,
                    None,
                    f"{query.targets[0].name}{word}",
                    edge,
                    number[0].unit,
                    derived=True,
                    formula=f"{len(number)}家中{word}",
                )
            )
            return
        tie = f"，{len(best)}家并列" if len(best) > 1 else ""
        answer.lines.append(
            f"{self._head(query, number)}{word}的是{'、'.join(self._who(m, number) for m in best)}：{amount(edge, number[0].unit)}{tie}（共比较{len(number)}家）"
        )
        self._list(answer, self._with_cells(best), number, lines=False)
        self._coverage(answer, query, number, missing)

    def _position(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        """「柴桥排第几」: among all reports of the same year."""
        mine = number[0]
        from dataclasses import replace

        wide = replace(query, organisations=(), every=True, years=(mine.report.year,))
        field = [m for m in self._measured(wide, self.selector.reports(years=[mine.report.year])) if m.kind == "number"]
        better = sum(
            1
            for m in field
            if ((m.value or Decimal(0)) > (mine.value or Decimal(0))) == query.descending and m.value != mine.value
        )
        equal = sum(1 for m in field if m.value == mine.value) - 1
        tie = f"（与另外{equal}家并列）" if equal > 0 else ""
        answer.lines.append(
            f"{mine.report.org} · {mine.report.year}年 · {mine.name}：{amount(mine.value or Decimal(0), mine.unit)}，在{len(field)}家中排第{better + 1}{tie}"
        )
        self._list(answer, [mine], number, lines=False)
        answer.figures.append(
            Figure(
                mine.report.org,
                mine.report.year,
                f"{mine.name}名次",
                Decimal(better + 1),
                "名",
                derived=True,
                formula=f"{mine.report.year}年{len(field)}家从多到少",
            )
        )

    def _count(self, answer: Answer, query: Query, number: list[Measured], missing: list[Measured]) -> None:
        from bot.answering import holds

        condition = query.condition
        if condition is None:
            return
        hits = [m for m in number if holds(condition.sign, m.value or Decimal(0), condition.value)]
        bodies = len({m.report.organisation for m in hits})
        name = query.targets[0].name
        zero = condition.value == 0 and condition.sign in (">", "==")
        what = (
            (f"有“{name}”" if condition.sign == ">" else f"没有“{name}”（报告填0）")
            if zero
            else f"“{name}”{_WORDS[condition.sign]}{amount(condition.value, number[0].unit)}"
        )
        hits.sort(key=lambda m: -(m.value or Decimal(0)))
        answer.lines.append(
            f"{self._head(query, [])}{bodies}家单位{what}（共看了{len(number)}份报告）" + ("：" if hits else "。")
        )
        shown = hits[:MOST_SHOWN]
        self._list(answer, self._with_cells(shown), number, ranked=False)
        if len(shown) < len(hits):
            answer.lines.append(f"……等{len(hits)}份")
        parts = tuple(range(len(shown))) if shown and len(shown) == len(hits) else None
        answer.figures.append(
            Figure(
                None,
                query.years[0] if len(query.years) == 1 else None,
                f"{what}的单位数",
                Decimal(bodies),
                "个",
                parts=parts,
                derived=True,
                formula="" if parts else f"数出{len(number)}份报告中符合的",
            )
        )
        self._coverage(answer, query, number, missing)

    # ------------------------------------------------------------ shares and rates

    def _rate(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        rate = next(r for r in data("rates")["rate"] if r["key"] == query.rate)
        if len(scope) > 1 and not query.every and not query.organisations:
            self._one_of(answer, query, scope)  # type: ignore[attr-defined]
            return
        results = []
        for report in scope[:200]:
            value = self._rate_of(report, rate)
            if value is not None:
                results.append((report, *value))
        if not results:
            answer.status, answer.reason = "no_data", "rate_undefined"
            answer.lines = [
                f"{scope[0].org}{scope[0].year}年算不出{rate['name']}：{rate['formula']}里有没填的数，或分母是0。"
            ]
            return
        if query.operation in ("max", "min", "rank"):
            results.sort(key=lambda r: r[1], reverse=query.operation != "min" and query.descending)
            results = results[: query.limit or (1 if query.operation in ("max", "min") else MOST_SHOWN)]
        unit = rate.get("unit", "%")
        for report, value, up, down in results:
            indexes = []
            for m in (*up, *down):
                self._figure(answer, m)  # type: ignore[attr-defined]
                indexes.append(len(answer.figures) - 1)
            shown = rounded(value if unit != "%" else value * 100)
            text = f"{percent(shown)}%" if unit == "%" else amount(shown.quantize(Decimal("0.01")), unit)
            sums = " + ".join(plain_number(m.value or Decimal(0)) for m in up)
            signs = ["−" if key.startswith("-") else "+" for key in rate["denominator"]]
            below = " ".join(
                f"{s} {plain_number(m.value or Decimal(0))}" for s, m in zip(signs, down, strict=True)
            ).removeprefix("+ ")
            sums = f"（{sums}）" if len(up) > 1 else sums
            below = f"（{below}）" if len(down) > 1 else below
            answer.lines.append(
                f"{report.org} · {report.year}年 · {rate['name']}：{text}（{rate['formula']} = {sums} ÷ {below}）"
            )
            answer.figures.append(
                Figure(
                    report.org,
                    report.year,
                    rate["name"],
                    shown,
                    unit,
                    parts=tuple(indexes),
                    derived=True,
                    formula=rate["formula"],
                )
            )
        self._quoted(answer)
        self._warnings(answer)

    def _rate_of(
        self, report: ReportRow, rate: dict[str, object]
    ) -> tuple[Decimal, list[Measured], list[Measured]] | None:
        sides: list[list[Measured]] = []
        values = []
        for side in ("numerator", "denominator"):
            total, used = Decimal(0), []
            for key in rate[side]:  # type: ignore[attr-defined]
                plain = key.lstrip("-")
                metric = catalogue().metrics[plain]
                target = Target(((plain,),), ("total",) if metric.dimension else (), "", metric.name, metric.unit)
                m = measure(self.selector, [report], target)[0]
                if m.kind != "number" or m.value is None:
                    return None
                total += -m.value if key.startswith("-") else m.value
                used.append(m)
            sides.append(used)
            values.append(total)
        return (values[0] / values[1], sides[0], sides[1]) if values[1] else None

    def _share(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1:
            self._one_of(answer, query, scope)  # type: ignore[attr-defined]
            return
        report = scope[0]
        part = self._one(report, query.targets[0])
        whole_target = query.denominator[0] if query.denominator else self._whole(query.targets[0])
        if whole_target is None:
            answer.status, answer.reason = "clarify", "share_of_what"
            answer.lines = [f"“{query.targets[0].name}”占什么的比例？请说“甲占乙的百分之几”。"]
            return
        whole = self._one(report, whole_target)
        for m, target in ((part, query.targets[0]), (whole, whole_target)):
            if m is None or m.kind != "number" or m.value is None:
                if query.otherwise is not None and not target.options:
                    self._refuse(answer, query.otherwise)  # type: ignore[attr-defined]
                    return
                self._cannot(answer, report, m, target)
                return
        if part is None or whole is None or part.value is None or whole.value is None:
            return
        if not whole.value:
            answer.status, answer.reason = "no_data", "rate_undefined"
            answer.lines = [f"{report.org}{report.year}年{whole.name}是0，算不出比例。"]
            return
        self._figure(answer, part)  # type: ignore[attr-defined]
        self._figure(answer, whole)  # type: ignore[attr-defined]
        share = rounded(part.value / whole.value * 100)
        answer.figures.append(
            Figure(
                report.org,
                report.year,
                f"{part.name}占{whole.name}",
                share,
                "%",
                parts=(0, 1),
                derived=True,
                formula=f"{part.name} ÷ {whole.name}",
            )
        )
        answer.lines.append(
            f"{report.org} · {report.year}年 · {part.name}占{whole.name}：{percent(share)}%（{plain_number(part.value)} ÷ {plain_number(whole.value)}）"
        )
        self._quoted(answer)
        self._warnings(answer)

    def _one(self, report: ReportRow, target: Target) -> Measured | None:
        found = measure(self.selector, [report], target)[0]
        if found.kind != "absent":
            return found
        ordinals = self.matches(report, target.words) if target.words else []  # type: ignore[attr-defined]
        facts = self.store.facts(report.id)
        if not ordinals or len({facts[i].value for i in ordinals}) > 1:
            return None
        return self.fact_measured(report, ordinals[0], target)  # type: ignore[attr-defined,no-any-return]

    def _whole(self, target: Target) -> Target | None:
        """What a share is a share of when the question does not say: the form's own total."""
        if not target.options:
            return None
        key = target.options[0][0]
        metrics = catalogue().metrics
        if target.applicants and target.applicants != ("total",):
            return Target(target.options, ("total",), "", metrics[key].name, "件")
        if key.startswith("application.") and key not in (
            "application.total",
            "application.received",
            "application.carried_in",
            "application.carried_out",
        ):
            return Target((("application.total",),), ("total",), "", metrics["application.total"].name, "件")
        block, _, outcome = key.rpartition(".")
        if block in catalogue().blocks and outcome != "total":
            return Target(((f"{block}.total",),), (), "", metrics[f"{block}.total"].name, "件")
        entry = catalogue().local.get(key)
        if entry is not None and entry.under:
            return Target(((entry.under,),), (), "", metrics[entry.under].name, entry.unit)
        return None

    # ------------------------------------------------------------ over years

    def _over_years(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        bodies = {r.organisation for r in scope}
        if len(bodies) != 1:
            if query.organisations or not query.every:
                self._one_of(answer, query, scope)  # type: ignore[attr-defined]
            return
        if query.operation == "growth":
            self._growth(answer, query, scope)
            return
        found = list(measure(self.selector, scope, query.targets[0]) if query.targets else [])
        number = sorted((m for m in found if m.kind == "number"), key=lambda m: m.report.year)
        if not number:
            self._none(answer, query, found)
            return
        answer.lines.append(f"{scope[0].org} · {number[0].name}，{years([m.report.year for m in number])}：")
        self._list(answer, number, number, by_year=True)
        if len(number) == 1:
            answer.lines.append(f"库里只有{number[0].report.year}年的，看不出变化。")
        missing = [m for m in found if m.kind != "number"]
        if missing:
            answer.lines.append(f"（{years([m.report.year for m in missing])}的报告没有这个数）")
        self._warnings(answer)

    def _growth(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        newest = max(query.years) if query.years else max(r.year for r in scope)
        report = next((r for r in scope if r.year == newest), None)
        if report is None:
            self._none(answer, query, [])
            return
        target = query.targets[0]
        if target.words and self._by_words(answer, query, report, target):  # type: ignore[attr-defined]
            return
        before = [
            r
            for r in self.selector.reports(bodies=[report.organisation])
            if r.year == (min(query.years) if len(query.years) > 1 else newest - 1)
        ]
        found = measure(self.selector, [report, *before], target)
        if found[0].kind != "number":
            self._cannot(answer, report, found[0], target)
            return
        if len(found) < 2 or found[1].kind != "number":
            answer.status, answer.reason = "no_data", "no_year_before"
            answer.lines = [
                f"库里没有{report.org}{newest - 1}年的“{target.name}”，比不出变化；{newest}年是{amount(found[0].value or Decimal(0), found[0].unit)}。"
            ]
            return
        now, then = found
        for m in (now, then):
            self._figure(answer, m)  # type: ignore[attr-defined]
        gap = (now.value or Decimal(0)) - (then.value or Decimal(0))
        words = "没有变化" if gap == 0 else f"{'增加' if gap > 0 else '减少'}{amount(abs(gap), now.unit)}"
        answer.figures.append(
            Figure(report.org, newest, f"{target.name}变化", gap, now.unit, parts=(0, 1), derived=True)
        )
        if then.value:
            share = rounded(gap / then.value * 100)
            words += f"（{percent(share)}%）"
            answer.figures.append(
                Figure(
                    report.org,
                    newest,
                    f"{target.name}增长率",
                    share,
                    "%",
                    parts=(0, 1),
                    derived=True,
                    formula="（本年 − 上年）÷ 上年",
                )
            )
        answer.lines.append(
            f"{report.org} · {target.name}：{newest}年{amount(now.value or Decimal(0), now.unit)}，比{then.report.year}年的{amount(then.value or Decimal(0), then.unit)}{words}"
        )
        self._quoted(answer)
        self._warnings(answer)

    # ------------------------------------------------------------ pieces

    def _head(self, query: Query, number: Sequence[Measured]) -> str:
        names = list(dict.fromkeys(m.report.org for m in number))
        who = f"{names[0]} · " if len(names) == 1 and number else ""
        when = years(query.years) or (
            f"{number[0].report.year}年" if len({m.report.year for m in number}) == 1 and number else ""
        )
        what = "、".join(dict.fromkeys(t.name for t in query.targets))
        return f"{who}{when + ' · ' if when else ''}{what}" if number else f"{when}"

    def _who(self, measured: Measured, among: Sequence[Measured]) -> str:
        """The body; with the year where years differ, with the figure's name where figures do."""
        same_body = len({m.report.organisation for m in among}) == 1
        same_year = len({m.report.year for m in among}) == 1
        same_name = len({m.target.name for m in among}) == 1
        if same_body and same_year:
            return measured.name
        text = (
            f"{measured.report.year}年"
            if same_body
            else measured.report.org + ("" if same_year else f"（{measured.report.year}年）")
        )
        return text if same_name else f"{text}{measured.name}"

    def _list(
        self,
        answer: Answer,
        shown: Sequence[Measured],
        among: Sequence[Measured],
        ranked: bool = False,
        by_year: bool = False,
        lines: bool = True,
    ) -> None:
        place = 0
        for index, m in enumerate(shown):
            if index == 0 or m.value != shown[index - 1].value:
                place = index + 1
            self._figure(answer, m)  # type: ignore[attr-defined]
            if lines:
                name = f"{m.report.year}年" if by_year else self._who(m, among)
                answer.lines.append(
                    (f"{place}. " if ranked else "· ") + f"{name}：{amount(m.value or Decimal(0), m.unit)}"
                )
        self._quoted(answer)

    def _with_cells(self, shown: Sequence[Measured]) -> list[Measured]:
        """Rows that came as sums from the database get their cells, for quotes."""
        if all(m.cells for m in shown):
            return list(shown)
        by_target: dict[Target, list[Measured]] = {}
        for m in shown:
            by_target.setdefault(m.target, []).append(m)
        full = {
            (m.report.id, t): m
            for t, group in by_target.items()
            for m in measure(self.selector, [g.report for g in group], t)
        }
        return [full[(m.report.id, m.target)] for m in shown]

    def _parts(
        self,
        answer: Answer,
        number: list[Measured],
        value: Decimal,
        unit: str | None,
        name: str,
        sign: str,
        formula: str = "",
    ) -> None:
        """The figures a computed value came from, then the value; many are not listed but counted."""
        if len(number) > MOST_SHOWN:
            answer.figures.append(
                Figure(None, None, name, value, unit, derived=True, formula=formula or f"{len(number)}份报告的数相加")
            )
            return
        ordered = self._with_cells(number)
        self._list(answer, ordered, number)
        one = len({m.report.organisation for m in number}) == 1
        year = number[0].report.year if len({m.report.year for m in number}) == 1 else None
        answer.figures.append(
            Figure(
                number[0].report.org if one else None,
                year,
                name,
                value,
                unit,
                parts=tuple(range(len(ordered))),
                derived=True,
                formula=formula or sign.join(plain_number(m.value or Decimal(0)) for m in ordered),
            )
        )

    def _comparable(self, answer: Answer, number: Sequence[Measured]) -> bool:
        units = {m.unit for m in number}
        if len(units) > 1 and ("元" in units or "%" in units):
            answer.status, answer.reason = "clarify", "units_differ"
            answer.lines = [
                "这几个数单位不同（" + "、".join(f"{m.name}：{m.unit}" for m in number) + "），不能直接比较或相加。"
            ]
            return False
        return True

    def _coverage(self, answer: Answer, query: Query, number: Sequence[Measured], missing: Sequence[Measured]) -> None:
        blank = [m for m in missing if m.kind == "blank"]
        absent = [m for m in missing if m.kind == "absent"]
        total = len(number) + len(missing)
        if blank:
            answer.lines.append(
                f"（{total}份中有{len(blank)}份没填，没有算进去：{listing([m.report.org for m in blank])}）"
            )
        if absent:
            answer.lines.append(
                f"（{total}份中有{len(absent)}份的表格没有这一栏：{listing([f'{m.report.org}{m.report.year}年' for m in absent])}）"
            )

    def _none(self, answer: Answer, query: Query, found: Sequence[Measured]) -> None:
        name = "、".join(t.name for t in query.targets) or "这个数"
        blank = [m for m in found if m.kind == "blank"]
        answer.status = "blank" if blank and len(blank) == len(found) else "no_data"
        answer.reason = "nothing_to_compute"
        answer.lines = [
            f"{years(query.years)}的报告里都没有“{name}”这个数。"
            if query.years
            else f"库里的报告都没有“{name}”这个数。"
        ]

    def _lacking(self, answer: Answer, query: Query, number: Sequence[Measured], missing: Sequence[Measured]) -> None:
        lost = missing[0]
        why = "没有填这一格（不等于0）" if lost.kind == "blank" else "没有这一项"
        answer.status, answer.reason = "no_data" if lost.kind == "absent" else "blank", "one_missing"
        have = "；".join(
            f"{self._who(m, [*number, *missing])}是{amount(m.value or Decimal(0), m.unit)}" for m in number
        )
        answer.lines = [
            f"算不了：{lost.report.org}{lost.report.year}年的报告{why}“{lost.target.name}”。"
            if lost.kind == "absent"
            else f"算不了：{lost.report.org}{lost.report.year}年“{lost.target.name}”{why}。",
            f"{have}。",
        ]

    def _cannot(self, answer: Answer, report: ReportRow, measured: Measured | None, target: Target) -> None:
        if measured is not None and measured.kind == "blank":
            answer.status, answer.reason = "blank", "blank"
            answer.lines = [f"{report.org}{report.year}年“{target.name}”这一格没有填（不等于0），算不了。"]
            return
        answer.status, answer.reason = "no_data", "no_such_figure"
        answer.lines = [f"{report.org}{report.year}年的报告里没有“{target.name or target.words}”这一项，算不了。"]

    def _quoted(self, answer: Answer) -> None:
        from knowledge.wording import display

        for quote in answer.quotes[:6]:
            line = f"> {display(quote.text)}（{quote.source}）"
            if line not in answer.lines:
                answer.lines.append(line)

    def _warnings(self, answer: Answer) -> None:
        for warning in answer.warnings[:5]:
            line = f"⚠️ {warning['message']}"
            if line not in answer.lines:
                answer.lines.append(line)


_WORDS = {">": "超过", "<": "不到", ">=": "达到", "<=": "不超过", "==": "等于"}
