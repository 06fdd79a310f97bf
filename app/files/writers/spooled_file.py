"""Writing a file in a thread from features that come from the database, and sending it away piece by piece."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Final, TypeVar

from app.files.writers.gis_files import write_file
from app.files.writers.schema import Format, Layer

_PIECE_BYTES: Final = 1 << 18

T = TypeVar("T")

FeatureBatches = AsyncIterator[Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """A file that has no name any more: it is gone when it is closed."""

    content: BufferedReader
    size_bytes: int
    features: int

    def read(self) -> AsyncIterator[bytes]:
        """The whole file, in pieces."""
        return read_pieces(self.content, self.size_bytes)

    def close(self) -> None:
        self.content.close()


async def read_pieces(content: BufferedReader, length: int) -> AsyncIterator[bytes]:
    """Read that many bytes from where the file stands, in pieces, each in a thread."""
    while length and (piece := await asyncio.to_thread(content.read, min(length, _PIECE_BYTES))):
        length -= len(piece)
        yield piece


def spool_at_once(form: Format, layer: Layer, batches: Iterable[Sequence[bytes]]) -> SpooledFile:
    """Write the features to a file.

    Raises: what reading the batches raises; OSError and sqlite3.Error on a full disk.
    """
    with tempfile.TemporaryDirectory(prefix="sensor-register-") as folder:
        path = Path(folder) / f"features.{form.suffix}"
        features = write_file(form, path, layer, batches)
        return SpooledFile(path.open("rb"), path.stat().st_size, features)


async def write_in_thread(form: Format, path: Path, layer: Layer, batches: FeatureBatches) -> int:
    """Write the features to a new file; returns their number.

    Raises: what reading the batches raises; OSError and sqlite3.Error on a full disk. Cancelled, it waits until the
    thread has let go of the batches.
    """
    return await feed_thread(partial(write_file, form, path, layer), batches)


async def feed_thread(write: Callable[[Iterable[Sequence[bytes]]], T], batches: FeatureBatches) -> T:
    """Run a function in a thread on features that come from the database; returns what it returns.

    Raises: what the function and reading the batches raise. Cancelled, it waits until the thread has let go of them.
    """
    feed = _Feed(batches, asyncio.get_running_loop())
    writing = asyncio.ensure_future(asyncio.to_thread(write, feed))
    try:
        return await asyncio.shield(writing)
    except asyncio.CancelledError:
        feed.stop()
        await asyncio.wait([writing])
        # Retrieved, so that asyncio does not log it.
        writing.exception()
        raise


class _Stopped(Exception):
    """The file is no longer needed."""


class _Feed:
    """The batches as a thread takes them, each when it asks for one."""

    def __init__(self, batches: FeatureBatches, loop: asyncio.AbstractEventLoop) -> None:
        self._batches = batches
        self._loop = loop
        self._taking: Future[Sequence[bytes] | None] | None = None
        self._stopped = False

    def __iter__(self) -> Iterator[Sequence[bytes]]:
        while True:
            self._taking = asyncio.run_coroutine_threadsafe(self._take(), self._loop)
            features = self._taking.result()
            if features is None:
                return
            yield features

    def stop(self) -> None:
        """Give no more, and end the query that is running."""
        self._stopped = True
        if self._taking is not None:
            self._taking.cancel()

    async def _take(self) -> Sequence[bytes] | None:
        if self._stopped:
            raise _Stopped
        return await anext(self._batches, None)
