"""``wenbao facts``: every figure read from one report."""

from __future__ import annotations

import click

from bot.shell import Shell, options

_STATES = {"blank": "（空）", "struck": "（划去）", "unreadable": "（读不出）"}


@click.command(name="facts", short_help="列出一份报告里读到的全部数字。")
@click.argument("report", metavar="REPORT")
@options
def command(shell: Shell, report: str) -> None:
    """列出一份报告里读到的全部数字。REPORT 是编号（r1）、“单位 年份”（"柴桥 2020"），或还没入库的文件。"""
    from bot.contract import fact_json, read_json, report_json
    from bot.reading import opened
    from knowledge.wording import plain_number

    one = opened(shell, report)
    if shell.as_json:
        if one.stored is not None:
            shown = report_json(one.stored)
        else:
            assert one.read is not None
            shown = read_json(one.read, one.source, one.sha256, len(one.read.findings))
        shell.document({"report": shown, "facts": [fact_json(fact) for fact in one.facts]})
        return
    table: str | None = ""
    for fact in one.facts:
        if fact.table != table:
            table = fact.table
            click.echo(f"【{table or '正文'}】")
        names = " · ".join((*fact.path, *fact.column)) or "（无标题）"
        value = (
            _STATES.get(fact.state) if fact.value is None else f"{plain_number(fact.value)} {fact.unit or ''}".strip()
        )
        printed = f"\t印作“{fact.raw}”" if fact.raw and fact.raw != (value or "").split(" ")[0] else ""
        click.echo(f"{names}\t{value}{printed}")
