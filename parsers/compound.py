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
