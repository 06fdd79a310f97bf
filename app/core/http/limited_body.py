"""The body of a request, within a size and at a least speed."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from app.core.http.least_speed import LeastSpeed, TooSlow

BODY_PATIENCE_SECONDS: Final = 10
"""How far a body may be behind the least speed."""

_CLOSE: Final = {"Connection": "close"}


class LimitedBody:
    """Receives the messages of a request, and refuses a body that is too large or too slow."""

    __slots__ = ("_is_complete", "_limit_bytes", "_receive", "_size", "_speed")

    def __init__(self, receive: Receive, limit_bytes: int) -> None:
        self._receive = receive
        self._limit_bytes = limit_bytes
        self._size = 0
        self._speed = LeastSpeed(BODY_PATIENCE_SECONDS)
        self._is_complete = False

    async def receive(self) -> Message:
        """The next message. Raises: HTTPException, since the framework passes on no other while it reads a body."""
        if self._is_complete:
            # It waits for the client to disconnect.
            return await self._receive()
        try:
            message = await self._speed.transfer(self._receive(), _count_bytes)
        except TooSlow:
            # The rest of the body would be read as the next request.
            raise HTTPException(408, headers=_CLOSE) from None
        self._size += _count_bytes(message)
        if self._size > self._limit_bytes:
            raise HTTPException(413)
        self._is_complete = not message.get("more_body")
        return message


def _count_bytes(message: Any) -> int:
    return len(message.get("body", b""))
