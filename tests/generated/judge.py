"""Right, wrong, refused or overconfident: what ../shared/tools/score.py looks at, and more, because every cell's place
is known here: a figure must be proved by a quote that covers its very cell, in the very report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generated.reports import Made
from generated.truth import Known

RIGHT, WRONG, REFUSED, OVERCONFIDENT, UNQUOTED = "right", "wrong", "refused", "overconfident", "unquoted"


@dataclass(frozen=True, slots=True)
class Due:
    """What an answer has to be.

    figures    values that must be shown, none else beside derived ones (``exact``); ``ordered``: by value, as given
    limit      a ranking may stop after so many, equals of the last one may follow
    winners    orgs one of which must be named first (the leaders; several on a tie)
    derived    (value, unit) that must be computed; several: any of them
    """

    status: tuple[str, ...] = ("answered",)
    figures: tuple[Known, ...] = ()
    exact: bool = True
    ordered: bool = False
    limit: int | None = None
    winners: tuple[str, ...] = ()
    derived: tuple[tuple[Decimal, str], ...] = ()
    verdict: bool | None = None
    says: tuple[str, ...] = ()
    quote: str | None = None
    choices: int = 0
    otherwise: Due | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is due. ``kind`` groups cases in the tally; ``before``: the turns of the chat before it."""

    question: str
    kind: str
    due: Due
    today: str | None = None
    before: tuple[str, ...] = ()


class Judge:
    """Judges answers against the made reports; ``ids`` are the store's report ids."""

    def __init__(self, ids: Mapping[int, Made]) -> None:
        self._made = {f"r{key}": made for key, made in ids.items()}

    def __call__(self, case: Case, answer: dict[str, Any]) -> tuple[str, str]:
        """(class, why)."""
        verdict = self._one(case.due, answer)
        if verdict[0] != RIGHT and case.due.otherwise is not None:
            other = self._one(case.due.otherwise, answer)
            if other[0] == RIGHT or other[0] == REFUSED and verdict[0] in (WRONG, OVERCONFIDENT):
                return other
        return verdict

    def _one(self, due: Due, answer: dict[str, Any]) -> tuple[str, str]:
        status = answer["status"]
        if status not in due.status:
            if status == "answered":
                return OVERCONFIDENT, f"answered {_brief(answer)}, due was {'/'.join(due.status)}"
            return REFUSED, f"{status}, due was {'/'.join(due.status)}"
        if status == "clarify" and len(answer["choices"]) < due.choices:
            return REFUSED, "clarify without choices"
        if status == "blank" and any(f["value"] is not None for f in answer["figures"]):
            return WRONG, f"blank with a value: {_brief(answer)}"
        if status != "answered":
            return RIGHT, ""
        return self._answered(due, answer)

    def _answered(self, due: Due, answer: dict[str, Any]) -> tuple[str, str]:
        problems = [self._figures, self._order, self._derived, self._verdict, self._quotes]
        for look in problems:
            found = look(due, answer)
            if found is not None:
                return found
        for part in due.says:
            if part not in answer["text"]:
                return REFUSED, f"text lacks {part}"
        return RIGHT, ""

    def _figures(self, due: Due, answer: dict[str, Any]) -> tuple[str, str] | None:
        shown = answer["figures"]
        missing = [w for w in due.figures if not any(_same(w, f) for f in shown)]
        extra = [
            f
            for f in shown
            if not f["derived"] and f["value"] is not None and not any(_same(w, f) for w in due.figures)
        ]
        if due.limit is not None:
            missing = self._missing_of_ranking(due, missing)
        if missing:
            lacks = f"lacks {_name(missing[0])}, gives {_brief(answer)}"
            wrong = extra or [f for f in shown if f["derived"]] and not due.derived
            return (WRONG, lacks) if wrong else (REFUSED, lacks)
        if due.exact and extra:
            return WRONG, f"more than was asked: {_brief(answer)}"
        return None

    def _missing_of_ranking(self, due: Due, missing: list[Known]) -> list[Known]:
        """What may be left out of a ranking: everything below the limit, and equals of the last place."""
        limit = min(due.limit or 0, len(due.figures))
        if not limit:
            return missing
        last = due.figures[limit - 1].value
        inside = [w for w in due.figures if w.value != last and w in due.figures[:limit]]
        equal = [w for w in due.figures if w.value == last]
        needed = limit - len(inside)
        if len([w for w in equal if w in missing]) > len(equal) - needed:
            return [*[w for w in missing if w in inside], *[w for w in missing if w in equal]]
        return [w for w in missing if w in inside]

    def _order(self, due: Due, answer: dict[str, Any]) -> tuple[str, str] | None:
        values = [
            Decimal(str(f["value"])) for f in answer["figures"] if not _computed(f, due) and f["value"] is not None
        ]
        if due.ordered and due.figures:
            falling = due.figures[0].value >= due.figures[-1].value  # type: ignore[operator]
            if values != sorted(values, reverse=falling):
                return WRONG, f"wrong order: {values}"
            edge = due.figures[0].value
            if values and values[0] != edge:
                return WRONG, f"begins with {values[0]}, not {edge}"
        if due.winners:
            first = answer["text"].splitlines()[0]
            if not any(w in first for w in due.winners):
                return WRONG, f"does not name {due.winners}: {first}"
        return None

    def _derived(self, due: Due, answer: dict[str, Any]) -> tuple[str, str] | None:
        if not due.derived:
            return None
        computed = [f for f in answer["figures"] if f["value"] is not None]
        for value, unit in due.derived:
            tolerance = Decimal("0.06") if unit == "%" else Decimal("0.006")
            for f in computed:
                if abs(abs(Decimal(str(f["value"]))) - abs(value)) <= tolerance and _unit_fits(unit, f["unit"]):
                    return None
        made = [f for f in computed if f["derived"]]
        return (WRONG if made else REFUSED), f"computed {_brief(answer)}, due was {due.derived[0]}"

    def _verdict(self, due: Due, answer: dict[str, Any]) -> tuple[str, str] | None:
        if due.verdict is None:
            return None
        if "verdict" not in answer:
            return REFUSED, "no verdict"
        return None if answer["verdict"] == due.verdict else (WRONG, f"verdict {answer['verdict']}")

    def _quotes(self, due: Due, answer: dict[str, Any]) -> tuple[str, str] | None:
        for quote in answer["quotes"]:
            made = self._made[quote["report"]]
            if made.report is None or made.report.source_text[quote["start"] : quote["end"]] != quote["text"]:
                return UNQUOTED, "a quote is not verbatim"
        for want in due.figures:
            twins = [w for w in due.figures if w is not want and _twin(w, want)]
            if due.limit is not None and any(self._proved(w, answer["quotes"]) for w in twins):
                continue  # two bodies of one name and value, and only one of them was within the limit
            if any(_same(want, f) for f in answer["figures"]) and not self._proved(want, answer["quotes"]):
                return UNQUOTED, f"no quote covers the cell of {_name(want)}"
        if due.quote is not None and not any(due.quote in q["text"] for q in answer["quotes"]):
            return (WRONG if answer["quotes"] else REFUSED), f"does not quote {due.quote}"
        return None

    def _proved(self, want: Known, quotes: Sequence[Mapping[str, Any]]) -> bool:
        mine = [q for q in quotes if self._made[q["report"]] is want.made]
        return all(any(q["start"] <= c.start and c.start + len(c.raw) <= q["end"] for q in mine) for _, c in want.cells)


def _computed(figure: Mapping[str, Any], due: Due) -> bool:
    return bool(figure["derived"]) and not any(_same(w, figure) for w in due.figures)


def _same(want: Known, figure: Mapping[str, Any]) -> bool:
    if (
        figure["org"] != want.made.body.org
        or figure["year"] != want.made.year
        or figure["value"] is None
        or want.value is None
    ):
        return False
    return Decimal(str(figure["value"])) == want.value and _unit_fits(want.unit, figure["unit"])


def _twin(one: Known, other: Known) -> bool:
    return (one.made.body.org, one.made.year, one.value) == (other.made.body.org, other.made.year, other.value)


def _unit_fits(want: str, got: str | None) -> bool:
    return (want in ("元", "%")) == (got in ("元", "%")) and (want not in ("元", "%") or want == got)


def _name(want: Known) -> str:
    return f"{want.made.body.org}{want.made.year} {want.value}{want.unit}"


def _brief(answer: Mapping[str, Any]) -> str:
    parts = [f"{(f['org'] or '')[:6]}{f['year'] or ''} {f['value']}{f['unit'] or ''}" for f in answer["figures"][:4]]
    return "、".join(parts) or answer["text"].splitlines()[0][:60]
