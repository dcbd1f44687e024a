"""``wenbao chat``: the conversation at a terminal."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from bot.shell import Refusal, Shell, keep_unanswered, options, refuse, state_folder, unexpected

if TYPE_CHECKING:
    from bot.assistant import Assistant

_HELP = """直接问就行，如：柴桥2020年收到几件申请。接着可以问：其中自然人呢。
/reports 库里的报告　/source r1 报告原文　/check r1 核对　/explain 上一问是怎样读懂的　/quit 退出"""
_BOLD, _DIM, _YELLOW, _PLAIN = "\033[1;32m", "\033[2m", "\033[33m", "\033[0m"


@click.command(name="chat", short_help="在终端里一问一答。")
@options
def command(shell: Shell) -> None:
    """在终端里一问一答，记得上一问；上下键翻看问过的话，Ctrl-D 退出。"""
    from bot.assistant import Assistant

    assistant = Assistant(shell.store)
    interactive = sys.stdin.isatty()
    if interactive:
        _line_editing()
        if not shell.as_json:
            click.echo(_HELP)
    last: dict[str, Any] = {}
    while True:
        line = _next_line(interactive)
        if line is None or line.strip() in ("/quit", "/exit"):
            return
        if not line.strip():
            continue
        try:
            last = _turn(shell, assistant, line.strip(), last)
        except Refusal as error:
            click.echo(str(error))
        except Exception as error:
            unexpected(error)
            click.echo(str(refuse("internal")))


def _next_line(interactive: bool) -> str | None:
    try:
        return input("问> " if interactive else "")
    except (EOFError, KeyboardInterrupt):
        if interactive:
            click.echo()
        return None


def _turn(shell: Shell, assistant: Assistant, line: str, last: dict[str, Any]) -> dict[str, Any]:
    """Answers one line; returns how the last question was read, for /explain."""
    if not line.startswith("/"):
        answer = assistant.reply(line, chat="terminal", explain=True)
        explained: dict[str, Any] = answer.pop("explain", {})
        keep_unanswered(shell, [answer])
        shell.document(answer) if shell.as_json else click.echo(painted(answer, color=sys.stdout.isatty()))
        return explained
    word, _, rest = line.partition(" ")
    if word == "/explain":
        if rest.strip():
            last = assistant.reply(rest.strip(), explain=True).get("explain", {})
        click.echo(json.dumps(last, ensure_ascii=False, indent=2) if last else "还没有问过。")
        return last
    if word in ("/reports", "/source", "/check"):
        _other_command(shell, word[1:], rest.split())
    else:
        click.echo(_HELP)
    return last


def _other_command(shell: Shell, name: str, arguments: list[str]) -> None:
    """Runs another command as it is, on the same store."""
    import importlib

    found: click.Command = importlib.import_module(f"bot.commands.{name}").command
    own = ["--db", shell.url or shell.settings.database.url]
    if not all(re.fullmatch(r"[rR]\d+", word) for word in arguments):
        arguments = [" ".join(arguments)]  # 柴桥 2020 is one report
    try:
        found.main([*arguments, *own], prog_name=f"/{name}", standalone_mode=False)
    except click.UsageError as error:
        click.echo(error.format_message())
    except click.exceptions.Exit:
        pass


def painted(answer: dict[str, Any], *, color: bool) -> str:
    """The answer's text; on a terminal its figures stand out, quotes recede, warnings are yellow."""
    text: str = answer["text"]
    if not color:
        return text
    values = [f"{figure['value']}{figure['unit'] or ''}" for figure in answer["figures"] if figure["value"] is not None]
    quoted = {quote["display"] for quote in answer["quotes"]} | {quote["text"] for quote in answer["quotes"]}
    lines = []
    for line in text.split("\n"):
        if any(part and part in line for part in quoted):
            line = f"{_DIM}{line}{_PLAIN}"
        elif line.startswith("⚠"):
            line = f"{_YELLOW}{line}{_PLAIN}"
        else:
            for value in dict.fromkeys(values):
                line = line.replace(value, f"{_BOLD}{value}{_PLAIN}", 1)
        lines.append(line)
    return "\n".join(lines)


def _line_editing() -> None:
    """Arrow keys, and a history that survives; nothing is lost where there is no readline."""
    try:
        import atexit
        import readline
    except ImportError:
        return
    file = state_folder() / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        readline.set_history_length(1000)
        if file.exists():
            readline.read_history_file(file)
        atexit.register(readline.write_history_file, file)
    except OSError:
        return
