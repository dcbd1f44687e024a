"""Several questions in one message: the clauses that ask, each with what leads up to it."""

from __future__ import annotations

import re

from knowledge.scan import LONGEST_QUESTION, cleaned

# a clause with one of these asks something by itself
_ASKS = re.compile("几|多少|谁|哪|占比|百分之|有没有|有无|是不是|是否|[吗呢](?:，|$)|怎么样|最多|最少|最高|最低")
# 复议几件|诉讼几件: where one question ends and the next begins without a stop
_COUNTED = re.compile(r"(?:几|多少)(?:件|项|次|条|篇|元|万元|钱|家)?(?=[\u4e00-\u9fff]{2})")
_COMPARES = "较比跟同与和多少差增减"
_MOST = 3


def questions(text: str) -> tuple[str, ...]:
    """The questions of a message in their order; one, or none, where it asks only once. Clauses that ask nothing lead
    up to the next that does; the last go with the one before."""
    clean = cleaned(text)
    if len(text) >= LONGEST_QUESTION:
        return ()
    out: list[str] = []
    waiting: list[str] = []
    for clause in (part for part in clean.split("，") if part.strip()):
        waiting.append(clause)
        if _ASKS.search(clause):
            out.append("，".join(waiting))
            waiting = []
    if waiting and out:
        out[-1] = "，".join([out[-1], *waiting])
    return tuple(out) if 1 < len(out) <= _MOST else ()


def run_together(text: str) -> tuple[str, ...]:
    """「复议几件诉讼几件」: cut behind each 几件 but the last."""
    clean = cleaned(text)
    ends = [m.end() for m in _COUNTED.finditer(clean)]
    if "，" in clean or len(ends) != 1 or not _ASKS.search(clean[ends[0] :]):
        return ()
    if clean[ends[0]] in _COMPARES:  # …上一年几项较上年多了多少: one question
        return ()
    return clean[: ends[0]], clean[ends[0] :]
