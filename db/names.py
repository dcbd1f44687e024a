"""The names of very many bodies, looked up in the store question by question instead of all being read into memory.

Stands where ``knowledge.mentions.NameIndex`` does and answers the same; a question costs some queries by index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, text

from db.engine import Prepared
from db.records import dump
from db.store import Store
from knowledge.mentions import Chain, NameIndex, NearName, latin, pinyin, place_names, sound
from knowledge.names import split

# more names than this are not read into memory: 20,000 take some 0.2 s and 20 MB
MOST_IN_MEMORY = 20_000
# the longest name that is looked for in a question, and how many of its stretches are remembered
_LONGEST = 34
_REMEMBERED = 4_000
_TAIL = re.compile(r"(?:人民政府|政府|街道办事处|街道办|街道|(?:管理|监督管理)?(?:委员会|办公室|局))$")
_RANK = {"alias": 0, "full": 1, "short": 2}

_COUNT = Prepared(text("SELECT COUNT(*) FROM organisation_name"))
_CHAINS = Prepared(text("SELECT DISTINCT province, city, county FROM organisation"))
_PLACES = Prepared(
    text(
        "SELECT id, province, city, county FROM organisation WHERE id IN (SELECT value FROM json_each(:ids))"
    ).bindparams(bindparam("ids"))
)
_BY_SOUND = Prepared(
    text("SELECT DISTINCT name FROM organisation_name WHERE sound = :sound LIMIT 50").bindparams(bindparam("sound"))
)
_BY_LETTERS = Prepared(
    text("SELECT DISTINCT name FROM organisation_name WHERE letters = :letters LIMIT 50").bindparams(
        bindparam("letters")
    )
)


def rank(name: str, kind: str) -> int:
    """How strongly a name means a body: what an admin taught wins, then a full name over other bodies' short one.

    A full name that says no place (城关镇人民政府) is shared like a short one.
    """
    return _RANK["short"] if kind == "full" and not split(name).places else _RANK[kind]


def name_index(store: Store) -> NameIndex:
    """The names of the store as it is now."""
    row = store.database.row(_COUNT)
    if row is not None and row[0] > MOST_IN_MEMORY:
        return StoredNames(store)
    where = ((body.id, body.places) for body in store.organisations())
    return NameIndex(_best((name, body, rank(name, kind)) for name, _, body, kind in store.names()), where)


def _best(rows: Iterable[tuple[str, int, int]]) -> list[tuple[str, int]]:
    """Each name with the bodies it means most strongly."""
    rows = list(rows)
    best: dict[str, int] = {}
    for name, _, here in rows:
        best[name] = min(best.get(name, 9), here)
    return [(name, body) for name, body, here in rows if here == best[name]]


class StoredNames(NameIndex):
    """``NameIndex`` over the store. Only the places, some thousands at most, are in memory."""

    def __init__(self, store: Store) -> None:
        super().__init__(())
        self._store = store
        chains = (tuple(place for place in row if place) for row in store.database.rows(_CHAINS))
        self._chains = place_names(chains)
        self._known: dict[str, tuple[int, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return bool(self.ids(name))

    def ids(self, name: str) -> tuple[int, ...]:
        return self._look_up([name])[name]

    def find(self, text: str) -> list[tuple[int, int]]:
        known = self._look_up(
            text[start : start + length]
            for start in range(len(text) - 1)
            for length in range(2, min(_LONGEST, len(text) - start) + 1)
        )
        chains = self._chains
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(text) - 1:
            for length in range(min(_LONGEST, len(text) - at), 1, -1):
                word = text[at : at + length]
                if known[word] or word in chains:
                    found.append((at, at + length))
                    at += length
                    break
            else:
                at += 1
        return found

    def inside(self, ids: Iterable[int], chain: Chain) -> tuple[int, ...]:
        ids = tuple(ids)
        where = self._places(ids)
        return tuple(body for body in ids if set(chain) <= set(where.get(body, ())))

    def directly_in(self, body: int, chain: Chain) -> bool:
        return self._places((body,)).get(body, ())[-1:] == chain[-1:]

    def placed(self, body: int) -> bool:
        return bool(self._places((body,)).get(body))

    def sounds_like(self, text: str) -> list[NearName]:
        if latin(text):
            rows = self._store.database.rows(_BY_LETTERS, letters=pinyin(text))
        else:
            rows = self._store.database.rows(_BY_SOUND, sound=sound(text))
        places = self._places_sounding(text)
        same = [name for name in dict.fromkeys((*(row[0] for row in rows), *places)) if name != text]
        known = self._look_up(same)
        return [NearName(name, known[name], 0) for name in same]

    def near(self, text: str, limit: int = 5) -> list[NearName]:
        # 人民政府 is in half of all names: what is left of it finds the rest, too
        own = _TAIL.sub("", text)
        shortlist = {name: body for name, _, body, _ in self._store.names_like(own if len(own) > 2 else text, most=60)}
        return NameIndex(shortlist.items()).near(text, limit)

    def _places_sounding(self, text: str) -> list[str]:
        if self._by_sound is None or self._by_letters is None:
            self._by_sound, self._by_letters = {}, {}
            for name in self._chains:
                self._by_sound.setdefault(sound(name), []).append(name)
                self._by_letters.setdefault(pinyin(name), []).append(name)
        return self._by_letters.get(pinyin(text), []) if latin(text) else self._by_sound.get(sound(text), [])

    def _places(self, ids: tuple[int, ...]) -> dict[int, Chain]:
        rows: list[tuple[Any, ...]] = self._store.database.rows(_PLACES, ids=dump(list(ids)))
        return {row[0]: tuple(place for place in row[1:] if place) for row in rows}

    def _look_up(self, words: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """The bodies of each of these words, () where it is no name; the store is asked for what is not remembered."""
        remembered = self._known if len(self._known) < _REMEMBERED else {}
        asked = dict.fromkeys(words)
        known = {word: remembered[word] for word in asked if word in remembered}
        new: dict[str, dict[int, None]] = {word: {} for word in asked if word not in known}
        if new:
            rows = self._store.names_among(new)
            for name, body in _best((name, body, rank(name, kind)) for name, _, body, kind in rows):
                new[name][body] = None
            known |= {name: tuple(ids) for name, ids in new.items()}
            self._known = remembered | known
        return known
