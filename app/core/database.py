"""The two ways to the database: sessions that write, and warm connections that read the publication.

One request is one transaction. Only this module and `app/cli/` commit.
"""

import logging
import select
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.types.string import ByteaBinaryLoader
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Session

from app.core.app_state import get_app_state
from app.core.settings import Settings

_log = logging.getLogger(__name__)

READ_ROLE = "sensor_register_reader"
"""The PostgreSQL role of public reads, which has access to the schema `publication` only."""

CREATE_ROLE_ADVICE = f"CREATE ROLE {READ_ROLE} LOGIN NOINHERIT; GRANT {READ_ROLE} TO CURRENT_USER;"
"""The statement for a database administrator where the register's own user may not create roles."""

CONNECT_SECONDS: Final = 5
"""How long opening a connection may take: a server behind a broken network does not refuse it."""

PROBE_WAIT_SECONDS: Final = 1.5
"""How long a health check waits for its connection."""

RECONNECT_SECONDS: Final = 5
"""How long a pool retries a connection by itself. After that the next request retries it at once: the pool's own delays
would double up to minutes, while the database is back."""

COSTLY_SHARE: Final = 4
"""One connection for costly searches for so many of other public reads."""

SPARE_WRITE_CONNECTIONS = 10
"""Connections that a process may open beyond those of its pool."""

_BODILESS_METHODS: Final = frozenset({"GET", "HEAD"})

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables. Constraints are named by convention, so that errors are recognised by name."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def sqlalchemy_url(url: str) -> str:
    """The same address with the driver of psycopg 3 for SQLAlchemy."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def create_write_engine(url: str, settings: Settings) -> Engine:
    """The engine of the write path. A writer waits at most the lock timeout for another, and for a connection.

    Up to ten connections beyond the pool are opened and closed again: a client that follows an import needs one for a
    moment only, and must not block writers.
    """
    lock_timeout_ms = int(settings.lock_timeout_seconds * 1000)
    return create_engine(
        sqlalchemy_url(url),
        pool_size=settings.write_connections,
        max_overflow=SPARE_WRITE_CONNECTIONS,
        # The answer is 503 when no connection is free by then; SQLAlchemy's default is half a minute.
        pool_timeout=settings.lock_timeout_seconds,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c lock_timeout={lock_timeout_ms} -c timezone=UTC -c jit=off",
        },
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction: committed at the end of the block, rolled back when the block raises."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


async def receive_body(request: Request) -> None:
    """Receive the body before a session opens: a transaction never waits for a client that sends slowly."""
    if request.method not in _BODILESS_METHODS:
        await request.body()


def open_session(request: Request, _: Annotated[None, Depends(receive_body)]) -> Iterator[Session]:
    with transaction(get_app_state(request).write_engine) as session:
        yield session


# FastAPI runs the code after `yield` once the response is sent, unless the scope is the function:
# a failing COMMIT would otherwise follow a 201.
WriteSession = Annotated[Session, Depends(open_session, scope="function")]


class ReplacingPool(AsyncConnectionPool[Any]):
    """A pool whose readers do not notice that the database was restarted.

    A server that ends a connection says so or closes it: there is something to read. Only then are the connections
    checked by a statement and replaced; before each read that would cost a round trip. The `check` of the library
    waits a second or more after each dead connection.
    """

    async def getconn(self, timeout: float | None = None) -> AsyncConnection[Any]:  # noqa: ASYNC109 - the library's
        connection: AsyncConnection[Any] = await super().getconn(timeout)
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if not poll.poll(0):
            return connection
        await self.putconn(connection)
        await self.check()
        replaced: AsyncConnection[Any] = await super().getconn(timeout)
        return replaced


def create_read_pool(url: str, settings: Settings) -> AsyncConnectionPool[Any]:
    """Warm connections for public reads: autocommit, prepared statements, text as bytes, a time limit.

    Each takes the read role, which has access to the publication only, where the database user is a member of it.
    """
    connections = settings.read_connections
    return _create_pool(url, settings, [_limit_reads(settings)], connections, connections)


def create_costly_pool(url: str, settings: Settings) -> AsyncConnectionPool[Any]:
    """A quarter as many connections for searches whose cost no index bounds, such as filters.

    These searches wait for each other, and every other read has the processors that they leave.
    """
    connections = max(1, settings.read_connections // COSTLY_SHARE)
    return _create_pool(url, settings, [_limit_reads(settings)], 1, connections)


def _limit_reads(settings: Settings) -> str:
    return f"-c statement_timeout={int(settings.read_timeout_seconds * 1000)}"


def create_stream_pool(url: str, settings: Settings) -> AsyncConnectionPool[Any]:
    """A few connections like those of public reads, for whole searches: each is held while one answer is sent.

    They are separate, so that short reads never wait for long ones. A search reads one snapshot. The time limits apply
    to each step of it, and to how long a client may leave it waiting.
    """
    limit_ms = int(settings.stream_timeout_seconds * 1000)
    options = [
        f"-c statement_timeout={limit_ms}",
        # Longer than the timeout of the sending side, which ends the answer in a better way.
        f"-c idle_in_transaction_session_timeout={2 * limit_ms}",
        r"-c default_transaction_isolation=repeatable\ read",
    ]
    return _create_pool(url, settings, options, 1, settings.stream_connections)


def create_probe_pool(url: str, *, as_reader: bool) -> AsyncConnectionPool[Any]:
    """One connection for health checks alone, so that they never wait for work.

    A broken connection is replaced before it is used: a check reports the database, not the past. `as_reader` makes it
    like a connection of public reads.
    """
    options = ["-c statement_timeout=2000", "-c timezone=UTC"]
    if as_reader:
        options.append("-c default_transaction_read_only=on")
    arguments: dict[str, Any] = {"autocommit": True, "options": " ".join(options)}
    return AsyncConnectionPool(
        make_conninfo(url, connect_timeout=CONNECT_SECONDS),
        min_size=1,
        max_size=1,
        kwargs=_make_reader_arguments(url, **arguments) if as_reader else arguments,
        timeout=PROBE_WAIT_SECONDS,
        # A setting of the database or the role applies to new sessions.
        max_lifetime=60,
        reconnect_timeout=RECONNECT_SECONDS,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


def _create_pool(
    url: str, settings: Settings, limits: list[str], least: int, most: int
) -> AsyncConnectionPool[Any]:
    options = [
        *limits,
        "-c default_transaction_read_only=on",
        "-c timezone=UTC",
        "-c jit=off",
        # A page takes a few milliseconds of one processor; starting a parallel worker takes as long.
        "-c max_parallel_workers_per_gather=0",
    ]
    return ReplacingPool(
        make_conninfo(url, connect_timeout=CONNECT_SECONDS),
        min_size=least,
        max_size=most,
        kwargs=_make_reader_arguments(url, autocommit=True, prepare_threshold=0, options=" ".join(options)),
        # The answer is 503 when no connection is free by then; psycopg's default is half a minute.
        timeout=settings.read_timeout_seconds,
        reconnect_timeout=RECONNECT_SECONDS,
        configure=_configure,
        open=False,
    )


def _make_reader_arguments(
    url: str, *, options: str, **arguments: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The arguments of each new connection, which has the read role from its start: RESET ROLE does not leave it.

    The role is looked up for a connection and not at start-up: the process starts without the database, and an
    administrator may create the role later.
    """
    takes_role = False

    async def find_arguments() -> dict[str, Any]:
        nonlocal takes_role
        takes_role = takes_role or await _may_take_read_role(url)
        role = f" -c role={READ_ROLE}" if takes_role else ""
        return {**arguments, "options": options + role}

    return find_arguments


async def _may_take_read_role(url: str) -> bool:
    async with await AsyncConnection.connect(
        make_conninfo(url, connect_timeout=CONNECT_SECONDS), autocommit=True
    ) as connection:
        found = (await connection.execute(FIND_READ_ROLE, [READ_ROLE])).rowcount > 0
    if not found:
        warn_of_missing_role()
    return found


async def _configure(connection: AsyncConnection[Any]) -> None:
    # Text is sent unchanged: decoding and encoding it would be most of the time of a read.
    connection.adapters.register_loader("text", ByteaBinaryLoader)
    # The first PostGIS call on a connection loads the library and PROJ's database: 0.1 s.
    await connection.execute(
        "SELECT public.ST_Transform(public.ST_SetSRID(public.ST_MakePoint(5, 52), 4258), 28992)"
    )


FIND_READ_ROLE: Final = """
SELECT rolname FROM pg_catalog.pg_roles
WHERE rolname = %s AND pg_has_role(current_user, oid, 'MEMBER')
"""


@lru_cache(maxsize=1)
def warn_of_missing_role() -> None:
    """Log it, once in a process."""
    _log.warning("Public reads have no role of their own; an administrator can run: %s", CREATE_ROLE_ADVICE)
