"""A small HTTP/1.1 server for the webhook and the health page: bodies with a length or in chunks, kept-alive connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_MOST_BODY = 32 * 1024 * 1024
_IDLE_SECONDS = 75.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names in lower case, ``path`` with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Hangup(Exception):
    """Raised by a handler: the connection is closed without a word."""


Handle = Callable[[Request], Awaitable[Response]]
_REASONS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
    429: "Too Many Requests", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip


async def serve(host: str, port: int, handle: Handle) -> asyncio.Server:
    """Starts listening; the server is closed by its caller."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _talk(reader, writer, handle)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ValueError, Hangup):
            pass
        except asyncio.CancelledError:
            pass  # the server is closing
        finally:
            writer.close()

    return await asyncio.start_server(talk, host, port, limit=1 << 16)


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handle) -> None:
    while True:
        async with asyncio.timeout(_IDLE_SECONDS):
            request = await _request(reader, writer)
        if request is None:
            return
        try:
            response = await handle(request)
        except Hangup:
            writer.transport.abort()
            raise
        keep = request.headers.get("connection", "").lower() != "close"
        head = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Status')}", f"Content-Length: {len(response.body)}"]
        head += [f"Content-Type: {response.kind}", f"Connection: {'keep-alive' if keep else 'close'}"]
        head += [f"{name}: {value}" for name, value in response.headers.items()]
        writer.write("\r\n".join([*head, "", ""]).encode() + response.body)
        await writer.drain()
        if not keep:
            return


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return Request(method, path, headers, await _body(reader, headers))


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        chunks: list[bytes] = []
        while True:
            length = int((await reader.readline()).split(b";")[0], 16)
            chunk = await reader.readexactly(length + 2)
            if not length:
                return b"".join(chunks)
            chunks.append(chunk[:-2])
            if sum(map(len, chunks)) > _MOST_BODY:
                raise ValueError("body too large")
    length = int(headers.get("content-length", 0))
    if not 0 <= length <= _MOST_BODY:
        raise ValueError("body too large")
    return await reader.readexactly(length)
