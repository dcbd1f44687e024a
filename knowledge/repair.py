"""Typed wrong: what an unexplained stretch of a question may have been meant to be.

Homophones (申清 → 申请), pinyin (chaiqiao → 柴桥), a character wrong, missing or doubled. Only proposes; the caller reads the
question again with each proposal and asks back when several make sense, or when the likeness is only one of spelling
(新桥街道 is no misspelt 柴桥街道). No cutoff decides what is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

from knowledge.lexicon import data, lexicon
from knowledge.mentions import NameIndex, pinyin, sound
from knowledge.query import Token

_CONTENT = (
    "row",
    "row~",
    "applicant",
    "block",
    "outcome",
    "item",
    "measure",
    "local",
    "topic",
    "section",
    "rate",
    "op",
)
_REACH = 3
_LONGEST = 10
_MOST = 24
_MOST_SPOTS = 4
_OPPOSITE = "不未没无非"
# shorter words of the reports may as well be a typo: 点击 for 点集
_SURE_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """``typed`` at [start, end) of the cleaned question read as ``read``. ``certain``: they sound the same."""

    start: int
    end: int
    typed: str
    read: str
    certain: bool


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for word, senses in lexicon().items():
        if len(word) >= 2 and any(kind in _CONTENT for kind, _ in senses):
            out.setdefault(sound(word), []).append(word)
    return {k: tuple(v) for k, v in out.items()}


@cache
def _content_words() -> tuple[str, ...]:
    return tuple(
        w
        for w, senses in lexicon().items()
        if len(w) >= 4 and any(kind in _CONTENT and kind != "op" for kind, _ in senses)
    )


def repairs(text: str, tokens: Sequence[Token], names: NameIndex) -> Iterator[tuple[str, tuple[Correction, ...]]]:
    """Texts in which every unexplained stretch is replaced by something known."""
    spots = [_spot(text, tokens, i, names) for i, t in enumerate(tokens) if not t.senses]
    if len(spots) > _MOST_SPOTS or not all(spots):
        return
    spots.extend(_weak_homophones(text, tokens))
    if not spots:
        return
    for seen, combination in enumerate(product(*spots)):
        if seen >= _MOST:
            return
        corrected = _apply(text, combination)
        if corrected is not None:
            yield corrected, tuple(dict.fromkeys(combination))


def _spot(text: str, tokens: Sequence[Token], index: int, names: NameIndex) -> list[Correction]:
    """What the stretch around one unexplained token may be: the same sound, else a doubled character, else one edit."""
    token = tokens[index]
    first, last = _open(tokens, index)
    windows = [
        (start, end)
        for start in range(max(first, token.start - _REACH), token.start + 1)
        for end in range(token.end, min(last, token.end + _REACH + 1) + 1)
        if 2 <= end - start <= _LONGEST
    ]
    before = tokens[index - 1] if index else None
    if before is not None and before.has("org") and before.end == token.start:
        windows.append((before.start, token.end))
    found = [c for start, end in windows for c in _sounding(text, start, end, names)]
    # a name that is completed wins over a word that is made: 柴桥街到 is 柴桥街道, not 柴桥 接到
    found = [c for c in found if c.read in names] or [*_doubled(text, token, tokens), *found]
    if not _in_a_word(text, token) and not any(c.certain for c in found):
        found.extend(c for start, end in windows for c in _spelt_like(text, start, end, names))
    if _in_front_of_a_kind(tokens, index):  # 龙工|镇 is a name, not 拢共 镇
        found = [c for c in found if c.read in names or c.end > token.end]
    return found[:8]


@cache
def _report_words() -> re.Pattern[str]:
    """The words that local rows and prose are asked for by: who typed 访问量 did not mean 访谈."""
    words = {word for group in data("synonyms")["groups"] for word in group if len(word) >= _SURE_LENGTH}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _in_a_word(text: str, token: Token) -> bool:
    return any(m.start() <= token.start and token.end <= m.end() for m in _report_words().finditer(text))


def _in_front_of_a_kind(tokens: Sequence[Token], index: int) -> bool:
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return after is not None and after.start == tokens[index].end and after.has("kind")


def _open(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """How far a typo may reach: over neighbouring words up to a body, year, number, stop or gap."""
    first = last = index
    while first > 0 and tokens[first - 1].end == tokens[first].start and _soft(tokens[first - 1]):
        first -= 1
    if first > 0 and tokens[first - 1].end == tokens[first].start and tokens[first - 1].has("org"):
        first -= 1  # 柴桥|街到: the name may go on where it was mistyped
    while last + 1 < len(tokens) and tokens[last].end == tokens[last + 1].start and _soft(tokens[last + 1]):
        last += 1
    return tokens[first].start, tokens[last].end


def _soft(token: Token) -> bool:
    return not any(token.has(kind) for kind in ("org", "year", "number", "stop"))


@cache
def _by_letters() -> Mapping[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for words in _by_sound().values():
        for word in words:
            out.setdefault(pinyin(word), []).append(word)
    return {k: tuple(v) for k, v in out.items()}


def _sounding(text: str, start: int, end: int, names: NameIndex) -> list[Correction]:
    typed = text[start:end]
    like = [n.name for n in names.sounds_like(typed)]
    if any("a" <= c <= "z" for c in typed):
        like.extend(_by_letters().get(pinyin(typed), ()))
    like.extend(w for w in _by_sound().get(sound(typed), ()) if w != typed)
    return [Correction(start, end, typed, new, _surely(typed, new)) for new in dict.fromkeys(like)]


def _surely(typed: str, read: str) -> bool:
    """Is a like sound enough? Not for an ordinary word, not for two characters that only sound alike to some ears
    (城管 is no 晨光, 实名 no 市民), and not to turn a word into its opposite (部公开 lacks 分, or means 不)."""
    if any(word in read and word not in typed for word in _OPPOSITE):
        return False
    if typed in data("ordinary")["words"]:
        return False
    return len(typed) > 2 or typed.isascii() or pinyin(typed) == pinyin(read)


def _doubled(text: str, token: Token, tokens: Sequence[Token]) -> list[Correction]:
    """「收收到」: the character typed twice once too often."""
    out = []
    for at in range(max(1, token.start), min(len(text), token.end + 1)):
        if text[at] == text[at - 1] and "一" <= text[at] <= "鿿":
            out.append(Correction(at - 1, at + 1, text[at - 1 : at + 1], text[at], True))
    return out


def _spelt_like(text: str, start: int, end: int, names: NameIndex) -> list[Correction]:
    typed = text[start:end]
    if len(typed) < 3:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    like = [n.name for n in names.near(typed)]
    pool = [w for w in _content_words() if abs(len(w) - len(typed)) <= 1]
    like.extend(word for word, _, _ in process.extract(typed, pool, scorer=OSA.distance, score_cutoff=1, limit=4))
    return [Correction(start, end, typed, new, False) for new in like]


def _weak_homophones(text: str, tokens: Sequence[Token]) -> list[list[Correction]]:
    """Where filler and passing words together sound like a word that names something: 「与以公开」 is 予以公开, and must
    not pass for 「与」「以」「公开」."""
    out: list[list[Correction]] = []
    index = 0
    while index < len(tokens):
        last = index
        while (
            last + 1 < len(tokens)
            and _weak(tokens[last])
            and _weak(tokens[last + 1])
            and tokens[last].end == tokens[last + 1].start
        ):
            last += 1
        if last > index:
            out.extend(_weak_in(text, tokens[index].start, tokens[last].end))
        index = last + 1
    return out


def _weak_in(text: str, first: int, last: int) -> list[list[Correction]]:
    for length in range(min(8, last - first), 2, -1):
        for start in range(first, last - length + 1):
            typed = text[start : start + length]
            words = [w for w in _by_sound().get(sound(typed), ()) if w != typed]
            if words and typed not in lexicon():
                return [[Correction(start, start + length, typed, w, _surely(typed, w)) for w in words]]
    return []


def _weak(token: Token) -> bool:
    return (
        bool(token.senses)
        and len(token.text) <= 3
        and all(kind in ("filler", "context", "op", "measure", "row~", "talk", "meta") for kind, _ in token.senses)
    )


def _apply(text: str, corrections: Sequence[Correction]) -> str | None:
    """None where two corrections overlap without being the same."""
    ordered = sorted(set(corrections), key=lambda c: c.start)
    if any(a.end > b.start for a, b in pairwise(ordered)):
        return None
    for correction in reversed(ordered):
        rest = text[correction.end + _said_again(correction, text) :]
        text = text[: correction.start] + correction.read + rest
    return text


def _said_again(correction: Correction, text: str) -> int:
    """How many characters behind a name that was completed are its own end: 云湾教育|局 read as 云湾县教育局."""
    added = len(correction.read) - len(correction.typed)
    return next((n for n in range(added, 0, -1) if correction.read.endswith(text[correction.end :][:n])), 0)
