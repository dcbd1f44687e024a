"""``wenbao run`` and ``wenbao doctor`` as processes: what they import, what they say, how they end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from db.chats import Chats
from db.store import Store
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.world import ADMIN, World

if TYPE_CHECKING:
    from conftest import Ran

pytest_plugins = ("tests.botapi.fixtures",)

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "柴桥2020年收到几件申请"


def environment(api: BotApi, library: str, adapter: str = "ptb") -> dict[str, str]:
    return {
        **os.environ, "WENBAO_TELEGRAM_TOKEN": TOKEN, "WENBAO_TELEGRAM_API_BASE": api.base, "WENBAO_DATABASE_URL": library,
        "WENBAO_TELEGRAM_ADAPTER": adapter, "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def test_without_a_token_one_sentence_says_what_is_missing(wenbao: Callable[..., Ran]) -> None:
    ran = wenbao("run")
    assert ran.status == 1 and ran.err.count("\n") == 1 and "WENBAO_TELEGRAM_TOKEN" in ran.err


@pytest.mark.parametrize(("adapter", "other"), [("ptb", "aiogram"), ("aiogram", "telegram")])
def test_only_the_chosen_library_is_imported(adapter: str, other: str) -> None:
    code = f"import sys, bot.adapters.{adapter}; sys.exit({other!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, check=False).returncode == 0


async def run(*arguments: str, env: dict[str, str], cwd: Path) -> Any:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "bot.cli", *arguments, env=env, cwd=cwd,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("adapter", "token"),
    [
        ("ptb", "abc"),
        ("ptb", "12:ab cd"),
        ("ptb", "4200000000:AAE-another-token-of-the-right-length"),
        ("aiogram", "12:ab cd"),
        ("aiogram", "4200000000:AAE-another-token-of-the-right-length"),
    ],
)
async def test_a_token_that_is_none_is_one_sentence(api: BotApi, library: str, tmp_path: Path, adapter: str, token: str) -> None:
    process = await run("run", env={**environment(api, library, adapter), "WENBAO_TELEGRAM_TOKEN": token}, cwd=tmp_path)
    _, said = await process.communicate()
    last = said.decode().splitlines()[-1]
    assert process.returncode == 1 and "Telegram 不认得这个令牌" in last and b"Traceback" not in said


async def test_a_process_answers_and_ends_cleanly(api: BotApi, library: str, tmp_path: Path) -> None:
    chen = World(api).private()
    await chen.sends(QUESTION)
    process = await run("run", env=environment(api, library), cwd=tmp_path)
    await api.settled(30)
    process.send_signal(signal.SIGTERM)
    _, logs = await process.communicate()
    assert process.returncode == 0 and len(chen.chat.everything) == 1
    assert TOKEN.encode() not in logs and "柴桥".encode() not in logs


async def test_a_killed_process_leaves_the_question_to_the_next(api: BotApi, library: str, tmp_path: Path) -> None:
    chen = World(api).private()
    tried = asyncio.Event()

    def down(name: str, given: dict[str, Any]) -> Any:
        if name == "sendMessage":
            tried.set()
            return "drop"
        return None

    api.fault = down
    await chen.sends(QUESTION)
    first = await run("run", env=environment(api, library), cwd=tmp_path)
    await tried.wait()
    first.kill()
    await first.communicate()
    api.fault = lambda name, given: None
    second = await run("run", env=environment(api, library), cwd=tmp_path)
    await api.settled(30)
    second.terminate()
    await second.communicate()
    assert len(chen.chat.everything) == 1


async def test_a_second_process_on_the_same_token_gives_way(api: BotApi, library: str, tmp_path: Path) -> None:
    first = await run("run", env=environment(api, library), cwd=tmp_path)
    await api.until(lambda: any(method == "setMyCommands" for method, _ in api.calls), 30)
    second = await run("run", env=environment(api, library, "aiogram"), cwd=tmp_path)
    done, pending = await asyncio.wait([asyncio.create_task(p.wait()) for p in (first, second)], timeout=120, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 1 and len(pending) == 1
    ended, other = (first, second) if first.returncode is not None else (second, first)
    other.terminate()
    await other.communicate()
    _, said = await ended.communicate()
    assert ended.returncode == 1 and "另一个程序正用同一个令牌收消息" in said.decode().splitlines()[-1]


async def test_doctor_asks_telegram(api: BotApi, library: str, tmp_path: Path) -> None:
    group = World(api).group()
    process = await run("doctor", "--chat", str(group.id), env=environment(api, library), cwd=tmp_path)
    out, _ = await process.communicate()
    said = out.decode()
    assert process.returncode == 0 and "@WenbaoBot" in said and "隐私模式" in said and "可以发言" in said
    with Store.open(library) as store, Chats(store.database).write() as kept:
        kept.greet(str(group.id))
    process = await run("doctor", env=environment(api, library), cwd=tmp_path)
    out, _ = await process.communicate()
    assert f"群 {group.id}\t身份是 member，可以发言" in out.decode()


async def test_sigterm_does_not_wait_for_a_file_being_read(api: BotApi, library: str, tmp_path: Path) -> None:
    world = World(api)
    admin = world.admin()
    started = asyncio.Event()

    def slow(name: str, given: dict[str, Any]) -> Any:
        if name == "file":
            started.set()
            return ("slow", 60)
        return None

    api.fault = slow
    await admin.drops("柴桥2018.txt", b"x" * 1000)
    env = {**environment(api, library), "WENBAO_ADMINS_TELEGRAM_IDS": str(ADMIN)}
    process = await run("run", env=env, cwd=tmp_path)
    await asyncio.wait_for(started.wait(), 60)
    process.terminate()
    await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0
    api.fault = lambda name, given: None
    process = await run("run", env=env, cwd=tmp_path)
    await api.until(lambda: "没有读成" in admin.chat.everything[-1].text, 30)
    process.terminate()
    await process.communicate()
    assert len(admin.chat.everything) == 1
