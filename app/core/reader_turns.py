"""Turns of readers whose answers take disk space until they are read."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

from app.core.concurrency_limiter import ConcurrencyLimiter

_log = logging.getLogger(__name__)

SHARE_SECONDS: Final = 60
"""Time that every reader has, however slow it is, also while others wait."""

FAIR_BYTES_PER_SECOND: Final = 500_000
"""Readers at least as fast keep their turn while others wait."""


class Turn:
    """The turn of one reader."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.read_bytes = 0
        self.is_over = False
        """Whether another reader needs it: the reader is let go at its next piece."""

    @property
    def bytes_per_second(self) -> float:
        return self.read_bytes / max(monotonic() - self.began, 0.001)


class ReaderTurns:
    """A limited number of turns. When all are taken, the slowest reader that has had its share loses its turn."""

    def __init__(self, turns: int, max_wait_seconds: float) -> None:
        self._turns = turns
        self._limiter = ConcurrencyLimiter(turns, max_wait_seconds)
        self._taken: set[Turn] = set()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Turn]:
        """Hold a turn inside the block. Raises: Unavailable when none became free in time."""
        if len(self._taken) >= self._turns:
            self._end_slowest()
        async with self._limiter.acquire():
            turn = Turn()
            self._taken.add(turn)
            try:
                yield turn
            finally:
                self._taken.discard(turn)

    def _end_slowest(self) -> None:
        now = monotonic()
        slow = [
            turn
            for turn in self._taken
            if not turn.is_over
            and now - turn.began > SHARE_SECONDS
            and turn.bytes_per_second < FAIR_BYTES_PER_SECOND
        ]
        if slow:
            slowest = min(slow, key=lambda turn: turn.bytes_per_second)
            slowest.is_over = True
            _log.info("a reader of %.0f bytes a second lost its turn", slowest.bytes_per_second)
