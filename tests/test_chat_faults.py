"""What goes wrong on the way: nothing is lost, nothing comes twice, and everybody is told once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.core import desk, service
from bot.core.logs import LOG
from bot.shell import Refusal
from tests.botapi.server import BotApi, ask, post
from tests.botapi.world import World

if TYPE_CHECKING:
    from tests.botapi.fixtures import Running

pytest_plugins = ("tests.botapi.fixtures",)

QUESTION = "柴桥2020年收到几件申请"


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are as short as can be."""
    monkeypatch.setattr(desk, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(desk, "_LONGEST_PAUSE", 0.05)


def faults(api: BotApi, method: str, *planned: Any) -> None:
    """The next requests of this method go wrong like that, one after the other."""
    left = list(planned)
    api.fault = lambda name, given: left.pop(0) if name == method and left else None


async def test_a_repeated_update_is_answered_once(world: World, api: BotApi) -> None:
    chen = world.private()
    await chen.sends(QUESTION)
    update = next(iter(api.pending.values()))
    await api.settled()
    await api.again(update)
    await api.settled()
    assert len(chen.chat.everything) == 1


@pytest.mark.parametrize("fault", [(429, 0), 500, 502, "drop"], ids=["429", "500", "502", "drop"])
async def test_a_send_that_fails_delays_and_loses_nothing(world: World, api: BotApi, fault: Any) -> None:
    faults(api, "sendMessage", fault, fault)
    (answer,) = await world.private().asks_all(QUESTION)
    assert answer.marked("b")


async def test_only_a_swallowed_answer_may_come_twice(world: World, api: BotApi) -> None:
    faults(api, "sendMessage", "swallow")
    assert len(await world.private().asks_all(QUESTION)) == 2


async def test_polls_that_fail_lose_nothing(world: World, api: BotApi) -> None:
    faults(api, "getUpdates", 502, "drop", (429, 0))
    assert (await world.private().asks(QUESTION)).marked("b")


async def test_a_message_refused_for_its_marks_is_sent_plain(world: World, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.render import Part

    monkeypatch.setattr("bot.core.answers.answer_parts", lambda answer: [Part("<b>broken", answer["text"])])
    answer = await world.private().asks(QUESTION)
    assert "件" in answer.text and not answer.raw["entities"]


async def test_an_api_that_is_down_at_the_start_is_waited_for(bot: Running, api: BotApi) -> None:
    faults(api, "getMe", "drop")
    world = World(api)
    chen = world.private()
    await chen.sends(QUESTION)
    await bot.start()
    await api.settled(20)
    assert len(chen.chat.everything) == 1


async def test_a_killed_bot_answers_after_its_restart_and_once(world: World, bot: Running, api: BotApi) -> None:
    chen = world.private()
    tried = asyncio.Event()

    def down(name: str, given: dict[str, Any]) -> Any:
        if name != "sendMessage":
            return None
        tried.set()
        return "drop"

    api.fault = down
    await chen.sends(QUESTION)
    await tried.wait()
    await bot.kill()
    api.fault = lambda name, given: None
    await bot.start()
    await api.settled()
    await chen.asks("其中自然人几件")
    assert ["柴桥" in m.text for m in chen.chat.everything] == [True, True]


async def test_what_is_in_hand_is_finished_at_the_end(world: World, bot: Running, api: BotApi) -> None:
    chen = world.private()
    tried = asyncio.Event()

    def slow(name: str, given: dict[str, Any]) -> Any:
        if name == "sendMessage":
            tried.set()
            return ("slow", 0.3)
        return None

    api.fault = slow
    await chen.sends(QUESTION)
    await tried.wait()
    await bot.stop()
    assert len(chen.chat.everything) == 1


async def test_at_the_end_what_waits_for_another_try_is_tried_at_once(world: World, bot: Running, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_FIRST_PAUSE", 100.0)
    chen = world.private()
    tried = asyncio.Event()

    def broken(name: str, given: dict[str, Any]) -> Any:
        if name != "sendMessage" or tried.is_set():
            return None
        tried.set()
        return "drop"

    api.fault = broken
    await chen.sends(QUESTION)
    await tried.wait()
    await asyncio.wait_for(bot.stop(), 8)
    assert len(chen.chat.everything) == 1


async def test_a_chat_is_answered_in_order_and_does_not_hold_up_others(world: World, api: BotApi) -> None:
    slow, quick = world.private("慢", 21), world.private("快", 22)
    gate = asyncio.Event()

    async def held(given: dict[str, Any]) -> Any:
        if int(given["chat_id"]) == 21:
            await gate.wait()
        return await sent(given)

    sent = api._send_message
    api._send_message = held  # type: ignore[method-assign]
    await slow.sends(QUESTION)
    await slow.sends("大榭2024年收到几件申请")
    await quick.sends(QUESTION)
    await api.until(lambda: quick.chat.everything)
    assert not slow.chat.everything
    gate.set()
    await api.settled()
    assert ["柴桥" in m.text for m in slow.chat.everything] == [True, False]


async def test_too_many_questions_are_told_once(bot: Running, api: BotApi) -> None:
    bot.change(per_user_per_minute=3)
    await bot.start()
    chen = World(api).private()
    for _ in range(6):
        await chen.sends(QUESTION, date=1_700_000_000)
    await api.settled()
    texts = [m.text for m in chen.chat.everything]
    assert len(texts) == 4 and "每分钟最多 3 个" in texts[-1]
    await chen.asks(QUESTION, date=1_700_000_061)


async def test_commands_stickers_and_files_count_too(bot: Running, api: BotApi) -> None:
    bot.change(per_user_per_minute=3)
    await bot.start()
    chen = World(api).private()
    at = 1_700_000_000
    await chen.sends("/reports", date=at)
    await chen.sends("/nonsense", date=at)
    await chen.sends("/undo", date=at)
    for _ in range(3):
        await chen.sends("/source 柴桥 2020", date=at)
        await chen.sends(date=at, sticker={"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"})
        await chen.drops("a.txt", b"x", date=at)
    await api.settled()
    texts = [m.text for m in chen.chat.everything]
    assert len(texts) == 4 and "每分钟最多 3 个" in texts[-1]


async def test_one_persons_flood_is_not_anothers(bot: Running, api: BotApi) -> None:
    bot.change(per_user_per_minute=1)
    await bot.start()
    group = World(api).group()
    li, wang = group.person("小李", 12), group.person("小王", 13)
    for _ in range(3):
        await li.sends(f"@WenbaoBot {QUESTION}", date=1_700_000_000)
    await api.settled()
    assert len(group.everything) == 2
    assert (await wang.asks(f"@WenbaoBot {QUESTION}", date=1_700_000_000)).marked("b")


async def test_a_button_that_asks_too_often_says_so(bot: Running, api: BotApi) -> None:
    bot.change(per_user_per_minute=1)
    await bot.start()
    chen = World(api).private()
    offered = await chen.asks("2020年收到几件申请")
    assert "每分钟最多 1 个" in await chen.presses(offered, offered.buttons[0])


async def test_a_group_that_became_a_supergroup_is_followed(world: World, api: BotApi) -> None:
    group, new = world.group(-5), world.group(-1005)
    api.chats[-5]["moved_to"] = -1005
    await group.person("小李", 12).sends(f"@WenbaoBot {QUESTION}")
    await api.settled()
    assert len(new.everything) == 1


async def test_a_person_who_blocked_the_bot_holds_up_nobody(world: World, api: BotApi) -> None:
    chen = world.private()
    api.chats[11]["blocked"] = True
    await chen.sends(QUESTION)
    await api.settled()
    api.chats[11]["blocked"] = False
    assert (await chen.asks(QUESTION)).marked("b")


async def test_a_mistake_of_ours_is_one_sentence_and_the_next_is_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.core.answers import Answers

    whole = Answers.ask
    monkeypatch.setattr(Answers, "ask", lambda *given: 1 / 0)
    assert "程序自己出了错" in (await world.private().asks(QUESTION)).text
    monkeypatch.setattr(Answers, "ask", whole)
    assert (await world.private().asks(QUESTION)).marked("b")


async def test_an_update_nobody_can_read_holds_up_nobody(world: World, api: BotApi) -> None:
    await api.update(message={"message_id": "?", "chat": 5})
    assert (await world.private().asks(QUESTION)).marked("b")


async def test_logs_say_nothing_that_anybody_wrote(world: World, caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("INFO")
    await world.private().asks(QUESTION)
    said = " ".join(f"{record.getMessage()} {getattr(record, 'values', '')}" for record in caplog.records if record.name == LOG.name)
    assert "answered" in said and "柴桥" not in said


@pytest.mark.parametrize("bot", [("ptb", "polling"), ("aiogram", "polling")], indirect=True)
async def test_somebody_else_polling_is_one_sentence(bot: Running, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_NEW_SECONDS", 0.1)
    bot.expected_to_fail = True
    await bot.start()
    api.fault = lambda name, given: None
    conflict = api._get_updates

    async def taken(given: dict[str, Any]) -> Any:
        from tests.botapi.server import ApiError

        raise ApiError(409, "Conflict: terminated by other getUpdates request")

    api._get_updates = taken  # type: ignore[method-assign]
    await api.update(message={})  # wakes the poll that is open
    error = await bot.ended()
    api._get_updates = conflict  # type: ignore[method-assign]
    assert isinstance(error, Refusal) and "另一个程序" in str(error)


async def test_a_wrong_token_is_one_sentence(bot: Running, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.botapi.server.TOKEN", "1:another-token-that-is-long-enough-000")
    bot.expected_to_fail = True
    with pytest.raises(Refusal, match="令牌"):
        await bot.start()


@pytest.mark.parametrize("bot", [("ptb", "webhook"), ("aiogram", "webhook")], indirect=True)
async def test_updates_that_go_elsewhere_are_one_sentence(bot: Running, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_WATCH_SECONDS", 0.01)
    bot.expected_to_fail = True
    await bot.start()
    await api.until(lambda: [method for method, _ in api.calls].count("getWebhookInfo") > 2)
    api.webhook = None  # somebody else polls
    error = await bot.ended()
    assert isinstance(error, Refusal) and "另一个程序" in str(error)


@pytest.mark.parametrize("bot", [("ptb", "webhook"), ("aiogram", "webhook")], indirect=True)
async def test_a_webhook_address_that_telegram_refuses_is_one_sentence(bot: Running, api: BotApi) -> None:
    bot.settings = replace(bot.settings, telegram=replace(bot.settings.telegram, webhook_url="http://bot.example.cn/telegram"))
    bot.expected_to_fail = True
    with pytest.raises(Refusal, match=r"telegram\.webhook_url.*(?i:https url)"):
        await bot.start()


@pytest.mark.parametrize("bot", [("ptb", "webhook"), ("aiogram", "webhook")], indirect=True)
async def test_an_unsent_answer_keeps_no_webhook_waiting(bot: Running, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_UNSENT_SECONDS", 0.05)
    await bot.start()
    chen = World(api).private()
    api.fault = lambda name, given: "drop" if name == "sendMessage" else None
    await chen.sends(QUESTION)
    await api.until(lambda: not api.pending)
    assert not chen.chat.everything
    api.fault = lambda name, given: None
    await api.until(lambda: chen.chat.everything)


@pytest.mark.parametrize("bot", [("ptb", "webhook"), ("aiogram", "webhook")], indirect=True)
async def test_a_webhook_wants_the_secret_and_shows_its_health(bot: Running) -> None:
    await bot.start()
    host, port = bot.settings.telegram.webhook_listen.split(":")
    assert await post(host, int(port), "/telegram", b"{}", {"X-Telegram-Bot-Api-Secret-Token": "guess"}) == 403
    assert await post(host, int(port), "/elsewhere", b"{}") == 404
    status, body = await ask(host, int(port), "/health", b"", method="GET")
    assert status == 200 and b'"ok": true' in body
