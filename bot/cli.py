"""The entry point ``wenbao``: finds the command in ``bot/commands`` and turns every error into one sentence.

A command's module is imported only when it is asked for, and imports what it needs inside its function: starting
``wenbao ask`` must not pay for what ``wenbao ingest`` uses.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from pathlib import Path

import click

from bot.shell import unexpected
from knowledge.problems import sentence

_COMMANDS = Path(__file__).parent / "commands"

# New objects before the collector looks for cycles: importing SQLAlchemy makes some 100,000 and no cycle to collect,
# and the usual 700 would cost a tenth of the time that one question takes
_COLLECT_AFTER = 100_000

# SIGINT's number above 128, as shells count
INTERRUPTED = 130


class Commands(click.Group):
    """The folder is the list: each module of ``bot/commands`` holds one ``command`` named like its file."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(path.stem for path in _COMMANDS.glob("[a-z]*.py"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        found: click.Command = importlib.import_module(f"bot.commands.{name}").command
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def wenbao() -> None:
    """问报：问政府信息公开工作年度报告，答数字，附原文。"""


def main(arguments: list[str] | None = None) -> None:
    """Runs one command and exits: 0 done, 1 the request could not be met, 2 wrong usage."""
    gc.set_threshold(_COLLECT_AFTER)
    _plain_streams()
    given = sys.argv[1:] if arguments is None else arguments
    given = [
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _is_words(text) else text
        for text in given
    ]
    as_json = "--json" in given
    try:
        status = wenbao.main(given, prog_name="wenbao", standalone_mode=False)
        _finish(status if isinstance(status, int) else 0)
    except click.exceptions.Exit as error:
        _finish(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        _finish(2)
    except click.UsageError as error:
        _fail("usage", sentence("usage", reason=_usage(error)), 2, as_json)
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted", sentence("interrupted"), INTERRUPTED, as_json)
    except BrokenPipeError:
        # the reader (head, less) has gone: nothing more to say, and nobody to say it to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        os._exit(0)
    except Exception as error:
        _refuse(error, as_json)


def _refuse(error: Exception, as_json: bool) -> None:
    code = getattr(error, "code", None)
    # by name: importing StoreError here would bring the whole of SQLAlchemy to every start
    if isinstance(code, str) and type(error).__name__ in ("Refusal", "ConfigError", "StoreError"):
        _fail(code, str(error), 1, as_json)
    unexpected(error)
    _fail("internal", f"{sentence('internal')}（{type(error).__name__}）", 1, as_json)


def _fail(code: str, message: str, status: int, as_json: bool) -> None:
    one_line = " ".join(message.split("\n")).rstrip("。") + "。"
    click.echo(one_line, err=True)
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "message": one_line}}, ensure_ascii=False))
    _finish(status)


def _finish(status: int) -> None:
    sys.stdout.flush()
    sys.exit(status)


def _usage(error: click.UsageError) -> str:
    """click's complaint in one Chinese sentence."""
    more = f"用法见 {error.ctx.command_path} --help" if error.ctx else "用法见 wenbao --help"
    match error:
        case click.NoSuchOption():
            said = f"没有 {error.option_name} 这个选项"
        case click.MissingParameter():
            said = f"缺少 {error.param.make_metavar(error.ctx) if error.param and error.ctx else '参数'}"
        case click.BadParameter():
            said = f"{error.param.opts[0] if error.param else '参数'} 的值不对：{error.message}"
        case click.BadOptionUsage():
            said = f"选项 {error.option_name} 后面要有一个值"
        case _ if isinstance(error, click.exceptions.NoSuchCommand) or error.message.startswith("No such command"):
            said = f"没有这个命令：{error.message.rpartition(' ')[2].strip(chr(39) + '.')}"
        case _ if error.message.startswith("Got unexpected extra"):
            said = "参数太多；一句话里有空格时请加引号"
        case _:
            said = error.message.rstrip(".")
    return f"{said}；{more}"


def _is_words(text: str) -> bool:
    """A file name must stay as the system gave it; anything else may lose its half characters."""
    return not os.path.exists(text)


def _plain_streams() -> None:
    """UTF-8 whatever the locale says, except on a terminal of another encoding; nothing fails on a rare character."""
    for stream in (sys.stdout, sys.stderr):
        if stream.isatty():
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
