"""Supervision of the server processes: whichever dies is started again, and no end is silent."""

import logging
from dataclasses import dataclass, field
from socket import socket
from time import monotonic
from typing import Final

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

_log = logging.getLogger(__name__)

GRACEFUL_SECONDS: Final = 10
"""How long a server process that ends lets its requests finish."""

SILENCE_SECONDS: Final = 15
"""A server process that does not answer its supervisor for this long hangs: it is killed and started again."""

START_SECONDS: Final = 60
"""A server process that does not serve after this long hangs too."""

_MAX_PAUSE_SECONDS: Final = 30
_KILL_AFTER_SECONDS: Final = GRACEFUL_SECONDS + 5


@dataclass(slots=True)
class _Slot:
    """The history of one of the server processes."""

    failures: int = 0
    """Number of times in a row that it ended before it served."""
    started_at: float = field(default_factory=monotonic)
    serves: bool = False
    restart_at: float | None = None
    """The moment at which it is started again; None while it runs."""


class ServerSupervisor(Multiprocess):
    """Uvicorn's supervisor, which does not end the register because one process fails to start.

    It gives up only when no process has ever served: then the set-up is broken, and a restart changes nothing. Pauses
    between restarts double up to half a minute. Every end of a process is logged.
    """

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self.has_given_up = False
        self._has_served = False
        self._slots = [_Slot() for _ in range(config.workers)]

    def keep_subprocess_alive(self) -> None:
        """Look at each process once, and start those whose moment has come."""
        for index, process in enumerate(self.processes):
            # SIGTTIN adds processes.
            if index == len(self._slots):
                self._slots.append(_Slot())
            slot = self._slots[index]
            if slot.restart_at is None and not self._is_running(process, slot):
                self._note_end(process, slot)
            if self.should_exit.is_set():
                return
            if slot.restart_at is not None and monotonic() >= slot.restart_at:
                self._restart(index, slot)

    def _is_running(self, process: Process, slot: _Slot) -> bool:
        if process.exitcode is not None:
            return False
        if process.is_ready(SILENCE_SECONDS if slot.serves else 1):
            if not slot.serves:
                _log.info("server process %s serves", process.pid)
            slot.serves = self._has_served = True
            slot.failures = 0
            return True
        return not slot.serves and monotonic() - slot.started_at < START_SECONDS

    def _restart(self, index: int, slot: _Slot) -> None:
        process = Process(self.config, self.sockets)
        try:
            process.start()
        except OSError as error:
            # No memory or no process is free now.
            slot.restart_at = monotonic() + _MAX_PAUSE_SECONDS
            _log.error("no server process can be started: %s; tried again in %s s", error, _MAX_PAUSE_SECONDS)
            return
        self.processes[index] = process
        slot.started_at, slot.serves, slot.restart_at = monotonic(), False, None

    def _note_end(self, process: Process, slot: _Slot) -> None:
        hangs = process.exitcode is None
        process.kill()
        process.join()
        ending = "hung and was killed" if hangs else f"ended with exit code {process.exitcode}"
        if process.exitcode == STARTUP_FAILURE and not self._has_served:
            _log.error("server process %s %s before any served: the register closes", process.pid, ending)
            self.has_given_up = True
            self.should_exit.set()
            return
        pause = min(2**slot.failures, _MAX_PAUSE_SECONDS) if slot.failures else 0
        slot.failures += 1
        slot.restart_at = monotonic() + pause
        _log.warning("server process %s %s; it is started again in %s s", process.pid, ending, pause)

    def join_all(self) -> None:
        """Wait until every process has ended; one that does not end in time is killed."""
        limit = monotonic() + _KILL_AFTER_SECONDS
        for process in self.processes:
            process.process.join(max(0, limit - monotonic()))
            if process.process.is_alive():
                _log.warning("server process %s did not end in time; it is killed", process.pid)
                process.process.kill()
                process.process.join()
