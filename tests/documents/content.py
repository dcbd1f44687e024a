"""One invented report: its printed figures, its three tables as grids, its prose — before any format.

Every figure is different from its neighbours, so that a shifted column or row cannot go unnoticed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.generated import form

Grid = list[tuple[int, int, int, int, str]]
Key = tuple[str, str | None]


@dataclass
class Content:
    """``cells``: (metric, applicant) → as printed ("" blank, "—" struck)."""

    edition: str
    org: str
    year: int
    cells: dict[Key, str]
    date: str = ""
    prose: list[tuple[str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.org}{self.year}年政府信息公开工作年度报告"


def content(edition: str = "2021", org: str = "青禾县柳泉镇人民政府", year: int = 2022, seed: int = 1) -> Content:
    """A report with figures that add up."""
    random = Random(seed)
    cells: dict[Key, str] = {}
    rows = form.application_rows(edition == "2021")
    applicants = [a for a in form.APPLICANTS if a != "total"]
    leaves = [
        r
        for r in rows
        if r not in ("application.received", "application.carried_in", "application.total", "application.carried_out")
    ]
    for applicant in applicants:
        total = 0
        for row in leaves:
            value = random.choice((0, 1, 2, 3, 5, 7, 12, 31)) if random.random() < 0.6 else 0
            cells[row, applicant] = str(value)
            total += value
        out = random.randint(0, 9)
        carried = random.randint(0, 4)
        cells["application.total", applicant] = str(total)
        cells["application.carried_out", applicant] = str(out)
        cells["application.carried_in", applicant] = str(carried)
        cells["application.received", applicant] = str(total + out - carried)
    for row in rows:
        cells[row, "total"] = str(sum(int(cells[row, a]) for a in applicants))
    for block in form.BLOCKS:
        values = [random.randint(0, 9) for _ in range(4)]
        for outcome, value in zip(form.OUTCOMES, [*values, sum(values)], strict=True):
            cells[f"{block}.{outcome}", None] = str(value)
    for item, measures in form.MEASURES[edition].items():
        for measure in measures:
            value = "-3" if measure == "change" and item == "penalty" else str(random.randint(0, 900))
            cells[f"{item}.{measure}", None] = "12.35" if measure == "fee_amount" else value
    made = Content(edition, org, year, cells, f"{year + 1}年1月14日")
    return made


def active(c: Content) -> Grid:
    """主动公开: all clauses in one table, four columns wide."""
    grid: Grid = []
    row = 0
    clause = None
    for item, measures in form.MEASURES[c.edition].items():
        where, label = form.ITEMS[item]
        columns = [name for name, _ in measures.values()]
        if where != clause:
            grid.append((row, 0, 1, 4, where))
            row += 1
            grid.append((row, 0, 1, 1, "信息内容"))
            grid += _spread(row, columns)
            row += 1
            clause = where
        grid.append((row, 0, 1, 1, label))
        grid += _spread(row, [c.cells[f"{item}.{measure}", None] for measure in measures])
        row += 1
    return grid


def _spread(row: int, texts: list[str]) -> Grid:
    """Texts over three columns, the last one as wide as what is left."""
    return [(row, i + 1, 1, 1 if i + 1 < len(texts) else 3 - i, text) for i, text in enumerate(texts)]


def applications(c: Content) -> Grid:
    """The applications table, ten columns wide: three of labels, seven of figures."""
    grid: Grid = [
        (0, 0, 3, 3, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"),
        (0, 3, 1, 7, "申请人情况"),
        (1, 3, 2, 1, "自然人"),
        (1, 4, 1, 5, "法人或其他组织"),
        (1, 9, 2, 1, "总计"),
    ]
    grid += [(2, 4 + i, 1, 1, form.APPLICANTS[a][1]) for i, a in enumerate(form.ORGANISATIONS)]
    rows = form.application_rows(c.edition == "2021")
    row = 3
    seen: dict[tuple[str, ...], int] = {}
    for key, path in rows.items():
        for depth in range(1, len(path)):
            if path[:depth] not in seen:
                below = sum(1 for other in rows.values() if other[:depth] == path[:depth])
                seen[path[:depth]] = row
                grid.append((row, depth - 1, below, 1, path[depth - 1]))
        grid.append((row, len(path) - 1, 1, 4 - len(path), path[-1]))
        grid += [(row, 3 + i, 1, 1, c.cells[key, applicant]) for i, applicant in enumerate(form.APPLICANTS)]
        row += 1
    return grid


def review(c: Content) -> Grid:
    """The 复议/诉讼 table, fifteen columns wide."""
    grid: Grid = [
        (0, 0, 1, 5, "行政复议"),
        (0, 5, 1, 10, "行政诉讼"),
        (1, 5, 1, 5, "未经复议直接起诉"),
        (1, 10, 1, 5, "复议后起诉"),
    ]
    column = 0
    for block in form.BLOCKS:
        for outcome, label in form.OUTCOMES.items():
            grid.append((1, column, 2, 1, label) if block == "review" else (2, column, 1, 1, label))
            grid.append((3, column, 1, 1, c.cells[f"{block}.{outcome}", None]))
            column += 1
    return grid


def sections(c: Content) -> list[tuple[str, list[str | Grid]]]:
    """Headings with what stands under them."""
    return [
        (
            "一、总体情况",
            [f"{c.year}年，我单位认真贯彻落实《中华人民共和国政府信息公开条例》，全年通过门户网站公开信息418条。"],
        ),
        ("二、主动公开政府信息情况", [active(c)]),
        ("三、收到和处理政府信息公开申请情况", [applications(c)]),
        ("四、政府信息公开行政复议、行政诉讼情况", [review(c)]),
        ("五、存在的主要问题及改进情况", ["公开的主动性还不够，下一步将加强培训，补齐短板，把公开工作做得更细。"]),
        ("六、其他需要报告的事项", ["本年度没有收取信息处理费。"]),
    ]


def rows_of(grid: Grid) -> list[list[tuple[int, int, int, str]]]:
    """Per row: (column, rowspan, colspan, text) of the cells that begin in it."""
    height = max(r + h for r, _, h, _, _ in grid)
    return [sorted((c, h, w, t) for r, c, h, w, t in grid if r == row) for row in range(height)]
