"""Names of bodies in a question: found exactly, or nearly (homophones, pinyin, one character wrong).

Holds no organisation itself: it is built from the names the store lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.catalogue import DATA
from knowledge.lexicon import lexicon
from knowledge.places import forms


@cache
def _syllables() -> Mapping[str, str]:
    table: dict[str, str] = {}
    with open(DATA / "pinyin.tsv", encoding="utf-8") as handle:
        for line in handle:
            if line.startswith("#"):
                continue
            syllable, _, chars = line.rstrip("\n").partition("\t")
            for char in chars:
                table[char] = syllable
    return table


# what ears and keyboards confuse: 平翘舌, 前后鼻音
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


def syllables(text: str) -> tuple[str, ...]:
    """Toneless pinyin of each character; other characters stand for themselves."""
    table = _syllables()
    return tuple(table.get(c, c) for c in text)


def pinyin(text: str) -> str:
    """Toneless pinyin run together, as people type it: 柴桥 → chaiqiao."""
    return "".join(syllables(text))


def sound(text: str) -> str:
    """How a text sounds, with what ears confuse made alike; two texts with one sound are homophones."""
    out = " ".join(syllables(text))
    for plain, same in _CONFUSED:
        out = out.replace(plain, same)
    return out


@dataclass(frozen=True, slots=True)
class NearName:
    """A known name close to what was typed. ``distance`` 0: sounds the same; 1: one character differs."""

    name: str
    ids: tuple[int, ...]
    distance: int


Chain = tuple[str, ...]


class NameIndex:
    """All names of all bodies, and of the places they are in. ``find`` costs a few microseconds whatever their number.

    ``places`` are (body, province, city, county as far as known, from the outermost in).
    """

    def __init__(self, names: Iterable[tuple[str, int]], places: Iterable[tuple[int, Sequence[str]]] = ()) -> None:
        self._where = {body: tuple(chain) for body, chain in places}
        self._chains = place_names(self._where.values())
        self._ids: dict[str, tuple[int, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for name, organisation in names:
            if len(name) < 2:
                continue
            ids = self._ids.get(name, ())
            if organisation not in ids:
                self._ids[name] = (*ids, organisation)
        for name in (*self._ids, *self._chains):
            known = self._lengths.get(name[:2], ())
            if len(name) not in known:
                self._lengths[name[:2]] = tuple(sorted((*known, len(name)), reverse=True))
        self._by_sound: dict[str, list[str]] | None = None
        self._by_letters: dict[str, list[str]] | None = None
        self._namesakes: dict[int, set[int]] | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def ids(self, name: str) -> tuple[int, ...]:
        """Every organisation that goes by this (folded) name."""
        return self._ids.get(name, ())

    def chains(self, name: str) -> tuple[Chain, ...]:
        """The places this (folded) name, full or short, can mean: (浙江省, 宁波市, 北仑区) for 北仑."""
        return self._chains.get(name, ())

    def inside(self, ids: Iterable[int], chain: Chain) -> tuple[int, ...]:
        """Those of these bodies that are known to be in a place."""
        return tuple(body for body in ids if set(chain) <= set(self._where.get(body, ())))

    def directly_in(self, body: int, chain: Chain) -> bool:
        """Is this place the innermost one the body is known to be in? 云川市 is not 清渠区's."""
        return self._where.get(body, ())[-1:] == chain[-1:]

    def where(self, body: int) -> Chain:
        """The places a body is known to be in, from the outermost in; () when nothing is known."""
        return self._where.get(body, ())

    def namesakes(self, body: int) -> tuple[int, ...]:
        """Every body that shares a name with this one: the 民政局 of all counties."""
        if self._namesakes is None:
            self._namesakes = {}
            for ids in self._ids.values():
                for one in ids if len(ids) > 1 else ():
                    self._namesakes.setdefault(one, set()).update(ids)
        return tuple(sorted(self._namesakes.get(body, ())))

    def placed(self, body: int) -> bool:
        """Is anything known of where this body is?"""
        return bool(self._where.get(body))

    def find(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in folded text, longest first from the left, not overlapping."""
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(text) - 1:
            for length in self._lengths.get(text[at : at + 2], ()):
                if text[at : at + length] in self._ids or text[at : at + length] in self._chains:
                    found.append((at, at + length))
                    at += length
                    break
            else:
                at += 1
        return found

    def sounds_like(self, text: str) -> list[NearName]:
        """Names pronounced like ``text`` (Chinese characters, or pinyin typed as letters), ``text`` itself left out."""
        if self._by_sound is None or self._by_letters is None:
            self._by_sound, self._by_letters = {}, {}
            for name in dict.fromkeys((*self._ids, *self._chains)):
                self._by_sound.setdefault(sound(name), []).append(name)
                self._by_letters.setdefault(pinyin(name), []).append(name)
        same = self._by_letters.get(pinyin(text), []) if latin(text) else self._by_sound.get(sound(text), [])
        return [NearName(name, self._ids.get(name, ()), 0) for name in same if name != text]

    def near(self, text: str, limit: int = 5) -> list[NearName]:
        """Names one edit away (two for long ones), nearest first; [] when nothing is close enough to be meant."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        allowed = 1 if len(text) <= 6 else 2
        pool = [n for n in self._ids if abs(len(n) - len(text)) <= allowed]
        hits = process.extract(text, pool, scorer=OSA.distance, score_cutoff=allowed, limit=limit)
        return [NearName(name, self._ids[name], max(1, int(distance))) for name, distance, _ in hits]


def place_names(chains: Iterable[Chain]) -> dict[str, tuple[Chain, ...]]:
    """Name or short name → the places it means; a place half known gives way to one known whole."""
    out: dict[str, list[Chain]] = {}
    for chain in dict.fromkeys(whole[:end] for whole in chains for end in range(1, len(whole) + 1)):
        for form in forms(chain[-1]):
            # 公安 is no 公安县 in 公安局: a short name that is a word of ours means the word
            if len(form) > 1 and (form == chain[-1] or form not in lexicon()):
                out.setdefault(form, []).append(chain)
    return {
        form: tuple(
            one
            for one in known
            if not any(one != other and set(one) < set(other) and one[-1] == other[-1] for other in known)
        )
        for form, known in out.items()
    }


def latin(text: str) -> bool:
    """Is this typed in letters: pinyin, perhaps?"""
    return any("a" <= c <= "z" for c in text)
