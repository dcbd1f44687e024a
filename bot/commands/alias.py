"""``wenbao alias``: what else people call a body."""

from __future__ import annotations

import click

from bot.shell import Refusal, Shell, options


@click.command(name="alias", short_help="教一个别名，列出或去掉别名。")
@click.argument("name", required=False, metavar="[NAME]")
@click.argument("body", required=False, metavar="[ORG]")
@click.option("--remove", is_flag=True, help="去掉这个别名。")
@options
def command(shell: Shell, name: str | None, body: str | None, remove: bool) -> None:
    """教一个别名：wenbao alias 政务办 北仑区政务服务管理办公室。不写参数就列出全部别名。"""
    from db.identity import folded_name

    store = shell.store
    if name and remove:
        if not store.unlearn(name, "cli"):
            raise Refusal("no_such_report", f"没有“{name}”这个别名")
    elif name and body:
        meant = {row[2] for row in store.names_among([folded_name(body)])}
        if len(meant) != 1:
            why = "库里没有这个单位" if not meant else "好几个单位都叫这个名字，请写全称"
            raise Refusal("no_such_report", f"“{body}”：{why}")
        store.teach(name, meant.pop(), "cli")
    elif name:
        raise click.UsageError("别名后面要写它指哪个单位")
    bodies = {one.id: one.full_name for one in store.organisations()}
    taught = [{"alias": row[1], "org": bodies[row[2]]} for row in store.names() if row[3] == "alias"]
    if shell.as_json:
        shell.document({"aliases": taught})
        return
    for row in taught:
        click.echo(f"{row['alias']}\t{row['org']}")
    if not taught:
        click.echo("还没有教过别名。")
