"""Reader processes: started, awaited within their limits, and ended."""

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection
from threading import Lock
from time import monotonic
from typing import Any, Final

from app.core.errors import InvalidRequest, Unavailable
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.isolation.fork_server import OUT_OF_MEMORY, STATUS
from app.files.isolation.limits import ProcessLimits
from app.files.isolation.messages import MAX_MESSAGE_BYTES, parse_message

_COMMAND: Final = (
    "import sys; from app.files.isolation.fork_server import run_fork_server as run; run(int(sys.argv[1]))"
)
POLL_SECONDS: Final = 0.25
_STATUS_SECONDS: Final = 5
# Variables that a reader needs; it gets no password, key or address of the register.
_PASSED_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PROJ_DATA", "LD_LIBRARY_PATH")
# One thread: a fork takes no other along, and each would count in the limit of memory.
_VARIABLES: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}

_TOO_LONG: Final = LocalizedText(
    "Dit bestand kost te veel tijd om te lezen, meer dan bij zijn grootte past. Open het in het programma waarmee het "
    "gemaakt is, en sla het op als nieuw bestand of als CSV.",
    "This file takes too much time to read, more than fits its size. Open it in the program that made it, and save it "
    "as a new file or as CSV.",
)
_TOO_LARGE: Final = LocalizedText(
    "Dit bestand kost te veel geheugen om te lezen. Open het in het programma waarmee het gemaakt is, en sla het op "
    "als CSV of in delen.",
    "This file takes too much memory to read. Open it in the program that made it, and save it as CSV or in parts.",
)
_UNREADABLE: Final = LocalizedText(
    "Het lezen van dit bestand is afgebroken: het is beschadigd, of zo opgebouwd dat wij het niet kunnen lezen. Open "
    "het in het programma waarmee het gemaakt is, en sla het op als nieuw bestand.",
    "Reading this file broke off: it is damaged, or built in a way that cannot be read. Open it in the program that "
    "made it, and save it as a new file.",
)


class ReaderProcess:
    """A process that runs one function, with its messages."""

    def __init__(
        self, control: socket.socket, data: Connection, limits: ProcessLimits, on_wait: Callable[[], None]
    ) -> None:
        self._control = control
        self._data = data
        self._on_wait = on_wait
        self._left_seconds = limits.wait_seconds

    def receive(self) -> Any:
        """The next message.

        Raises: InvalidRequest where the process has ended without it, or takes too long; Unavailable where no process
        could be started; any error of `on_wait`.
        """
        began = monotonic()
        while not self._data.poll(POLL_SECONDS):
            self._on_wait()
            if monotonic() - began > self._left_seconds:
                raise _refuse(ProblemCode.FILE_TOO_SLOW, _TOO_LONG)
        self._left_seconds -= monotonic() - began
        try:
            message = self._data.recv_bytes(MAX_MESSAGE_BYTES)
        except (EOFError, OSError):
            raise self._explain_end() from None
        try:
            return parse_message(message)
        except (pickle.UnpicklingError, ValueError, TypeError, LookupError, AttributeError) as wrong:
            raise _refuse(ProblemCode.UNREADABLE_FILE, _UNREADABLE) from wrong

    def send(self, message: bytes) -> None:
        """Send what the function waits for; where it has ended, `receive` says why."""
        with suppress(OSError):
            self._data.send_bytes(message)

    def _explain_end(self) -> InvalidRequest | Unavailable:
        self._control.settimeout(_STATUS_SECONDS)
        try:
            sent = self._control.recv(STATUS.size)
        except OSError:
            sent = b""
        if len(sent) < STATUS.size:
            # The process that forks has ended, not the one that reads.
            return Unavailable(headers={"Retry-After": "5"})
        (status,) = STATUS.unpack(sent)
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        if ended_by == signal.SIGXCPU:
            return _refuse(ProblemCode.FILE_TOO_SLOW, _TOO_LONG)
        # The kernel uses SIGKILL when memory runs out.
        if ended_by == signal.SIGKILL or (ended_by is None and os.WEXITSTATUS(status) == OUT_OF_MEMORY):
            return _refuse(ProblemCode.FILE_NEEDS_MEMORY, _TOO_LARGE)
        return _refuse(ProblemCode.UNREADABLE_FILE, _UNREADABLE)


@contextmanager
def start_reader(
    function: Callable[..., None],
    arguments: Sequence[object],
    limits: ProcessLimits,
    *,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[ReaderProcess]:
    """A process that runs `function(connection, *arguments)`; it is ended when the block ends.

    The function and its arguments are pickled. `on_wait` is called while no message comes, a few times a second.
    """
    options = (option for one in arguments if isinstance(one, dict) for option in one.values())
    modules = {one.__module__ for one in (function, *arguments, *options) if callable(one)}
    control, data = _fork_server.start_reader(",".join(modules).encode())
    with closing(control), closing(data):
        try:
            data.send_bytes(pickle.dumps((limits, function, arguments)))
        except OSError:
            raise Unavailable(headers={"Retry-After": "5"}) from None
        yield ReaderProcess(control, data, limits, on_wait)


def _refuse(code: ProblemCode, sentence: LocalizedText) -> InvalidRequest:
    return InvalidRequest(problems=[Problem(code, "", sentence)])


class _ForkServer:
    """The process that forks, started when it is first needed and again when it has ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def start_reader(self, modules: bytes) -> tuple[socket.socket, Connection]:
        """A socket for the exit status of a new process, and a connection to it. Raises: OSError."""
        control, far_control = socket.socketpair()
        data, far_data = socket.socketpair()
        with far_control, far_data, self._lock:
            if self._requests is None or self._process is None or self._process.poll() is not None:
                self._start()
            if self._requests is None:
                raise RuntimeError("the process that forks was not started")
            socket.send_fds(self._requests, [modules], [far_control.fileno(), far_data.fileno()])
        return control, Connection(data.detach())

    def end(self) -> None:
        if self._requests is not None:
            self._requests.close()
            self._requests = None
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        self.end()
        # Messages keep their bounds.
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        passed = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
        path = os.pathsep.join(filter(None, sys.path))
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own Python
                # Nothing is loaded from the folder that the command was started in.
                [sys.executable, "-P", "-c", _COMMAND, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**passed, **_VARIABLES, "PYTHONPATH": path},
            )


_fork_server = _ForkServer()
atexit.register(_fork_server.end)
