"""Two questions in one message: both are answered, or it is said that only one was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.answer import Answer

# what tells the asker something about the very thing asked
_TOLD = ("answered", "blank", "no_data")


def better_in_turn(whole: Answer, parts: Sequence[tuple[str, Answer]], certain: bool = True) -> Answer | None:
    """The answers to each question put together, when together they say more than the one to the whole message; else
    None. ``certain``: the questions were parted by a stop, so that one of them alone may be answered."""
    answers = [answer for _, answer in parts]
    first = answers[0]
    if first.status not in ("answered", "blank") or not (first.figures or first.quotes):
        return None
    all_told = all(a.status in _TOLD for a in answers)
    if whole.status in ("answered", "blank"):
        if not all_told or {v for a in answers for v in _values(a)} <= _values(whole):
            return None
        return _joined(whole.question, answers)
    if all_told and (certain or all(a.status == "answered" for a in answers)):
        return _joined(whole.question, answers)
    if not certain or any(a.status == "clarify" for a in answers):
        return None
    kept = [answer for answer in answers if answer.status in _TOLD]
    lost = "、".join(f"“{said}”" for said, answer in parts if answer.status not in _TOLD)
    out = _joined(whole.question, kept)
    out.lines.append(f"（只答了看懂的这一问；{lost}没看懂，没有回答。）")
    return out


def _values(answer: Answer) -> set[tuple[str | None, int | None, Decimal | None, str | None]]:
    return {(f.org, f.year, f.value, f.unit) for f in answer.figures}


def _joined(question: str, answers: Sequence[Answer]) -> Answer:
    out = Answer(question, "answered" if any(a.status == "answered" for a in answers) else answers[0].status)
    for answer in answers:
        before = len(out.figures)
        if out.lines:
            out.lines.append("")
        out.lines.extend(answer.lines)
        out.figures.extend(
            replace(f, parts=None if f.parts is None else tuple(i + before for i in f.parts)) for f in answer.figures
        )
        out.quotes.extend(q for q in answer.quotes if q not in out.quotes)
        for warning in answer.warnings:
            out.warn(warning["code"], warning["message"])
        out.choices.extend(c for c in answer.choices if c not in out.choices)
    verdicts = [a.verdict for a in answers if a.verdict is not None]
    out.verdict = verdicts[0] if len(verdicts) == 1 else None
    return out
