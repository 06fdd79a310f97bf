"""A private PostgreSQL that is killed is started again with what it stored; one that is stopped is not."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.local_postgres.cluster import Cluster, run_cluster
from app.local_postgres.restarting import restarted_when_killed
from tests.support.waiting import stays_so, wait_until


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="sensor-register-home-", dir="/tmp"))
    folder.chmod(0o755)
    with run_cluster(folder) as cluster, restarted_when_killed(cluster):
        yield cluster
    shutil.rmtree(folder)


def is_accepting(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url(), connect_timeout=30).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.slow
def test_killed_server_is_started_again(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE stored AS SELECT 1 AS number")
    for _ in range(2):
        pid = int((cluster.files / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_accepting(cluster))
        wait_until(lambda: is_accepting(cluster))
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT number FROM stored").fetchall() == [(1,)]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_stopped_server_is_not_started_again(cluster: Cluster, mode: str) -> None:
    program = cluster.postgresql.program("pg_ctl")
    cluster.owner.run([program, "stop", "--wait", f"--mode={mode}", f"--pgdata={cluster.files}"])
    stays_so(lambda: not is_accepting(cluster), 6)
