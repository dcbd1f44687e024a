"""zip: a bundle for bulk upload. Its members are read as files of their own (``members`` in place of ``read``)."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.model import Problem
from parsers import bundle
from parsers.limits import DEFAULT, Limits


def recognises(name: str, head: bytes) -> bool:
    """A zip that is no office document. ``head`` is the whole file."""
    return bundle.recognises(head)


def members(data: bytes, limits: Limits = DEFAULT) -> Iterator[tuple[str, bytes] | Problem]:
    """Each member with the last part of its name, or why it is not read."""
    for name, content in bundle.members(data, limits):
        yield content if isinstance(content, Problem) else (name, content)
