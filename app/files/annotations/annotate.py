"""The file handed back, in its own format."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import SameFileError
from typing import Final

from app.core.i18n import Language, LocalizedText
from app.files.annotations.csv import annotate_csv
from app.files.annotations.geojson import annotate_geojson
from app.files.annotations.geopackage import annotate_geopackage
from app.files.annotations.parquet import annotate_parquet
from app.files.annotations.row_problems import FileProblems
from app.files.annotations.xlsx import annotate_xlsx
from app.files.located_problem import LocatedProblem
from app.files.readers.detect import FileFormat, detect_format
from app.files.writers.atomic_write import write_atomically

_WRITERS: Final[dict[FileFormat, Callable[[Path, Path, FileProblems], None]]] = {
    "xlsx": annotate_xlsx,
    "csv": annotate_csv,
    "geojson": annotate_geojson,
    "gpkg": annotate_geopackage,
    "parquet": annotate_parquet,
}


def annotate_file(
    source_path: Path,
    destination: Path,
    problems: Sequence[LocatedProblem],
    language: Language,
    labels: Mapping[str, LocalizedText],
) -> None:
    """Write a copy with a last column of remarks; in Excel the cells that they are about are coloured.

    `labels` names the columns that the file lacks, by wire name. Earlier remarks are removed.
    An older file at the destination stays until this one is complete.

    Raises: InvalidRequest when the file cannot be read; as `require_destination`.
    """
    require_destination(source_path, destination)
    write = _WRITERS[detect_format(source_path)]
    with write_atomically(destination) as unfinished:
        write(source_path, unfinished, FileProblems(problems, language, labels))


def require_destination(source_path: Path, destination: Path) -> None:
    """See that remarks can go there.

    Raises: FileNotFoundError without a folder; IsADirectoryError where it is one; SameFileError where both are one
    file, by whatever name or link.
    """
    if not destination.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(destination.parent))
    if destination.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(destination))
    if destination.exists() and destination.samefile(source_path):
        # Whoever handed it in may have no other copy.
        raise SameFileError(errno.EEXIST, os.strerror(errno.EEXIST), str(destination))
