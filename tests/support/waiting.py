"""Waiting for what another process, thread or connection does."""

from collections.abc import Callable
from time import monotonic, sleep


def wait_until(is_reached: Callable[[], object], seconds: float = 10) -> None:
    """Ask 20 times a second. Raises: AssertionError when it is not so in time."""
    limit = monotonic() + seconds
    while not is_reached():
        assert monotonic() < limit, f"waited for {seconds} seconds"
        sleep(0.05)
