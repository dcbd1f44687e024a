"""Bytes of a text file → str: which encoding they are in, told from the bytes alone.

Strict readings first (a mark at the start, UTF-8, UTF-16 by where its zero bytes stand, GB 18030); only what none of
them accepts is left to the statistical detector.
"""

from __future__ import annotations

import codecs
import re

# A text of ours is mostly Chinese: below this share of bytes a stray control character is dirt, above it the file is no text.
_JUNK_SHARE = 0.02
_SAMPLE = 1 << 16
# Controls, private code points and marks of failure; tab, line ends, form feed and file end do occur in text files
_JUNK = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")


def decode(data: bytes) -> str | None:
    """The text without its byte order mark, or None where the bytes are no text at all."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            text = data[len(mark) :].decode(name, "replace")
            return text if _plausible(text) else None
    for strict in _strict(data):
        if strict is not None and _plausible(strict):
            return strict
    return _detected(data)


def lines_unified(text: str) -> str:
    """CRLF and lone CR as \\n; NUL dropped (no store keeps it); everything else untouched."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "") if "\x00" in text else text


def _strict(data: bytes) -> list[str | None]:
    """Readings in the order in which they are believed."""
    sixteen = _utf16_name(data)
    names = ([sixteen] if sixteen else []) + ["utf-8", "gb18030"]
    return [_try(data, name) for name in names]


def _try(data: bytes, name: str) -> str | None:
    """Strict, except that the file may be cut off within its last character."""
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        cut = error.start
    if cut < max(4, len(data) - 3):
        return None
    return data[:cut].decode(name)


def _utf16_name(data: bytes) -> str | None:
    """UTF-16 without a mark: ASCII digits and line ends leave zeros on one side of the pairs only."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 4 * even and odd > len(sample) // 200:
        return "utf-16-le"
    if even > 4 * odd and even > len(sample) // 200:
        return "utf-16-be"
    return None


def _plausible(text: str) -> bool:
    """Whether a decoded text reads like one: few control characters, unassigned or private code points."""
    sample = text[:_SAMPLE]
    if not sample:
        return True
    junk = len(_JUNK.findall(sample))
    return junk <= max(2, len(sample) * _JUNK_SHARE)


def _detected(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # slow to import, and hardly ever needed

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None or best.encoding in ("ascii",):
        return None
    text = data.decode(best.encoding, "replace")
    return text if _plausible(text) and any("\u4e00" <= c <= "\u9fff" for c in text[:_SAMPLE]) else None
