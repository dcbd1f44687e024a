"""``wenbao audit``: who changed the store, when, and with what."""

from __future__ import annotations

import click

from bot.core.changes import ACTIONS, when
from bot.shell import Shell, options


@click.command(name="audit", short_help="列出对库的改动。")
@click.option("--most", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="最多列几条。")
@options
def command(shell: Shell, most: int) -> None:
    """列出对库的改动：时间、谁、做了什么、文件的 sha256；新的在前。"""
    found = shell.store.audit(most)
    if shell.as_json:
        rows = [
            {
                "at": one.at,
                "actor": one.actor,
                "action": one.action,
                "detail": one.detail,
                "sha256": one.sha256,
                "report": f"r{one.report_id}" if one.report_id else None,
            }
            for one in found
        ]
        shell.document({"audit": rows})
        return
    for one in found:
        report = f"r{one.report_id}" if one.report_id else ""
        did = ACTIONS.get(one.action, one.action)
        click.echo(f"{when(one.at)}\t{one.actor}\t{did}\t{one.detail}\t{report}\t{(one.sha256 or '')[:12]}".rstrip("\t"))
    if not found:
        click.echo("还没有改动。")
