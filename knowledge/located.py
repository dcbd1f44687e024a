"""Places among the tokens of a question: 北仑柴桥 is one body, 牡丹江阳明街道 none of ours, 北仑区 a place to look in.

A body that is named but has no report gets an id of its own below zero, so that the answer can say just that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge import places
from knowledge.mentions import Chain, NameIndex
from knowledge.names import split
from knowledge.query import Refusal, Senses, Token

SEPARATOR = "/"
# 北仑区政府: the body itself, not what lies in its area
_GOVERNMENT = ("政府", "人民政府", "区政府", "县政府", "市政府", "省政府")


def chains(token: Token) -> tuple[Chain, ...]:
    """The places a token can mean."""
    return tuple(tuple(key.split(SEPARATOR)) for key in token.keys("place"))


def nobody(text: str, start: int, end: int) -> Token:
    """A body by name that the store has no report of."""
    return Token(text, start, end, Senses([("org", str(-1 - start))]))


# 小河|镇 is no 小河街道, 阳明|区 no 阳明街道
_OTHER_KIND = frozenset(kind + tail for kind in "镇乡村区县市省" for tail in ("", "政府", "人民政府")) | {
    "民族乡",
    "社区",
    "建制镇",
    "街道",
    "街道办",
    "街道办事处",
    "街办",
}
# a name that ends like this says its kind already
_SAYS_KIND = (
    "街道",
    "镇",
    "乡",
    "区",
    "县",
    "市",
    "省",
    "州",
    "旗",
    "政府",
    "办事处",
    "办",
    "局",
    "委",
    "厅",
    "会",
    "中心",
)


def _other_kinds(tokens: Sequence[Token]) -> list[Token]:
    """Bodies called by a bare stem with another kind behind it are other bodies."""
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        if (
            before is not None
            and before.has("org")
            and before.end == token.start
            and (
                (token.text in _OTHER_KIND and not before.text.endswith(_SAYS_KIND))
                or token.has("foreign", "bodies")
                or (token.text == "法院" and before.text[-1] in "省市区县州旗盟")
            )
        ):
            out[-1] = nobody(before.text + token.text, before.start, token.end)
        else:
            out.append(token)
    return out


def _other_places(tokens: Sequence[Token], names: NameIndex) -> list[Token]:
    """白鹭|县教育局 is not the 教育局 of another county, though nobody knows where 白鹭 is — unless it is a typo of ours."""
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        if (
            before is not None
            and token.has("org")
            and before.end == token.start
            and not before.senses
            and _PLACE_LIKE.fullmatch(before.text)
            and _says_no_place(token.text)
            and not names.sounds_like(before.text + token.text)
            and not names.near(before.text + token.text)
        ):
            out[-1] = nobody(before.text + token.text, before.start, token.end)
        else:
            out.append(token)
    return out


_PLACE_LIKE = re.compile(r"[\u4e00-\u9fff]{2,4}")


def _says_no_place(name: str) -> bool:
    """县教育局, 教育局, 高新区: what every county has."""
    parts = split(name)
    bare = parts.kind == "zone" and not parts.core
    return not parts.places and (
        name[0] in "省市县区州" or bare or (parts.kind == "department" and name[-1] in "局厅办委")
    )


def located(tokens: Sequence[Token], names: NameIndex) -> list[Token]:
    """A place in front of a body narrows it: 北仑|柴桥, 宁波市|北仑区|的|政务办; one in front of a place, too."""
    if any(token.has("org") for token in tokens):
        tokens = _other_places(_other_kinds(tokens), names)
    if not any(token.has("place") for token in tokens):
        return list(tokens)
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens) and tokens[end].has("place") and (end == at or tokens[end - 1].end == tokens[end].start)
        ):
            end += 1
        if end == at:
            out.append(tokens[at])
            at += 1
            continue
        out_of_run, at = _run(tokens, at, end, names)
        out.extend(out_of_run)
    return out


def _run(tokens: Sequence[Token], at: int, end: int, names: NameIndex) -> tuple[list[Token], int]:
    """Neighbouring places [at, end) with what follows them, and where to go on."""
    body = end
    if body + 1 < len(tokens) and tokens[body].text == "的" and tokens[body + 1].start == tokens[body].end:
        body += 1
    if body < len(tokens) and tokens[body].has("org") and tokens[body - 1].end == tokens[body].start:
        return [_narrowed(tokens[at : body + 1], tokens[at:end], tokens[body], names)], body + 1
    if end < len(tokens) and tokens[end].text in _GOVERNMENT and tokens[end - 1].end == tokens[end].start:
        if not tokens[end - 1].has("org"):
            said = _said(tokens[at : end + 1])
            return [nobody(said, tokens[at].start, tokens[end].end)], end + 1
    named = end < len(tokens) and tokens[end - 1].end == tokens[end].start
    if named and (_is_named_after(tokens[end - 1], tokens[end]) or _is_a_department(tokens[end])):
        said = _said(tokens[at : end + 1])
        return [nobody(said, tokens[at].start, tokens[end].end)], end + 1
    if end - at > 1:
        whole = _nested(tokens[at:end], names)
        if whole is not None:
            return [whole], end
    return list(tokens[at:end]), end


def _said(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def _is_named_after(place: Token, kind: Token) -> bool:
    """清渠|街道 is a street of that name, not the streets of 清渠区; 清渠区|街道 are those."""
    return (
        kind.text in ("街道", "街道办", "街道办事处", "镇", "乡", "民族乡") and place.text[-1] not in "省市区县州旗盟"
    )


def _is_a_department(token: Token) -> bool:
    """墨川市|公安局, where the store has only a 分局 of it: a body without a report, not the bodies of the place."""
    return token.has("foreign", "bodies") and token.text.endswith(("局", "委", "厅"))


_DEPARTMENT = re.compile("(?:局|委|厅|院|处|中心|委员会|办公室|政务办)$")


def _narrowed(said: Sequence[Token], prefix: Sequence[Token], body: Token, names: NameIndex) -> Token:
    """The body, kept to those that are in all of these places; nobody when there is none.

    A body whose place is not known may be meant: then the name that was said without the place is kept for asking back.
    """
    named = ids = tuple(int(key) for key in body.keys("org"))
    for token in prefix:
        ids = tuple(one for one in ids if any(names.inside((one,), chain) for chain in chains(token)))
    if prefix[-1].end == body.start and _DEPARTMENT.search(body.text) and not split(body.text).places:
        # 云川市教育局 is not the 教育局 of a district of 云川市
        ids = tuple(one for one in ids if any(names.directly_in(one, chain) for chain in chains(prefix[-1])))
    text, start, end = _said(said), said[0].start, body.end
    if ids:
        return Token(text, start, end, Senses([("org", str(one)) for one in ids]))
    if any(one > 0 and not names.placed(one) for one in named):
        return Token(text, start, end, Senses([("org", str(-1 - start)), ("unplaced", body.text)]))
    return nobody(text, start, end)


def _nested(run: Sequence[Token], names: NameIndex) -> Token | None:
    """宁波市|北仑区 is one place; None for places side by side."""
    inner = [
        chain
        for chain in chains(run[-1])
        if all(any(set(outer) < set(chain) for outer in chains(token)) for token in run[:-1])
    ]
    if not inner:
        return None
    ids = [one for one in map(int, run[-1].keys("org")) if any(names.inside((one,), chain) for chain in inner)]
    senses = [("org", str(one)) for one in ids] + [("place", SEPARATOR.join(chain)) for chain in inner]
    return Token(_said(run), run[0].start, run[-1].end, Senses(senses))


def elsewhere(text: str, tokens: Sequence[Token], names: NameIndex, short: bool) -> list[Token] | None:
    """The tokens with real places that the store knows nothing of (新桥街道, 牡丹江); None when there are none.

    ``short``: names without 街道, 镇, 市 count too (新碶); those of a city or county in front of a body always do.
    """
    out, found = list(tokens), False
    for token in tokens:
        if token.senses or token not in out:
            continue
        low, high = _reach(out, out.index(token))
        place = places.place_in(text, token.start, token.end, low, high) or _with_neighbour(text, out, token)
        if place is None or not (short or places.is_place(text[place[0] : place[1]]) or _in_front(text, out, place)):
            continue
        if any(one.has("org") and one.start < place[0] < one.end for one in out):
            continue
        found = True
        new = _elsewhere(text[place[0] : place[1]], *place)
        first = next(i for i, one in enumerate(out) if one.end > place[0])
        last = next((i for i, one in enumerate(out) if one.start >= place[1]), len(out))
        out[first:last] = [new]
    return located(out, names) if found else None


def _in_front(text: str, tokens: Sequence[Token], place: tuple[int, int]) -> bool:
    """牡丹江|阳明街道, 沈阳|的|和平街道"""
    end = place[1] + text.startswith("的", place[1])
    return bool(places.codes(text[place[0] : place[1]])) and any(t.has("org") and t.start == end for t in tokens)


def _with_neighbour(text: str, tokens: Sequence[Token], token: Token) -> tuple[int, int] | None:
    """新|碶: a short name whose one character happens to be a word of ours."""
    at = tokens.index(token)
    before, after = tokens[at - 1] if at else None, tokens[at + 1] if at + 1 < len(tokens) else None
    if before is not None and len(before.text) == 1 and before.end == token.start and not _hard(before):
        if places.is_short_place(text[before.start : token.end]):
            return before.start, token.end
    if after is not None and len(after.text) == 1 and after.start == token.end and not _hard(after):
        if places.is_short_place(text[token.start : after.end]):
            return token.start, after.end
    return None


def _elsewhere(name: str, start: int, end: int) -> Token:
    found = places.codes(name)
    if not found:
        return nobody(name, start, end)
    # which of several does not matter: the store has nothing of any of them
    whole = places.chain(found[0])[-1] if len(found) == 1 else name
    return Token(name, start, end, Senses([("place", whole)]))


def _reach(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """How far a name may reach from an unexplained token: over a body right in front (小河|镇) and soft words."""
    first = last = index
    while first > 0 and tokens[first - 1].end == tokens[first].start and not _hard(tokens[first - 1]):
        first -= 1
        if tokens[first].has("org"):
            break
    while last + 1 < len(tokens) and tokens[last].end == tokens[last + 1].start and not _hard(tokens[last + 1]):
        if tokens[last + 1].has("org"):
            break
        last += 1
    return tokens[first].start, tokens[last].end


def _hard(token: Token) -> bool:
    return any(token.has(kind) for kind in ("year", "number", "stop", "place"))


# words that ask about many bodies: 北仑区 before them is where to look, though 北仑区人民政府 has a report, too
_MANY = frozenset({"all_bodies", "group", "who", "which", "count_bodies", "max", "min", "average", "rank", "per"})
_ORDER = frozenset({"top", "bottom", "descending", "ascending"})


def group_or_body(tokens: Sequence[Token]) -> list[Token]:
    """Each place token as one or the other: the body of that name (北仑区收到几件), or where to look (北仑区谁最多)."""
    roles = {role for token in tokens for role in token.keys("op")}
    if "position" not in roles:
        tokens = _words_of_the_report(tokens)
    both = [token for token in tokens if token.has("place") and token.has("org")]
    if not both:
        return list(tokens)
    alone = not any(token.has("org") and not token.has("place") for token in tokens)
    group = bool(roles & (_MANY | _ORDER)) and "position" not in roles and alone and len(both) == 1
    group = (group and _asks_for_bodies(tokens, roles)) or (alone and len(both) == 1 and _with_kind(tokens, both[0]))
    return [_only(token, "place" if group else "org") if token in both else token for token in tokens]


def _with_kind(tokens: Sequence[Token], place: Token) -> bool:
    """清渠区街道, 清渠区的镇: bodies of that kind in the place."""
    at = next(i for i, token in enumerate(tokens) if token is place) + 1
    if at + 1 < len(tokens) and tokens[at].text == "的":
        at += 1
    return at < len(tokens) and any(key in ("街道", "镇", "乡", "局", "部门") for key in tokens[at].keys("kind"))


_BODY_ASKED = ("谁", "单位", "家", "街道", "镇", "乡", "局", "部门", "机关")


def _asks_for_bodies(tokens: Sequence[Token], roles: set[str]) -> bool:
    """Not 南浦区有哪些不足, 南浦区哪年最多, 南浦区许可和处罚哪个多: there 哪 asks for a passage, a year, a figure."""
    if any(t.text.endswith(_BODY_ASKED) for t in tokens if t.keys("op") or t.has("kind")):
        return True
    said = "".join(t.text for t in tokens)
    if any(t.has("section") for t in tokens) or any(year in said for year in ("哪年", "哪一年", "哪个年")):
        return False
    figures = sum(1 for t in tokens if any(t.has(kind) for kind in ("row", "block", "item", "local")))
    return not ("list_join" in roles and figures > 1)


def _words_of_the_report(tokens: Sequence[Token]) -> list[Token]:
    """柴桥2020年宁波发布微信公众号…: a place behind the body it could not narrow any more is a word like others, not to
    be overheard; one in a clause of its own (…，北仑的) still says where the body is."""
    out: list[Token] = []
    named = False
    for token in tokens:
        if token.has("stop"):
            named = False
        elif token.has("org"):
            named = True
        elif named and token.has("place"):
            token = Token(token.text, token.start, token.end)
        out.append(token)
    return out


def _only(token: Token, kind: str) -> Token:
    kept = Senses((type_, key) for type_, key in token.senses if type_ == kind)
    return Token(token.text, token.start, token.end, kept, token.number, token.years)


def place_keys(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Where to look, as ``Query.places``; a name that several places have gives several."""
    return tuple(dict.fromkeys(key for token in tokens for key in token.keys("place")))


def which_place(tokens: Sequence[Token]) -> Refusal | None:
    """Asks back where several places in the store have the name (鼓楼区 of 南京, of 徐州), and where a report does not
    tell that its body is in the place that was said."""
    for index, token in enumerate(tokens):
        if not (token.has("place") or token.has("unplaced")):
            continue
        before, after = _said(tokens[:index]), _said(tokens[index + 1 :])
        meant = chains(token)
        if len(meant) > 1:
            choices = tuple(f"{before}{''.join(chain[-2:])}{after}" for chain in meant)
            return Refusal("clarify", "near", (token.text,), choices)
        if bare := token.keys("unplaced"):
            return Refusal("clarify", "near", (token.text,), (f"{before}{bare[0]}{after}",))
    return None
