"""Work of which a process does a few at a time: whoever comes when all are taken waits, and is then sent away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.errors import Unavailable


class ConcurrencyLimiter:
    """So many turns, given in the order in which they are asked for; whoever waits holds nothing meanwhile."""

    def __init__(self, number: int, patience_seconds: float) -> None:
        self._free = asyncio.Semaphore(number)
        self._patience_seconds = patience_seconds

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """A turn for as long as the block lasts. Raises: Unavailable when none came free in time."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable(headers={"Retry-After": "5"}) from None
        try:
            yield
        finally:
            self._free.release()
