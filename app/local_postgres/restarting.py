"""Supervision of the private PostgreSQL: a server that was killed is started again."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from app.bootstrap.cannot_start import CannotStart
from app.local_postgres.cluster import Cluster, restart_killed

_log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 2


@contextmanager
def restarted_when_killed(cluster: Cluster, *, durable: bool = True) -> Iterator[None]:
    """Start the server again whenever it is killed while the block runs, as when memory runs out."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            try:
                if restart_killed(cluster, durable=durable):
                    _log.warning("PostgreSQL was killed; it has been started again")
            except CannotStart as problem:
                _log.error("PostgreSQL was killed and does not start again: %s", problem)

    watcher = threading.Thread(target=watch, name="watch-postgresql", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
