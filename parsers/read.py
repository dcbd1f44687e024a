"""A file → Document: asks every format in ``parsers/formats`` and hands the bytes to the one that knows them.

The folder is the list of formats; each module has ``recognises(name, head)`` and ``read(data)``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from types import ModuleType

from knowledge.model import Problem
from knowledge.problems import problem
from parsers import formats, sniff
from parsers.document import Document
from parsers.limits import DEFAULT, Limits, megabytes

HEAD = 8192  # bytes a format sees before it says yes: enough for a page head with its scripts
# Containers tell what they are by the names inside, wherever those stand: their formats see the whole file.
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF")


@cache
def _modules() -> tuple[str, ...]:
    return tuple(sorted(m.name for m in pkgutil.iter_modules(formats.__path__)))


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"parsers.formats.{name}")


def format_of(data: bytes, name: str) -> str | Problem:
    """The name of the one format that claims the file, or why there is none."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return problem("empty_file")
    head = data if data.startswith(_CONTAINERS) else data[:HEAD]
    claims = [m for m in _modules() if _load(m).recognises(name, head)]
    if not claims:
        other = sniff.what_else(head)
        if other is not None:
            return problem(other)
        return problem("unknown_format", name=name or "这个文件")
    if len(claims) > 1:
        return problem("ambiguous_format", name=name or "这个文件", formats="、".join(claims))
    return claims[0]


def read(data: bytes, name: str, limits: Limits = DEFAULT) -> Document | Problem:
    """The file as a Document; a Problem where it is empty, of no known format, or damaged."""
    if len(data) > limits.input_bytes:
        return problem("too_large", found=megabytes(len(data)), limit=megabytes(limits.input_bytes))
    chosen = format_of(data, name)
    if isinstance(chosen, Problem):
        return chosen
    result: Document | Problem = _load(chosen).read(data, limits)
    return result


def members(data: bytes, name: str, limits: Limits = DEFAULT) -> Iterable[tuple[str, bytes] | Problem] | None:
    """The files in an archive, each with its name, or a Problem in its place; None for a file that is no archive.

    An archive format has ``members(data, limits)`` instead of ``read``.
    """
    chosen = format_of(data, name)
    if isinstance(chosen, Problem) or not hasattr(_load(chosen), "members"):
        return None
    found: Iterable[tuple[str, bytes] | Problem] = _load(chosen).members(data, limits)
    return found
