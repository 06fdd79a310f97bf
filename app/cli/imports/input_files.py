"""Where an import comes from: a file, or what can be read only once, kept on disk meanwhile."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

STANDARD_INPUT: Final = "-"


@contextmanager
def keep_input(file: str) -> Iterator[Path]:
    """The file as one that can be read more than once: a pipe, or - for standard input, is kept on disk meanwhile.

    Raises: OSError where it is not there, or cannot be read.
    """
    if file != STANDARD_INPUT and Path(file).is_file():
        yield Path(file)
        return
    with (
        _open_input(file) as content,
        tempfile.NamedTemporaryFile(prefix="sensor-register-", suffix=".import") as kept,
    ):
        shutil.copyfileobj(content, kept)
        kept.flush()
        yield Path(kept.name)


@contextmanager
def _open_input(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(file).open("rb") as content:
        yield content
