"""A cache of one value that changes rarely, with the stamp of the version that it was made from.

`cachetools.LRUCache` would need a lock: these values are read in the event loop and in the threads of write routes.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestVersion(Generic[T]):
    """The value last stored. Readers compare its stamp with that in the database, so it is never out of date."""

    def __init__(self) -> None:
        self._stored: tuple[Hashable, T] | None = None

    def find(self, stamp: Hashable) -> T | None:
        """The value if it was made from the version with this stamp."""
        stored = self._stored
        return stored[1] if stored and stored[0] == stamp else None

    def store(self, stamp: Hashable, value: T) -> T:
        """Store the value in place of any other, and return it."""
        self._stored = (stamp, value)
        return value
