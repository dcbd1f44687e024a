"""What a message of a conversation is rewritten to before it is read: corrections, and names that lean on a place.

「民政局呢」 after a body of 清渠区 is that of 清渠区; 「望河的呢」 after 清渠区民政局 is the 民政局 of 望河县.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.grammar import Context, names_figure
from knowledge.located import chains
from knowledge.mentions import Chain, NameIndex
from knowledge.query import Mention, Senses, Token

# 不对，我问的是2021年 · 不是小港，是石鼓 · 算了，看看行政许可
_NOT_THAT = re.compile(
    r"^(?:哦|噢|嗯|呃)?，?(?:(?:不对|错了|搞错了|说错了|打错了|不是的?|算了|不是这个)，|(?:不对|错了|搞错了|说错了|打错了)(?=我(?:问|说|要|想|查|是)))(?:我?(?:问的|说的|要的|想问的|查的)?是|我是(?:说|问)|我(?:问|要)的是)?"
)
# 换个话题，行政许可办了多少
_NEW_SUBJECT = re.compile(
    r"^(?:那)?(?:我们|咱们)?(?:换个?(?:话题|问题)|(?:说|聊|问)点?(?:别的|其他的)"
    r"|(?:再|另外)问(?:一)?(?:个|下|句)?(?:别的|其他的|问题)?)(?:吧|啊)?，"
)
_THIS_NOT_THAT = re.compile(r"^(?:我?(?:问的|说的|要的|想问的)?)不是([^，是]{2,20})，?(?:而|我?(?:问的|说的|要的)?)是([^，]{2,20})$")
_OF = ("的", "那边", "那家", "那个")


def corrected(text: str, previous: Context | None) -> str:
    """The message without the words that only take the last one back."""
    if previous is None:
        return text
    instead = _THIS_NOT_THAT.match(text)
    if instead is not None:
        return instead[2]
    rest = _NOT_THAT.sub("", _NEW_SUBJECT.sub("", text))
    return rest if rest.strip("，") else text


def leaning(tokens: Sequence[Token], names: NameIndex, previous: Context | None) -> list[Token]:
    """A fragment's shared name, or its place, told by what the conversation is about; else the tokens as they are."""
    out = list(tokens)
    if previous is None or any(names_figure(t) or t.has("topic") or t.has("rate") for t in tokens):
        return out
    named = [t for t in tokens if t.has("org") or t.has("place")]
    if len(named) != 1:
        return out
    token, at = named[0], out.index(named[0])
    if token.has("place"):
        ids = _of_that_place(token, at, out, names, previous)
    else:
        ids = _of_the_same_place(token, names, previous)
    if ids:
        out[at] = Token(token.text, token.start, token.end, Senses([("org", str(one)) for one in ids]))
    return out


def _of_the_same_place(token: Token, names: NameIndex, previous: Context) -> tuple[int, ...]:
    ids = tuple(int(key) for key in token.keys("org"))
    if len(ids) < 2:
        return ()
    for chain in _where(names, previous):
        near = tuple(one for one in ids if names.directly_in(one, chain))
        if near:
            return near
    return ()


def _where(names: NameIndex, previous: Context) -> list[Chain]:
    """The place of the body spoken of last, or the place whose bodies were."""
    query = previous.query
    if len(query.organisations) == 1 and len(query.organisations[0].ids) == 1:
        chain = names.where(query.organisations[0].ids[0])
        return [chain] if chain else []
    if query.organisations:
        return []
    return [tuple(place.split("/")) for place in query.places] if len(query.places) == 1 else []


def _of_that_place(
    token: Token, at: int, tokens: Sequence[Token], names: NameIndex, previous: Context
) -> tuple[int, ...]:
    """「望河的呢」: the body of that place that goes by the same name as the one spoken of."""
    query = previous.query
    if query.every or query.places or len(query.organisations) != 1 or len(chains(token)) != 1:
        return ()
    before: Mention = query.organisations[0]
    asked_back = len(before.ids) > 1
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    government = () if asked_back else tuple(int(key) for key in token.keys("org"))
    if government and following not in _OF:
        return ()  # 清渠区呢: its government
    pool = before.ids if asked_back else names.namesakes(before.ids[0])
    there = tuple(one for one in pool if names.directly_in(one, chains(token)[0]))
    if len(there) != 1 or there == before.ids:
        return ()
    return (*there, *government)  # 清渠区的呢: its government, or the like of the body spoken of? Asked back
