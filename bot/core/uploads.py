"""Files that admins send: read behind a wall, shown on a card, stored when the admin says so, taken back on request.

A file is a row of the store from the first moment; the work on it (download, reading, storing) is done one file after
the other and begun again after a restart. What a card's button means is decided by that row, not by the button.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.core import wording
from bot.core.answers import Rows, new_id, say, toast
from bot.core.changes import change_line
from bot.core.logs import event, failure, trouble
from bot.core.messages import LARGEST_FILE, Action, Button, File, Incoming, Plan, Refused, Unreachable, Wait
from bot.render import LIMIT, size, text_parts
from db.chats import Chats, Upload, Writing
from db.engine import StoreError
from db.ingest import IngestResult, keep, keep_all, name_of, unchanged
from db.store import Store
from knowledge.model import Finding, Problem, Report
from knowledge.problems import sentence

if TYPE_CHECKING:

    from bot.assistant import Assistant
    from bot.core.desk import Desk

# findings, changed cells and reports shown, from the fullest card to the shortest: it has to fit one message
_FULLNESS = ((5, 10, 10), (3, 5, 10), (1, 2, 10), (0, 0, 10), (0, 0, 3))
_MOST_REPORTS = 10
# a file that Telegram does not hand over for so long is given up
_DOWNLOAD_SECONDS = 600.0
# pauses between tries (seconds), doubling up to the longest; tries at a file that ends too soon
_FIRST_PAUSE, _LONGEST_PAUSE, _TRIES = 0.5, 8.0, 4
_UNDECIDED_SECONDS = 24 * 3600
_EDITIONS = {"2019": "2019 年版表格", "2021": "2021 年版表格", "other": "其他格式"}
# asked of a new report until two are answered
_EXAMPLES = ("收到几件申请", "行政许可多少件", "行政处罚多少件", "存在什么问题", "予以公开几件", "行政复议多少件")

Read = Callable[[bytes, str], "list[Report | Problem]"]


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a file holds: ``results`` of a dry run, ``reports`` to be stored."""

    results: list[IngestResult]
    reports: list[Report]


class Uploads:
    """The files of one bot."""

    def __init__(self, assistant: Assistant, chats: Chats, read: Read) -> None:
        self._assistant = assistant
        self._store: Store = assistant.store
        self._chats = chats
        self._read = read
        self._wake = asyncio.Event()
        self._last: tuple[int, list[Report | Problem]] | None = None

    # what people do (called from threads, inside the handling of an update)

    def taken(self, incoming: Incoming) -> Plan:
        """A file has come: kept as a row, announced, read as soon as the one before is done; so are those held for it."""
        fresh = [] if self.known(incoming) else [_row(incoming, "waiting")]
        held = [one for one in self._album(incoming) if one.state == "held"]
        plan = Plan(note={"outcome": "file", "files": len(held) + len(fresh)}, uploads=True)
        for one in (*held, *fresh):
            plan.actions += self._card(one, wording.READING.format(name=one.name))

        def keep_rows(kept: Writing) -> None:
            for one in fresh:
                kept.upload(one)
            for one in held:
                kept.move(one.id, "waiting")

        plan.writes.append(keep_rows)
        return plan

    def beside(self, incoming: Incoming) -> Plan:
        """A file without a caption: of an album whose caption, at another file, means all of it, or may still come."""
        if any(one.state != "held" for one in self._album(incoming)):
            return self.taken(incoming)
        row = _row(incoming, "held")
        return Plan(writes=[lambda w: w.upload(row)], note={"outcome": "held"})

    def known(self, incoming: Incoming) -> Upload | None:
        """The file of this message, where it was taken or is held."""
        return None if incoming.message is None else self._chats.upload_of(incoming.chat, incoming.message)

    def _album(self, incoming: Incoming) -> list[Upload]:
        return [] if incoming.album is None else self._chats.album(incoming.chat, incoming.album)

    def pressed(self, incoming: Incoming, kind: str, upload_id: int, admin: bool) -> Plan:
        """入库 or 替换 (s), 取消 (x), 撤销 (r)."""
        upload = self._chats.upload(upload_id)
        if upload is None or upload.state == "expired":
            return Plan([toast(incoming, wording.STALE, alert=True)])
        if not admin or incoming.person != upload.person:
            return Plan([toast(incoming, wording.NOT_YOUR_FILE, alert=True)])
        if kind == "r" and upload.state == "stored":
            plan = self.taken_back(incoming, upload)
            plan.actions.insert(0, toast(incoming))
            return plan
        if kind == "r" or upload.state != "offered":
            return Plan([toast(incoming, wording.USED)])
        if kind == "x":
            said = wording.CANCELLED.format(name=upload.name)
            plan = Plan([toast(incoming), *self._card(upload, said)], note={"outcome": "cancelled"})
            plan.writes.append(lambda w: w.move(upload.id, "cancelled"))
            return plan
        plan = Plan([toast(incoming, wording.STORING)], note={"outcome": "storing"}, uploads=True)
        plan.writes.append(lambda w: w.move(upload.id, "storing"))
        return plan

    def taken_back(self, incoming: Incoming, upload: Upload) -> Plan:
        """The reports of a stored file are no longer answered from; the versions before them are."""
        lines = [wording.UNDONE.format(name=upload.name)]
        stored = [one for key in upload.reports if (one := self._store.report(key)) is not None]
        for one in stored:
            versions = self._store.versions(one.organisation_id, one.year)
            if any(v.current and v.version > one.version for v in versions):
                said = f"{one.org}{one.year}年：{wording.NEWER}"
                return Plan([toast(incoming, said, alert=True)] if incoming.kind == "press" else say(incoming, said))
        for n, one in enumerate(stored):
            if one.current:
                self._store.withdraw(one.id, f"telegram:{incoming.person}")
            now = self._store.report_of(one.organisation_id, one.year)
            if n >= _MOST_REPORTS:
                continue
            if now is None:
                lines.append(wording.UNDONE_GONE.format(org=one.org, year=one.year))
            else:
                lines.append(wording.UNDONE_BACK.format(org=now.org, year=now.year, version=now.version, source=now.source_name))
        if len(stored) > _MOST_REPORTS:
            lines.append(f"……还有 {len(stored) - _MOST_REPORTS} 份")
        text = "\n".join(lines)
        plan = Plan(self._card(upload, text), note={"outcome": "undone"})
        if incoming.kind != "press":
            plan.actions += say(incoming, text)
        plan.writes.append(lambda w: w.move(upload.id, "undone"))
        return plan

    # the work (one task)

    async def work(self, desk: Desk) -> None:
        """Reads and stores what is waiting, for ever."""
        desk.on_upload = self._wake.set
        while True:
            self._wake.clear()
            for upload in await desk.run(self._chats.uploads_to_do):
                try:
                    await (self._offer(desk, upload) if upload.state == "waiting" else self._decided(desk, upload))
                except (StoreError, OSError) as error:
                    trouble("upload", reason=str(error))
                    await asyncio.sleep(1)
                    self._wake.set()
                except Exception as error:
                    failure("upload", error, upload=upload.id)
                    said = f"《{upload.name}》：{sentence('internal')}。"
                    await self._tell(desk, upload, said, move="refused")
            await self._wake.wait()

    async def tidy(self, desk: Desk) -> None:
        """Gives up files that nobody decided on for a day; drops what is too old to matter."""
        while True:
            try:
                for upload in await desk.run(self._chats.uploads_undecided, int(time.time()) - _UNDECIDED_SECONDS):
                    await self._tell(desk, upload, wording.EXPIRED.format(name=upload.name), move="expired")
                await desk.run(self._chats.forget)
            except StoreError as error:
                trouble("tidy", reason=str(error))
            await asyncio.sleep(600)

    async def _offer(self, desk: Desk, upload: Upload) -> None:
        started = time.perf_counter()
        data = await desk.run(self._chats.file, upload.id)
        if data is None:
            data = await self._downloaded(desk, upload)
            if data is None:
                return
            await desk.run(self._keep_file, upload.id, data)
        await self._progress(desk, upload, f"正在读取《{upload.name}》（{wording.megabytes(len(data))}）…")
        sha256 = hashlib.sha256(data).hexdigest()
        offer = await desk.run(self._previewed, upload, data, sha256)
        event("read", upload=upload.id, reports=len(offer.results), ms=round((time.perf_counter() - started) * 1000))
        await self._show(desk, upload, offer, sha256)

    async def _show(self, desk: Desk, upload: Upload, offer: _Offer, sha256: str, before: str = "") -> None:
        text = card_text(upload.name, offer.results)
        if not offer.reports:
            await self._tell(desk, upload, text, move="refused", sha256=sha256)
            return
        replaces = any(r.status == "replaced" for r in offer.results)
        rows = ((Button(wording.REPLACE if replaces else wording.STORE, f"s:{upload.id}"), Button(wording.CANCEL, f"x:{upload.id}")),)
        await self._tell(desk, upload, before + text, rows, move="offered", sha256=sha256, shown=_fingerprint(text))

    async def _decided(self, desk: Desk, upload: Upload) -> None:
        data = await desk.run(self._chats.file, upload.id)
        if data is None:
            await self._tell(desk, upload, wording.DOWNLOAD_FAILED.format(name=upload.name), move="refused")
            return
        await self._progress(desk, upload, f"《{upload.name}》{wording.STORING}")
        done = await desk.run(self._stored, upload, data)
        if isinstance(done, _Offer):  # not what the admin saw: somebody stored something meanwhile
            await self._show(desk, upload, done, hashlib.sha256(data).hexdigest(), wording.LOOK_AGAIN)
            return
        event("stored", upload=upload.id)
        desk.send(upload.chat, done)

    async def _downloaded(self, desk: Desk, upload: Upload) -> bytes | None:
        await self._progress(desk, upload, wording.DOWNLOADING.format(name=upload.name))
        pause, tries, until = _FIRST_PAUSE, 0, time.monotonic() + _DOWNLOAD_SECONDS
        while True:
            try:
                data = await desk.gateway.download(File(upload.file, upload.name, upload.size))
            except Wait as wait:
                await asyncio.sleep(wait.seconds)
                continue
            except Unreachable as error:
                trouble("download", reason=str(error), upload=upload.id)
                if time.monotonic() > until:  # other files wait
                    await self._tell(desk, upload, wording.DOWNLOAD_FAILED.format(name=upload.name), move="refused")
                    return None
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            except Refused as refusal:
                trouble("download refused", reason=str(refusal), upload=upload.id)
                said = wording.TOO_LARGE if refusal.too_big else wording.DOWNLOAD_FAILED
                await self._tell(desk, upload, said.format(name=upload.name, size=wording.megabytes(upload.size)), move="refused")
                return None
            tries += 1
            if upload.size is not None and len(data) != upload.size and len(data) <= LARGEST_FILE and tries < _TRIES:
                continue  # cut short on the way
            if len(data) > LARGEST_FILE:
                said = wording.TOO_LARGE.format(name=upload.name, size=wording.megabytes(len(data)))
                await self._tell(desk, upload, said, move="refused")
                return None
            return data

    async def _progress(self, desk: Desk, upload: Upload, text: str) -> None:
        """Says how far it is, if that is easily done: nothing depends on it."""
        now = await desk.run(self._chats.upload, upload.id)
        if now is None or now.card is None:
            return
        part = text_parts(text)[0]
        try:
            await desk.gateway.perform(Action("edit", upload.chat, message=now.card, html=part.html, plain=part.plain))
        except (Wait, Unreachable, Refused):
            return

    async def _tell(
        self, desk: Desk, upload: Upload, text: str, buttons: Rows = (), *, move: str, sha256: str | None = None,
        shown: str | None = None,
    ) -> None:  # fmt: skip
        """How the file stands now: kept and shown together."""
        rows = await desk.run(self._kept, upload, text, buttons, move, sha256, shown)
        desk.send(upload.chat, rows)

    # in threads

    def _keep_file(self, upload_id: int, data: bytes) -> None:
        with self._chats.write() as kept:
            kept.file(upload_id, data)

    def _kept(
        self, upload: Upload, text: str, buttons: Rows, move: str, sha256: str | None, shown: str | None
    ) -> list[tuple[int, Action]]:
        with self._chats.write() as kept:
            kept.move(upload.id, move, sha256=sha256, shown=shown)
            return self._put(kept, upload, text, buttons)

    def _put(self, kept: Writing, upload: Upload, text: str, buttons: Rows) -> list[tuple[int, Action]]:
        return [(kept.put(upload.chat, one.json()), one) for one in self._card(upload, text, buttons)]

    def _card(self, upload: Upload, text: str, buttons: Rows = ()) -> list[Action]:
        """The card with a new text: one message, so that no old button stays behind."""
        part = text_parts(text)[0]
        return [
            Action(
                "send", upload.chat, upload.thread, upload.question, html=part.html, plain=part.plain, buttons=buttons, card=upload.id
            )
        ]

    def _found(self, upload: Upload, data: bytes) -> list[Report | Problem]:
        if self._last is not None and self._last[0] == upload.id:
            return self._last[1]
        found = self._read(data, upload.name)
        self._last = (upload.id, found)
        return found

    def _previewed(self, upload: Upload, data: bytes, sha256: str) -> _Offer:
        known = unchanged(self._store, upload.name, sha256)
        if known:
            return _Offer(known, [])
        found = self._found(upload, data)
        results = [keep(self._store, one, upload.name, sha256, dry_run=True) for one in found]
        reports = [r.read for r in results if r.status in ("added", "replaced") and r.read is not None]
        return _Offer(results, reports)

    def _stored(self, upload: Upload, data: bytes) -> list[tuple[int, Action]] | _Offer:
        """Everything of the file in one transaction, with the news that it is there; or what it would do now instead."""
        sha256 = hashlib.sha256(data).hexdigest()
        offer = self._previewed(upload, data, sha256)
        if not offer.reports or upload.shown not in (None, _fingerprint(card_text(upload.name, offer.results))):
            return offer
        self._last = None
        outcome: list[tuple[int, Action]] = []
        buttons = ((Button(wording.UNDO, f"r:{upload.id}"),),)

        def also(connection: Any, ids: list[int]) -> None:
            kept = Writing.within(connection)
            kept.move(upload.id, "stored", reports=tuple(ids), at=int(time.time()))
            outcome.extend(self._put(kept, upload, f"已入库《{upload.name}》。", buttons))

        keep_all(self._store, offer.reports, upload.name, sha256, actor=f"telegram:{upload.person}", also=also)
        return self._with_examples(upload, offer.reports, outcome, buttons)

    def _with_examples(
        self, upload: Upload, reports: Sequence[Report], outcome: list[tuple[int, Action]], buttons: Rows
    ) -> list[tuple[int, Action]]:
        """The same news with two questions that the new report answers."""
        examples = self._examples(reports)
        if not examples:
            return outcome
        text = "\n".join([f"已入库《{upload.name}》，可以这样问：", *(f"· {e}" for e in examples)])
        part = text_parts(text)[0]
        (row, first), *others = outcome
        return [(row, replace(first, html=part.html, plain=part.plain)), *others]

    def _examples(self, reports: Sequence[Report]) -> list[str]:
        out: list[str] = []
        for one in reports[:2]:
            for asked in _EXAMPLES:
                question = f"{one.org}{one.year}年{asked}"
                if len(out) < 2 and self._assistant.answer(question, None).status == "answered":
                    out.append(question)
        return out


def _row(incoming: Incoming, state: str) -> Upload:
    assert incoming.file is not None and incoming.person is not None
    file = incoming.file
    return Upload(
        new_id(), incoming.chat, incoming.thread, incoming.message, incoming.person, int(time.time()), file.key,
        name_of(file.name), file.size, state, album=incoming.album,
    )  # fmt: skip


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def card_text(name: str, results: Sequence[IngestResult]) -> str:
    """What was read from a file, for the admin to decide on; as full as fits one message."""
    for findings, changes, reports in _FULLNESS:
        text = _card_text(name, results, findings, changes, reports)
        if size(text) <= LIMIT:
            break
    return text


def _card_text(name: str, results: Sequence[IngestResult], most_findings: int, most_changes: int, most_reports: int) -> str:
    if all(r.status == "unchanged" for r in results):
        stored = "、".join(f"{r.report.org} {r.report.year}年" for r in results if r.report is not None)
        return wording.ALL_KNOWN.format(name=name) + f"（{stored}）"
    read = [r for r in results if r.status in ("added", "replaced")]
    refused = [r for r in results if r.status == "rejected"]
    if not read:
        reasons = list(dict.fromkeys(r.reason or "" for r in refused))
        return f"《{name}》没有读成：" + "；".join(reasons[:3]) + "。"
    lines = [f"《{name}》读到 {len(read)} 份报告，请核对："]
    for one in read[:most_reports]:
        lines += _report_lines(one, most_findings, most_changes)
    if len(read) > most_reports:
        lines.append(f"……还有 {len(read) - most_reports} 份")
    lines += [f"没有读成：{r.reason}" for r in refused[:3]]
    if len(refused) > 3:
        lines.append(f"……还有 {len(refused) - 3} 个文件没有读成")
    return "\n".join(lines)


def _report_lines(result: IngestResult, most_findings: int, most_changes: int) -> list[str]:
    report = result.read
    assert report is not None
    date = f"{report.published.year}年{report.published.month}月{report.published.day}日" if report.published else "没有写日期"
    lines = ["", f"{report.org} · {report.year}年", f"{_EDITIONS[report.edition]} · {date} · {len(report.facts)} 个数"]
    findings: list[Finding] = [f for f in report.findings if f.severity != "hint"] or list(report.findings)
    if findings:
        lines.append(f"核对出 {len(findings)} 处：")
        lines += [f"⚠️ {f.message}" for f in findings[:most_findings]]
        if len(findings) > most_findings:
            lines.append(f"……还有 {len(findings) - most_findings} 处，入库后用 /check 看全部")
    lines += [f"⚠️ {p.message}" for p in report.problems[:most_findings]]
    if result.status == "replaced":
        count = len(result.changes)
        lines.append("库里已有这一年的报告，入库就会替换，" + (f"有 {count} 格不同：" if count else "表里的数没有变。"))
        lines += [f"· {change_line(c)}" for c in result.changes[:most_changes]]
        if len(result.changes) > most_changes:
            lines.append(f"……还有 {len(result.changes) - most_changes} 格，入库后用 /history 看全部")
    return lines
