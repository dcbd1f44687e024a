"""``wenbao restore``: an earlier version becomes the one that answers are taken from."""

from __future__ import annotations

import click

from bot.shell import Shell, options


@click.command(name="restore", short_help="改用一份报告的某个旧版本。")
@click.argument("report", metavar="REPORT")
@options
def command(shell: Shell, report: str) -> None:
    """改用一份报告的某个版本。REPORT 是那一版的编号（见 wenbao history）；写“单位 年份”就退回上一版。"""
    from bot.contract import report_json
    from bot.shell import Refusal

    one = shell.stored(report)
    store = shell.store
    if one.current:
        older = [v for v in store.versions(one.organisation_id, one.year) if v.version < one.version]
        if not older:
            raise Refusal("no_such_report", f"{one.org} {one.year}年只有这一版，没有可以退回的")
        one = older[-1]
    restored = store.restore(one.id, "cli")
    if shell.as_json:
        shell.document({"report": report_json(restored)})
    else:
        click.echo(
            f"{restored.org} {restored.year}年改用第 {restored.version} 版（{restored.key}，{restored.source_name}）"
        )
