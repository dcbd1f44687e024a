"""Every word the grammar knows, with its senses, built from the catalogue and ``data/lexicon/*.toml``.

Also the home of jieba: a tokeniser with this small dictionary only (jieba's own 350,000 words cost a second to load,
and a word that is not in our lexicon must come out as unexplained anyway).
"""

from __future__ import annotations

import logging
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from knowledge.catalogue import DATA, Entry, catalogue
from knowledge.query import Senses
from knowledge.text import fold

_DROP = re.compile(r"[“”\"'‘’「」『』《》〈〉()（）\[\]【】〔〕·`~/\\|*#_<>{}^$@&=+、,，.:：\s-]")

Sense = tuple[str, str]


def _data(name: str) -> dict[str, Any]:
    with open(DATA / "lexicon" / f"{name}.toml", "rb") as handle:
        return tomllib.load(handle)


@cache
def data(name: str) -> Mapping[str, Any]:
    """One file of ``data/lexicon``, read once."""
    return _data(name)


def word_key(word: str) -> str:
    """A word as the lexicon and the cleaned question spell it: folded, without quotes, brackets and blanks."""
    return _DROP.sub("", fold(word).text)


# 公开了几件申请 asks for 予以公开; 公开 alone is in every label
_NO_PASSING = frozenset({"公开"})

# printed in several tables; said of everything (申请总计 is no 办理结果总计)
_TOO_GENERAL = frozenset({"总计", "合计"})


def _entry_senses(kind: str, entries: Mapping[str, Entry]) -> Iterator[tuple[str, Sense]]:
    for entry in entries.values():
        for word in (*entry.words, entry.name, entry.label, *entry.also):
            if word not in _TOO_GENERAL:
                yield word, (kind, entry.key)
        for word in entry.loose:
            yield word, (f"{kind}~", entry.key)


def _all_senses() -> Iterator[tuple[str, Sense]]:
    known = catalogue()
    # the row 三、本年度办理结果 itself prints no figure: who says it means its 总计
    yield from _entry_senses("row", {k: e for k, e in known.rows.items() if k in known.metrics})
    yield from _entry_senses("applicant", {k: e for k, e in known.applicants.items() if k != "total"})
    yield from ((w, ("applicant", "total")) for w in known.applicants["total"].words)
    yield from _entry_senses("block", known.blocks)
    yield from _entry_senses("outcome", {k: e for k, e in known.outcomes.items() if k != "total"})
    yield from _entry_senses("item", known.items)
    yield from _entry_senses("measure", known.measures)
    yield from _entry_senses("local", known.local)
    for section in known.sections.values():
        for word in (*section.words, *section.headings):
            yield word, ("section", section.key)
    for subject, words in data("context").items():
        yield from ((w, ("topic", subject)) for w in words["topic"])
        yield from ((w, ("context", subject)) for w in words["words"])
    for operator in data("operators")["operator"]:
        yield from ((w, ("op", operator["role"])) for w in operator["words"])
    yield from ((w, ("kind", k["key"])) for k in data("kinds")["kind"] for w in k["words"])
    yield from ((w, ("rate", r["key"])) for r in data("rates")["rate"] for w in r["words"])
    yield from ((w, ("meta", m["key"])) for m in data("meta")["meta"] for w in m["words"])
    yield from ((w, ("talk", t["key"])) for t in data("smalltalk")["talk"] for w in t["words"])
    yield from ((w, ("filler", kind)) for kind, words in data("filler").items() if kind != "persona" for w in words)
    yield from ((w, ("relative_year", str(n))) for w, n in RELATIVE_YEARS.items())
    yield from ((w, ("neighbour", str(n))) for w, n in NEIGHBOUR_YEARS.items())
    yield from ((w, ("foreign", kind)) for kind, words in data("foreign").items() for w in words)


# years counted from today's year
RELATIVE_YEARS = {
    "今年": 0,
    "本年": 0,
    "去年": -1,
    "前年": -2,
    "大前年": -3,
    "两年前": -2,
    "三年前": -3,
}
# years counted from the one spoken of, else from today's
NEIGHBOUR_YEARS = {
    "上一年": -1,
    "上一年度": -1,
    "上年": -1,
    "上年度": -1,
    "前一年": -1,
    "前一年度": -1,
    "下一年": 1,
    "下一年度": 1,
    "后一年": 1,
    "次年": 1,
    "翌年": 1,
}


@cache
def lexicon() -> Mapping[str, Senses]:
    """Folded word → its senses, in the order of the data files."""
    out: dict[str, list[Sense]] = {}
    for word, sense in _all_senses():
        key = word_key(word)
        if key:
            senses = out.setdefault(key, [])
            if sense not in senses:
                senses.append(sense)
    for word, senses in out.items():  # 公开了, 收到过: whatever the bare verb may be in passing, these may be too
        if word[-1] in "了过的" and len(word) > 1 and word[:-1] not in _NO_PASSING:
            senses.extend(
                s for s in out.get(word[:-1], []) if s[0] in ("context", "filler", "topic") and s not in senses
            )
    if ("relative_year", "0") in out.get("本年", []):  # 本年新收: the report's own year
        out["本年"].remove(("relative_year", "0"))
    return {word: Senses(senses) for word, senses in out.items()}


@cache
def _tokenizer() -> Any:
    # jieba asks setuptools for its resources when that is installed, and loads tables for guessing unknown words, which
    # are not used here: each takes longer than everything else it does
    unwanted = [name for name in ("pkg_resources", "jieba.finalseg") if name not in sys.modules]
    for name in unwanted:
        sys.modules[name] = None if name == "pkg_resources" else ModuleType(name)  # type: ignore[assignment]
    try:
        import jieba
    finally:
        for name in unwanted:
            del sys.modules[name]
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    frequencies: dict[str, int] = {}
    for word in lexicon():
        # among segmentations with equally many words jieba takes the likelier: one-character words are a last resort
        frequencies[word] = 30 if len(word) == 1 else 1000 + len(word)
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    tokenizer.FREQ = frequencies
    tokenizer.total = sum(frequencies.values())
    tokenizer.initialized = True
    return tokenizer


def cut(text: str) -> list[str]:
    """The words of a cleaned, folded text; what the dictionary does not know comes out character by character."""
    return list(_tokenizer().cut(text, HMM=False))
