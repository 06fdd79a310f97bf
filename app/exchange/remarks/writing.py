"""The file handed back, in its own format."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import SameFileError
from typing import Final

from app.core.language import Language
from app.exchange.remarks.delimited import remark_delimited
from app.exchange.remarks.findings import Findings
from app.exchange.remarks.geojson import remark_geojson
from app.exchange.remarks.geopackage import remark_geopackage
from app.exchange.remarks.parquet import remark_parquet
from app.exchange.remarks.workbook import remark_workbook
from app.exchange.reporting import LocatedProblem
from app.exchange.sources.recognition import Kind, recognise_file
from app.formats.whole import replace_when_whole

_WRITERS: Final[dict[Kind, Callable[[Path, Path, Findings], None]]] = {
    "xlsx": remark_workbook,
    "csv": remark_delimited,
    "geojson": remark_geojson,
    "gpkg": remark_geopackage,
    "parquet": remark_parquet,
}


def write_remarks(
    source_path: Path, destination: Path, problems: Sequence[LocatedProblem], language: Language
) -> None:
    """Write the file again with a last column of remarks, and in Excel the cells that they are about coloured.

    Remarks of an earlier time are taken out. An older file at the destination stays until this one is whole. Raises:
    InvalidRequest where the file cannot be read; as `require_destination`.
    """
    require_destination(source_path, destination)
    write = _WRITERS[recognise_file(source_path)]
    with replace_when_whole(destination) as unfinished:
        write(source_path, unfinished, Findings(problems, language))


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
