"""What the first bytes of a file say it is. Formats agree here about whose file it is, so that none claims another's."""

from __future__ import annotations

import re

HEAD = 8192  # bytes that are looked at: enough for a page head with its scripts

# Signatures of everything that is not text: office containers, PDF, images, archives, programs.
_BINARY = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00",
    b"MM\x00*", b"RIFF", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"SQLite",
)  # fmt: skip
# 「<!DOCTYPE html」「<html」「<?xml」 or any tag that begins a saved page or a fragment of one
_PAGE = re.compile(
    rb"\A[\s\x00]*(?:<!doctype|<\?xml|<(?:html|head|body|meta|title|script|style|link|div|p|span|table|center|font|ucap"
    rb"|section|article|form|h[1-6]|ul|ol|li|tbody|tr|td|iframe|input|base|main|strong|b|img|a)\b[^>]*>)",
    re.IGNORECASE,
)
_HTML_SOMEWHERE = re.compile(rb"<(?:html|body|head|!doctype html)\b", re.IGNORECASE)
_MARKDOWN_NAME = re.compile(r"\.(?:md|markdown|mdown)$", re.IGNORECASE)
# 「# 标题」「| --- |」
_MARKDOWN = re.compile(rb"(?m)^(?:#{1,6} |\|[ :|-]+\|\s*$|!\[)")


def _plain_bytes(head: bytes) -> bytes:
    """The head with UTF-16 zero bytes and marks taken out, so that ASCII patterns match."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"")


def is_web_archive(head: bytes) -> bool:
    """A page saved as MIME (.mht): mail headers in front."""
    start = _plain_bytes(head[:HEAD]).lower()
    return b"mime-version" in start[:4096] and b"multipart/related" in start[:4096]


def is_pdf(head: bytes) -> bool:
    """「%PDF-」 within the first kilobyte: some servers put line ends or a mark in front of it."""
    return b"%PDF-" in head[:1024] and not head.startswith((b"PK", b"{\\rtf")) and b"<html" not in head[:1024].lower()


def is_rtf(head: bytes) -> bool:
    """「{\\rtf1」, also after white space."""
    return _plain_bytes(head[:HEAD]).lstrip().startswith(b"{\\rtf")


def is_binary(head: bytes) -> bool:
    """Containers, images, programs: never text, whatever the name says. UTF-16 is text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return False
    return head.startswith(_BINARY)


_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_PROGRAMS = (b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe")


def what_else(head: bytes) -> str | None:
    """The code for a file that is something else altogether: an image, a program. None where nobody can tell."""
    if head.startswith(_IMAGES):
        return "image"
    return "executable" if head.startswith(_PROGRAMS) else None


def is_html(name: str, head: bytes) -> bool:
    """A page or a fragment of one: it begins with markup, or holds <html>/<body>, and is no Markdown with a table in it."""
    if is_binary(head) or is_rtf(head):
        return False
    plain = _plain_bytes(head[:HEAD])
    if _HTML_SOMEWHERE.search(plain):
        return True
    if not _PAGE.match(re.sub(rb"\A(?:\s*<!--.*?-->)+", b"", plain, flags=re.DOTALL)):
        return False
    return not (_MARKDOWN_NAME.search(name) or _MARKDOWN.search(plain))


def is_text(name: str, head: bytes) -> bool:
    """Plain text or Markdown: neither markup nor anything with a signature of its own."""
    return not (is_binary(head) or is_rtf(head) or is_web_archive(head) or is_pdf(head) or is_html(name, head))
