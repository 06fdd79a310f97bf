"""The job of an import, whatever happens meanwhile: cancelled, interrupted, done again, failed."""

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from app.core.database import create_write_engine, transaction
from app.core.jobs import Attempt, Interrupted, TryAgain
from app.core.settings import Settings
from app.imports import jobs, progress
from app.imports.actions import IMPORT_TASK, ImportStep
from app.imports.jobs import MAX_ATTEMPTS, list_tasks
from app.imports.progress import write_progress
from app.imports.report import Progress
from app.imports.tables import SensorImport
from tests.support.import_client import Document, ImportDesk, make_rows, open_import_desk, write_csv

LONG = 20_000
"""Rows that take far longer than it takes to notice that they are being worked on."""


@pytest.fixture
def desk(fresh_database: str) -> Iterator[ImportDesk]:
    with open_import_desk(fresh_database) as desk:
        yield desk


@dataclass(frozen=True, slots=True)
class Left:
    document: Document
    folder: Path


def do(
    desk: ImportDesk,
    document: Document,
    step: ImportStep,
    *,
    number: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    task = list_tasks(desk.engine, Settings(database_url=desk.url))[IMPORT_TASK]
    task(Attempt(number, should_stop), import_id=document["id"], step=step)


# Ending before the end


@pytest.mark.parametrize("query", ["", "apply=true"])
def test_a_running_import_is_cancelled_within_a_second_or_so(
    desk: ImportDesk, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "REPORT_INTERVAL_SECONDS", 0.05)
    document = desk.submit(write_csv(make_rows(LONG)), query)
    worker = threading.Thread(target=desk.do_jobs)
    worker.start()
    desk.wait_for(document, lambda read: read.get("progress", {}).get("rowsRead"))
    asked = monotonic()
    assert desk.ask(document, "cancellation").json()["status"] in ("checking", "applying")
    desk.wait_for(document, lambda read: read["status"] == "cancelled")
    took = monotonic() - asked
    worker.join()
    assert took < 3
    assert desk.count_versions() == 0
    assert "failure" not in desk.read(document)


def test_a_long_statement_is_ended_too(desk: ImportDesk) -> None:
    """Here it waits for another's lock: between two reports nothing would hear of the wish to stop."""
    document = desk.submit(write_csv(make_rows(10)), "apply=true")
    with transaction(desk.engine) as session:
        session.execute(text("LOCK TABLE register.sensor IN ACCESS EXCLUSIVE MODE"))
        worker = threading.Thread(target=desk.do_jobs)
        worker.start()
        desk.wait_for(document, lambda read: read["status"] == "applying")
        threading.Event().wait(1)
        asked = monotonic()
        desk.ask(document, "cancellation")
        desk.wait_for(document, lambda read: read["status"] == "cancelled")
        assert monotonic() - asked < 3
    worker.join()


def test_a_closing_worker_leaves_the_import_to_the_next(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "REPORT_INTERVAL_SECONDS", 0.1)
    document = desk.submit(write_csv(make_rows(LONG)), "apply=true")
    looks = iter(range(3))
    with pytest.raises(Interrupted):
        do(desk, document, "apply", should_stop=lambda: next(looks, None) is None)
    assert desk.read(document)["status"] == "applying"
    assert desk.count_versions() == 0


# Doing it again


def test_what_was_applied_is_not_applied_again(desk: ImportDesk) -> None:
    """As when a worker dies between its import and telling the queue."""
    document = desk.submit(write_csv(make_rows(5)), "apply=true")
    for number in range(3):
        do(desk, document, "apply", number=number)
    do(desk, document, "check")
    assert desk.read(document)["status"] == "applied"
    assert desk.count_versions() == 5


def test_two_workers_at_one_import_do_not_both_write(desk: ImportDesk) -> None:
    """As when one was silent for long, and lives: here it is this transaction that holds the import."""
    document = desk.submit(write_csv(make_rows(5)), "apply=true")
    with transaction(desk.engine) as session:
        key = func.hashtextextended(f"import {document['id']}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))
        with pytest.raises(TryAgain):
            do(desk, document, "apply", number=1)
    do(desk, document, "apply", number=2)
    assert desk.read(document)["status"] == "applied"
    assert desk.count_versions() == 5


def test_what_stands_in_the_way_for_a_moment_is_tried_again(desk: ImportDesk) -> None:
    document = desk.submit(write_csv(make_rows(2)), "apply=true")
    hurried = create_write_engine(desk.url, Settings(lock_timeout_seconds=0.5))
    with transaction(desk.engine) as session:
        session.execute(text("LOCK TABLE register.sensor IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TryAgain):
            do(replace(desk, engine=hurried), document, "apply")
    hurried.dispose()
    do(desk, document, "apply", number=1)
    assert desk.read(document)["status"] == "applied"


def test_a_file_at_which_workers_die_is_given_up(desk: ImportDesk) -> None:
    document = desk.submit(write_csv(make_rows(2)), "apply=true")
    do(desk, document, "apply", number=MAX_ATTEMPTS)
    read = desk.read(document)
    assert (read["status"], desk.count_versions()) == ("failed", 0)
    assert "te vaak onderbroken" in read["failure"]


# What a worker that was killed left on disk


@pytest.fixture
def left(desk: ImportDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Left:
    """An import at which a worker died, and what it left: a copy of its folder, made while it was there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = desk.submit(write_csv(make_rows(5)), "apply=true")
    copies: list[Path] = []

    def die(path: Path, **_: str) -> None:
        copies.append(path.parent.with_name(f"{path.parent.name}x"))
        shutil.copytree(path.parent, copies[0])
        raise Interrupted

    with monkeypatch.context() as dying:
        dying.setattr(jobs, "open_source", die)
        dying.setattr(jobs._Job, "_settle", lambda *_: None)
        do(desk, document, "apply")
    assert list(tmp_path.iterdir()) == copies
    assert (copies[0] / "upload").stat().st_size
    return Left(document, copies[0])


def test_the_next_attempt_removes_it(desk: ImportDesk, left: Left) -> None:
    do(desk, left.document, "apply", number=1)
    assert desk.read(left.document)["status"] == "applied"
    assert list(left.folder.parent.iterdir()) == []


def test_it_goes_too_when_the_import_is_given_up(desk: ImportDesk, left: Left) -> None:
    do(desk, left.document, "apply", number=MAX_ATTEMPTS)
    assert desk.read(left.document)["status"] == "failed"
    assert list(left.folder.parent.iterdir()) == []


def test_the_next_import_on_this_machine_removes_it_too(desk: ImportDesk, left: Left) -> None:
    """As when the import itself was done again on another."""
    do(desk, desk.submit(write_csv(make_rows(2))), "check")
    assert list(left.folder.parent.iterdir()) == []


def test_a_file_that_a_living_worker_reads_stays(desk: ImportDesk, left: Left) -> None:
    """It was taken for gone, and lives: here it is this transaction that holds the import."""
    with transaction(desk.engine) as session:
        key = func.hashtextextended(f"import {left.document['id']}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))
        with pytest.raises(TryAgain):
            do(desk, left.document, "apply", number=1)
        do(desk, desk.submit(write_csv(make_rows(2))), "check")
    assert list(left.folder.parent.iterdir()) == [left.folder]


def test_files_of_other_registers_and_other_programs_stay(desk: ImportDesk, left: Left) -> None:
    names = (f"sensor-register-import-{uuid4()}-x", "sensor-register-import-x", "sensor-register-upload-x")
    others = {left.folder.with_name(name) for name in names}
    for other in others:
        other.mkdir()
    do(desk, left.document, "apply", number=1)
    assert set(left.folder.parent.iterdir()) == others


# Failing


def test_a_fault_of_ours_is_logged_once_and_told_in_a_sentence(
    desk: ImportDesk, caplog: pytest.LogCaptureFixture
) -> None:
    document = desk.submit(write_csv(make_rows(2)))
    with desk.engine.begin() as connection:
        connection.execute(text("ALTER TABLE register.sensor RENAME TO elsewhere"))
    with caplog.at_level(logging.ERROR):
        do(desk, document, "check")
    read = desk.read(document)
    assert read["status"] == "failed"
    assert "elsewhere" not in read["failure"]
    assert read["failure"].startswith("Er ging iets mis")
    assert len(caplog.records) == 1
    assert document["id"] in caplog.text


def test_whoever_lost_the_right_imports_nothing(desk: ImportDesk) -> None:
    document = desk.submit(write_csv(make_rows(2)), "apply=true")
    with desk.engine.begin() as connection:
        connection.execute(text("DELETE FROM register.access_grant"))
    do(desk, document, "apply")
    assert desk.read(document)["status"] in ("checked", "failed")
    assert desk.count_versions() == 0


# Telling how far it is


def test_progress_rises_to_its_end() -> None:
    told = [
        write_progress(progress, "apply", 10)
        for progress in (
            Progress("reading", 1, 0, 0.001),
            Progress("reading", 500, 0, 0.5),
            Progress("reading", 1000, 0, 1.0),
            Progress("assessing", 1000),
            # What is unchanged is not written: the share says how far it is, not the rows.
            Progress("writing", 1000, 250, 0.5),
            Progress("writing", 1000, 500, 1.0),
        )
    ]
    fractions = [one["fraction"] for one in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    left = [one["secondsLeft"] for one in told[1:]]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert "secondsLeft" not in told[0]


def test_an_import_of_nobody_is_not_a_job_s(desk: ImportDesk) -> None:
    with transaction(desk.engine) as session:
        kept = SensorImport(file_name="x", size_bytes=1, sha256="x")
        session.add(kept)
        session.flush()
        import_id = UUID(str(kept.id))
    do(desk, {"id": str(import_id)}, "check")
    with transaction(desk.engine) as session:
        assert session.get_one(SensorImport, import_id).status == "failed"
