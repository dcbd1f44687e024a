"""A sentence and the form give different figures for the same thing.

Silent where the sentence may speak of something else: another body, another time, a part of the cases, or a sum
that is right too (收办 = 新收 + 上年结转). What such words are stands in data/relations.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from knowledge.catalogue import relations
from knowledge.comparison import Printed, also_right, elsewhere, form_value, same_scope
from knowledge.evidence import Evidence, column_name, finding, place, printed, row_name, rows
from knowledge.model import Fact, Finding, Span
from knowledge.problems import sentence

# a share stands at most this far behind its part: 「予以公开3件，占申请总数的50%」
_NEAR = 16
# a quoted sentence longer than this is shortened in the message
_SHOWN = 40


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """One finding per sentence's figure that the form contradicts, and per denial of what the form counts."""
    for number, fact in enumerate(facts.facts):
        if fact.table is None and _comparable(fact, facts):
            yield from _compare(facts, number, fact)
    yield from _denials(facts)
    yield from _shares(facts)


def _comparable(fact: Fact, facts: Evidence) -> bool:
    metric = fact.metric or ""
    subject = metric.partition(".")[0]
    if fact.value is None or subject not in ("application", "review", "litigation") or fact.approximate:
        return False
    unit = fact.unit is None or fact.unit in relations()["prose"]["units"]
    return unit and fact.year in (None, facts.year)


def _compare(facts: Evidence, number: int, fact: Fact) -> Iterator[Finding]:
    form = form_value(facts, fact.metric or "", fact.applicant)
    if form is None or fact.value is None or fact.value == form.value:
        return
    if not same_scope(facts, fact) or also_right(facts, fact):
        return
    cells = (*form.cells, number)
    yield _finding(facts, form, fact.value, fact.quote, cells)


def _finding(facts: Evidence, form: Printed, found: Decimal, quote: Span, cells: tuple[int, ...]) -> Finding:
    at = facts.facts[form.at]
    summed = form.summed and at.path
    result = finding(
        "prose_mismatch",
        facts,
        form.at,
        cells=cells,
        expected=form.value,
        found=found,
        path=at.path[:-1] if summed else at.path,
        quotes=tuple(dict.fromkeys((quote, *rows(facts, form.cells)))),
        quote=_short(facts.text[quote.start : quote.end]),
    )
    if not summed:
        return result
    row = row_name(replace(at, path=at.path[:-1]))
    message = sentence(
        "prose_mismatch",
        section=place(at),
        quote=_short(facts.text[quote.start : quote.end]),
        found=printed(found),
        row=row,
        column=column_name(at),
        expected=f"（各项相加）{printed(form.value)}",
    )
    return replace(result, message=message)


def _short(words: str) -> str:
    words = re.sub(r"\s+", "", words)
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


# 「没有收到政府信息公开申请」「未收到依申请公开事项」
_NO_APPLICATION = re.compile(
    r"(?:未|没有|无)(?:收到|接到|接收|受理|新收)?(?:过|到|任何)?(?:有效)?"
    r"(?:(?:政府)?信息公开(?:的)?申请|依申请公开(?:政府信息|信息)?(?:的)?(?:申请|事项|件)?)(?=[，。；、,;\s]|情况|$)"
)
# 「无行政复议、行政诉讼案件」「未发生因政府信息公开被申请行政复议的情况」
_NO_CASE = re.compile(
    r"(?:未|没有|无)(?:发生|收到|出现|产生|涉及)?(?:过|任何|一起)?(?:因)?(?:政府|政务)?(?:信息)?(?:公开)?(?:工作)?"
    r"(?:被|而|引起的|引发的|被申请|被提起|提起|申请)?"
    r"(行政复议|行政诉讼)(?:[、和及或与以也](?:被)?(?:提起)?(?:及)?(行政诉讼|行政复议))?"
    r"(?=[，。；,;\s]|的?(?:案件|申请|事项|情况|情形|案)(?:发生)?[，。；、,;\s]|$)"
)
_METRICS = {"行政复议": "review.total", "行政诉讼": "litigation.total"}


def _denials(facts: Evidence) -> Iterator[Finding]:
    """Sentences that say there was none, beside a form that counts some."""
    tables = [fact.quote for fact in facts.facts if fact.table is not None]
    rule = relations()["prose"]
    for match in re.finditer(r"[^。；\n]+[。；]?", facts.text):
        words = match[0]
        if "\t" in words or "|" in words or not re.search("未|没有|无", words):
            continue
        if any(word in words for word in (*rule["qualified"], *rule["planned"])) or elsewhere(facts, words):
            continue
        if any(span.start <= match.start() < span.end for span in tables):
            continue
        span = Span(match.start(), match.end())
        for metric in _denied(words):
            form = form_value(facts, metric, None)
            if form is not None and form.value > 0:
                yield _finding(facts, form, Decimal(0), span, form.cells)


def _denied(words: str) -> list[str]:
    found = ["application.received"] if _NO_APPLICATION.search(words) else []
    for case in _NO_CASE.finditer(words):
        found += [_METRICS[name] for name in case.groups() if name]
    return list(dict.fromkeys(found))


def _shares(facts: Evidence) -> Iterator[Finding]:
    """「予以公开3件，占50%」: the part before 占 over the year's applications, at the printed precision."""
    for number, share in enumerate(facts.facts):
        if share.table is not None or share.unit != "%" or share.value is None or share.approximate:
            continue
        part = _part(facts, number, share)
        if part is None or part.value is None:
            continue
        wholes = [whole for whole in _wholes(facts, share) if whole > 0]
        step = _step(share.value)
        form = form_value(facts, part.metric or "", part.applicant)
        shares = [100 * part.value / whole for whole in wholes]
        if form is not None and shares and all(abs(value - share.value) >= step for value in shares):
            yield _share(facts, form, number, f"{printed(part.value)} ÷ {printed(wholes[0])}", shares[0].quantize(step))


def _step(value: Decimal) -> Decimal:
    """One unit of the last printed digit: 0.1 for 33.3, 1 for 33 and 30."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)


def _share(facts: Evidence, form: Printed, number: int, division: str, expected: Decimal) -> Finding:
    share = facts.facts[number]
    words = _short(facts.text[share.quote.start : share.quote.end])
    result = _finding(facts, form, share.value or Decimal(0), share.quote, (number, *form.cells))
    message = f"文字“{words}”写占 {share.raw}，按 {division} 应为 {printed(expected)}%"
    return replace(result, message=message, expected=expected)


def _part(facts: Evidence, number: int, share: Fact) -> Fact | None:
    """The figure right before the percentage whose share it is: the form counts it, and 占 stands between."""
    earlier = [
        f for f in facts.facts[:number] if f.table is None and f.quote == share.quote and f.span.end <= share.span.start
    ]
    if not earlier:
        return None
    part = max(earlier, key=lambda fact: fact.span.end)
    between = facts.text[part.span.end : share.span.start]
    near = "占" in between and len(between) <= _NEAR and not re.search("[。；]", between)
    subject = (part.metric or "").partition(".")[0]
    return part if near and subject == "application" and same_scope(facts, part) else None


def _wholes(facts: Evidence, share: Fact) -> list[Decimal]:
    """What the part may be a share of: the year's totals in the form, and the sentence's own figures."""
    forms = [form_value(facts, key, None) for key in ("application.received", "application.total")]
    values = [form.value for form in forms if form is not None]
    carried = form_value(facts, "application.carried_in", None)
    if carried is not None and values:
        values.append(values[0] + carried.value)
    sentence_values = [
        fact.value
        for fact in facts.facts
        if fact.table is None and fact.quote == share.quote and fact.value is not None and fact.unit != "%"
    ]
    return [*values, *sentence_values]
