"""Sections 一 or 五 are nearly the same as last year's, or as another body's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.catalogue import catalogue
from knowledge.evidence import Evidence, finding
from knowledge.model import Finding

_KINDS = ("overview", "problems")
_SAME = 90
# shorter texts are alike by chance: 本年度无其他需要报告的事项
_LONG_ENOUGH = 80


def check(facts: Evidence, before: Evidence | None = None) -> Iterator[Finding]:
    """At most one finding per section, with the report it is most like."""
    compared = [*([before] if before is not None else []), *facts.others]
    for kind in _KINDS if compared else ():
        text = _words(facts, kind)
        scores = [(_alike(text, _words(other, kind)), number) for number, other in enumerate(compared)]
        best, number = max(scores)
        if best >= _SAME:
            yield _finding(facts, kind, best, compared[number])


def _finding(facts: Evidence, kind: str, score: int, other: Evidence) -> Finding:
    spans = tuple(passage.span for passage in facts.passages_of(kind))
    whose = "本单位" if other.org == facts.org else other.org
    words = f"{whose}{other.year}年的报告"
    heading = catalogue().sections[kind].name
    return finding("copied_text", facts, None, found=str(score), quotes=spans, heading=heading, other=words)


def _words(facts: Evidence, kind: str) -> str:
    """The section without blanks and figures: a text that only changed its numbers is copied too."""
    return re.sub(r"[\s\d]+", "", facts.passage(kind) or "")


def _alike(one: str, other: str) -> int:
    """Percentage of agreement, 0 where one of them is too short to tell."""
    if min(len(one), len(other)) < _LONG_ENOUGH:
        return 0
    from rapidfuzz.fuzz import ratio  # not needed for most reports: nothing to compare with

    return int(ratio(one, other, score_cutoff=_SAME))
