"""Which operators there are, what each operation makes of them, and what a conversation remembers."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.query import Mention, Query, Token

# operator roles each operation makes use of; any other role present is left over
USES: dict[str, frozenset[str]] = {
    "times": frozenset({"times", "than", "both", "group", "compare"}),
    "share": frozenset({"share", "ratio_word", "sum", "all_bodies", "group", "average"}),
    "growth": frozenset({"growth", "last_year_base", "ratio_word", "more", "less", "difference", "than"}),
    "average": frozenset({"average", "trend", "all_bodies", "group", "per", "both", "count_bodies"}),
    "position": frozenset({"position", "rank", "all_bodies", "descending", "ascending"}),
    "max": frozenset(
        {
            "which_year",
            "which_part",
            "trend",
            "max",
            "more",
            "who",
            "which",
            "all_bodies",
            "group",
            "top",
            "compare",
            "both",
        }
    ),
    "min": frozenset(
        {
            "which_year",
            "which_part",
            "trend",
            "min",
            "less",
            "who",
            "which",
            "all_bodies",
            "group",
            "bottom",
            "compare",
            "both",
        }
    ),
    "rank": frozenset(
        {
            "rank",
            "nth",
            "descending",
            "ascending",
            "top",
            "bottom",
            "max",
            "min",
            "all_bodies",
            "group",
            "who",
            "which",
            "more",
            "less",
            "compare",
        }
    ),
    "count": frozenset(
        {
            "which",
            "who",
            "unfilled",
            "count_bodies",
            "all_bodies",
            "group",
            "above",
            "below",
            "at_least",
            "at_most",
            "equal",
            "negation",
        }
    ),
    "which": frozenset(
        {
            "unfilled",
            "which",
            "who",
            "all_bodies",
            "above",
            "below",
            "at_least",
            "at_most",
            "equal",
            "negation",
            "whether",
        }
    ),
    "difference": frozenset({"difference", "than", "more", "less", "both", "group", "compare", "growth"}),
    "compare": frozenset(
        {"same", "compare", "who", "which_year", "which", "more", "less", "than", "both", "group", "all_bodies", "difference"}
    ),
    "sum": frozenset({"count_bodies", "trend", "sum", "all_bodies", "group", "both"}),
    "trend": frozenset({"trend", "growth", "compare"}),
    "value": frozenset(
        {"all_bodies", "above", "below", "at_least", "at_most", "equal", "negation", "both", "original", "why"}
    ),
}
# 过10万件, 上200, 满5件: what a threshold is said with right before its number
SPOKEN_SIGNS = {"过": ">", "破": ">", "超": ">", "上": ">=", "满": ">=", "够": ">=", "达": ">=", "到": ">=", "有": ">="}
SIGNS = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<=", "equal": "=="}
ALWAYS = frozenset(
    {"total", "among", "follow_up", "question_end", "whether", "list_join", "money", "each", "universal", "kind"}
)
MANY_BODIES = ("rank", "max", "min", "count", "which", "average")
# operators that speak of more than one body: beside them 镇 or 局 is a kind of body
OF_MANY = frozenset(
    "nth all_bodies which who count_bodies group max min rank average sum top bottom descending ascending total".split()
)
# 阳明跟它谁多: the body spoken of last
PRONOUNS = frozenset({"它", "他", "它家", "他家", "那家", "它们家"})
KINDS = ("街道", "镇", "乡", "局", "部门", "区", "县")
BODY_WORDS = ("街道办事处", "街道办", "街道", "办事处", "人民政府", "政府", "管委会")
BODY_ENDINGS = ("街道", "镇", "乡", "区", "县", "市", "省", "局", "厅", "委", "管委会", "开发区", "办", "院", "所")
NAMING = ("row", "row~", "applicant", "block", "outcome", "item", "measure", "local")


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation remembers: the last query answered, the bodies spoken of (latest last, each with the year
    it was answered for), and the query before (上一个)."""

    query: Query
    bodies: tuple[Mention, ...] = ()
    back: Query | None = None


def names_figure(token: Token) -> bool:
    return any(token.has(kind) for kind in NAMING)


def merge_mentions(bodies: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """「北仑区 政务办」 said twice over is one body: mentions that share ids are narrowed to what they share."""
    out: list[Mention] = []
    for body in bodies:
        for index, known in enumerate(out):
            shared = tuple(i for i in known.ids if i in body.ids)
            if shared and not (known.years and body.years and known.years != body.years):
                text = known.text if len(known.text) >= len(body.text) else body.text
                out[index] = Mention(text, shared, known.years or body.years)
                break
        else:
            out.append(body)
    return tuple(out)
