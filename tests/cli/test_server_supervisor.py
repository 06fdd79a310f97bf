"""Server processes that die are started again; the register never closes silently, and never with status 0."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app.bootstrap.paths import ROOT
from app.core.migrations import migrate_database
from app.local_postgres.cluster import Cluster, run_cluster
from tests.support.processes import find_free_port, serving
from tests.support.scratch import find_scratch_folder
from tests.support.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.slow


@contextmanager
def supervised(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with log_path(folder).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.supervised", str(find_free_port()), str(folder)],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def log_path(folder: Path) -> Path:
    return folder / "log"


def read_log(folder: Path) -> str:
    return log_path(folder).read_text()


def list_served(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("process-")) for path in folder.glob("process-*")]


def list_refused(folder: Path) -> list[Path]:
    return list(folder.glob("refused-*"))


def test_service_that_never_started_gives_up_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with supervised(tmp_path) as process:
        process.wait(PATIENCE_SECONDS)
    assert process.returncode == 3
    assert "ended with exit code 3 before any served" in read_log(tmp_path)


def test_process_that_fails_to_start_again_is_retried_until_it_starts(tmp_path: Path) -> None:
    with supervised(tmp_path) as process:
        wait_until(lambda: len(list_served(tmp_path)) == 1)
        (first,) = list_served(tmp_path)
        # A process that dies before its supervisor saw it serve counts as a broken set-up.
        wait_until(lambda: f"server process {first} serves" in read_log(tmp_path))
        (tmp_path / "broken").touch()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: len(list_refused(tmp_path)) == 2)
        assert process.poll() is None
        (tmp_path / "broken").unlink()
        wait_until(lambda: len(list_served(tmp_path)) == 2)
        process.terminate()
        process.wait(PATIENCE_SECONDS)
    assert process.returncode == 0
    log = read_log(tmp_path)
    assert f"server process {first} ended with exit code -9; it is started again in 0 s" in log
    assert "ended with exit code 3; it is started again in" in log


@pytest.fixture
def home() -> Iterator[Cluster]:
    """A migrated database whose server the test stops and starts."""
    with tempfile.TemporaryDirectory(prefix="sensor-register-home-", dir=find_scratch_folder()) as folder:
        Path(folder).chmod(0o755)
        with run_cluster(Path(folder, "cluster"), durable=False) as cluster:
            migrate_database(cluster.url())
            yield cluster
            # Leaving the block stops it.
            start_database(cluster)


def start_database(cluster: Cluster) -> None:
    control_database(cluster, "start", f"--log={cluster.log}")


def stop_database(cluster: Cluster) -> None:
    control_database(cluster, "stop", "--mode=immediate")


def control_database(cluster: Cluster, action: str, *options: str) -> None:
    program = cluster.postgresql.program("pg_ctl")
    cluster.owner.run([program, action, "--wait", "--silent", f"--pgdata={cluster.files}", *options])


def read_readiness(port: int) -> tuple[int, dict[str, Any]]:
    """Status and checks; 0 while nothing listens or the process that was called dies."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=30) as answer:
            return answer.status, json.load(answer)["checks"]
    except HTTPError as answer:
        with answer:
            return answer.code, json.load(answer)["checks"]
    except OSError:
        return 0, {}


def list_children(process: subprocess.Popen[str]) -> list[int]:
    """The server processes and the job worker."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_register_starts_without_database_and_is_ready_once_it_is_there(home: Cluster) -> None:
    stop_database(home)
    port = find_free_port()
    with serving(home.url(), port) as process:
        wait_until(lambda: read_readiness(port)[0] == 503)
        checks = read_readiness(port)[1]
        assert checks["database"] == {"status": "fail", "found": "the database cannot be reached"}
        with pytest.raises(HTTPError) as answer:
            urlopen(f"http://127.0.0.1:{port}/v1/vocabularies/sensorType", timeout=PATIENCE_SECONDS)
        with answer.value:
            assert answer.value.code == 503
        start_database(home)
        wait_until(lambda: read_readiness(port)[0] == 200)
        with urlopen(
            f"http://127.0.0.1:{port}/v1/vocabularies/sensorType", timeout=PATIENCE_SECONDS
        ) as answered:
            assert answered.status == 200
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "Traceback" not in output


@pytest.mark.parametrize("workers", [1, 2])
def test_server_processes_killed_while_the_database_is_away_come_back(home: Cluster, workers: int) -> None:
    port = find_free_port()
    with serving(home.url(), port, workers=workers) as process:
        wait_until(lambda: read_readiness(port)[0] == 200)
        killed = list_children(process)
        assert len(killed) >= workers
        stop_database(home)
        for child in killed:
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: read_readiness(port)[0] == 503)
        assert process.poll() is None
        start_database(home)
        wait_until(lambda: read_readiness(port)[0] == 200)
        assert process.poll() is None
        wait_until(lambda: len(set(list_children(process)) - set(killed)) >= workers)
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert output.count("ended with exit code -9; it is started again") == workers
