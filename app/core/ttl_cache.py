"""A cached value with a maximum age, read asynchronously.

`cachetools.TTLCache` does not serve here: it has no asynchronous loader, and around it the class would be as long.
"""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class TTLCache(Generic[T]):
    """A value that is at most `seconds` old. Requests that find it expired at the same time each read it."""

    def __init__(self, read: Callable[[], Awaitable[T]], seconds: float = 1.0) -> None:
        self._read = read
        self._seconds = seconds
        self._until = 0.0
        self._value: T | None = None

    async def get(self) -> T:
        """The value. Raises: the exceptions of `read`."""
        if self._value is None or monotonic() >= self._until:
            self._value = await self._read()
            self._until = monotonic() + self._seconds
        return self._value
