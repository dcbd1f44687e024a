"""Chat: from an update's delivery to the reply's arrival at the stand-in, beside a bare echo bot on the same library."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator

from benchmarks.bench import ROOT, Bench, Line, percentile
from tests.botapi.server import TOKEN, BotApi

TITLE = "Chat over loopback (polling): delivery to reply, p50 / p95"
ORDER = 90

_CHATS = (1, 10, 50)


def measure(bench: Bench) -> Iterator[Line]:
    """One line for each library and number of chats."""
    questions = 60 if bench.quick else 400
    for adapter in ("ptb", "aiogram"):
        ours = asyncio.run(_run(bench, adapter, True, questions))
        echo = asyncio.run(_run(bench, adapter, False, questions))
        for chats in _CHATS:
            yield Line(f"{adapter}, {chats} chats at once", _shown(ours[chats]), f"echo bot: {_shown(echo[chats])}")
        yield Line(f"{adapter}, memory at most", f"{ours['memory']:.0f} MB", f"echo bot: {echo['memory']:.0f} MB")


def _shown(run: tuple[list[float], float]) -> str:
    waits, seconds = run
    return f"{percentile(waits, 0.5) * 1000:.1f} / {percentile(waits, 0.95) * 1000:.1f} ms, {len(waits) / seconds:.0f} a second"


async def _run(bench: Bench, adapter: str, ours: bool, questions: int) -> dict[object, object]:
    api = BotApi(first=time.time_ns() // 1000)  # the store remembers the numbers of the run before
    await api.start()
    settings = {
        "WENBAO_TELEGRAM_TOKEN": TOKEN, "WENBAO_TELEGRAM_API_BASE": api.base, "WENBAO_TELEGRAM_ADAPTER": adapter,
        "WENBAO_DATABASE_URL": bench.url, "WENBAO_LIMITS_PER_USER_PER_MINUTE": "100000000", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = ["bot.cli", "run"] if ours else ["benchmarks.echo", adapter, api.base, TOKEN]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", *command, cwd=bench.folder, env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    out: dict[object, object] = {}
    try:
        await asyncio.gather(*(_chat(api, bench, 9000 + n, 3, 60.0) for n in range(10)))
        for chats in _CHATS:
            began = time.perf_counter()
            each = max(3, questions // chats)
            waits = await asyncio.gather(*(_chat(api, bench, n + 1, each) for n in range(chats)))
            out[chats] = ([wait for one in waits for wait in one], time.perf_counter() - began)
        out["memory"] = _peak(process.pid)
    finally:
        process.kill()
        await process.wait()
        await api.stop()
    return out


async def _chat(api: BotApi, bench: Bench, chat: int, questions: int, patience: float = 30.0) -> list[float]:
    """One chat asks its next question when the last was answered."""
    public = {"id": chat, "type": "private", "first_name": "测"}
    api.chats[chat] = public
    waits = []
    for n in range(questions):
        person = {"id": chat, "is_bot": False, "first_name": "测"}
        text = bench.questions[(chat + n) % len(bench.questions)]
        message = {"message_id": api.next_message(chat), "date": int(time.time()), "chat": public, "from": person, "text": text}
        expected = api.expecting[chat] = asyncio.get_running_loop().create_future()
        number = await api.update(message=message)
        answer = await asyncio.wait_for(expected, patience)
        waits.append(answer["at"] - api.delivered[number])
    return waits


def _peak(pid: int) -> float:
    """Peak resident memory in MB."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
