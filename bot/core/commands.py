"""The slash commands, each a function of the colleague, the message, and what stands behind the command."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core import wording
from bot.core.answers import say
from bot.core.changes import ACTIONS, change_line, when
from bot.core.messages import Action, Incoming, Plan
from bot.render import escape
from db import check
from db.identity import folded_name
from db.ingest import cell_changes
from db.records import StoredReport

if TYPE_CHECKING:
    from bot.core.colleague import Colleague

Do = Callable[["Colleague", Incoming, str], Plan]

# a deep link's payload may hold only these, so Chinese comes in base64: 「t.me/bot?start=5p-05qGl…」
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{4,}")
# 「/alias 政务办 北仑区政务服务管理办公室」「/alias 政务办=…」「/alias 去掉 政务办」
_ALIAS = re.compile(r"(?P<name>\S+?)\s*(?:[=＝→]|\s)\s*(?P<body>\S.*)")
_REMOVE = re.compile(r"(?:去掉|删除|-)\s*(?P<name>\S+)")
_MARKS = {"error": "⚠️", "warning": "⚠️", "hint": "·"}


def start(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    if rest:
        return colleague.question(incoming, payload(rest))
    plan = Plan(say(incoming, wording.introduction(colleague.examples(), not incoming.private)), note={"outcome": "start"})
    if incoming.private and colleague.is_admin(incoming):  # at the program's start this chat may not have been there yet
        plan.actions.append(Action("menu", incoming.chat))
    return plan


def help_(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    text = wording.manual(colleague.examples(), colleague.is_admin(incoming))
    return Plan(say(incoming, text), note={"outcome": "help"})


def ask(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    if rest:
        return colleague.question(incoming, rest)
    return Plan(say(incoming, _with_examples(wording.NO_QUESTION, colleague)))


def reports(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    found = colleague.store.reports()
    if not found:
        return Plan(say(incoming, wording.EMPTY_STORE))
    years: dict[str, list[int]] = {}
    for one in found:
        years.setdefault(one.org, []).append(one.year)
    lines = [f"· {org}：{'、'.join(map(str, kept))}年" for org, kept in years.items()]
    return colleague.answers.pages(incoming, f"库里有 {len(found)} 份报告，{len(years)} 个单位：", lines)


def check_(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    meant = _meant(colleague, incoming, rest) if rest else colleague.store.reports()
    if isinstance(meant, Plan):
        return meant
    lines = [
        f"{_MARKS[f.severity]} {f.message if len(meant) == 1 else f'{one.org}{one.year}年：{f.message}'}"
        for one in meant
        for f in check.findings(colleague.store, one)
    ]
    who = f"{meant[0].org}{meant[0].year}年的报告" if len(meant) == 1 else f"这 {len(meant)} 份报告"
    if not lines:
        return Plan(say(incoming, f"核对过了，{who}没有发现对不上的数。" if meant else wording.EMPTY_STORE))
    return colleague.answers.pages(incoming, f"{who}核对出 {len(lines)} 处：", lines)


def source(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    if not rest:
        latest = colleague.chats.latest(incoming.chat, incoming.person or "")
        if latest is None or not latest.detail.get("quotes"):
            return Plan(say(incoming, "请写明要哪一份，例如：/source " + _some_report(colleague)))
        from bot.core.answers import send
        from bot.render import parts

        return Plan(send(incoming, parts(colleague.answers.passages(latest))), note={"outcome": "original"})
    meant = _meant(colleague, incoming, rest)
    if isinstance(meant, Plan):
        return meant
    one = meant[0]
    caption = f"{one.org}{one.year}年报告的全文（读自《{one.source_name}》）"
    reply_to = None if incoming.private else incoming.message
    sent = Action(
        "document", incoming.chat, incoming.thread, reply_to, html=escape(caption), plain=colleague.store.text(one.id),
        name=f"{one.org}{one.year}.txt",
    )  # fmt: skip
    return Plan([sent], note={"outcome": "source"})


def explain(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    replied = None if incoming.reply_to is None else colleague.chats.answer_at(incoming.chat, incoming.reply_to)
    latest = replied or colleague.chats.latest(incoming.chat, incoming.person or "")
    if rest:
        told = colleague.assistant.answer(rest, None, explain=True).json()["explain"] or {}
        question = rest
    elif latest is not None:
        told, question = colleague.answers.explained(latest), latest.text
    else:
        return Plan(say(incoming, wording.NOTHING_TO_EXPLAIN))
    lines = [f"“{question}”是这样读的：", f"分词：{' / '.join(told.get('tokens', ()))}"]
    for one in told.get("matched", ()):
        senses = one["as"] if isinstance(one["as"], str) else "、".join(map(str, one["as"]))
        lines.append(f"· {one['word']} → {senses}")
    if told.get("corrections"):
        lines += [f"· 写的是“{c['typed']}”，读作“{c['read']}”" for c in told["corrections"]]
    if told.get("left_over"):
        lines.append(f"没看懂的词：{'、'.join(told['left_over'])}")
    lines.append(f"查库 {len(told.get('sql', ()))} 次。")
    return Plan(say(incoming, "\n".join(lines)), note={"outcome": "explain"})


def history(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    store = colleague.store
    if not rest:
        lines = [f"· {when(one.at)} {ACTIONS.get(one.action, one.action)} {one.detail}" for one in store.audit(200)]
        return colleague.answers.pages(incoming, "最近的改动：" if lines else "还没有改动。", lines)
    meant = _meant(colleague, incoming, rest)
    if isinstance(meant, Plan):
        return meant
    lines = []
    versions = store.versions(meant[0].organisation_id, meant[0].year)
    for before, one in zip([None, *versions], versions, strict=False):
        changes = list(cell_changes(store.facts(before.id), store.facts(one.id))) if before else []
        now = "（现用）" if one.current else ""
        lines.append(f"第 {one.version} 版{now} {when(one.created_at)} 《{one.source_name}》" + (f"，改了 {len(changes)} 格" if before else ""))
        lines += [f"　{change_line(c)}" for c in changes]
    return colleague.answers.pages(incoming, f"{meant[0].org}{meant[0].year}年的报告有 {len(versions)} 版：", lines)


def undo(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    last = colleague.chats.last_stored()
    if last is None:
        return Plan(say(incoming, wording.NOTHING_TO_UNDO))
    return colleague.uploads.taken_back(incoming, last)


def unanswered(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    lines = [f"· {when(one.at)} {_REASONS.get(one.reason, one.reason)}：{one.text}" for one in colleague.store.unanswered(100)]
    disliked = [f"👎 {text}" for vote, text, _, _ in colleague.chats.votes(100) if vote < 0]
    liked = sum(1 for vote, *_ in colleague.chats.votes(1000) if vote > 0)
    title = f"没答上来的 {len(lines)} 个，被点 👎 的 {len(disliked)} 个（👍 {liked} 个）："
    return colleague.answers.pages(incoming, title, [*disliked, *lines])


def alias(colleague: Colleague, incoming: Incoming, rest: str) -> Plan:
    store, actor = colleague.store, colleague.actor(incoming)
    gone = _REMOVE.fullmatch(rest)
    if gone:
        done = store.unlearn(gone["name"], actor)
        return Plan(say(incoming, f"已去掉别名“{gone['name']}”。" if done else f"没有“{gone['name']}”这个别名。"))
    taught = _ALIAS.fullmatch(rest)
    if taught is None:
        bodies = {one.id: one.full_name for one in store.organisations()}
        lines = [f"· {row[1]} → {bodies[row[2]]}" for row in store.names() if row[3] == "alias"]
        return colleague.answers.pages(incoming, "教过的别名：" if lines else "还没有教过别名，这样教：/alias 别名 单位全称", lines)
    meant = {row[2] for row in store.names_among([folded_name(taught["body"])])}
    if len(meant) != 1:
        why = "库里没有这个单位" if not meant else "好几个单位都叫这个名字，请写全称"
        return Plan(say(incoming, f"“{taught['body']}”：{why}。"))
    store.teach(taught["name"], meant.pop(), actor)
    return Plan(say(incoming, f"记住了：“{taught['name']}”就是{taught['body']}。"), note={"outcome": "alias"})


EVERYBODY: dict[str, Do] = {
    "start": start, "help": help_, "ask": ask, "reports": reports, "check": check_, "source": source, "explain": explain,
}  # fmt: skip
ADMINS: dict[str, Do] = {"history": history, "undo": undo, "unanswered": unanswered, "alias": alias}

_REASONS = {"not_understood": "没看懂", "no_data": "没有数", "out_of_scope": "不归我管", "clarify": "要再问"}


def payload(text: str) -> str:
    """The question in a deep link: base64 where it decodes to a text, else as it stands."""
    if _PAYLOAD.fullmatch(text):
        try:
            decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return text
        if any("一" <= c <= "鿿" for c in decoded) and decoded.isprintable():
            return decoded
    return text


def _meant(colleague: Colleague, incoming: Incoming, rest: str) -> list[StoredReport] | Plan:
    """The one report that is meant, or a plan that says why there is none."""
    found = colleague.store.find(rest)
    if len(found) == 1:
        return found
    if not found:
        return Plan(say(incoming, f"库里没有“{rest[:50]}”这份报告；要写单位和年份，例如“{_some_report(colleague)}”。"))
    names = "、".join(f"{one.key} {one.org} {one.year}年" for one in found[:5])
    return Plan(say(incoming, f"“{rest[:50]}”可能是这几份，请写编号：{names}。"))


def _some_report(colleague: Colleague) -> str:
    found = colleague.store.reports()
    return f"{found[0].org} {found[0].year}" if found else "柴桥 2020"


def _with_examples(text: str, colleague: Colleague) -> str:
    return "\n".join([text, *(f"· {e}" for e in colleague.examples())])
