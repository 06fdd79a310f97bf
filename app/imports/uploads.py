"""Uploaded files: spooled to disk while they arrive, stored in the database in pieces, and written to disk again."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile, gettempdir
from typing import IO, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.imports.tables import RUNNING, SensorImport, SensorImportPiece, SensorImportPlace

PIECE_BYTES: Final = 1 << 20
MAX_NAME_LENGTH: Final = 200

_FOLDER: Final = "sensor-register-import-"
_FOLDER_NAME: Final = re.compile(rf"{_FOLDER}([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})-.+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was received; `content` is positioned at its start, and deleted when the upload is closed."""

    name: str
    size_bytes: int
    sha256: str
    content: IO[bytes]


@asynccontextmanager
async def spool_upload(pieces: AsyncIterator[bytes], name: str) -> AsyncIterator[Upload]:
    """Receive a file on disk, not in memory and without a database connection.

    Raises: InvalidRequest for an empty file; any error of reading the pieces, after the file is deleted.
    """
    digest = sha256()
    size = 0
    with TemporaryFile(prefix="sensor-register-upload-") as content:
        async for piece in pieces:
            # About 64 KB into the page cache: a thread would cost more than it saves.
            content.write(piece)
            digest.update(piece)
            size += len(piece)
        if not size:
            empty = LocalizedText("Het bestand is leeg.", "The file is empty.")
            raise InvalidRequest(problems=[Problem(ProblemCode.EMPTY_FILE, "", empty)])
        content.seek(0)
        yield Upload(_clean_name(name), size, digest.hexdigest(), content)


def _clean_name(name: str) -> str:
    """The name without folders and unprintable characters."""
    last = re.split(r"[/\\]", name)[-1]
    # Characters that turn the direction of text would hide what kind of file it is.
    printable = "".join(one if one.isprintable() else "\0" for one in last)
    return re.sub("\0+", "_", printable).strip()[-MAX_NAME_LENGTH:] or "import"


def store_pieces(session: Session, import_id: UUID, content: IO[bytes]) -> None:
    """Store the content of a file with its import."""
    number = 0
    while piece := content.read(PIECE_BYTES):
        session.execute(insert(SensorImportPiece).values(import_id=import_id, number=number, content=piece))
        number += 1


def write_pieces(session: Session, import_id: UUID, path: Path) -> None:
    """Write a stored file to disk. Raises: Conflict when it is no longer stored."""
    stored = select(SensorImportPiece.content).where(SensorImportPiece.import_id == import_id)
    digest = sha256()
    with path.open("wb") as file:
        number = 0
        # Only one piece at a time is in memory.
        while (piece := session.scalar(stored.where(SensorImportPiece.number == number))) is not None:
            file.write(piece)
            digest.update(piece)
            number += 1
    # The file may be deleted between two pieces: half a file looks like a whole one with fewer sensors.
    if digest.hexdigest() != session.scalar(select(SensorImport.sha256).where(SensorImport.id == import_id)):
        raise Conflict(
            LocalizedText(
                "Wij bewaren dit bestand niet meer. Stuur het opnieuw.",
                "We no longer have this file. Send it again.",
            )
        )


@contextmanager
def open_stored_file(session: Session, import_id: UUID) -> Iterator[Path]:
    """A stored file on disk, for as long as it is used, in a folder that only this user can read.

    The caller holds the lock of the import. The folder is named by the import, so that `find_folders` finds the folders
    that a killed process left behind. Raises: Conflict when the file is no longer stored.
    """
    with TemporaryDirectory(prefix=f"{_FOLDER}{import_id}-") as folder:
        path = Path(folder) / "upload"
        write_pieces(session, import_id, path)
        yield path


def find_folders() -> list[tuple[UUID, Path]]:
    """The folders of `open_stored_file` on this machine, each with the id of its import."""
    folders = Path(gettempdir()).glob(f"{_FOLDER}*")
    named = ((_FOLDER_NAME.fullmatch(folder.name), folder) for folder in folders)
    return [(UUID(name[1]), folder) for name, folder in named if name]


def delete_old_files(session: Session, stored_days: int) -> int:
    """Delete the files of older imports and return how many; the imports and their problems stay."""
    import_ids = session.scalars(
        select(SensorImport.id).where(
            SensorImport.created_at < func.now() - func.make_interval(0, 0, 0, stored_days),
            SensorImport.status.not_in(RUNNING),
            select(SensorImportPiece.number).where(SensorImportPiece.import_id == SensorImport.id).exists(),
        )
    ).all()
    for table in (SensorImportPiece, SensorImportPlace):
        session.execute(delete(table).where(table.import_id.in_(import_ids)))
    return len(import_ids)
