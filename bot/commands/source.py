"""``wenbao source``: the text that quotes point into, exactly."""

from __future__ import annotations

import sys

import click

from bot.shell import Shell, options


@click.command(name="source", short_help="原样输出一份报告的文字。")
@click.argument("report", metavar="REPORT")
@options
def command(shell: Shell, report: str) -> None:
    """原样输出一份报告的文字（UTF-8，不改换行），引文的位置都指着它。"""
    from bot.reading import opened

    one = opened(shell, report)
    if shell.as_json:
        shell.document({"report": one.key, "source": one.source, "text": one.text})
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(one.text.encode("utf-8"))
    sys.stdout.buffer.flush()
