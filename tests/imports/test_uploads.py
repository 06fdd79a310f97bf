"""Uploaded files: spooling, storage, interrupted uploads, and deletion."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, delete, func, select, text
from sqlalchemy.orm import Session

from app.core.database import sqlalchemy_url, transaction
from app.core.errors import Conflict, InvalidRequest
from app.imports import uploads
from app.imports.tables import SensorImport, SensorImportPiece
from app.imports.uploads import (
    PIECE_BYTES,
    Upload,
    delete_old_files,
    find_folders,
    open_stored_file,
    spool_upload,
    store_pieces,
    write_pieces,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of temporary files during the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def stream(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def spool(name: str, *pieces: bytes) -> tuple[Upload, bytes]:
    async def read() -> tuple[Upload, bytes]:
        async with spool_upload(stream(*pieces), name) as upload:
            return upload, upload.content.read()

    return asyncio.run(read())


def make_import(session: Session, content: bytes) -> UUID:
    sensor_import = SensorImport(
        file_name="x.csv", size_bytes=len(content), sha256=sha256(content).hexdigest()
    )
    session.add(sensor_import)
    session.flush()
    store_pieces(session, sensor_import.id, BytesIO(content))
    return sensor_import.id


def test_spool_upload_counts_and_digests_content() -> None:
    upload, content = spool("sensoren.csv", b"a;b\n", b"1;2\n")
    assert content == b"a;b\n1;2\n"
    assert (upload.name, upload.size_bytes) == ("sensoren.csv", 8)
    assert upload.sha256 == sha256(content).hexdigest()
    assert upload.content.closed


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("C:\\Users\\Jan\\Camera's.xlsx", "Camera's.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc.csv", "a_b_c.csv"),
        ("lijst\u202evsc.exe", "lijst_vsc.exe"),
        ("  ", "import"),
        ("", "import"),
        ("é" * 300 + ".csv", "é" * 196 + ".csv"),
    ],
)
def test_spool_upload_cleans_file_name(given: str, cleaned: str) -> None:
    assert spool(given, b"x")[0].name == cleaned


def test_spool_upload_of_empty_file_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refused:
        spool("leeg.csv")
    assert [problem.code for problem in refused.value.problems] == ["empty_file"]


def test_interrupted_upload_leaves_no_file(folder: Path) -> None:
    async def interrupt() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    @asynccontextmanager
    async def receive() -> AsyncIterator[None]:
        async with spool_upload(interrupt(), "half.csv"):
            yield

    async def read() -> None:
        async with receive():
            pass

    with pytest.raises(ConnectionResetError):
        asyncio.run(read())
    assert list(folder.iterdir()) == []


def test_write_pieces_restores_content(session: Session, tmp_path: Path) -> None:
    content = bytes(range(256)) * (PIECE_BYTES // 100)
    import_id = make_import(session, content)
    pieces = session.scalar(select(func.count()).where(SensorImportPiece.import_id == import_id))
    assert pieces == 3
    write_pieces(session, import_id, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content


def test_write_pieces_of_file_deleted_meanwhile_raises(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is deleted after its first piece was read."""
    monkeypatch.setattr(uploads, "PIECE_BYTES", 10)
    engine = create_engine(sqlalchemy_url(fresh_database))
    with transaction(engine) as session:
        import_id = make_import(session, b"0123456789" * 4)
    with transaction(engine) as session:
        read, pieces = session.scalar, iter(range(4))

        def read_and_delete(*asked: Any) -> Any:
            piece = read(*asked)
            if next(pieces, None) == 0:
                with transaction(engine) as other:
                    other.execute(delete(SensorImportPiece))
            return piece

        monkeypatch.setattr(session, "scalar", read_and_delete)
        with pytest.raises(Conflict, match="no longer have"):
            write_pieces(session, import_id, tmp_path / "half")
    assert (tmp_path / "half").read_bytes() == b"0123456789"
    engine.dispose()


def test_open_stored_file_is_private_and_temporary(session: Session, folder: Path) -> None:
    import_id = make_import(session, b"x")
    (folder / "sensor-register-import-x").mkdir()
    with open_stored_file(session, import_id) as path:
        assert path.read_bytes() == b"x"
        assert find_folders() == [(import_id, path.parent)]
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert find_folders() == []
    assert not path.parent.exists()


def test_delete_old_files_leaves_imports(session: Session, tmp_path: Path) -> None:
    young, old, waiting = (make_import(session, b"x") for _ in range(3))
    age = text(
        "UPDATE register.sensor_import SET created_at = now() - interval '31 days', status = :status WHERE id = :id"
    )
    session.execute(age, {"id": old, "status": "applied"})
    session.execute(age, {"id": waiting, "status": "waiting"})
    assert delete_old_files(session, 30) == 1
    assert delete_old_files(session, 30) == 0
    for stored in (young, waiting):
        write_pieces(session, stored, tmp_path / "stored")
    with pytest.raises(Conflict, match="no longer have"):
        write_pieces(session, old, tmp_path / "gone")
    assert session.get(SensorImport, old) is not None
