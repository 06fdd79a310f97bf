"""The whole application: its routes and its start."""

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.core.database import transaction, warn_of_missing_role
from app.core.settings import Settings
from app.local_postgres.cluster import ADMINISTRATOR, Cluster
from app.mail.outbox import post_mail
from app.main import create_app
from tests.support.application import make_client
from tests.support.concurrency import read_state


def test_every_path_and_method_has_one_route() -> None:
    routes = iter_route_contexts(create_app(Settings()).routes)
    counted = Counter((route.path_format, method) for route in routes for method in route.methods or ())
    assert [address for address, count in counted.items() if count > 1] == []


def test_application_does_not_start_without_a_database() -> None:
    with pytest.raises(RuntimeError, match="REGISTER_DATABASE_URL"), TestClient(create_app(Settings())):
        pass


def test_application_without_read_role_starts_and_logs_the_advice(
    cluster: Cluster, fresh_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as administrator:
        administrator.execute("CREATE ROLE outsider LOGIN")
    warn_of_missing_role.cache_clear()
    outsider = make_conninfo("", **(conninfo_to_dict(fresh_database) | {"user": "outsider"}))
    with (
        caplog.at_level(logging.WARNING, "app.core.database"),
        make_client(fresh_database, read_database_url=outsider) as client,
    ):
        assert client.get("/health/ready").json()["checks"]["database"]["status"] == "pass"
    (warning,) = [record.getMessage() for record in caplog.records if record.name == "app.core.database"]
    assert "GRANT" in warning


def test_readiness_says_how_much_mail_waits_and_never_fails_by_it(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        check = client.get("/health/ready").json()["checks"]["mail"]
        assert check == {"status": "pass", "found": "no mail server is set up, 0 waiting"}
    with make_client(fresh_database, mail_host="mail.invalid", mail_from="a@register.example") as client:
        engine = read_state(client).write_engine
        for minutes, status in ((5, "pass"), (20, "warn")):
            posted = datetime.now(UTC) - timedelta(minutes=minutes)
            with transaction(engine) as session:
                post_mail(
                    session,
                    "sign_in_link",
                    receiver="noor@leiden.nl",
                    language="nl",
                    now=posted,
                    address="https://register.example",
                    minutes=10,
                    site="https://register.example",
                )
            ready = client.get("/health/ready")
            assert ready.status_code == 200
            assert ready.json()["checks"]["mail"]["status"] == status
        assert "2 waiting since" in ready.json()["checks"]["mail"]["found"]


def test_public_reads_have_access_to_the_publication_only(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        pool = read_state(client).read_pool
        assert client.portal is not None

        async def try_reading(table: str) -> None:
            async with pool.connection() as connection:
                await connection.execute(f"SELECT FROM {table}")

        client.portal.call(try_reading, "publication.published_sensor")
        for table in ("register.sensor_version", "register.api_key", "audit.audit_entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                client.portal.call(try_reading, table)
