"""Fifty chats for ten minutes, with everything going wrong at random and the bot killed every minute.

    python -m tests.soak [--minutes 10] [--chats 50] [--adapter ptb|aiogram] [--mode polling|webhook] [--kill 60] [--seed 1]

Not part of `make test`. Every question must be answered, rightly and once; twice only where the stand-in swallowed its own
acknowledgement, or the bot was killed before it had noted it (what is not noted is still in its outbox). An admin sends files all the while: each must be stored,
answered from, and taken back. Ends with a table, and with status 1 if that is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.intake import results
from bot.reading import files
from bot.settings import Settings
from db.store import Store
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.world import ADMIN, Person, Shown, World, free_port

ROOT = Path(__file__).resolve().parent.parent

BODIES = (("柴桥", 2020), ("阳明", 2019), ("大榭", 2024), ("小河", 2020), ("北仑区政务办", 2020))
ASKED = ("收到几件申请", "行政许可处理决定多少件", "自然人申请几件", "行政处罚多少件", "存在什么问题", "飞碟几架")

SAMPLE = (ROOT / "samples" / "柴桥街道2020.txt").read_text(encoding="utf-8")
# an admin waits no longer for what a press or a file leads to (seconds)
_PATIENCE = 120

# a bot whose machine is not overloaded notes what was sent within so many seconds
_NOTED = 2.0
# a request that the stand-in dawdles over may be taken so long after the kill
_SLOW = 0.4


class Soak:
    """One run."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.random = random.Random(options.seed)
        self.api = BotApi()
        self.folder = tempfile.mkdtemp(prefix="wenbao-soak-")
        self.url = f"sqlite:///{self.folder}/store.db"
        self.environment = {**os.environ, "WENBAO_TELEGRAM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
        self.process: asyncio.subprocess.Process | None = None
        self.expected: dict[str, str] = {}
        self.asked: dict[tuple[int, int], str] = {}
        # when the bot was killed, and which answers (chat, question) it had not noted as sent then
        self.killed: list[tuple[float, set[tuple[int, int]]]] = []
        self.faults: Counter[str] = Counter()
        self.ending = False
        self.files = 0
        self.files_lost: list[str] = []

    async def run(self) -> int:
        with Store.open(self.url) as store:
            list(results(store, Settings(), files(str(ROOT / "samples"))))
            assistant = Assistant(store)
            for body, year in BODIES:
                for what in ASKED:
                    question = f"{body}{year}年{what}"
                    self.expected[question] = str(assistant.answer(question, None).json()["text"].split("\n")[0])
        await self.api.start()
        await self._configure()
        self.api.fault = self._fault
        await self._start()
        world = World(self.api)
        until = time.monotonic() + self.options.minutes * 60
        chats = [asyncio.create_task(self._chat(world, n, until)) for n in range(self.options.chats)]
        killer = asyncio.create_task(self._killing(until))
        await asyncio.gather(*chats, self._admin(world, until))
        killer.cancel()
        self.ending = True
        if self.process is None or self.process.returncode is not None:
            await self._start()
        await self.api.settled(60)
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        status = await self.process.wait()
        print(f"SIGTERM: ended with {status} after {time.monotonic() - began:.1f} s")
        await self.api.stop()
        return self._verdict()

    async def _configure(self) -> None:
        port = await free_port()
        text = f"""
[database]
url = "{self.url}"
[telegram]
adapter = "{self.options.adapter}"
mode = "{self.options.mode}"
api_base = "{self.api.base}"
webhook_listen = "127.0.0.1:{port}"
webhook_url = "http://127.0.0.1:{port}/telegram"
[admins]
telegram_ids = [{ADMIN}]
[limits]
per_user_per_minute = 100000
"""
        Path(self.folder, "config.toml").write_text(text, encoding="utf-8")

    async def _start(self) -> None:
        log = open(f"{self.folder}/bot.log", "ab")  # noqa: SIM115 (the process keeps it)
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", "run", cwd=self.folder, env=self.environment, stderr=log, stdout=log
        )

    async def _killing(self, until: float) -> None:
        while time.monotonic() < until:
            await asyncio.sleep(self.options.kill * self.random.uniform(0.7, 1.1))
            assert self.process is not None
            self.process.kill()
            at = time.perf_counter()
            await self.process.wait()
            self.killed.append((at, self._unnoted()))
            await self._start()

    def _unnoted(self) -> set[tuple[int, int]]:
        with contextlib.closing(sqlite3.connect(f"{self.folder}/store.db")) as store:
            kept = [json.loads(action) for (action,) in store.execute("SELECT action FROM chat_outbox")]
        return {(int(one["chat"]), one["reply_to"]) for one in kept if "reply_to" in one}

    def _fault(self, method: str, given: dict[str, Any]) -> Any:
        if self.ending:
            return None
        dice = self.random.random()
        fault: Any = None
        if dice < 0.01:
            fault = (429, 1)
        elif dice < 0.03:
            fault = self.random.choice([500, 502, 503])
        elif dice < 0.045:
            fault = "drop"
        elif dice < 0.055 and method == "sendMessage":
            fault = "swallow"
        elif dice < 0.065:
            fault = ("slow", _SLOW - 0.1)
        if fault:
            self.faults[str(fault if isinstance(fault, str) else fault[0] if isinstance(fault, tuple) else fault)] += 1
        return fault

    async def _chat(self, world: World, number: int, until: float) -> None:
        person = world.group(-10_000 - number).person(f"人{number}", 10_000 + number)
        questions = list(self.expected)
        while time.monotonic() < until:
            question = self.random.choice(questions)
            message = await person.sends(f"@WenbaoBot {question}")
            self.asked[person.chat.id, message] = question
            if self.random.random() < 0.05:
                update = next((u for u in self.api.pending.values() if u.get("message", {}).get("chat", {}).get("id") == person.chat.id), None)
                if update is not None:
                    await self.api.again(update)
            await asyncio.sleep(self.random.expovariate(1 / self.options.pause))

    async def _admin(self, world: World, until: float) -> None:
        """Sends a report of another year, stores it, asks it, takes it back, and asks again."""
        admin = world.admin()
        while time.monotonic() < until:
            year = 2001 + self.files % 15
            self.files += 1
            text = SAMPLE.replace("2020", str(year)).replace("2021", str(year + 1)) + f"\n第{self.files}次"
            before = admin.chat.last
            question = f"柴桥{year}年收到几件申请"
            try:
                await admin.drops(f"柴桥{year}.txt", text.encode())
                card = await self._sees(admin, before, lambda m: m.buttons == ["入库", "取消"])
                await self._presses(admin, card, "入库")
                stored = await self._sees(admin, before, lambda m: m.text.startswith("已入库"))
                await admin.sends(question)
                await self._sees(admin, stored.id, lambda m, year=year: f"{year}年 · 新收政府信息公开申请：2件" in m.text)
                await self._presses(admin, stored, "撤销")
                await self._sees(admin, before, lambda m: m.text.startswith("已撤销"))
                await admin.sends(question)
                await self._sees(admin, stored.id, lambda m: m.text.startswith("库里没有"))
            except TimeoutError:
                shown = [one.text[:30] for one in admin.chat.since(before)]
                self.files_lost.append(f"file {self.files}: {shown}")
            await asyncio.sleep(self.options.pause)

    async def _sees(self, admin: Person, before: int, is_it: Callable[[Shown], bool]) -> Shown:
        async with asyncio.timeout(_PATIENCE):
            while True:
                for one in admin.chat.since(before):
                    if is_it(one):
                        return one
                await asyncio.sleep(0.2)

    async def _presses(self, admin: Person, shown: Shown, label: str) -> None:
        key = f"press{len(self.api.presses) + 1}"
        self.api.presses[key] = {"answered": None, "alert": False, "chat": admin.chat.id}
        message = {k: v for k, v in shown.raw.items() if k not in ("html", "at", "history", "reply_to", "sent", "entities")}
        await self.api.update(callback_query={"id": key, "from": admin.user, "message": message, "chat_instance": "c", "data": shown.data(label)})

    def _verdict(self) -> int:
        """In a group an answer replies to its question, so each question's answers are known for certain."""
        swallowed = {(int(g["chat_id"]), g["reply_parameters"]["message_id"]) for method, g in self.api.swallowed if method == "sendMessage" and "reply_parameters" in g}
        answers: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for (chat, _), message in sorted(self.api.messages.items()):
            if message["from"]["is_bot"] and chat < 0:
                answers.setdefault((chat, message.get("reply_to", 0)), []).append(message)
        count: Counter[str] = Counter()
        longest: list[float] = []
        for place, question in self.asked.items():
            given = answers.pop(place, [])
            right = all(one["text"].split("\n")[0] == self.expected[question] for one in given)
            gaps = [at - one["at"] for one in given for at, unnoted in self.killed if place in unnoted and -_SLOW <= at - one["at"] < _NOTED]
            verdict = "lost" if not given else "wrong" if not right else "right" if len(given) == 1 else "twice"
            if verdict == "twice" and place in swallowed:
                verdict = "twice, acknowledgement swallowed"
            elif verdict == "twice" and gaps:
                verdict = "twice, killed before it was noted"
                longest.append(max(gaps))
            count[verdict] += 1
            if verdict in ("lost", "wrong", "twice"):
                print(verdict, place, question, [one["text"][:40] for one in given])
        count["unasked"] = len(answers)
        o = self.options
        print(f"{o.adapter} {o.mode}, {o.minutes} min: {len(self.asked)} questions, {o.chats} chats, {len(self.killed)} kills, faults {dict(self.faults)}")
        print(" · ".join(f"{name} {n}" for name, n in count.items()))
        if longest:
            longest.sort()
            print(f"killed after Telegram had it: {longest[len(longest) // 2] * 1000:.0f} ms (median), {longest[-1] * 1000:.0f} ms (longest)")
        print(f"files stored, asked and taken back: {self.files - len(self.files_lost)} of {self.files}", *self.files_lost, sep="\n")
        print(f"log: {self.folder}/bot.log")
        return int(bool(self.files_lost) or any(count[name] for name in ("lost", "wrong", "twice", "unasked")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--adapter", default="ptb")
    parser.add_argument("--mode", default="polling")
    parser.add_argument("--kill", type=float, default=60, help="seconds between kills")
    parser.add_argument("--pause", type=float, default=4, help="mean seconds between a chat's questions")
    parser.add_argument("--seed", type=int, default=1)
    sys.exit(asyncio.run(Soak(parser.parse_args()).run()))


if __name__ == "__main__":
    main()
