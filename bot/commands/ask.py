"""``wenbao ask``: one question, or a file of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from bot.shell import IN_VAIN, Refusal, Shell, keep_unanswered, options, refuse, unexpected

if TYPE_CHECKING:
    from bot.assistant import Assistant


@click.command(name="ask", short_help="回答一个问题。")
@click.argument("question", nargs=-1, metavar="QUESTION")
@click.option(
    "--batch", metavar="FILE", help="一行一个问题（文字，或带 question、chat、today 的 JSON）；- 是标准输入。"
)
@click.option("--explain", is_flag=True, help="同时说明怎样读懂问题、查了什么。")
@click.option("--today", metavar="DATE", help="把这一天当作今天（去年、今年从它算起），如 2021-03-01。")
@options
def command(shell: Shell, question: tuple[str, ...], batch: str | None, explain: bool, today: str | None) -> None:
    """回答一个问题：数字、原文、出处。

    \b
    wenbao ask 柴桥2020年收到几件申请
    wenbao ask --batch 问题.txt
    """
    if bool(question) == bool(batch):
        raise click.UsageError("要么写一个问题，要么用 --batch 给一个文件")
    from bot.assistant import Assistant

    day = _day(today) if today else None
    if batch:
        lines = _lines(batch)  # a missing file is told before a store is made
        assistant = Assistant(shell.store)
        vain = []
        for answer in _answers(assistant, lines, day, explain):
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            if answer.get("status") in IN_VAIN:
                vain.append(answer)
        keep_unanswered(shell, vain)
        return
    answer = Assistant(shell.store).reply(" ".join(question), today=day, explain=explain)
    keep_unanswered(shell, [answer])
    if shell.as_json:
        shell.document(answer)
        return
    click.echo(answer["text"])
    if explain and "explain" in answer:
        click.echo()
        click.echo(json.dumps(answer["explain"], ensure_ascii=False, indent=2))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--today 要写成 2021-03-01 这样的日期，写的是“{text}”") from None


def _lines(batch: str) -> Iterable[str]:
    if batch == "-":
        return (line.decode("utf-8-sig", "replace") for line in sys.stdin.buffer)
    try:
        with open(batch, "rb") as handle:
            return handle.read().decode("utf-8-sig", "replace").split("\n")
    except FileNotFoundError:
        raise refuse("no_such_file", name=batch) from None
    except OSError:
        raise refuse("unreadable_file", name=batch) from None


def _answers(assistant: Assistant, lines: Iterable[str], day: date | None, explain: bool) -> Iterator[dict[str, Any]]:
    """One answer for each line that holds something, in order; a line that cannot be read is an error in its place."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        asked: Any = line.strip()
        try:
            asked, chat, today = _asked(asked, number)
            yield assistant.reply(asked, chat=chat, today=today or day, explain=explain)
        except Refusal as error:
            yield {"question": asked, "error": {"code": error.code, "message": str(error)}}
        except Exception as error:
            unexpected(error, f"line {number}")
            refused = refuse("internal")
            yield {"question": asked, "error": {"code": refused.code, "message": str(refused)}}


def _asked(line: str, number: int) -> tuple[str, str | None, date | None]:
    """Question, chat and today of one line; a line that is no JSON object is a question as it stands."""
    try:
        value = json.loads(line) if line.startswith("{") else None
    except ValueError:
        value = None
    if value is None:
        return line, None, None
    if not isinstance(value.get("question"), str):
        raise refuse("bad_batch_line", line=number, reason="没有 question")
    today, chat = value.get("today"), value.get("chat")
    try:
        day = date.fromisoformat(today) if today is not None else None
    except (TypeError, ValueError):
        raise refuse("bad_batch_line", line=number, reason=f"today 应像 2021-03-01，写的是“{today}”") from None
    return value["question"], None if chat is None else str(chat), day
