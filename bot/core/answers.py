"""Questions and what their answers' buttons do: choices, 原文, 👍 and 👎, pages, and edited questions."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

from bot.assistant import Assistant
from bot.core import wording
from bot.core.messages import Action, Button, Incoming, Plan, Result
from bot.memory import StoredMemory, Turn, packed, unpacked
from bot.render import Block, Line, Part, Piece, answer_parts, marked_passage, parts, size, text_parts
from db.chats import Chats, KeptAnswer
from knowledge.model import Span
from knowledge.wording import display

Rows = tuple[tuple[Button, ...], ...]

_MOST_CHOICES, _MOST_RESULTS, _MOST_ORIGINALS = 8, 10, 3
_BUTTON_TEXT = 60
_PAGE_LINES, _PAGE_SIZE = 20, 3000
# rows, or paragraphs and characters of prose, shown before and after what is quoted
_ROWS_AROUND, _PARAGRAPHS_AROUND, _TEXT_AROUND = 3, 2, 300
# statuses that are kept for admins, and those whose answers are worth a vote
_IN_VAIN = ("not_understood", "no_data")
_VOTED = ("answered", "blank")


def new_id() -> int:
    """A number for an answer or a file: short enough for a button, too many to guess."""
    return secrets.randbits(52)


def say(incoming: Incoming, text: str, buttons: Rows = (), card: int | None = None) -> list[Action]:
    """A plain text as messages to where the question came from."""
    return send(incoming, text_parts(text), buttons, card=card)


def send(incoming: Incoming, made: list[Part], buttons: Rows = (), answer: int | None = None, card: int | None = None) -> list[Action]:
    """Parts as messages; the first replies to the question (in groups), the last has the buttons."""
    last = len(made) - 1
    return [
        Action(
            "send", incoming.chat, incoming.thread, _reply_to(incoming) if n == 0 else None, html=part.html, plain=part.plain,
            buttons=buttons if n == last else (), answer=answer, card=card if n == 0 else None,
        )
        for n, part in enumerate(made)
    ]  # fmt: skip


def toast(incoming: Incoming, text: str = "", alert: bool = False) -> Action:
    """What a press is answered by."""
    return Action("toast", handle=incoming.handle, plain=text, alert=alert)


def _reply_to(incoming: Incoming) -> int | None:
    return None if incoming.private else incoming.message


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that was answered: the answer's JSON and the conversation before and after."""

    key: str
    answer: dict[str, Any]
    before: Any
    state: Any


class Answers:
    """Asks the assistant and words what comes back for a chat."""

    def __init__(self, assistant: Assistant, chats: Chats, memory: StoredMemory, anyone_chooses: bool = False) -> None:
        self.assistant = assistant
        self.chats = chats
        self.memory = memory
        self.anyone_chooses = anyone_chooses

    # asking

    def ask(self, incoming: Incoming, question: str) -> Plan:
        """A new question; one that replies to an answer of ours goes on from there."""
        resumed = self._replied_to(incoming)
        asked = self._ask(incoming, incoming.person, question, resumed)
        answer_id = new_id()
        kept = self._kept(answer_id, incoming, incoming.person, incoming.message, question, asked)
        plan = self._plan(asked, kept)
        plan.actions = send(incoming, answer_parts(asked.answer), _buttons(kept), answer_id)
        return plan

    def ask_again(self, incoming: Incoming, question: str) -> Plan:
        """An edited question: its answer is edited, or given if there was none."""
        old = None if incoming.message is None else self.chats.answer_to(incoming.chat, incoming.message)
        if old is None:
            return self.ask(incoming, question)
        if old.text == question:
            return Plan(note={"outcome": "same"})
        now = self.memory.last(conversation(incoming, incoming.person))
        asked = self._ask(incoming, incoming.person, question, unpacked(old.before) or Turn(None))
        kept = self._kept(old.id, incoming, incoming.person, old.question, question, asked)
        plan = self._plan(asked, kept)
        if now is not None and packed(now) != old.state:  # the conversation went on since: that stays so
            plan.states.clear()
            self.memory.resume(asked.key, now)
        plan.actions = self._instead(incoming, answer_parts(asked.answer), self.chats.messages(old.id), _buttons(kept), old.id)
        return plan

    def _ask(self, incoming: Incoming, person: str | None, question: str, resumed: Turn | None) -> _Asked:
        key = conversation(incoming, person)
        if resumed is not None:
            self.memory.resume(key, resumed)
        before = self.memory.last_packed(key)
        answer = self.assistant.answer(question, key).json()
        return _Asked(key, answer, before, self.memory.unsaved(key))

    def _replied_to(self, incoming: Incoming) -> Turn | None:
        if incoming.reply_to is None or not incoming.reply_to_us:
            return None
        answer = self.chats.answer_at(incoming.chat, incoming.reply_to)
        return unpacked(answer.state) if answer is not None else None

    def _kept(
        self, answer_id: int, incoming: Incoming, person: str | None, question_message: int | None, question: str, asked: _Asked
    ) -> KeptAnswer:
        answer = asked.answer
        detail = {
            "choices": answer["choices"][:_MOST_CHOICES],
            "quotes": [[q["report"], q["source"], q["section"], q["start"], q["end"]] for q in answer["quotes"]],
        }
        return KeptAnswer(
            answer_id, incoming.chat, incoming.thread, question_message, person, int(time.time()), question[:1000],
            answer["status"], asked.before, asked.state, detail,
        )  # fmt: skip

    def _plan(self, asked: _Asked, kept: KeptAnswer) -> Plan:
        plan = Plan(note={"outcome": kept.status})
        plan.writes.append(lambda w: w.answer(kept))
        if kept.status in _IN_VAIN:
            plan.writes.append(lambda w: w.unanswered(kept.text, kept.status))
        if asked.state is not None:
            plan.states[asked.key] = asked.state
        return plan

    def _instead(self, incoming: Incoming, made: list[Part], old: list[int], buttons: Rows, answer: int) -> list[Action]:
        """New parts in place of the old messages: edited, sent where there are more, deleted where there are fewer."""
        out = []
        for n, one in enumerate(send(incoming, made, buttons, answer)):
            out.append(replace(one, do="edit", message=old[n]) if n < len(old) else one)
        out += [Action("delete", incoming.chat, message=message) for message in old[len(made) :]]
        return out

    # buttons

    def choose(self, incoming: Incoming, answer_id: int, number: int) -> Plan:
        """One of the complete questions that a ``clarify`` offered."""
        kept = self.chats.answer(answer_id)
        if kept is None or number >= len(kept.detail.get("choices", ())):
            return Plan([toast(incoming, wording.STALE, alert=True)])
        if not (self.anyone_chooses or _meant_for(kept, incoming)):
            return Plan([toast(incoming, wording.NOT_YOURS, alert=True)])
        if "chosen" in kept.detail:
            return Plan([toast(incoming, wording.USED)])
        question = kept.detail["choices"][number]
        asking = replace(incoming, thread=kept.thread, message=kept.question)
        asked = self._ask(asking, kept.person, question, unpacked(kept.state))
        fresh = replace(self._kept(new_id(), asking, kept.person, kept.question, question, asked), before=kept.before)
        plan = self._plan(asked, fresh)
        used = replace(kept, detail={**kept.detail, "chosen": number})
        plan.writes.insert(0, lambda w: w.answer(used))
        messages = [] if incoming.message is None else [incoming.message]
        plan.actions = [toast(incoming)]
        plan.actions += self._instead(asking, answer_parts(asked.answer), messages, _buttons(fresh), fresh.id)
        return plan

    def original(self, incoming: Incoming, answer_id: int) -> Plan:
        """The source around the quotes, with the quotes marked."""
        kept = self.chats.answer(answer_id)
        if kept is None:
            return Plan([toast(incoming, wording.STALE, alert=True)])
        if not kept.detail.get("quotes"):
            return Plan([toast(incoming, wording.NO_ORIGINAL)])
        if kept.detail.get("shown"):
            return Plan([toast(incoming, wording.ORIGINAL_ABOVE)])
        shown = replace(kept, detail={**kept.detail, "shown": True})
        target = replace(incoming, private=False)  # replies to the answer whose button it is, in private too
        plan = Plan([toast(incoming), *send(target, parts(self.passages(kept)))], note={"outcome": "original"})
        plan.writes.append(lambda w: w.answer(shown))
        return plan

    def passages(self, kept: KeptAnswer) -> list[Block]:
        """The stretches of source text that an answer rests on."""
        blocks: list[Block] = []
        for key, source, section, start, end in kept.detail["quotes"][:_MOST_ORIGINALS]:
            head = f"《{source}》" + (f" {' '.join(section.split())}" if section else "")
            blocks += [Block("", ((Piece(head, "b"),),)), Block("quote", self._around(int(key[1:]), Span(start, end)))]
        left = len(kept.detail["quotes"]) - _MOST_ORIGINALS
        return [*blocks, Block("", ((Piece(f"……还有 {left} 处"),),))] if left > 0 else blocks

    def _around(self, report: int, quote: Span) -> tuple[Line, ...]:
        store = self.assistant.store
        facts = [f for f in store.facts(report) if f.table is not None]
        mine = {f.section for f in facts if f.quote == quote}
        spans = sorted({(f.quote.start, f.quote.end) for f in facts if f.section in mine})
        if (quote.start, quote.end) in spans:
            at = spans.index((quote.start, quote.end))
            near = spans[max(0, at - _ROWS_AROUND) : at + _ROWS_AROUND + 1]
            rows = [(span, display(store.slice(report, Span(*span)))) for span in near]
            return tuple((Piece(row, "u" if span == (quote.start, quote.end) else ""),) for span, row in rows)
        return _paragraphs(store.text(report), quote)

    def vote(self, incoming: Incoming, answer_id: int, vote: int) -> Plan:
        """👍 or 👎, kept with the question and without a name."""
        kept = self.chats.answer(answer_id)
        if kept is None:
            return Plan([toast(incoming, wording.STALE, alert=True)])
        voter = hashlib.sha256(f"{answer_id}/{incoming.person}".encode()).hexdigest()[:16]
        plan = Plan([toast(incoming, wording.THANKS if vote > 0 else wording.SORRY)], note={"outcome": "vote"})
        plan.writes.append(lambda w: w.vote(kept, voter, vote))
        return plan

    # lists

    def pages(self, incoming: Incoming, title: str, lines: list[str]) -> Plan:
        """A list, by pages when it is long."""
        pages = _pages(title, lines)
        kept = KeptAnswer(
            new_id(), incoming.chat, incoming.thread, None, incoming.person, int(time.time()), "", "list", None, None,
            {"pages": pages},
        )  # fmt: skip
        plan = Plan(say(incoming, pages[0], _page_buttons(kept.id, 0, len(pages))), note={"outcome": "list"})
        if len(pages) > 1:
            plan.writes.append(lambda w: w.answer(kept))
        return plan

    def page(self, incoming: Incoming, list_id: int, number: int) -> Plan:
        """Another page of a list, in place."""
        kept = self.chats.answer(list_id)
        if kept is None or number >= len(kept.detail.get("pages", ())):
            return Plan([toast(incoming, wording.STALE, alert=True)])
        if not _meant_for(kept, incoming):
            return Plan([toast(incoming, wording.NOT_YOURS, alert=True)])
        pages = kept.detail["pages"]
        one = say(incoming, pages[number], _page_buttons(list_id, number, len(pages)))[0]
        return Plan([toast(incoming), replace(one, do="edit", message=incoming.message, reply_to=None)])

    # inline

    def inline(self, incoming: Incoming, examples: list[str]) -> Plan:
        """Up to ten results, each a complete answer."""
        questions = [incoming.text] if incoming.text.strip() else examples
        results: list[Result] = []
        for question in questions:
            answer = self.assistant.answer(question, None).json()
            found = [answer] if answer["status"] in _VOTED else []
            if not found:
                for choice in answer["choices"][:_MOST_RESULTS]:
                    other = self.assistant.answer(choice, None).json()
                    found += [other] if other["status"] in _VOTED else []
            results += [_result(len(results) + n, one) for n, one in enumerate(found)]
        shown = tuple(results[:_MOST_RESULTS])
        return Plan([Action("inline", handle=incoming.handle, results=shown)], note={"outcome": "inline", "results": len(shown)})

    def explained(self, kept: KeptAnswer) -> dict[str, Any]:
        """How a question was read, once more in its own conversation."""
        key = f"explain {kept.id}"
        self.memory.resume(key, unpacked(kept.before))
        try:
            return self.assistant.answer(kept.text, key, explain=True).json()["explain"] or {}
        finally:
            self.memory.forget(key)


def _meant_for(kept: KeptAnswer, incoming: Incoming) -> bool:
    """Whoever asked; where a chat asked (an anonymous admin presses under his own name), anybody."""
    return kept.person is None or kept.person.startswith("-") or kept.person == incoming.person


def conversation(incoming: Incoming, person: str | None) -> str:
    """Each person's own, in each chat and topic."""
    topic = f"#{incoming.thread}" if incoming.thread is not None else ""
    return f"telegram:{incoming.chat}{topic}/{person or ''}"


def _buttons(kept: KeptAnswer) -> Rows:
    choices = [(Button(_short(c), f"c:{kept.id}:{n}"),) for n, c in enumerate(kept.detail["choices"])]
    if kept.status not in _VOTED or not kept.detail["quotes"]:
        return tuple(choices)
    votes = (Button("👍", f"u:{kept.id}"), Button("👎", f"d:{kept.id}"))
    return (*choices, (Button(wording.ORIGINAL, f"o:{kept.id}"), *votes))


def _short(text: str) -> str:
    return text if len(text) <= _BUTTON_TEXT else text[: _BUTTON_TEXT - 1] + "…"


def _page_buttons(list_id: int, number: int, count: int) -> Rows:
    row = []
    if number > 0:
        row.append(Button(wording.BEFORE, f"p:{list_id}:{number - 1}"))
    if number + 1 < count:
        row.append(Button(wording.NEXT, f"p:{list_id}:{number + 1}"))
    return (tuple(row),) if row else ()


def _pages(title: str, lines: list[str]) -> list[str]:
    pages: list[list[str]] = [[]]
    for line in lines:
        if len(pages[-1]) >= _PAGE_LINES or sum(size(one) + 1 for one in pages[-1]) + size(line) > _PAGE_SIZE and pages[-1]:
            pages.append([])
        pages[-1].append(line if size(line) <= _PAGE_SIZE else line[: _PAGE_SIZE // 2 - 1] + "…")
    count = len(pages)
    heads = [title if count == 1 else f"{title}（第 {n}/{count} 页）" for n in range(1, count + 1)]
    return ["\n".join([head, *page]) for head, page in zip(heads, pages, strict=True)]


def _result(number: int, answer: dict[str, Any]) -> Result:
    part, *rest = answer_parts(answer)
    if rest:  # one result is one message
        part = Part(f"{part.html}\n{wording.CUT_SHORT}", f"{part.plain}\n{wording.CUT_SHORT}")
    lines = part.plain.split("\n")
    quote = next((line[2:] for line in lines if line.startswith("> ")), "")
    return Result(str(number), lines[0][:120], quote[:200], part.html, part.plain)


def _paragraphs(text: str, quote: Span) -> tuple[Line, ...]:
    """The quote's own paragraph and those beside it, as far as they are prose and not far away."""
    start = text.rfind("\n", 0, quote.start) + 1
    end = text.find("\n", quote.end)
    end = len(text) if end < 0 else end
    for _ in range(_PARAGRAPHS_AROUND):
        before = text.rfind("\n", 0, max(0, start - 1)) + 1
        if start == 0 or _no_prose(text[before : start - 1]) or quote.start - before > _TEXT_AROUND:
            break
        start = before
    for _ in range(_PARAGRAPHS_AROUND):
        after = text.find("\n", end + 1)
        after = len(text) if after < 0 else after
        if end >= len(text) or _no_prose(text[end + 1 : after]) or after - quote.end > _TEXT_AROUND:
            break
        end = after
    start, end = max(start, quote.start - _TEXT_AROUND), min(end, quote.end + _TEXT_AROUND)
    return _lines(marked_passage(text[start:end], quote.start - start, quote.end - start))


def _no_prose(line: str) -> bool:
    """A line of a table: a cell on a line of its own, or cells parted by bars."""
    return line.startswith(("\t", "|")) or line.count("|") > 1 or line.count("\t") > 1


def _lines(line: Line) -> tuple[Line, ...]:
    """A passage with line ends in it, line by line."""
    out: list[list[Piece]] = [[]]
    for piece in line:
        first, *others = piece.text.split("\n")
        for n, text in enumerate((first, *others)):
            if n:
                out.append([])
            if text.strip():
                out[-1].append(Piece(text.replace("\t", " "), piece.mark))
    return tuple(tuple(pieces) for pieces in out if pieces)
