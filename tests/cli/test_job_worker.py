"""`sensor-register work`, and the worker beside `serve`: real processes that do imports, are ended, and are killed."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import text

from app.bootstrap.paths import ROOT
from tests.support.import_client import ImportClient, make_rows, open_import_client, write_csv
from tests.support.processes import COMMAND, find_free_port, is_listening, read_until, running, serving
from tests.support.waiting import PATIENCE_SECONDS, wait_until


@pytest.fixture
def client(fresh_database: str) -> Iterator[ImportClient]:
    with open_import_client(fresh_database) as client:
        yield client


@contextmanager
def working(url: str) -> Iterator[subprocess.Popen[str]]:
    settings = {"REGISTER_DATABASE_URL": url, "REGISTER_JOB_WORKER_SILENCE_SECONDS": "2"}
    with running("work", **settings) as process:
        yield process


def list_workers(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM jobs.procrastinate_workers").fetchone()
    return row[0] if row else 0


def wait_for_worker(url: str) -> None:
    """Until it is known to the queue: one that is ended while it makes itself known is forgotten by the next."""
    wait_until(lambda: list_workers(url))


@pytest.mark.slow
def test_worker_runs_jobs_until_sigterm(client: ImportClient) -> None:
    with working(client.url) as process:
        read_until(process, "the worker does jobs")
        for number in (1, 2):
            document = client.submit(write_csv(make_rows(number)), "apply=true")
            applied = client.wait_for(document, lambda read: read["status"] == "applied")
            assert applied["rows"] == number
        process.send_signal(signal.SIGTERM)
        output = read_until(process, "the worker has ended")
        assert process.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in output
    assert list_workers(client.url) == 0


def test_worker_with_old_schema_advises_migrate(empty_database: str) -> None:
    with working(empty_database) as process:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "sensor-register migrate" in output
    assert "Traceback" not in output


@pytest.mark.slow
def test_worker_reconnects_after_lost_database(client: ImportClient) -> None:
    with working(client.url) as process:
        read_until(process, "the worker does jobs")
        with psycopg.connect(client.url, autocommit=True) as connection:
            # As when PostgreSQL starts again.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        document = client.submit(write_csv(make_rows(1)))
        client.wait_for(document, lambda read: read["status"] == "checked")


@pytest.mark.slow
def test_import_of_killed_worker_is_finished_by_another(client: ImportClient) -> None:
    document = client.submit(write_csv(make_rows(20_000)), "apply=true")
    with working(client.url) as first:
        client.wait_for(
            document, lambda read: read.get("progress", {}).get("stage") in ("assessing", "writing")
        )
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE_SECONDS)
    assert client.read(document)["status"] == "applying"
    assert client.count_versions() == 0
    with working(client.url):
        applied = client.wait_for(document, lambda read: read["status"] not in ("waiting", "applying"))
    assert (applied["status"], applied["counts"]["new"]) == ("applied", 20_000)
    assert client.count_versions() == 20_000


@pytest.mark.slow
def test_import_of_stopped_worker_is_finished_by_another(client: ImportClient) -> None:
    document = client.submit(write_csv(make_rows(20_000)), "apply=true")
    with working(client.url) as first:
        client.wait_for(document, lambda read: read.get("progress", {}).get("rowsRead"))
        first.send_signal(signal.SIGTERM)
        assert first.wait(PATIENCE_SECONDS) == 0
    assert client.count_versions() == 0
    with working(client.url):
        client.wait_for(document, lambda read: read["status"] == "applied")
    assert client.count_versions() == 20_000


@pytest.mark.slow
def test_serve_starts_and_stops_job_worker(client: ImportClient) -> None:
    port = find_free_port()
    with serving(client.url, port) as process:
        read_until(process, f"http://127.0.0.1:{port}/v1/docs")
        document = client.submit(write_csv(make_rows(1)))
        client.wait_for(document, lambda read: read["status"] == "checked")
        process.send_signal(signal.SIGTERM)
        output = read_until(process, "gesloten")
        assert process.wait(PATIENCE_SECONDS) == 0
    assert "Het register is gesloten." in output
    assert "Traceback" not in output
    assert list_workers(client.url) == 0
    assert not is_listening(port)


@pytest.mark.slow
def test_job_worker_ends_when_serve_is_killed(client: ImportClient) -> None:
    """The pipe closes once the last process has ended."""
    with serving(client.url, find_free_port()) as process:
        read_until(process, "the worker does jobs")
        wait_for_worker(client.url)
        process.kill()
        assert process.stdout is not None
        process.stdout.read()
    assert list_workers(client.url) == 0


@pytest.mark.slow
def test_serve_with_separate_worker_starts_none(
    client: ImportClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_JOB_WORKER", "separate")
    port = find_free_port()
    with serving(client.url, port) as process:
        output = read_until(process, f"http://127.0.0.1:{port}/v1/docs")
        assert list_workers(client.url) == 0
    assert "the worker" not in output


def test_upkeep_deletes_old_files(client: ImportClient) -> None:
    old, young = (client.submit_and_run(write_csv(make_rows(1))) for _ in range(2))
    with client.engine.begin() as connection:
        connection.execute(
            text("UPDATE register.sensor_import SET created_at = now() - interval '8 days' WHERE id = :id"),
            {"id": old["id"]},
        )
    settings = {"REGISTER_DATABASE_URL": client.url, "REGISTER_IMPORT_KEPT_DAYS": "7"}
    subprocess.run([COMMAND, "upkeep"], cwd=ROOT, env={**os.environ, **settings}, check=True)
    assert client.get(old, "/remarks").status_code == 409
    assert client.get(young, "/remarks").status_code == 200
    assert client.read(old)["counts"]["new"] == 1
