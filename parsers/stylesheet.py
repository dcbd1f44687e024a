"""Which elements of a page its own style sheets hide. Only rules for one class or one id are understood; what needs more
of CSS than that is taken as shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
# 「.phone, div.old-copy { display: none }」
_RULE = re.compile(r"(?P<selectors>[^{}]*)\{(?P<declarations>[^{}]*)\}")
_SIMPLE = re.compile(r"[a-z0-9]*[.#][\w-]+", re.IGNORECASE)
_DISPLAY = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*(?P<display>[\w-]+)|visibility\s*:\s*(?P<visibility>[\w-]+))", re.IGNORECASE
)
_LONGEST = 500_000  # characters of style sheets that are looked at


def hides(rules: Mapping[str, bool], tag: str, classes: str, key: str, style: str) -> bool:
    """Whether ``rules`` hide an element with this tag and these class, id and style attributes, and nothing shows it."""
    names = [*(f".{name}" for name in classes.split()), f"#{key}"]
    said = [rules[name] for bare in names for name in (bare, tag + bare) if name in rules]
    return bool(said) and all(said) and not _DISPLAY.search(style)


def rules(text: str) -> dict[str, bool]:
    """「.name」, 「#name」 or 「div.name」 → whether the last rule for it in the style sheets hides; rules for certain media left out."""
    out: dict[str, bool] = {}
    for match in _RULE.finditer(_without_conditions(_COMMENT.sub(" ", text[:_LONGEST]))):
        says = None
        for said in _DISPLAY.finditer(match["declarations"]):
            says = (said["display"] or "").lower() == "none" or (said["visibility"] or "").lower() == "hidden"
        if says is not None:
            for selector in match["selectors"].split(","):
                if _SIMPLE.fullmatch(selector.strip()):
                    out[selector.strip()] = says
    return out


def _without_conditions(text: str) -> str:
    """Style text without @media and other blocks of rules."""
    out: list[str] = []
    at = 0
    while (start := text.find("@", at)) >= 0:
        out.append(text[at:start])
        opening = text.find("{", start)
        ending = text.find(";", start)
        if opening < 0 or 0 <= ending < opening:  # @import, @charset
            at = ending + 1 if ending >= 0 else len(text)
            continue
        depth, at = 1, opening + 1
        while depth and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
    return "".join([*out, text[at:]])
