"""A file on its way in: spooled while it comes, kept in the database in pieces, and laid out again for who reads it."""

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

from app.core.errors import Conflict, InvalidRequest, Problem
from app.core.i18n import LocalizedText
from app.imports.tables import RUNNING, SensorImport, SensorImportPiece

PIECE_BYTES: Final = 1 << 20
MAX_NAME_LENGTH: Final = 200

_FOLDER: Final = "sensor-register-import-"
_FOLDER_NAME: Final = re.compile(rf"{_FOLDER}([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})-.+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f/\\]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; `content` stands at its beginning, and is gone when the upload is closed."""

    name: str
    size_bytes: int
    sha256: str
    content: IO[bytes]


@asynccontextmanager
async def spool_upload(pieces: AsyncIterator[bytes], name: str) -> AsyncIterator[Upload]:
    """Take in a file on disk, not in memory; until it is there no connection to the database is needed.

    Raises: InvalidRequest for nothing at all; what reading the pieces raises, with nothing left behind.
    """
    digest = sha256()
    size = 0
    with TemporaryFile(prefix="sensor-register-upload-") as content:
        async for piece in pieces:
            # Some 64 KB into the page cache: a thread would cost more than it saves.
            content.write(piece)
            digest.update(piece)
            size += len(piece)
        if not size:
            empty = LocalizedText("Het bestand is leeg.", "The file is empty.")
            raise InvalidRequest(problems=[Problem("empty_file", "", empty)])
        content.seek(0)
        yield Upload(_clean_name(name), size, digest.hexdigest(), content)


def _clean_name(name: str) -> str:
    """The name without folders and without what no file is called."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNPRINTABLE.sub("_", last).strip()[-MAX_NAME_LENGTH:] or "import"


def store_pieces(session: Session, import_id: UUID, content: IO[bytes]) -> None:
    """Keep a file with its import."""
    number = 0
    while piece := content.read(PIECE_BYTES):
        session.execute(insert(SensorImportPiece).values(import_id=import_id, number=number, content=piece))
        number += 1


def write_pieces(session: Session, import_id: UUID, path: Path) -> None:
    """Lay a kept file out on disk. Raises: Conflict when it is not kept any more."""
    kept = select(SensorImportPiece.content).where(SensorImportPiece.import_id == import_id)
    digest = sha256()
    with path.open("wb") as file:
        number = 0
        # One at a time: of a long file only a piece is in memory.
        while (piece := session.scalar(kept.where(SensorImportPiece.number == number))) is not None:
            file.write(piece)
            digest.update(piece)
            number += 1
    # It may be forgotten between two pieces: half a file looks like a whole one with fewer sensors.
    if digest.hexdigest() != session.scalar(select(SensorImport.sha256).where(SensorImport.id == import_id)):
        raise Conflict(
            LocalizedText(
                "Dit bestand bewaren wij niet meer. Stuur het opnieuw.",
                "This file is not kept any more. Send it again.",
            )
        )


@contextmanager
def lay_out(session: Session, import_id: UUID) -> Iterator[Path]:
    """A kept file on disk, in a folder that nobody else can read, for as long as it is used.

    To be used by one who holds the import alone: the folder is named by it, so that `find_folders` finds what a process
    that was killed left behind. Raises: as `write_pieces`.
    """
    with TemporaryDirectory(prefix=f"{_FOLDER}{import_id}-") as folder:
        path = Path(folder) / "upload"
        write_pieces(session, import_id, path)
        yield path


def find_folders() -> list[tuple[UUID, Path]]:
    """The folders of `lay_out` on this machine, each with the import that it is of."""
    folders = Path(gettempdir()).glob(f"{_FOLDER}*")
    named = ((_FOLDER_NAME.fullmatch(folder.name), folder) for folder in folders)
    return [(UUID(name[1]), folder) for name, folder in named if name]


def forget_files(session: Session, kept_days: int) -> int:
    """Delete the files of imports that are longer ago; what they did, and what was found, stays. Gives how many."""
    import_ids = session.scalars(
        select(SensorImport.id).where(
            SensorImport.created_at < func.now() - func.make_interval(0, 0, 0, kept_days),
            SensorImport.status.not_in(RUNNING),
            select(SensorImportPiece.number).where(SensorImportPiece.import_id == SensorImport.id).exists(),
        )
    ).all()
    session.execute(delete(SensorImportPiece).where(SensorImportPiece.import_id.in_(import_ids)))
    return len(import_ids)
