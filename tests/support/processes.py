"""Commands of `sensor-register` as processes of their own, and what they say and listen to."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap.paths import ROOT

COMMAND = Path(sys.executable).with_name("sensor-register")


@contextmanager
def running(command: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A command under these settings, by their names in the environment; killed at the end, if it still runs."""
    process = subprocess.Popen(
        [COMMAND, *command.split()],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(
    url: str, port: int, *, workers: int = 2, host: str = "127.0.0.1"
) -> Iterator[subprocess.Popen[str]]:
    """The service on this database and port."""
    settings = {
        "REGISTER_DATABASE_URL": url,
        "REGISTER_HOST": host,
        "REGISTER_PORT": str(port),
        "REGISTER_SERVER_PROCESSES": str(workers),
    }
    with running("serve", **settings) as process:
        yield process


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if words in line:
            return read
    raise AssertionError(read)


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def run_command(*words: str, **settings: str) -> str:
    """Output of a command that ends well, under these settings."""
    done = subprocess.run(
        [COMMAND, *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
