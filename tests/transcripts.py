"""Writes docs/transcripts/: three chats as the stand-in recorded them, over the samples.

    python -m tests.transcripts
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.intake import results
from bot.reading import files
from bot.settings import Admins, Limits, Settings, Telegram
from db.store import Store
from tests.botapi.fixtures import Running
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.world import ADMIN, World

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "柴桥街道2020.txt"


async def private(world: World) -> int:
    chen = world.private("小陈", 11)
    await chen.asks("/start")
    offered = await chen.asks("2020年收到几件申请")
    await chen.presses(offered, offered.buttons[0])
    answer = await chen.asks("柴桥2020年收到几件申请")
    await chen.presses(answer, "原文")
    await chen.presses(answer, "👍")
    await chen.asks("其中自然人几件")
    await chen.asks("大榭呢")
    message = await chen.sends("小河2020年行政处罚几件")
    await world.api.settled()
    await chen.edits(message, "小河2020年行政许可几件")
    await world.api.settled()
    await chen.asks("柴桥2020年飞碟几架")
    await chen.asks("哪家收到的申请最多，排个名")
    await chen.asks("柴桥2020年存在什么问题")
    await chen.asks_all(None, sticker={"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"})
    return chen.chat.id


async def group(world: World) -> int:
    room = world.group()
    li, wang = room.person("小李", 12), room.person("小王", 13)
    await world.added_to(room)
    await li.sends("大家早，今天把年报的数核一下")
    answer = await li.asks("@WenbaoBot 柴桥2020年收到几件申请")
    await wang.asks("@WenbaoBot 大榭2024年收到几件申请")
    await li.asks("@WenbaoBot 其中自然人几件")
    await wang.asks("其中自然人几件", reply_to=answer.id)
    zhao = room.person("小赵", 14)
    offered = await zhao.asks("/ask 2020年收到几件申请")
    await wang.presses(offered, offered.buttons[0])
    await zhao.presses(offered, offered.buttons[-1])
    await wang.asks("/check 柴桥 2020")
    await wang.sends("清楚了，谢谢")
    await world.api.settled()
    return room.id


async def upload(world: World) -> int:
    admin = world.admin()
    text = SAMPLE.read_text(encoding="utf-8")
    corrected = text.replace("一、本年新收政府信息公开申请数量\n\t2", "一、本年新收政府信息公开申请数量\n\t3", 1)
    old = text.replace("2020", "2018").replace("2021", "2019")
    await admin.uploads("诗.txt", "床前明月光，疑是地上霜。".encode())
    await admin.uploads("柴桥街道2020.txt", text.encode())
    card = await admin.uploads("柴桥街道2018.txt", old.encode())
    await admin.presses(card, "入库")
    await world.api.until(lambda: admin.chat.message(card.id).text.startswith("已入库"))
    await admin.asks("柴桥2018年收到几件申请")
    card = await admin.uploads("柴桥街道2020更正.txt", corrected.encode())
    await admin.presses(card, "替换")
    await world.api.until(lambda: admin.chat.message(card.id).text.startswith("已入库"))
    await admin.asks("柴桥2020年自然人新收申请几件")
    await admin.asks("/history 柴桥 2020")
    await admin.asks("/undo")
    await admin.asks("/history")
    await admin.asks("/alias 桥头堡 柴桥街道办事处")
    await admin.asks("桥头堡2020年收到几件申请")
    await admin.asks("/unanswered")
    return admin.chat.id


def told(api: BotApi, chat: int, title: str) -> str:
    """The story of one chat as Markdown."""
    lines = [f"# {title}", "", "测试用的 Bot API 替身记下的原话（`python -m tests.transcripts`）；［］里是按钮，**粗体**、引用与聊天里显示的一样。"]
    for where, who, what, message in api.story:
        if where != chat:
            continue
        reply = message.get("reply_to")
        head = f"**{who}**" + (f"（#{message['message_id']}" if message.get("message_id") else "")
        head += (f"，回复 #{reply}）" if reply else "）") if message.get("message_id") else ""
        lines += ["", head, "", *_body(what, message)]
        keyboard = message.get("reply_markup", {}).get("inline_keyboard", ())
        for row in keyboard:
            lines.append("> ")
            lines.append("> " + " ".join(f"［{button['text']}］" for button in row))
    return "\n".join(lines) + "\n"


def _body(what: str, message: dict[str, Any]) -> list[str]:
    """The text with its marks as Markdown, line by line."""
    encoded = what.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    quoted: list[tuple[int, int]] = []
    for entity in message.get("entities", ()):
        start, end = int(entity["offset"]), int(entity["offset"]) + int(entity["length"])
        if entity["type"] in ("blockquote", "expandable_blockquote", "pre"):
            quoted.append((start, end))
            continue
        mark = {"b": "**", "i": "*", "u": "__"}.get(str(entity["type"]), "")
        marks.setdefault(start, []).append(mark)
        marks.setdefault(end, []).insert(0, mark)
    lines, line, inside = [], "", False
    for at in range(len(encoded) // 2 + 1):
        line += "".join(marks.get(at, ()))
        char = encoded[2 * at : 2 * at + 2].decode("utf-16-le", "surrogatepass") if at < len(encoded) // 2 else "\n"
        inside = any(start <= at < end for start, end in quoted) or (inside and char == "\n")
        if char == "\n":
            lines.append(("> > " if inside else "> ") + line + "  ")
            line, inside = "", False
        else:
            line += char
    return [one.encode("utf-16", "surrogatepass").decode("utf-16") for one in lines]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.db"
        with Store.open(url) as store:
            list(results(store, Settings(), files(str(ROOT / "samples"))))
        api = BotApi()
        await api.start()
        world = World(api)
        world.admin()
        settings = replace(Settings(), telegram=Telegram(api_base=api.base, token=TOKEN), admins=Admins((ADMIN,)), limits=Limits())
        bot = Running(api, replace(settings, database=replace(settings.database, url=url)))
        await bot.start()
        for name, title, play in (("group", "在群里", group), ("private", "私聊", private), ("upload", "管理员发文件", upload)):
            chat = await play(world)
            (ROOT / "docs" / "transcripts" / f"{name}.md").write_text(told(api, chat, title), encoding="utf-8")
        await bot.stop()
        await api.stop()


if __name__ == "__main__":
    asyncio.run(main())
