"""Tables in text that has no separators but blanks: columns aligned with spaces, rows in reading order, a cell a line."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.text_grid import Region
from parsers.text_lines import Line


def find(lines: Sequence[Line], at: int) -> Region | None:
    return None
