"""Input of an import: a file, or a pipe that is copied to disk first."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

STANDARD_INPUT: Final = "-"


@contextmanager
def open_input_file(file: str) -> Iterator[Path]:
    """A file that can be read repeatedly: a pipe, or - for standard input, is copied to disk.

    Raises: OSError where it does not exist or cannot be read.
    """
    if file != STANDARD_INPUT and Path(file).is_file():
        yield Path(file)
        return
    with (
        _open_input(file) as content,
        tempfile.NamedTemporaryFile(prefix="sensor-register-", suffix=".import") as copy,
    ):
        shutil.copyfileobj(content, copy)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def _open_input(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(file).open("rb") as content:
        yield content
