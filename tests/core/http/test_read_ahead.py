"""Answers that are read from their source ahead of their client."""

import asyncio
import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from app.core.http.read_ahead import ReadAhead
from tests.support.waiting import PATIENCE_SECONDS

PIECE = 1_000_000


@dataclass
class Source:
    """Pieces of a megabyte, each with a number."""

    pieces: int = 20
    error: Exception | None = None
    given: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> AsyncIterator[bytes]:
        for number in range(self.pieces):
            self.given += 1
            if self.given == 10:
                self.reached.set()
            yield bytes([number]) * PIECE
            await asyncio.sleep(0)
        if self.error:
            raise self.error

    async def close(self) -> None:
        self.closed.set()


async def join(ahead: ReadAhead, *, slowly: bool = False) -> bytes:
    content = b""
    async for piece in ahead.read():
        content += piece
        if slowly:
            await asyncio.sleep(0.001)
    return content


WHOLE = b"".join(bytes([number]) * PIECE for number in range(20))


@pytest.mark.parametrize("slowly", [False, True])
def test_pieces_come_in_order_at_any_speed(slowly: bool) -> None:
    async def run() -> bytes:
        source = Source()
        ahead = ReadAhead(source.read(), source.close)
        content = await join(ahead, slowly=slowly)
        await ahead.close()
        return content

    assert asyncio.run(run()) == WHOLE


def test_source_is_closed_before_client_reads_anything() -> None:
    async def run() -> bytes:
        source = Source()
        ahead = ReadAhead(source.read(), source.close)
        await asyncio.wait_for(source.closed.wait(), PATIENCE_SECONDS)
        assert source.given == 20
        content = await join(ahead)
        await ahead.close()
        return content

    assert asyncio.run(run()) == WHOLE


def test_error_of_source_comes_after_the_pieces_before_it() -> None:
    async def run() -> None:
        source = Source(pieces=8, error=ValueError("away"))
        ahead = ReadAhead(source.read(), source.close)
        await asyncio.wait_for(source.closed.wait(), PATIENCE_SECONDS)
        pieces = ahead.read()
        content = b""
        while len(content) < 8 * PIECE:
            content += await anext(pieces)
        assert content == WHOLE[: 8 * PIECE]
        with pytest.raises(ValueError, match="away"):
            await anext(pieces)
        await ahead.close()

    asyncio.run(run())


@pytest.mark.parametrize("read", [0, 1])
def test_closed_in_the_middle_releases_source_and_file(read: int) -> None:
    async def run() -> None:
        source = Source(pieces=10_000)
        ahead = ReadAhead(source.read(), source.close)
        pieces = ahead.read()
        for _ in range(read):
            await anext(pieces)
        await source.reached.wait()
        await ahead.close()
        assert source.closed.is_set()
        assert source.given < 10_000
        await pieces.aclose()  # type: ignore[attr-defined]

    asyncio.run(run())
    # An error of a task that no one awaited would be a warning, and with it an error of this test.
    gc.collect()


def test_close_before_the_first_step_releases_the_source() -> None:
    async def work() -> tuple[bool, int]:
        source = Source()
        await ReadAhead(source.read(), source.close).close()
        return source.closed.is_set(), source.given

    assert asyncio.run(work()) == (True, 0)


def test_close_while_the_source_is_released_does_not_interrupt_it() -> None:
    async def work() -> list[str]:
        steps: list[str] = []
        begun = asyncio.Event()

        async def release() -> None:
            steps.append("begun")
            begun.set()
            await asyncio.sleep(0.05)
            steps.append("ended")

        ahead = ReadAhead(Source(pieces=1).read(), release)
        await begun.wait()
        await ahead.close()
        return steps

    assert asyncio.run(work()) == ["begun", "ended"]
