"""Statistics tables that are no part of the form: any labelled grid with figures, its rows nested as they are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.catalogue import catalogue
from knowledge.model import Fact, Problem
from parsers import grid, labels, local_rows, local_shape
from parsers.document import Cell
from parsers.form_cells import fact
from parsers.grid import Row
from parsers.local_shape import Shape

# who filled the form in: figures behind these are no statistics
_SIGNING = re.compile(
    r"联系电话|邮政编码|填报日期|填报人|填表人|审核人|负责人签|报出日期|报送日期|签发人"
    r"|^(?:办公|单位)?(?:电话|手机|传真|邮编|网址|邮箱)(?:号码)?(?:[:：].*)?$"  # 传真申请数 counts
)


def read(rows: Sequence[Row], title: str, unit: str | None) -> tuple[list[Fact], list[Problem]]:
    """Facts of one table. ``title`` its heading without number; ``unit`` what a line above says all figures count."""
    if local_shape.is_page_index(rows):
        return [], []
    rows = local_shape.aligned(rows)
    shape = local_shape.shape(rows)
    if shape is None:
        return [], []
    body = local_rows.whole_labels(rows[shape.head_rows :], shape)
    stack: list[local_rows.Level] = []
    title = shape.title or title
    facts: list[Fact] = []
    ranks = local_rows.ranks_of(body, shape)
    last = local_rows.last_number(body, shape)
    margin = min((c.indent for r in body for c in r.cells if c.column in shape.label_columns and c.text), default=0)
    above: dict[int, Cell] = {}
    for index, row in enumerate(body):
        label_cells = local_rows.label_cells(row, shape, above)
        if not label_cells or _SIGNING.search("".join(c.text for c in label_cells)):
            continue
        if row.label:
            label_cells = [*label_cells[:-1], replace(label_cells[-1], text=row.label)]
        path = local_rows.path_of(label_cells, stack, ranks, index < last, margin)
        if not any(grid.is_figure(c) for c in row.cells if c.column >= shape.columns[0].at):
            stack[-1] = replace(stack[-1], group=True)
        facts.extend(_row_facts(row, shape, path, stack[-1].key if stack else None, title, unit))
    return facts, []


def _row_facts(
    row: Row, shape: Shape, path: tuple[str, ...], key: str | None, title: str, unit: str | None
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
        counted = own or (
            None if headless else column.unit or local_shape.label_unit(path[-1]) or unit or _known_unit(key)
        )
        money = counted if counted in ("万元", "亿元", "千元", "元") else None
        out.append(
            fact(
                title,
                path,
                column.path,
                cell,
                row.span,
                unit="元" if money else counted,
                money=money,
                metric=key,
                year=column.year,
            )
        )
    return out


def _unit(cell: Cell | None) -> str | None:
    if cell is None or not grid.is_label(cell):
        return None
    printed = labels.printed(cell.text)
    return "%" if printed == "％" else printed


def _known_unit(key: str | None) -> str | None:
    return catalogue().local[key].unit if key else None
