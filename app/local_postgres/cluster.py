"""The private PostgreSQL cluster: created when missing, started by its first user, stopped by its last.

A killed user may leave the server running or half stopped. The next start takes it over and loses nothing.
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
from app.bootstrap.paths import ROOT
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
"""Database user of the register: it owns its database, and is not the owner of the audit trail in it."""
ADMINISTRATOR = "postgres"

_READER = "sensor_register_reader"
"""Role of public reads; `app/core/read_role.py` grants it what it may see."""
_AUDIT_SQL = ROOT / "migrations" / "audit.sql"

# After a crash a large database replays its write-ahead log; after an orderly stop a start takes a second.
_START_LIMIT_SECONDS = 600
_STOP_LIMIT_SECONDS = 120
# An earlier server that was killed or stopped ends within a statement.
_BUSY_LIMIT_SECONDS = 60
_EARLIER_SERVER_SIGNS = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


@dataclass(frozen=True)
class Cluster:
    """One private cluster: its folder, its programs, the system user it runs as, and the folder of its socket."""

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
        """URL of one of its databases."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder), safe='')}&port=5432"


@contextmanager
def run_cluster(home: Path, *, durable: bool = True) -> Iterator[Cluster]:
    """Run the private cluster at `home`, with the register's database, while the block runs.

    Several processes may use it at once: the first one starts it, the last one stops it.
    Raises: CannotStart with what to do.
    """
    cluster = _locate_cluster(home)
    with (cluster.home / "users.lock").open("w") as users:
        try:
            with _start_lock(cluster):
                _create_files(cluster)
                _ensure_running(cluster, durable=durable)
                _create_database(cluster)
                fcntl.flock(users, fcntl.LOCK_SH)
            yield cluster
        finally:
            with _ignore_signals(), _start_lock(cluster), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop(cluster)


def restart_killed(cluster: Cluster, *, durable: bool = True) -> bool:
    """Start the server again where it was killed; returns whether it did. A server that was stopped stays so.

    Raises: CannotStart.
    """
    if not _was_killed(cluster):
        return False
    with _start_lock(cluster):
        if not _was_killed(cluster):
            return False
        _ensure_running(cluster, durable=durable)
        return True


def _was_killed(cluster: Cluster) -> bool:
    """Whether the pid file, which an orderly stop removes, names no process of this cluster."""
    try:
        pid = (cluster.files / "postmaster.pid").read_text().partition("\n")[0]
    except OSError:
        return False
    if not pid.isdigit() or not Path("/proc/self").exists():
        return False
    return _find_working_directory(Path("/proc", pid)) != cluster.files


def _locate_cluster(home: Path) -> Cluster:
    version_file = home / "data" / "PG_VERSION"
    try:
        owner = find_owner(home)
        real_home = prepare_home(home, owner)
        major = int(version_file.read_text()) if version_file.exists() else None
    except PermissionError as error:
        raise CannotStart(
            f"You may not read {error.filename}; start the register as the user who created it.",
            f"U mag {error.filename} niet lezen; start het register als de gebruiker die het maakte.",
        ) from error
    postgresql = find_postgresql(major)
    if postgresql is None and major is None:
        raise CannotStart(
            "PostgreSQL with PostGIS is not installed: run `make setup`.",
            "PostgreSQL met PostGIS is niet geïnstalleerd: voer `make setup` uit.",
        )
    if postgresql is None:
        raise CannotStart(
            f"The database in {home} was created by PostgreSQL {major}, which is not installed here with PostGIS. "
            f"Install it: sudo apt-get install postgresql-{major}-postgis-3",
            f"De database in {home} is gemaakt door PostgreSQL {major}, dat hier niet met PostGIS geïnstalleerd is. "
            f"Installeer het: sudo apt-get install postgresql-{major}-postgis-3",
        )
    return Cluster(real_home, postgresql, owner, prepare_socket_folder(real_home, owner))


@contextmanager
def _start_lock(cluster: Cluster) -> Iterator[None]:
    """Lock under which one process at a time starts or stops the server."""
    with (cluster.home / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _ignore_signals() -> Iterator[None]:
    """Ignore SIGINT and SIGTERM, so that a second Ctrl-C does not interrupt an orderly stop."""
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
    """Create the cluster under another name and rename it: an interrupted initdb never leaves an incomplete cluster."""
    if cluster.files.exists():
        if not (cluster.files / "PG_VERSION").exists():
            raise CannotStart(
                f"{cluster.files} is no complete PostgreSQL cluster. If you need nothing in it: "
                f"rm -rf {cluster.files}, and start again.",
                f"{cluster.files} is geen volledig cluster van PostgreSQL. Hebt u er niets van nodig: "
                f"rm -rf {cluster.files}, en start opnieuw.",
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
        raise CannotStart(
            f"PostgreSQL could not create its cluster in {unfinished}:\n{result.stdout.strip()}",
            f"PostgreSQL kon zijn cluster niet maken in {unfinished}:\n{result.stdout.strip()}",
        )
    include_configuration(unfinished)
    unfinished.rename(cluster.files)


def _ensure_running(cluster: Cluster, *, durable: bool) -> None:
    limit = time.monotonic() + _BUSY_LIMIT_SECONDS
    while (state := _read_state(cluster)) == "busy" and time.monotonic() < limit:
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
                f"An earlier PostgreSQL on {cluster.files} is still running. "
                f"Find its process by `fuser {cluster.files}` and end it.",
                f"Er draait nog een eerdere PostgreSQL op {cluster.files}. "
                f"Zoek het proces met `fuser {cluster.files}` en beëindig het.",
            )


def _read_state(cluster: Cluster) -> str:
    """State of the server: `accepting` connections, `busy` (starting or stopping) or `silent`."""
    result = cluster.owner.run(
        [cluster.postgresql.program("pg_isready"), f"--host={cluster.socket_folder}", "--port=5432"]
    )
    return {0: "accepting", 1: "busy"}.get(result.returncode, "silent")


def _drop_stale_pid(cluster: Cluster) -> None:
    """Delete the pid file of a killed server when none of its processes is left.

    PostgreSQL trusts that file as long as its pid is in use. The pid may belong to another program (in a
    container pids repeat at each start) or to a zombie process. The working directory of every server
    process is the data folder: while one is left, the file stays and PostgreSQL decides.
    """
    folders = (_find_working_directory(process) for process in Path("/proc").glob("[0-9]*"))
    if Path("/proc/self").exists() and cluster.files not in folders:
        (cluster.files / "postmaster.pid").unlink(missing_ok=True)
        (cluster.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _find_working_directory(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def _start(cluster: Cluster) -> bool:
    """Start the server; False while processes of an earlier one are still ending.

    Raises: CannotStart with PostgreSQL's error.
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
    errors = [line for line in lines if "FATAL" in line or "PANIC" in line] or [result.stdout.strip()]
    if any(sign in errors[-1] for sign in _EARLIER_SERVER_SIGNS):
        return False
    raise CannotStart(
        f"PostgreSQL did not start: {errors[-1]}\nIts log: {cluster.log}",
        f"PostgreSQL is niet gestart: {errors[-1]}\nHet log: {cluster.log}",
    )


def _stop(cluster: Cluster) -> None:
    stop = [cluster.postgresql.program("pg_ctl"), "stop", "--wait", f"--pgdata={cluster.files}"]
    stopped = cluster.owner.run([*stop, "--mode=fast", f"--timeout={_STOP_LIMIT_SECONDS}"])
    if stopped.returncode != 0:
        cluster.owner.run([*stop, "--mode=immediate"])


def _create_database(cluster: Cluster) -> None:
    """Create the register's user and database, with PostGIS, where they are missing."""
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as connection:
        user = sql.Identifier(USER)
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [USER]).rowcount:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(user))
        # A user that may create roles can grant itself those of others.
        connection.execute(sql.SQL("ALTER ROLE {} NOCREATEROLE").format(user))
        reader = sql.Identifier(_READER)
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [_READER]).rowcount:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(reader))
        connection.execute(sql.SQL("GRANT {} TO {}").format(reader, user))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), user))
    with psycopg.connect(cluster.url(user=ADMINISTRATOR), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public")
        connection.execute(_AUDIT_SQL.read_bytes())
