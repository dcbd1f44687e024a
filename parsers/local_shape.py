"""The shape of a statistics table: which rows are its head, which columns its labels, units and figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers import grid, labels
from parsers.form_cells import money_unit
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


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: grid column, printed heads from the outermost in, what its head says about unit and year."""

    at: int
    path: tuple[str, ...]
    unit: str | None
    year: int | None


@dataclass(slots=True)
class Shape:
    head_rows: int
    label_columns: list[int]
    unit_column: int | None
    columns: list[Column]
    title: str | None


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
    if (
        len(shown) != 1
        or not grid.is_label(shown[0])
        or labels.numbering_level(labels.printed(shown[0].text)) is not None
    ):
        return None
    return labels.printed(shown[0].text) if len(shown[0].text) <= 40 else None


def aligned(rows: Sequence[Row]) -> list[Row]:
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


def shape(rows: Sequence[Row]) -> Shape | None:
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
    skip = {
        at
        for at, path in names.items()
        if path and (_NUMBER_HEAD.fullmatch(path[-1]) or _REMARK_HEAD.fullmatch(path[-1]))
    }
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
    return Shape(heads, label_columns, unit_column, columns, title) if columns else None


def _is_head(row: Row) -> bool:
    """Only names, at least two of them; bare years count as names."""
    shown = grid.filled(row.cells)
    names = [c for c in shown if grid.is_label(c)]
    years = [c for c in shown if not grid.is_label(c) and _YEAR_HEAD.fullmatch(labels.printed(c.text))]
    return bool(names) and len(names) + len(years) == len(shown) and len(shown) >= 2


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


def _column(at: int, path: tuple[str, ...]) -> Column:
    last = path[-1] if path else ""
    year = next((int(m[1]) for m in map(_YEAR_HEAD.fullmatch, path) if m), None)
    found = _UNIT_IN_LABEL.search(last)
    bare = _UNIT_HEAD_ITSELF.fullmatch(last)
    return Column(at, path, money_unit(last) or (found[1] if found else bare[1] if bare else None), year)


def label_unit(label: str) -> str | None:
    found = _UNIT_IN_LABEL.search(label)
    return found[1] if found else None
