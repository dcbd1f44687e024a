"""Forms made for tests: the official tables with chosen figures, printed in many layouts, and the facts they must give.

Labels are written here from the official form, not taken from the catalogue, so that a slip there shows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

ACTIVE = "主动公开政府信息情况"
APPLICATIONS = "收到和处理政府信息公开申请情况"
REVIEW = "政府信息公开行政复议、行政诉讼情况"
RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS = [("自然人",), *[("法人或其他组织", n) for n in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")], ("总计",)]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
REFUSED = ["属于国家秘密", "其他法律行政法规禁止公开", "危及“三安全一稳定”", "保护第三方合法权益", "属于三类内部事务信息",
           "属于四类过程性信息", "属于行政执法案卷", "属于行政查询事项"]  # fmt: skip
UNAVAILABLE = ["本机关不掌握相关政府信息", "没有现成信息需要另行制作", "补正后申请内容仍不明确"]
NOT_PROCESSED = ["信访举报投诉类申请", "重复申请", "要求提供公开出版物", "无正当理由大量反复申请",
                 "要求行政机关确认或重新出具已获取信息"]  # fmt: skip
OTHER = ["申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
         "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "其他"]  # fmt: skip
OUTCOME = "三、本年度办理结果"
CLAUSES = {
    "2019": [
        ("第二十条第（一）项", ["规章", "规范性文件"], ["本年新制作数量", "本年新公开数量", "对外公开总数量"]),
        ("第二十条第（五）项", ["行政许可", "其他对外管理服务事项"], ["上一年项目数量", "本年增/减", "处理决定数量"]),
        ("第二十条第（六）项", ["行政处罚", "行政强制"], ["上一年项目数量", "本年增/减", "处理决定数量"]),
        ("第二十条第（八）项", ["行政事业性收费"], ["上一年项目数量", "本年增/减"]),
        ("第二十条第（九）项", ["政府集中采购"], ["采购项目数量", "采购总金额"]),
    ],
    "2021": [
        ("第二十条第（一）项", ["规章", "行政规范性文件"], ["本年制发件数", "本年废止件数", "现行有效件数"]),
        ("第二十条第（五）项", ["行政许可"], ["本年处理决定数量"]),
        ("第二十条第（六）项", ["行政处罚", "行政强制"], ["本年处理决定数量"]),
        ("第二十条第（八）项", ["行政事业性收费"], ["本年收费金额（单位：万元）"]),
    ],
}
_ITEMS_OF_PROJECTS = {"上一年项目数量", "本年增/减", "采购项目数量"}


@dataclass(frozen=True)
class Spanned:
    """A printed cell: its text, its place in the grid, its spans."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass
class Grid:
    """A table as printed, merged cells once."""

    cells: list[Spanned] = field(default_factory=list)
    rows: int = 0

    def add(self, *cells: tuple[str, int] | tuple[str, int, int] | tuple[str, int, int, int]) -> None:
        """One row: (text, column[, rowspan[, colspan]])."""
        for text, column, *spans in cells:
            rowspan, colspan = (*spans, 1, 1)[:2]
            self.cells.append(Spanned(text, self.rows, column, rowspan, colspan))
        self.rows += 1

    @property
    def columns(self) -> int:
        return max(c.column + c.colspan for c in self.cells)


@dataclass(frozen=True)
class Cell:
    """What must be read."""

    table: str
    path: tuple[str, ...]
    column: tuple[str, ...]
    printed: str
    value: Decimal | None
    unit: str | None
    state: str


@dataclass
class Made:
    """Three grids and the cells they hold."""

    active: Grid
    applications: Grid
    review: Grid
    cells: list[Cell]


Numbering = Callable[[int], str]
NUMBERINGS: dict[str, Numbering] = {
    "dot": lambda n: f"{n}.",
    "comma": lambda n: f"{n}、",
    "wide": lambda n: f"{n}．",
    "circled": lambda n: "①②③④⑤⑥⑦⑧"[n - 1],
    "none": lambda n: "",
}


def application_rows(edition: str, numbering: Numbering) -> list[tuple[str, ...]]:
    """Paths of the rows with figures, in order."""

    def under(group: str, names: Sequence[str]) -> list[tuple[str, ...]]:
        return [(OUTCOME, group, f"{numbering(i)}{name}") for i, name in enumerate(names, 1)]

    other = under("（六）其他处理", OTHER) if edition == "2021" else [(OUTCOME, "（六）其他处理")]
    return [
        ("一、本年新收政府信息公开申请数量",),
        ("二、上年结转政府信息公开申请数量",),
        (OUTCOME, "（一）予以公开"),
        (OUTCOME, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
        *under("（三）不予公开", REFUSED),
        *under("（四）无法提供", UNAVAILABLE),
        *under("（五）不予处理", NOT_PROCESSED),
        *other,
        (OUTCOME, "（七）总计"),
        ("四、结转下年度继续办理",),
    ]


def figure(rng: random.Random, blanks: float) -> str:
    kind = rng.random()
    if kind < blanks:
        return rng.choice(["", "", "—", "/"])
    return str(rng.choice([0, 0, 0, 0, rng.randint(1, 9), rng.randint(10, 99), rng.randint(100, 99999)]))


def read(text: str) -> tuple[Decimal | None, str]:
    if text == "":
        return None, "blank"
    if text in ("—", "/"):
        return None, "struck"
    return Decimal(text), "number"


def make(seed: int, edition: str = "2021", numbering: str = "dot", blanks: float = 0.0) -> Made:
    """A whole form with figures from ``seed``."""
    rng = random.Random(seed)
    cells: list[Cell] = []
    made = Made(Grid(), Grid(), Grid(), cells)
    _active(made, rng, edition, blanks)
    _applications(made, rng, edition, NUMBERINGS[numbering], blanks)
    _review(made, rng, blanks)
    return made


def _cell(cells: list[Cell], table: str, path: tuple[str, ...], column: tuple[str, ...], text: str, unit: str) -> None:
    value, state = read(text)
    money = "万元" in column[-1] or column[-1] == "采购总金额"
    if money:
        unit = "元"
        value = value * 10000 if value is not None and "万元" in column[-1] else value
    cells.append(Cell(table, path, column, text, value, unit, state))


def _active(made: Made, rng: random.Random, edition: str, blanks: float) -> None:
    grid = made.active
    for clause, items, measures in CLAUSES[edition]:
        grid.add((clause, 0, 1, 4))
        widths = {3: [1, 1, 1], 2: [1, 2], 1: [3]}[len(measures)]
        places = [1 + sum(widths[:i]) for i in range(len(widths))]
        grid.add(("信息内容", 0), *((m, p, 1, w) for m, p, w in zip(measures, places, widths)))
        for item in items:
            row: list[tuple[str, int, int, int]] = []
            for measure, place, width in zip(measures, places, widths):
                text = figure(rng, blanks)
                if measure == "本年增/减" and text.isdigit() and text != "0":
                    text = rng.choice(["", "-"]) + text
                row.append((text, place, 1, width))
                unit = "项" if measure in _ITEMS_OF_PROJECTS else "件"
                _cell(made.cells, ACTIVE, (clause, item), (measure,), text, unit)
            grid.add((item, 0), *row)


def _applications(made: Made, rng: random.Random, edition: str, numbering: Numbering, blanks: float) -> None:
    grid = made.applications
    grid.add((RELATION, 0, 3, 3), ("申请人情况", 3, 1, 7))
    grid.add(("自然人", 3, 2), ("法人或其他组织", 4, 1, 5), ("总计", 9, 2))
    grid.add(*((path[-1], 4 + i) for i, path in enumerate(APPLICANTS[1:6])))
    rows = application_rows(edition, numbering)
    outcome = sum(1 for path in rows if path[0] == OUTCOME)
    printed: set[tuple[str, ...]] = set()
    for path in rows:
        row: list[tuple[str, int, int, int]] = []
        for depth, label in enumerate(path):
            if path[: depth + 1] in printed:
                continue
            printed.add(path[: depth + 1])
            below = sum(1 for other in rows if other[: depth + 1] == path[: depth + 1])
            row.append((label, depth, below, 3 - depth if depth == len(path) - 1 else 1))
        texts = [figure(rng, blanks) for _ in APPLICANTS]
        for column, text in zip(APPLICANTS, texts):
            _cell(made.cells, APPLICATIONS, path, column, text, "件")
        grid.add(*row, *((text, 3 + i) for i, text in enumerate(texts)))
    assert outcome


def _review(made: Made, rng: random.Random, blanks: float) -> None:
    grid = made.review
    grid.add(("行政复议", 0, 1, 5), ("行政诉讼", 5, 1, 10))
    grid.add(*((o, i, 2) for i, o in enumerate(OUTCOMES)), ("未经复议直接起诉", 5, 1, 5), ("复议后起诉", 10, 1, 5))
    grid.add(*((o, 5 + i) for i, o in enumerate(OUTCOMES * 2)))
    texts = [figure(rng, blanks) for _ in range(15)]
    grid.add(*((t, i) for i, t in enumerate(texts)))
    blocks = [("行政复议",), ("行政诉讼", "未经复议直接起诉"), ("行政诉讼", "复议后起诉")]
    for (block, outcome), text in zip([(b, o) for b in blocks for o in OUTCOMES], texts):
        _cell(made.cells, REVIEW, (), (*block, outcome), text, "件")


# ---------------------------------------------------------------- layouts


def expanded(grid: Grid) -> list[list[str]]:
    """The full raster, covered places empty."""
    raster = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        raster[cell.row][cell.column] = cell.text
    return raster


def stepped(grid: Grid) -> list[list[str]]:
    """A cell merged sideways once, a cell merged downwards once more, empty, in every row it covers."""
    rows: list[list[tuple[int, str]]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            rows[row].append((cell.column, cell.text if row == cell.row else ""))
    return [[text for _, text in sorted(row, key=lambda c: c[0])] for row in rows]


def bare(grid: Grid) -> list[list[str]]:
    """Merged cells only where they begin."""
    rows: list[list[Spanned]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return [[c.text for c in sorted(row, key=lambda c: c.column)] for row in rows]


def tab_cells(grid: Grid) -> str:
    return "".join("".join(f"\t{text}\n" for text in row) + "\n" for row in stepped(grid))


def tab_cells_wide(grid: Grid) -> str:
    return "".join("".join(f"\t{text}" for text in row) + "\n\n" for row in stepped(grid))


def tab_rows(grid: Grid) -> str:
    return "".join("\t".join(row) + "\n" for row in expanded(grid))


def tab_rows_led(grid: Grid) -> str:
    return "".join("".join("\t" + text for text in row) + "\n" for row in expanded(grid))


def pipe_rows(grid: Grid) -> str:
    return "".join("| " + " | ".join(row) + " |\n" for row in expanded(grid))


def pipe_rows_stepped(grid: Grid) -> str:
    return "".join("|" + "|".join(row) + "|\n" for row in stepped(grid))


def markdown(grid: Grid) -> str:
    rows = expanded(grid)
    rule = "|" + " --- |" * grid.columns + "\n"
    lines = ["| " + " | ".join(row) + " |\n" for row in rows]
    return lines[0] + rule + "".join(lines[1:])


def box(grid: Grid) -> str:
    line = "├" + "┼".join("──" for _ in range(grid.columns)) + "┤\n"
    return line + "".join("│" + "│".join(row) + "│\n" + line for row in expanded(grid))


def html(grid: Grid) -> str:
    rows: list[list[Spanned]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    out = []
    for row in rows:
        cells = "".join(
            f'<td rowspan="{c.rowspan}" colspan={c.colspan}><p>{c.text}</p></td>' for c in sorted(row, key=lambda c: c.column)
        )
        out.append(f"<tr>{cells}</tr>")
    return "<table border=1>" + "".join(out) + "</table>\n"


def html_lines(grid: Grid) -> str:
    return html(grid).replace("<tr>", "\n<tr>\n").replace("<td", "\n  <td").replace("<p>", "\n    ").replace("</p>", "&nbsp;\n")


def tab_rows_bare(grid: Grid) -> str:
    return "".join("\t".join(row) + "\n" for row in bare(grid))


def tab_cells_bare(grid: Grid) -> str:
    return "".join("".join(f"\t{text}\n" for text in row) + "\n" for row in bare(grid))


def pipe_rows_bare(grid: Grid) -> str:
    return "".join("| " + " | ".join(row) + " |\n" for row in bare(grid))


def repeated(grid: Grid) -> str:
    """A merged cell's text in every place it covers, as converters without merged cells print it."""
    raster = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                raster[row][column] = cell.text
    return "".join("| " + " | ".join(row) + " |\n" for row in raster)


def copied_sheet(grid: Grid) -> str:
    """Rows as a spreadsheet copies them: a cell with a line end in quotes."""

    def cell(text: str) -> str:
        return f'"{text[:3]}\n{text[3:]}"' if text.startswith(("本年", "上一年")) else text

    return "".join("\t".join(map(cell, row)) + "\n" for row in expanded(grid))


def cell_a_line_spaced(grid: Grid) -> str:
    return cell_a_line(grid).replace("\n", "\n\n")


def glued(grid: Grid) -> str:
    """Reading order, the first figure stuck to its label."""
    return re.sub(r"(?m)^(\D*[\u4e00-\u9fff”）]) (?=\d)", r"\1", reading_order(grid))


def set_wide(grid: Grid) -> str:
    return aligned(grid).replace("规章  ", "规　章").replace("总计", "总　计")


def grid_table(grid: Grid) -> str:
    line = "+" + "+".join("-" * 6 for _ in range(grid.columns)) + "+\n"
    return line + "".join("| " + " | ".join(row) + " |\n" + line.replace("-", "=" if not i else "-") for i, row in enumerate(expanded(grid)))


def width(text: str) -> int:
    return sum(2 if ord(c) > 0x2000 else 1 for c in text)


def aligned(grid: Grid, how: str = "left") -> str:
    raster = expanded(grid)
    spanning = {(c.row, c.column) for c in grid.cells if c.colspan > 1}
    wide = [
        max([2, *(width(row[i]) for r, row in enumerate(raster) if (r, i) not in spanning)]) + 2 for i in range(grid.columns)
    ]
    for cell in grid.cells:  # the columns under a merged cell together are as wide as it
        lack = width(cell.text) + 2 - sum(wide[cell.column : cell.column + cell.colspan])
        if lack > 0:
            wide[cell.column] += lack
    starts = [sum(wide[:i]) for i in range(grid.columns + 1)]
    out = []
    for number in range(grid.rows):
        line = ""
        for cell in sorted((c for c in grid.cells if c.row == number), key=lambda c: c.column):
            room = starts[cell.column + cell.colspan] - starts[cell.column] - 2
            slack = room - width(cell.text)
            if not cell.text:
                continue
            number_like = how != "left" and cell.column > 0
            pad = slack if how == "right" and number_like else slack // 2 if how == "center" and number_like else 0
            line += " " * (starts[cell.column] + pad - width(line)) + cell.text
        out.append(line + "\n")
    return "".join(out)


def aligned_right(grid: Grid) -> str:
    return aligned(grid, "right")


def aligned_center(grid: Grid) -> str:
    return aligned(grid, "center")


def reading_order(grid: Grid) -> str:
    return "".join(" ".join(t for t in row if t) + "\n" for row in bare(grid))


def cell_a_line(grid: Grid) -> str:
    return "".join(f"{t}\n" for row in bare(grid) for t in row if t)


LAYOUTS: dict[str, Callable[[Grid], str]] = {
    f.__name__: f
    for f in (tab_cells, tab_cells_wide, tab_rows, tab_rows_led, pipe_rows, pipe_rows_stepped, markdown, box, html, html_lines,
              aligned, aligned_right, aligned_center, reading_order, cell_a_line,
              tab_rows_bare, tab_cells_bare, pipe_rows_bare, repeated, copied_sheet, cell_a_line_spaced, glued, grid_table)
}  # fmt: skip
# layouts in which an empty cell leaves no trace
TRACELESS = {"reading_order", "cell_a_line", "cell_a_line_spaced", "glued"}


def cut(grid: Grid, at: int, head: int = 0) -> list[Grid]:
    """The grid in two, merged cells ending at the cut and going on empty behind it; ``head`` rows repeated."""
    first, second = Grid(rows=at), Grid(rows=head + grid.rows - at)
    for cell in grid.cells:
        if cell.row < head:
            second.cells.append(cell)
        if cell.row >= at:
            second.cells.append(Spanned(cell.text, cell.row - at + head, cell.column, cell.rowspan, cell.colspan))
            continue
        above = min(cell.rowspan, at - cell.row)
        first.cells.append(Spanned(cell.text, cell.row, cell.column, above, cell.colspan))
        if cell.rowspan > above:
            second.cells.append(Spanned("", head, cell.column, cell.rowspan - above, cell.colspan))
    return [first, second]


def document(active: str, applications: str, review: str) -> str:
    """A report around the tables."""
    return (
        "青溪街道办事处2022年政府信息公开工作年度报告\n\n一、总体情况\n全年按照条例做好各项公开工作。\n\n"
        f"二、主动公开政府信息情况\n{active}\n\n三、收到和处理政府信息公开申请情况\n{applications}\n\n"
        f"四、政府信息公开行政复议、行政诉讼情况\n{review}\n\n五、存在的主要问题及改进情况\n公开的及时性还不够。\n\n"
        "六、其他需要报告的事项\n无。\n\n青溪街道办事处\n2023年1月12日\n"
    )
