"""The process that forks reader processes.

Readers need modules that take a second to load: they are loaded once, and each file gets a fork. The worker itself
cannot fork, for it has threads and connections. Each reader has a watcher beside it, which ends it when its caller has
ended.

A request is one message with two descriptors: of a socket on which the caller waits for the exit status, and of one for
what the reader reads and writes. The message names modules to be loaded, separated by commas.
"""

import gc
import importlib
import os
import pickle
import select
import signal
import socket
import struct
import sys
from multiprocessing.connection import Connection
from typing import Final, NoReturn

OUT_OF_MEMORY: Final = 3
"""Exit code of a reader that got no more memory."""

STATUS: Final = struct.Struct("=i")
"""Exit status of a reader, as `os.waitpid` returns it."""

_MAX_REQUEST_BYTES: Final = 4_096


def run_fork_server(number: int) -> None:
    """Fork a reader for each request on the socket of this number until the caller closes it."""
    # The caller ends this process and its readers, also when a signal goes to a whole group of processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # The kernel removes watchers that have ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    requests = socket.socket(fileno=number)
    while True:
        modules, descriptors, _, _ = socket.recv_fds(requests, _MAX_REQUEST_BYTES, 2)
        if not modules:
            return
        for module in modules.decode().split(","):
            importlib.import_module(module)
        # Pages that the collector does not touch stay shared between the forks.
        gc.collect()
        gc.freeze()
        if os.fork() == 0:
            _watch(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _watch(control: int, data: int) -> NoReturn:
    """Fork the reader, wait until it has ended or its caller has, and send its status."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        reader = os.fork()
        if reader == 0:
            os.close(control)
            _read(data)
        os.close(data)
        ended = os.pidfd_open(reader)
        events = select.poll()
        events.register(ended, select.POLLIN)
        # A closed socket is reported without being asked for.
        events.register(control, 0)
        if not any(descriptor == ended for descriptor, _ in events.poll()):
            os.kill(reader, signal.SIGKILL)
        _, status = os.waitpid(reader, 0)
        os.write(control, STATUS.pack(status))
    except BrokenPipeError:
        # No one waits for the status.
        os._exit(0)
    finally:
        os._exit(1)


def _read(data: int) -> NoReturn:
    """Do what the caller sends first: limits, a function and its arguments."""
    try:
        connection = Connection(data)
        limits, function, arguments = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our caller
        limits.apply()
        function(connection, *arguments)
        connection.close()
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (BrokenPipeError, ConnectionResetError):
        # The caller has stopped reading.
        os._exit(0)
    except BaseException:  # noqa: BLE001 - it ends this process
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(1)
