"""Compressed answers: which are compressed, and by what.

Private answers are never compressed: the length of an answer that joins a secret with a stranger's text gives the
secret away (BREACH). Ranges and files that are compressed already are not either. Every other answer of at least
`LEAST_BYTES` is, by the first of `ENCODINGS` that the client accepts; docs/performance.md has the measurements.
Source: RFC 9110, 8.4, 12.5.3 and 8.8.1; RFC 9659 (window of Zstandard).
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, Protocol

import brotli
import zstandard
from isal import isal_zlib
from starlette.types import Message, Send

LEAST_BYTES: Final = 1_000
"""Smallest answer that is compressed: below it the headers weigh more than what is saved."""

_IN_THREAD_BYTES: Final = 256_000
"""From this size on, an answer is compressed in a thread, so that other requests go on meanwhile."""

_COMPRESSIBLE: Final = re.compile(
    rb"text/(?!event-stream)"
    rb"|application/(?:[\w.+-]*\+)?(?:json|xml|yaml)\b"
    rb"|application/(?:geo\+json-seq|javascript|x-ndjson|vnd\.mapbox-vector-tile|vnd\.oai\.openapi)\b"
    rb"|image/svg\+xml"
)
_QUALITY: Final = re.compile(rb";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$")
_GZIP_LEVEL, _BROTLI_QUALITY, _ZSTD_LEVEL = 1, 3, 1
_ZSTD_PAGE_LEVEL, _PAGE_BYTES = 6, 64_000
"""A page of the website is 8 % smaller at this level, for 0.2 ms; larger answers stay at the first."""
_GZIP_WINDOW: Final = 31
"""The largest window, with the header of gzip."""


class Stream(Protocol):
    """A body that is compressed piece by piece."""

    def compress(self, piece: bytes) -> bytes:
        """The compressed piece, complete: a client can read it before the next comes."""

    def close(self) -> bytes:
        """The end."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A content coding: `compress` takes a whole body."""

    name: bytes
    compress: Callable[[bytes], bytes]
    open: Callable[[], Stream]


class _Gzip:
    def __init__(self) -> None:
        self._stream = isal_zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)

    def compress(self, piece: bytes) -> bytes:
        return bytes(self._stream.compress(piece) + self._stream.flush(isal_zlib.Z_SYNC_FLUSH))

    def close(self) -> bytes:
        return bytes(self._stream.flush())


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Compressor(quality=_BROTLI_QUALITY)

    def compress(self, piece: bytes) -> bytes:
        return bytes(self._stream.process(piece) + self._stream.flush())

    def close(self) -> bytes:
        return bytes(self._stream.finish())


class _Zstandard:
    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def compress(self, piece: bytes) -> bytes:
        return self._stream.compress(piece) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def close(self) -> bytes:
        return self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


def _compress_zstandard(body: bytes) -> bytes:
    level = _ZSTD_PAGE_LEVEL if len(body) <= _PAGE_BYTES else _ZSTD_LEVEL
    return zstandard.ZstdCompressor(level=level).compress(body)


ENCODINGS: Final = (
    Encoding(b"zstd", _compress_zstandard, _Zstandard),
    Encoding(b"br", partial(brotli.compress, quality=_BROTLI_QUALITY), _Brotli),
    Encoding(b"gzip", partial(isal_zlib.compress, level=_GZIP_LEVEL, wbits=_GZIP_WINDOW), _Gzip),
)
"""The codings, in order of preference: Zstandard takes half of Brotli's time for nearly as few bytes."""


@lru_cache(maxsize=256)
def choose_encoding(accept_encoding: bytes) -> Encoding | None:
    """The coding to answer with: the first of those with the highest quality; None for an answer as it is."""
    qualities = {}
    for part in accept_encoding.lower().split(b","):
        found = _QUALITY.search(part)
        qualities[part.partition(b";")[0].strip()] = float(found[1]) if found else 1.0
    others = qualities.get(b"*", 0.0)
    rated = [(qualities.get(one.name, others), one) for one in ENCODINGS]
    best = max(quality for quality, _ in rated)
    if best <= 0 or best < qualities.get(b"identity", 0.0):
        return None
    return next(one for quality, one in rated if quality == best)


@lru_cache(maxsize=256)
def is_compressible(content_type: bytes) -> bool:
    """Whether compression makes content of this type smaller."""
    return _COMPRESSIBLE.match(content_type) is not None


class CompressedSend:
    """Passes an answer on, compressed where its headers allow it: an ASGI `send`, for one answer."""

    __slots__ = ("_encoding", "_send", "_start", "_stream")

    def __init__(self, send: Send, encoding: Encoding) -> None:
        self._send = send
        self._encoding = encoding
        self._start: Message | None = None
        self._stream: Stream | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _may_compress(message):
                # Its headers depend on the body: they wait for its first piece.
                self._start = message
                return
        elif self._start is not None:
            start, self._start = self._start, None
            message = await self._begin(start, message)
        elif self._stream is not None:
            message = await self._continue(self._stream, message)
        await self._send(message)

    async def _begin(self, start: Message, message: Message) -> Message:
        """Send the start of the answer; returns the first piece of its body."""
        body = message.get("body", b"")
        if message.get("more_body"):
            self._stream = self._encoding.open()
            await self._send({**start, "headers": self._mark(start["headers"], None)})
            return await self._continue(self._stream, message)
        if len(body) < LEAST_BYTES:
            await self._send(start)
            return message
        compressed = await _run(self._encoding.compress, body)
        await self._send({**start, "headers": self._mark(start["headers"], len(compressed))})
        return {**message, "body": compressed}

    async def _continue(self, stream: Stream, message: Message) -> Message:
        body = message.get("body", b"")
        compressed = await _run(stream.compress, body) if body else b""
        if not message.get("more_body"):
            compressed += stream.close()
        return {**message, "body": compressed}

    def _mark(self, headers: list[tuple[bytes, bytes]], size: int | None) -> list[tuple[bytes, bytes]]:
        """The headers of the compressed answer; its tag is weak, since other bytes have the same one."""
        marked = [(b"content-encoding", self._encoding.name)]
        for name, value in headers:
            if name == b"etag" and not value.startswith(b"W/"):
                marked.append((name, b"W/" + value))
            elif name not in (b"content-length", b"accept-ranges"):
                marked.append((name, value))
        if size is not None:
            marked.append((b"content-length", b"%d" % size))
        return marked


async def _run(compress: Callable[[bytes], bytes], body: bytes) -> bytes:
    return await asyncio.to_thread(compress, body) if len(body) >= _IN_THREAD_BYTES else compress(body)


def _may_compress(start: Message) -> bool:
    status: int = start["status"]
    if status < 200 or status in (204, 206, 304):
        return False
    headers: dict[bytes, Any] = dict(start["headers"])
    cache_control = headers.get(b"cache-control", b"")
    return (
        b"content-encoding" not in headers
        # `no-store` is on every private answer.
        and b"no-store" not in cache_control
        and b"no-transform" not in cache_control
        and is_compressible(headers.get(b"content-type", b""))
    )
