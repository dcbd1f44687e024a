"""What a reader's process sees of the file system: programs and libraries to read, a folder of its own to write.

Linux refuses the rest through Landlock (from 5.13; it needs no rights, and holds for LibreOffice too): another report,
the store, the settings, what other processes have open or in their environment. Where the kernel has none, nothing is
hidden and ``shut`` says so.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_VERSION_ASKED, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38

# Rights, bit by bit, in the order in which versions of Landlock brought them
_EXECUTE, _WRITE, _READ, _LIST = 1, 1 << 1, 1 << 2, 1 << 3
_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_DEVICES = 1 << 6 | 1 << 11  # making them
_SIGNALS_FROM = 6  # the version that can also keep signals and abstract sockets inside
_INSIDE = 1 | 2

# Where systems keep programs, libraries, fonts, and what LibreOffice and the C library look up
_READABLE = (
    "/usr", "/bin", "/lib", "/lib32", "/lib64", "/nix/store", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime",
    "/etc/alternatives", "/var/cache/fontconfig", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip
# LibreOffice begins with a socket in the first of these; it may not remove it, parsers.scratch does
_SOCKETS_IN = ("/tmp", "/var/tmp")
_MAKE_SOCKET = 1 << 9
_DEVICES_USED = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def version() -> int:
    """The kernel's version of Landlock, 0 or less where it has none."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_ASKED))


def shut(folder: str, office: Path | None) -> bool:
    """Leaves this process and those it starts only ``folder`` to write, and programs (``office`` is LibreOffice's) to
    read. True where the kernel sees to it; there is no way back."""
    if version() < 1 or not folder:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    known = _ALL[max(number for number in _ALL if number <= version())]
    attributes = struct.pack("QQQ", known, 0, _INSIDE)[: 24 if version() >= _SIGNALS_FROM else 8]
    rules = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        for path in _readable(office):
            _allow(libc, rules, path, _READ | _LIST | _EXECUTE, known)
        for path in _DEVICES_USED:
            _allow(libc, rules, path, _READ | _WRITE, known)
        for path in _SOCKETS_IN:
            _allow(libc, rules, path, _MAKE_SOCKET, known)
        _allow(libc, rules, folder, known & ~_DEVICES, known)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _readable(office: Path | None) -> Iterable[str]:
    """Python with what is installed for it; of this program only what reads files, not its settings or its store."""
    own = Path(__file__).resolve().parent
    yield from _READABLE
    yield from (sys.prefix, sys.base_prefix, sys.exec_prefix, str(own), str(own.with_name("knowledge")))
    yield from (path for path in sys.path if path and Path(path).resolve() not in (own.parent, Path.cwd()))
    if office is not None:
        home = office.parent.parent
        yield str(home)
        # Debian keeps what LibreOffice may change elsewhere, behind links
        links = (path for depth in ("*/*", "*/*/*") for path in home.glob(depth) if path.is_symlink())
        yield from (str(path.resolve()) for path in links)


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int, known: int) -> None:
    """One rule; nothing where there is no such path."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _EXECUTE | _WRITE | _READ | known & (1 << 14 | 1 << 15)
        libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", rights & known, place), 0)
    finally:
        os.close(place)
