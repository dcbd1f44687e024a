"""What every command shares: its options, the settings and the store behind them, JSON out, and refusals."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from db.records import StoredReport
    from db.store import Store


class Refusal(Exception):
    """The request could not be met: a code of ``knowledge.problems`` and its sentence. Exit status 1."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def refuse(code: str, **values: object) -> Refusal:
    """A Refusal with the code's sentence."""
    from knowledge.problems import sentence

    return Refusal(code, sentence(code, **values))


# Answers that admins should see: a word could not be read. What is simply not in the store teaches nothing.
IN_VAIN = ("not_understood",)


def keep_unanswered(shell: Shell, answers: list[dict[str, Any]]) -> None:
    """Keeps the questions of these answers for ``wenbao unanswered``; a store that is only read goes without."""
    from db.engine import StoreError

    asked = [(answer["question"], answer["status"]) for answer in answers if answer["status"] in IN_VAIN]
    with contextlib.suppress(StoreError):
        shell.store.keep_unanswered(asked)


def unexpected(error: BaseException, where: str = "") -> None:
    """Logs a mistake of ours whole, beside the history of ``wenbao chat``: on the screen stands one sentence."""
    import traceback

    with contextlib.suppress(OSError):
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "wenbao.log", "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {where}\n{''.join(traceback.format_exception(error))}\n")


def state_folder() -> Path:
    """Where this user's history and log are kept."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "wenbao"


@dataclass
class Shell:
    """One run of one command. Settings and store are opened at first use."""

    as_json: bool
    url: str | None
    config: str | None

    @cached_property
    def settings(self) -> Settings:
        """config.toml (or --config) with the environment."""
        from bot.settings import load

        return load(self.config)

    @cached_property
    def store(self) -> Store:
        """The store that --db or the settings name."""
        from db.store import Store

        return Store.open(self.url or self.settings.database.url)

    def close(self) -> None:
        """Ends what was opened."""
        if "store" in self.__dict__:
            self.store.close()

    def document(self, value: object) -> None:
        """The one JSON document of a --json run."""
        click.echo(json.dumps(value, ensure_ascii=False))

    def stored(self, argument: str) -> StoredReport:
        """The one report in the store that the argument means; a Refusal where there is none, or several."""
        found = self.store.find(argument)
        if not found:
            raise refuse("no_such_report", name=argument)
        if len(found) > 1:
            choices = "、".join(f"{one.key} {one.org} {one.year}年" for one in found[:5])
            raise refuse("ambiguous_report", name=argument, choices=choices)
        return found[0]


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """--json, --db and --config; the function gets a Shell as its first argument."""

    def run(json_wanted: bool, db: str | None, config: str | None, **values: Any) -> Any:
        shell = Shell(json_wanted, db, config)
        try:
            _ = shell.settings  # a wrong key is told whatever the command
            return function(shell, **values)
        finally:
            shell.close()

    wrapped = update_wrapper(run, function)
    for option in (
        click.option("--config", metavar="FILE", help="设置文件，默认当前文件夹的 config.toml。"),
        click.option("--db", metavar="URL", help="数据库，默认设置里的 database.url。"),
        click.option("--json", "json_wanted", is_flag=True, help="输出一个 JSON 文档。"),
    ):
        wrapped = option(wrapped)
    return wrapped
