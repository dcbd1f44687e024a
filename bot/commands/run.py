"""``wenbao run``: starts the chat adapter that the settings name."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import os

import click

from bot.shell import Shell, options, refuse


@click.command(name="run", short_help="启动聊天机器人。")
@options
def command(shell: Shell) -> None:
    """启动设置里写的聊天机器人；令牌从环境变量 WENBAO_TELEGRAM_TOKEN 读。"""
    settings = shell.settings
    if not settings.telegram.token:
        raise refuse("no_token")
    name = f"bot.adapters.{settings.telegram.adapter}"
    if importlib.util.find_spec(name) is None:
        raise refuse("bad_config", key="telegram.adapter", reason=f"这个版本还没有 {settings.telegram.adapter} 接口")
    from bot.assistant import Assistant

    adapter = importlib.import_module(name)
    asyncio.run(adapter.run(Assistant(shell.store), settings))
    shell.close()
    logging.shutdown()
    os._exit(0)  # everything is kept; taking a large library apart piece by piece costs seconds on a busy machine
