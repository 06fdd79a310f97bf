"""The job worker of `sensor-register serve`: started, restarted and stopped with the server processes."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from time import monotonic
from typing import Final

from app.bootstrap.cannot_start import CannotStart
from app.cli.language import t
from app.core.collector import settle_collector
from app.core.settings import Settings, get_settings

_log = logging.getLogger(__name__)

_OPENING_SECONDS: Final = 60
_RESTART_SECONDS: Final = 5
_POLL_SECONDS: Final = 0.5
_STOP_SECONDS: Final = 15


@contextmanager
def run_worker_process(settings: Settings, opened: threading.Event) -> Iterator[None]:
    """Run a job worker in its own process while the block runs, unless the settings have it elsewhere.

    Its own process, so that checking a million rows does not slow answers. It starts once the register answers, so that
    it does not delay that.
    """
    if settings.job_worker == "separate":
        yield
        return
    ending = threading.Event()
    supervisor = threading.Thread(target=_supervise, args=(opened, ending), name="supervise-worker")
    supervisor.start()
    try:
        yield
    finally:
        ending.set()
        supervisor.join()


def _supervise(opened: threading.Event, ending: threading.Event) -> None:
    """Start the worker, and restart it when it ends, until `ending` is set."""
    limit = monotonic() + _OPENING_SECONDS
    while not opened.is_set() and monotonic() < limit:
        if ending.wait(_POLL_SECONDS):
            return
    # A fork would inherit the locks and connections of this process.
    spawn = multiprocessing.get_context("spawn")
    while True:
        process = spawn.Process(target=run_as_worker, name="worker")
        try:
            process.start()
        except OSError as error:
            # No memory or no process is free now.
            _log.error("no job worker can be started: %s", error)
            if ending.wait(_RESTART_SECONDS):
                return
            continue
        while not ending.is_set() and not wait([process.sentinel], _POLL_SECONDS):
            pass
        process.terminate()
        process.join(_STOP_SECONDS)
        process.kill()
        process.join()
        if ending.wait(_RESTART_SECONDS):
            return
        _log.warning("the job worker ended with exit code %s; it is restarted", process.exitcode)


def run_as_worker() -> None:
    """Run jobs until SIGTERM, or until the parent process ends."""
    # The parent process needs none of the modules of a worker.
    from app.cli.job_worker import work_on  # noqa: PLC0415

    settle_collector()

    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True, name="follow-parent").start()
    settings = get_settings()
    if settings.database_url is None:
        raise RuntimeError("REGISTER_DATABASE_URL is not set; `sensor-register serve` sets it")
    try:
        work_on(settings.database_url, settings)
    except CannotStart as problem:
        sys.exit(t(problem.dutch, str(problem)))
