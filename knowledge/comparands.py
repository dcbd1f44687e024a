"""Years said by their neighbour (2022年的上一年, 次年) or their number (三年一共), and which of two compared things was the measure (跟甲比，乙更多吗)."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.query import Senses, Token

# said without 的 these still count from the year in front of them; 上年 does not: 2022年上年结转 is a row of the form
_FROM_THE_YEAR = frozenset({"前一年", "后一年", "下一年", "次年", "翌年"})
# rows and columns whose names speak of the year before and the year after
_ROWS = {-1: ("application.carried_in",), 1: ("application.carried_out",)}
_FILLER = Senses([("filler", "report")])


def neighbour_years(tokens: Sequence[Token], before: Sequence[int]) -> list[Token]:
    """The tokens with 上一年, 次年 … as years. ``before``: the years the conversation spoke of.

    Counted from the year in front (2022年的上一年), else from the conversation's only year, else (for the year before)
    from today. Beside a row that is called so (上年的结转) they say nothing; anywhere else they stay unexplained, for
    passing over them would give the figure of the wrong year.
    """
    if not any(token.has("neighbour") for token in tokens):
        return list(tokens)
    out: list[Token] = []
    said = any(token.years for token in tokens)
    for token in tokens:
        if not token.has("neighbour"):
            out.append(token)
            continue
        step = int(token.keys("neighbour")[0])
        anchor = _anchor(out, token)
        if _is_a_row(tokens, step):
            out.append(Token(token.text, token.start, token.end, _FILLER))
        elif anchor is not None:
            year = out[anchor].years[0] + step
            whole = "".join(t.text for t in out[anchor:]) + token.text
            out[anchor:] = [Token(whole, out[anchor].start, token.end, Senses([("year", "year")]), None, (year,))]
        elif step < 0 and said and any(t.has("op", "than") or t.has("op", "compare") for t in tokens):
            out.append(Token(token.text, token.start, token.end, Senses([("op", "last_year_base")])))
        elif not said and len(before) == 1:
            out.append(Token(token.text, token.start, token.end, Senses([("year", "year")]), None, (before[0] + step,)))
        elif not said and step < 0 and token.number is not None:
            year = int(token.number)
            out.append(Token(token.text, token.start, token.end, Senses([("year", "year")]), None, (year,)))
        else:
            out.append(Token(token.text, token.start, token.end))
    return out


def _anchor(out: Sequence[Token], token: Token) -> int | None:
    """Where the year stands that this one is the neighbour of."""
    at = len(out) - 1
    linked = at >= 0 and out[at].text == "的"
    at -= linked
    if at < 0 or len(out[at].years) != 1 or not (linked or token.text in _FROM_THE_YEAR):
        return None
    return at


def _is_a_row(tokens: Sequence[Token], step: int) -> bool:
    rows = _ROWS[step]
    return any(token.has(kind, row) for token in tokens for kind in ("row", "row~") for row in rows) or (
        step < 0 and any(token.has("measure", "last_year") for token in tokens)
    )


def counted_years(tokens: Sequence[Token]) -> list[Token]:
    """「2021到2023年三年」: beside years the number must be theirs, else it stays unexplained."""
    years = {year for token in tokens for year in token.years}
    wrong = {t for t in tokens if t.has("year", "count") and years and t.number != len(years)}
    return [Token(t.text, t.start, t.end) if t in wrong else t for t in tokens]


def measure_first(tokens: Sequence[Token], compared: Sequence[Token]) -> bool:
    """「跟甲比，乙更多吗」「比起甲，乙多吗」: is the first of the two the measure, and the second what is asked about?

    In 「甲比乙多吗」 and 「甲和乙比」 the first one is asked about.
    """
    if len(compared) != 2:
        return False
    first, second = (tokens.index(one) for one in compared)
    before = [t for t in tokens[:first] if not t.has("filler") and not t.has("org") and not t.has("year") and not t.has("stop")]
    lead = before[-1] if before else None
    if lead is None:
        return False
    between = any(t.has("op", "than") or t.has("op", "compare") for t in tokens[first + 1 : second])
    return lead.has("op", "than") or (lead.has("op", "list_join") and between)
