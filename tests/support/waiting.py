"""Waiting for what another process, thread or connection does, however slow the machine is.

Tests wait for what happened and measure no time: `wait_until` where something must happen, `not_awaiting` where
a limit on time is itself what is tested.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, process_time, sleep

import psycopg

PATIENCE_SECONDS = 120
"""How long a test waits for what should happen before it fails."""

FAR_SECONDS = 120
"""When something ends that nothing may wait for, such as the answer of a slow server."""


def wait_until(is_reached: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Ask 20 times a second. Raises: AssertionError when it is not so in time."""
    limit = monotonic() + seconds
    while not is_reached():
        assert monotonic() < limit, f"waited for {seconds} seconds"
        sleep(0.05)


def stays_so(is_so: Callable[[], object], seconds: float) -> None:
    """Ask once a second, for so long. Raises: AssertionError when it is otherwise."""
    limit = monotonic() + seconds
    while monotonic() < limit:
        assert is_so(), "it did not stay so"
        sleep(1)
    assert is_so(), "it did not stay so"


@contextmanager
def not_awaiting(seconds: float = FAR_SECONDS) -> Iterator[None]:
    """A block that must not wait for what takes `seconds`. Raises: AssertionError when it takes half of that."""
    began = monotonic()
    yield
    taken = monotonic() - began
    assert taken < seconds / 2, f"took {taken:.1f} seconds: it waited for what ends after {seconds} seconds"


@contextmanager
def soon_computed(seconds: float = 10) -> Iterator[None]:
    """A block whose slow way computes far longer. Raises: AssertionError when it takes so much processor time."""
    began = process_time()
    yield
    taken = process_time() - began
    assert taken < seconds, f"computed for {taken:.1f} seconds"


def count_waiting(url: str, *, for_seconds: float = 0) -> int:
    """Number of locks in a database that another connection holds up, for so long at least."""
    with psycopg.connect(url, autocommit=True) as onlooker:
        row = onlooker.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
            " AND waitstart <= clock_timestamp() - make_interval(secs => %s)",
            [for_seconds],
        ).fetchone()
    assert row is not None
    return int(row[0])
