"""Statistics tables that are no part of the form: any labelled grid with figures, its rows nested as they are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.catalogue import catalogue
from knowledge.model import Fact, Problem
from parsers import grid, labels
from parsers.document import Cell
from parsers.form_cells import fact, money_unit
from parsers.grid import Row
from parsers.units import UNIT

# 「单位」「计量单位」 over the column of units; 「序号」 over numbers that only count rows; 「备注」 over remarks
_UNIT_HEAD = re.compile(r"(?:计量|统计)?单位")
_NUMBER_HEAD = re.compile(r"序号|编号|行次|代码|指标代码")
_REMARK_HEAD = re.compile(r"备注|说明|注")
# 「2022年」「2021年度」「2022」 over a column of that year's figures
_YEAR_HEAD = re.compile(r"((?:19|20)\d{2})年?度?(?:数|数量|数据)?")
_UNIT_IN_LABEL = re.compile(r"[（(](?:单位[:：])?(" + UNIT.pattern + r")[)）]")
# 「人次」「件数」 as the head itself
_UNIT_HEAD_ITSELF = re.compile(f"({UNIT.pattern})数?量?")
# a table that describes the page, not the work: 索引号 | 发布机构 | …
_PAGE_LABELS = frozenset(
    (
        "索引号 信息索引 发布机构 公开日期 发布日期 文号 发文字号 主题分类 体裁分类 生成日期 公开方式 公开时限 公开范围 信息名称 "
        "有效性 组配分类 主题词 关键词 成文日期 发文机关 责任编辑 信息来源 浏览次数"
    ).split()
)
# who filled the form in: figures behind these are no statistics
_SIGNING = re.compile(r"联系电话|电话|手机|传真|邮编|邮政编码|填报日期|填报人|填表人|审核人|负责人签|报出日期|报送日期|签发人|网址|邮箱")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: grid column, printed heads from the outermost in, what its head says about unit and year."""

    at: int
    path: tuple[str, ...]
    unit: str | None
    year: int | None


@dataclass(slots=True)
class _Shape:
    head_rows: int
    label_columns: list[int]
    unit_column: int | None
    columns: list[_Column]
    title: str | None


@dataclass(frozen=True, slots=True)
class _Level:
    rank: int
    indent: int
    label: str
    key: str | None
    sub: bool
    group: bool = False  # prints no figure: a heading for the rows below it


def is_page_index(rows: Sequence[Row]) -> bool:
    """A table of 索引号, 发布机构, 公开日期: about the page it stands on."""
    found = {labels.printed(c.text).strip("：:") for row in rows for c in row.cells if c.text and len(c.text) < 20}
    return len(found & _PAGE_LABELS) >= 2


def own_title(rows: Sequence[Row]) -> str | None:
    """A heading printed as the table's first row, over all its columns."""
    first = rows[0] if rows else None
    if first is None or len(rows) < 2:
        return None
    shown = grid.filled(first.cells)
    if len(shown) != 1 or not grid.is_label(shown[0]) or labels.numbering_level(labels.printed(shown[0].text)) is not None:
        return None
    return labels.printed(shown[0].text) if len(shown[0].text) <= 40 else None


def read(rows: Sequence[Row], title: str, unit: str | None) -> tuple[list[Fact], list[Problem]]:
    """Facts of one table. ``title`` its heading without number; ``unit`` what a line above says all figures count."""
    if is_page_index(rows):
        return [], []
    rows = _aligned(rows)
    shape = _shape(rows)
    if shape is None:
        return [], []
    body = _whole_labels(rows[shape.head_rows :], shape)
    stack: list[_Level] = []
    title = shape.title or title
    facts: list[Fact] = []
    ranks = _ranks(body, shape)
    margin = min((c.indent for r in body for c in r.cells if c.column in shape.label_columns and c.text), default=0)
    above: dict[int, Cell] = {}
    for index, row in enumerate(body):
        label_cells = _label_cells(row, shape, above)
        if not label_cells or _SIGNING.search("".join(c.text for c in label_cells)):
            continue
        if row.label:
            label_cells = [*label_cells[:-1], replace(label_cells[-1], text=row.label)]
        path = _path(label_cells, stack, ranks, _between_numbers(body, index, shape), margin)
        if not any(grid.is_figure(c) for c in row.cells if c.column >= shape.columns[0].at):
            stack[-1] = replace(stack[-1], group=True)
        facts.extend(_row_facts(row, shape, path, stack[-1].key if stack else None, title, unit, len(rows)))
    return facts, []


# ---------------------------------------------------------------- the grid


def _aligned(rows: Sequence[Row]) -> list[Row]:
    """A head that counts its merged cell once is moved to the right, over the figures, in exports without spans."""
    widths = [len(r.cells) for r in rows if len(r.cells) > 1]
    if not widths or len(set(widths)) != 2 or any(c.colspan > 1 or c.rowspan > 1 for r in rows for c in r.cells):
        return list(rows)
    widest = max(widths)
    out = []
    for row in rows:
        gap = widest - len(row.cells)
        if gap and len(row.cells) > 1 and not any(grid.is_figure(c) for c in row.cells):
            row = replace(row, cells=(row.cells[0], *(replace(c, column=c.column + gap) for c in row.cells[1:])))
        out.append(row)
    return out


def _is_head(row: Row) -> bool:
    """Only names, at least two of them; bare years count as names."""
    shown = grid.filled(row.cells)
    names = [c for c in shown if grid.is_label(c)]
    years = [c for c in shown if not grid.is_label(c) and _YEAR_HEAD.fullmatch(labels.printed(c.text))]
    return bool(names) and len(names) + len(years) == len(shown) and len(shown) >= 2


def _shape(rows: Sequence[Row]) -> _Shape | None:
    heads = 0
    title = own_title(rows)
    if title is not None:
        heads = 1
    while heads < len(rows) and _is_head(rows[heads]):
        heads += 1
        if heads < len(rows) and not _goes_on(rows, heads):
            break
    body = rows[heads:]
    if not any(grid.figure(c).state == "number" for row in body for c in row.cells):
        return None
    names = _head_names(rows[:heads])
    figures, text = _kinds(body)
    unit_column = _unit_column(names, body)
    skip = {at for at, path in names.items() if path and (_NUMBER_HEAD.fullmatch(path[-1]) or _REMARK_HEAD.fullmatch(path[-1]))}
    skip |= _counting(body, text, figures)
    candidates = [at for at in sorted(set(figures) | set(names)) if at not in skip and at != unit_column]
    first_label = next((at for at in candidates if text.get(at, 0) > figures.get(at, 0)), None)
    if first_label is None:
        return None
    label_columns = []
    for at in candidates:
        if text.get(at, 0) and text.get(at, 0) >= figures.get(at, 0):
            label_columns.append(at)
        elif at > first_label:
            break
    values = [at for at in candidates if at > label_columns[-1] and (figures.get(at) or names.get(at))]
    columns = [_column(at, names.get(at, ())) for at in values]
    return _Shape(heads, label_columns, unit_column, columns, title) if columns else None


def _goes_on(rows: Sequence[Row], index: int) -> bool:
    """A second row of names is head only while cells above reach over several of its columns or into it."""
    above = rows[index - 1]
    return any(c.rowspan > 1 or c.colspan > 1 for c in above.cells) and _is_head(rows[index])


def _head_names(rows: Sequence[Row]) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    for row in rows:
        if len(grid.filled(row.cells)) < 2:
            continue
        for cell in row.cells:
            label = labels.printed(cell.text)
            for at in range(cell.column, cell.column + min(cell.colspan, 60)):
                if label and (not names.get(at) or names[at][-1] != label):
                    names[at] = (*names.get(at, ()), label)
                else:
                    names.setdefault(at, ())
    return names


def _kinds(body: Sequence[Row]) -> tuple[dict[int, int], dict[int, int]]:
    """How many figures and how many words stand in each column."""
    figures: dict[int, int] = {}
    text: dict[int, int] = {}
    for row in body:
        for cell in row.cells:
            if grid.is_figure(cell):
                figures[cell.column] = figures.get(cell.column, 0) + 1
            elif grid.is_label(cell):
                text[cell.column] = text.get(cell.column, 0) + 1
    return figures, text


def _unit_column(names: dict[int, tuple[str, ...]], body: Sequence[Row]) -> int | None:
    for at, path in names.items():
        if path and _UNIT_HEAD.fullmatch(path[-1]):
            return at
    columns: dict[int, list[str]] = {}
    for row in body:
        for cell in row.cells[1:]:
            if not grid.is_blank(cell) and grid.figure(cell).state != "struck":
                columns.setdefault(cell.column, []).append(labels.printed(cell.text))
    return next((at for at, texts in columns.items() if len(texts) > 1 and all(UNIT.fullmatch(t) for t in texts)), None)


def _counting(body: Sequence[Row], text: dict[int, int], figures: dict[int, int]) -> set[int]:
    """A first column that reads 1, 2, 3 … beside a column of words."""
    if not text:
        return set()
    first = min([*text, *figures])
    cells = [c for row in body for c in row.cells if c.column == first and grid.figure(c).state == "number"]
    values = [grid.figure(c).value for c in cells]
    if len(values) > 1 and not text.get(first) and values == list(range(1, len(values) + 1)):
        return {first}
    return set()


def _column(at: int, path: tuple[str, ...]) -> _Column:
    last = path[-1] if path else ""
    year = next((int(m[1]) for m in map(_YEAR_HEAD.fullmatch, path) if m), None)
    found = _UNIT_IN_LABEL.search(last)
    bare = _UNIT_HEAD_ITSELF.fullmatch(last)
    return _Column(at, path, money_unit(last) or (found[1] if found else bare[1] if bare else None), year)


# ---------------------------------------------------------------- rows


def _whole_labels(body: Sequence[Row], shape: _Shape) -> list[Row]:
    """Labels that a page printed over several lines, put together: above, around or behind the row's figures.

    Only in tables with a column of units that show broken lines: figures without a label, brackets that do not close.
    """
    if shape.unit_column is None or not any(_is_tail(r, shape) or _open(_own(r, shape)) for r in body):
        return list(body)
    strokes = any(grid.figure(c).state == "struck" for r in body for c in r.cells if c.column == shape.unit_column)
    out: list[Row] = []
    pending: list[Row] = []
    for row in body:
        own = _own(row, shape)
        if not _has_unit(row, shape):
            if out and not pending and _ends(out[-1], own, shape):
                out[-1] = replace(out[-1], label=_text(out[-1], shape) + own)
            else:
                pending.append(row)
            continue
        begins = labels.numbering_level(own) is not None or bool(labels.SUB_ROW.match(own))
        if pending and not begins and (not own or strokes or _open(_own(pending[-1], shape))):
            known = next((n for n in range(len(pending)) if _known(pending[n:], own, shape)), 0)
            out.extend(pending[:known])  # a heading without a stroke for its unit
            pending = pending[known:]
            label = "".join(_own(r, shape) for r in pending) + own
            first = next(c for c in pending[0].cells if grid.is_label(c))
            rest = tuple(c for c in row.cells if c.column not in shape.label_columns)
            row = replace(row, cells=(replace(first, column=shape.label_columns[-1]), *rest), label=label)
        else:
            out.extend(pending)
        pending = []
        out.append(row)
    return [*out, *pending]


def _known(pieces: Sequence[Row], own: str, shape: _Shape) -> bool:
    return labels.local_rows().exact("".join(_own(r, shape) for r in pieces) + own) is not None


def _own(row: Row, shape: _Shape) -> str:
    return "".join(labels.printed(c.text) for c in row.cells if c.column in shape.label_columns and grid.is_label(c))


def _text(row: Row, shape: _Shape) -> str:
    return row.label or _own(row, shape)


def _has_unit(row: Row, shape: _Shape) -> bool:
    return any(c.column == shape.unit_column and not grid.is_blank(c) for c in row.cells)


def _is_tail(row: Row, shape: _Shape) -> bool:
    """Unit and figures without a label."""
    return _has_unit(row, shape) and not _own(row, shape)


def _open(label: str) -> bool:
    return label.count("（") + label.count("(") > label.count("）") + label.count(")")


def _ends(row: Row, rest: str, shape: _Shape) -> bool:
    """Whether a line without figures is the end of the label above: what it leaves open, a note, a last word."""
    label = _text(row, shape)
    if labels.numbering_level(rest) is not None or labels.SUB_ROW.match(rest):
        return False
    if _open(label) or rest.startswith(("（", "(")):
        return True
    whole = labels.local_rows().exact(label)
    return whole is None and (labels.local_rows().exact(label + rest) is not None or row.label is not None)


def _label_cells(row: Row, shape: _Shape, above: dict[int, Cell]) -> list[Cell]:
    """The row's labels from the outermost in; a merged label reaches down to the rows it covers."""
    own = {c.column: c for c in row.cells if c.column in shape.label_columns and grid.is_label(c)}
    if not own:
        before = [c for c in row.cells if grid.is_label(c) and c.column < shape.columns[0].at and c.column != shape.unit_column]
        return before[:1]  # 合计 under 序号, a group's name over the whole row
    first = min(own)
    carried = [above[at] for at in shape.label_columns if at < first and at in above]
    for at in [at for at in above if at >= first]:
        del above[at]
    above.update(own)
    return [*carried, *(own[at] for at in sorted(own))]


def _ranks(body: Sequence[Row], shape: _Shape) -> dict[int, int]:
    """Numbering style → depth: as usual （一） above 1. above ①, but as printed where the table begins otherwise."""
    order: list[int] = []
    first_is_one = False
    for row in body:
        for cell in row.cells:
            if cell.column in shape.label_columns and grid.is_label(cell):
                label = labels.printed(cell.text)
                level = labels.numbering_level(label)
                if level is not None and level not in order:
                    if not order:
                        first_is_one = bool(re.match(r"[（(]?[1一①]", label))
                    order.append(level)
    if first_is_one:
        return {level: rank for rank, level in enumerate(order)}
    return {level: rank for rank, level in enumerate(sorted(order))}


def _between_numbers(body: Sequence[Row], index: int, shape: _Shape) -> bool:
    """Whether numbered rows follow: an unnumbered row before them stands under the number above it."""
    for row in body[index + 1 :]:
        for cell in row.cells:
            if cell.column in shape.label_columns and grid.is_label(cell):
                if labels.numbering_level(labels.printed(cell.text)) is not None:
                    return True
    return False


def _path(
    cells: Sequence[Cell], stack: list[_Level], ranks: dict[int, int], numbers_follow: bool, margin: int
) -> tuple[str, ...]:
    """Nests the innermost label; the labels of outer columns stand above it as they are."""
    outer = tuple(labels.printed(c.text) for c in cells[:-1])
    cell = cells[-1]
    label = labels.printed(cell.text)
    key = labels.local_rows().exact(cell.text)
    level = labels.numbering_level(label)
    sub = bool(labels.SUB_ROW.match(label))
    if outer:
        stack.clear()
    elif level is not None and not sub:
        rank = ranks.get(level, level)
        while stack and (stack[-1].rank >= rank or stack[-1].sub):
            stack.pop()
    elif sub:
        while stack and stack[-1].sub:
            stack.pop()
    else:
        _unnumbered(cell.indent - margin, key, stack, numbers_follow)
    rank = ranks.get(level, 90) if level is not None and not sub else 90
    child = sub or (level is None and bool(stack))
    stack.append(_Level(rank, cell.indent - margin, label, key, child))
    return (*outer, *(entry.label for entry in stack))


def _unnumbered(indent: int, key: str | None, stack: list[_Level], numbers_follow: bool) -> None:
    """A row without number: under the row its catalogue entry names, under what it is indented below, or on its own."""
    under = catalogue().local[key].under if key else None
    names = [entry.key for entry in stack]
    if under and under in names:
        del stack[names.index(under) + 1 :]
        return
    while stack and (stack[-1].sub or stack[-1].rank == 90) and indent <= stack[-1].indent:
        if stack[-1].sub and indent == stack[-1].indent and indent > 0:
            stack.pop()
            return
        stack.pop()
    if not stack:
        return
    if indent > stack[-1].indent:
        if stack[-1].sub and stack[-1].label.startswith("其中"):
            stack.pop()  # 其中：A · (indented) B: B stands beside A
        return
    if stack[-1].rank < 90 and (numbers_follow or stack[-1].group):
        return
    stack.clear()


def _row_facts(
    row: Row, shape: _Shape, path: tuple[str, ...], key: str | None, title: str, unit: str | None, rows: int
) -> list[Fact]:
    by_column = {c.column: c for c in row.cells}
    unit_cell = by_column.get(shape.unit_column) if shape.unit_column is not None else None
    own = _unit(unit_cell)
    headless = unit_cell is not None and grid.figure(unit_cell).state == "struck"
    out = []
    for column in shape.columns:
        cell = by_column.get(column.at)
        if cell is None:
            continue
        counted = own or (None if headless else column.unit or _label_unit(path[-1]) or unit or _known_unit(key))
        money = counted if counted in ("万元", "亿元", "千元", "元") else None
        out.append(
            fact(title, path, column.path, cell, row.span, unit="元" if money else counted, money=money, metric=key, year=column.year)
        )
    return out


def _unit(cell: Cell | None) -> str | None:
    if cell is None or not grid.is_label(cell):
        return None
    printed = labels.printed(cell.text)
    return "%" if printed == "％" else printed


def _label_unit(label: str) -> str | None:
    found = _UNIT_IN_LABEL.search(label)
    return found[1] if found else None


def _known_unit(key: str | None) -> str | None:
    return catalogue().local[key].unit if key else None
