"""What a reader's process may do, set from inside before it sees a byte of a file: memory, CPU, files, no network.

Network: on Linux a seccomp filter refuses to make any socket but a local one, for this process and those it starts
(LibreOffice); it needs no rights. Elsewhere, or where the kernel refuses, only Python's own sockets are blocked.
Files are the business of ``parsers.jail``.
"""

from __future__ import annotations

import contextlib
import ctypes
import platform
import struct
import sys
from collections.abc import Iterator

from parsers.limits import Limits

_SET_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
# machine: (audit architecture, number of socket()); io_uring_setup, which can open sockets too, is 425 on both
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING = 425
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # refused with EPERM
_LOCAL = 1  # AF_UNIX
_SET_SIGNAL = 10  # fcntl F_SETSIG


def limit(limits: Limits) -> None:
    """Resource limits of this process and its children."""
    import resource

    def lower(kind: int, value: int) -> None:
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        with contextlib.suppress(ValueError, OSError):  # a system that does not know the limit
            resource.setrlimit(kind, (value, value))

    lower(resource.RLIMIT_AS, limits.memory_bytes)
    lower(resource.RLIMIT_NOFILE, limits.open_files)
    lower(resource.RLIMIT_FSIZE, limits.unpacked_bytes)
    lower(resource.RLIMIT_CORE, 0)


def allow_cpu(seconds: int) -> None:
    """CPU time for the next file: what was used before does not count."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        until = min(until, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


@contextlib.contextmanager
def alone(pipe: int) -> Iterator[None]:
    """While a file is read nothing comes through the pipe that orders come through, unless its other end is closed:
    whoever asked was killed, and so is this process with all it started, also in the middle of a library."""
    if sys.platform != "linux":
        yield
        return
    import fcntl
    import os
    import signal

    fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(pipe, _SET_SIGNAL, signal.SIGKILL)
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | fcntl.FASYNC)
    try:
        yield
    finally:
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags)


def no_network() -> bool:
    """Blocks sockets. True where the kernel does it, False where only Python does."""
    sys.addaudithook(_hook)
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    architecture, socket = machine
    program = (
        (_LOAD, 0, 0, 4),  # 0 the architecture the call was made under
        (_EQUAL, 0, 9, architecture),  # 1 another one: refuse
        (_LOAD, 0, 0, 0),  # 2 the call's number
        (_AT_LEAST, 7, 0, _X32),  # 3 calls of a second numbering: refuse
        (_EQUAL, 6, 0, _IO_URING),  # 4 refuse
        (_EQUAL, 1, 0, socket),  # 5
        (_RETURN, 0, 0, _ALLOW),  # 6
        (_LOAD, 0, 0, 16),  # 7 socket()'s first argument: the address family
        (_EQUAL, 1, 0, _LOCAL),  # 8
        (_RETURN, 0, 0, _REFUSE),  # 9
        (_RETURN, 0, 0, _ALLOW),  # 10
        (_RETURN, 0, 0, _REFUSE),  # 11
    )
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    rules = Program(len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(rules), 0, 0) == 0)


_BLOCKED = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.sendto",
    "urllib.Request",
    "ftplib.connect",
    "http.client.connect",
    "smtplib.connect",
)


def _hook(event: str, _: object) -> None:
    if event in _BLOCKED:
        raise PermissionError("a reader has no network")
