"""``wenbao reports``: what the store holds."""

from __future__ import annotations

import click

from bot.shell import Shell, options


@click.command(name="reports", short_help="列出库里的报告。")
@options
def command(shell: Shell) -> None:
    """列出库里的报告：编号、单位、年份、数字和核对意见的个数。"""
    from bot.contract import report_json

    found = shell.store.reports()
    if shell.as_json:
        shell.document({"reports": [report_json(one) for one in found]})
        return
    if not found:
        click.echo("库里还没有报告。用 wenbao ingest 文件或文件夹 读入。")
    for one in found:
        published = f"，{one.published.isoformat()} 公布" if one.published else ""
        counts = f"{one.facts} 个数字，{one.findings} 条核对意见{published}"
        click.echo(f"{one.key}\t{one.org}\t{one.year}年\t{counts}\t{one.source_name}")
