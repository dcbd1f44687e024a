"""How many questions one person may ask in a minute, and that this is said once."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Literal

_WINDOW = 60.0
_MOST_PEOPLE = 10_000


@dataclass
class _Person:
    asked: deque[float] = field(default_factory=deque)
    told: float | None = None


class Limiter:
    """Counts by when a question was sent, not by when it arrived: what piled up while the bot was away is no flood."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._people: OrderedDict[str, _Person] = OrderedDict()

    def ask(self, person: str, at: float) -> Literal["yes", "tell", "no"]:
        """May ``person`` ask at this time (Unix seconds)? "tell": no, and say so; "no": no, and it was said already."""
        one = self._people.setdefault(person, _Person())
        self._people.move_to_end(person)
        while len(self._people) > _MOST_PEOPLE:
            self._people.popitem(last=False)
        while one.asked and one.asked[0] <= at - _WINDOW:
            one.asked.popleft()
        if len(one.asked) < self._most:
            one.asked.append(at)
            return "yes"
        if one.told is not None and at - one.told < _WINDOW:
            return "no"
        one.told = at
        return "tell"
