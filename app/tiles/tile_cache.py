"""Tiles that were made a moment ago, kept in the memory of the process."""

from collections import OrderedDict
from typing import Final

MAX_CACHE_BYTES: Final = 32_000_000
"""Some thousands of tiles: those that people look at now."""

_OWN_BYTES: Final = 500
"""What keeping a tile costs beside its content, roughly."""


class TileCache:
    """The contents of tiles by their entity tags, the least recently asked leaving first.

    A tag is that of one state of the register, so that nothing here can be out of date.
    """

    def __init__(self, most_bytes: int = MAX_CACHE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._tiles: OrderedDict[str, bytes] = OrderedDict()

    def find(self, etag: str) -> bytes | None:
        content = self._tiles.get(etag)
        if content is not None:
            self._tiles.move_to_end(etag)
        return content

    def keep(self, etag: str, content: bytes) -> None:
        if etag in self._tiles:
            return
        self._tiles[etag] = content
        self._bytes += len(content) + _OWN_BYTES
        while self._bytes > self._most_bytes:
            _, oldest = self._tiles.popitem(last=False)
            self._bytes -= len(oldest) + _OWN_BYTES
