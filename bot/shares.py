"""Shares and rates: one figure over another, with the formula named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.answer import Answer, Figure, Quote
from bot.measure import Measured, measure
from bot.ratios import Ratio, Ratios
from db.select import ReportRow
from knowledge.catalogue import catalogue
from knowledge.lexicon import data
from knowledge.query import Query, Target
from knowledge.wording import display, numbered, percent, plain_number, rounded


class Shares(Ratios):
    """Shares and rates: one figure over another, with the formula named."""

    def _rate(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        rate = next(r for r in data("rates")["rate"] if r["key"] == query.rate)
        if len(scope) > 1 and not query.every and not query.organisations:
            self.ask_which(answer, query, scope)
            return
        if len(scope) == 1 and self._printed_otherwise(answer, rate, scope[0], query.rate_word):
            return
        sides = [tuple(_term(key) for key in rate[side]) for side in ("numerator", "denominator")]
        self._ratio(answer, query, scope, Ratio(rate["name"], rate["formula"], rate.get("unit", "%"), *sides))

    def _printed_otherwise(self, answer: Answer, rate: Mapping[str, Any], report: ReportRow, called: str) -> bool:
        """「答复率」 of a report whose prose prints a 答复率 of its own (that of proposals): shows it and asks back."""
        asked = [w for w in rate["words"] if w in answer.question] or [w for w in rate["words"] if w == called]
        if not asked:
            return False
        word = max(asked, key=len)
        text = self.store.text(report.id)
        found = re.search(rf"[^。；\n|]*{re.escape(word)}[^。；，,\n|\d]{{0,6}}\d+(?:\.\d+)?[%％][^。；\n|]*[。；]?", text)
        if not found:
            return False
        said = found[0].strip()
        start = text.index(said, found.start())
        answer.status, answer.reason = "clarify", "rate_printed"
        answer.quotes.append(Quote(report.key, report.source, None, start, start + len(said), said))
        other = max((w for w in rate["words"] if w not in text), key=len, default="")
        answer.choices = [f"{report.org}{report.year}年{other}是多少"] if other else []
        answer.lines = [
            f"{report.label}{report.year}年的报告自己写了“{word}”，不一定是您要的：",
            "> " + display(said),
            f"按表格算的是{rate['name']}（{rate['formula']}）。" + ("要的话可以问：" if other else ""),
            *numbered(answer.choices),
        ]
        return True

    def _share(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        if len(scope) > 1 or query.ratio:
            self._shares(answer, query, scope)
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
                    self.refuse(answer, query.otherwise)
                    return
                self._cannot(answer, report, m, target)
                return
        if part is None or whole is None or part.value is None or whole.value is None:
            return
        if not whole.value:
            answer.status, answer.reason = "no_data", "rate_undefined"
            answer.lines = [f"{report.label}{report.year}年{whole.name}是0，算不出比例。"]
            return
        if part.value > whole.value:
            answer.status, answer.reason = "clarify", "share_of_what"
            answer.lines = [
                f"“{part.name}”（{part.shown}）比“{whole.name}”（{whole.shown}）还多，不像是它的一部分。您要的是哪两个数的比例？"
            ]
            return
        self.add_figure(answer, part)
        self.add_figure(answer, whole)
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
            f"{report.label} · {report.year}年 · {part.name}占{whole.name}：{percent(share)}%（{plain_number(part.value)} ÷ {plain_number(whole.value)}）"
        )
        self._quoted(answer)
        self._warnings(answer)

    def _shares(self, answer: Answer, query: Query, scope: list[ReportRow]) -> None:
        """The same share of several reports, side by side or one against the other."""
        part = query.targets[0]
        whole = query.denominator[0] if query.denominator else self._whole(part)
        several = query.every or len({r.organisation for r in scope}) == len(query.organisations) > 1
        if not (several or query.years) or not part.options:
            self.ask_which(answer, query, scope)
            return
        if whole is None or not whole.options:
            answer.status, answer.reason = "clarify", "share_of_what"
            answer.lines = [f"“{part.name}”占什么的比例？请说“甲占乙的百分之几”。"]
            return
        name, formula = f"{part.name}占{whole.name}", f"{part.name} ÷ {whole.name}"
        self._ratio(answer, query, scope, Ratio(name, formula, "%", ((1, part),), ((1, whole),)))

    def _one(self, report: ReportRow, target: Target) -> Measured | None:
        found = measure(self.selector, [report], target)[0]
        if found.kind != "absent":
            return found
        ordinals = self.matches(report, target.words) if target.words else []
        facts = self.store.facts(report.id)
        if not ordinals or len({facts[i].value for i in ordinals}) > 1:
            return None
        return self.fact_measured(report, ordinals[0], target)

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


def _term(key: str) -> tuple[int, Target]:
    """A key of a rate's formula, with its sign, as a target."""
    plain = key.lstrip("-")
    metric = catalogue().metrics[plain]
    target = Target(((plain,),), ("total",) if metric.dimension else (), "", metric.name, metric.unit)
    return (-1 if key.startswith("-") else 1), target
