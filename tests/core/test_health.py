"""Whether the process lives and can work, as a load balancer asks it."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, text

from app.core import health
from app.core.database import sqlalchemy_url
from app.core.health import Check, NotReady, create_health_router
from app.core.migrations import find_newest_revision
from app.local_postgres.cluster import ADMINISTRATOR, Cluster
from tests.support.application import make_client


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[TestClient]:
    with make_client(module_database) as client:
        yield client


def test_a_started_register_is_ready(register: TestClient) -> None:
    answer = register.get("/health/ready")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    checks = answer.json()["checks"]
    assert {name: check["status"] for name, check in checks.items()} == dict.fromkeys(
        ("database", "postgis", "migrations", "rdGrid"), "pass"
    )
    assert checks["migrations"]["found"] == find_newest_revision()
    assert "PROJ" in checks["postgis"]["found"]


def test_it_lives(register: TestClient) -> None:
    assert register.get("/health/live").json() == {"status": "pass"}


def test_an_older_schema_is_not_ready(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        engine = create_engine(sqlalchemy_url(fresh_database))
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        engine.dispose()
        answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "fail"
    failed = {name: check for name, check in answer.json()["checks"].items() if check["status"] == "fail"}
    assert list(failed) == ["migrations"]
    assert "0001" in failed["migrations"]["found"]


def make_trial(*checks: Check) -> TestClient:
    app = FastAPI()
    app.include_router(create_health_router(checks))
    return TestClient(app)


def test_every_part_is_reported_and_no_secret_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def pass_by(_: FastAPI) -> str:
        return "1.0"

    async def refuse(_: FastAPI) -> str:
        raise NotReady("needs oil")

    async def break_down(_: FastAPI) -> str:
        raise ConnectionError("postgresql://user:password@host")

    async def sleep(_: FastAPI) -> str:
        await asyncio.sleep(5)
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


def test_metrics_are_those_of_the_requests(register: TestClient) -> None:
    register.get("/v1/vocabularies/sensorType")
    measured = register.get("/metrics")
    assert measured.headers["content-type"].startswith("text/plain; version=")
    assert 'route="/v1/vocabularies/{name}",status="2xx"' in measured.text


def test_without_its_database_it_lives_but_is_not_ready(cluster: Cluster, fresh_database: str) -> None:
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
        }
        assert name not in ready.text
        reading = client.get("/v1/vocabularies/sensorType")
        assert reading.status_code == 503
        assert reading.headers["retry-after"] == "5"
        assert reading.headers["content-type"] == "application/problem+json"
