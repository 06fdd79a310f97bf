"""The one way in: a path becomes a source."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.csv import open_csv
from app.files.readers.detect import FileFormat, detect_format
from app.files.readers.geojson import open_geojson
from app.files.readers.geopackage import open_geopackage
from app.files.readers.heading_row import HeadingTest
from app.files.readers.limits import FileLimits
from app.files.readers.parquet import open_parquet
from app.files.readers.xlsx import open_xlsx
from app.files.table import TableSource

_Opener = Callable[[Path, FileLimits, HeadingTest | None], AbstractContextManager[TableSource]]

_OPENERS: Final[dict[FileFormat, _Opener]] = {
    "xlsx": open_xlsx,
    "csv": open_csv,
    # These have names for their columns, not a row of headings.
    "geojson": lambda path, limits, _: open_geojson(path, limits),
    "gpkg": lambda path, limits, _: open_geopackage(path, limits),
    "parquet": lambda path, limits, _: open_parquet(path, limits),
}
_NEVER_TEXT: Final = frozenset(
    {".xlsx", ".xlsm", ".xls", ".ods", ".gpkg", ".parquet", ".geojson", ".json", ".zip"}
)


@contextmanager
def open_source(
    path: Path,
    *,
    file_name: str | None = None,
    limits: FileLimits | None = None,
    is_heading: HeadingTest | None = None,
) -> Iterator[TableSource]:
    """Open a file for reading, by what it holds; `file_name` is what its person calls it.

    With `is_heading` the headings of Excel and CSV may stand below a title; without, they are the first row.

    Raises: InvalidRequest for a file that is not read or too large, with what to do; so do its tables and rows.
    """
    limits = limits or FileLimits()
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise InvalidRequest(
            LocalizedText(
                f"Het bestand is {size // 1_000_000} MB; meer dan {limits.file_bytes // 1_000_000} MB lezen wij niet. "
                "Lever het in delen aan.",
                f"The file is {size // 1_000_000} MB; more than {limits.file_bytes // 1_000_000} MB is not read. "
                "Hand it in in parts.",
            )
        )
    kind = detect_format(path)
    suffix = Path(file_name or path.name).suffix.lower()
    if kind == "csv" and suffix in _NEVER_TEXT:
        raise InvalidRequest(
            LocalizedText(
                f"Het bestand heet {suffix} maar is dat niet. Sla het opnieuw op en lever het opnieuw aan.",
                f"The file is called {suffix} but is not. Save it again and hand it in again.",
            )
        )
    with _OPENERS[kind](path, limits, is_heading) as source:
        yield source
