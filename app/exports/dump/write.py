"""A complete dump: all public data of one moment, as files with a manifest and checksums.

It is written to a temporary folder, which is renamed when it is complete.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.types.string import ByteaBinaryLoader

from app.core.clock import dutch_date
from app.core.database import READ_ROLE
from app.core.errors import Conflict
from app.core.i18n import LocalizedText
from app.core.version import API_VERSION
from app.exports.dump.contents import DumpPart, list_parts
from app.files.writers.csv import write_lines
from app.files.writers.gis_files import write_file
from app.files.writers.schema import CSV, GEOPARQUET
from app.spatial.crs import Crs

MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "SHA256SUMS"
"""File in the format of `sha256sum -c`."""

DUMP_LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"

_AT_A_TIME: Final = 1000

ReportPart = Callable[[str, int], None]
"""Called with the name of a file, and the number of its rows that are written."""


def dump_register(
    url: str,
    folder: Path,
    *,
    as_reader: bool,
    schema_version: str | None,
    report: ReportPart = lambda *_: None,
) -> dict[str, Any]:
    """Write a dump to a new folder, and return its manifest; `as_reader` sets the read role.

    Raises: Conflict when the folder is not empty; psycopg errors.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(
            LocalizedText(
                f"{folder} is niet leeg. Noem een map die er nog niet is.",
                f"{folder} is not empty. Name a new folder.",
            )
        )
    unfinished = folder.with_name(f".{folder.name}.part")
    # A former dump may have been interrupted.
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        manifest = _write_dump(
            url, unfinished, as_reader=as_reader, schema_version=schema_version, report=report
        )
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def _write_dump(
    url: str, folder: Path, *, as_reader: bool, schema_version: str | None, report: ReportPart
) -> dict[str, Any]:
    with _open_snapshot(url, as_reader=as_reader) as connection:
        moment, change_number = connection.execute(
            "SELECT now(), (SELECT coalesce(max(number), 0) FROM publication.change)"
        ).fetchone() or (datetime.now(UTC), 0)
        today = dutch_date(moment)
        files = [_write_part(connection, folder, part, today, report) for part in list_parts()]
    manifest = {
        "name": "Sensor register",
        "createdAt": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "changeNumber": change_number,
        "statusOn": today.isoformat(),
        "crs": Crs.CRS84.uri,
        "licence": DUMP_LICENCE,
        "apiVersion": API_VERSION,
        "schemaVersion": schema_version,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    lines = [f"{one['sha256']}  {one['name']}\n" for one in files]
    lines.append(f"{compute_digest(folder / MANIFEST)}  {MANIFEST}\n")
    (folder / CHECKSUMS).write_text("".join(lines))
    return manifest


@contextmanager
def _open_snapshot(url: str, *, as_reader: bool) -> Iterator[psycopg.Connection[Any]]:
    """A connection with one snapshot for all reads (repeatable read)."""
    options = [
        r"-c default_transaction_isolation=repeatable\ read",
        "-c default_transaction_read_only=on",
        "-c timezone=UTC",
        "-c jit=off",
    ]
    if as_reader:
        options.append(f"-c role={READ_ROLE}")
    with psycopg.connect(make_conninfo(url, options=" ".join(options))) as connection:
        yield connection


def _write_part(
    connection: psycopg.Connection[Any], folder: Path, part: DumpPart, today: date, report: ReportPart
) -> dict[str, Any]:
    """Write one file, and return its entry in the manifest."""
    path = folder / part.file_name
    write = _write_features if part.layer else _write_table
    rows = write(connection, path, part, today, lambda done: report(part.file_name, done))
    return {
        "name": part.file_name,
        "title": {"nl": part.title.nl, "en": part.title.en},
        "mediaType": (GEOPARQUET if part.layer else CSV).media_type,
        "rows": rows,
        "sizeBytes": path.stat().st_size,
        "sha256": compute_digest(path),
    }


def _write_features(
    connection: psycopg.Connection[Any],
    path: Path,
    part: DumpPart,
    today: date,
    report: Callable[[int], None],
) -> int:
    assert part.layer is not None  # noqa: S101 - asked before

    def read() -> Iterator[Sequence[bytes]]:
        done = 0
        with connection.cursor("features", binary=True) as cursor:
            # Bytes, as they are on their way to a file.
            cursor.adapters.register_loader("text", ByteaBinaryLoader)
            cursor.execute(part.statement, {"today": today})
            while rows := cursor.fetchmany(_AT_A_TIME):
                yield [row[0] for row in rows]
                done += len(rows)
                report(done)

    return write_file(GEOPARQUET, path, part.layer, read())


def _write_table(
    connection: psycopg.Connection[Any],
    path: Path,
    part: DumpPart,
    _today: date,
    report: Callable[[int], None],
) -> int:
    done = 0
    with connection.cursor("rows") as cursor, path.open("wb") as file:
        cursor.execute(part.statement)
        names = [column.name for column in cursor.description or ()]
        file.write(write_lines(names, (), header=True))
        while rows := cursor.fetchmany(_AT_A_TIME):
            file.write(write_lines(names, rows))
            done += len(rows)
            report(done)
    return done


def compute_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
