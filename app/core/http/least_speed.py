"""The least speed at which a client must send a request and read an answer."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

T = TypeVar("T")

LEAST_BYTES_PER_SECOND: Final = 50_000
"""Slower clients hold memory, disk space or a connection for longer than their share."""


class TooSlow(Exception):
    """The client is further behind the least speed than it may be."""


class LeastSpeed:
    """The time that a client is behind the least speed.

    Waiting for the client adds to it, bytes subtract from it, and it is never negative.
    """

    def __init__(self, patience_seconds: float) -> None:
        """`patience_seconds`: how far behind the client may be."""
        self._patience_seconds = patience_seconds
        self._behind_seconds = 0.0

    async def transfer(self, transfer: Awaitable[T], count: Callable[[T], int], *, size: int = 0) -> T:
        """Wait for a transfer; `count` gives its bytes, and `size` those that are known beforehand. Raises: TooSlow."""
        started = monotonic()
        allowed_seconds = self._patience_seconds - self._behind_seconds + size / LEAST_BYTES_PER_SECOND
        try:
            async with asyncio.timeout(allowed_seconds) as term:
                result = await transfer
        except TimeoutError:
            if not term.expired():
                raise
            raise TooSlow from None
        spent_seconds = monotonic() - started - count(result) / LEAST_BYTES_PER_SECOND
        self._behind_seconds = max(0.0, self._behind_seconds + spent_seconds)
        return result
