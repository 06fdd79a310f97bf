"""Work in threads: run to its end, or done beside a block."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def run_to_end(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a function that runs in a thread. Cancelled, it waits until the thread has done.

    `asyncio.to_thread` leaves the thread behind: what it uses, a file or a connection, would be closed under it.
    """
    working = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        if not working.cancelled():
            # Retrieved, so that asyncio does not log it.
            working.exception()
        raise


@contextmanager
def working_in_thread(name: str, work: Callable[[Event], None], *, leave_seconds: float) -> Iterator[None]:
    """Do work in a thread of its own while the block runs; its event is set when it has to end.

    A daemon, which has `leave_seconds` to end: what does not answer keeps no process, so that work must survive a kill.
    """
    ending = Event()
    worker = Thread(target=work, args=(ending,), name=name, daemon=True)
    worker.start()
    try:
        yield
    finally:
        ending.set()
        worker.join(leave_seconds)
