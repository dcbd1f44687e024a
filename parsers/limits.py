"""How much one file from outside may cost, and the one way a reader refuses a file.

Readers are pure: they get the limits as an argument and never look at a clock. Seconds and memory are
enforced from outside, by ``parsers.worker``; sizes, counts and depths are enforced here and in the readers.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.problems import problem


@dataclass(frozen=True, slots=True)
class Limits:
    """Defaults of issue 3. Bytes, seconds and counts are per file.

    input_bytes     the file itself
    unpacked_bytes  everything unpacked from it together (zip members, PDF streams as text)
    memory_bytes    address space of the worker process
    seconds         wall clock and CPU time, each
    pages           pages of a PDF
    output_bytes    the result a worker may hand back, and any file it may write
    open_files      file descriptors of a worker
    members         entries of an archive
    depth           tables in tables, archives in archives
    cells           cells of all tables of a document together
    """

    input_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 200 * 1024 * 1024
    memory_bytes: int = 1024 * 1024 * 1024
    seconds: int = 30
    pages: int = 2000
    output_bytes: int = 64 * 1024 * 1024
    open_files: int = 256
    members: int = 2000
    depth: int = 12
    cells: int = 100_000


DEFAULT = Limits()


class Refused(Exception):
    """Raised inside a reader to leave it from any depth; ``read`` hands the Problem back as a value."""

    def __init__(self, code: str, **fields: str) -> None:
        super().__init__(code)
        self.problem = problem(code, None, **fields)


def megabytes(count: int) -> str:
    """A number of bytes as a sentence names it."""
    return f"{count // (1024 * 1024)} MB" if count >= 1024 * 1024 else f"{count} 字节"
