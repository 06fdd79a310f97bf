"""Liveness and readiness of a process, as a load balancer asks for them."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, text

from app.core import database, health
from app.core.app_state import get_app_state
from app.core.database import SPARE_WRITE_CONNECTIONS, sqlalchemy_url
from app.core.health import Check, NotReady, create_health_router
from app.core.migrations import CREATE_SCHEMA_VERSION, find_newest_revision
from app.local_postgres.cluster import ADMINISTRATOR, Cluster
from tests.support.application import make_client
from tests.support.waiting import FAR_SECONDS, PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check on a slow machine may take longer than a load balancer waits."""
    monkeypatch.setattr(health, "CHECK_LIMIT_SECONDS", PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[TestClient]:
    with make_client(module_database) as client:
        yield client


def test_started_register_is_ready(register: TestClient) -> None:
    answer = register.get("/health/ready")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    checks = answer.json()["checks"]
    assert {name: check["status"] for name, check in checks.items()} == dict.fromkeys(
        ("database", "postgis", "migrations", "rdGrid", "writes", "temporaryFiles", "mail"), "pass"
    )
    assert checks["migrations"]["found"] == find_newest_revision()
    assert "PROJ" in checks["postgis"]["found"]


def test_started_register_is_alive(register: TestClient) -> None:
    assert register.get("/health/live").json() == {"status": "pass"}


def set_schema_version(url: str, revision: str, oldest_served: str) -> None:
    """Give the database the version that a migration of another release would."""
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        connection.execute(text(CREATE_SCHEMA_VERSION.format(oldest_served=oldest_served)))
    engine.dispose()


def test_older_schema_is_not_ready(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        set_schema_version(fresh_database, "0001", "0001")
        answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "fail"
    failed = {name: check for name, check in answer.json()["checks"].items() if check["status"] == "fail"}
    assert list(failed) == ["migrations"]
    assert "0001" in failed["migrations"]["found"]


def test_schema_without_its_version_is_not_ready(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        engine = create_engine(sqlalchemy_url(fresh_database))
        with engine.begin() as connection:
            connection.execute(text("DROP VIEW publication.schema_version"))
        engine.dispose()
        answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "sensor-register migrate" in answer.json()["checks"]["migrations"]["found"]


@pytest.mark.parametrize(("serves_this_version", "status"), [(True, 200), (False, 503)])
def test_newer_schema_is_ready_when_it_serves_this_version(
    fresh_database: str, *, serves_this_version: bool, status: int
) -> None:
    with make_client(fresh_database) as client:
        set_schema_version(
            fresh_database, "9999", str(find_newest_revision()) if serves_this_version else "9998"
        )
        answer = client.get("/health/ready")
        assert answer.status_code == status
        assert answer.json()["checks"]["migrations"]["status"] == ("pass" if serves_this_version else "fail")
        assert client.get("/v1/vocabularies/sensorType").status_code == 200


def test_read_only_database_is_ready_with_warning(fresh_database: str) -> None:
    engine = create_engine(sqlalchemy_url(fresh_database))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    engine.dispose()
    with make_client(fresh_database) as client:
        answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "warn"
    assert answer.json()["checks"]["writes"] == {"status": "warn", "found": "the database is read-only"}


def test_register_without_free_write_connection_is_ready_with_warning(fresh_database: str) -> None:
    with make_client(fresh_database, lock_timeout_seconds=0.1) as client, ExitStack() as held:
        state = get_app_state(cast("FastAPI", client.app))
        for _ in range(state.settings.write_connections + SPARE_WRITE_CONNECTIONS):
            held.enter_context(state.write_engine.connect())
        answer = client.get("/health/ready")
        assert answer.status_code == 200
        assert answer.json()["checks"]["writes"] == {
            "status": "warn",
            "found": "all write connections are in use",
        }


def test_ready_while_every_read_connection_is_in_use(fresh_database: str) -> None:
    """Checks have connections of their own: work in progress does not take the process out of the load balancer."""
    with make_client(fresh_database, read_connections=1, stream_connections=1) as client:
        state = get_app_state(cast("FastAPI", client.app))
        portal = client.portal
        assert portal is not None
        held = [portal.call(pool.getconn) for pool in (state.read_pool, state.stream_pool)]
        answer = client.get("/health/ready")
        for pool, connection in zip((state.read_pool, state.stream_pool), held, strict=True):
            portal.call(pool.putconn, connection)
    assert answer.json()["status"] == "pass"


def test_ready_while_every_thread_is_busy(fresh_database: str) -> None:
    """Threads that write files for download are those of the event loop: the checks take none of them."""
    done = threading.Event()

    async def keep_busy() -> None:
        for _ in range(64):
            asyncio.get_running_loop().run_in_executor(None, done.wait)

    with make_client(fresh_database) as client:
        assert client.portal is not None
        client.portal.call(keep_busy)
        answer = client.get("/health/ready")
        done.set()
    assert answer.json()["status"] == "pass"


def test_checks_of_public_reads_use_one_connection(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        state = get_app_state(cast("FastAPI", client.app))
        for _ in range(3):
            client.get("/health/ready")
        assert state.read_probe.get_stats()["connections_num"] == 1


def make_trial(*checks: Check) -> TestClient:
    app = FastAPI()
    app.include_router(create_health_router(checks))
    return TestClient(app)


def test_readiness_reports_every_check_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    async def pass_by(_: FastAPI) -> str:
        return "1.0"

    async def refuse(_: FastAPI) -> str:
        raise NotReady("needs oil")

    async def break_down(_: FastAPI) -> str:
        raise ConnectionError("postgresql://user:password@host")

    async def sleep(_: FastAPI) -> str:
        await asyncio.sleep(FAR_SECONDS)
        return "never"

    monkeypatch.setattr(health, "CHECK_LIMIT_SECONDS", 0.05)
    parts = {"a": pass_by, "b": refuse, "c": break_down, "d": sleep}
    answer = make_trial(*(Check(name, ask) for name, ask in parts.items())).get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "fail",
        "checks": {
            "a": {"status": "pass", "found": "1.0"},
            "b": {"status": "fail", "found": "needs oil"},
            "c": {"status": "fail", "found": "ConnectionError"},
            "d": {"status": "fail", "found": "no answer within 0.05 s"},
        },
    }


METRICS_TOKEN = "only-for-the-monitor"


def read_metrics(
    client: TestClient, address: str = "127.0.0.1", headers: dict[str, str] | None = None
) -> Response:
    """The metrics, as read from this address."""
    return TestClient(client.app, client=(address, 1234)).get("/metrics", headers=headers)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:10.1.2.3", {}, 200),
        ("172.18.0.1", {}, 200),
        ("fd00::1", {}, 200),
        ("203.0.113.9", {}, 403),
        ("2001:db8::1", {}, 403),
        ("::ffff:8.8.8.8", {}, 403),
        ("172.32.0.1", {}, 403),
        ("192.0.2.1", {}, 403),
        ("testclient", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ("203.0.113.9", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("203.0.113.9", {"X-Real-IP": "10.0.0.1"}, 403),
        ("203.0.113.9", {"Authorization": f"Bearer {METRICS_TOKEN}"}, 200),
        ("203.0.113.9", {"Authorization": f"Bearer {METRICS_TOKEN}x"}, 403),
        ("203.0.113.9", {"Authorization": METRICS_TOKEN}, 403),
    ],
)
def test_metrics_are_read_from_a_private_address_or_with_the_token(
    database_url: str, address: str, headers: dict[str, str], status: int
) -> None:
    with make_client(database_url, metrics_token=METRICS_TOKEN) as client:
        answer = read_metrics(client, address, headers)
    assert answer.status_code == status
    assert ("register_http_request_duration_seconds" in answer.text) == (status == 200)


def test_trusted_proxy_is_no_private_client_of_its_own(database_url: str) -> None:
    with make_client(database_url, trusted_proxies="10.0.0.0/24, 127.0.0.1") as client:
        # The server has replaced the proxy's address by that of its client.
        forwarded = {"X-Forwarded-For": "192.168.1.7"}
        assert read_metrics(client, "192.168.1.7", forwarded).status_code == 200
        assert read_metrics(client, "10.0.0.9", {}).status_code == 403
        assert read_metrics(client, "203.0.113.9", forwarded).status_code == 403


def test_metrics_count_the_requests(register: TestClient) -> None:
    register.get("/v1/vocabularies/sensorType")
    measured = read_metrics(register)
    assert measured.headers["content-type"].startswith("text/plain; version=")
    assert 'route="/v1/vocabularies/{name}",status="2xx"' in measured.text


def test_process_without_database_is_alive_and_not_ready(
    cluster: Cluster, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PROBE_WAIT_SECONDS", 0.5)
    name = str(conninfo_to_dict(fresh_database)["dbname"])
    with make_client(fresh_database, read_connections=1, read_timeout_seconds=0.5) as client:
        with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as administrator:
            administrator.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
            )
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        assert client.get("/health/live").status_code == 200
        ready = client.get("/health/ready")
        assert ready.status_code == 503
        checks = ready.json()["checks"]
        assert {part: check["status"] for part, check in checks.items()} == {
            "database": "fail",
            "postgis": "fail",
            "migrations": "fail",
            "rdGrid": "pass",
            "writes": "warn",
            "temporaryFiles": "pass",
            "mail": "warn",
        }
        assert name not in ready.text
        reading = client.get("/v1/vocabularies/sensorType")
        assert reading.status_code == 503
        assert reading.headers["retry-after"] == "5"
        assert reading.headers["content-type"] == "application/problem+json"
