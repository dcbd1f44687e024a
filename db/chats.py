"""What a chat platform needs kept so that nothing is lost and nothing comes twice: handled updates, what is still to be
sent, answers given, files waiting for a decision, votes.

Everything one update leads to is written in one transaction, on the connection its thread keeps: some 0.1 ms.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from db.engine import Database, Prepared, Row
from db.records import dump
from db.writing import storable

_BEGIN, _COMMIT, _ROLLBACK = Prepared(text("BEGIN IMMEDIATE")), Prepared(text("COMMIT")), Prepared(text("ROLLBACK"))

_HANDLED = Prepared(text("SELECT 1 FROM chat_update WHERE bot = :bot AND number = :number"))
_HANDLE = Prepared(text("INSERT INTO chat_update (bot, number, at) VALUES (:bot, :number, :at)"))
_OUTBOX = Prepared(text("SELECT id, lane, action FROM chat_outbox ORDER BY id"))
_PUT = Prepared(text("INSERT INTO chat_outbox (lane, action, at) VALUES (:lane, :action, :at) RETURNING id"))
_DONE = Prepared(text("DELETE FROM chat_outbox WHERE id = :id"))
_STATE = Prepared(
    text(
        "INSERT INTO conversation (key, at, state) VALUES (:key, :at, :state)"
        " ON CONFLICT (key) DO UPDATE SET at = excluded.at, state = excluded.state"
    )
)
_ANSWER_COLUMNS = 'id, chat, thread, question, person, at, text, status, "before", state, detail'
_ANSWER = Prepared(text(f"SELECT {_ANSWER_COLUMNS} FROM chat_answer WHERE id = :id"))
_ANSWER_TO = Prepared(
    text(f"SELECT {_ANSWER_COLUMNS} FROM chat_answer WHERE chat = :chat AND question = :question ORDER BY at DESC, rowid DESC LIMIT 1")
)
_ANSWER_AT = Prepared(
    text(
        f"SELECT {_ANSWER_COLUMNS} FROM chat_answer"
        " WHERE id = (SELECT answer FROM chat_message WHERE chat = :chat AND message = :message)"
    )
)
_LATEST = Prepared(
    text(
        f"SELECT {_ANSWER_COLUMNS} FROM chat_answer WHERE chat = :chat AND person = :person AND status <> 'list'"
        " ORDER BY at DESC, rowid DESC LIMIT 1"
    )
)
_KEEP_ANSWER = Prepared(
    text(
        'INSERT INTO chat_answer (id, chat, thread, question, person, at, text, status, "before", state, detail)'
        " VALUES (:id, :chat, :thread, :question, :person, :at, :text, :status, :before, :state, :detail)"
        " ON CONFLICT (id) DO UPDATE SET text = excluded.text, status = excluded.status, state = excluded.state,"
        " detail = excluded.detail"
    )
)
_MESSAGES = Prepared(text("SELECT message FROM chat_message WHERE answer = :answer ORDER BY message"))
_KEEP_MESSAGE = Prepared(
    text("INSERT OR REPLACE INTO chat_message (chat, message, answer) VALUES (:chat, :message, :answer)")
)
_DROP_MESSAGE = Prepared(text("DELETE FROM chat_message WHERE chat = :chat AND message = :message"))
_VOTE = Prepared(
    text(
        "INSERT OR REPLACE INTO chat_vote (answer, voter, vote, at, text, status)"
        " VALUES (:answer, :voter, :vote, :at, :text, :status)"
    )
)
_VOTES = Prepared(text("SELECT vote, text, status, at FROM chat_vote ORDER BY at DESC LIMIT :most"))
_UPLOAD_COLUMNS = "id, chat, thread, question, person, at, file, name, size, state, card, sha256, reports, album, shown"
_UPLOAD = Prepared(text(f"SELECT {_UPLOAD_COLUMNS} FROM chat_upload WHERE id = :id"))
_UPLOAD_OF = Prepared(text(f"SELECT {_UPLOAD_COLUMNS} FROM chat_upload WHERE chat = :chat AND question = :question"))
_ALBUM = Prepared(
    text(f"SELECT {_UPLOAD_COLUMNS} FROM chat_upload WHERE chat = :chat AND album = :album AND at >= :since ORDER BY question")
)
_UPLOADS_TO_DO = Prepared(
    text(f"SELECT {_UPLOAD_COLUMNS} FROM chat_upload WHERE state IN ('waiting', 'storing') ORDER BY at, rowid")
)
_UPLOADS_OLD = Prepared(text(f"SELECT {_UPLOAD_COLUMNS} FROM chat_upload WHERE state = 'offered' AND at < :before"))
_UPLOAD_STORED_LAST = Prepared(
    text(f"SELECT {_UPLOAD_COLUMNS} FROM chat_upload WHERE state = 'stored' ORDER BY at DESC, rowid DESC LIMIT 1")
)
_KEEP_UPLOAD = Prepared(
    text(
        f"INSERT INTO chat_upload ({_UPLOAD_COLUMNS}) VALUES (:id, :chat, :thread, :question, :person, :at, :file, :name,"
        " :size, :state, :card, :sha256, :reports, :album, :shown)"
    )
)
_MOVE_UPLOAD = Prepared(
    text(
        "UPDATE chat_upload SET state = :state, sha256 = coalesce(:sha256, sha256), reports = coalesce(:reports, reports),"
        " at = coalesce(:at, at), shown = coalesce(:shown, shown) WHERE id = :id"
    )
)
_CARD = Prepared(text("UPDATE chat_upload SET card = :card WHERE id = :id"))
_FILE = Prepared(text("SELECT data FROM chat_file WHERE upload = :upload"))
_KEEP_FILE = Prepared(text("INSERT OR REPLACE INTO chat_file (upload, data) VALUES (:upload, :data)"))
_DROP_FILE = Prepared(text("DELETE FROM chat_file WHERE upload = :upload"))
_GREETED = Prepared(text("SELECT 1 FROM chat_group WHERE chat = :chat"))
_GROUPS = Prepared(text("SELECT chat FROM chat_group ORDER BY at DESC LIMIT :most"))
_GREET = Prepared(text("INSERT OR IGNORE INTO chat_group (chat, at) VALUES (:chat, :at)"))
_LEAVE = Prepared(text("DELETE FROM chat_group WHERE chat = :chat"))
# a group that became a supergroup has another id and counts its messages anew
_MOVED = (
    Prepared(text("INSERT OR IGNORE INTO chat_group (chat, at) SELECT :new, at FROM chat_group WHERE chat = :old")),
    Prepared(text("DELETE FROM chat_group WHERE chat = :old")),
    Prepared(
        text(
            "UPDATE OR REPLACE conversation SET key = 'telegram:' || :new || substr(key, length('telegram:' || :old) + 1)"
            " WHERE substr(key, 1, length('telegram:' || :old) + 1) IN ('telegram:' || :old || '/', 'telegram:' || :old || '#')"
        )
    ),
    Prepared(text("UPDATE chat_answer SET chat = :new, question = NULL WHERE chat = :old")),
    Prepared(text("DELETE FROM chat_message WHERE chat = :old")),
    Prepared(text("UPDATE chat_upload SET chat = :new, thread = NULL, question = NULL, card = NULL WHERE chat = :old")),
)
_UNANSWERED = Prepared(text("INSERT INTO unanswered (at, text, reason) VALUES (:at, :text, :reason)"))
_FORGET = (
    Prepared(text("DELETE FROM chat_update WHERE at < :days3")),
    Prepared(text("DELETE FROM chat_message WHERE answer IN (SELECT id FROM chat_answer WHERE at < :days30)")),
    Prepared(text("DELETE FROM chat_answer WHERE at < :days30")),
    Prepared(text("DELETE FROM conversation WHERE at < :iso")),
    Prepared(text("DELETE FROM chat_upload WHERE state = 'held' AND at < :yesterday")),
)

_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was given. ``id`` a random number; ``question`` the message that asked; ``before`` and ``state``
    the conversation before and after it (the assistant's own JSON); ``detail`` what its buttons need."""

    id: int
    chat: str
    thread: int | None
    question: int | None
    person: str | None
    at: int
    text: str
    status: str
    before: Any
    state: Any
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file an admin sent. ``state``: held · waiting · offered · storing · stored · cancelled · refused · undone · expired;
    ``card`` the message that shows how it stands; ``reports`` the ids it became; ``album`` what files sent together share;
    ``shown`` a fingerprint of what was offered."""

    id: int
    chat: str
    thread: int | None
    question: int | None
    person: str
    at: int
    file: str
    name: str
    size: int | None
    state: str
    card: int | None = None
    sha256: str | None = None
    reports: tuple[int, ...] = ()
    album: str | None = None
    shown: str | None = None


def _answer(row: Any) -> KeptAnswer | None:
    return KeptAnswer(*(*row[:8], *map(json.loads, row[8:11]))) if row else None


def _upload(row: Any) -> Upload | None:
    return Upload(*(*row[:12], tuple(json.loads(row[12])), *row[13:])) if row else None


class Chats:
    """The chat tables of one store. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock:
            self._database.rows(_BEGIN)
            try:
                yield Writing(self._database.rows)
                self._database.rows(_COMMIT)
            except BaseException:
                self._database.rows(_ROLLBACK)
                raise

    def handled(self, bot: str, number: int) -> bool:
        """Was this update handled before?"""
        return self._database.row(_HANDLED, bot=bot, number=number) is not None

    def outbox(self) -> list[tuple[int, str, dict[str, Any]]]:
        """What is still to be sent: (id, lane, action), oldest first."""
        return [(row[0], row[1], json.loads(row[2])) for row in self._database.rows(_OUTBOX)]

    def answer(self, answer_id: int) -> KeptAnswer | None:
        """An answer by its id."""
        return _answer(self._database.row(_ANSWER, id=answer_id))

    def answer_to(self, chat: str, question: int) -> KeptAnswer | None:
        """The answer to a message."""
        return _answer(self._database.row(_ANSWER_TO, chat=chat, question=question))

    def answer_at(self, chat: str, message: int) -> KeptAnswer | None:
        """The answer that this message of ours is (part of)."""
        return _answer(self._database.row(_ANSWER_AT, chat=chat, message=message))

    def latest(self, chat: str, person: str) -> KeptAnswer | None:
        """A person's last answer in a chat."""
        return _answer(self._database.row(_LATEST, chat=chat, person=person))

    def messages(self, answer_id: int) -> list[int]:
        """The messages an answer was sent as, in order."""
        return [row[0] for row in self._database.rows(_MESSAGES, answer=answer_id)]

    def votes(self, most: int = 100) -> list[tuple[int, str, str, int]]:
        """The latest votes: (1 or -1, question, status, when)."""
        return [(row[0], row[1], row[2], row[3]) for row in self._database.rows(_VOTES, most=most)]

    def upload(self, upload_id: int) -> Upload | None:
        """A file by its id."""
        return _upload(self._database.row(_UPLOAD, id=upload_id))

    def upload_of(self, chat: str, question: int) -> Upload | None:
        """The file that came in this message."""
        return _upload(self._database.row(_UPLOAD_OF, chat=chat, question=question))

    def album(self, chat: str, album: str) -> list[Upload]:
        """The files that were sent together lately, in order."""
        rows = self._database.rows(_ALBUM, chat=chat, album=album, since=int(time.time()) - _DAY)
        return [one for row in rows if (one := _upload(row))]

    def groups(self, most: int = 20) -> list[str]:
        """Groups the bot was added to and not taken out of, the latest first."""
        return [row[0] for row in self._database.rows(_GROUPS, most=most)]

    def uploads_to_do(self) -> list[Upload]:
        """Files to be read or stored, oldest first."""
        return [one for row in self._database.rows(_UPLOADS_TO_DO) if (one := _upload(row))]

    def uploads_undecided(self, before: int) -> list[Upload]:
        """Files that nobody decided on since."""
        return [one for row in self._database.rows(_UPLOADS_OLD, before=before) if (one := _upload(row))]

    def last_stored(self) -> Upload | None:
        """The file that was stored last and not taken back."""
        return _upload(self._database.row(_UPLOAD_STORED_LAST))

    def file(self, upload_id: int) -> bytes | None:
        """The bytes of a file that is not decided yet."""
        row = self._database.row(_FILE, upload=upload_id)
        return bytes(row[0]) if row else None

    def greeted(self, chat: str) -> bool:
        """Was this group greeted?"""
        return self._database.row(_GREETED, chat=chat) is not None

    def forget(self) -> None:
        """Drops what no button, reply or repeated update can need any more."""
        now = int(time.time())
        iso = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now - 30 * _DAY))
        values = {"yesterday": now - _DAY, "days3": now - 3 * _DAY, "days30": now - 30 * _DAY, "iso": iso}
        for statement in _FORGET:
            names = [name for name in values if f":{name}" in str(statement.statement)]
            self._database.rows(statement, **{name: values[name] for name in names})


class Writing:
    """Changes inside one transaction."""

    def __init__(self, rows: Callable[..., list[Row]]) -> None:
        self._rows = rows
        self._now = int(time.time())

    @classmethod
    def within(cls, connection: Connection) -> Writing:
        """Changes in a transaction that stores something else, a report for example."""

        def rows(prepared: Prepared, **values: Any) -> list[Row]:
            result = connection.execute(prepared.statement, values)
            return [tuple(row) for row in result] if result.returns_rows else []

        return cls(rows)

    def handle(self, bot: str, number: int) -> None:
        """Notes an update as handled."""
        self._rows(_HANDLE, bot=bot, number=number, at=self._now)

    def put(self, lane: str, action: dict[str, Any]) -> int:
        """Adds something to send; its id."""
        return int(self._rows(_PUT, lane=lane, action=_json(action), at=self._now)[0][0])

    def sent(self, outbox_id: int) -> None:
        """The platform has taken it."""
        self._rows(_DONE, id=outbox_id)

    def state(self, key: str, state: Any) -> None:
        """What a conversation is about now."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(self._now))
        self._rows(_STATE, key=key, at=at, state=_json(state))

    def answer(self, answer: KeptAnswer) -> None:
        """Keeps an answer, or keeps it anew."""
        self._rows(
            _KEEP_ANSWER, id=answer.id, chat=answer.chat, thread=answer.thread, question=answer.question,
            person=answer.person, at=answer.at, text=storable(answer.text), status=answer.status,
            before=_json(answer.before), state=_json(answer.state), detail=_json(answer.detail),
        )  # fmt: skip

    def message(self, chat: str, message: int, answer_id: int) -> None:
        """An answer was sent as this message."""
        self._rows(_KEEP_MESSAGE, chat=chat, message=message, answer=answer_id)

    def message_gone(self, chat: str, message: int) -> None:
        """That message is not there any more."""
        self._rows(_DROP_MESSAGE, chat=chat, message=message)

    def vote(self, answer: KeptAnswer, voter: str, vote: int) -> None:
        """1 or -1 for an answer; a second press replaces the first."""
        self._rows(
            _VOTE, answer=answer.id, voter=voter, vote=vote, at=self._now, text=answer.text, status=answer.status
        )

    def upload(self, upload: Upload) -> None:
        """A new file."""
        self._rows(
            _KEEP_UPLOAD, id=upload.id, chat=upload.chat, thread=upload.thread, question=upload.question,
            person=upload.person, at=upload.at, file=upload.file, name=storable(upload.name), size=upload.size,
            state=upload.state, card=upload.card, sha256=upload.sha256, reports=dump(list(upload.reports)),
            album=upload.album, shown=upload.shown,
        )  # fmt: skip

    def move(
        self, upload_id: int, state: str, *, sha256: str | None = None, reports: tuple[int, ...] | None = None,
        at: int | None = None, shown: str | None = None,
    ) -> None:  # fmt: skip
        """How a file stands now; its bytes are dropped once it is decided."""
        kept = None if reports is None else dump(list(reports))
        self._rows(_MOVE_UPLOAD, id=upload_id, state=state, sha256=sha256, reports=kept, at=at, shown=shown)
        if state not in ("held", "waiting", "offered", "storing"):
            self._rows(_DROP_FILE, upload=upload_id)

    def card(self, upload_id: int, message: int) -> None:
        """The message that shows how a file stands."""
        self._rows(_CARD, id=upload_id, card=message)

    def file(self, upload_id: int, data: bytes) -> None:
        """Keeps the bytes until the file is decided."""
        self._rows(_KEEP_FILE, upload=upload_id, data=data)

    def greet(self, chat: str) -> None:
        """A group was greeted."""
        self._rows(_GREET, chat=chat, at=self._now)

    def leave(self, chat: str) -> None:
        """The bot was taken out of a group."""
        self._rows(_LEAVE, chat=chat)

    def moved(self, old: str, new: str) -> None:
        """A group goes on under another id."""
        for statement in _MOVED:
            self._rows(statement, old=old, new=new)

    def unanswered(self, question: str, reason: str) -> None:
        """Keeps a question that found no answer; never who asked."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(self._now))
        self._rows(_UNANSWERED, at=at, text=storable(question)[:1000], reason=reason)


def _json(value: Any) -> str:
    return storable(dump(value))
