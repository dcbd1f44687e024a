"""Words → what is measured. The rule that keeps figures right stands here: a target is only found for a set of tokens
when *every* one of them is explained, by the figure's own labels or by words its subject allows.

One function per subject (applications, reviews, 主动公开 items, local rows); each returns every target that fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from knowledge.catalogue import Catalogue, Entry, catalogue
from knowledge.query import Parts, Target, Token

# operator words that may stand in any question without changing which figure is meant
_NEUTRAL = frozenset({"total", "among", "follow_up", "question_end", "whether", "list_join", "each"})


@dataclass(frozen=True, slots=True)
class Found:
    """A target and the parts it was made from. ``strength`` counts the tokens that name it (not mere context)."""

    target: Target
    parts: Parts
    strength: int


def neutral(token: Token, roles: frozenset[str]) -> bool:
    """Is this token explained without naming anything: filler, or an operator that is in use?"""
    if token.has("filler") or token.has("stop") or (token.has("kind") and "kind" in roles):
        return True
    if "which_year" in roles and token.has("meta", "years"):
        return True
    return any(key in _NEUTRAL or key in roles for key in token.keys("op"))


def _ancestors(entries: dict[str, Entry] | object, key: str) -> list[str]:
    out: list[str] = []
    at: str | None = key
    while at is not None:
        out.append(at)
        at = entries[at].under  # type: ignore[index]
    return out


def _deepest(tokens: Sequence[Token], kind: str, entries: object, weak: Iterable[str] = ()) -> list[str]:
    """Keys named by a token of ``kind`` that all such tokens agree with: each names the key itself, a row above it, or
    only a weak row in passing (收到 beside 予以公开)."""
    named = [(t.keys(kind) + t.keys(kind + "~"), t.has(kind)) for t in tokens]
    named = [n for n in named if n[0]]
    candidates = list(dict.fromkeys(k for keys, _ in named for k in keys))
    out = []
    for key in candidates:
        above = _ancestors(entries, key)
        if all(any(k in above or (k in weak and not firm) for k in keys) for keys, firm in named):
            out.append(key)
    # of two weak rows the one that says more stays: 收到的申请办完了几件 asks for 办理结果
    if len(out) > 1 and any(k not in weak for k in out):
        out = [k for k in out if k not in weak]
    elif len(out) > 1:
        ranked = [k for k in reversed(list(weak)) if k in out]
        out = ranked[:1] or out
    return [k for k in out if not any(k != o and k in _ancestors(entries, o) for o in out)]


def _explained(token: Token, subject: str, kinds: tuple[str, ...], roles: frozenset[str]) -> bool:
    if any(token.has(kind) or token.has(kind + "~") for kind in kinds):
        return True
    return token.has("topic", subject) or token.has("context", subject) or neutral(token, roles)


def _naming(tokens: Sequence[Token], subject: str, kinds: tuple[str, ...]) -> int:
    return sum(1 for t in tokens if any(t.has(k) for k in kinds) or t.has("topic", subject))


# said in passing; the later one says more
_WEAK_ROWS = ("application.received", "application.total")
_ROW_DEFAULT = "application.received"
_OUTCOME_VERBS = frozenset({"公开", "提供", "处理", "答复", "办理"})


def _applications(known: Catalogue, tokens: Sequence[Token], roles: frozenset[str], carry: Parts | None) -> list[Found]:
    kinds = ("row", "applicant")
    if not all(_explained(t, "application", kinds, roles) for t in tokens):
        return []
    topic = any(t.has("topic", "application") for t in tokens)
    applicants = _applicants(known, tokens)
    if applicants is None:
        return []
    plain = [t for t in tokens if not (t.has("applicant") and not t.has("row"))]
    rows = _deepest(_inner(plain, roles), "row", known.rows, _WEAK_ROWS)
    said = bool(rows)
    firm = any(t.has("row") for t in plain)
    if not rows:
        if any(t.keys("row") or t.keys("row~") for t in plain):
            return []
        rows = [carry.row] if carry is not None and carry.row else [_ROW_DEFAULT]
        of_all = bool(applicants) and bool(roles & {"share", "ratio_word"})  # 自然人占比: of all applications
        if not topic and not of_all and (carry is None or not applicants):
            return []
        if any(t.text in _OUTCOME_VERBS for t in tokens):
            return []  # 部份公开: a verb of the outcomes stands there, and no row was understood from it
    elif not firm and not topic and carry is None and not (applicants and _says_who_applied(known, tokens, rows)):
        return []
    inherited = carry.applicant if carry is not None and not applicants else None
    out = []
    for row, applicant in product(rows, applicants or (inherited,)):
        if not said and not topic and applicant in (None, "total"):
            continue
        out.append(_application(known, row, applicant, _naming(tokens, "application", kinds)))
    out.extend(_other_ambiguity(known, tokens, out))
    return out


def _says_who_applied(known: Catalogue, tokens: Sequence[Token], rows: Sequence[str]) -> bool:
    """自然人投诉类几件 speaks of the form by its own label; 市民投诉, 群众举报, 企业办结 is daily work as well."""
    labels = {one.label for one in known.applicants.values()}
    return list(rows) == [_ROW_DEFAULT] or any(t.text in labels for t in tokens if t.has("applicant"))


def _inner(tokens: Sequence[Token], roles: frozenset[str]) -> list[Token]:
    """「新收的申请里部分公开的」: what stands before 里 only says of which applications."""
    among = "among" in roles or any(t.text in ("里", "中", "里的", "中的") for t in tokens)
    others = [t for t in tokens if (t.has("row") or t.has("row~")) and not t.has("row", _ROW_DEFAULT)]
    return [t for t in tokens if not (among and others and t.has("row", _ROW_DEFAULT))]


def _applicants(known: Catalogue, tokens: Sequence[Token]) -> tuple[str, ...] | None:
    """The applicant named; () when none is; None when two are named that are not one inside the other."""
    firm = [t for t in tokens if t.has("applicant") and not t.has("row") and not t.has("outcome")]
    keys = _deepest(firm, "applicant", known.applicants)
    if firm and len(keys) != 1:
        return None
    return tuple(keys)


def _other_ambiguity(known: Catalogue, tokens: Sequence[Token], found: list[Found]) -> list[Found]:
    """「其他」 alone is the row 其他处理 or the column 其他: both are offered."""
    lone = [t for t in tokens if t.has("applicant", "other") and t.has("row")]
    if not lone or not found:
        return []
    rest = [t for t in tokens if t not in lone]
    rows = _deepest(rest, "row", known.rows, _WEAK_ROWS)
    return [_application(known, r, "other", found[0].strength) for r in rows or [_ROW_DEFAULT]]


def _application(known: Catalogue, row: str, applicant: str | None, strength: int) -> Found:
    entry = known.rows[row]
    key = applicant or "total"
    who = known.applicants[key]
    name = entry.name if key == "total" else f"{who.name}{entry.name}"
    columns = who.sums if key == "organisation" else (key,)
    target = Target(((row,),), columns, "", name, "件")
    return Found(target, Parts("application", row=row, applicant=applicant), strength)


def _reviews(known: Catalogue, tokens: Sequence[Token], roles: frozenset[str], carry: Parts | None) -> list[Found]:
    kinds = ("block", "outcome")
    if not all(_explained(t, "review", kinds, roles) for t in tokens):
        return []
    blocks = _blocks(known, [t for t in tokens if t.has("block")])
    named = [t for t in tokens if t.has("outcome")]
    outcomes = _deepest(named, "outcome", known.outcomes)
    if (any(t.has("block") for t in tokens) and not blocks) or (named and not outcomes):
        return []
    if not blocks:
        if not outcomes:
            return []
        blocks = [carry.block] if carry is not None and carry.block else ["review", "litigation"]
    strength = _naming(tokens, "review", kinds)
    carried = carry.outcome if carry is not None and carry.block is None else None
    return [_review(known, b, o, strength) for b in blocks for o in outcomes or [carried or "total"]]


def _blocks(known: Catalogue, tokens: Sequence[Token]) -> list[str]:
    out = []
    named = [t.keys("block") for t in tokens]
    for key in dict.fromkeys(k for n in named for k in n):
        above = _ancestors(known.blocks, key)
        # 复议后起诉 speaks of both 复议 and 起诉
        also = ["review", "litigation"] if key == "litigation.after_review" else []
        if all(any(k in above or k in also for k in n) for n in named):
            out.append(key)
    return [k for k in out if not any(k != o and k in _ancestors(known.blocks, o) for o in out)]


def _review(known: Catalogue, block: str, outcome: str, strength: int) -> Found:
    metric = known.metrics[f"{block}.{outcome}"]
    parts = Parts("review", block=block, outcome=None if outcome == "total" else outcome)
    return Found(Target(((metric.key,),), (), "", metric.name, "件"), parts, strength)


def _actives(known: Catalogue, tokens: Sequence[Token], roles: frozenset[str], carry: Parts | None) -> list[Found]:
    kinds = ("item", "measure")
    allowed = roles | {"money"} if "money" in roles else roles
    if not all(_explained(t, "active", kinds, allowed) for t in tokens):
        return []
    items = _common([t for t in tokens if t.has("item")], "item")
    if items is None:
        return []
    measures = _measures(known, tokens, items)
    if measures is None:
        return []
    if not items and not any(t.has("measure") and not (t.has("context", "active") or t.has("filler")) for t in tokens):
        return []
    if not items and carry is not None and carry.item and any(m in known.items[carry.item].measures for m in measures):
        items = [carry.item]
    if not measures and carry is not None and carry.measure and _goes_on(tokens):
        # 行政许可上一年项目数量 → 处罚呢: the same column of the other item
        measures = [carry.measure] if all(carry.measure in known.items[i].measures for i in items) else []
    if not measures and carry is not None and carry.measure and not any(known.items[i].default for i in items):
        # 处罚几件 → 采购花了多少: the other item has no such column
        measures = [carry.measure] if any(carry.measure in known.items[i].measures for i in items) else []
    strength = _naming(tokens, "active", kinds)
    out: list[Found] = []
    for item in items or list(known.items):
        out.extend(_active(known, item, measures, roles, strength, tokens))
    return out


def _goes_on(tokens: Sequence[Token]) -> bool:
    """处罚呢, 处罚的: an item and no count or unit of its own."""
    return any(t.has("item") for t in tokens) and not any(t.has("filler", k) for t in tokens for k in ("counts", "units"))


def _common(tokens: Sequence[Token], kind: str) -> list[str] | None:
    """The keys that all these tokens can mean; [] when there are none of them, None when they contradict."""
    if not tokens:
        return []
    shared = set(tokens[0].keys(kind)).intersection(*(t.keys(kind) for t in tokens[1:]))
    return [k for k in tokens[0].keys(kind) if k in shared] or None


def _measures(known: Catalogue, tokens: Sequence[Token], items: Sequence[str]) -> list[str] | None:
    """The measures named. A word that can also be mere context (公开, 办理) gives way to a firmer one."""
    possible = {m for i in items for m in known.items[i].measures} if items else set(known.measures)
    named = []
    for token in tokens:
        keys = [k for k in token.keys("measure") if k in possible]
        if keys:
            named.append((token, keys))
        elif token.has("measure") and not (
            token.has("context", "active") or token.has("filler") or token.has("item") or token.has("op")
        ):
            return None
    firm = [k for t, k in named if not t.has("context", "active")] or [k for _, k in named]
    if not firm:
        return []
    shared = set(firm[0]).intersection(*firm[1:])
    return [k for k in firm[0] if k in shared] or None


def _active(
    known: Catalogue, item: str, measures: list[str], roles: frozenset[str], strength: int, tokens: Sequence[Token]
) -> list[Found]:
    entry = known.items[item]
    wanted = [m for m in measures if m in entry.measures]
    money = "money" in roles
    if measures and not wanted:
        return []
    if money and not measures:
        wanted = [m for m in entry.measures if known.measures[m].unit == "元"]
        if not wanted:
            return []
    if money and any(known.measures[m].unit != "元" for m in wanted):
        return []
    if not wanted:
        if "change" in entry.measures and "growth" in roles and any(t.text == "项" for t in tokens):
            wanted = ["change"]  # 减少了几项: the form has a column for just that
        elif entry.default:
            wanted = [entry.default]
        elif item == "procurement" and any(t.text in ("项", "个", "件", "次", "笔") for t in tokens):
            wanted = ["projects"]
        elif item == "procurement" and any(t.text in ("万", "亿") for t in tokens):
            wanted = ["amount"]
        else:  # the item alone: which of its columns is meant is for the report, or the asker, to settle
            return [_item(known, item, (m,), strength) for m in entry.measures]
    return [_item(known, item, tuple(wanted), strength)]


def _item(known: Catalogue, item: str, measures: tuple[str, ...], strength: int) -> Found:
    options = tuple((f"{item}.{m}",) for m in measures)
    first = known.metrics[options[0][0]]
    target = Target(options, (), "", first.name, first.unit)
    return Found(target, Parts("active", item=item, measure=measures[0] if len(measures) == 1 else None), strength)


def _locals(known: Catalogue, tokens: Sequence[Token], roles: frozenset[str], carry: Parts | None) -> list[Found]:
    if not all(_explained(t, "local", ("local",), roles) for t in tokens):
        return []
    keys = _deepest([t for t in tokens if t.has("local")], "local", known.local)
    strength = _naming(tokens, "local", ("local",))
    out = []
    for key in keys:
        entry = known.local[key]
        out.append(Found(Target(((key,),), (), "", entry.name, entry.unit), Parts("local", local=key), strength))
    return out


_SUBJECTS = (_applications, _reviews, _actives, _locals)


def loosely(tokens: Sequence[Token], roles: frozenset[str]) -> list[Found]:
    """What loose words may mean when nothing stands beside them (收到几件, 信访几件, 自然人几件): to be offered, not
    answered."""
    known = catalogue()
    if not any(t.has("row~") or t.has("applicant") for t in tokens) or not all(
        _explained(t, "application", ("row", "applicant"), roles) for t in tokens
    ):
        return []
    named = [t for t in tokens if t.has("row") or t.has("row~")]
    rows = _deepest(named, "row", known.rows, _WEAK_ROWS) if named else [_ROW_DEFAULT]
    applicants = _applicants(known, tokens)
    return [_application(known, row, (applicants or (None,))[0], 0) for row in rows] if applicants is not None else []


_PEOPLE_UNITS = frozenset({"人", "名", "位", "人次", "户"})
_MONEY_UNITS = frozenset({"元", "万元", "亿元", "块", "块钱"})


def _unit_fits(unit: str | None, asked: set[str], of_item: bool) -> bool:
    """几件 is never answered in 元, nor 多少元 or (of a licence, a penalty) 几人 in 件."""
    asked = asked - {"万", "亿"}
    if of_item and asked & _PEOPLE_UNITS:  # 处罚几人: the form counts decisions
        return False
    return not asked or (unit == "元") == bool(asked & _MONEY_UNITS)


def find_targets(tokens: Sequence[Token], roles: frozenset[str], carry: Parts | None = None) -> list[Found]:
    """Every target these tokens name in full. [] when a word of them stays unexplained in every subject.

    Among subjects, the one more of whose own words were said wins; equals are all returned (the caller asks back).
    """
    known = catalogue()
    found = [f for subject in _SUBJECTS for f in subject(known, tokens, roles, carry)]
    asked = {t.text for t in tokens if t.has("filler", "units")}
    asked |= {t.text[-1] for t in tokens if t.has("filler", "counts") and t.text.endswith(("人", "户"))}  # 几人
    fined = any(t.text in ("罚款", "罚", "罚了", "罚过") for t in tokens)
    sum_asked = any(t.text.endswith("罚款") for t in tokens) and not asked and "多少" in {t.text for t in tokens}
    if (fined and asked & {"万", "亿"}) or sum_asked:  # 罚款多少万, 罚款多少: the form counts decisions, not money
        found = [f for f in found if f.target.unit == "元"]
    found = [f for f in found if _unit_fits(f.target.unit, asked, f.parts.subject == "active")]
    if not found:
        return []
    best = max(f.strength for f in found)
    equal = list(dict.fromkeys(f for f in found if f.strength == best))
    # 培训了几次 / 培训了多少人次: the unit that was asked decides
    return [f for f in equal if f.target.unit in asked] or equal
