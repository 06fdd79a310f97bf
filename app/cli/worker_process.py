"""The worker beside the server processes: started with them, kept running, and ended with them."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from time import monotonic
from typing import Final

from app.core.settings import Settings, get_settings

_log = logging.getLogger(__name__)

_OPENING_SECONDS: Final = 60
_AGAIN_SECONDS: Final = 5
_LOOK_SECONDS: Final = 0.5
_PATIENCE_SECONDS: Final = 15


@contextmanager
def run_worker_process(settings: Settings, opened: threading.Event) -> Iterator[None]:
    """A worker in a process of its own while the block runs, unless the settings have it elsewhere.

    Of its own, so that checking a million rows does not slow answers; and begun once the register has opened, so that
    it does not open later for it.
    """
    if settings.job_worker == "separate":
        yield
        return
    ending = threading.Event()
    keeper = threading.Thread(target=_keep_working, args=(opened, ending), name="keep-worker")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep_working(opened: threading.Event, ending: threading.Event) -> None:
    """Start the worker, and start it again when it falls, until told to end."""
    limit = monotonic() + _OPENING_SECONDS
    while not opened.is_set() and monotonic() < limit:
        if ending.wait(_LOOK_SECONDS):
            return
    # A fork would carry along the locks and connections of this process.
    spawn = multiprocessing.get_context("spawn")
    while True:
        process = spawn.Process(target=run_as_worker, name="worker")
        process.start()
        while not ending.is_set() and not wait([process.sentinel], _LOOK_SECONDS):
            pass
        process.terminate()
        process.join(_PATIENCE_SECONDS)
        process.kill()
        process.join()
        if ending.wait(_AGAIN_SECONDS):
            return
        _log.warning("the worker ended by itself (%s); it is started again", process.exitcode)


def run_as_worker() -> None:
    """Do jobs until told to end, or until the one who started it is gone."""
    # Whoever starts it needs nothing of what a worker works with.
    from app.cli.job_worker import work_on  # noqa: PLC0415

    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True, name="follow-parent").start()
    settings = get_settings()
    if settings.database_url is None:
        raise RuntimeError("REGISTER_DATABASE_URL is not set; `sensor-register serve` sets it")
    work_on(settings.database_url, settings)
