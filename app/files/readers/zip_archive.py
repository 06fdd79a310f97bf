"""The zip archive that an Excel file is: no larger once unpacked than it says, and no larger than is read.

Python's zipfile never gives more of a part than the archive declares, so that what is declared can be relied on.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.limits import FileLimits

_ALWAYS_FINE_BYTES: Final = 1_000_000
_COMPRESSION: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextmanager
def open_archive(path: Path, limits: FileLimits) -> Iterator[zipfile.ZipFile]:
    """Open an Excel file whose parts are all within the limits. Raises: InvalidRequest for one that is not."""
    with explain_damage():
        archive = zipfile.ZipFile(path)
    with archive:
        with explain_damage():
            _check_parts(archive.infolist(), limits)
        yield archive


@contextmanager
def explain_damage() -> Iterator[None]:
    """Around reading parts of an Excel file. Raises: InvalidRequest for what comes of a damaged one."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        ExpatError,
        EOFError,
        NotImplementedError,
        # Missing parts, and texts that are not numbers.
        LookupError,
        ValueError,
        OverflowError,
    ) as damage:
        raise InvalidRequest(
            LocalizedText(
                "De Excel-werkmap is beschadigd. Open hem in Excel, sla hem opnieuw op en lever hem opnieuw aan.",
                "The Excel workbook is damaged. Open it in Excel, save it again and hand it in again.",
            )
        ) from damage


def _check_parts(parts: list[zipfile.ZipInfo], limits: FileLimits) -> None:
    if len(parts) > limits.archive_parts or len({part.filename for part in parts}) < len(parts):
        raise zipfile.BadZipFile("too many parts")
    if any(part.flag_bits & 0x1 or part.compress_type not in _COMPRESSION for part in parts):
        raise zipfile.BadZipFile("a part that Excel does not write")
    expanded = sum(part.file_size for part in parts)
    if expanded > limits.expanded_bytes or any(_is_bomb(part, limits) for part in parts):
        raise InvalidRequest(
            LocalizedText(
                f"Uitgepakt is de Excel-werkmap {expanded // 1_000_000} MB; dat is te groot of niet te vertrouwen. "
                "Verwijder lege rijen met opmaak, of lever de gegevens aan als CSV.",
                f"Unpacked the Excel workbook is {expanded // 1_000_000} MB; that is too large or not to be trusted. "
                "Remove empty rows with formatting, or hand the records in as CSV.",
            )
        )


def _is_bomb(part: zipfile.ZipInfo, limits: FileLimits) -> bool:
    return part.file_size > max(_ALWAYS_FINE_BYTES, part.compress_size * limits.expansion)
