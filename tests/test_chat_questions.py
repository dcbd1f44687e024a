"""Questions and answers in private and in groups, the same over every adapter and transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.render import Part
from tests.botapi.server import BotApi
from tests.botapi.world import World, link

if TYPE_CHECKING:
    from tests.botapi.fixtures import Running

pytest_plugins = ("tests.botapi.fixtures",)

QUESTION = "柴桥2020年收到几件申请"


async def test_a_question_in_private_gets_figure_quote_and_source(world: World) -> None:
    answer = await world.private().asks(QUESTION)
    assert answer.marked("b")[0].endswith("件")
    assert "新收政府信息公开申请" in answer.marked("blockquote")[0]
    assert "出处：柴桥街道2020.txt，三、收到和处理政府信息公开申请情况" in answer.marked("i")
    assert any(line.startswith("⚠️ 第三节") for line in answer.text.split("\n"))
    assert answer.buttons == ["原文", "👍", "👎"]
    assert answer.reply_to is None


async def test_a_group_is_only_answered_when_it_speaks_to_the_bot(world: World, api: BotApi) -> None:
    li = world.group().person("小李", 12)
    await li.says_in_vain(QUESTION)
    asked = await li.sends(f"请问 @wenbaobot {QUESTION}")
    await api.settled()
    (answer,) = li.chat.everything
    assert answer.marked("b") and answer.reply_to == asked
    assert "件" in (await li.asks("柴桥2020年 @WenbaoBot收到几件申请")).text
    assert "件" in (await li.asks(f"/ask {QUESTION}")).text
    assert "件" in (await li.asks(f"/ask@WENBAOBOT {QUESTION}")).text
    await li.says_in_vain(f"/ask@OtherBot {QUESTION}")
    await li.says_in_vain(f"@WenbaoBotty {QUESTION}")


async def test_follow_ups_are_each_persons_own(world: World) -> None:
    group = world.group()
    li, wang = group.person("小李", 12), group.person("小王", 13)
    await li.asks(f"@WenbaoBot {QUESTION}")
    await wang.asks("@WenbaoBot 大榭2024年收到几件申请")
    assert "柴桥" in (await li.asks("@WenbaoBot 其中自然人几件")).text
    assert "大榭" in (await wang.asks("@WenbaoBot 其中自然人几件")).text


async def test_a_reply_to_somebody_elses_answer_continues_that_answer(world: World) -> None:
    group = world.group()
    li, wang = group.person("小李", 12), group.person("小王", 13)
    answer = await li.asks(f"@WenbaoBot {QUESTION}")
    await wang.asks("@WenbaoBot 大榭2024年收到几件申请")
    assert "柴桥" in (await wang.asks("其中自然人几件", reply_to=answer.id)).text


async def test_answers_stay_in_the_topic(world: World) -> None:
    li = world.group(topics=(77,)).person("小李", 12)
    assert (await li.asks(f"@WenbaoBot {QUESTION}", message_thread_id=77)).thread == 77


async def test_an_edited_question_gets_its_answer_edited(world: World, api: BotApi) -> None:
    chen = world.private()
    asked = await chen.sends(QUESTION)
    await api.settled()
    (answer,) = chen.chat.everything
    await chen.edits(asked, "大榭2024年收到几件申请")
    await api.settled()
    assert [m.id for m in chen.chat.everything] == [answer.id]
    assert "大榭" in chen.chat.message(answer.id).text


async def test_an_answer_of_several_messages_is_edited_to_fewer_and_more(world: World, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"柴桥": 3, "大榭": 1, "小河": 2}

    def parts(answer: dict[str, Any]) -> list[Part]:
        count = next(n for name, n in made.items() if name in answer["text"])
        return [Part(f"{answer['text'][:2]}第{n}段", f"{answer['text'][:2]}第{n}段") for n in range(1, count + 1)]

    monkeypatch.setattr("bot.core.answers.answer_parts", parts)
    chen = world.private()
    asked = await chen.sends(QUESTION)
    for body, year in (("柴桥", 2020), ("大榭", 2024), ("小河", 2020)):
        if body != "柴桥":
            await chen.edits(asked, f"{body}{year}年收到几件申请")
        await api.settled()
        shown = chen.chat.everything
        assert [m.text for m in shown] == [f"{body}第{n}段" for n in range(1, made[body] + 1)]
        assert [bool(m.buttons) for m in shown] == [False] * (made[body] - 1) + [True]


async def test_an_edited_question_in_a_group_keeps_to_itself(world: World, api: BotApi) -> None:
    group = world.group()
    li = group.person("小李", 12)
    asked = await li.sends(QUESTION)
    await api.settled()
    assert not group.everything
    await li.edits(asked, f"@WenbaoBot {QUESTION}")
    await api.settled()
    (answer,) = group.everything
    assert answer.reply_to == asked
    await li.edits(asked, f"@WenbaoBot {QUESTION}")  # Telegram says so too when only a preview was added
    await api.settled()
    assert len(group.everything) == 1


async def test_start_asks_the_question_behind_a_link(world: World) -> None:
    chen = world.private()
    assert "可以这样问" in (await chen.asks("/start")).text
    assert "柴桥" in (await chen.asks(f"/start {QUESTION}")).text
    assert "柴桥" in (await chen.asks(f"/start {link(QUESTION)}")).text


async def test_a_group_is_greeted_once_with_three_questions(world: World, api: BotApi) -> None:
    group = world.group()
    await world.added_to(group)
    await world.added_to(group, "member", "administrator")
    (greeting,) = group.everything
    examples = [line[2:] for line in greeting.text.split("\n") if line.startswith("· ")]
    assert len(examples) == 3
    for example in examples:
        assert "原文" in (await world.private().asks(example)).buttons


_SIZE = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1}
MEDIA = {
    "sticker": {**_SIZE, "is_animated": False, "is_video": False, "type": "regular"},
    "photo": [_SIZE],
    "voice": {"file_id": "s", "file_unique_id": "s", "duration": 1},
    "location": {"latitude": 30.0, "longitude": 121.0},
}


@pytest.mark.parametrize("kind", MEDIA)
async def test_what_has_no_text_gets_one_sentence_in_private_and_silence_in_a_group(world: World, kind: str) -> None:
    (said,) = await world.private().asks_all(None, **{kind: MEDIA[kind]})
    assert "文字" in said.text
    await world.group().person("小李", 12).says_in_vain(**{kind: MEDIA[kind]})


async def test_photos_sent_together_get_one_sentence(world: World, api: BotApi) -> None:
    chen = world.private()
    for _ in range(3):
        await chen.sends(photo=MEDIA["photo"], media_group_id="9")
    await api.settled()
    assert len(chen.chat.everything) == 1


async def test_a_question_under_a_photo_is_a_question(world: World) -> None:
    assert (await world.private().asks(None, photo=MEDIA["photo"], caption=QUESTION)).marked("b")
    assert (await world.group().person("小李", 12).asks(None, photo=MEDIA["photo"], caption=f"@WenbaoBot {QUESTION}")).marked("b")


async def test_inline_results_are_complete_answers(world: World) -> None:
    results = await world.private().asks_inline("柴桥2020年收到申请")
    assert results and all("blockquote" in [e["type"] for e in r["entities"]] for r in results)
    assert 2 <= len(await world.private().asks_inline("2020年收到几件申请")) <= 10
    assert len(await world.private().asks_inline("")) == 3
    assert await world.private().asks_inline("飞碟几架") == []


async def test_an_inline_answer_that_is_too_long_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.core.answers.answer_parts", lambda answer: [Part("<b>2件</b>" + "长" * 3990, "长"), Part("后", "后")])
    (result,) = await world.private().asks_inline(QUESTION)
    assert result["text"].endswith("……太长了，全文请私下问我。")


async def test_what_people_type_is_never_read_as_marks(world: World) -> None:
    answer = await world.private().asks("<b>柴桥</i> & 小桥<script> 2020年 喜欢吃什么")
    assert answer.text


async def test_commands_are_in_the_menu_in_chinese_and_admins_see_more(world: World, api: BotApi) -> None:
    await api.until(lambda: len(api.commands) == 3)
    everybody = [c["command"] for c in api.commands["default"]]
    assert "undo" not in everybody and "undo" in [c["command"] for c in api.commands["900"]]
    assert all(any("一" <= char <= "鿿" for char in c["description"]) for c in api.commands["default"])


async def test_an_admin_who_comes_later_gets_the_admins_menu(bot: Running, api: BotApi) -> None:
    await bot.start()
    await api.until(lambda: "default" in api.commands and any(method == "setMyCommands 400" for method, _ in api.calls))
    admin = World(api).admin()
    await admin.asks("/start")
    assert "undo" in [c["command"] for c in api.commands["900"]]


async def test_commands_answer(world: World) -> None:
    chen = world.private()
    assert "柴桥街道办事处" in (await chen.asks("/reports")).text
    assert "·" in (await chen.asks("/help")).text
    assert "核对" in (await chen.asks("/check 柴桥 2020")).text
    assert (await chen.asks("/source 柴桥 2020")).raw["document"]["file_name"] == "柴桥街道办事处2020.txt"
    assert "没有“/nonsense”" in (await chen.asks("/nonsense")).text
    await chen.asks(QUESTION)
    assert "分词" in (await chen.asks("/explain")).text
    assert "柴桥" in (await chen.asks("/source")).text


async def test_admin_commands_are_for_admins(world: World) -> None:
    assert "管理员" in (await world.private().asks("/undo")).text
    admin = world.admin()
    await admin.asks("柴桥2020年飞碟几架")
    assert "飞碟" in (await admin.asks("/unanswered")).text
    assert "记住了" in (await admin.asks("/alias 桥头堡 柴桥街道办事处")).text
    assert "柴桥" in (await admin.asks("桥头堡2020年收到几件申请")).text
    assert "教别名" in (await admin.asks("/history")).text
