"""``wenbao unanswered``: questions that found no answer, so that admins see what to teach."""

from __future__ import annotations

import click

from bot.shell import Shell, options


@click.command(name="unanswered", short_help="列出没答上来的问题。")
@click.option("--most", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="最多列几个。")
@options
def command(shell: Shell, most: int) -> None:
    """列出没答上来的问题：时间、原因、问题；不记是谁问的。"""
    found = shell.store.unanswered(most)
    if shell.as_json:
        shell.document({"unanswered": [{"at": one.at, "question": one.text, "reason": one.reason} for one in found]})
        return
    for one in found:
        click.echo(f"{one.at}\t{one.reason}\t{one.text}")
    if not found:
        click.echo("没有。")
