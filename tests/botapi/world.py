"""A chat as tests write it: people say things, the bot's messages are read back."""

from __future__ import annotations

import asyncio
import base64
import time
from dataclasses import dataclass
from typing import Any

from tests.botapi.server import BOT, BotApi

ADMIN, OTHER_ADMIN = 900, 901

_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_REPLIED = ("message_id", "date", "chat", "from", "text", "reply_markup", "message_thread_id", "is_topic_message")


@dataclass
class Shown:
    """A message of the bot as people see it now."""

    raw: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def reply_to(self) -> int | None:
        return self.raw.get("reply_to")

    @property
    def thread(self) -> int | None:
        return self.raw.get("message_thread_id")

    @property
    def buttons(self) -> list[str]:
        return [b["text"] for row in self.raw.get("reply_markup", {}).get("inline_keyboard", ()) for b in row]

    def marked(self, kind: str) -> list[str]:
        """The stretches of text under one kind of mark."""
        utf16 = self.text.encode("utf-16-le")
        return [
            utf16[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.raw.get("entities", ())
            if e["type"] == kind
        ]

    def data(self, label: str) -> str:
        for row in self.raw.get("reply_markup", {}).get("inline_keyboard", ()):
            for button in row:
                if button["text"] == label:
                    return str(button["callback_data"])
        raise AssertionError(f"no button {label!r}, only {self.buttons}")


@dataclass
class Person:
    """Somebody in a chat."""

    chat: Chat
    id: int
    name: str

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}

    async def sends(self, text: str | None = None, **more: Any) -> int:
        """A message; its id. Does not wait for anything."""
        reply = more.pop("reply_to", None)
        number = self.chat.api.next_message(self.chat.id)
        at = more.pop("date", int(time.time()))
        message: dict[str, Any] = {"message_id": number, "date": at, "chat": self.chat.public, "from": self.user, **more}
        if text is not None:
            message["text"] = text
        if "message_thread_id" in more:
            message["is_topic_message"] = True
        if reply is not None:
            replied = self.chat.api.messages.get((self.chat.id, reply))
            if replied is None:
                replied = {"message_id": reply, "date": at, "chat": self.chat.public, "from": self.user, "text": "…"}
            kept = {k: v for k, v in replied.items() if k in _REPLIED}
            message["reply_to_message"] = kept
        self.chat.api.messages.setdefault((self.chat.id, number), {**message, "entities": []})
        document = more.get("document")
        said = text or (f"［文件 {document['file_name']}］{more.get('caption', '')}" if document else "［贴纸］")
        self.chat.api.story.append((self.chat.id, self.name, said, {"message_id": number, "reply_to": reply}))
        await self.chat.api.update(message=message)
        return number

    async def edits(self, message: int, text: str, **more: Any) -> None:
        """Changes what was written (the caption, where there is a document)."""
        self.chat.api.story.append((self.chat.id, f"{self.name}（改了上面的话）", text, {"message_id": message}))
        await self.chat.api.update(
            edited_message={
                "message_id": message, "date": int(time.time()), "edit_date": int(time.time()), "chat": self.chat.public,
                "from": self.user, "caption" if more else "text": text, **more,
            }
        )  # fmt: skip

    async def asks(self, text: str, **more: Any) -> Shown:
        """A message and the bot's answer to it (the last one, where there are several)."""
        return (await self.asks_all(text, **more))[-1]

    async def asks_all(self, text: str | None, **more: Any) -> list[Shown]:
        before = self.chat.last
        await self.sends(text, **more)
        await self.chat.api.settled()
        found = self.chat.since(before)
        assert found, f"no answer to {text!r}"
        return found

    async def says_in_vain(self, text: str | None = None, **more: Any) -> None:
        """A message that the bot keeps silent about."""
        before = self.chat.last
        await self.sends(text, **more)
        await self.chat.api.settled()
        assert [m.text for m in self.chat.since(before)] == []

    async def presses(self, shown: Shown, label: str) -> str:
        """Presses a button; the toast that appears."""
        return await self.presses_data(shown, shown.data(label), label)

    async def presses_data(self, shown: Shown, data: str, label: str = "?") -> str:
        api = self.chat.api
        key = f"press{len(api.presses) + 1}"
        api.presses[key] = {"answered": None, "alert": False, "chat": self.chat.id}
        message = {k: v for k, v in shown.raw.items() if k not in ("html", "at", "history", "reply_to", "sent", "entities")}
        api.story.append((self.chat.id, f"{self.name}（点了按钮）", f"［{label}］", {}))
        await api.update(callback_query={"id": key, "from": self.user, "message": message, "chat_instance": "c", "data": data})
        await api.settled()
        assert api.presses[key]["answered"] is not None, "the press was not answered"
        return str(api.presses[key]["answered"])

    async def uploads(self, name: str, data: bytes, **more: Any) -> Shown:
        """Sends a file and waits until the bot has said all it has to say; its card."""
        before = self.chat.last
        await self.drops(name, data, **more)
        def done() -> list[Shown]:
            found = self.chat.since(before)
            return found if found and not found[-1].text.startswith("正在") and not self.chat.api.pending and not self.chat.api.busy else []
        found = await self.chat.api.until(done, 20)
        return found[-1]  # type: ignore[no-any-return]

    async def drops(self, name: str, data: bytes, size: int | None = None, **more: Any) -> int:
        key = f"file{len(self.chat.api.files) + 1}"
        self.chat.api.files[key] = (name, data)
        document = {"file_id": key, "file_unique_id": key, "file_name": name, "file_size": len(data) if size is None else size}
        return await self.sends(None, document=document, **more)

    async def asks_inline(self, query: str) -> list[dict[str, Any]]:
        """Types after @WenbaoBot in any chat; the results."""
        api = self.chat.api
        key = f"inline{len(api.inline) + 1}"
        api.inline[key] = None
        await api.update(inline_query={"id": key, "from": self.user, "query": query, "offset": ""})
        await api.settled()
        assert api.inline[key] is not None, "the inline query was not answered"
        return api.inline[key] or []


@dataclass
class Chat:
    """One chat."""

    api: BotApi
    id: int
    public: dict[str, Any]

    def person(self, name: str, number: int) -> Person:
        return Person(self, number, name)

    @property
    def last(self) -> int:
        return self.api._message.get(self.id, 0)

    def since(self, message: int) -> list[Shown]:
        """The bot's messages after this one, as they read now."""
        found = [m for (chat, n), m in self.api.messages.items() if chat == self.id and n > message and m["from"]["id"] == BOT["id"]]
        return [Shown(m) for m in sorted(found, key=lambda m: m["message_id"])]

    def message(self, number: int) -> Shown:
        return Shown(self.api.messages[self.id, number])

    @property
    def everything(self) -> list[Shown]:
        return self.since(0)


class World:
    """People and chats around one bot."""

    def __init__(self, api: BotApi) -> None:
        self.api = api

    def private(self, name: str = "小陈", number: int = 11) -> Person:
        chat = self.api.chats.setdefault(number, {"id": number, "type": "private", "first_name": name})
        return Chat(self.api, number, {"id": number, "type": "private", "first_name": name}).person(name, number) if chat else None  # type: ignore[return-value]

    def admin(self, number: int = ADMIN) -> Person:
        return self.private("管理员老周", number)

    def group(self, number: int = -1001, topics: tuple[int, ...] = ()) -> Chat:
        public = {"id": number, "type": "supergroup", "title": "公开办工作群", **({"is_forum": True} if topics else {})}
        self.api.chats.setdefault(number, {**public, "topics": topics})
        return Chat(self.api, number, public)

    async def added_to(self, chat: Chat, before: str = "left", after: str = "member") -> None:
        def member(status: str) -> dict[str, Any]:
            rights = dict.fromkeys(_RIGHTS, False) if status == "administrator" else {}
            return {"status": status, "user": BOT, **rights, **({"until_date": 0} if status == "kicked" else {})}

        await self.api.update(
            my_chat_member={
                "chat": chat.public, "from": {"id": ADMIN, "is_bot": False, "first_name": "老周"}, "date": int(time.time()),
                "old_chat_member": member(before), "new_chat_member": member(after),
            }
        )  # fmt: skip
        await self.api.settled()


def link(question: str) -> str:
    """The payload of a deep link."""
    return base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")


async def free_port() -> int:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    return port
