"""Typed wrong: what an unexplained stretch of a question may have been meant to be.

Homophones (申清 → 申请), pinyin (chaiqiao → 柴桥), one character wrong, missing or doubled. Only proposes; the caller reads
the question again with each proposal and asks back when several make sense. No cutoff decides what is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from knowledge.lexicon import lexicon
from knowledge.mentions import NameIndex, sound
from knowledge.query import Token

_CONTENT = ("row", "row~", "applicant", "block", "outcome", "item", "measure", "local", "topic", "section", "rate", "op")
_MOST = 24

Correction = tuple[str, str]


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for word, senses in lexicon().items():
        if len(word) >= 2 and any(kind in _CONTENT for kind, _ in senses):
            out.setdefault(sound(word), []).append(word)
    return {k: tuple(v) for k, v in out.items()}


@cache
def _content_words() -> tuple[str, ...]:
    return tuple(w for w, senses in lexicon().items() if len(w) >= 3 and any(kind in _CONTENT and kind != "op" for kind, _ in senses))


def repairs(tokens: list[Token], names: NameIndex) -> Iterator[tuple[list[Token], tuple[Correction, ...]]]:
    """Token lists with every unexplained stretch replaced by something known, fewest changes first."""
    spots = [i for i, t in enumerate(tokens) if not t.senses] + _weak_homophones(tokens)
    if not spots or len(spots) > 4:
        return
    options = [_spot(tokens, i, names) for i in spots]
    if not all(options):
        return
    seen = 0
    for combination in product(*options):
        result = _apply(tokens, combination)
        if result is not None:
            yield result, tuple(dict.fromkeys((old, new.text) for _, _, old, new in combination))
            seen += 1
            if seen >= _MOST:
                return


Replacement = tuple[int, int, str, Token]


def _spot(tokens: list[Token], index: int, names: NameIndex) -> list[Replacement]:
    """Replacements of a window of tokens around one unexplained token."""
    found: list[Replacement] = []
    edited: list[Replacement] = []
    for before, after in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2), (3, 0), (0, 3)):
        first, last = index - before, index + after
        if first < 0 or last >= len(tokens) or not _adjoining(tokens[first : last + 1]):
            continue
        if any(t.has("org") or t.has("year") or t.has("number") for t in tokens[first : last + 1]):
            continue
        text = "".join(t.text for t in tokens[first : last + 1])
        if len(text) > 12:
            continue
        found.extend((first, last, text, new) for new in _sounds_like(text, names))
        edited.extend((first, last, text, new) for new in _looks_like(text, names))
    return (found or edited)[:8]


def _weak_homophones(tokens: list[Token]) -> list[int]:
    """Where filler and passing words together sound like a word that names something: 「与以公开」 is 予以公开, and must
    not pass for 「与」「以」「公开」."""
    out = []
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + 4, len(tokens))):
            window = tokens[first : last + 1]
            if not _adjoining(window) or not all(t.senses and _weak(t) for t in window):
                continue
            text = "".join(t.text for t in window)
            words = [w for w in _by_sound().get(sound(text), ()) if w != text]
            if len(text) >= 3 and words and text not in lexicon():
                out.append(first)
    return out


def _weak(token: Token) -> bool:
    return len(token.text) <= 2 and all(kind in ("filler", "context", "op", "measure", "row~") for kind, _ in token.senses)


def _adjoining(tokens: list[Token]) -> bool:
    return all(a.end == b.start for a, b in zip(tokens, tokens[1:], strict=False)) and not any(t.has("stop") for t in tokens)


def _sounds_like(text: str, names: NameIndex) -> list[Token]:
    if len(text) < 2:
        return []
    known = lexicon()
    out = [Token(n.name, 0, 0, tuple(("org", str(i)) for i in n.ids)) for n in names.sounds_like(text)]
    out.extend(Token(word, 0, 0, known[word]) for word in _by_sound().get(sound(text), ()) if word != text)
    return out


def _looks_like(text: str, names: NameIndex) -> list[Token]:
    """One edit away. Never certain (新桥街道 is no misspelt 柴桥街道): marked, so that the assistant asks back."""
    if len(text) < 3:
        return []
    known = lexicon()
    out = [Token(n.name, 0, 0, (*(("org", str(i)) for i in n.ids), UNCERTAIN)) for n in names.near(text)]
    out.extend(Token(word, 0, 0, (*known[word], UNCERTAIN)) for word in _edited(text))
    return out


# a sense every guessed token carries: the question is not answered on it, only offered
UNCERTAIN = ("guess", "")


def _edited(text: str) -> list[str]:
    """Words of the lexicon one edit away: the whole window must become one known word."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    pool = [w for w in _content_words() if abs(len(w) - len(text)) <= 1 and len(w) >= 4]
    return [word for word, _, _ in process.extract(text, pool, scorer=OSA.distance, score_cutoff=1, limit=4)]


def _apply(tokens: list[Token], replacements: tuple[Replacement, ...]) -> list[Token] | None:
    """None where two replacements overlap without being the same."""
    taken: dict[int, Replacement] = {}
    for replacement in replacements:
        for index in range(replacement[0], replacement[1] + 1):
            if index in taken and taken[index] != replacement:
                return None
            taken[index] = replacement
    out: list[Token] = []
    for index, token in enumerate(tokens):
        chosen = taken.get(index)
        if chosen is None:
            out.append(token)
        elif index == chosen[0]:
            new = chosen[3]
            out.append(Token(new.text, token.start, tokens[chosen[1]].end, new.senses))
    return out
