"""Limited slots, and the error when none becomes free in time."""

import asyncio

import pytest

from app.core.concurrency_limiter import ConcurrencyLimiter
from app.core.errors import Unavailable


def test_slots_are_limited_and_granted_to_all() -> None:
    async def meet() -> tuple[int, int]:
        limiter = ConcurrencyLimiter(2, max_wait_seconds=60)
        busy = most = done = 0

        async def work() -> None:
            nonlocal busy, most, done
            async with limiter.acquire():
                busy += 1
                most = max(most, busy)
                await asyncio.sleep(0)
                busy -= 1
                done += 1

        await asyncio.gather(*(work() for _ in range(7)))
        return most, done

    assert asyncio.run(meet()) == (2, 7)


def test_timeout_of_a_slot_is_unavailable_with_retry_after() -> None:
    async def meet() -> None:
        limiter = ConcurrencyLimiter(1, max_wait_seconds=0.01)
        async with limiter.acquire():
            with pytest.raises(Unavailable) as refused:
                async with limiter.acquire():
                    pass
            assert refused.value.headers["Retry-After"]
        # Neither who had it nor who gave up keeps it.
        async with limiter.acquire():
            pass

    asyncio.run(meet())


def test_slot_is_released_after_an_exception() -> None:
    async def meet() -> None:
        limiter = ConcurrencyLimiter(1, max_wait_seconds=0.01)
        with pytest.raises(RuntimeError):
            async with limiter.acquire():
                raise RuntimeError
        async with limiter.acquire():
            pass

    asyncio.run(meet())
