"""Chinese text as people type and print it, folded to one form with a map back to the original.

Folding: NFKC (full width → half width), invisible characters dropped, traditional → simplified, lower case.
The original is never changed; ``Folded.origin`` maps every folded character to its place in it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

# zero width, direction marks, BOM, variation selectors: nothing a reader sees
_INVISIBLE = frozenset(
    [
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        0x00AD,
        0x180E,
        *range(0xFE00, 0xFE10),
    ]
)

# 柴桥2020年: nothing but characters that stay where they are
_ONE_TO_ONE = re.compile(r"[\x00-\x7f\u4e00-\u9fff]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` is the folded string; ``origin[i]`` the offset in the original that text[i] came from;
    ``origin`` has one more entry, the original's length."""

    text: str
    origin: tuple[int, ...]


@cache
def _simplifier() -> Any:
    from opencc import OpenCC  # 31 ms; most texts have no traditional character at all

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional characters replaced one for one; other text unchanged.

    Characters outside GB 2312 are where traditional ones live, so text within it is passed through untouched.
    """
    try:
        text.encode("gb2312")
        return text
    except UnicodeEncodeError:
        pass
    return "".join(_one_simplified(c) for c in text)


@cache
def _one_simplified(char: str) -> str:
    if not "\u3400" <= char <= "\u9fff":
        return char
    out = str(_simplifier().convert(char))
    return out if len(out) == 1 else char


def fold(text: str) -> Folded:
    """See the module's docstring. ``fold(x).text`` of a folded text is itself."""
    if _ONE_TO_ONE.fullmatch(text):
        return Folded(simplified(text.lower()), tuple(range(len(text) + 1)))
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        code = ord(char)
        if code in _INVISIBLE:
            continue
        if 0x4E00 <= code <= 0x9FFF:
            out.append(char)
            origin.append(index)
            continue
        for piece in unicodedata.normalize("NFKC", char).lower():
            out.append(piece)
            origin.append(index)
    origin.append(len(text))
    return Folded(simplified("".join(out)), tuple(origin))


def squeeze(text: str) -> str:
    """All white space removed, also no-break and full-width blanks: how labels are compared."""
    return "".join(text.split())
