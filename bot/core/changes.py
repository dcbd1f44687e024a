"""How a changed cell reads."""

from __future__ import annotations

from db.ingest import CellChange


def change_line(change: CellChange) -> str:
    """One cell of a new version: where, 旧 → 新."""
    where = " · ".join((*change.path, *change.column)) or change.table
    old, new = ("（无）" if raw is None else raw or "（空）" for raw in (change.old, change.new))
    return f"{where}：{old} → {new}"
