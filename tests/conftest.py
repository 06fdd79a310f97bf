"""Fixtures of every test: real PostgreSQL with PostGIS, started from nothing and thrown away afterwards.

`session` is for what happens within one transaction; it is rolled back. Public reads use another connection
and the read role: a test that reads what it wrote takes `fresh_database`, or `client`, which has its own.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.bootstrap.paths import GRID
from app.core import database
from app.core.database import sqlalchemy_url
from app.core.migrations import migrate_database
from app.local_postgres.cluster import ADMINISTRATOR, DATABASE, USER, Cluster, run_cluster
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid
from tests.support.application import make_client
from tests.support.large_register import fill_large_register
from tests.support.organisations import make_municipality
from tests.support.register import Register, fill, open_register
from tests.support.scratch import open_scratch_home
from tests.support.sensors import load_cities
from tests.support.waiting import PATIENCE_SECONDS

# An example on a slow machine takes longer than the library expects.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

TEMPLATE = "migrated"

OpenFilled = Callable[..., AbstractContextManager[Register]]

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def _grid() -> None:
    """The correction grid of RD New, known to pyproj."""
    build_grid(GRID)
    add_grid(GRID)


@pytest.fixture(scope="session", autouse=True)
def _connections() -> Iterator[None]:
    """Connections of applications: they load PostGIS when a query first needs it, and their role is looked up once.

    A server process warms its connections up; for an application that answers one test that is most of its start. They
    do open at its start: a second browser of a test has an event loop of its own, in which it would wait for ever for a
    connection that opens in the loop of the application.
    """
    may_take_role = database._may_take_read_role
    takers: set[tuple[object, object]] = set()

    async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
        connection.adapters.register_loader("text", ByteaBinaryLoader)

    async def may_take_role_of_server(url: str) -> bool:
        parts = conninfo_to_dict(url)
        taker = parts.get("host"), parts.get("user")
        if taker not in takers and await may_take_role(url):
            takers.add(taker)
        return taker in takers

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(database, "_configure", configure)
        monkeypatch.setattr(database, "_may_take_read_role", may_take_role_of_server)
        # A health check on a slow machine may wait longer for its connection than a load balancer for the check.
        monkeypatch.setattr(database, "PROBE_WAIT_SECONDS", PATIENCE_SECONDS)
        yield


@pytest.fixture(scope="session")
def cluster(_grid: None) -> Iterator[Cluster]:
    """A throw-away cluster with one migrated database, of which the others are copies."""
    with open_scratch_home() as home, run_cluster(home, durable=False) as running:
        _create_database(running, TEMPLATE, template=DATABASE)
        migrate_database(running.url(TEMPLATE))
        yield running


@contextmanager
def copy_database(cluster: Cluster, template: str = TEMPLATE) -> Iterator[str]:
    """A migrated database of one's own, with real commits; gives its URL."""
    name = f"copy_{next(_numbers)}"
    _create_database(cluster, name, template=template)
    try:
        yield cluster.url(name)
    finally:
        _administer(cluster, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _create_database(cluster: Cluster, name: str, *, template: str) -> None:
    # Copied as files it takes a third of the time; the default writes every page to the log.
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy")
    _administer(
        cluster, statement.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(USER))
    )


def _administer(cluster: Cluster, statement: sql.Composed) -> None:
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def database_url(cluster: Cluster) -> Iterator[str]:
    """One migrated database for all tests that roll back."""
    with copy_database(cluster) as url:
        yield url


@pytest.fixture(scope="module")
def module_database(cluster: Cluster) -> Iterator[str]:
    """A migrated database that the tests of one file share."""
    with copy_database(cluster) as url:
        yield url


@pytest.fixture(scope="session")
def large_database(cluster: Cluster) -> Iterator[str]:
    """A database of 100,000 sensors, made once for all query plans; no test changes it."""
    with copy_database(cluster) as url:
        fill_large_register(url)
        yield url


@pytest.fixture
def large_register(large_database: str) -> Iterator[psycopg.Connection]:
    """A connection to it that explains statements as the register's own connections plan them."""
    with psycopg.connect(large_database, autocommit=True) as connection:
        connection.execute("SET jit = off")
        connection.execute("SET default_transaction_read_only = on")
        yield connection


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[str]:
    """A migrated database for one test alone."""
    with copy_database(cluster) as url:
        yield url


@pytest.fixture
def empty_database(cluster: Cluster) -> Iterator[str]:
    """A database with PostGIS and nothing else."""
    with copy_database(cluster, DATABASE) as url:
        yield url


@pytest.fixture(scope="session")
def _engine(database_url: str) -> Iterator[Engine]:
    """Connections for tests that roll back: a new one would load the catalogue and PostGIS for each."""
    engine = create_engine(sqlalchemy_url(database_url), pool_pre_ping=True)
    yield engine
    engine.dispose()


@pytest.fixture
def session(_engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints in a transaction that is rolled back."""
    with _engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def client(fresh_database: str) -> Iterator[TestClient]:
    """The application on a migrated database of its own."""
    with make_client(fresh_database) as client:
        yield client


@pytest.fixture
def register(fresh_database: str) -> Iterator[Register]:
    """The application with five cities and two keys."""
    with open_register(fresh_database) as register:
        yield register


@pytest.fixture(scope="session")
def open_filled(cluster: Cluster) -> Iterator[OpenFilled]:
    """Opens the application with a dozen sensors, each time on a copy of one database, with the settings given."""
    with copy_database(cluster) as template:
        with open_register(template) as first:
            fill(first)

        @contextmanager
        def open_copy(**settings: object) -> Iterator[Register]:
            name = str(conninfo_to_dict(template)["dbname"])
            with copy_database(cluster, name) as url, make_client(url, **settings) as client:
                yield Register(client, first.officer, first.company)

        yield open_copy


@pytest.fixture(scope="module")
def filled(open_filled: OpenFilled) -> Iterator[Register]:
    """A register with a dozen sensors, shared by the tests of one file."""
    with open_filled() as register:
        yield register


@pytest.fixture
def amsterdam(session: Session) -> UUID:
    """The municipality of Amsterdam, in a country of five cities."""
    load_cities(session)
    return make_municipality(session)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="accept today's answers as the expected ones")


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with the file that keeps what it should be; `make bless` rewrites that file."""

    def check(kept: Path, text: str) -> None:
        if request.config.getoption("--bless"):
            kept.write_text(text)
        assert kept.exists(), f"{kept} is missing; look at today's answer and accept it with `make bless`"
        assert text == kept.read_text(), f"{kept.name} differs; when the change is meant: `make bless`"

    return check


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("REGISTER_TEST_FORBID_SKIPS") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which this run forbids: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report
