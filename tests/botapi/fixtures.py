"""A running bot for each test: every adapter over both transports, against the stand-in, with the samples in its store."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.core.service import Service
from bot.settings import Admins, Limits, Settings, Telegram
from db.store import Store
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.world import ADMIN, OTHER_ADMIN, World, free_port

WAYS = [(adapter, mode) for adapter in ("ptb", "aiogram") for mode in ("polling", "webhook")]
_CLASSES = {"ptb": "Ptb", "aiogram": "Aiogram"}


class Running:
    """The bot, which can be ended and started again over the same store."""

    def __init__(self, api: BotApi, settings: Settings) -> None:
        self.api = api
        self.settings = settings
        self.service: Service | None = None
        self._task: asyncio.Task[None] | None = None
        self.store: Store | None = None
        self.expected_to_fail = False

    async def start(self, wait: bool = True) -> None:
        self.store = Store.open(self.settings.database.url)
        module = importlib.import_module(f"bot.adapters.{self.settings.telegram.adapter}")
        gateway = getattr(module, _CLASSES[self.settings.telegram.adapter])(self.settings)
        self.service = Service(Assistant(self.store), self.settings, gateway)
        self._task = asyncio.create_task(self.service.run())
        if wait:
            ready = asyncio.create_task(self.service.ready.wait())
            await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
            if self._task.done():
                self._task.result()

    async def ended(self) -> BaseException | None:
        """Waits until it ends by itself; the error it ended with."""
        assert self._task is not None
        await asyncio.wait({self._task})
        return self._task.exception()

    async def stop(self) -> None:
        """As SIGTERM does."""
        if self._task is None:
            return
        assert self.service is not None
        self.service.stopping.set()
        task = self._task
        await asyncio.wait({task})
        self._close()
        if not self.expected_to_fail:
            task.result()

    async def kill(self) -> None:
        """As kill -9 does: nothing is finished, nothing is said."""
        assert self._task is not None and self.service is not None
        desk = self.service.desk
        if desk is not None:
            for task in list(desk._tasks):
                task.cancel()
            await asyncio.gather(*desk._tasks, return_exceptions=True)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._close()

    def _close(self) -> None:
        self._task = None
        assert self.service is not None
        if self.service.desk is not None:
            self.service.desk.threads.shutdown(wait=True)
            self.service.desk._notes.shutdown(wait=True)
        if self.store is not None:
            self.store.close()

    def change(self, **limits: Any) -> None:
        self.settings = replace(self.settings, limits=replace(self.settings.limits, **limits))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    made = BotApi()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(params=WAYS, ids=[f"{adapter}-{mode}" for adapter, mode in WAYS])
async def bot(request: pytest.FixtureRequest, api: BotApi, library: str) -> AsyncIterator[Running]:
    """Not started yet."""
    adapter, mode = request.param
    pytest.importorskip("telegram" if adapter == "ptb" else "aiogram")
    port = await free_port()
    telegram = Telegram(
        adapter, mode, api.base, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}/telegram", "a-secret", token=TOKEN
    )
    made = Running(api, Settings(replace(Settings().database, url=library), telegram, Admins((ADMIN, OTHER_ADMIN)), Limits()))
    yield made
    await made.stop()


@pytest.fixture
async def world(api: BotApi, bot: Running) -> World:
    """A running bot that nobody has spoken to yet."""
    made = World(api)
    for number in (ADMIN, OTHER_ADMIN):
        made.admin(number)
    await bot.start()
    return made
