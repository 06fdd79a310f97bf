"""Supervision of the server processes: whichever dies is started again, and no end is silent."""

import logging
from dataclasses import dataclass
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

_MAX_PAUSE_SECONDS: Final = 30
_KILL_AFTER_SECONDS: Final = GRACEFUL_SECONDS + 5


@dataclass(slots=True)
class _Slot:
    """The history of one of the server processes."""

    failures: int = 0
    """Number of times in a row that it ended before it served."""
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
                slot.restart_at = None
                self.processes[index] = Process(self.config, self.sockets)
                self.processes[index].start()

    def _is_running(self, process: Process, slot: _Slot) -> bool:
        if not process.is_alive(SILENCE_SECONDS):
            return False
        if process.is_ready(SILENCE_SECONDS):
            slot.failures = 0
            self._has_served = True
        return True

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
