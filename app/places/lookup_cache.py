"""A bounded cache of answers of another server."""

from collections import OrderedDict
from collections.abc import Hashable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class LookupCache(Generic[T]):
    """At most `size` answers, each for `seconds`; the one that was stored first makes room. For one event loop."""

    def __init__(self, size: int, seconds: float) -> None:
        self._size = size
        self._seconds = seconds
        self._stored: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def find(self, key: Hashable) -> T | None:
        """The answer to this question, if it is not too old."""
        until, answer = self._stored.get(key, (0.0, None))
        return answer if monotonic() < until else None

    def store(self, key: Hashable, answer: T) -> T:
        """Store the answer, and return it."""
        self._stored.pop(key, None)
        while len(self._stored) >= self._size:
            self._stored.popitem(last=False)
        self._stored[key] = (monotonic() + self._seconds, answer)
        return answer
