"""Streamed answers, whose generation stops when the client disconnects or stalls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.core.http.least_speed import LeastSpeed, TooSlow

T = TypeVar("T")


class StreamedAnswer(Response):
    """An answer in pieces, each generated once the client has taken the one before it.

    `close` releases the source of the pieces; it is awaited once, however the answer ends. `size_bytes` is the size of
    a stored answer: it becomes Content-Length. A client that is `stalled_after_seconds` behind the least speed is
    disconnected: it holds a connection, a file or memory that others wait for.
    """

    def __init__(  # noqa: PLR0913 - the body, its headers and its time limits
        self,
        pieces: AsyncIterator[bytes],
        *,
        media_type: str,
        headers: Mapping[str, str],
        close: Callable[[], Awaitable[Any]],
        stalled_after_seconds: float,
        size_bytes: int | None = None,
        status_code: int = 200,
    ) -> None:
        self.pieces = pieces
        self.status_code = status_code
        self.media_type = media_type
        self.background = None
        self.body = b""
        self._close = close
        self._speed = LeastSpeed(stalled_after_seconds)
        self.init_headers(headers)
        if size_bytes is None:
            del self.headers["content-length"]
        else:
            self.headers["content-length"] = str(size_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI calls it
        try:
            await while_connected(receive, self._send_all(send))
        finally:
            await self._close()

    async def _send_all(self, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers},
        )
        async for piece in self.pieces:
            await self._send_piece(send, piece)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_piece(self, send: Send, piece: bytes) -> None:
        message = {"type": "http.response.body", "body": piece, "more_body": True}
        try:
            await self._speed.transfer(send(message), lambda _: len(piece), size=len(piece))
        except TooSlow:
            raise ClientDisconnect from None


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled when the client disconnects.

    Raises: ClientDisconnect, and the exceptions of the work.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.wait({working, leaving})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
