"""``wenbao check``: what does not add up."""

from __future__ import annotations

import click

from bot.shell import Shell, options

_SEVERITIES = {"error": "错误", "warning": "存疑", "hint": "提示"}


@click.command(name="check", short_help="核对报告里的数字。")
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@options
def command(shell: Shell, reports: tuple[str, ...]) -> None:
    """核对报告：加得上吗，前后一致吗。不写 REPORT 就核对库里的全部报告。"""
    from bot.contract import findings_json, problems_json
    from bot.reading import findings, opened
    from db.check import Checker

    keys = reports or tuple(one.key for one in shell.store.reports())
    checker = Checker(shell.store)
    out, unclear = [], []
    for argument in keys:
        one = opened(shell, argument)
        found = findings(shell, one, checker)
        out += findings_json(found, one.key, one.text)
        unclear += [{"report": one.key, **problem} for problem in problems_json(one.problems)]
        if not shell.as_json:
            click.echo(f"{one.source}：" + (f"{len(found)} 条" if found else "没有发现问题"))
            for finding in found:
                click.echo(f"  {_SEVERITIES[finding.severity]}（{finding.code}）{finding.message}")
            for problem in one.problems:
                click.echo(f"  注意（{problem.code}）{problem.message}")
    if shell.as_json:
        shell.document({"findings": out, "problems": unclear})
    elif not keys:
        click.echo("库里还没有报告。")
