"""The table of 复议 and 诉讼: fifteen figures in a row, under a head of one to six lines, in one table or three."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.catalogue import REVIEW, catalogue
from knowledge.model import Fact, Problem, Span
from knowledge.problems import problem
from parsers import grid, labels
from parsers.document import Cell
from parsers.form_cells import fact
from parsers.grid import Row

BLOCKS = ("review", "litigation.direct", "litigation.after_review")
# 行政诉讼（未经复议直接起诉） in one head
_OUTER = re.compile("^行政诉讼(?=.{4})|的行政诉讼$")
_PIECES = frozenset({"结果", "尚未", "其他", "审结", "总", "计"})
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    cell: Cell


@dataclass(slots=True)
class _Part:
    """One head and the figures under it. ``label_blocks``: blocks named by the row of figures itself."""

    blocks: list[_Named]
    outcomes: list[_Named]
    row: Row
    body: list[Cell]
    own: list[_Named]
    rows: list[Row]


def is_row(row: Row) -> bool:
    """A head of this table: three outcomes, or blocks of 复议 and 诉讼."""
    return len(_outcomes(row)) >= 3 or len({n.key for n in _blocks(row)}) >= 2 or _certain(row)


def _certain(row: Row) -> bool:
    """A block that nothing else is called."""
    return any(n.key in BLOCKS[1:] for n in _blocks(row))


def _outcomes(row: Row) -> list[_Named]:
    return _named(row, "outcomes")


def _blocks(row: Row) -> list[_Named]:
    return _named(row, "blocks")


def _named(row: Row, kind: str) -> list[_Named]:
    lexicon = labels.outcomes() if kind == "outcomes" else labels.blocks()
    found = []
    for cell in row.cells:
        key = lexicon.match(cell.text) if grid.is_label(cell) else None
        if key:
            found.append(_Named(key, cell))
    return found


def read(rows: Sequence[Row]) -> tuple[list[Fact], list[Problem]]:
    """Facts of all fragments in reading order."""
    facts: list[Fact] = []
    problems: list[Problem] = []
    parts = _parts(rows)
    used: set[str] = set()
    for part in parts:
        made = _transposed(part) or _figures(part, used)
        if isinstance(made, Problem):
            problems.append(made)
            continue
        facts.extend(made)
        used.update(f.metric.rsplit(".", 1)[0] for f in made if f.metric)
    kept: dict[tuple[str, ...], Fact] = {}
    for found in facts:
        kept.setdefault((found.metric or "", *found.column), found)
    return list(kept.values()), problems


def _parts(rows: Sequence[Row]) -> list[_Part]:
    parts: list[_Part] = []
    blocks: list[_Named] = []
    outcomes: list[_Named] = []
    seen: list[Row] = []
    table = None
    fresh = True
    for row in rows:
        if row.table != table:
            table = row.table
            if not fresh:
                blocks, outcomes, seen, fresh = [], [], [], True
        body = _body(row)
        if body is None or not (outcomes or blocks or _named(row, "outcomes") or _named(row, "blocks")):
            if _outcomes(row) or _blocks(row):
                if not fresh:
                    blocks, outcomes, seen, fresh = [], [], [], True
                blocks = blocks + _blocks(row)
                outcomes = outcomes + _outcomes(row)
            seen.append(row)
            continue
        heads, own = _once_a_column(outcomes, seen), _outcomes(row)
        if own and len(heads) + len(own) == len(grid.filled(body)):  # a cell a line: the last head ran into the figures
            heads, own = heads + own, []
        parts.append(_Part(blocks, heads, row, body, _blocks(row) + own, [*seen, row]))
        fresh = False
    return parts


def _once_a_column(outcomes: list[_Named], rows: Sequence[Row]) -> list[_Named]:
    """A head that reaches down over two lines and is printed on both names its column once."""
    if grid.ragged(rows) or not any(len(row.cells) > 1 for row in rows):
        return outcomes
    return list({(n.cell.column, n.key): n for n in outcomes}.values())


def _body(row: Row) -> list[Cell] | None:
    """The row's figures, or None for a row of heads. A row of blanks counts when it has a cell for every column."""
    labelled = [i for i, c in enumerate(row.cells) if grid.is_label(c)]
    named = [i for i in labelled if labels.outcomes().match(row.cells[i].text) or labels.blocks().match(row.cells[i].text)]
    figures = [i for i, c in enumerate(row.cells) if grid.is_figure(c)]
    if not figures:
        blank = not labelled and len(row.cells) in (5, 10, 15)
        return list(row.cells) if blank else None
    last = max([i for i in (named or labelled) if i < figures[-1]], default=-1)
    if not named and labelled and labelled[0] > figures[0]:
        last = -1  # 见附件 among the figures
    return list(row.cells[last + 1 :])


def _figures(part: _Part, used: set[str]) -> list[Fact] | Problem:
    keys = _block_order(part, used)
    count = len(keys) * len(OUTCOMES)
    orders = _outcome_orders(part, len(keys)) if keys else None
    if not keys or orders is None:
        return problem("columns_unclear", part.row.span, table=REVIEW)
    cells = _aligned(part, count)
    if cells is None:
        return problem("row_short", part.row.span, row="复议、诉讼", found=len(grid.filled(part.body)), expected=count)
    columns = [(block, outcome) for block, order in zip(keys, orders) for outcome in order]
    return [_fact(part, block, outcome, cell) for (block, outcome), cell in zip(columns, cells)]


def _block_order(part: _Part, used: set[str]) -> list[str]:
    """The blocks that the figures belong to, from left to right."""
    own = [n.key for n in part.own if n.key in BLOCKS or n.key == "litigation"]
    named = own or list(dict.fromkeys(n.key for n in _across(part.blocks, part) if n.key in BLOCKS))
    named = [k for k in named if k in BLOCKS]
    many = max((n for n in (len(part.outcomes), len(part.body), len(grid.filled(part.body))) if n in (5, 10, 15)), default=0)
    if own and named:
        return named[-1:]
    if many == 15:
        return named if set(named) == set(BLOCKS) else list(BLOCKS)
    if many == 10:
        return [k for k in named if k != "review"] if len(named) >= 2 else ["litigation.direct", "litigation.after_review"]
    if many == 5:
        # 行政诉讼 alone cannot tell which of its two blocks it is, nor can two names over one block (a page that cut the rest)
        return named if len(named) == 1 else []
    return named if len(named) == 3 else []


def _across(names: list[_Named], part: _Part) -> list[_Named]:
    """Names from left to right where the grid tells, else as read."""
    if grid.ragged(part.rows) or not grid.orderly(part.rows):
        return sorted(names, key=lambda n: n.cell.span.start)
    return sorted(names, key=lambda n: n.cell.column)


def _outcome_orders(part: _Part, blocks: int) -> list[tuple[str, ...]] | None:
    """The outcomes of each block in printed order; the form's order where heads are too few and nothing contradicts it."""
    keys = [n.key for n in _across(part.outcomes, part)]
    size = len(OUTCOMES)
    groups = {tuple(keys[i : i + size]) for i in range(0, len(keys), size)}
    placed = not grid.ragged(part.rows) and grid.orderly(part.rows) and any(len(r.cells) > size for r in part.rows[:-1])
    if len(groups) == 1 and set(keys) == set(OUTCOMES) and len(keys) in (size, blocks * size):
        order = groups.pop()
        if order == OUTCOMES or placed:
            return [order] * blocks
    whole = iter(OUTCOMES * blocks)
    if all(key in whole for key in keys):
        return [OUTCOMES] * blocks
    return None


def _aligned(part: _Part, count: int) -> list[Cell] | None:
    printed = grid.filled(part.body)
    if len(printed) == count:
        return printed
    if len(part.body) == count:
        return list(part.body)
    if not grid.ragged(part.rows) and len(part.outcomes) == count:
        places = sorted(n.cell.column for n in part.outcomes)
        cells = grid.pick(part.body, places) if len(set(places)) == count else None
        if cells is not None and all(c is not None for c in cells):
            return [c for c in cells if c is not None]
    return None


def _label(part: _Part, block: str) -> tuple[str, ...]:
    path = catalogue().blocks[block].path
    names = {n.key: labels.printed(n.cell.text) for n in (*part.blocks, *part.own)}
    if block == "review":
        return (names.get("review", path[0]),)
    named = _OUTER.sub("", names.get(block, path[1])).strip("（）()：:的")
    return (names.get("litigation", path[0]), named or path[1])


def _fact(part: _Part, block: str, outcome: str, cell: Cell) -> Fact:
    names = {} if _in_pieces(part) else {
        n.key: labels.printed(n.cell.text) for n in (*part.outcomes, *part.own) if n.key == outcome
    }
    label = names.get(outcome, catalogue().outcomes[outcome].label)
    return fact(REVIEW, (), (*_label(part, block), label), cell, _quote(part), unit="件", metric=f"{block}.{outcome}")


def _in_pieces(part: _Part) -> bool:
    """Whether heads are broken over lines: 「结果」 above 「维持」."""
    return any(labels.printed(c.text) in _PIECES for row in part.rows for c in row.cells)


def _quote(part: _Part) -> Span:
    """Head and figures: fifteen bare figures prove nothing to a reader."""
    spans = [r.span for r in part.rows if any(c.text for c in r.cells)]
    return Span(min(s.start for s in spans), max(s.end for s in spans))


def _transposed(part: _Part) -> list[Fact] | None:
    """Outcomes down the side, blocks across: 结果维持 | 0 | 0 | 0."""
    own = [n for n in part.own if n.key in OUTCOMES]
    across = [n.key for n in _across(part.blocks, part) if n.key in BLOCKS]
    cells = grid.filled(part.body)
    if not own or part.outcomes or len(across) != len(set(across)) or len(cells) != len(across) or not cells:
        return None
    return [_fact(part, block, own[-1].key, cell) for block, cell in zip(across, cells)]
