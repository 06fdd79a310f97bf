"""Folder for what a test throws away: in memory where there is room.

Copying a database of 20 MB and deleting it again takes 0.1 s in memory, and on a busy disk a second or two.
"""

import os
import shutil
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")
_ON_DISK = Path("/tmp")
_ROOM_BYTES = 4 * 1024**3
"""Room for the databases of two test processes, of which each may hold 100,000 sensors and their log."""


def find_scratch_folder() -> Path:
    """The folder in memory, or the one on disk: a container often has 64 MB of the first."""
    if not os.access(_IN_MEMORY, os.W_OK) or shutil.disk_usage(_IN_MEMORY).free < _ROOM_BYTES:
        return _ON_DISK
    return _IN_MEMORY
