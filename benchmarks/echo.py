"""A bare echo bot on one of the two libraries, as its own documentation writes it: what the chat bench compares with.

python -m benchmarks.echo ptb|aiogram API_BASE TOKEN
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any


def ptb(base: str, token: str) -> None:
    from telegram.ext import ApplicationBuilder, MessageHandler, filters

    async def echo(update: Any, context: Any) -> None:
        await context.bot.send_message(update.effective_chat.id, update.message.text)

    builder = ApplicationBuilder().token(token).base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    application = builder.concurrent_updates(True).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


def aiogram(base: str, token: str) -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Any) -> None:
        await message.answer(message.text)

    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(base)))
    asyncio.run(dispatcher.start_polling(bot))


if __name__ == "__main__":
    {"ptb": ptb, "aiogram": aiogram}[sys.argv[1]](sys.argv[2], sys.argv[3])
