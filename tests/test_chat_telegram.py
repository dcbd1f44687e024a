"""What Telegram does besides plain messages: groups that move, channels, anonymous admins, albums, forwarded messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.core.logs import LOG
from tests.botapi.server import BOT, BotApi
from tests.botapi.world import World

if TYPE_CHECKING:
    from tests.botapi.fixtures import Running

pytest_plugins = ("tests.botapi.fixtures",)

QUESTION = "柴桥2020年收到几件申请"
OPEN = "2020年收到几件申请"


async def test_updates_are_seen_after_a_quiet_week(world: World, api: BotApi) -> None:
    chen = world.private()
    await chen.asks(QUESTION)
    api.quiet_week()
    assert "大榭" in (await chen.asks("大榭2024年收到几件申请")).text
    assert "大榭" in (await chen.asks("其中自然人几件")).text


async def test_its_own_inline_answer_is_no_question(world: World) -> None:
    await world.private().says_in_vain("柴桥街道办事处 · 2020年 · 新收政府信息公开申请：2件", via_bot=BOT)
    li = world.group().person("小李", 12)
    answer = await li.asks(f"@WenbaoBot {QUESTION}")
    await li.says_in_vain("柴桥街道办事处 · 2020年 · 新收政府信息公开申请：2件", via_bot=BOT, reply_to=answer.id)


async def test_what_another_bot_found_inline_is_a_question(world: World) -> None:
    other = {"id": 5, "is_bot": True, "first_name": "别的", "username": "OtherBot"}
    assert "柴桥" in (await world.private().asks(QUESTION, via_bot=other)).text


async def test_a_forwarded_question_is_a_question(world: World) -> None:
    origin = {"type": "user", "date": 1, "sender_user": {"id": 99, "is_bot": False, "first_name": "别人"}}
    assert "柴桥" in (await world.private().asks(QUESTION, forward_origin=origin)).text


async def test_a_channel_is_not_greeted(world: World, api: BotApi) -> None:
    channel = world.group(-1009)
    channel.public["type"] = api.chats[-1009]["type"] = "channel"
    await world.added_to(channel, after="administrator")
    assert not channel.everything


async def test_a_group_is_greeted_again_after_the_bot_was_taken_out(world: World) -> None:
    group = world.group()
    await world.added_to(group)
    await world.added_to(group, "member", "kicked")
    await world.added_to(group, "kicked", "member")
    assert len(group.everything) == 2


async def moved(api: BotApi, group: Any, new: Any) -> None:
    api.chats[group.id]["moved_to"] = new.id
    await group.person("小李", 12).sends(migrate_to_chat_id=new.id)
    await api.settled()


async def test_follow_ups_go_on_in_the_supergroup(world: World, api: BotApi) -> None:
    group, new = world.group(-5), world.group(-1005)
    await world.added_to(group)
    await group.person("小李", 12).asks(f"@WenbaoBot {QUESTION}")
    await moved(api, group, new)
    await world.added_to(new)
    assert not new.everything
    assert "柴桥" in (await new.person("小李", 12).asks("@WenbaoBot 其中自然人几件")).text


async def test_an_old_groups_message_is_never_mistaken_for_one_of_the_new(world: World, api: BotApi) -> None:
    group, new = world.group(-5), world.group(-1005)
    li = group.person("小李", 12)
    asked = await li.sends(f"@WenbaoBot {QUESTION}")
    await api.settled()
    while new.last < group.last - 2:
        await new.person("小李", 12).sends("闲聊")
    first = await new.person("小李", 12).asks("@WenbaoBot 大榭2024年收到几件申请")
    api.chats[-5]["moved_to"] = -1005
    await li.edits(asked, "@WenbaoBot 小河2020年收到几件申请")
    await api.settled()
    assert "大榭" in new.message(first.id).text
    assert "小河" in new.everything[-1].text


async def test_a_reply_continues_an_answer_that_arrived_in_the_supergroup(world: World, api: BotApi) -> None:
    group, new = world.group(-5), world.group(-1005)
    api.chats[-5]["moved_to"] = -1005
    await group.person("小李", 12).sends(f"@WenbaoBot {QUESTION}")
    await api.settled()
    (answer,) = new.everything
    assert "柴桥" in (await new.person("小王", 13).asks("其中自然人几件", reply_to=answer.id)).text


async def test_an_answer_whose_topic_is_gone_still_arrives(world: World, api: BotApi) -> None:
    group = world.group(topics=(77,))
    api.chats[group.id]["topics"] = ()
    assert (await group.person("小李", 12).asks(f"@WenbaoBot {QUESTION}", message_thread_id=77)).marked("b")


async def test_an_anonymous_admins_choice_can_be_pressed(world: World, api: BotApi) -> None:
    group = world.group()
    anonymous = group.person("Group", 1087968824)
    shown = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}, "sender_chat": group.public}
    offered = await anonymous.asks(f"@WenbaoBot {OPEN}", **shown)
    await group.person("老周", 12).presses(offered, offered.buttons[0])
    assert group.message(offered.id).marked("b")
    assert group.message(offered.id).text.split(" · ")[0] in (await anonymous.asks("@WenbaoBot 其中自然人几件", **shown)).text


async def test_other_bots_are_not_talked_to(world: World) -> None:
    other = {"id": 5, "is_bot": True, "first_name": "别的", "username": "OtherBot"}
    await world.group().person("别的", 5).says_in_vain(f"@WenbaoBot {QUESTION}", **{"from": other})


async def test_a_press_that_came_too_late_still_does_what_it_was_for(world: World, api: BotApi) -> None:
    chen = world.private()
    offered = await chen.asks(OPEN)
    late = {"id": "late", "from": chen.user, "message": offered.raw | {"entities": []}, "chat_instance": "c", "data": offered.data(offered.buttons[0])}
    late["message"] = {k: v for k, v in late["message"].items() if k not in ("html", "at", "history", "reply_to", "sent", "entities")}
    await api.update(callback_query=late)
    await api.settled()
    assert chen.chat.message(offered.id).marked("b")


async def test_a_question_that_was_deleted_is_still_answered(world: World, api: BotApi) -> None:
    group = world.group()
    gone = api.messages
    await group.person("小李", 12).sends(f"@WenbaoBot {QUESTION}")
    gone.pop((group.id, group.last))
    await api.settled()
    (answer,) = group.everything
    assert answer.marked("b") and answer.reply_to is None


@pytest.mark.parametrize("text", ["/ask柴桥2020年收到几件申请", "/ask@WenbaoBot柴桥2020年收到几件申请", "/ASK　柴桥2020年收到几件申请", "/ask\n柴桥2020年收到几件申请"])
async def test_a_command_needs_no_blank_before_chinese(world: World, text: str) -> None:
    assert (await world.group().person("小李", 12).asks(text)).marked("b")


async def test_logs_do_not_quote_an_update_that_cannot_be_read(world: World, api: BotApi, bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("INFO")
    await api.update(message={"message_id": "?", "chat": 5, "text": "机密问题"})
    await world.private().asks(QUESTION)
    said = "\n".join(f"{record.getMessage()} {getattr(record, 'values', '')} {record.exc_text}" for record in caplog.records)
    assert "unreadable update" in said and "机密" not in said
