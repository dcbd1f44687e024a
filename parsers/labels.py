"""Printed labels: reduced to what identifies them, and matched with the catalogue's rows, columns and blocks.

Converters lose characters, break labels over lines and add notes; clerks shorten them. A label is matched when one
entry fits clearly better than every other; what fits two is matched with none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from knowledge.catalogue import Catalogue, Entry, catalogue, plain_label
from parsers.figures import visible

# A label as short as 不予公开 differs from 不予处理 by two characters: only longer ones are matched loosely.
_SHORTEST_LOOSE = 6
_SHORTEST_PART = 4
# 「…申请数量（件）」: notes in brackets behind a label
_NOTE = re.compile(r"[（(【\[〔][^（()）]*[)）】\]〕]")
# 「采购总金额（单位：万元）」, 「自然人(件)」: a unit in brackets, which any label may have
_UNIT_NOTE = re.compile(r"[（(【\[〔](?:计量)?(?:单位[:：]?)?(?:[万亿]?元|[件项条个份次人])[)）】\]〕]$")
# 「第二十条第（一）项」, also with blanks, other brackets, 款
CLAUSE = re.compile(r"第?二十条(?:第一款)?第?[（(]?([一二三四五六七八九十\d])[)）]?[项款]?")
_CLAUSE_NUMBERS = {"1": "一", "5": "五", "6": "六", "8": "八", "9": "九"}

# 「（一）」 1 · 「1.」 2 · 「（1）」 3 · 「①」 4: how deep a numbered row stands; 「一、」 0
_LEVELS = (
    (0, re.compile(r"[一二三四五六七八九十]{1,3}[、.．,，]")),
    (1, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]")),
    (2, re.compile(r"\d{1,2}[、.．,，](?!\d)")),
    (3, re.compile(r"[（(]\d{1,2}[)）]")),
    (3, re.compile(r"\d{1,2}[)）]")),
    (4, re.compile(r"[①-⑳]")),
)
SUB_ROW = re.compile(r"[（(]?其中")


@lru_cache(maxsize=4096)
def printed(text: str) -> str:
    """A label as printed, without white space and converter's debris: how paths and columns are written."""
    return "".join(visible(text).text.split())


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A label as it is compared: see ``plain_label``; notes in brackets are kept."""
    return plain_label(printed(text))


def numbering_level(label: str) -> int | None:
    """Depth that the number in front of a label gives it, None without one."""
    for level, pattern in _LEVELS:
        if pattern.match(label):
            return level
    return None


def clause(label: str) -> str | None:
    """「第二十条第（五）项」→「五」."""
    match = CLAUSE.search(printed(label))
    if match is None or len(printed(label)) > 24:
        return None
    return _CLAUSE_NUMBERS.get(match[1], match[1])


class Lexicon:
    """The printings of some entries, and what they name. Built once per kind of label, never changed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        exact: dict[str, str | None] = {}
        for entry in entries:
            for form in entry.plain:
                exact[form] = entry.key if exact.get(form, entry.key) == entry.key else None
        self._exact: Mapping[str, str | None] = MappingProxyType(exact)
        self._long = tuple((form, key) for form, key in exact.items() if key and len(form) >= _SHORTEST_LOOSE)

    def whole(self, text: str) -> str | None:
        """The key whose printing the label is, notes and all."""
        return self._exact.get(plain(text))

    def exact(self, text: str) -> str | None:
        """The key whose printing the label is, notes aside."""
        form = plain(text)
        if form in self._exact:
            return self._exact[form]
        bare = plain_label(_NOTE.sub("", printed(text)))
        if not bare or bare in self._exact:
            return self._exact.get(bare)
        return self._exact.get(plain_label(bare.removeprefix("其中")))  # 其中：专职人员数

    def match(self, text: str) -> str | None:
        """The key a label names: exactly, shortened, or with characters lost; None where two fit or none."""
        return _matched(self, text)

    def loose(self, text: str) -> str | None:
        """The key that a shortened or damaged label fits clearly better than any other."""
        form = plain(_NOTE.sub("", printed(text))) or plain(text)
        if len(form) < _SHORTEST_PART or len(form) > 80:
            return None
        holders = {key for long, key in self._long if form in long}
        if len(holders) == 1:
            return holders.pop()
        if len(form) < _SHORTEST_LOOSE - 1:
            return None
        return self._nearest(form)

    def _nearest(self, form: str) -> str | None:
        """By edit distance: at most a quarter of the shorter label, and clearly nearer than any other entry."""
        best: dict[str, int] = {}
        for long, key in self._long:
            limit = max(2, min(len(long), len(form)) // 4)
            far = _distance(form, long, limit + 3)
            best[key] = min(best.get(key, 99), far)
        if not best:
            return None
        (first, distance), *others = sorted(best.items(), key=lambda item: item[1])
        limit = max(2, len(form) // 4)
        if distance > limit or (others and others[0][1] < distance + 2):
            return None
        return first


@lru_cache(maxsize=8192)
def _matched(lexicon: Lexicon, text: str) -> str | None:
    return lexicon.exact(text) or lexicon.loose(text)


def _distance(a: str, b: str, limit: int) -> int:
    """Edit distance, or anything above ``limit`` once it cannot be less."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
        if min(row) > limit:
            return limit + 1
    return row[-1]


@cache
def rows() -> Lexicon:
    """Rows of the applications table."""
    return Lexicon(catalogue().rows.values())


@cache
def applicants() -> Lexicon:
    """Columns of the applications table."""
    return Lexicon(catalogue().applicants.values())


@cache
def blocks() -> Lexicon:
    """行政复议, 行政诉讼, 未经复议直接起诉, 复议后起诉."""
    return Lexicon(catalogue().blocks.values())


@cache
def outcomes() -> Lexicon:
    """结果维持 … 总计."""
    return Lexicon(catalogue().outcomes.values())


@cache
def items() -> Lexicon:
    """规章 … 政府集中采购."""
    return Lexicon(catalogue().items.values())


@cache
def measures() -> Lexicon:
    """本年新制作数量 … 采购总金额."""
    return Lexicon(catalogue().measures.values())


@cache
def local_rows() -> Lexicon:
    """Rows of local statistics tables that the catalogue knows."""
    return Lexicon(catalogue().local.values())


# Words of the form that are neither row nor column of it
OTHER_WORDS = ("信息内容", "申请人情况", "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和", "统计指标", "指标名称", "计量单位",
               "单位", "统计数", "数值", "法人或其他组织", "办理结果", "其中")  # fmt: skip


@cache
def vocabulary() -> str:
    """Every label of the form, one a line: a fragment of a label is a piece of this text."""
    known: Catalogue = catalogue()
    groups = (known.rows, known.applicants, known.blocks, known.outcomes, known.items, known.measures, known.local)
    words = {form for group in groups for entry in group.values() for form in entry.plain}
    clauses = {plain_label(f"第二十条第（{n}）项") for n in "一五六八九"}
    return "\n".join(sorted(words | clauses | set(OTHER_WORDS)))


@lru_cache(maxsize=4096)
def is_form_word(text: str) -> bool:
    """Whether a piece of text is a label of the form or a fragment of one."""
    form = plain(text)
    return bool(form) and not form.isdigit() and (form in vocabulary() or is_whole_label(text))


@cache
def _whole() -> frozenset[str]:
    return frozenset(vocabulary().split("\n"))


def is_whole_label(text: str) -> bool:
    """Whether a text is one whole label of the form, not a fragment; a unit in brackets may stand behind it."""
    return plain(text) in _whole() or plain(_UNIT_NOTE.sub("", printed(text))) in _whole()
