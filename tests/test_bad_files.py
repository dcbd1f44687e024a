"""What may come instead of a report: each is refused by name within its limits, and nothing is left behind."""

from __future__ import annotations

import gzip
import io
import os
import signal
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.model import Problem, Report
from parsers.limits import Limits
from parsers.worker import WorkerPool
from tests.documents import as_docx, as_html, as_pdf
from tests.documents.content import content
from tests.documents.reading import assert_read

LIMITS = Limits(seconds=10)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(LIMITS) as made:
        yield made


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def locked_zip() -> bytes:
    """A zip whose member carries the flag of encryption."""
    data = bytearray(zipped({"a.txt": b"secret"}))
    data[6] |= 1
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def nested_bomb() -> bytes:
    data = bytes(4_000_000)
    for level in range(4):
        data = zipped({f"{i}.zip" if level else f"{i}.txt": data for i in range(4)})
    return data


def flat_bomb() -> bytes:
    return zipped({f"{i}.txt": bytes(19_000_000) for i in range(14)})


def docx_bomb() -> bytes:
    whole = as_docx.file("<w:p/>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(
                info.filename,
                data
                if not info.filename.endswith("document.xml")
                else data.replace(b"<w:p/>", b"<w:p/>" + b" " * 250_000_000),
            )
    return buffer.getvalue()


def locked_pdf() -> bytes:
    """A PDF whose keys fit no empty password."""
    start, trailer = as_pdf.file([as_pdf.Sheet()]).split(b"trailer << ")
    keys = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -44 >> /ID [<41> <41>] "
    return start + b"trailer << " + keys.encode() + trailer


def overlapping_bomb() -> bytes:
    """One member's bytes under a thousand entries of the directory."""
    data = zipped({"a.txt": bytes(1_000_000)})
    start, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    directory, tail = data[start:end] * 1000, bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, 1000, 1000, len(directory))
    return data[:start] + directory + bytes(tail)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
EXE = b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00" + bytes(200)
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(100)

LONG = ("一、总体情况" * 400_000).encode()
HEAVY = b"<html><body>" + b"<p><b>1</b><i>2</i></p>" * 800_000

BAD = {
    "empty": (b"", "a.docx", {"empty_file"}),
    "blank": (b" \r\n\t" * 50, "a.txt", {"empty_file"}),
    "image": (PNG, "年报.docx", {"image"}),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(500), "a.jpg", {"image"}),
    "program": (EXE, "年报.pdf", {"executable"}),
    "elf": (b"\x7fELF\x02\x01\x01" + bytes(300), "a.txt", {"executable"}),
    "gzip": (gzip.compress(b"x" * 1000), "a.gz", {"unknown_format"}),
    "noise": (bytes(range(256)) * 40, "a.txt", {"unknown_format", "unreadable_encoding", "not_a_report"}),
    "nul bytes": (bytes(5000), "a.txt", {"empty_file"}),
    "encrypted office": (ENCRYPTED, "a.docx", {"encrypted"}),
    "encrypted zip": (locked_zip(), "a.zip", {"encrypted"}),
    "encrypted pdf": (locked_pdf(), "a.pdf", {"encrypted"}),
    "flat bomb": (flat_bomb(), "a.zip", {"limit_unpacked", "not_a_report", "unreadable_encoding", "empty_file"}),
    "overlapping bomb": (overlapping_bomb(), "a.zip", {"damaged_file"}),
    "nested bomb": (nested_bomb(), "a.zip", {"nested_archive"}),
    "docx bomb": (docx_bomb(), "a.docx", {"limit_unpacked", "damaged_file"}),
    "names out of the folder": (zipped({"../../etc/passwd": b"x", "/abs.txt": b"y", "C:\\w.txt": b"z"}), "a.zip", {"unsafe_name"}),
    "too many members": (zipped({f"{i}.txt": b"" for i in range(2500)}), "a.zip", {"limit_files"}),
    "too large": (b"x" * (LIMITS.input_bytes + 1), "a.txt", {"too_large"}),
    "cut zip": (zipped({"a.txt": b"x" * 5000})[:60], "a.zip", {"truncated"}),
    "entity bomb": (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><body>&b;</body></html>', "a.html", {"not_a_report", "entities"}),
    "nested tables": (b"<html><body>" + b"<table><tr><td>" * 90_000, "a.html", {"too_deep", "limit_cells"}),
    "million cells": (b"<html><body><table>" + b"<tr><td>1<td>2<td>3<td>4</tr>" * 500_000, "a.html", {"limit_cells", "limit_memory", "limit_time"}),
    "wide cells": (b"<html><body><table>" + b'<tr><td colspan="100000" rowspan="65000">1</td></tr>' * 5000, "a.html", {"not_a_report", "limit_cells"}),
    "pages claimed": (as_pdf.file([as_pdf.Sheet()]).replace(b"/Count 1", b"/Count 1000000"), "a.pdf", {"limit_pages", "scan_without_text", "damaged_file"}),
    "pages in themselves": (as_pdf.file([as_pdf.Sheet()]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), "a.pdf", {"damaged_file", "truncated", "scan_without_text", "too_deep"}),
    "long line": (LONG, "a.txt", {"not_a_report", "no_org", "no_year", "limit_time"}),
    "half characters": (b"<html><body>&#xD800;&#xDFFF;&#1114112;&#0;</body></html>", "a.html", {"not_a_report", "empty_file"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_by_name(pool: WorkerPool, name: str) -> None:
    data, file, codes = BAD[name]
    found = pool.parse_all(data, file)
    assert found
    for one in found:
        assert isinstance(one, Problem), one
        assert one.code in codes, one
        assert one.message and "Traceback" not in one.message


def test_the_next_file_is_read_after_a_bad_one(pool: WorkerPool) -> None:
    c = content()
    good = as_html.page(as_html.body(c))
    for name in ("nested tables", "docx bomb", "noise"):
        data, file, _ = BAD[name]
        assert isinstance(pool.parse(data, file), Problem)
        read = pool.parse(good, "a.html")
        assert isinstance(read, Report)
        assert_read(c, read)


def test_a_file_that_takes_too_long_is_ended_with_all_it_started() -> None:
    with WorkerPool(replace(LIMITS, seconds=0)) as pool:
        slow = pool.parse(LONG, "a.txt")
        assert isinstance(slow, Problem) and slow.code == "limit_time"


def test_memory_is_limited() -> None:
    with WorkerPool(replace(LIMITS, memory_bytes=220 * 1024 * 1024, seconds=20)) as pool:
        found = pool.parse(HEAVY, "a.html")
        assert isinstance(found, Problem) and found.code in ("limit_memory", "worker_died")


def test_output_is_limited() -> None:
    c = content()
    with WorkerPool(replace(LIMITS, output_bytes=2000)) as pool:
        found = pool.parse(as_html.page(as_html.body(c)), "a.html")
        assert isinstance(found, Problem) and found.code == "limit_output"


def test_a_bundle_is_read_file_by_file(pool: WorkerPool) -> None:
    c, d = content(), content("2019", "澄江区水务局", 2020, seed=8)
    members = {
        "一/年报.html": as_html.page(as_html.body(c)),
        "二.docx": as_docx.file(as_docx.body(d)),
        "__MACOSX/._二.docx": b"x",
        "图.png": PNG,
    }
    for kind in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        found = pool.parse_all(zipped(members, kind), "年报.zip")
        assert [one.org if isinstance(one, Report) else one.code for one in found[:2]] == [c.org, d.org]
        assert isinstance(found[2], Problem) and len(found) == 3


def test_names_in_a_bundle_from_windows_are_chinese() -> None:
    from parsers import bundle

    data = bytearray(zipped({"aaaaaaaa.txt": b"x"}))
    name = "年报".encode("gbk")
    data = data.replace(b"aaaaaaaa.txt", name + b"aaaa.txt")
    assert [name for name, _ in bundle.members(bytes(data))] == ["年报aaaa.txt"]


def test_strange_file_names_do_no_harm(pool: WorkerPool) -> None:
    c = content()
    for name in ("../../x.html", "\u202elmth.a", "a\x00b.html", "年" * 3000, "", "-rf", "a\nb.html"):
        read = pool.parse(as_html.page(as_html.body(c)), name)
        assert isinstance(read, Report)
        assert read.org == c.org


def test_marks_in_labels_that_turn_the_text_around(pool: WorkerPool) -> None:
    c = content()
    body = as_html.body(c).replace("自然人", "\u202e自然人\u202c").replace("总计", "\u200b总\x0b计\ufeff")
    read = pool.parse(as_html.page(body), "a.html")
    assert isinstance(read, Report)
    assert_read(c, read)
    turned = as_html.body(c).replace(f">{c.cells['licensing.decisions', None]}</td>", ">\u202e123</td>")
    read = pool.parse(as_html.page(turned), "a.html")
    assert isinstance(read, Report)
    assert [f.state for f in read.facts if f.metric == "licensing.decisions"] == ["unreadable"]


def test_a_reader_has_no_network() -> None:
    import subprocess
    import sys

    program = (
        "from parsers import confine\nimport socket\nkernel = confine.no_network()\n"
        "for family in (socket.AF_INET, socket.AF_INET6):\n"
        "    try:\n        s = socket.socket(family)\n        s.connect(('127.0.0.1', 9))\n        print('open')\n"
        "    except PermissionError:\n        print('closed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout.split() == ["closed", "closed"]


def test_a_process_that_ended_between_two_files_is_replaced() -> None:
    c = content()
    good = as_html.page(as_html.body(c))
    with WorkerPool(LIMITS) as pool:
        assert isinstance(pool.parse(good, "a.html"), Report)
        (worker,) = pool._idle
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.wait()
        assert isinstance(pool.parse(good, "a.html"), Report)


def test_files_are_read_beside_each_other() -> None:
    c = content()
    good = as_html.page(as_html.body(c))
    with WorkerPool(LIMITS, size=2) as pool, ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda n: pool.parse(good if n % 3 else BAD["noise"][0], f"{n}.html"), range(12)))
    assert [isinstance(one, Report) for one in found] == [bool(n % 3) for n in range(12)]


def test_closing_ends_a_file_that_is_being_read() -> None:
    pool = WorkerPool(LIMITS)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(pool.parse, LONG * 2, "a.txt")
        while not pool._all and not reading.done():
            pass
        pool.close()
        found = reading.result(timeout=20)
    assert isinstance(found, Problem)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other runs on this machine have files of their own
    pool = WorkerPool(LIMITS, size=2)
    pool.parse(BAD["docx bomb"][0], "a.docx")
    pool.parse(b"{\\rtf1 x}", "a.rtf")
    pool.close()
    assert os.listdir(tmp_path) == []


def test_what_is_handed_back_is_checked() -> None:
    from parsers import wire

    problem = wire.loads(b'[["Problem", ["empty_file", "\\u7a7a", null]]]')
    assert problem == [Problem("empty_file", "空")]
    for lie in (
        b"[]x",
        b'[["Report", [1]]]',
        b'[["Popen", ["ls"]]]',
        b'[["Problem", ["a"]]]',
        b'[["Problem", [1, 2, 3]]]',
        b"\x80\x04.",
    ):
        with pytest.raises(ValueError):
            wire.loads(lie)
