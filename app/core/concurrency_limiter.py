"""A limit on expensive work that one process does at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.errors import Unavailable


class ConcurrencyLimiter:
    """A limited number of slots, granted in the order of the requests; a waiting request holds no other resource."""

    def __init__(self, slots: int, max_wait_seconds: float) -> None:
        self._free = asyncio.Semaphore(slots)
        self._max_wait_seconds = max_wait_seconds

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        """Hold a slot inside the block. Raises: Unavailable when none became free in time."""
        try:
            async with asyncio.timeout(self._max_wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable(headers={"Retry-After": "5"}) from None
        try:
            yield
        finally:
            self._free.release()
