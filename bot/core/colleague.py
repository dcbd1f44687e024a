"""Who is spoken to, who may do what, and what is said: one update in, one plan out. No network, no clock but the limits'."""

from __future__ import annotations

import re
import time
from collections import OrderedDict

from bot.assistant import Assistant
from bot.core import commands, wording
from bot.core.answers import Answers, conversation, say, toast
from bot.core.limits import Limiter
from bot.core.messages import LARGEST_FILE, Action, Incoming, Me, Plan, Result
from bot.core.uploads import Uploads
from bot.memory import StoredMemory
from bot.refusing import suggestions
from bot.settings import Settings
from db.chats import Chats
from db.select import Selector

# 「/ask@WenbaoBot 柴桥2020年收到几件申请」; names are ASCII
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]+))?(?:\s+(?P<rest>.*))?", re.S)
# 「/ask柴桥2020年收到几件申请」: the name ends where Chinese begins
_RUN_ON = re.compile(r"/(?P<name>[A-Za-z_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]+))?(?P<rest>[^\x00-\x7f].*)", re.S)
# a question is a line or two; what is longer is cut before anybody works on it
_LONGEST_QUESTION = 2000
# inline asks while somebody is typing: that many times the limit of questions
_INLINE_TIMES = 5
_MOST_ALBUMS = 1000


class Colleague:
    """Handles updates of one bot. Called from threads, one update of a chat at a time."""

    def __init__(self, assistant: Assistant, chats: Chats, memory: StoredMemory, settings: Settings, me: Me, uploads: Uploads) -> None:
        self.assistant = assistant
        self.store = assistant.store
        self.chats = chats
        self.me = me
        self.uploads = uploads
        self.answers = Answers(assistant, chats, memory, settings.telegram.choices_for == "anyone")
        self._memory = memory
        self._admins = frozenset(map(str, settings.admins.telegram_ids))
        self._per_minute = settings.limits.per_user_per_minute
        self._limiter = Limiter(self._per_minute)
        self._inline_limiter = Limiter(self._per_minute * _INLINE_TIMES)
        self._mention = re.compile(rf"(?<![A-Za-z0-9_])@{re.escape(me.name)}(?![A-Za-z0-9_])", re.I)
        self._albums: OrderedDict[str, None] = OrderedDict()

    def handle(self, incoming: Incoming) -> Plan:
        """What an update leads to."""
        if incoming.kind in ("message", "edited"):
            return self._message(incoming)
        if incoming.kind == "press":
            return self._press(incoming)
        if incoming.kind == "inline":
            return self._inline(incoming)
        if incoming.kind == "joined" and not incoming.private:
            return self._joined(incoming)
        if incoming.kind == "left":
            return Plan(writes=[lambda w: w.leave(incoming.chat)])
        if incoming.kind == "moved":
            return Plan(writes=[lambda w: w.moved(incoming.chat, incoming.text)])
        return Plan()

    def abandoned(self, incoming: Incoming) -> None:
        """The plan was not kept: the conversation stands where the store says."""
        self._memory.forget(conversation(incoming, incoming.person))

    def is_admin(self, incoming: Incoming) -> bool:
        """May this person change the store?"""
        return incoming.person is not None and incoming.person in self._admins

    def actor(self, incoming: Incoming) -> str:
        """As the audit log names a person."""
        return f"telegram:{incoming.person}"

    def examples(self) -> list[str]:
        """Three questions that the store answers."""
        return suggestions(Selector(self.store))[:3]

    def question(self, incoming: Incoming, text: str) -> Plan:
        """A question, if this person has not asked too many."""
        refused = self._too_many(incoming)
        if refused is not None:
            return refused
        asked = text.strip()[:_LONGEST_QUESTION]
        return self.answers.ask_again(incoming, asked) if incoming.kind == "edited" else self.answers.ask(incoming, asked)

    # messages

    def _message(self, incoming: Incoming) -> Plan:
        text, mentioned = self._unmentioned(incoming)
        if incoming.file is not None:
            return self._file(incoming, text, mentioned)
        command = _command(text.strip())
        if command is not None and not _another_bot(command["bot"], self.me.name):
            return self._command(incoming, command, mentioned or command["bot"] is not None)
        if command is not None:
            return Plan()
        if not (incoming.private or mentioned or incoming.reply_to_us):
            return Plan()
        if text.strip():
            return self.question(incoming, text)
        if incoming.media is not None and incoming.kind == "message":
            return self._media(incoming)
        if mentioned and incoming.kind == "message":
            return commands.ask(self, incoming, "")
        return Plan()

    def _unmentioned(self, incoming: Incoming) -> tuple[str, bool]:
        """The text without the bot's name in it, and whether the name was there."""
        text, times = self._mention.subn(" ", incoming.text)
        return (text if times else incoming.text), bool(times) or incoming.mentioned

    def _command(self, incoming: Incoming, command: re.Match[str], addressed: bool) -> Plan:
        name, rest = command["name"].lower(), (command["rest"] or "").strip()
        if name in commands.EVERYBODY:
            if incoming.kind == "edited" and name not in ("ask", "start"):
                return Plan()
            asks = rest and name in ("ask", "start")  # counted as a question
            refused = None if asks or self.is_admin(incoming) else self._too_many(incoming)
            return refused or commands.EVERYBODY[name](self, incoming, rest)
        if name in commands.ADMINS:
            if incoming.kind == "edited":
                return Plan()
            if self.is_admin(incoming):
                return commands.ADMINS[name](self, incoming, rest)
            return self._too_many(incoming) or Plan(say(incoming, wording.ADMINS_ONLY))
        if incoming.kind == "message" and (incoming.private or addressed):
            return self._too_many(incoming) or Plan(say(incoming, wording.UNKNOWN_COMMAND.format(name=name)))
        return Plan()

    def _media(self, incoming: Incoming) -> Plan:
        """Stickers, photos, voice: one sentence in private, nothing in a group."""
        if not incoming.private or not self._first_of_album(incoming):
            return Plan()
        return self._too_many(incoming) or Plan(say(incoming, wording.ONLY_TEXT), note={"outcome": "media"})

    def _file(self, incoming: Incoming, text: str, mentioned: bool) -> Plan:
        assert incoming.file is not None
        meant = incoming.private or mentioned and wording.STORE in text
        if incoming.kind == "edited":  # 入库 may have been added to the caption; what was taken is not taken again
            known = self.uploads.known(incoming)
            if incoming.private or not meant or known is not None and known.state != "held":
                return Plan()
        beside = not meant and incoming.album is not None and not text.strip() and self.is_admin(incoming)
        if not (meant or beside):
            asks = text.strip() and (mentioned or incoming.reply_to_us)
            return self.question(incoming, text) if asks else Plan()
        if not self.is_admin(incoming):
            if not self._first_of_album(incoming):
                return Plan(note={"outcome": "declined"})
            return self._too_many(incoming) or Plan(say(incoming, wording.FILES_FROM_ADMINS), note={"outcome": "declined"})
        if incoming.file.size is not None and incoming.file.size > LARGEST_FILE:
            said = wording.TOO_LARGE.format(name=incoming.file.name, size=wording.megabytes(incoming.file.size))
            return Plan([] if beside else say(incoming, said), note={"outcome": "too large"})
        return self.uploads.beside(incoming) if beside else self.uploads.taken(incoming)

    def _first_of_album(self, incoming: Incoming) -> bool:
        """Files sent together, and a message that is edited, are told one thing once."""
        key = incoming.album or f"{incoming.chat}/{incoming.message}"
        if key in self._albums:
            return False
        self._albums[key] = None
        while len(self._albums) > _MOST_ALBUMS:
            self._albums.popitem(last=False)
        return True

    def _too_many(self, incoming: Incoming) -> Plan | None:
        verdict = self._limiter.ask(incoming.person or incoming.chat, incoming.at or time.time())
        if verdict == "yes":
            return None
        said = say(incoming, wording.TOO_MANY.format(limit=self._per_minute)) if verdict == "tell" else []
        return Plan(said, note={"outcome": "limited"})

    # presses, inline questions, groups

    def _press(self, incoming: Incoming) -> Plan:
        kind, _, rest = incoming.text.partition(":")
        first, _, second = rest.partition(":")
        if not first.isascii() or not first.isdigit() or (second and not (second.isascii() and second.isdigit())):
            return Plan([toast(incoming, wording.STALE, alert=True)])
        number = int(first)
        if kind == "c" and second:
            if self._limiter.ask(incoming.person or "", incoming.at or time.time()) != "yes":
                return Plan([toast(incoming, wording.TOO_MANY.format(limit=self._per_minute), alert=True)])
            return self.answers.choose(incoming, number, int(second))
        if kind == "o":
            return self.answers.original(incoming, number)
        if kind in ("u", "d"):
            return self.answers.vote(incoming, number, 1 if kind == "u" else -1)
        if kind == "p" and second:
            return self.answers.page(incoming, number, int(second))
        if kind in ("s", "x", "r"):
            return self.uploads.pressed(incoming, kind, number, self.is_admin(incoming))
        return Plan([toast(incoming, wording.STALE, alert=True)])

    def _inline(self, incoming: Incoming) -> Plan:
        if self._inline_limiter.ask(incoming.person or "", incoming.at or time.time()) != "yes":
            said = wording.TOO_MANY.format(limit=self._per_minute)
            return Plan([Action("inline", handle=incoming.handle, results=(Result("0", said, "", "", said),))])
        return self.answers.inline(incoming, self.examples())

    def _joined(self, incoming: Incoming) -> Plan:
        if self.chats.greeted(incoming.chat):
            return Plan()
        said = say(incoming, wording.introduction(self.examples(), group=True))
        return Plan(said, writes=[lambda w: w.greet(incoming.chat)], note={"outcome": "greeted"})


def _command(text: str) -> re.Match[str] | None:
    run_on = _RUN_ON.fullmatch(text)
    if run_on is not None and run_on["name"].lower() in (*commands.EVERYBODY, *commands.ADMINS):
        return run_on
    return _COMMAND.fullmatch(text)


def _another_bot(named: str | None, mine: str) -> bool:
    return named is not None and named.lower() != mine.lower()
