"""Zip archives from outside, read without trust: by content, counted while unpacking, never by member names on disk."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from parsers.limits import DEFAULT, Limits, Refused, megabytes

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_CHUNK = 1 << 20


class Archive:
    """A zip in memory. Every byte unpacked counts against ``limits.unpacked_bytes``, whatever the headers claim."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._infos = self._zip.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            EOFError,
            NotImplementedError,
            OverflowError,
            IndexError,
        ) as error:
            raise Refused(_broken(data)) from error
        if len(self._infos) > limits.members:
            raise Refused("limit_files", limit=str(limits.members))
        if len({info.header_offset for info in self._infos}) < len(self._infos):
            raise Refused("damaged_file")  # one piece under many names: only bombs are made so

    @property
    def left(self) -> int:
        """Bytes that may still be unpacked."""
        return self._left

    def infos(self) -> list[zipfile.ZipInfo]:
        """Members that are files, in the order of the archive."""
        return [info for info in self._infos if not info.is_dir()]

    def names(self) -> list[str]:
        """Names of the members, as the archive spells them."""
        return [info.filename for info in self._infos]

    def read(self, member: str | zipfile.ZipInfo) -> bytes:
        """One member's bytes, or Refused: encrypted, damaged, or more than may be unpacked."""
        info = member if isinstance(member, zipfile.ZipInfo) else self._zip.getinfo(member)
        if info.flag_bits & 0x1:
            raise Refused("encrypted")
        parts = []
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise Refused("limit_unpacked", limit=megabytes(self._limits.unpacked_bytes))
                    parts.append(chunk)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
            KeyError,
        ) as error:
            raise Refused("damaged_file") from error
        except Exception as error:
            if type(error).__name__ in ("LZMAError", "error"):
                raise Refused("damaged_file") from error
            raise
        return b"".join(parts)


def _broken(data: bytes) -> str:
    """Code for an archive that does not open: one without the record at its end was cut off on its way."""
    return "damaged_file" if b"PK\x05\x06" in data[-66_000:] else "truncated"


def holds(data: bytes, *starts: str) -> bool:
    """True where the archive has a member whose name begins with one of ``starts``. Where the directory at its end is
    gone (a cut-off file), the names beside the members tell; a bundle of stored documents is not taken for one."""
    if not is_zip(data):
        return False
    try:
        names = Archive(data).names()
    except Refused:
        return any(
            start.encode() in data[26 + 4 : 200] or b"[Content_Types].xml" in data[:100] and start.encode() in data
            for start in starts
        )
    return any(name.startswith(starts) for name in names)


def is_zip(head: bytes) -> bool:
    """True for the first bytes of a zip archive."""
    return head.startswith(MAGIC)
