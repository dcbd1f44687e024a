"""What comes in from a chat platform and what goes out to it, as plain values; what an adapter has to be able to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from db.chats import Writing

Kind = Literal["message", "edited", "press", "inline", "joined", "left", "moved", "other"]

# Telegram gives bots files up to this size (bytes)
LARGEST_FILE = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A document as the platform announces it: not downloaded yet. ``size`` in bytes, None where it is not told."""

    key: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update.

    number     the platform's update id: a repeated one is the same update
    chat       where it happened, as text ("" for inline); ``private``: a chat with one person
    thread     the topic it stands in, None outside topics
    message    the message's id; for a press: the message whose button was pressed
    person     who did it, as text; None where nobody in particular did
    text       text or caption; for inline the query, for a press the button's data, for "moved" the group's new id
    at         when it was sent (Unix seconds), None where the platform does not say
    mentioned  the platform itself marked a mention of the bot that has no @name in the text
    reply_to   message id it replies to; ``reply_to_us``: that message is the bot's
    media      what kind of thing it is when it has no text to read: photo, sticker, voice …; None for text and documents
    album      id that several files sent together share
    handle     what a press or an inline query is answered by
    """

    number: int
    kind: Kind
    chat: str = ""
    private: bool = True
    thread: int | None = None
    message: int | None = None
    person: str | None = None
    text: str = ""
    at: float | None = None
    mentioned: bool = False
    reply_to: int | None = None
    reply_to_us: bool = False
    file: File | None = None
    media: str | None = None
    album: str | None = None
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: its id and its name without @."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Button:
    """``data`` comes back when it is pressed: at most 64 bytes."""

    text: str
    data: str

    def __post_init__(self) -> None:
        assert len(self.data.encode()) <= 64, "callback data is at most 64 bytes"


@dataclass(frozen=True, slots=True)
class Result:
    """One inline result."""

    key: str
    title: str
    description: str
    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do on the platform, complete in itself so that it can be kept and done after a restart.

    do       send · edit · delete · toast (answers a press) · inline · document · menu (the commands of an admin's chat)
    html     the text with marks; ``plain`` the same without, for when the platform refuses the marks
    reply_to the message it answers; a message that is gone is no reason not to send
    message  the message to edit or delete
    handle   the press or inline query to answer
    name     of a document; its content is ``plain``, its caption ``html``
    answer   row of the kept answer this message belongs to
    card     row of the upload whose one message this is: sent the first time, edited from then on
    """

    do: Literal["send", "edit", "delete", "toast", "inline", "document", "menu"]
    chat: str = ""
    thread: int | None = None
    reply_to: int | None = None
    message: int | None = None
    html: str = ""
    plain: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    handle: str = ""
    alert: bool = False
    name: str = ""
    results: tuple[Result, ...] = ()
    answer: int | None = None
    card: int | None = None

    def json(self) -> dict[str, Any]:
        """As the outbox keeps it: only what is set."""
        out: dict[str, Any] = {"do": self.do}
        for name in ("chat", "thread", "reply_to", "message", "html", "plain", "handle", "alert", "name", "answer", "card"):
            value = getattr(self, name)
            if value not in ("", None, False):
                out[name] = value
        if self.buttons:
            out["buttons"] = [[[b.text, b.data] for b in row] for row in self.buttons]
        if self.results:
            out["results"] = [[r.key, r.title, r.description, r.html, r.plain] for r in self.results]
        return out


def action(kept: dict[str, Any]) -> Action:
    """An action from what the outbox kept."""
    values = dict(kept)
    values["buttons"] = tuple(tuple(Button(*b) for b in row) for row in kept.get("buttons", ()))
    values["results"] = tuple(Result(*r) for r in kept.get("results", ()))
    return Action(**values)


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the platform's command menu."""

    name: str
    text: str


# What can go wrong when the platform is asked for something; adapters raise nothing else.


class Wait(Exception):
    """Too many requests: ask again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Unreachable(Exception):
    """No answer, a broken connection, or a fault of theirs (5xx): worth another try."""


class Refused(Exception):
    """They will not do it, now or later. ``formatting``: only the marks of the text are wrong."""

    def __init__(self, reason: str, formatting: bool = False, moved_to: str | None = None) -> None:
        super().__init__(reason)
        self.formatting = formatting
        self.moved_to = moved_to

    @property
    def unchanged(self) -> bool:
        """The message already reads like that."""
        return "not modified" in str(self).lower()

    @property
    def topic_gone(self) -> bool:
        """The topic to send to does not exist any more."""
        return "thread not found" in str(self).lower()

    @property
    def too_big(self) -> bool:
        """The file is larger than a bot may have."""
        return "too big" in str(self).lower()

    @property
    def gone(self) -> bool:
        """The message to edit does not exist any more, or can no longer be edited."""
        reason = str(self).lower()
        return "not found" in reason or "can't be edited" in reason


class TakenElsewhere(Exception):
    """Another process is fetching this bot's updates."""


class BadToken(Exception):
    """The platform does not know the token."""


class Gateway(Protocol):
    """What an adapter does: it translates, and nothing else."""

    async def open(self) -> Me: ...

    async def close(self) -> None: ...

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[Incoming]:
        """Updates from ``offset`` on, waiting up to ``seconds`` for one; what is below ``offset`` is done with."""
        ...

    def incoming(self, update: dict[str, Any]) -> Incoming:
        """An update as a webhook delivers it."""
        ...

    async def perform(self, action: Action) -> int | None:
        """Does it; the id of the message it made, if it made one."""
        ...

    async def download(self, file: File) -> bytes: ...

    async def menu(self, commands: Sequence[Command], chat: str | None = None) -> None:
        """Sets the command menu, for everybody or for one chat."""
        ...

    async def listen(self, url: str, secret: str) -> None:
        """Asks for updates to be delivered to ``url``."""
        ...

    async def unlisten(self) -> None: ...

    async def listened(self) -> str:
        """Where updates are delivered to now; "" where they are to be fetched."""
        ...


@dataclass
class Plan:
    """What one update leads to: kept in one transaction, then done in order.

    states   conversations to keep: key → the assistant's own JSON value
    writes   further changes of the chat tables, run inside that transaction
    note     what is logged about it: kind and status, never a text
    uploads  there is a file to read or to store now
    """

    actions: list[Action] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)
    writes: list[Callable[[Writing], None]] = field(default_factory=list)
    note: dict[str, Any] = field(default_factory=dict)
    uploads: bool = False
