"""Turns of readers: who waits, and who loses a turn."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from app.core import reader_turns
from app.core.errors import Unavailable
from app.core.reader_turns import ReaderTurns, Turn


async def take(turns: ReaderTurns, *, held: AsyncExitStack, age: float = 0, read_bytes: int = 0) -> Turn:
    turn = await held.enter_async_context(turns.take())
    turn.began -= age
    turn.read_bytes = read_bytes
    return turn


async def find_over(*readers: tuple[float, int]) -> list[bool]:
    """Whether each of these readers, with its age and bytes, loses its turn when another comes."""
    turns = ReaderTurns(len(readers), 0.01)
    async with AsyncExitStack() as held:
        taken = [await take(turns, held=held, age=age, read_bytes=size) for age, size in readers]
        with pytest.raises(Unavailable):
            await held.enter_async_context(turns.take())
        return [turn.is_over for turn in taken]


def test_slowest_reader_that_had_its_share_loses_its_turn() -> None:
    over = asyncio.run(find_over((100, 100 * 60_000), (100, 100 * 50_000), (100, 100 * 900_000), (30, 0)))
    assert over == [False, True, False, False]


def test_readers_within_their_share_or_fast_keep_their_turn() -> None:
    within = reader_turns.SHARE_SECONDS - 5
    assert asyncio.run(find_over((within, 0), (600, 600 * 600_000))) == [False, False]


def test_next_request_ends_another_slow_reader() -> None:
    async def run() -> None:
        turns = ReaderTurns(2, 0.01)
        async with AsyncExitStack() as held:
            taken = [await take(turns, held=held, age=100 + number) for number in range(2)]
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await held.enter_async_context(turns.take())
            assert [turn.is_over for turn in taken] == [True, True]

    asyncio.run(run())


def test_request_gets_the_turn_of_a_reader_that_left() -> None:
    async def run() -> None:
        turns = ReaderTurns(1, 5)
        async with AsyncExitStack() as first, AsyncExitStack() as second:
            slow = await take(turns, held=first, age=100)

            waiting = asyncio.ensure_future(take(turns, held=second))
            await asyncio.sleep(0)
            assert slow.is_over
            await first.aclose()
            assert not (await waiting).is_over

    asyncio.run(run())
