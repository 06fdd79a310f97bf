"""The private PostgreSQL cluster: made when missing, started when needed, stopped by the last who used it.

Whoever was killed left it running or half stopped; the next start takes it as it is and loses nothing.
"""

import fcntl
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.postgresql import Postgresql, find_postgresql
from app.local_postgres.configuration import (
    copy_grid,
    include_configuration,
    server_environment,
    write_configuration,
)
from app.local_postgres.home import ClusterOwner, find_owner, prepare_home, prepare_socket_folder

DATABASE = "sensor_register"
USER = "sensor_register"
"""The database user of the register: it owns its database and may make the read role, no more."""
ADMINISTRATOR = "postgres"

# A crash of a large database replays its log first; a restart after an orderly stop takes a second.
_START_LIMIT_SECONDS = 600
_STOP_LIMIT_SECONDS = 120
# An earlier server that was killed, or asked to stop, ends within a statement.
_BUSY_LIMIT_SECONDS = 60
_EARLIER_SERVER_SIGNS = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


@dataclass(frozen=True)
class Cluster:
    """One private cluster: its folder, its programs, the user it runs as, and where its socket is."""

    home: Path
    postgresql: Postgresql
    owner: ClusterOwner
    socket_folder: Path

    @property
    def files(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def url(self, database: str = DATABASE, user: str = USER) -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder), safe='')}&port=5432"


@contextmanager
def run_cluster(home: Path, *, durable: bool = True) -> Iterator[Cluster]:
    """The private cluster at `home`, with the register's database in it, running while the block runs.

    Several processes may be in such a block at once: the first one in starts it, the last one out stops it.
    Raises: CannotStart, saying what to do.
    """
    cluster = _locate_cluster(home)
    with (cluster.home / "users.lock").open("w") as users:
        try:
            with _alone(cluster):
                _create_files(cluster)
                _ensure_running(cluster, durable=durable)
                _create_database(cluster)
                fcntl.flock(users, fcntl.LOCK_SH)
            yield cluster
        finally:
            with _undisturbed(), _alone(cluster), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop(cluster)


def _locate_cluster(home: Path) -> Cluster:
    made_by = home / "data" / "PG_VERSION"
    try:
        owner = find_owner(home)
        real_home = prepare_home(home, owner)
        major = int(made_by.read_text()) if made_by.exists() else None
    except PermissionError as error:
        raise CannotStart(
            f"You may not read {error.filename}; start the register as the user who made it."
        ) from error
    postgresql = find_postgresql(major)
    if postgresql is None and major is None:
        raise CannotStart("PostgreSQL with PostGIS is not installed: run `make setup`.")
    if postgresql is None:
        raise CannotStart(
            f"The database in {home} was made by PostgreSQL {major}, no longer installed with PostGIS: "
            f"sudo apt-get install postgresql-{major}-postgis-3"
        )
    return Cluster(real_home, postgresql, owner, prepare_socket_folder(real_home, owner))


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    with (cluster.home / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not break off an orderly stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _create_files(cluster: Cluster) -> None:
    """Make the cluster under another name first: one that was broken off is never taken for a whole one."""
    if cluster.files.exists():
        if not (cluster.files / "PG_VERSION").exists():
            raise CannotStart(
                f"{cluster.files} is no complete PostgreSQL cluster. If it holds nothing of yours: "
                f"rm -rf {cluster.files}, and start again."
            )
        return
    unfinished = cluster.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    result = cluster.owner.run(
        [
            cluster.postgresql.program("initdb"),
            f"--pgdata={unfinished}",
            f"--username={ADMINISTRATOR}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--auth-local=trust",
            "--auth-host=reject",
        ],
        server_environment(cluster.home),
    )
    if result.returncode != 0:
        raise CannotStart(f"PostgreSQL could not make its cluster in {unfinished}:\n{result.stdout.strip()}")
    include_configuration(unfinished)
    unfinished.rename(cluster.files)


def _ensure_running(cluster: Cluster, *, durable: bool) -> None:
    limit = time.monotonic() + _BUSY_LIMIT_SECONDS
    while (state := _ask_state(cluster)) == "busy" and time.monotonic() < limit:
        time.sleep(0.2)
    if state == "accepting":
        return
    copy_grid(cluster.home)
    write_configuration(cluster.files, cluster.socket_folder, durable=durable)
    if cluster.log.exists():
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    while not _start(cluster):
        time.sleep(0.2)
        if time.monotonic() > limit:
            raise CannotStart(
                f"An earlier PostgreSQL on {cluster.files} does not end; `fuser {cluster.files}` finds it."
            )


def _ask_state(cluster: Cluster) -> str:
    """`accepting` connections, `busy` with starting or stopping, or `silent`."""
    result = cluster.owner.run(
        [cluster.postgresql.program("pg_isready"), f"--host={cluster.socket_folder}", "--port=5432"]
    )
    return {0: "accepting", 1: "busy"}.get(result.returncode, "silent")


def _drop_stale_pid(cluster: Cluster) -> None:
    """Take away the pid file of a killed server when none of its processes is left.

    PostgreSQL itself trusts that file as long as the number in it is in use. That may be another program by
    now (in a container the numbers come back at each start), or a dead process that nobody has collected.
    Every process of a server works in its folder: while one is left the file stays, for PostgreSQL to judge.
    """
    workplaces = (_find_workplace(process) for process in Path("/proc").glob("[0-9]*"))
    if Path("/proc/self").exists() and cluster.files not in workplaces:
        (cluster.files / "postmaster.pid").unlink(missing_ok=True)
        (cluster.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _find_workplace(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def _start(cluster: Cluster) -> bool:
    """Start the server; False while processes of an earlier one still have to end.

    Raises: CannotStart with what PostgreSQL says.
    """
    _drop_stale_pid(cluster)
    result = cluster.owner.run(
        [
            cluster.postgresql.program("pg_ctl"),
            "start",
            "--wait",
            "--silent",
            f"--timeout={_START_LIMIT_SECONDS}",
            f"--pgdata={cluster.files}",
            f"--log={cluster.log}",
        ],
        server_environment(cluster.home),
    )
    if result.returncode == 0:
        return True
    lines = cluster.log.read_text(errors="replace").splitlines() if cluster.log.exists() else []
    complaints = [line for line in lines if "FATAL" in line or "PANIC" in line] or [result.stdout.strip()]
    if any(sign in complaints[-1] for sign in _EARLIER_SERVER_SIGNS):
        return False
    raise CannotStart(f"PostgreSQL did not start: {complaints[-1]}\nIts log: {cluster.log}")


def _stop(cluster: Cluster) -> None:
    stop = [cluster.postgresql.program("pg_ctl"), "stop", "--wait", f"--pgdata={cluster.files}"]
    stopped = cluster.owner.run([*stop, "--mode=fast", f"--timeout={_STOP_LIMIT_SECONDS}"])
    if stopped.returncode != 0:
        cluster.owner.run([*stop, "--mode=immediate"])


def _create_database(cluster: Cluster) -> None:
    """Make the register's user and database, with PostGIS, where they are missing."""
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as connection:
        user = sql.Identifier(USER)
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [USER]).rowcount:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(user))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), user))
    with psycopg.connect(cluster.url(user=ADMINISTRATOR), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public")
