"""What each conversation is about. In memory here; a chat adapter's survives restarts (``bot.memory.StoredMemory``)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from knowledge.understand import Context


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
