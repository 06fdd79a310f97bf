"""Pieces of an answer, taken from their source as fast as it gives them, and kept until a slow client reads them.

The source is a database connection with a snapshot: while it is open, PostgreSQL can remove no row version that ended
since. A client that reads as fast as the source gives gets the pieces from memory; what it does not take yet is put on
disk.
"""

import asyncio
import os
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO, Any, Final

from app.core.threads import run_to_end

_MEMORY_BYTES: Final = 4_000_000
_PIECE_BYTES: Final = 1 << 18


class ReadAhead:
    """Reads all pieces in a task of its own. `close_source` is awaited once they are read, or when this is closed."""

    def __init__(self, pieces: AsyncIterator[bytes], close_source: Callable[[], Awaitable[Any]]) -> None:
        self._pieces = pieces
        self._close_source = close_source
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0
        self._changed = asyncio.Event()
        self._released: asyncio.Future[Any] | None = None
        self._task = asyncio.create_task(self._take_all())

    async def read(self) -> AsyncIterator[bytes]:
        """The pieces in order. Raises: what reading the source raises, after the pieces before it."""
        while True:
            self._changed.clear()
            if self._waiting:
                piece = self._waiting.popleft()
                self._waiting_bytes -= len(piece)
                yield piece
            elif self._read < self._written:
                piece = await asyncio.to_thread(self._read_piece)
                self._read += len(piece)
                yield piece
            elif self._task.done():
                self._task.result()
                return
            else:
                await self._changed.wait()

    async def close(self) -> None:
        """End the task, release the source and delete the file."""
        self._task.cancel()
        await asyncio.wait([self._task])
        # The task may have been cancelled before its first step, or while it released the source.
        released = self._release_source()
        await asyncio.wait([released])
        for ended in (self._task, released):
            if not ended.cancelled():
                # An error of a source whose pieces no one reads any more.
                ended.exception()
        if self._file is not None:
            self._file.close()

    def _release_source(self) -> "asyncio.Future[Any]":
        """Release the source once; neither a cancelled task nor a client that leaves interrupts it."""
        if self._released is None:
            self._released = asyncio.ensure_future(self._close_source())
        return self._released

    async def _take_all(self) -> None:
        try:
            async for piece in self._pieces:
                # After a piece on disk all go there until the client has read them: so they stay in order.
                if self._read == self._written and self._waiting_bytes < _MEMORY_BYTES:
                    self._waiting.append(piece)
                    self._waiting_bytes += len(piece)
                else:
                    # The file is closed after this: the thread must have let go of it.
                    self._written += await run_to_end(self._write_piece, piece)
                self._changed.set()
        finally:
            await asyncio.shield(self._release_source())
            asyncio.get_running_loop().call_soon(self._changed.set)

    def _write_piece(self, piece: bytes) -> int:
        if self._file is None:
            self._file = tempfile.TemporaryFile(  # noqa: SIM115 - closed by `close`
                prefix="sensor-register-answer-", buffering=0
            )
        left = memoryview(piece)
        while left:
            left = left[os.pwrite(self._file.fileno(), left, self._written + len(piece) - len(left)) :]
        return len(piece)

    def _read_piece(self) -> bytes:
        if self._file is None:
            raise RuntimeError("nothing was written")
        return os.pread(self._file.fileno(), _PIECE_BYTES, self._read)
