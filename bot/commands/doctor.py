"""``wenbao doctor``: what this machine and these settings lack."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from bot.settings import DEFAULT_FILE, Settings
from bot.shell import Shell, options

# A report with its history takes some 300 KB
_LITTLE_SPACE = 100 * 1024 * 1024
_SECONDS = 10


@click.command(name="doctor", short_help="检查设置、数据库和机器。")
@click.option("--chat", "chats", multiple=True, metavar="ID", help="只查机器人在这个群里的权限（群的数字编号），可写多次；不写就查它进过的群。")
@options
def command(shell: Shell, chats: tuple[str, ...]) -> int:
    """检查设置、数据库、磁盘、LibreOffice、隔离、令牌和 Telegram；有一样不行就以 1 退出。"""
    from db.chats import Chats
    from db.upgrade import found, newest

    rows: list[dict[str, Any]] = []

    def tell(name: str, ok: bool | None, said: str) -> None:
        rows.append({"name": name, "ok": ok, "message": said})

    settings = shell.settings  # a wrong key is told by its own sentence
    file = shell.config or DEFAULT_FILE
    tell("设置", True, f"用 {file}" if Path(file).is_file() else f"这里没有 {file}，用默认值")
    store = shell.store
    tell("数据库", True, f"{shell.url or settings.database.url}，{len(store.reports())} 份报告")
    version = found(store.database)
    tell("表结构", version == newest(), f"{version}，最新是 {newest()}")
    free = shutil.disk_usage(".").free
    tell("磁盘", free > _LITTLE_SPACE, f"还有 {free // 1024 // 1024} MB")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    tell("LibreOffice", office is not None or None, office or "没有装，读不了 doc、rtf")
    network, files = _walls(settings)
    kept = ("断网" if network else "断网只靠程序自己") + ("，看不到别的文件" if files else "，看得到本用户的文件（内核没有 Landlock）")
    tell("隔离", network and files or None, f"读文件的进程{kept}")
    token = settings.telegram.token is not None
    tell("令牌", token or None, "已设" if token else "没有设 WENBAO_TELEGRAM_TOKEN，不能运行机器人")
    admins = settings.admins.telegram_ids
    tell("管理员", bool(admins) or None, f"{len(admins)} 人" if admins else "没有写 admins.telegram_ids，没有人能发文件入库")
    if token:
        _telegram(settings, chats or tuple(Chats(store.database).groups()), tell)
    if shell.as_json:
        shell.document({"checks": rows})
    else:
        marks = {True: "好", False: "不行", None: "缺"}
        for row in rows:
            click.echo(f"{marks[row['ok']]}\t{row['name']}\t{row['message']}")
    return int(any(row["ok"] is False for row in rows))


def _walls(settings: Settings) -> tuple[bool, bool]:
    """Whether the kernel keeps a process that reads files from the network and from other files."""
    from bot.reading import pool

    with pool(settings) as workers:
        walls = workers.walls()
    return walls.get("network", False), walls.get("files", False)


def _telegram(settings: Settings, chats: tuple[str, ...], tell: Any) -> None:
    """Is Telegram there, does it know the token, and what may the bot do?"""
    me, reason = _asked(settings, "getMe")
    if me is None:
        tell("Telegram", False, f"{settings.telegram.api_base}：{reason}")
        return
    tell("Telegram", True, f"@{me.get('username')}（{settings.telegram.api_base}）")
    sees_all = me.get("can_read_all_group_messages")
    tell("隐私模式", True, "已关，群里的每句话都会送来（不问它的它不看）" if sees_all else "开着，群里只收到 @它、回复它和命令；问报够用")
    tell("行内提问", bool(me.get("supports_inline_queries")) or None, "已开" if me.get("supports_inline_queries") else "没开，向 BotFather 发 /setinline")
    tell("进群", bool(me.get("can_join_groups")) or None, "可以" if me.get("can_join_groups") else "不可以，向 BotFather 发 /setjoingroups")
    hook, reason = _asked(settings, "getWebhookInfo")
    if hook is not None:
        url = str(hook.get("url") or "")
        wanted = settings.telegram.webhook_url if settings.telegram.mode == "webhook" else ""
        said = f"Telegram 记的是 {url or '没有'}；积压 {hook.get('pending_update_count', 0)} 条"
        tell("接收方式", True if url == wanted else None, said + ("" if url == wanted else "，启动时会改"))
        failed = hook.get("last_error_message")
        if url and failed:
            tell("投递", None, f"Telegram 最近一次没送到：{failed}")
    for chat in chats:
        member, reason = _asked(settings, "getChatMember", chat_id=chat, user_id=me["id"])
        status = "" if member is None else str(member.get("status"))
        may = status in ("member", "administrator", "creator") or status == "restricted" and bool((member or {}).get("can_send_messages"))
        tell(f"群 {chat}", may, f"身份是 {status}，{'可以' if may else '不能'}发言" if status else reason)


def _asked(settings: Settings, method: str, **values: object) -> tuple[dict[str, Any] | None, str]:
    """The result, or why there is none. Without either library: this must work where they do not."""
    url = f"{settings.telegram.api_base.rstrip('/')}/bot{settings.telegram.token}/{method}"
    body = json.dumps(values).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return json.load(answer)["result"], ""
    except urllib.error.HTTPError as error:
        if error.code in (401, 404):
            return None, "不认得这个令牌"
        return None, f"回答了 {error.code}"
    except (OSError, ValueError, KeyError) as error:
        return None, f"连不上（{getattr(error, 'reason', None) or type(error).__name__}）"
