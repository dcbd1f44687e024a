"""Fuzz target: real files of every format, damaged, must be read or refused by name.

    python -m fuzz.formats --minutes 10        # mutates fuzz/seeds until the time is up
    python -m fuzz.formats --again FILE        # reads one file that was found before

Hypothesis chooses seed and mutations and makes a failing case small; the smallest one is written to fuzz/found/. A
failure is an exception, more seconds or memory than a file may cost, a fact whose offsets do not hold its figure, or
several cells with other figures than the whole file's and not a word about it.
doc and rtf go through LibreOffice, two seconds each: they come up less often than the others.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from knowledge.model import Problem, Report
from knowledge.problems import CODES
from parsers.report import parse_all
from parsers.worker import WorkerPool

HERE = Path(__file__).parent
_SECONDS = 30
_MEMORY = 3 << 30
_OFFICE = (".doc", ".rtf")
_NATIVE = (".xls", *_OFFICE)
_OFTEN = 5  # how often the others come up for each doc or rtf
# Damage can change a digit or two, and then another figure is printed; it does not change so many and have them add up.
_MANY = 3
# Pieces of the formats themselves: they get further into a reader than noise does.
_TOKENS = (
    b"<table>", b"</table>", b"<tr>", b"<td colspan=100000 rowspan=0>", b"</td>", b"<!--", b"-->", b"<![CDATA[",
    b"&#xD800;", b"&nbsp;", b"<w:tbl>", b"</w:tc>", b"<w:vMerge/>", b'<w:gridSpan w:val="99999999"/>', b"<w:del>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\xff\xfe", b"\x00", b"\xe2\x80\xae", b"PK\x05\x06", b"obj\n", b"endstream",
    b"/Kids [1 0 R]", b"/Rotate 90", b"/Length 99999999", b"-1", b"99999999999999999999", b"1e309", "一、".encode(),
    "总计".encode(), "（三）不予公开".encode(), "第二十条".encode(), "二〇二一年".encode(),
)  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """One change: ``kind``, where (a share of the file) and with what."""

    kind: str
    place: float
    size: int
    data: bytes


MUTATIONS = st.builds(
    Mutation,
    st.sampled_from(["flip", "cut", "double", "token", "noise", "truncate", "swap"]),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([1, 2, 4, 16, 64, 512, 4096]),
    st.sampled_from(_TOKENS) | st.binary(min_size=1, max_size=12),
)


def changed(data: bytes, mutations: Sequence[Mutation]) -> bytes:
    """``data`` after the mutations, one after the other."""
    out = bytearray(data)
    for one in mutations:
        place = int(one.place * len(out))
        part = bytes(out[place : place + one.size])
        if one.kind == "flip" and out:
            out[place % len(out)] ^= 1 << (one.size % 8)
        elif one.kind == "cut":
            del out[place : place + one.size]
        elif one.kind == "double":
            out[place:place] = part * (1 + one.data[0] % 20)
        elif one.kind == "token":
            out[place:place] = one.data
        elif one.kind == "noise":
            out[place : place + len(one.data)] = one.data
        elif one.kind == "truncate":
            del out[max(1, place) :]
        elif one.kind == "swap":
            del out[place : place + one.size]
            out[len(out) // 3 : len(out) // 3] = part
    return bytes(out)


def damaged(data: bytes, mutations: Sequence[Mutation], inside: bool) -> bytes:
    """The file with its bytes changed or, for zip containers, those of its largest XML member with the zip kept whole."""
    if not inside or not data.startswith(b"PK"):
        return changed(data, mutations)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        largest = max(old.infolist(), key=lambda info: info.file_size)
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, changed(content, mutations) if info is largest else content)
    return out.getvalue()


@cache
def _pool() -> WorkerPool:
    """Where the reader may abort its process (calamine asks for what a damaged file claims): as wenbao reads it."""
    return WorkerPool()


class TooSlow(Exception):
    """One file took longer than any may."""


def _alarm(_: int, __: FrameType | None) -> None:
    raise TooSlow


Cells = dict[object, Decimal | None]


def _cells(found: Sequence[Report | Problem]) -> Cells:
    """Figures of tables by their labels; empty for anything but one report."""
    if len(found) != 1 or not isinstance(found[0], Report):
        return {}
    return {(f.table, f.path, f.column): f.value for f in found[0].facts if f.table and f.state == "number"}


@cache
def _whole(seed: Path) -> Cells:
    return _cells(_pool().parse_all(seed.read_bytes(), seed.name))


def judge(data: bytes, name: str, whole: Cells | None = None) -> str:
    """What became of the file: "read" or the code it was refused with. Anything unclean raises. ``whole``: the figures
    of the undamaged file."""
    signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(_SECONDS)
    try:
        found = _pool().parse_all(data, name) if name.endswith(_NATIVE) else parse_all(data, name)
    finally:
        signal.alarm(0)
    assert found, "no answer"
    for one in found:
        if isinstance(one, Problem):
            assert one.code in CODES and one.code != "internal", one.code
            continue
        assert isinstance(one, Report)
        for fact in one.facts:
            assert one.source_text[fact.span.start : fact.span.end] == fact.raw, fact
            assert fact.quote.start <= fact.span.start <= fact.span.end <= fact.quote.end, fact
    first = found[0]
    other = [key for key, value in _cells(found).items() if whole and whole.get(key, value) != value]
    # a row that is named as missing may have lent its figures to the row before it, as the page prints it
    telling = isinstance(first, Report) and any(f.severity == "error" or f.code == "form_structure" for f in first.findings)
    told = isinstance(first, Report) and (first.problems or telling)
    assert len(other) < _MANY or told, f"{len(other)} other figures, nothing said: {other[:3]}"
    return first.code if isinstance(first, Problem) else "read"


def main() -> int:
    """0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--again", type=Path, help="a file found before")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    if arguments.again:
        print(judge(arguments.again.read_bytes(), arguments.again.name))
        return 0
    here = sorted((HERE / "seeds").iterdir())
    seeds = [p for p in here for _ in range(1 if p.suffix in _OFFICE else _OFTEN)]
    return _run(seeds, arguments.minutes * 60)


def _run(seeds: list[Path], seconds: float) -> int:
    until = time.monotonic() + seconds
    outcomes: dict[str, int] = {}
    last: list[tuple[str, bytes]] = []

    @settings(
        max_examples=2000,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(st.sampled_from(seeds), st.lists(MUTATIONS, min_size=1, max_size=6), st.booleans())
    def target(seed: Path, mutations: list[Mutation], inside: bool) -> None:
        if time.monotonic() > until:
            return
        data = damaged(seed.read_bytes(), mutations, inside)
        last[:] = [(seed.name, data)]
        outcome = judge(data, seed.name, _whole(seed))
        outcomes[outcome] = outcomes.get(outcome, 0) + 1

    failed = 0
    while time.monotonic() < until:
        try:
            target()
        except Exception as error:
            failed += 1
            name, data = last[0]
            folder = HERE / "found"
            folder.mkdir(exist_ok=True)
            path = folder / f"{hashlib.sha256(data).hexdigest()[:12]}-{name}"
            path.write_bytes(data)
            print(f"{type(error).__name__}: {str(error)[:200]}  →  {path}", file=sys.stderr, flush=True)
            if failed >= 20:
                break
    total = sum(outcomes.values())
    print(
        f"{total} files: "
        + ", ".join(f"{code} {count}" for code, count in sorted(outcomes.items(), key=lambda pair: -pair[1]))
    )
    print(f"{failed} found")
    _pool().close()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
