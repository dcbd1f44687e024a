"""One message on its way: how long is waited, and what is done when it is refused. Without a platform."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from bot.core import desk
from bot.core.desk import Desk
from bot.core.messages import Action, Refused, Unreachable, Wait
from db.chats import Chats, Upload
from db.store import Store

ONE = Action("send", "-5", 7, 3, html="<b>2</b>", plain="2")


class Told:
    """A gateway that answers as it is told, and remembers what it was asked for."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[Action] = []

    async def perform(self, action: Action) -> int | None:
        self.asked.append(action)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]


async def delivered(store: Store, one: Action, *answers: Any) -> tuple[list[Action], tuple[Action, int | None]]:
    gateway = Told(*answers)
    made = Desk("bot", gateway, Chats(store.database), None)  # type: ignore[arg-type]
    try:
        return gateway.asked, await made.deliver(one)
    finally:
        await made.close(1)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have waited."""
    found: list[float] = []

    async def rest(self: Desk, seconds: float) -> None:
        found.append(seconds)

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(Desk, "_rest", rest)
    monkeypatch.setattr(desk.asyncio, "sleep", sleep)
    return found


async def test_it_waits_as_long_as_it_is_told(store: Store, pauses: list[float]) -> None:
    asked, (_, message) = await delivered(store, ONE, Wait(7), Wait(3), 9)
    assert pauses == [7, 3] and asked == [ONE] * 3 and message == 9


async def test_pauses_between_tries_grow_to_a_limit(store: Store, pauses: list[float]) -> None:
    await delivered(store, ONE, *[Unreachable("502")] * 8, 9)
    assert all(a < b for a, b in zip(pauses[:5], pauses[1:6], strict=True))
    assert max(pauses) <= desk._LONGEST_PAUSE * 1.2


REFUSALS = [
    (ONE, Refused("can't parse entities", formatting=True), {"html": ""}),
    (ONE, Refused("upgraded", moved_to="-1005"), {"chat": "-1005", "reply_to": None}),
    (Action("edit", "-5", message=4, plain="2"), Refused("upgraded", moved_to="-1005"), {"do": "send", "chat": "-1005", "message": None}),
    (Action("edit", "5", message=4, plain="2"), Refused("Message to edit not found"), {"do": "send", "message": None}),
    (ONE, Refused("Message thread not found"), {"thread": None}),
]


@pytest.mark.parametrize(("one", "refusal", "changed"), REFUSALS, ids=[f"{o.do} {r}" for o, r, _ in REFUSALS])
async def test_what_is_refused_is_said_another_way(store: Store, one: Action, refusal: Refused, changed: dict[str, Any]) -> None:
    asked, (done, message) = await delivered(store, one, refusal, 9)
    assert message == 9 and done is asked[-1]
    assert {name: getattr(done, name) for name in changed} == changed


@pytest.mark.parametrize("reason", ["bot was blocked by the user", "chat not found", "not enough rights to send text messages"])
async def test_what_cannot_be_said_is_let_go(store: Store, reason: str) -> None:
    asked, (_, message) = await delivered(store, ONE, Refused(reason))
    assert len(asked) == 1 and message is None


async def test_what_was_sent_is_noted_while_all_threads_think(store: Store, tmp_path: Path) -> None:
    gateway = Told(9)
    chats = Chats(store.database)
    with chats.write() as kept:
        row = kept.put("5", ONE.json())
    made = Desk("bot", gateway, chats, None)  # type: ignore[arg-type]
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    def think() -> None:
        asyncio.run_coroutine_threadsafe(held.wait(), loop).result()

    thinking = [asyncio.create_task(made.run(think)) for _ in range(desk._THREADS + 1)]
    made.send("5", [(row, ONE)])
    async with asyncio.timeout(10):
        while chats.outbox():
            await asyncio.sleep(0.005)
    held.set()
    await asyncio.gather(*thinking)
    await made.close(1)


def test_files_held_for_a_caption_are_forgotten_after_a_day(store: Store) -> None:
    chats = Chats(store.database)
    now = int(time.time())
    with chats.write() as kept:
        for number, at, state in ((1, now, "held"), (2, now - 90_000, "held"), (3, now - 90_000, "stored")):
            kept.upload(Upload(number, "-5", None, number, "900", at, "f", "a.txt", 1, state, album="7"))
    chats.forget()
    assert [one is not None for one in map(chats.upload, (1, 2, 3))] == [True, False, True]
