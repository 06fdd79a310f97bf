"""Folder for what a test throws away: in memory where there is room.

Copying a database of 20 MB and deleting it again takes 0.1 s in memory, and on a busy disk a second or two.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap.paths import ROOT

_IN_MEMORY = Path("/dev/shm")
_ON_DISK = Path("/tmp")
_ROOM_BYTES = 8 * 1024**3
"""Twice what two test processes were seen to take, each with databases of 100,000 sensors and their log."""


def find_scratch_folder() -> Path:
    """The folder in memory, or the one on disk: a container often has 64 MB of the first."""
    if not os.access(_IN_MEMORY, os.W_OK) or shutil.disk_usage(_IN_MEMORY).free < _ROOM_BYTES:
        return _ON_DISK
    return _IN_MEMORY


_CLEAN_UP = """
import shutil, sys
from pathlib import Path
sys.stdin.read()
home = Path(sys.argv[1])
if home.exists():
    from app.local_postgres.cluster import run_cluster
    with run_cluster(home, durable=False):
        pass
    shutil.rmtree(home)
"""


@contextmanager
def open_scratch_home() -> Iterator[Path]:
    """A folder for a cluster. When this process is killed, another one stops the cluster and deletes the folder.

    The other process reads a pipe that closes with this one: memory that a killed run leaves in use is not free again.
    """
    home = Path(tempfile.mkdtemp(prefix="sensor-register-test-", dir=find_scratch_folder()))
    with subprocess.Popen(
        [sys.executable, "-c", _CLEAN_UP, home],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ):
        try:
            yield home
        finally:
            shutil.rmtree(home)
