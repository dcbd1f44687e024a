"""Telegram through aiogram: translates between its objects and ours, and nothing else."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiogram
import aiohttp
from aiogram import exceptions as errors
from aiogram import types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.utils.token import TokenValidationError

from bot.assistant import Assistant
from bot.core import service
from bot.core.messages import Action, BadToken, Command, File, Incoming, Me, Refused, TakenElsewhere, Unreachable, Wait
from bot.core.telegram import ALLOWED_UPDATES, incoming, readable, refused
from bot.settings import Settings

NAME = "telegram"

_CONNECTIONS = 66
_SECONDS = 20


async def run(assistant: Assistant, settings: Settings) -> None:
    """Serves until the process is told to end."""
    await service.run(assistant, settings, Aiogram)


class _Updates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, raw: one update that this library cannot read must not hold up all others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Aiogram:
    """bot.core.messages.Gateway over aiogram.Bot."""

    def __init__(self, settings: Settings) -> None:
        base = settings.telegram.api_base.rstrip("/")
        session = AiohttpSession(api=TelegramAPIServer.from_base(base), limit=_CONNECTIONS, timeout=_SECONDS)
        try:
            self._bot = aiogram.Bot(settings.telegram.token or "", session)
        except TokenValidationError as error:
            raise BadToken(str(error)) from None

    async def open(self) -> Me:
        async with _translated():
            me = await self._bot.me()
        return Me(str(me.id), me.username or "")

    async def close(self) -> None:
        await self._bot.session.close()

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[Incoming]:
        asked = _Updates(offset=offset, timeout=seconds, allowed_updates=list(ALLOWED_UPDATES))
        async with _translated():
            found = await self._bot(asked, request_timeout=seconds + _SECONDS)
        return [readable(one, self.incoming) for one in found]

    def incoming(self, update: dict[str, Any]) -> Incoming:
        return incoming(types.Update.model_validate(update, context={"bot": self._bot}), self._bot.id)

    async def perform(self, action: Action) -> int | None:
        async with _translated():
            made = await self._perform(action)
        return made.message_id if isinstance(made, types.Message) else None

    async def _perform(self, one: Action) -> Any:
        text, mode = (one.html, "HTML") if one.html else (one.plain, None)
        no_preview = types.LinkPreviewOptions(is_disabled=True)
        if one.do == "send":
            return await self._bot.send_message(
                int(one.chat), text, parse_mode=mode, message_thread_id=one.thread, reply_parameters=_reply(one),
                reply_markup=_keyboard(one), link_preview_options=no_preview,
            )  # fmt: skip
        if one.do == "edit":
            return await self._bot.edit_message_text(
                text, chat_id=int(one.chat), message_id=one.message, parse_mode=mode, reply_markup=_keyboard(one),
                link_preview_options=no_preview,
            )  # fmt: skip
        if one.do == "document":
            return await self._bot.send_document(
                int(one.chat), types.BufferedInputFile(one.plain.encode(), one.name), caption=one.html or None,
                parse_mode="HTML", message_thread_id=one.thread, reply_parameters=_reply(one),
            )  # fmt: skip
        if one.do == "delete":
            return await self._bot.delete_message(int(one.chat), one.message or 0)
        if one.do == "toast":
            return await self._bot.answer_callback_query(one.handle, one.plain or None, one.alert or None)
        return await self._bot.answer_inline_query(one.handle, [_article(r) for r in one.results], 10, True)

    async def download(self, file: File) -> bytes:
        async with _translated():
            found = await self._bot.get_file(file.key)
            path = Path(found.file_path or "")
            if path.is_absolute() and path.is_file():  # a Bot API server of one's own, on this machine
                return path.read_bytes()
            into = io.BytesIO()
            try:
                await self._bot.download_file(found.file_path or "", into, timeout=_SECONDS * 3)
            except aiohttp.ClientResponseError as error:
                if error.status == 404:
                    raise Refused("file not found") from None
                raise
        return into.getvalue()

    async def menu(self, commands: Sequence[Command], chat: str | None = None) -> None:
        scope = None if chat is None else types.BotCommandScopeChat(chat_id=int(chat))
        async with _translated():
            await self._bot.set_my_commands([types.BotCommand(command=c.name, description=c.text) for c in commands], scope)

    async def listen(self, url: str, secret: str) -> None:
        async with _translated():
            await self._bot.set_webhook(url, allowed_updates=list(ALLOWED_UPDATES), secret_token=secret)

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
    except errors.TelegramRetryAfter as error:
        raise Wait(float(error.retry_after)) from None
    except errors.TelegramConflictError as error:
        raise TakenElsewhere(error.message) from None
    except (errors.TelegramUnauthorizedError, errors.TelegramNotFound) as error:
        raise BadToken(error.message) from None
    except errors.TelegramMigrateToChat as error:
        raise refused(error.message, error.migrate_to_chat_id) from None
    except (errors.TelegramBadRequest, errors.TelegramForbiddenError) as error:
        raise refused(error.message) from None
    except (TimeoutError, errors.AiogramError, aiohttp.ClientError, OSError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from None


def _reply(one: Action) -> types.ReplyParameters | None:
    return None if one.reply_to is None else types.ReplyParameters(message_id=one.reply_to, allow_sending_without_reply=True)


def _keyboard(one: Action) -> types.InlineKeyboardMarkup | None:
    if not one.buttons:
        return None
    rows = [[types.InlineKeyboardButton(text=b.text, callback_data=b.data) for b in row] for row in one.buttons]
    return types.InlineKeyboardMarkup(inline_keyboard=rows)


def _article(result: Any) -> types.InlineQueryResultArticle:
    text, mode = (result.html, "HTML") if result.html else (result.plain, None)
    content = types.InputTextMessageContent(message_text=text, parse_mode=mode)
    return types.InlineQueryResultArticle(
        id=result.key, title=result.title, input_message_content=content, description=result.description or None
    )
