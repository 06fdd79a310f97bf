"""The private cluster is created, shared, stopped by its last user, and complete after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import ROOT
from app.local_postgres.cluster import Cluster, run_cluster

USE_CLUSTER = """
import sys, time
from pathlib import Path
from app.local_postgres.cluster import run_cluster
with run_cluster(Path(sys.argv[1])):
    print("running", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Folder for a durable cluster of this test alone; other users may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="sensor-register-home-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def is_running(cluster: Cluster) -> bool:
    status = [cluster.postgresql.program("pg_ctl"), "status", f"--pgdata={cluster.files}"]
    return cluster.owner.run(status).returncode == 0


def read_server_pid(cluster: Cluster) -> int:
    return int((cluster.files / "postmaster.pid").read_text().split()[0])


def write_number(cluster: Cluster, number: int) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS stored (number int)")
        connection.execute("INSERT INTO stored VALUES (%s)", [number])


def read_numbers(cluster: Cluster) -> list[int]:
    with psycopg.connect(cluster.url()) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM stored ORDER BY number")]


def start_other_user(home: Path) -> subprocess.Popen[str]:
    other = subprocess.Popen(
        [sys.executable, "-c", USE_CLUSTER, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "running\n"
    return other


def end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    process.send_signal(number)
    process.communicate()


def test_cluster_is_durable_and_listens_on_socket_only(home: Path) -> None:
    with run_cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        names = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "listen_addresses")
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in names]
        role = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert settings == [("on",), ("on",), ("on",), ("on",), ("",)]
    assert role == (False,)
    assert cluster.socket_folder.stat().st_mode & 0o077 == 0


def test_rd_new_is_exact(home: Path) -> None:
    """The check point of RDNAPTRANS2018, to a tenth of a millimetre (1e-9 degree)."""
    with run_cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        row = connection.execute(
            "SELECT ST_X(place), ST_Y(place) "
            "FROM ST_Transform(ST_SetSRID(ST_MakePoint(155000, 463000), 28992), 4258) AS place"
        ).fetchone()
    assert row == pytest.approx((5.387203650, 52.155172887), abs=1e-9)


@pytest.mark.slow
def test_last_user_stops_the_cluster(home: Path) -> None:
    other = start_other_user(home)
    with run_cluster(home) as cluster:
        write_number(cluster, 1)
    assert is_running(cluster)
    end(other, signal.SIGINT)
    assert not is_running(cluster)


@pytest.mark.slow
def test_cluster_of_killed_user_is_taken_over(home: Path) -> None:
    other = start_other_user(home)
    end(other, signal.SIGKILL)
    with run_cluster(home) as cluster:
        write_number(cluster, 1)
    assert not is_running(cluster)


@pytest.mark.slow
def test_killed_server_and_user_lose_nothing(home: Path) -> None:
    with run_cluster(home) as cluster:
        write_number(cluster, 1)
    other = start_other_user(home)
    write_number(cluster, 2)
    os.kill(read_server_pid(cluster), signal.SIGKILL)
    end(other, signal.SIGKILL)
    with run_cluster(home) as cluster:
        assert read_numbers(cluster) == [1, 2]


@pytest.mark.slow
def test_stale_pid_of_another_program_is_ignored(home: Path) -> None:
    """Pids repeat in a container: the one in the pid file may be a program of the same user."""
    with run_cluster(home) as cluster:
        write_number(cluster, 1)
        pid_file = (cluster.files / "postmaster.pid").read_text()
    user = {} if cluster.owner.uid == os.geteuid() else {"user": cluster.owner.uid}
    sleeper = subprocess.Popen(["sleep", "60"], cwd="/", **user)  # type: ignore[call-overload]
    lines = [str(sleeper.pid), *pid_file.splitlines()[1:]]
    (cluster.files / "postmaster.pid").write_text("\n".join(lines))
    try:
        with run_cluster(home) as cluster:
            assert read_numbers(cluster) == [1]
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.slow
def test_interrupted_creation_is_repeated(home: Path) -> None:
    unfinished = home / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("15\n")
    with run_cluster(home) as cluster:
        write_number(cluster, 1)
    assert not unfinished.exists()


def test_folder_without_cluster_is_refused_with_advice(home: Path) -> None:
    (home / "data").mkdir()
    with pytest.raises(CannotStart, match=r"is no complete PostgreSQL cluster.*rm -rf"), run_cluster(home):
        pass


@pytest.mark.slow
def test_long_path_has_its_socket_in_tmp(home: Path) -> None:
    with run_cluster(home / ("long" * 25)) as cluster:
        write_number(cluster, 1)
    assert cluster.socket_folder.parent == Path("/tmp")
    shutil.rmtree(cluster.socket_folder)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another user")
def test_unreachable_home_becomes_a_link(home: Path) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    place = private / "cluster"
    with run_cluster(place) as cluster:
        write_number(cluster, 1)
    assert place.is_symlink()
    assert place.resolve() == cluster.home
    assert cluster.home.parent == Path("/var/lib")
    with run_cluster(place) as cluster:
        assert read_numbers(cluster) == [1]
    shutil.rmtree(cluster.home)
