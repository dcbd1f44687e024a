"""A zip of files for bulk upload: its members as files of their own, never written anywhere under their own names."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from posixpath import basename

from knowledge.model import Problem
from knowledge.problems import problem
from parsers.archive import Archive, holds, is_zip
from parsers.limits import DEFAULT, Limits, Refused, megabytes

# Members that say a zip is one document, not a bundle.
_DOCUMENTS = ("[Content_Types].xml", "word/", "xl/", "ppt/", "mimetype")
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def recognises(data: bytes) -> bool:
    """True for a zip that is no office document itself."""
    return is_zip(data) and not holds(data, *_DOCUMENTS)


def members(data: bytes, limits: Limits = DEFAULT) -> Iterator[tuple[str, bytes | Problem]]:
    """(name to show, content or why it is not read) of each file in the bundle."""
    try:
        archive = Archive(data, limits)
    except Refused as refused:
        yield "", refused.problem
        return
    infos = [info for info in archive.infos() if not _litter(_name(info))]
    if not infos:
        yield "", problem("empty_file")
    for info in infos:
        name = _name(info)
        shown = "".join(c if c.isprintable() else "\ufffd" for c in basename(name.replace("\\", "/"))) or "未命名"
        if _is_unsafe(name):
            yield shown, problem("unsafe_name", name="".join(c if c.isprintable() else "\ufffd" for c in name)[:80])
            continue
        if info.file_size > limits.input_bytes:
            yield shown, problem("too_large", found=megabytes(info.file_size), limit=megabytes(limits.input_bytes))
            continue
        try:
            content = archive.read(info)
        except Refused as refused:
            yield shown, refused.problem
            if refused.problem.code == "limit_unpacked":
                return
            continue
        if is_zip(content) and recognises(content):
            yield shown, problem("nested_archive")
        else:
            yield shown, content


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the flag for UTF-8, Chinese Windows wrote it in GBK, which Python reads as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _litter(name: str) -> bool:
    lower = name.lower()
    return any(lower.startswith(mark) or basename(lower) == mark for mark in _LITTER) or basename(lower).startswith(
        ("._", "~$")
    )


def _is_unsafe(name: str) -> bool:
    """A name that wants to leave the folder it would be unpacked into."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":")
