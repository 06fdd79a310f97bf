"""A file with annotations, in its own format."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import SameFileError
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import Language, LocalizedText
from app.files.annotations.csv import annotate_csv
from app.files.annotations.row_problems import FileProblems
from app.files.annotations.xlsx import annotate_xlsx
from app.files.located_problem import LocatedProblem
from app.files.readers.detect import FileFormat, detect_format
from app.files.readers.heading_row import HeadingTest
from app.files.writers.atomic_write import write_atomically

_ANNOTATORS: Final[dict[FileFormat, Callable[[Path, Path, FileProblems, HeadingTest | None], None]]] = {
    "xlsx": annotate_xlsx,
    "csv": annotate_csv,
}

ANNOTATED_FORMATS: Final = frozenset(_ANNOTATORS)
"""Formats that people edit by hand; for the others the list of problems with row numbers is enough."""


def annotate_file(  # noqa: PLR0913 - a copy is made from a file, somewhere, of what was found, for a reader
    source_path: Path,
    destination: Path,
    problems: Sequence[LocatedProblem],
    language: Language,
    labels: Mapping[str, LocalizedText],
    *,
    is_heading: HeadingTest | None = None,
) -> None:
    """Write a copy with a last column of remarks; in Excel, cells with a problem are coloured.

    `labels` names the fields that have no column in the file, by wire name. `is_heading` is that with which the file
    was read, see `open_source`. Earlier remarks are removed.
    An existing file at the destination is replaced once the new one is complete.

    Raises: InvalidRequest when the file cannot be read or has another format than `ANNOTATED_FORMATS`; the errors
    of `require_destination`.
    """
    require_destination(source_path, destination)
    annotate = _ANNOTATORS.get(detect_format(source_path))
    if annotate is None:
        raise InvalidRequest(
            LocalizedText(
                "Opmerkingen kunnen alleen in een Excel- of CSV-bestand. Gebruik de lijst van problemen.",
                "Remarks can only be added to an Excel or CSV file. Use the list of problems.",
            )
        )
    with write_atomically(destination) as unfinished:
        annotate(source_path, unfinished, FileProblems(problems, language, labels), is_heading)


def require_destination(source_path: Path, destination: Path) -> None:
    """Check that the annotated file can be written at the destination.

    Raises: FileNotFoundError when its folder does not exist; IsADirectoryError when it is a folder; SameFileError
    when it is the source itself, also through a link.
    """
    if not destination.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(destination.parent))
    if destination.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(destination))
    if destination.exists() and destination.samefile(source_path):
        # The source may be the only copy.
        raise SameFileError(errno.EEXIST, os.strerror(errno.EEXIST), str(destination))
