"""Something read from the database and kept for a moment, so that not every request asks for it again."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class TTLCache(Generic[T]):
    """A value that is at most `seconds` old; while one reader fetches it anew, others may fetch it too."""

    def __init__(self, read: Callable[[], Awaitable[T]], seconds: float = 1.0) -> None:
        self._read = read
        self._seconds = seconds
        self._until = 0.0
        self._value: T | None = None

    async def get(self) -> T:
        """The value. Raises: what reading it raises."""
        if self._value is None or monotonic() >= self._until:
            self._value = await self._read()
            self._until = monotonic() + self._seconds
        return self._value
