"""``wenbao doctor``: what this machine and these settings lack."""

from __future__ import annotations

import shutil
from typing import Any

import click

from bot.shell import Shell, options

# A report with its history takes some 300 KB
_LITTLE_SPACE = 100 * 1024 * 1024


@click.command(name="doctor", short_help="检查设置、数据库和机器。")
@options
def command(shell: Shell) -> int:
    """检查设置、数据库、磁盘、LibreOffice 和令牌；有一样不行就以 1 退出。"""
    from db.upgrade import found, newest

    rows: list[dict[str, Any]] = []

    def tell(name: str, ok: bool | None, said: str) -> None:
        rows.append({"name": name, "ok": ok, "message": said})

    settings = shell.settings  # a wrong key is told by its own sentence
    tell("设置", True, f"用 {shell.config or 'config.toml 或默认值'}")
    store = shell.store
    tell("数据库", True, f"{shell.url or settings.database.url}，{len(store.reports())} 份报告")
    version = found(store.database)
    tell("表结构", version == newest(), f"{version}，最新是 {newest()}")
    free = shutil.disk_usage(".").free
    tell("磁盘", free > _LITTLE_SPACE, f"还有 {free // 1024 // 1024} MB")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    tell("LibreOffice", office is not None or None, office or "没有装，读不了 doc、rtf、odt")
    token = settings.telegram.token is not None
    tell("令牌", token or None, "已设" if token else "没有设 WENBAO_TELEGRAM_TOKEN，不能运行机器人")
    if shell.as_json:
        shell.document({"checks": rows})
    else:
        marks = {True: "好", False: "不行", None: "缺"}
        for row in rows:
            click.echo(f"{marks[row['ok']]}\t{row['name']}\t{row['message']}")
    return int(any(row["ok"] is False for row in rows))
