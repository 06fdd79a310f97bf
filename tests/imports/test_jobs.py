"""Jobs of imports that are cancelled, interrupted, repeated or fail."""

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from app.core.database import create_write_engine, transaction
from app.core.jobs import Attempt, Interrupted, TryAgain
from app.core.settings import Settings
from app.imports import jobs, progress
from app.imports.actions import IMPORT_TASK, ImportStep
from app.imports.jobs import MAX_ATTEMPTS, list_tasks
from app.imports.progress import format_progress
from app.imports.report import Progress
from app.imports.tables import SensorImport
from tests.support.hostile_files import make_endless_geopackage
from tests.support.import_client import Document, ImportClient, make_rows, open_import_client, write_csv
from tests.support.waiting import count_waiting, wait_until

LONG = 20_000
"""Number of rows that take far longer to import than to read the progress."""


@pytest.fixture
def client(fresh_database: str) -> Iterator[ImportClient]:
    with open_import_client(fresh_database) as client:
        yield client


@dataclass(frozen=True, slots=True)
class Left:
    document: Document
    folder: Path


def do(
    client: ImportClient,
    document: Document,
    step: ImportStep,
    *,
    number: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    task = list_tasks(client.engine, Settings(database_url=client.url))[IMPORT_TASK]
    task(Attempt(number, should_stop), import_id=document["id"], step=step)


# Cancelled or interrupted


@pytest.mark.parametrize("query", ["", "apply=true"])
def test_running_import_cancelled_stops_before_its_end(
    client: ImportClient, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "REPORT_INTERVAL_SECONDS", 0.05)
    document = client.submit(write_csv(make_rows(LONG)), query)
    worker = threading.Thread(target=client.run_jobs)
    worker.start()
    client.wait_for(document, lambda read: read.get("progress", {}).get("rowsRead"))
    assert client.post(document, "cancellation").json()["status"] in ("checking", "applying")
    client.wait_for(document, lambda read: read["status"] == "cancelled")
    worker.join()
    assert client.count_versions() == 0
    assert "failure" not in client.read(document)


def test_import_cancelled_while_file_is_read_stops(client: ImportClient, tmp_path: Path) -> None:
    """The file gives no row at all, so there is no progress to report; unless cancelled, the import would fail."""
    document = client.submit(make_endless_geopackage(tmp_path / "a.gpkg").read_bytes())
    worker = threading.Thread(target=client.run_jobs)
    worker.start()
    client.wait_for(document, lambda read: read["status"] == "checking")
    client.post(document, "cancellation")
    client.wait_for(document, lambda read: read["status"] == "cancelled")
    worker.join()


def test_long_statement_cancelled_stops(client: ImportClient) -> None:
    """The statement waits for a lock: no progress is reported meanwhile."""
    document = client.submit(write_csv(make_rows(10)), "apply=true")
    with transaction(client.engine) as session:
        session.execute(text("LOCK TABLE register.sensor IN ACCESS EXCLUSIVE MODE"))
        worker = threading.Thread(target=client.run_jobs)
        worker.start()
        client.wait_for(document, lambda read: read["status"] == "applying")
        wait_until(lambda: count_waiting(client.url))
        client.post(document, "cancellation")
        client.wait_for(document, lambda read: read["status"] == "cancelled")
    worker.join()


def test_closing_worker_interrupts_import_without_writing(
    client: ImportClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "REPORT_INTERVAL_SECONDS", 0.1)
    document = client.submit(write_csv(make_rows(LONG)), "apply=true")
    checks = iter(range(3))
    with pytest.raises(Interrupted):
        do(client, document, "apply", should_stop=lambda: next(checks, None) is None)
    assert client.read(document)["status"] == "applying"
    assert client.count_versions() == 0


# Repeated


def test_applied_import_repeated_writes_nothing(client: ImportClient) -> None:
    """The worker dies after the import, before it reports the job as done."""
    document = client.submit(write_csv(make_rows(5)), "apply=true")
    for number in range(3):
        do(client, document, "apply", number=number)
    do(client, document, "check")
    assert client.read(document)["status"] == "applied"
    assert client.count_versions() == 5


def test_import_locked_by_another_worker_is_retried(client: ImportClient) -> None:
    """This transaction holds the lock, as a worker that is believed dead does."""
    document = client.submit(write_csv(make_rows(5)), "apply=true")
    with transaction(client.engine) as session:
        key = func.hashtextextended(f"import {document['id']}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))
        with pytest.raises(TryAgain):
            do(client, document, "apply", number=1)
    do(client, document, "apply", number=2)
    assert client.read(document)["status"] == "applied"
    assert client.count_versions() == 5


def test_lock_timeout_is_retried(client: ImportClient) -> None:
    document = client.submit(write_csv(make_rows(2)), "apply=true")
    impatient_engine = create_write_engine(client.url, Settings(lock_timeout_seconds=0.5))
    with transaction(client.engine) as session:
        session.execute(text("LOCK TABLE register.sensor IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TryAgain):
            do(replace(client, engine=impatient_engine), document, "apply")
    impatient_engine.dispose()
    do(client, document, "apply", number=1)
    assert client.read(document)["status"] == "applied"


def test_import_after_maximum_attempts_fails(client: ImportClient) -> None:
    document = client.submit(write_csv(make_rows(2)), "apply=true")
    do(client, document, "apply", number=MAX_ATTEMPTS)
    read = client.read(document)
    assert (read["status"], client.count_versions()) == ("failed", 0)
    assert "te vaak onderbroken" in read["failure"]


# Files left by a killed worker


@pytest.fixture
def left(client: ImportClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Left:
    """An import whose worker was killed, and a copy of the folder that it left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = client.submit(write_csv(make_rows(5)), "apply=true")
    copies: list[Path] = []

    def die(path: Path, **_: object) -> None:
        copies.append(path.parent.with_name(f"{path.parent.name}x"))
        shutil.copytree(path.parent, copies[0])
        raise Interrupted

    with monkeypatch.context() as dying:
        dying.setattr(jobs, "open_isolated_source", die)
        dying.setattr(jobs._ImportAttempt, "_store_failure", lambda *_: None)
        do(client, document, "apply")
    assert list(tmp_path.iterdir()) == copies
    assert (copies[0] / "upload").stat().st_size
    return Left(document, copies[0])


def test_left_folder_is_deleted_by_next_attempt(client: ImportClient, left: Left) -> None:
    do(client, left.document, "apply", number=1)
    assert client.read(left.document)["status"] == "applied"
    assert list(left.folder.parent.iterdir()) == []


def test_left_folder_of_failed_import_is_deleted(client: ImportClient, left: Left) -> None:
    do(client, left.document, "apply", number=MAX_ATTEMPTS)
    assert client.read(left.document)["status"] == "failed"
    assert list(left.folder.parent.iterdir()) == []


def test_left_folder_is_deleted_by_another_import(client: ImportClient, left: Left) -> None:
    """The import itself may have been repeated on another machine."""
    do(client, client.submit(write_csv(make_rows(2))), "check")
    assert list(left.folder.parent.iterdir()) == []


def test_folder_of_living_worker_stays(client: ImportClient, left: Left) -> None:
    """This transaction holds the lock, as a worker that is believed dead does."""
    with transaction(client.engine) as session:
        key = func.hashtextextended(f"import {left.document['id']}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))
        with pytest.raises(TryAgain):
            do(client, left.document, "apply", number=1)
        do(client, client.submit(write_csv(make_rows(2))), "check")
    assert list(left.folder.parent.iterdir()) == [left.folder]


def test_folders_of_other_registers_and_programs_stay(client: ImportClient, left: Left) -> None:
    names = (f"sensor-register-import-{uuid4()}-x", "sensor-register-import-x", "sensor-register-upload-x")
    others = {left.folder.with_name(name) for name in names}
    for other in others:
        other.mkdir()
    do(client, left.document, "apply", number=1)
    assert set(left.folder.parent.iterdir()) == others


# Failed


def test_unexpected_error_is_logged_once_and_explained(
    client: ImportClient, caplog: pytest.LogCaptureFixture
) -> None:
    document = client.submit(write_csv(make_rows(2)))
    with client.engine.begin() as connection:
        connection.execute(text("ALTER TABLE register.sensor RENAME TO elsewhere"))
    with caplog.at_level(logging.ERROR):
        do(client, document, "check")
    read = client.read(document)
    assert read["status"] == "failed"
    assert "elsewhere" not in read["failure"]
    assert read["failure"].startswith("Er ging iets mis")
    assert len(caplog.records) == 1
    assert document["id"] in caplog.text


def test_import_after_grant_is_withdrawn_writes_nothing(client: ImportClient) -> None:
    document = client.submit(write_csv(make_rows(2)), "apply=true")
    with client.engine.begin() as connection:
        connection.execute(text("DELETE FROM register.access_grant"))
    do(client, document, "apply")
    # Hidden from a person who left the organisation.
    assert client.get(document).status_code == 404
    with client.engine.connect() as connection:
        status = connection.execute(text("SELECT status FROM register.sensor_import")).scalar_one()
    assert status in ("checked", "failed")
    assert client.count_versions() == 0


# Progress


def test_format_progress_fraction_rises_to_one() -> None:
    documents = [
        format_progress(progress, "apply", 10)
        for progress in (
            Progress("reading", 1, 0, 0.001),
            Progress("reading", 500, 0, 0.5),
            Progress("reading", 1000, 0, 1.0),
            Progress("assessing", 1000),
            # Unchanged rows are not written: the fraction counts, not the number of rows.
            Progress("writing", 1000, 250, 0.5),
            Progress("writing", 1000, 500, 1.0),
        )
    ]
    fractions = [one["fraction"] for one in documents]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    left = [one["secondsLeft"] for one in documents[1:]]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert "secondsLeft" not in documents[0]


def test_import_of_command_line_as_job_fails(client: ImportClient) -> None:
    with transaction(client.engine) as session:
        sensor_import = SensorImport(file_name="x", size_bytes=1, sha256="x")
        session.add(sensor_import)
        session.flush()
        import_id = UUID(str(sensor_import.id))
    do(client, {"id": str(import_id)}, "check")
    with transaction(client.engine) as session:
        assert session.get_one(SensorImport, import_id).status == "failed"
