"""SQLite files that are whole: what stands in a journal beside them is taken in, or missed and refused."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.files.readers.limits import FileLimits

_JOURNAL_BEGINS: Final = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

DAMAGED: Final = LocalizedText(
    "Het GeoPackage-bestand is beschadigd of onvolledig. Exporteer het opnieuw.",
    "The GeoPackage file is damaged or incomplete. Export it again.",
)
_OPEN_ELSEWHERE: Final = LocalizedText(
    "Dit GeoPackage is gekopieerd terwijl een programma het open had: de laatste wijzigingen ontbreken. Sluit het "
    "project in QGIS en kopieer het bestand opnieuw, of zet het bestand waarvan de naam op -wal eindigt ernaast. "
    "Of exporteer de laag als GeoJSON.",
    "This GeoPackage was copied while a program had it open: the last changes are missing. Close the project in QGIS "
    "and copy the file again, or put the file whose name ends in -wal beside it. Or export the layer as GeoJSON.",
)


@contextmanager
def explain_damage() -> Iterator[None]:
    """Around reading a GeoPackage. Raises: InvalidRequest for what comes of a damaged one."""
    try:
        yield
    except sqlite3.Error as damage:
        raise InvalidRequest(DAMAGED) from damage


@contextmanager
def complete_database(path: Path, limits: FileLimits) -> Iterator[Path]:
    """The database with all that was written to it, also what still stands in a journal beside it.

    Raises: InvalidRequest where that journal is missing, or a transaction was not finished.
    Source: SQLite, Database File Format, 1.3.3 (versions of 2 say that its changes go to a write-ahead log).
    """
    with path.open("rb") as file:
        header = file.read(20)
    log = path.with_name(f"{path.name}-wal")
    if _has_hot_journal(path):
        raise InvalidRequest(_OPEN_ELSEWHERE)
    if header[18:20] != b"\x02\x02":
        yield path
        return
    if not log.exists():
        raise InvalidRequest(_OPEN_ELSEWHERE)
    if path.stat().st_size + log.stat().st_size > limits.file_bytes:
        raise InvalidRequest(DAMAGED)
    with TemporaryDirectory() as folder:
        # No one else has the copy open, so SQLite takes the log into the database.
        copy = Path(folder, path.name)
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(log.name))
        with explain_damage(), closing(sqlite3.connect(copy)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            (blocked, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if blocked:
            raise InvalidRequest(DAMAGED)
        yield copy


def _has_hot_journal(path: Path) -> bool:
    """Whether a transaction was not finished; its journal is neither read nor rolled back here."""
    journal = path.with_name(f"{path.name}-journal")
    if not journal.exists():
        return False
    with journal.open("rb") as file:
        return file.read(len(_JOURNAL_BEGINS)) == _JOURNAL_BEGINS
