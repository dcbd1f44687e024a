"""What each conversation is about: ``Memory`` for a program's own run, ``StoredMemory`` survives restarts."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from knowledge.query import Condition, Mention, Parts, Query, Refusal, Target
from knowledge.understand import Context

if TYPE_CHECKING:
    from db.store import Store


@dataclass(frozen=True, slots=True)
class Turn:
    """The last turn: what it was about and the choices it offered."""

    context: Context | None
    choices: tuple[str, ...] = ()


class Memory:
    """Remembers the last turn of at most ``most`` conversations."""

    def __init__(self, most: int = 10_000) -> None:
        self._turns: OrderedDict[str, Turn] = OrderedDict()
        self._most = most

    def last(self, key: str) -> Turn | None:
        """The last turn of a conversation, or None."""
        return self._turns.get(key)

    def keep(self, key: str, turn: Turn) -> None:
        """Keeps a turn; the longest silent conversation is forgotten first."""
        self._turns[key] = turn
        self._turns.move_to_end(key)
        while len(self._turns) > self._most:
            self._turns.popitem(last=False)

    def forget(self, key: str) -> None:
        """Starts this conversation afresh."""
        self._turns.pop(key, None)


class StoredMemory(Memory):
    """Turns that survive a restart and are forgotten after ``hours``.

    With ``later`` a turn is not written at once: ``unsaved`` hands it over to whoever keeps the answer, so that both
    are stored together or not at all.
    """

    def __init__(self, store: Store, hours: float = 6, most: int = 5_000, later: bool = False) -> None:
        super().__init__(most)
        self._store = store
        self._seconds = hours * 3600
        self._later = later
        self._since: dict[str, float] = {}
        self._unsaved: dict[str, Any] = {}
        self._packed: dict[str, tuple[Turn, Any]] = {}

    def last(self, key: str) -> Turn | None:
        """The last turn, from the store where this run has not seen the conversation yet."""
        turn = super().last(key)
        if turn is not None:
            return turn if time.time() - self._since.get(key, 0) < self._seconds else None
        since = (datetime.now(UTC) - timedelta(seconds=self._seconds)).replace(microsecond=0).isoformat()
        turn = unpacked(self._store.conversation(key, since))
        if turn is not None:
            super().keep(key, turn)
            self._since[key] = time.time()
        return turn

    def keep(self, key: str, turn: Turn) -> None:
        """Keeps a turn, or remembers that it is to be kept."""
        super().keep(key, turn)
        self._since[key] = time.time()
        if len(self._since) > 2 * self._most:
            self._since = {k: at for k, at in self._since.items() if k in self._turns}
        if len(self._packed) > 2 * self._most:
            self._packed.clear()
        if self._later:
            self._unsaved[key] = packed(turn)
            self._packed[key] = (turn, self._unsaved[key])
        else:
            self._store.keep_conversation(key, packed(turn))

    def last_packed(self, key: str) -> Any:
        """The last turn as JSON."""
        turn = self.last(key)
        kept = self._packed.get(key)
        return kept[1] if kept is not None and kept[0] is turn else packed(turn)

    def resume(self, key: str, turn: Turn | None) -> None:
        """The conversation goes on from this turn: the next message follows it. Not written."""
        if turn is None:
            turn = Turn(None)
        super().keep(key, turn)
        self._since[key] = time.time()

    def unsaved(self, key: str) -> Any:
        """The turn of this conversation that is not in the store yet, as JSON; None if there is none. Handed out once."""
        return self._unsaved.pop(key, None)

    def forget(self, key: str) -> None:
        """What this run knows of it; the store's turn is read again."""
        super().forget(key)
        self._unsaved.pop(key, None)


_KINDS = {kind.__name__: kind for kind in (Turn, Context, Query, Target, Parts, Condition, Mention, Refusal)}


def packed(turn: Turn | None) -> Any:
    """A turn as JSON."""
    return _packed(turn)


def _packed(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {f.name: _packed(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != f.default}
        return {"is": type(value).__name__, **kept}
    if isinstance(value, tuple | list):
        return [_packed(one) for one in value]
    return {"is": "Decimal", "value": str(value)} if isinstance(value, Decimal) else value


def unpacked(kept: Any) -> Turn | None:
    """The turn that ``packed`` wrote; None where another version of the program wrote something else."""
    try:
        turn = _unpacked(kept)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    return turn if isinstance(turn, Turn) else None


def _unpacked(kept: Any) -> Any:
    if isinstance(kept, list):
        return tuple(_unpacked(one) for one in kept)
    if not isinstance(kept, dict):
        return kept
    if kept["is"] == "Decimal":
        return Decimal(kept["value"])
    kind = _KINDS[kept["is"]]
    return kind(**{name: _unpacked(value) for name, value in kept.items() if name != "is"})
