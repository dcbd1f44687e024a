"""Choices, 原文, votes and pages: buttons that work for whom they are meant, also after a restart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db.chats import Chats
from tests.botapi.server import BotApi
from tests.botapi.world import World

if TYPE_CHECKING:
    from tests.botapi.fixtures import Running

pytest_plugins = ("tests.botapi.fixtures",)

QUESTION = "柴桥2020年收到几件申请"
AMBIGUOUS = "柴桥2020年行政许可多少"
OPEN = "2020年收到几件申请"


async def test_a_choice_becomes_the_answer_in_place(world: World) -> None:
    chen = world.private()
    offered = await chen.asks(OPEN)
    assert len(offered.buttons) >= 2
    await chen.presses(offered, offered.buttons[0])
    answer = chen.chat.message(offered.id)
    assert answer.buttons == ["原文", "👍", "👎"] and answer.marked("b")


async def test_a_choice_is_for_who_asked(world: World) -> None:
    group = world.group()
    li, wang = group.person("小李", 12), group.person("小王", 13)
    offered = await li.asks(f"@WenbaoBot {OPEN}")
    before = offered.text
    assert "提问的人" in await wang.presses(offered, offered.buttons[0])
    assert group.message(offered.id).text == before
    await li.presses(offered, offered.buttons[0])
    assert group.message(offered.id).marked("b")


async def test_a_choice_is_for_anyone_where_the_settings_say_so(bot: Running, api: BotApi) -> None:
    bot.settings = replace(bot.settings, telegram=replace(bot.settings.telegram, choices_for="anyone"))
    await bot.start()
    group = World(api).group()
    offered = await group.person("小李", 12).asks(f"@WenbaoBot {OPEN}")
    await group.person("小王", 13).presses(offered, offered.buttons[0])
    assert group.message(offered.id).marked("b")


async def test_a_choice_works_after_a_restart_and_the_conversation_goes_on(world: World, bot: Running) -> None:
    chen = world.private()
    offered = await chen.asks(OPEN)
    await bot.stop()
    await bot.start()
    await chen.presses(offered, offered.buttons[0])
    answer = chen.chat.message(offered.id)
    assert answer.marked("b")
    await bot.stop()
    await bot.start()
    assert answer.text.split(" · ")[0] in (await chen.asks("其中自然人几件")).text


async def test_a_choice_can_be_typed_as_a_number(world: World) -> None:
    chen = world.private()
    await chen.asks(OPEN)
    assert (await chen.asks("1")).marked("b")


async def test_a_stale_button_says_so(world: World) -> None:
    chen = world.private()
    answer = await chen.asks(QUESTION)
    for data in ("c:12345:0", "o:12345", "u:1", "s:77", "x:77", "p:5:1", "nonsense", "c:abc:1"):
        assert "过期" in await chen.presses_data(answer, data)


async def test_the_source_is_shown_once_with_the_quote_marked(world: World) -> None:
    chen = world.private()
    answer = await chen.asks(QUESTION)
    before = chen.chat.last
    await chen.presses(answer, "原文")
    (shown,) = chen.chat.since(before)
    assert shown.reply_to == answer.id
    assert "新收政府信息公开申请" in shown.marked("u")[0]
    assert len(shown.text.split("\n")) > 3
    assert await chen.presses(answer, "原文")
    assert len(chen.chat.since(before)) == 1


async def test_votes_are_kept_once_a_person_and_without_names(world: World, bot: Running) -> None:
    chen = world.private()
    answer = await chen.asks(QUESTION)
    await chen.presses(answer, "👍")
    await chen.presses(answer, "👎")
    assert bot.store is not None
    assert [vote[:2] for vote in Chats(bot.store.database).votes()] == [(-1, QUESTION)]
    assert f"👎 {QUESTION}" in (await world.admin().asks("/unanswered")).text


async def test_long_lists_are_paged_for_who_asked(world: World, bot: Running, api: BotApi) -> None:
    admin = world.admin()
    for n in range(25):
        await admin.sends(f"柴桥2020年第{n}个飞碟几架", date=1_700_000_000 + n * 10)
    await api.settled()
    listed = await admin.asks("/unanswered")
    assert listed.buttons == ["下一页"] and "第 1/" in listed.text
    await admin.presses(listed, "下一页")
    assert "第 2/" in admin.chat.message(listed.id).text and "上一页" in admin.chat.message(listed.id).buttons
