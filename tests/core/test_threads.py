"""Threads are waited for: where no one wants the result any more, and when the block beside which they work ends."""

import asyncio
import threading

import pytest

from app.core.threads import run_to_end, working_in_thread
from tests.support.waiting import PATIENCE_SECONDS


def test_run_to_end_returns_the_result() -> None:
    assert asyncio.run(run_to_end(divmod, 7, 2)) == (3, 1)


@pytest.mark.parametrize("error", [None, ValueError("no one asks")])
def test_run_to_end_cancelled_waits_for_the_thread(error: Exception | None) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def function() -> None:
        begun.set()
        may_end.wait(PATIENCE_SECONDS)
        ended.set()
        if error is not None:
            raise error

    async def work() -> bool:
        running = asyncio.create_task(run_to_end(function))
        await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
        running.cancel()
        await asyncio.sleep(0.01)
        assert not running.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        return ended.is_set()

    assert asyncio.run(work())


def test_work_beside_a_block_ends_with_it_also_after_an_error() -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(ending: threading.Event) -> None:
        begun.set()
        assert ending.wait(PATIENCE_SECONDS)
        ended.set()

    def fail_beside() -> None:
        with working_in_thread("test", work, leave_seconds=PATIENCE_SECONDS):
            assert begun.wait(PATIENCE_SECONDS)
            assert not ended.is_set()
            raise ValueError("of the block")

    with pytest.raises(ValueError, match="of the block"):
        fail_beside()
    assert ended.is_set()
