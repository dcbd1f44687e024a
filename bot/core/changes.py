"""How changes to the store read: a changed cell, a line of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line begins with this module, and the store takes a while to import
    from db.ingest import CellChange

# what the audit log calls things
ACTIONS = {
    "added": "入库", "replaced": "替换", "withdraw": "撤销", "restore": "恢复", "alias": "教别名", "unalias": "去别名",
}  # fmt: skip


def when(iso: str) -> str:
    """A time of the store as the clock on this machine shows it, to the minute."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")


def change_line(change: CellChange) -> str:
    """One cell of a new version: where, 旧 → 新."""
    where = " · ".join((*change.path, *change.column)) or change.table
    old, new = ("（无）" if raw is None else raw or "（空）" for raw in (change.old, change.new))
    return f"{where}：{old} → {new}"
