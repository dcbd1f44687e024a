"""Temporary folders of the readers' processes: made, held, taken away; also those whose owner was killed.

The owner holds a lock on its folder for as long as it lives, in whichever container: what nobody holds is litter.
So are sockets of LibreOffice that nobody listens at: a killed one leaves its own, and one in a jail may not remove it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import sys
import tempfile
import time
from pathlib import Path

PREFIX = "wenbao-worker-"
# What a reader leaves in its folder where it has started LibreOffice
OFFICE_RAN = "office-ran"
_SOCKETS = ("/tmp", "/var/tmp")
_SOCKET = "OSL_PIPE_*SingleOfficeIPC_*"
# A folder is made some moments before it is locked
_YOUNG = 60.0


class Folder:
    """One folder, ours until ``remove``."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix=PREFIX)
        self._held = _hold(self.path)

    def tidy(self) -> None:
        """Takes away what LibreOffice left elsewhere, if it ran."""
        mark = Path(self.path, OFFICE_RAN)
        if mark.exists():
            mark.unlink(missing_ok=True)
            _sweep_sockets()

    def remove(self) -> None:
        """Takes it away with all that is in it; a second time does nothing."""
        self.tidy()
        shutil.rmtree(self.path, ignore_errors=True)
        if self._held is not None:
            os.close(self._held)
            self._held = None


def sweep() -> None:
    """Takes away what killed owners of this user left behind."""
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                status = path.lstat()
                if status.st_uid != os.getuid() or time.time() - status.st_mtime < _YOUNG:
                    continue
                held = _hold(str(path))
                if held is not None:
                    if Path(path, OFFICE_RAN).exists():
                        _sweep_sockets()
                    shutil.rmtree(path, ignore_errors=True)
                    os.close(held)


def _sweep_sockets() -> None:
    for folder in _SOCKETS:
        for path in Path(folder).glob(_SOCKET):
            with contextlib.suppress(OSError):
                status = path.lstat()
                if stat.S_ISSOCK(status.st_mode) and status.st_uid == os.getuid() and not _listens(str(path)):
                    path.unlink()


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as tried:
        try:
            tried.connect(path)
        except ConnectionRefusedError:
            return False
    return True


def _hold(path: str) -> int | None:
    """A lock on the folder that ends with this process; None where another has it, or the system knows no such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held
