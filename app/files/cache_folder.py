"""The folder of the file cache: shared by the processes of one machine, and removed at their end.

An owner holds a lock in the folder. A process that starts removes the folders whose owner is gone without
having removed them, as after a power cut.
"""

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from stat import S_ISDIR
from typing import Final

_PREFIX: Final = "sensor-register-files-"
_OWNER: Final = "owner.lock"
_LOCKED_AFTER_SECONDS: Final = 60

_log = logging.getLogger(__name__)


@contextmanager
def own_cache_folder(parent: Path | None = None) -> Iterator[Path]:
    """Own a folder inside the block; `parent` is by default the folder for temporary files.

    Where it cannot be made, on a full or read-only disk, the register starts nevertheless: each file is then refused
    until there is room.
    """
    try:
        base = parent or Path(tempfile.gettempdir())
    except OSError:
        base = Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - only its address; nothing can be written there
    _remove_abandoned(base)
    folder = base / f"{_PREFIX}{token_hex(8)}"
    lock = None
    try:
        folder.mkdir(mode=0o700)
        lock = _lock(folder)
    except OSError as error:
        _log.warning("No file can be made for GIS tools: %s", error)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _remove_abandoned(base: Path) -> None:
    for folder in base.glob(f"{_PREFIX}*"):
        try:
            # The base is open to every user of the machine: folders of other users are left alone, and so are links.
            found = folder.lstat()
            if not S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                continue
            if time.time() - found.st_mtime < _LOCKED_AFTER_SECONDS:
                # A register that starts at the same time may lock it the next moment.
                continue
            os.close(_lock(folder))
        except OSError:
            continue
        shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> int:
    """The descriptor that holds the lock. Raises: BlockingIOError when its owner lives; other OSErrors."""
    descriptor = os.open(folder / _OWNER, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
