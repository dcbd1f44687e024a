"""The stand-in: what Telegram knows (users, chats, messages), what it delivers, and what it answers to a bot's requests.

Strict where Telegram is: parameters it does not know, marks it cannot parse, texts over 4096, button data over 64 bytes,
a press answered twice, an edit that changes nothing, two pollers. ``fault`` may break any request on purpose.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.core.http import Hangup, Request, Response, serve
from tests.botapi.marks import MarkError, parsed, units

TOKEN = "4200000000:AAE-stand-in-token-for-loopback-only-0"
BOT = {"id": 4200000000, "is_bot": True, "first_name": "问报", "username": "WenbaoBot"}

# method → the parameters it takes
_KNOWN: dict[str, set[str]] = {
    "getMe": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"},
    "deleteWebhook": {"drop_pending_updates"},
    "getWebhookInfo": set(),
    "sendMessage": {
        "chat_id", "text", "parse_mode", "message_thread_id", "reply_parameters", "reply_markup", "link_preview_options",
        "disable_notification", "protect_content",
    },
    "editMessageText": {"chat_id", "message_id", "text", "parse_mode", "reply_markup", "link_preview_options"},
    "deleteMessage": {"chat_id", "message_id"},
    "sendDocument": {"chat_id", "document", "caption", "parse_mode", "message_thread_id", "reply_parameters", "reply_markup"},
    "sendChatAction": {"chat_id", "action", "message_thread_id"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert", "cache_time"},
    "answerInlineQuery": {"inline_query_id", "results", "cache_time", "is_personal", "next_offset"},
    "setMyCommands": {"commands", "scope", "language_code"},
    "getMyCommands": {"scope", "language_code"},
    "getFile": {"file_id"},
    "getChat": {"chat_id"},
    "getChatMember": {"chat_id", "user_id"},
}
_JSON = {"allowed_updates", "reply_parameters", "reply_markup", "link_preview_options", "results", "commands", "scope"}


class ApiError(Exception):
    """An answer with ok = false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


# what a test may have happen to a request: None · "drop" (before it is looked at) · "swallow" (taken, then no answer) ·
# (429, seconds) · an HTTP status · ("slow", seconds) · ("cut", bytes) of a file
Fault = Callable[[str, dict[str, Any]], Any]


class BotApi:
    """One bot's Telegram."""

    def __init__(self, first: int = 1000) -> None:
        self.chats: dict[int, dict[str, Any]] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.swallowed: list[tuple[str, dict[str, Any]]] = []
        self.pending: dict[int, dict[str, Any]] = {}
        self.presses: dict[str, dict[str, Any]] = {}
        self.inline: dict[str, list[dict[str, Any]] | None] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.local: Path | None = None
        self.webhook: dict[str, Any] | None = None
        self.delivered: dict[int, float] = {}
        self.fault: Fault = lambda method, parameters: None
        # what happened, as a reader would see it: (chat, who, what, message)
        self.story: list[tuple[int, str, str, dict[str, Any]]] = []
        # kinds of updates the bot asked for; None until it asked
        self.allowed: list[str] | None = None
        self.base = ""
        self.busy = 0
        self.expecting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = first
        self._message: dict[int, int] = {}
        self._poll: asyncio.Future[None] | None = None
        self._news: asyncio.Condition = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._deliveries: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        self._server = await serve("127.0.0.1", port, self._handle)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self._server is not None:
            self._server.close()

    async def changed(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def until(self, what: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Waits for something to become true, and hands it out."""
        async with self._news, asyncio.timeout(seconds):
            while not (found := what()):
                await self._news.wait()
            return found

    async def settled(self, seconds: float = 10.0) -> None:
        """Everything delivered was acknowledged, and no request is being answered."""
        await self.until(lambda: not self.pending and not self.busy, seconds)

    # what happens in the world

    async def update(self, **content: Any) -> int:
        """Something happens; its update id."""
        self._number += 1
        number = self._number
        if self.allowed is None or set(content) & set(self.allowed):
            await self.again({"update_id": number, **content})
        return number

    def quiet_week(self) -> None:
        """After a week without updates their numbers begin anew, anywhere."""
        assert not self.pending
        self._number -= 500

    async def again(self, update: dict[str, Any]) -> None:
        """Delivers an update (once more)."""
        self.pending[update["update_id"]] = update
        self.delivered[update["update_id"]] = time.perf_counter()
        if self.webhook is not None:
            self._deliver(update)
        await self.changed()

    def next_message(self, chat: int) -> int:
        self._message[chat] = self._message.get(chat, 0) + 1
        return self._message[chat]

    # requests

    async def _handle(self, request: Request) -> Response:
        path = urlsplit(request.path)
        parts = path.path.split("/")
        if path.path.startswith("/file/bot"):
            return await self._file(request, parts)
        if len(parts) != 3 or not parts[1].startswith("bot"):
            return _failed(ApiError(404, "Not Found"))
        if unquote(parts[1][3:]) != TOKEN:
            return _failed(ApiError(401, "Unauthorized"))
        method = next((known for known in _KNOWN if known.lower() == parts[2].lower()), parts[2])
        self.busy += method != "getUpdates"
        try:
            return await self._answer(method, _parameters(request, path.query))
        finally:
            self.busy -= method != "getUpdates"
            await self.changed()

    async def _answer(self, method: str, parameters: dict[str, Any]) -> Response:
        fault = self.fault(method, parameters)
        if fault == "drop":
            raise Hangup
        if isinstance(fault, tuple) and fault[0] == 429:
            return _failed(ApiError(429, f"Too Many Requests: retry after {fault[1]}", retry_after=fault[1]))
        if isinstance(fault, int):
            return Response(fault, b"<html>bad gateway</html>", "text/html")
        if isinstance(fault, tuple) and fault[0] == "slow":
            await asyncio.sleep(fault[1])
        try:
            result = await self._do(method, parameters)
        except ApiError as error:
            self.calls.append((f"{method} {error.code}", parameters))
            return _failed(error)
        self.calls.append((method, parameters))
        if fault == "swallow":
            self.swallowed.append((method, parameters))
            raise Hangup
        return Response(body=json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode())

    async def _do(self, method: str, given: dict[str, Any]) -> Any:
        if method not in _KNOWN:
            raise ApiError(404, "Not Found: method not found")
        unknown = set(given) - _KNOWN[method]
        assert not unknown, f"{method} takes no {unknown}"
        return await getattr(self, f"_{_snake(method)}")(given)

    async def _get_me(self, given: dict[str, Any]) -> Any:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}

    async def _get_updates(self, given: dict[str, Any]) -> Any:
        if self.webhook is not None:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        mine = self._poll = asyncio.get_running_loop().create_future()
        self.allowed = given.get("allowed_updates") or self.allowed
        offset = int(given.get("offset") or 0)
        if offset <= self._number + 10:  # one from the future is not looked at
            for number in [n for n in self.pending if n < offset]:
                del self.pending[number]
        await self.changed()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(int(given.get("timeout") or 0)), self._news:
                await self._news.wait_for(lambda: self.pending or mine.done())
        if mine.done():
            raise ApiError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
        mine.set_result(None)
        return [self.pending[n] for n in sorted(self.pending)][: int(given.get("limit") or 100)]

    async def _send_message(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        text, entities = _text(given.get("text", ""), given.get("parse_mode"), 4096)
        return self._made(chat, given, text=text, entities=entities, html=given["text"] if given.get("parse_mode") else None)

    async def _send_document(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        caption, entities = _text(given.get("caption") or "-", given.get("parse_mode"), 1024)
        name, data = given["document"]
        document = {"file_id": f"sent-{name}", "file_unique_id": "x", "file_name": name, "file_size": len(data)}
        return self._made(chat, given, caption=caption, entities=entities, document=document, sent=data.decode())

    def _made(self, chat: dict[str, Any], given: dict[str, Any], **content: Any) -> dict[str, Any]:
        reply = given.get("reply_parameters")
        replied = None
        if reply:
            replied = self.messages.get((chat["id"], reply["message_id"]))
            if replied is None and not reply.get("allow_sending_without_reply"):
                raise ApiError(400, "Bad Request: message to be replied not found")
        thread = given.get("message_thread_id")
        if thread and int(thread) not in chat.get("topics", ()):
            raise ApiError(400, "Bad Request: message thread not found")
        keyboard = _keyboard(given.get("reply_markup"))
        number = self.next_message(chat["id"])
        message = {
            "message_id": number, "date": int(time.time()), "chat": _public(chat), "from": BOT, **content,
        }  # fmt: skip
        if thread:
            message |= {"message_thread_id": int(thread), "is_topic_message": True}
        if keyboard:
            message["reply_markup"] = keyboard
        if replied is not None:
            message["reply_to"] = replied["message_id"]
        message["at"] = time.perf_counter()
        self.messages[chat["id"], number] = message
        self.story.append((chat["id"], "问报", content.get("text") or content.get("caption", ""), dict(message)))
        expected = self.expecting.pop(chat["id"], None)
        if expected is not None and not expected.done():
            expected.set_result(message)
        return _shown(message)

    async def _edit_message_text(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        message = self.messages.get((chat["id"], int(given.get("message_id") or 0)))
        if message is None:
            raise ApiError(400, "Bad Request: message to edit not found")
        if message["from"]["id"] != BOT["id"]:
            raise ApiError(400, "Bad Request: message can't be edited")
        if "text" not in message:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        text, entities = _text(given.get("text", ""), given.get("parse_mode"), 4096)
        keyboard = _keyboard(given.get("reply_markup"))
        if (text, entities, keyboard) == (message["text"], message["entities"], message.get("reply_markup")):
            raise ApiError(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")
        message |= {"text": text, "entities": entities, "html": given["text"] if given.get("parse_mode") else None}
        message |= {"edit_date": int(time.time()), "at": time.perf_counter()}
        message.setdefault("history", []).append(text)
        message.pop("reply_markup", None)
        if keyboard:
            message["reply_markup"] = keyboard
        self.story.append((chat["id"], "问报（改了上面的消息）", text, dict(message)))
        return _shown(message)

    async def _delete_message(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        if self.messages.pop((chat["id"], int(given["message_id"])), None) is None:
            raise ApiError(400, "Bad Request: message to delete not found")
        return True

    async def _send_chat_action(self, given: dict[str, Any]) -> Any:
        self._chat(given)
        return True

    async def _answer_callback_query(self, given: dict[str, Any]) -> Any:
        press = self.presses.get(given["callback_query_id"])
        if press is None or press["answered"] is not None:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if units(given.get("text") or "") > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        press["answered"] = given.get("text") or ""
        if given.get("text"):
            self.story.append((press["chat"], "问报（屏幕上的提示）", given["text"], {}))
        press["alert"] = str(given.get("show_alert", "")).lower() == "true"
        return True

    async def _answer_inline_query(self, given: dict[str, Any]) -> Any:
        key = given["inline_query_id"]
        if key not in self.inline or self.inline[key] is not None:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        results = given["results"] or []
        if len(results) > 50 or len({r["id"] for r in results}) < len(results):
            raise ApiError(400, "Bad Request: RESULT_ID_DUPLICATE")
        shown = []
        for one in results:
            assert one["type"] == "article" and one["title"] and len(one["id"].encode()) <= 64
            content = one["input_message_content"]
            text, entities = _text(content["message_text"], content.get("parse_mode"), 4096)
            shown.append({**one, "text": text, "entities": entities})
        self.inline[key] = shown
        return True

    async def _set_my_commands(self, given: dict[str, Any]) -> Any:
        commands = given["commands"]
        for one in commands:
            name, text = one["command"], one["description"]
            if not (name.isascii() and name.replace("_", "").isalnum() and name == name.lower() and len(name) <= 32 and 1 <= len(text) <= 256):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        scope = given.get("scope") or {"type": "default"}
        if "chat_id" in scope and int(scope["chat_id"]) not in self.chats:
            raise ApiError(400, "Bad Request: chat not found")
        self.commands[str(scope.get("chat_id", scope["type"]))] = commands
        return True

    async def _get_my_commands(self, given: dict[str, Any]) -> Any:
        return self.commands.get("default", [])

    async def _get_file(self, given: dict[str, Any]) -> Any:
        found = self.files.get(given["file_id"])
        if found is None:
            raise ApiError(400, "Bad Request: invalid file_id")
        if len(found[1]) > 20 * 1024 * 1024:
            raise ApiError(400, "Bad Request: file is too big")
        place = f"documents/{given['file_id']}"
        if self.local is not None:  # a server of one's own with --local: files are handed over by their place on the disk
            file = self.local / given["file_id"]
            file.write_bytes(found[1])
            place = str(file)
        return {"file_id": given["file_id"], "file_unique_id": "u", "file_size": len(found[1]), "file_path": place}

    async def _get_chat(self, given: dict[str, Any]) -> Any:
        return _public(self._chat(given))

    async def _get_chat_member(self, given: dict[str, Any]) -> Any:
        self._chat(given)
        return {"status": "member", "user": BOT}

    async def _set_webhook(self, given: dict[str, Any]) -> Any:
        if given.get("url") and not given["url"].startswith(("https://", "http://127.0.0.1:")):
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"url": given["url"], "secret_token": given.get("secret_token")} if given.get("url") else None
        self.allowed = given.get("allowed_updates") or self.allowed
        if self.webhook is not None:
            for number in sorted(self.pending):
                self._deliver(self.pending[number])
        return True

    async def _delete_webhook(self, given: dict[str, Any]) -> Any:
        self.webhook = None
        return True

    async def _get_webhook_info(self, given: dict[str, Any]) -> Any:
        return {"url": self.webhook["url"] if self.webhook else "", "has_custom_certificate": False, "pending_update_count": len(self.pending)}

    # delivering

    def _deliver(self, update: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._delivery(update))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _delivery(self, update: dict[str, Any]) -> None:
        """Posts it until the webhook says 200."""
        body = json.dumps(update, ensure_ascii=False).encode()
        number = update["update_id"]
        while self.webhook is not None and number in self.pending:
            url = urlsplit(self.webhook["url"])
            try:
                status = await post(url.hostname or "", url.port or 80, url.path, body, {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"] or ""})
            except OSError:
                status = 0
            if status == 200:
                self.pending.pop(number, None)
                await self.changed()
                return
            await asyncio.sleep(0.1)

    async def _file(self, request: Request, parts: list[str]) -> Response:
        fault = self.fault("file", {})
        if fault == "drop":
            raise Hangup
        if isinstance(fault, int):
            return Response(fault)
        found = self.files.get(parts[-1])
        if isinstance(fault, tuple) and fault[0] == "slow":
            await asyncio.sleep(fault[1])
        if isinstance(fault, tuple) and fault[0] == "cut" and found is not None:  # it ends too soon
            return Response(body=found[1][: fault[1]], kind="application/octet-stream")
        return Response(404) if found is None else Response(body=found[1], kind="application/octet-stream")

    def _chat(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = self.chats.get(int(given["chat_id"]))
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.get("moved_to"):
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat["moved_to"])
        if chat.get("blocked"):
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat


async def post(host: str, port: int, path: str, body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> int:
    """One request on a connection of its own; the status."""
    return (await ask(host, port, path, body, headers, method))[0]


async def ask(host: str, port: int, path: str, body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", "Connection: close", "Content-Type: application/json"]
        lines += [f"{k}: {v}" for k, v in (headers or {}).items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        answer = await reader.read()
        return (int(answer.split(b" ", 2)[1]) if answer else 0), answer.partition(b"\r\n\r\n")[2]
    finally:
        writer.close()


def _failed(error: ApiError) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return Response(error.code, json.dumps(body).encode())


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _public(chat: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in chat.items() if k in ("id", "type", "title", "first_name", "is_forum")}


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in message.items() if k not in ("html", "at", "history", "reply_to", "sent", "entities")}


def _text(text: str, mode: str | None, limit: int) -> tuple[str, list[dict[str, object]]]:
    if mode not in (None, "", "HTML"):
        raise ApiError(400, f"Bad Request: unsupported parse_mode {mode}")
    try:
        plain, entities = parsed(text) if mode else (text, [])
    except MarkError as error:
        raise ApiError(400, f"Bad Request: {error}") from None
    if not plain.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if units(plain) > limit:
        raise ApiError(400, "Bad Request: message is too long")
    assert len(entities) <= 100, "Telegram shows the first hundred marks of a message and drops the others"
    return plain, entities


def _keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    if not markup:
        return None
    for row in markup["inline_keyboard"]:
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
            if not button["text"].strip():
                raise ApiError(400, "Bad Request: BUTTON_TEXT_INVALID")
    return markup


def _parameters(request: Request, query: str) -> dict[str, Any]:
    given: dict[str, Any] = dict(parse_qsl(query))
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return {**given, **json.loads(request.body or b"{}")}
    if kind.startswith("multipart/form-data"):
        given |= _multipart(kind, request.body)
    elif request.body:
        given |= dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    for name in _JSON & set(given):
        given[name] = json.loads(given[name])
    if isinstance(given.get("document"), str) and given["document"].startswith("attach://"):
        given["document"] = given.pop(given["document"][9:])
    return given


def _multipart(kind: str, body: bytes) -> dict[str, Any]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    out: dict[str, Any] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True) or b""
        out[name] = (part.get_filename(), data) if part.get_filename() else data.decode()
    return out
