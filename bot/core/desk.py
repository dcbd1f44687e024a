"""Updates in, messages out: each chat in order, chats beside each other, nothing lost and nothing twice.

What an update leads to is kept in one transaction with the fact that it was handled, then sent; what was not sent
when the process ended is sent by the next one. So a kill at any moment leaves either an update that comes again,
or messages that still go out.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol, TypeVar

from bot.core.logs import event, failure, trouble
from bot.core.messages import Action, Gateway, Incoming, Plan, Refused, Unreachable, Wait, action
from bot.core.wording import ADMIN_COMMANDS, COMMANDS, INTERNAL
from bot.render import escape
from db.chats import Chats
from db.engine import StoreError

# threads that answer questions; each keeps one connection to the store
_THREADS = 4
# pauses between tries (seconds), doubling up to the longest
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 8.0
# between tries once the end is near
_LAST_PAUSE = 0.3

_Made = TypeVar("_Made")
Row = tuple[int, Action]


class Handler(Protocol):
    """Whoever decides what an update leads to."""

    def handle(self, incoming: Incoming) -> Plan: ...

    def abandoned(self, incoming: Incoming) -> None:
        """The plan could not be kept; the update will be handled again."""
        ...


class Desk:
    """One bot's updates and messages."""

    def __init__(self, bot: str, gateway: Gateway, chats: Chats, handler: Handler) -> None:
        self.bot = bot
        self.gateway = gateway
        self.chats = chats
        self.handler = handler
        self.threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="wenbao")
        # notes what was sent, and nothing else: a process killed before that would send it again
        self._notes = ThreadPoolExecutor(1, thread_name_prefix="wenbao-sent")
        self.on_upload: Callable[[], None] = lambda: None
        self._lanes: dict[str, deque[Callable[[], Awaitable[None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    # lanes

    def accept(self, incoming: Incoming) -> asyncio.Future[None]:
        """Takes an update in hand; the future is done when it was handled and everything was sent."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            try:
                await self._handle(incoming)
            finally:
                if not done.done():
                    done.set_result(None)

        self._queue(lane_of(incoming), work)
        return done

    def send(self, lane: str, rows: Sequence[Row]) -> None:
        """Sends what the outbox holds already, after what this chat is waiting for."""

        async def work() -> None:
            for row, one in rows:
                await self._send(row, one)

        self._queue(lane, work)

    async def resume(self) -> None:
        """Sends what the process before could not."""
        rows = await self.run(self.chats.outbox)
        for row, lane, kept in rows:
            self.send(lane, [(row, action(kept))])
        if rows:
            event("outbox", left=len(rows))

    async def close(self, seconds: float) -> None:
        """Finishes what is in hand, as far as the time goes; the rest stays in the store."""
        self._closing.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.threads.shutdown(wait=False, cancel_futures=True)
        self._notes.shutdown(wait=True)

    @property
    def waiting(self) -> int:
        """Chats that something is being done for."""
        return len(self._lanes)

    async def run(self, function: Callable[..., _Made], *values: object) -> _Made:
        """Runs something that may wait for the store, beside everything else."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)

    def _queue(self, lane: str, work: Callable[[], Awaitable[None]]) -> None:
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(work)
            return
        self._lanes[lane] = deque([work])
        task = asyncio.get_running_loop().create_task(self._lane(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _lane(self, lane: str) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                try:
                    await waiting[0]()
                except Exception as error:
                    failure("lane", error)
                waiting.popleft()
        finally:
            del self._lanes[lane]

    # one update

    async def _handle(self, incoming: Incoming) -> None:
        started = time.perf_counter()
        rows, plan = await self._kept(incoming)
        if plan is None:
            return
        kept = time.perf_counter()
        try:
            for row, one in rows:
                await self._send(row, one)
        finally:
            if plan.uploads:  # the card is there to be edited then
                self.on_upload()
        event(
            "update", update=incoming.number, kind=incoming.kind, chat=incoming.chat, messages=len(rows),
            think_ms=round((kept - started) * 1000, 2), send_ms=round((time.perf_counter() - kept) * 1000, 2), **plan.note,
        )  # fmt: skip

    async def _kept(self, incoming: Incoming) -> tuple[list[Row], Plan | None]:
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self.run(self._prepare, incoming)
            except StoreError as error:  # somebody else writes for long, or the disk is full
                self.handler.abandoned(incoming)
                trouble("store", update=incoming.number, reason=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _prepare(self, incoming: Incoming) -> tuple[list[Row], Plan | None]:
        """Handles and keeps, in a thread: both or neither."""
        if self.chats.handled(self.bot, incoming.number):
            event("again", update=incoming.number)
            return [], None
        try:
            plan = self.handler.handle(incoming)
        except StoreError:
            raise
        except Exception as error:
            failure("handle", error, update=incoming.number, kind=incoming.kind)
            self.handler.abandoned(incoming)
            plan = _apology(incoming)
        lane = lane_of(incoming)
        with self.chats.write() as kept:
            kept.handle(self.bot, incoming.number)
            for write in plan.writes:
                write(kept)
            for key, state in plan.states.items():
                kept.state(key, state)
            rows = [(kept.put(lane, one.json()), one) for one in plan.actions]
        return rows, plan

    # one message

    async def _send(self, row: int, one: Action) -> None:
        if one.card is not None and one.do == "send":  # which message shows it, is known when its turn has come
            upload = await self.run(self.chats.upload, one.card)
            if upload is not None and upload.card is not None:
                one = replace(one, do="edit", message=upload.card)
        done, message = await self.deliver(one)
        await asyncio.get_running_loop().run_in_executor(self._notes, self._sent, row, done, message)

    def _sent(self, row: int, one: Action, message: int | None) -> None:
        with self.chats.write() as kept:
            kept.sent(row)
            if one.do == "delete" and one.message is not None:
                kept.message_gone(one.chat, one.message)
            if message is not None and one.answer is not None:
                kept.message(one.chat, message, one.answer)
            if message is not None and one.card is not None:
                kept.card(one.card, message)

    async def deliver(self, one: Action) -> tuple[Action, int | None]:
        """Has it done, however long that takes: as it was done in the end, and its message (None where there is none)."""
        pause = _FIRST_PAUSE
        while True:
            try:
                if one.do == "menu":
                    await self.gateway.menu((*COMMANDS, *ADMIN_COMMANDS), one.chat)
                    return one, None
                return one, await self.gateway.perform(one)
            except Wait as wait:
                trouble("wait", seconds=wait.seconds)
                await asyncio.sleep(wait.seconds)
            except Unreachable as error:
                trouble("unreachable", reason=str(error), pause=pause)
                await self._rest(pause * random.uniform(0.8, 1.2))
                pause = min(pause * 2, _LONGEST_PAUSE)
            except Refused as refusal:
                other = _otherwise(one, refusal)
                if other is None:
                    if not refusal.unchanged:
                        trouble("refused", do=one.do, reason=str(refusal))
                    return one, one.message if refusal.unchanged else None
                one = other

    async def _rest(self, seconds: float) -> None:
        """Pauses; not for long when the end is near."""
        if self._closing.is_set():
            await asyncio.sleep(min(seconds, _LAST_PAUSE))
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)


def lane_of(incoming: Incoming) -> str:
    """What must happen in order: one chat, or one person's inline questions."""
    return incoming.chat or f"person {incoming.person}"


def _otherwise(one: Action, refusal: Refused) -> Action | None:
    """Another way to say it, where there is one."""
    if refusal.moved_to is not None and refusal.moved_to != one.chat:
        if one.do == "delete":
            return None
        # the new group counts its messages anew: a number of the old one means another message there
        return replace(one, do="send" if one.do == "edit" else one.do, chat=refusal.moved_to, message=None, reply_to=None)
    if refusal.topic_gone and one.thread is not None:
        return replace(one, thread=None)
    if refusal.formatting and (one.html or any(r.html for r in one.results)):
        results = tuple(replace(r, html="") for r in one.results)
        return replace(one, html="", results=results)
    if one.do == "edit" and refusal.gone and not refusal.unchanged:
        return replace(one, do="send", message=None)
    return None


def _apology(incoming: Incoming) -> Plan:
    note = {"outcome": "internal"}
    if incoming.kind == "press":
        return Plan([Action("toast", handle=incoming.handle, plain=INTERNAL, alert=True)], note=note)
    spoken_to = incoming.private or incoming.mentioned or incoming.reply_to_us
    if incoming.kind == "message" and incoming.chat and spoken_to:
        reply_to = None if incoming.private else incoming.message
        said = Action("send", incoming.chat, incoming.thread, reply_to, html=escape(INTERNAL), plain=INTERNAL)
        return Plan([said], note=note)
    return Plan(note=note)
