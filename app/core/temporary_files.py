"""The folder for temporary files: whether it can be written, and the answer to callers when it cannot.

Uploads, files for download and files with remarks are written there, by the standard library, SQLite, GDAL and Arrow.
"""

import errno
import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.core.errors import Unavailable
from app.core.i18n import LocalizedText

_log = logging.getLogger(__name__)

_TRIED_BYTES: Final = 1 << 16
_FULL_BELOW_BYTES: Final = 1 << 20

_FULL: Final = LocalizedText(
    "De server heeft geen schijfruimte meer voor tijdelijke bestanden. Probeer het later opnieuw.",
    "The server has no disk space left for temporary files. Try again later.",
)
_NOT_WRITABLE: Final = LocalizedText(
    "De server kan geen tijdelijke bestanden schrijven. Meld dit aan de beheerder.",
    "The server cannot write temporary files. Report this to the administrator.",
)
_FULL_NUMBERS: Final = (errno.ENOSPC, errno.EDQUOT)
_NOT_WRITABLE_NUMBERS: Final = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT)
_RETRY: Final = {"Retry-After": "60"}


def try_temporary_folder() -> int:
    """Write a file there; the free space in bytes. Raises: OSError."""
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(bytes(_TRIED_BYTES))
    return find_free_bytes()


def find_free_bytes() -> int:
    """The space in bytes that is free for temporary files. Raises: OSError."""
    found = os.statvfs(tempfile.gettempdir())
    return found.f_bavail * found.f_frsize


@contextmanager
def detect_full_folder() -> Iterator[None]:
    """Raise OSError for an error of GDAL or SQLite inside the block while the folder is full: they hide the reason."""
    try:
        yield
    except (RuntimeError, sqlite3.Error) as error:
        if find_free_bytes() < _FULL_BELOW_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), tempfile.gettempdir()) from error
        raise


def make_no_space_error() -> Unavailable:
    """The error for a file that there is no room for."""
    return Unavailable(_FULL, headers=_RETRY)


def translate_storage_error(error: Exception) -> Unavailable | None:
    """The error for the caller when temporary files cannot be written; None for every other error."""
    sentence = _find_sentence(error)
    if sentence is None:
        return None
    _log.error("temporary files: %s", error)
    return Unavailable(sentence, headers=_RETRY)


def _find_sentence(error: Exception) -> LocalizedText | None:
    if isinstance(error, sqlite3.Error):
        # The lowest byte is the primary code, the others detail it.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return {sqlite3.SQLITE_FULL: _FULL, sqlite3.SQLITE_READONLY: _NOT_WRITABLE}.get(code)
    if not isinstance(error, OSError):
        return None
    if error.errno in _FULL_NUMBERS:
        return _FULL
    if error.errno == errno.EROFS or (error.errno in _NOT_WRITABLE_NUMBERS and _is_temporary(error)):
        return _NOT_WRITABLE
    return None


def _is_temporary(error: OSError) -> bool:
    """Whether the error is about the folder for temporary files, or about not finding one."""
    if error.filename is None:
        return "temporary directory" in str(error)
    return Path(os.fsdecode(error.filename)).is_relative_to(tempfile.gettempdir())
