"""Work in threads that is not abandoned halfway."""

import asyncio
from collections.abc import Callable
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
