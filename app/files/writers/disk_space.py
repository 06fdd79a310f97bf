"""A full or read-only disk, told from other failures of writing a file."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.core.errors import RegisterError, Unavailable
from app.core.i18n import LocalizedText

_ERRORS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})
_SENTENCES: Final = ("no space left", "disk is full", "no usable temporary directory")
"""Parts of the messages of SQLite, Arrow and Python."""

_LEAST_FREE_BYTES: Final = 10_000_000
"""Free space below which a failure of GDAL, which does not say why it fails, is taken for a full disk."""

_NO_SPACE: Final = LocalizedText(
    "Op de schijf van de server is geen ruimte voor dit bestand. Probeer het later opnieuw, of vraag minder tegelijk.",
    "The server's disk has no room for this file. Try again later, or ask for less at once.",
)
_RETRY: Final = {"Retry-After": "60"}


def make_no_space_error() -> Unavailable:
    """The error for a file that there is no room for."""
    return Unavailable(_NO_SPACE, headers=_RETRY)


@contextmanager
def report_full_disk() -> Iterator[None]:
    """Raise Unavailable, with a sentence for the reader, where the block fails for want of disk space."""
    try:
        yield
    except RegisterError:
        raise
    except Exception as error:
        if _is_disk_full(error):
            raise make_no_space_error() from error
        raise


@contextmanager
def explain_gdal_failure(folder: Path) -> Iterator[None]:
    """Raise OSError (ENOSPC) where the block fails and the disk of this folder is full."""
    try:
        yield
    except Exception as error:
        if shutil.disk_usage(folder).free < _LEAST_FREE_BYTES:
            raise OSError(errno.ENOSPC, "No space left on device", str(folder)) from error
        raise


def _is_disk_full(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _ERRORS:
            return True
        if any(sentence in str(cause).lower() for sentence in _SENTENCES):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
