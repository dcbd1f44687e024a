"""Files from admins: read, shown, stored on a press, taken back; files from others are declined."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.core import desk, uploads
from db.chats import Chats
from tests.botapi.server import BotApi
from tests.botapi.world import OTHER_ADMIN, World

if TYPE_CHECKING:
    from tests.botapi.fixtures import Running

pytest_plugins = ("tests.botapi.fixtures",)

SAMPLE = (Path(__file__).resolve().parent.parent / "samples" / "柴桥街道2020.txt").read_text(encoding="utf-8")
NEW = SAMPLE.replace("2020", "2018").replace("2021", "2019")
CORRECTED = SAMPLE.replace("一、本年新收政府信息公开申请数量\n\t2", "一、本年新收政府信息公开申请数量\n\t3", 1)


def ask(year: int) -> str:
    return f"柴桥{year}年收到几件申请"


async def test_a_file_is_read_shown_stored_and_taken_back(world: World) -> None:
    admin = world.admin()
    card = await admin.uploads("柴桥2018.txt", NEW.encode())
    assert "柴桥街道办事处 · 2018年\n2019 年版表格 · 2019年1月13日 · 206 个数" in card.text
    assert "核对出 4 处：" in card.text and card.text.count("⚠️") == 4
    assert card.buttons == ["入库", "取消"]
    assert [text[:4] for text in card.raw["history"]][-2:] == ["正在读取", "《柴桥2"]
    assert "没有" in (await admin.asks(ask(2018))).text
    await admin.presses(card, "入库")
    stored = await world.api.until(lambda: (m := admin.chat.message(card.id)).text.startswith("已入库") and m)
    assert stored.buttons == ["撤销"]
    examples = [line[2:] for line in stored.text.split("\n") if line.startswith("· ")]
    assert len(examples) == 2
    for example in examples:
        assert (await admin.asks(example)).marked("b")
    assert (await admin.asks(ask(2018))).marked("b")
    await admin.presses(stored, "撤销")
    assert "已撤销" in admin.chat.message(card.id).text
    assert not (await admin.asks(ask(2018))).marked("b")


async def test_a_new_version_shows_what_changes_and_replaces(world: World, bot: Running) -> None:
    assert CORRECTED != SAMPLE
    admin = world.admin()
    card = await admin.uploads("柴桥2020改.txt", CORRECTED.encode())
    assert card.buttons == ["替换", "取消"] and "2 → 3" in card.text
    await admin.presses(card, "替换")
    await world.api.until(lambda: admin.chat.message(card.id).text.startswith("已入库"))
    asked = "柴桥2020年自然人新收申请几件"
    assert "3件" in (await admin.asks(asked)).text
    assert "第 2 版" in (await admin.asks("/history 柴桥 2020")).text
    assert "已撤销" in (await admin.asks("/undo")).text
    assert "2件" in (await admin.asks(asked)).text
    assert "没有可以撤销" in (await admin.asks("/undo")).text
    assert bot.store is not None
    assert [c.actor for c in bot.store.audit(2)] == ["telegram:900", "telegram:900"]


async def test_what_was_taken_back_once_does_not_come_back(world: World) -> None:
    admin = world.admin()
    for text in (NEW, NEW + "（再发）"):
        card = await admin.uploads("柴桥2018.txt", text.encode())
        assert card.buttons == ["入库", "取消"]
        await admin.presses(card, "入库")
        await world.api.until(lambda card=card: admin.chat.message(card.id).text.startswith("已入库"))
        assert "不再用来回答" in (await admin.asks("/undo")).text
    assert not (await admin.asks(ask(2018))).marked("b")


async def test_cancelling_stores_nothing(world: World, bot: Running) -> None:
    admin = world.admin()
    card = await admin.uploads("柴桥2018.txt", NEW.encode())
    store = card.data("入库")
    await admin.presses(card, "取消")
    assert "已取消" in admin.chat.message(card.id).text and admin.chat.message(card.id).buttons == []
    assert "用过" in await admin.presses_data(card, store)
    assert bot.store is not None and bot.store.find("柴桥 2018") == []


async def test_the_card_is_for_the_admin_who_sent_the_file(world: World) -> None:
    group = world.group()
    admin = group.person("老周", 900)
    card = await admin.uploads("柴桥2018.txt", NEW.encode(), caption="@WenbaoBot 入库")
    assert card.buttons == ["入库", "取消"]
    assert "管理员" in await group.person("小李", 12).presses(card, "入库")
    assert "管理员" in await group.person("老吴", OTHER_ADMIN).presses(card, "入库")


async def test_files_from_others_are_declined_once(world: World, api: BotApi) -> None:
    chen = world.private()
    await chen.drops("a.txt", b"x", media_group_id="7")
    await chen.drops("b.txt", b"x", media_group_id="7")
    await api.settled()
    assert [m.text for m in chen.chat.everything] == ["谢谢，不过只有管理员发来的文件才能入库。"]
    li = world.group().person("小李", 12)
    await li.says_in_vain(document={"file_id": "f", "file_unique_id": "f", "file_name": "a.txt", "file_size": 1})


async def test_the_same_file_again_is_nothing_new(world: World) -> None:
    card = await world.admin().uploads("柴桥.txt", SAMPLE.encode())
    assert "一字不差" in card.text and card.buttons == []


async def test_what_cannot_be_read_is_one_sentence(world: World) -> None:
    admin = world.admin()
    assert "没有读成" in (await admin.uploads("诗.txt", "床前明月光，疑是地上霜。".encode())).text
    (said,) = await admin.asks_all(None, document={"file_id": "big", "file_unique_id": "b", "file_name": "大.pdf", "file_size": 30 << 20})
    assert "20 MB" in said.text


async def test_a_zip_is_stored_whole(world: World, bot: Running) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("柴桥2018.txt", NEW)
        archive.writestr("柴桥2017.txt", SAMPLE.replace("2020", "2017").replace("2021", "2018"))
    admin = world.admin()
    card = await admin.uploads("两份.zip", packed.getvalue())
    assert "读到 2 份" in card.text
    await admin.presses(card, "入库")
    await world.api.until(lambda: admin.chat.message(card.id).text.startswith("已入库"))
    assert bot.store is not None and bot.store.find("柴桥 2018") and bot.store.find("柴桥 2017")


async def test_a_file_that_waits_survives_a_restart(world: World, bot: Running) -> None:
    admin = world.admin()
    card = await admin.uploads("柴桥2018.txt", NEW.encode())
    await bot.kill()
    await bot.start()
    await admin.presses(card, "入库")
    await world.api.until(lambda: admin.chat.message(card.id).text.startswith("已入库"))


async def test_two_admins_at_once_are_taken_one_after_the_other(world: World, api: BotApi) -> None:
    first, second = world.admin(), world.admin(OTHER_ADMIN)
    await first.drops("柴桥2018.txt", NEW.encode())
    await second.drops("柴桥2018改.txt", CORRECTED.replace("2020", "2018").replace("2021", "2019").encode())
    one = await api.until(lambda: next((m for m in first.chat.everything if "入库" in m.buttons), None), 20)
    two = await api.until(lambda: next((m for m in second.chat.everything if "入库" in m.buttons), None), 20)
    await first.presses(one, "入库")
    await second.presses(two, "入库")
    await api.until(lambda: first.chat.message(one.id).text.startswith("已入库"), 20)
    again = await api.until(lambda: "替换" in (m := second.chat.message(two.id)).buttons and m, 20)
    assert again.text.startswith("看过之后库里有了改动，请再看一遍") and " → " in again.text
    await second.presses(again, "替换")
    await api.until(lambda: second.chat.message(two.id).text.startswith("已入库"), 20)


@pytest.mark.parametrize("captioned", [0, 1, 2], ids=["first", "middle", "last"])
async def test_one_caption_is_for_all_files_sent_together(world: World, api: BotApi, captioned: int) -> None:
    admin = world.group().person("老周", 900)
    for n, year in enumerate((2016, 2017, 2018)):
        more = {"caption": "@WenbaoBot 入库"} if n == captioned else {}
        await admin.drops(f"柴桥{year}.txt", SAMPLE.replace("2020", str(year)).replace("2021", str(year + 1)).encode(), media_group_id="7", **more)
    cards = await api.until(lambda: len(found := [m for m in admin.chat.everything if "入库" in m.buttons]) == 3 and found, 30)
    assert sorted(year for card in cards for year in (2016, 2017, 2018) if f"柴桥街道办事处 · {year}年" in card.text) == [2016, 2017, 2018]
    assert len(admin.chat.everything) == 3 and len({card.reply_to for card in cards}) == 3


async def test_files_sent_together_without_a_caption_are_let_be(world: World, api: BotApi) -> None:
    admin = world.group().person("老周", 900)
    await admin.drops("a.txt", NEW.encode(), media_group_id="7")
    await admin.drops("b.txt", NEW.encode(), media_group_id="7")
    await api.settled()
    assert not admin.chat.everything


async def test_a_caption_mended_afterwards_counts_once(world: World, api: BotApi) -> None:
    admin = world.group().person("老周", 900)
    sent = await admin.drops("柴桥2018.txt", NEW.encode(), caption="请看")
    await api.settled()
    assert not admin.chat.everything
    for caption in ("@WenbaoBot 入库", "@WenbaoBot 入库，谢谢"):
        document = {"file_id": "file1", "file_unique_id": "file1", "file_name": "柴桥2018.txt", "file_size": len(NEW.encode())}
        await admin.edits(sent, caption, document=document)
        card = await api.until(lambda: next((m for m in admin.chat.everything if "入库" in m.buttons), None), 20)
    assert [m.id for m in admin.chat.everything] == [card.id]


async def test_a_card_is_one_message_also_when_telegram_is_slow(world: World, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_FIRST_PAUSE", 0.01)
    left = [500] * 4
    api.fault = lambda name, given: left.pop() if name == "sendMessage" and left else None
    admin = world.admin()
    card = await admin.uploads("柴桥.txt", SAMPLE.encode())
    assert "一字不差" in card.text and [m.id for m in admin.chat.everything] == [card.id]


async def test_a_card_of_many_reports_is_one_message(world: World) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for year in range(2008, 2019):
            archive.writestr(f"柴桥{year}.txt", SAMPLE.replace("2020", str(year)).replace("2021", str(year + 1)))
    admin = world.admin()
    card = await admin.uploads("十一份.zip", packed.getvalue())
    assert [m.id for m in admin.chat.everything] == [card.id] and "读到 11 份" in card.text and card.buttons == ["入库", "取消"]
    await admin.presses(card, "取消")
    assert admin.chat.message(card.id).buttons == [] and len(admin.chat.everything) == 1


@pytest.mark.parametrize("fault", ["drop", 500, 502, ("cut", 100)], ids=str)
async def test_a_download_that_breaks_is_begun_again(world: World, api: BotApi, fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_FIRST_PAUSE", 0.01)
    left = [fault, fault]
    api.fault = lambda name, given: left.pop() if name == "file" and left else None
    card = await world.admin().uploads("柴桥2018.txt", NEW.encode())
    assert card.buttons == ["入库", "取消"] and not left


async def test_a_server_of_ones_own_hands_files_over_on_the_disk(world: World, api: BotApi, tmp_path: Path) -> None:
    api.local = tmp_path
    api.fault = lambda name, given: 500 if name == "file" else None
    assert (await world.admin().uploads("柴桥2018.txt", NEW.encode())).buttons == ["入库", "取消"]


async def test_a_file_that_telegram_does_not_have_is_one_sentence(world: World, api: BotApi) -> None:
    admin = world.admin()
    (said,) = await admin.asks_all(None, document={"file_id": "gone", "file_unique_id": "g", "file_name": "没了.txt", "file_size": 5})
    assert "下载不了" in (await api.until(lambda: (m := admin.chat.message(said.id)).text.startswith("《没了") and m)).text
    api.fault = lambda name, given: 404 if name == "file" else None
    card = await admin.uploads("柴桥2018.txt", NEW.encode())
    assert "下载不了" in card.text


async def test_a_file_whose_size_is_only_known_afterwards_is_too_large(world: World, api: BotApi) -> None:
    admin = world.admin()
    api.files["big"] = ("大.pdf", b"x" * (21 << 20))
    (said,) = await admin.asks_all(None, document={"file_id": "big", "file_unique_id": "b", "file_name": "大.pdf"})
    assert "20 MB" in (await api.until(lambda: (m := admin.chat.message(said.id)).text.startswith("《大") and m)).text


async def test_a_file_nobody_decides_on_is_given_up_after_a_day(world: World, bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = world.admin()
    card = await admin.uploads("柴桥2018.txt", NEW.encode())
    store = card.data("入库")
    await bot.stop()
    monkeypatch.setattr(uploads, "_UNDECIDED_SECONDS", -1)
    await bot.start()
    given_up = await world.api.until(lambda: "放弃" in (m := admin.chat.message(card.id)).text and m)
    assert given_up.buttons == [] and "过期" in await admin.presses_data(card, store)
    assert bot.store is not None and Chats(bot.store.database).file(int(store[2:])) is None


async def test_a_file_is_read_after_a_kill_in_the_middle(world: World, bot: Running, api: BotApi) -> None:
    admin = world.admin()
    started = asyncio.Event()

    def slow(name: str, given: dict[str, Any]) -> Any:
        if name == "file":
            started.set()
            return ("slow", 0.5)
        return None

    api.fault = slow
    await admin.drops("柴桥2018.txt", NEW.encode())
    await started.wait()
    await bot.kill()
    api.fault = lambda name, given: None
    await bot.start()
    card = await api.until(lambda: next((m for m in admin.chat.everything if "入库" in m.buttons), None), 20)
    assert [m.id for m in admin.chat.everything] == [card.id]


async def test_other_admins_commands_and_buttons_are_not_for_everybody(world: World, bot: Running) -> None:
    admin, chen = world.admin(), world.private()
    card = await admin.uploads("柴桥2018.txt", NEW.encode())
    await admin.presses(card, "入库")
    await world.api.until(lambda: admin.chat.message(card.id).text.startswith("已入库"))
    for command in ("/undo", "/history", "/unanswered", "/alias 甲 柴桥街道办事处"):
        assert "只有管理员" in (await chen.asks(command)).text
    assert bot.store is not None and bot.store.find("柴桥 2018")
    assert [c.sha256 for c in bot.store.audit(1)] == [hashlib.sha256(NEW.encode()).hexdigest()]
