"""One bot at work: polling or webhook, from the first connection to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from bot.assistant import Assistant
from bot.core import logs, wording
from bot.core.colleague import Colleague
from bot.core.desk import Desk
from bot.core.http import Request, Response, serve
from bot.core.logs import event, failure, trouble
from bot.core.messages import BadToken, Gateway, Me, Refused, TakenElsewhere, Unreachable, Wait
from bot.core.telegram import readable
from bot.core.uploads import Uploads
from bot.memory import StoredMemory
from bot.settings import Settings
from bot.shell import Refusal
from db.chats import Chats
from knowledge.problems import sentence
from parsers.limits import Limits
from parsers.worker import WorkerPool

# one poll waits so long for an update (seconds)
_POLL_SECONDS = 25
# an update is acknowledged when everything was sent, or so long after: what is left is in the outbox then
_UNSENT_SECONDS = 5.0
# how long updates in hand are waited for before the next poll, with and without new ones in the last
_BUSY_SECONDS, _QUIET_SECONDS = 0.02, 0.25
# Somebody else is polling: whoever has just come gives way soon, whoever was there first later, so that one stays
_NEW_SECONDS, _OLD_SECONDS = 4.0, 30.0
# how long a process counts as new, and pauses between tries when taken
_YOUNG_SECONDS, _TAKEN_PAUSE = 30.0, 1.0
# what is in hand at the end gets so long, the connections then; together they stay under five seconds
_END_SECONDS, _CLOSE_SECONDS = 3.5, 0.5
# how often it is looked whether Telegram still delivers to us
_WATCH_SECONDS = 30.0
# a thread that answers must not keep the network waiting for the usual 5 ms
_SWITCH_SECONDS = 0.001


class Service:
    """Everything one bot consists of, wired together."""

    def __init__(self, assistant: Assistant, settings: Settings, gateway: Gateway) -> None:
        self.settings = settings
        self.gateway = gateway
        self.store = assistant.store
        self.memory = StoredMemory(self.store, later=True)
        self.assistant = Assistant(self.store, memory=self.memory)
        self.chats = Chats(self.store.database)
        self.pool = WorkerPool(_limits(settings))
        self.stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self.desk: Desk | None = None

    async def run(self) -> None:
        """Serves until ``stopping`` is set."""
        tasks: list[asyncio.Task[None]] = []
        server: asyncio.Server | None = None
        try:
            me = await self._opened()
            if me is None:
                return
            uploads = Uploads(self.assistant, self.chats, self.pool.parse_all)
            colleague = Colleague(self.assistant, self.chats, self.memory, self.settings, me, uploads)
            desk = self.desk = Desk(me.key, self.gateway, self.chats, colleague)
            await desk.run(self._warm)
            await desk.resume()
            tasks += [asyncio.create_task(uploads.work(desk)), asyncio.create_task(uploads.tidy(desk))]
            tasks.append(asyncio.create_task(self._menus()))
            if self.settings.telegram.mode == "webhook":
                server = await self._listening(desk)
                event("started", bot=me.name, mode="webhook")
                self.ready.set()
                await self._watch()
            else:
                await self._patiently(self.gateway.unlisten)
                event("started", bot=me.name, mode="polling")
                self.ready.set()
                await self._poll(desk)
        finally:
            await self._end(tasks, server)

    async def _end(self, tasks: list[asyncio.Task[None]], server: asyncio.Server | None) -> None:
        if server is not None:
            server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.desk is not None:
            await self.desk.close(_END_SECONDS)
        self.pool.close()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.gateway.close(), _CLOSE_SECONDS)
        event("stopped")

    def _warm(self) -> None:
        """The first question would otherwise wait for dictionaries to load."""
        self.assistant.answer("收到几件申请", None)

    # beginning

    async def _opened(self) -> Me | None:
        """Who we are; waits for the platform as long as it takes."""
        pause = 0.5
        while not self.stopping.is_set():
            try:
                return await self.gateway.open()
            except BadToken:
                raise Refusal("bad_token", sentence("bad_token")) from None
            except (Unreachable, Refused) as error:
                trouble("unreachable", reason=str(error), pause=pause)
                await self._sleep(pause)
                pause = min(pause * 2, 8.0)
            except Wait as wait:
                await self._sleep(wait.seconds)
        return None

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    async def _patiently(self, call, *values, tolerant: bool = True) -> None:
        """Something that only has to work in the end; where it is refused, it is let be or (not ``tolerant``) told."""
        pause = 0.5
        while not self.stopping.is_set():
            try:
                await call(*values)
                return
            except Wait as wait:
                await self._sleep(wait.seconds)
            except Unreachable:
                await self._sleep(pause)
                pause = min(pause * 2, 8.0)
            except Refused as error:
                if not tolerant:
                    raise
                trouble("refused", reason=str(error))
                return

    async def _menus(self) -> None:
        """The command menu in Chinese: everybody's, and the admins' own."""
        await self._patiently(self.gateway.menu, wording.COMMANDS)
        for admin in self.settings.admins.telegram_ids:
            await self._patiently(self.gateway.menu, (*wording.COMMANDS, *wording.ADMIN_COMMANDS), str(admin))

    # polling

    async def _poll(self, desk: Desk) -> None:
        """Fetches updates; one is acknowledged by asking for those after it, once it was handled."""
        offset: int | None = None
        in_hand: dict[int, asyncio.Future[None]] = {}
        since: dict[int, float] = {}
        pause, taken, began = 0.2, None, time.monotonic()
        stopped = asyncio.create_task(self.stopping.wait())
        try:
            while not self.stopping.is_set():
                fetching = asyncio.create_task(self.gateway.fetch(offset, 0 if in_hand else _POLL_SECONDS))
                await asyncio.wait({fetching, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not fetching.done():
                    fetching.cancel()
                    await asyncio.gather(fetching, return_exceptions=True)
                    break
                try:
                    found = fetching.result()
                    pause, taken = 0.2, None
                except Wait as wait:
                    await self._sleep(wait.seconds)
                    continue
                except Unreachable as error:
                    trouble("unreachable", reason=str(error), pause=pause)
                    await self._sleep(pause)
                    pause = min(pause * 2, 8.0)
                    continue
                except TakenElsewhere:
                    now = time.monotonic()
                    taken = taken or now
                    if now - taken > (_NEW_SECONDS if now - began < _YOUNG_SECONDS else _OLD_SECONDS):
                        raise Refusal("taken_elsewhere", sentence("taken_elsewhere")) from None
                    await self._sleep(min(_TAKEN_PAUSE, _NEW_SECONDS))
                    continue
                except BadToken:
                    raise Refusal("bad_token", sentence("bad_token")) from None
                except Refused as error:
                    trouble("refused", reason=str(error))
                    await self._sleep(5.0)
                    continue
                # numbers may begin anew, and lower, after a quiet week: what was handled is told by the store, not by them
                fresh = [one for one in found if one.number not in in_hand]
                for one in fresh:
                    in_hand[one.number] = desk.accept(one)
                    since[one.number] = time.monotonic()
                offset = await self._acknowledged(in_hand, since, offset, bool(fresh))
        finally:
            stopped.cancel()

    async def _acknowledged(
        self, in_hand: dict[int, asyncio.Future[None]], since: dict[int, float], offset: int | None, fresh: bool
    ) -> int | None:
        """Waits a moment for what is in hand; the number of the first update that is not done with."""
        open_ = {future for future in in_hand.values() if not future.done()}
        if open_:
            await asyncio.wait(open_, timeout=_BUSY_SECONDS if fresh else _QUIET_SECONDS)
        if not in_hand:
            return offset
        late = time.monotonic() - _UNSENT_SECONDS
        assert self.desk is not None
        unsent = [n for n, future in in_hand.items() if not future.done() and since[n] < late]
        kept = {n for n in unsent if await self.desk.run(self.chats.handled, self.desk.bot, n)}
        left = [n for n, future in in_hand.items() if not future.done() and n not in kept]
        first = min(left) if left else max(in_hand) + 1
        for number in [n for n in in_hand if n < first]:
            del in_hand[number], since[number]
        return first

    # webhook

    async def _listening(self, desk: Desk) -> asyncio.Server:
        telegram = self.settings.telegram
        host, _, port = telegram.webhook_listen.rpartition(":")
        secret = telegram.webhook_secret or hashlib.sha256(f"wenbao {telegram.token}".encode()).hexdigest()[:40]
        path = urlsplit(telegram.webhook_url).path or "/"

        async def handle(request: Request) -> Response:
            asked = request.path.partition("?")[0]
            if request.method == "GET" and asked == "/health":
                return Response(body=json.dumps({"ok": True, "chats": desk.waiting}).encode())
            if request.method != "POST" or asked != path:
                return Response(404)
            given = request.headers.get("x-telegram-bot-api-secret-token", "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return Response(403)
            return await self._delivered(desk, request.body)

        try:
            server = await serve(host.strip("[]"), int(port), handle)
        except (OSError, ValueError) as error:
            raise Refusal("bad_config", sentence("bad_config", key="telegram.webhook_listen", reason=f"听不了 {telegram.webhook_listen}（{error}）")) from None
        try:
            await self._patiently(self.gateway.listen, telegram.webhook_url, secret, tolerant=False)
        except Refused as error:
            server.close()
            reason = f"Telegram 不肯往 {telegram.webhook_url} 送消息（{error}）"
            raise Refusal("bad_config", sentence("bad_config", key="telegram.webhook_url", reason=reason)) from None
        return server

    async def _watch(self) -> None:
        """Until the end; or until somebody else has the updates, which Telegram would not tell."""
        elsewhere = 0
        while not self.stopping.is_set():
            await self._sleep(_WATCH_SECONDS)
            try:
                mine = await self.gateway.listened() == self.settings.telegram.webhook_url
            except (Wait, Unreachable, Refused, BadToken):
                continue
            elsewhere = 0 if mine else elsewhere + 1
            if elsewhere > 1 and not self.stopping.is_set():
                raise Refusal("taken_elsewhere", sentence("taken_elsewhere"))

    async def _delivered(self, desk: Desk, body: bytes) -> Response:
        """Answers Telegram when the update was handled: until then it would be delivered again."""
        if self.stopping.is_set():
            return Response(503)
        try:
            one = readable(json.loads(body), self.gateway.incoming)
        except Exception as error:  # not an update at all: no sense in having it again
            failure("webhook", error)
            return Response(200)
        done = desk.accept(one)
        try:
            await asyncio.wait_for(asyncio.shield(done), _UNSENT_SECONDS)
        except TimeoutError:
            if not await desk.run(self.chats.handled, desk.bot, one.number):
                return Response(503)
        return Response(200)


def _limits(settings: Settings) -> Limits:
    given = settings.limits
    default = Limits()
    return replace(
        default, seconds=given.seconds, memory_bytes=given.memory_mb << 20, input_bytes=given.input_mb << 20,
        unpacked_bytes=given.unpacked_mb << 20, pages=given.pages,
    )  # fmt: skip


async def run(assistant: Assistant, settings: Settings, gateway: Callable[[Settings], Gateway]) -> None:
    """Serves until SIGTERM or SIGINT."""
    logs.start()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        made = gateway(settings)
    except BadToken:
        raise Refusal("bad_token", sentence("bad_token")) from None
    service = Service(assistant, settings, made)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stopping.set)
    await service.run()
