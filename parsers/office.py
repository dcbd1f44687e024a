"""LibreOffice, headless: turns the old formats (doc, rtf, Word's XML of 2003) into docx.

The one place in parsers/ that starts a program and writes files. Both live in a folder of their own that is gone
afterwards, the profile in it forbids macros, linked content and recovery. It is found on PATH; its absence is a
Problem that says so. The caller's limits hold for it too: a worker's resource limits are inherited.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from parsers.limits import DEFAULT, Limits, Refused, megabytes
from parsers.scratch import OFFICE_RAN, PREFIX

_NAMES = ("soffice", "libreoffice")
# This part of the memory limit in use, and LibreOffice gave up: it was refused the rest.
_NEAR = 0.4
# soffice.bin asks for a second start after it has made a new profile.
_AGAIN = 81
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Save/ExportEmbedFonts", "EmbedFonts", "false"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("Office.Common/Misc", "FirstRun", "false"),
)


def program() -> Path | None:
    """LibreOffice's own binary beside the starter that PATH names: one process, so that ending it ends everything."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            starter = Path(found).resolve()
            binary = starter.with_name("soffice.bin")
            return binary if binary.exists() else starter
    return None


def _with(profile: Path) -> str:
    return f"-env:UserInstallation={profile.as_uri()}"


def _write_settings(profile: Path) -> None:
    """Settings of a fresh profile, in LibreOffice's own format."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = profile / "user"
    user.mkdir(parents=True)
    schema = "http://openoffice.org/2001/registry"
    (user / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="{schema}">{items}</oor:items>', "utf-8"
    )


def to_docx(data: bytes, suffix: str, importer: str, limits: Limits = DEFAULT) -> bytes:
    """The file as docx; Refused where LibreOffice is missing, fails or takes too long. ``importer`` is the name of its
    import filter, so that it does not guess."""
    binary = program()
    if binary is None:
        raise Refused("converter_missing", format=suffix)
    around = Path(tempfile.gettempdir())
    if around.name.startswith(PREFIX):
        (around / OFFICE_RAN).touch()
    with tempfile.TemporaryDirectory(prefix="wenbao-office-") as name:
        folder = Path(name)
        profile = folder / "profile"
        _write_settings(profile)
        source = folder / f"source.{suffix}"
        source.write_bytes(data)
        command = [
            str(binary), "--headless", "--norestore", "--nologo", "--nolockcheck",
            f"--infilter={importer}", "--convert-to", "docx", "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": name,
            "TMPDIR": name,
            "LC_ALL": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        }
        until = time.monotonic() + limits.seconds
        if _run([*command, _with(profile)], environment, folder, limits, until) == _AGAIN:
            # A socket is named after the profile's place, and in a jail the first run could not remove its own.
            profile = profile.rename(folder / "profile-again")
            _run([*command, _with(profile)], environment, folder, limits, until)
        made = folder / "out" / "source.docx"
        if not made.exists():
            raise Refused("damaged_file", format=f" {suffix} ")
        if made.stat().st_size > limits.unpacked_bytes:
            raise Refused("limit_unpacked", limit=megabytes(limits.unpacked_bytes))
        return made.read_bytes()


def _run(command: list[str], environment: dict[str, str], folder: Path, limits: Limits, until: float) -> int:
    """Its exit status; Refused where it ran into a limit."""
    before = _peak()
    try:
        done = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            timeout=max(0.0, until - time.monotonic()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("limit_time", limit=f"{limits.seconds} 秒") from error
    except OSError as error:
        raise Refused("converter_missing", format="doc、rtf") from error
    if done.returncode == -signal.SIGXCPU:
        raise Refused("limit_time", limit=f"{limits.seconds} 秒")
    if done.returncode == -signal.SIGXFSZ:
        raise Refused("limit_unpacked", limit=megabytes(limits.unpacked_bytes))
    if done.returncode not in (0, _AGAIN) and _peak() > max(before, limits.memory_bytes * _NEAR):
        raise Refused("limit_memory", limit=megabytes(limits.memory_bytes))
    return done.returncode


def _peak() -> int:
    """The most memory that any program started from here ever had, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
