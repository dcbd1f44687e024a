"""Telegram through python-telegram-bot: translates between its objects and ours, and nothing else."""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")  # how it hands out seconds from now on; otherwise it warns at each use

import telegram
from telegram import error as errors
from telegram.request import HTTPXRequest

from bot.assistant import Assistant
from bot.core import service
from bot.core.messages import Action, BadToken, Command, File, Incoming, Me, Refused, TakenElsewhere, Unreachable, Wait
from bot.core.telegram import ALLOWED_UPDATES, incoming, readable, refused
from bot.settings import Settings

NAME = "telegram"

# httpcore looks for this on every request, several times; where it is not installed, each look costs 0.2 ms
if importlib.util.find_spec("sniffio") is None:
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

# connections for sending; getting updates has its own
_CONNECTIONS = 64
_SECONDS = 20.0


async def run(assistant: Assistant, settings: Settings) -> None:
    """Serves until the process is told to end."""
    await service.run(assistant, settings, Ptb)


class Ptb:
    """bot.core.messages.Gateway over telegram.Bot."""

    def __init__(self, settings: Settings) -> None:
        base = settings.telegram.api_base.rstrip("/")
        # it quotes whole updates where it cannot read one; what goes wrong is raised as well
        logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)

        def request(connections: int) -> HTTPXRequest:
            return HTTPXRequest(
                connections, read_timeout=_SECONDS, write_timeout=_SECONDS, connect_timeout=_SECONDS, pool_timeout=_SECONDS,
                httpx_kwargs={"trust_env": "api.telegram.org" in base},
            )  # fmt: skip

        self._bot = telegram.Bot(
            settings.telegram.token or "", f"{base}/bot", f"{base}/file/bot", request(_CONNECTIONS), request(2)
        )

    async def open(self) -> Me:
        async with _translated():
            await self._bot.initialize()
            return Me(str(self._bot.id), self._bot.username)

    async def close(self) -> None:
        await self._bot.shutdown()

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[Incoming]:
        async with _translated():
            try:
                found = await self._bot.get_updates(
                    offset, timeout=seconds, allowed_updates=ALLOWED_UPDATES, read_timeout=_SECONDS
                )
                return [incoming(one, self._bot.id) for one in found]
            except errors.TelegramError:
                raise
            except Exception:  # one update that this library cannot read must not hold up all others
                return [readable(one, self.incoming) for one in await self._raw(offset)]

    async def _raw(self, offset: int | None) -> list[dict[str, Any]]:
        asked: dict[str, Any] = {"allowed_updates": ALLOWED_UPDATES, **({} if offset is None else {"offset": offset})}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would have us use get_updates
            return list(await self._bot.do_api_request("getUpdates", asked, read_timeout=_SECONDS))

    def incoming(self, update: dict[str, Any]) -> Incoming:
        return incoming(telegram.Update.de_json(update, self._bot), self._bot.id)

    async def perform(self, action: Action) -> int | None:
        async with _translated():
            made = await self._perform(action)
        return made.message_id if isinstance(made, telegram.Message) else None

    async def _perform(self, one: Action) -> Any:
        text, mode = (one.html, "HTML") if one.html else (one.plain, None)
        no_preview = telegram.LinkPreviewOptions(is_disabled=True)
        if one.do == "send":
            return await self._bot.send_message(
                int(one.chat), text, mode, message_thread_id=one.thread, reply_parameters=_reply(one),
                reply_markup=_keyboard(one), link_preview_options=no_preview,
            )  # fmt: skip
        if one.do == "edit":
            return await self._bot.edit_message_text(
                text, int(one.chat), one.message, parse_mode=mode, reply_markup=_keyboard(one), link_preview_options=no_preview
            )
        if one.do == "document":
            return await self._bot.send_document(
                int(one.chat), one.plain.encode(), caption=one.html or None, filename=one.name, parse_mode="HTML",
                message_thread_id=one.thread, reply_parameters=_reply(one),
            )  # fmt: skip
        if one.do == "delete":
            return await self._bot.delete_message(int(one.chat), one.message or 0)
        if one.do == "toast":
            return await self._bot.answer_callback_query(one.handle, one.plain or None, show_alert=one.alert or None)
        return await self._bot.answer_inline_query(one.handle, [_article(r) for r in one.results], cache_time=10, is_personal=True)

    async def download(self, file: File) -> bytes:
        async with _translated():
            found = await self._bot.get_file(file.key)
            try:
                return bytes(await found.download_as_bytearray())
            except errors.InvalidToken:  # so it calls every 404
                raise Refused("file not found") from None

    async def menu(self, commands: Sequence[Command], chat: str | None = None) -> None:
        scope = None if chat is None else telegram.BotCommandScopeChat(int(chat))
        async with _translated():
            await self._bot.set_my_commands([(c.name, c.text) for c in commands], scope)

    async def listen(self, url: str, secret: str) -> None:
        async with _translated():
            await self._bot.set_webhook(url, allowed_updates=ALLOWED_UPDATES, secret_token=secret)

    async def unlisten(self) -> None:
        async with _translated():
            await self._bot.delete_webhook()

    async def listened(self) -> str:
        async with _translated():
            return (await self._bot.get_webhook_info()).url or ""


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Its errors as ours."""
    try:
        yield
    except errors.RetryAfter as error:
        after = error.retry_after
        raise Wait(float(after) if isinstance(after, int) else after.total_seconds()) from None
    except errors.Conflict as error:
        raise TakenElsewhere(error.message) from None
    except errors.InvalidToken as error:
        raise BadToken(error.message) from None
    except errors.ChatMigrated as error:
        raise refused(error.message, error.new_chat_id) from None
    except (errors.BadRequest, errors.Forbidden) as error:
        raise refused(error.message) from None
    except errors.TelegramError as error:
        raise Unreachable(f"{type(error).__name__}: {error.message}") from None


def _reply(one: Action) -> telegram.ReplyParameters | None:
    return None if one.reply_to is None else telegram.ReplyParameters(one.reply_to, allow_sending_without_reply=True)


def _keyboard(one: Action) -> telegram.InlineKeyboardMarkup | None:
    if not one.buttons:
        return None
    rows = [[telegram.InlineKeyboardButton(b.text, callback_data=b.data) for b in row] for row in one.buttons]
    return telegram.InlineKeyboardMarkup(rows)


def _article(result: Any) -> telegram.InlineQueryResultArticle:
    text, mode = (result.html, "HTML") if result.html else (result.plain, None)
    content = telegram.InputTextMessageContent(text, mode)
    return telegram.InlineQueryResultArticle(result.key, result.title, content, description=result.description or None)
