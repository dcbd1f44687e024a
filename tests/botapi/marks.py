"""HTML marks as the Bot API reads them: its own tags and four entities, everything else is an error."""

from __future__ import annotations

import re

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler", "span", "tg-emoji"}
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_ENTITY = re.compile(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_PLAIN = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class MarkError(Exception):
    """can't parse entities: …"""


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parsed(html: str) -> tuple[str, list[dict[str, object]]]:
    """The text without its marks, and the entities."""
    out: list[str] = []
    length = 0
    open_: list[tuple[str, int, str]] = []
    entities: list[dict[str, object]] = []
    at = 0
    while at < len(html):
        char = html[at]
        if char == "<":
            found = _TAG.match(html, at)
            if found is None:
                raise MarkError(f"can't parse entities: Unsupported start tag at byte offset {len(html[:at].encode())}")
            closing, name, rest = found[1], found[2].lower(), found[3].strip()
            if name not in _TAGS:
                raise MarkError(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {len(html[:at].encode())}')
            if not closing:
                if name == "blockquote" and any(tag == "blockquote" for tag, _, _ in open_):
                    raise MarkError("can't parse entities: blockquote entities can't be nested")
                open_.append((name, length, rest))
            else:
                if not open_ or open_[-1][0] != name:
                    place = len(html[:at].encode())
                    raise MarkError(f'can\'t parse entities: Unmatched end tag at byte offset {place}, found "</{name}>"')
                _, start, rest = open_.pop()
                kind = "expandable_blockquote" if name == "blockquote" and "expandable" in rest else name
                entities.append({"type": kind, "offset": start, "length": length - start})
            at = found.end()
            continue
        if char == "&":
            found = _ENTITY.match(html, at)
            if found is not None:
                name = found[1]
                char = _PLAIN.get(name) or chr(int(name[2:], 16) if name.startswith("#x") else int(name[1:]))
                at = found.end() - 1
        out.append(char)
        length += units(char)
        at += 1
    if open_:
        raise MarkError(f'can\'t parse entities: Can\'t find end tag corresponding to start tag "{open_[-1][0]}"')
    return "".join(out), entities
