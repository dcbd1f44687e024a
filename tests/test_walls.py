"""What a file from outside could do to the machine if it took its reader over: nothing, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.model import Problem, Report
from parsers import jail, office, reader, scratch
from parsers.limits import Limits
from parsers.worker import WorkerPool
from tests.documents import as_docx
from tests.documents.content import content
from tests.documents.reading import assert_read
from tests.test_old_word_files import converted

ROOT = Path(__file__).parent.parent
LIMITS = Limits(seconds=20)

needs_office = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not on PATH")

_IN_JAIL = """
import os, socket, subprocess, sys
from parsers import confine, jail
if not (jail.shut(sys.argv[1], None) and confine.no_network()):
    sys.exit("no walls")
def tried(what):
    try:
        what()
    except OSError:
        return "refused"
    return "done"
child = "import socket; socket.socket(socket.AF_INET).connect(('127.0.0.1', 9))"
print(tried(lambda: open(sys.argv[1] + "/own", "w").close()), tried(lambda: open("/dev/null", "w").close()), end=" ")
for path in ("/etc/passwd", "/etc/shadow", "config.toml", "samples", "/proc/%d/environ" % os.getppid(), sys.argv[2]):
    print(tried(lambda: os.listdir(path) if os.path.isdir(path) else open(path).close()), end=" ")
print(tried(lambda: open(sys.argv[2] + "2", "w").close()), tried(lambda: os.unlink(sys.argv[2])), end=" ")
print(tried(lambda: os.kill(os.getppid(), 0)), "PermissionError" in subprocess.run([sys.executable, "-c", child], stderr=-1, text=True).stderr)
"""


def test_a_reader_sees_no_file_but_its_own_and_reaches_no_other_process(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.write_text("secret")
    command = [sys.executable, "-c", _IN_JAIL, str(own), str(other)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if "no walls" in done.stderr:
        pytest.skip("this kernel has no Landlock")
    assert done.stdout.split() == ["done"] * 2 + ["refused"] * 9 + ["True"], done
    assert other.read_text() == "secret"


def test_the_walls_tell_what_they_are() -> None:
    with WorkerPool(LIMITS) as pool:
        walls = pool.walls()
    assert set(walls) == {"network", "files"}
    assert walls["files"] == (jail.version() > 0)


_FIELDS = ("INCLUDETEXT", "INCLUDEPICTURE", "DDEAUTO soffice", "LINK Word.Document.8", "HYPERLINK", "RD", "IMPORT")


@needs_office
def test_fields_and_links_of_old_word_files_bring_nothing_in(tmp_path: Path) -> None:
    """Each points to a file beside it; what the report prints is read, with what stood there when it was saved."""
    c = content()
    secret = tmp_path / "secret.txt"
    secret.write_text("机密55501", "utf-8")
    rtf = converted(as_docx.file(as_docx.body(c)), "docx", "rtf")
    fields = "".join(
        rf'{{\pard {{\field{{\*\fldinst {code} "{path}" x}}{{\fldrslt saved}}}}\par}}'
        for code in _FIELDS
        for path in (secret, secret.as_uri(), "http://127.0.0.1:9/x")
    )
    end = rtf.rindex(b"}")
    with WorkerPool(LIMITS) as pool:
        read = pool.parse(rtf[:end] + fields.encode() + rtf[end:], "a.rtf")
    assert isinstance(read, Report), read
    assert "55501" not in read.source_text and "saved" in read.source_text
    assert_read(c, read)


_GREEDY = {
    "time": ("while :; do :; done", "limit_time"),
    "memory": ("exec {python} -c 'x = bytearray()\nwhile True: x += b\"1\" * 5000000'", "limit_memory"),
    "output": ("exec head -c 9000000 /dev/zero > big", "limit_unpacked"),
    "nothing": ("exit 3", "damaged_file"),
}


@pytest.mark.parametrize("name", _GREEDY)
def test_the_office_program_is_held_to_the_limits(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, code = _GREEDY[name]
    program = tmp_path / "office" / "program" / "soffice"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n" + script.replace("{python}", sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    limits = replace(LIMITS, seconds=2 if name == "time" else 20, memory_bytes=400 << 20, unpacked_bytes=5_000_000)
    with WorkerPool(limits) as pool:
        found = pool.parse(b"{\\rtf1 x}", "a.rtf")
    assert isinstance(found, Problem) and found.code == code


def test_an_earlier_file_that_took_much_memory_is_no_reason_for_the_next() -> None:
    peak = reader._peak()
    if not peak:
        pytest.skip("this system does not tell")
    small = Limits(memory_bytes=peak)
    assert reader._short(small)
    assert not reader._short(small, before=reader._peak())


_OWNER = """
import sys, threading
from parsers.limits import Limits
from parsers.worker import WorkerPool
pool = WorkerPool(Limits(seconds=600))
pool.walls()
(worker,) = pool._all
print(worker._process.pid, worker._folder.path, flush=True)
pool.parse(b"{\\\\rtf1 x}", "a.rtf")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells the reader")
def test_a_killed_owner_leaves_no_process_and_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho $$ > started.tmp; mv started.tmp ../started; exec sleep 600")
    program.chmod(0o755)
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(tmp_path / "tmp")}
    owner = subprocess.Popen([sys.executable, "-c", _OWNER], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    assert owner.stdout is not None
    pid, folder = owner.stdout.readline().split()
    started = Path(folder, "started")
    while not started.exists():
        assert owner.poll() is None
    processes = [int(pid), int(started.read_text())]
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    for process in processes:
        while _runs(process):
            pass
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    assert os.path.isdir(folder)
    scratch.sweep()
    assert os.path.isdir(folder), "made just now: perhaps its owner is about to lock it"
    monkeypatch.setattr(scratch, "_YOUNG", -1.0)
    with WorkerPool(LIMITS) as pool:
        pool.walls()
        assert not os.path.isdir(folder)
        scratch.sweep()
        assert len(os.listdir(tmp_path / "tmp")) == 1, "what is in use stays"


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_sockets_that_a_killed_office_program_left_are_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # the name of a socket must be short
        monkeypatch.setattr(scratch, "_SOCKETS", (folder,))
        dead, alive = (Path(folder, f"OSL_PIPE_SingleOfficeIPC_{name}") for name in ("dead", "alive"))
        with socket.socket(socket.AF_UNIX) as gone, socket.socket(socket.AF_UNIX) as listening:
            gone.bind(str(dead))
            listening.bind(str(alive))
            listening.listen()
            Path(folder, "OSL_PIPE_0_SingleOfficeIPC_file").touch()
            held = scratch.Folder()
            held.tidy()
            assert dead.exists(), "no office program ran"
            Path(held.path, scratch.OFFICE_RAN).touch()
            held.remove()
            assert not dead.exists() and alive.exists() and len(os.listdir(folder)) == 2
