"""OLE compound files, the container of Office 97: which program's file is inside, told from its directory."""

from __future__ import annotations

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _entry(name: str) -> bytes:
    """A directory entry begins with its name in UTF-16, padded to 64 bytes with zeros."""
    return name.encode("utf-16-le") + b"\0\0"


def holds(data: bytes, *names: str) -> bool:
    """True where ``data`` is a compound file with a stream of one of these names."""
    return data.startswith(MAGIC) and any(_entry(name) in data for name in names)


def is_encrypted(data: bytes) -> bool:
    """A docx or xlsx under a password is a compound file holding an EncryptedPackage."""
    return holds(data, "EncryptedPackage", "EncryptionInfo")


def _stream_start(data: bytes, name: str) -> int | None:
    """Offset of a stream's first sector, from its directory entry."""
    place = data.find(_entry(name))
    if place < 0 or len(data) < 512:
        return None
    sector = int.from_bytes(data[place + 116 : place + 120], "little")
    size = 1 << min(int.from_bytes(data[30:32], "little"), 16)
    return (sector + 1) * size


def word_is_encrypted(data: bytes) -> bool:
    """The flag in the header of a Word 97 document that says its text is under a password."""
    start = _stream_start(data, "WordDocument")
    if start is None or data[start : start + 2] not in (b"\xec\xa5", b"\xdc\xa5"):
        return False
    return bool(int.from_bytes(data[start + 10 : start + 12], "little") & 0x0100)
