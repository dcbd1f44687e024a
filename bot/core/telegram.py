"""Telegram's updates as ``Incoming``, read by attribute: both libraries name things as the Bot API does.

No library is imported here; an adapter hands over the objects its own library made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.core.logs import trouble
from bot.core.messages import File, Incoming, Refused

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")

# what has no text to read; a message with none of these and no text is a service message
_MEDIA = (
    "sticker", "photo", "voice", "video", "video_note", "audio", "animation", "contact", "location", "venue", "poll", "dice",
    "story", "game", "paid_media", "checklist",
)  # fmt: skip
_THERE = ("member", "administrator", "creator", "restricted")
_FORMATTING = ("can't parse entities", "can't find end", "unsupported start tag", "unmatched end tag", "entity")


def readable(update: dict[str, Any], read: Callable[[dict[str, Any]], Incoming]) -> Incoming:
    """An update as it came; one that the library cannot read is let go, or it would come for ever."""
    try:
        return read(update)
    except Exception as error:  # its own words are not logged: they show what somebody wrote
        trouble("unreadable update", error=type(error).__name__, update=update.get("update_id"))
        return Incoming(int(update["update_id"]), "other", f"unreadable {update['update_id']}")


def incoming(update: Any, me: int) -> Incoming:
    """One update; ``me`` is the bot's own id."""
    number = update.update_id
    if update.message is not None:
        return _message(number, update.message, me, "message")
    if update.edited_message is not None:
        return _message(number, update.edited_message, me, "edited")
    if update.callback_query is not None:
        return _press(number, update.callback_query)
    if update.inline_query is not None:
        query = update.inline_query
        return Incoming(number, "inline", person=str(query.from_user.id), text=query.query or "", handle=query.id)
    if update.my_chat_member is not None:
        return _member(number, update.my_chat_member)
    return Incoming(number, "other")


def _message(number: int, message: Any, me: int, kind: Any) -> Incoming:
    if _written_by_bot(message) or message.via_bot is not None and message.via_bot.id == me:
        return Incoming(number, "other", str(message.chat.id))  # what came from our inline results is no question
    if message.migrate_to_chat_id is not None:
        return Incoming(number, "moved", str(message.chat.id), False, text=str(message.migrate_to_chat_id))
    if any(user.id == me for user in message.new_chat_members or ()):
        return Incoming(number, "joined", str(message.chat.id), _private(message.chat), _topic(message))
    replied = message.reply_to_message
    entities = (*(message.entities or ()), *(message.caption_entities or ()))
    return Incoming(
        number,
        kind,
        str(message.chat.id),
        _private(message.chat),
        _topic(message),
        message.message_id,
        _person(message),
        message.text or message.caption or "",
        _seconds(message.edit_date if kind == "edited" and message.edit_date else message.date),
        any(e.type == "text_mention" and e.user is not None and e.user.id == me for e in entities),
        None if replied is None else replied.message_id,
        replied is not None and replied.from_user is not None and replied.from_user.id == me,
        _file(message),
        None if message.text else next((name for name in _MEDIA if getattr(message, name, None)), None),
        message.media_group_id,
    )


def _written_by_bot(message: Any) -> bool:
    """Other bots are not talked to; an anonymous admin is a bot by name only."""
    author = message.from_user
    return author is not None and author.is_bot and message.sender_chat is None


def _person(message: Any) -> str | None:
    if message.sender_chat is not None:
        return str(message.sender_chat.id)
    return str(message.from_user.id) if message.from_user is not None else None


def _private(chat: Any) -> bool:
    return str(getattr(chat.type, "value", chat.type)) == "private"


def _topic(message: Any) -> int | None:
    """Only topics of forums; Telegram also numbers the threads of replies, and those are no place to send to."""
    return message.message_thread_id if message.is_topic_message else None


def _file(message: Any) -> File | None:
    document = message.document
    if document is None or message.animation is not None:
        return None
    return File(document.file_id, document.file_name or "未命名", document.file_size)


def _seconds(when: Any) -> float | None:
    if when is None:
        return None
    return float(when) if isinstance(when, int | float) else float(when.timestamp())


def _press(number: int, query: Any) -> Incoming:
    message = query.message
    person = str(query.from_user.id)
    if message is None:
        return Incoming(number, "press", f"inline {person}", person=person, text=query.data or "", handle=query.id)
    topic = _topic(message) if hasattr(message, "is_topic_message") else None
    return Incoming(
        number, "press", str(message.chat.id), _private(message.chat), topic, message.message_id, person, query.data or "",
        handle=query.id,
    )  # fmt: skip


def _member(number: int, change: Any) -> Incoming:
    def there(member: Any) -> bool:
        return str(getattr(member.status, "value", member.status)) in _THERE and getattr(member, "is_member", True)

    if str(getattr(change.chat.type, "value", change.chat.type)) == "channel":
        return Incoming(number, "other", str(change.chat.id))  # nobody can ask there, so nobody is greeted
    before, after = there(change.old_chat_member), there(change.new_chat_member)
    kind: Any = "joined" if after and not before else "left" if before and not after else "other"
    return Incoming(number, kind, str(change.chat.id), _private(change.chat))


def refused(reason: str, moved_to: int | None = None) -> Refused:
    """What a 400 or 403 means."""
    formatting = any(mark in reason.lower() for mark in _FORMATTING)
    return Refused(reason, formatting, None if moved_to is None else str(moved_to))
