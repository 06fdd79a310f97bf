"""Migrating with fewer rights than in the private cluster, and the range of versions that a schema serves."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import create_engine

from app.audit.queries import is_audit_protected
from app.bootstrap.cannot_start import CannotStart
from app.bootstrap.paths import ROOT
from app.core.database import CREATE_ROLE_ADVICE, sqlalchemy_url
from app.core.migrations import (
    SchemaVersion,
    find_newest_revision,
    find_oldest_served,
    find_oldest_served_of,
    is_served,
    list_revisions,
    migrate_database,
    read_revision,
)
from app.core.read_role import may_take_read_role
from app.local_postgres.cluster import ADMINISTRATOR, Cluster, run_cluster
from tests.support.scratch import find_scratch_folder


def administer(cluster: Cluster, database: str, *statements: str) -> None:
    with psycopg.connect(cluster.url(database, ADMINISTRATOR), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def other_server() -> Iterator[Cluster]:
    """A server that is not ours: its user owns a database and may make no roles."""
    with TemporaryDirectory(prefix="sensor-register-other-", dir=find_scratch_folder()) as folder:
        Path(folder).chmod(0o755)
        with run_cluster(Path(folder, "cluster"), durable=False) as cluster:
            administer(cluster, "postgres", "CREATE ROLE plain LOGIN", "DROP ROLE sensor_register_reader")
            yield cluster


def test_migration_without_postgis_names_the_statement_for_an_administrator(other_server: Cluster) -> None:
    administer(other_server, "postgres", "CREATE DATABASE bare OWNER plain")
    with pytest.raises(CannotStart, match="CREATE EXTENSION postgis"):
        migrate_database(other_server.url("bare", "plain"))


def test_migration_without_read_role_succeeds_and_grants_it_later(other_server: Cluster) -> None:
    administer(other_server, "postgres", "CREATE DATABASE given OWNER plain")
    administer(other_server, "given", "CREATE EXTENSION postgis")
    url = other_server.url("given", "plain")
    assert migrate_database(url) is False
    assert may_take_read_role(url) is False

    administer(
        other_server, "given", "SET ROLE postgres", CREATE_ROLE_ADVICE.replace("CURRENT_USER", "plain")
    )
    assert migrate_database(url) is True
    assert may_take_read_role(url) is True


def test_audit_trail_made_by_a_migration_is_protected_by_an_administrator_later(
    other_server: Cluster,
) -> None:
    administer(other_server, "postgres", "CREATE DATABASE audited OWNER plain")
    administer(other_server, "audited", "CREATE EXTENSION postgis")
    url = other_server.url("audited", "plain")
    migrate_database(url)
    add = "INSERT INTO audit.audit_entry (id, action, subject_kind, subject_ids, details) VALUES"
    with psycopg.connect(url) as connection:
        assert not is_audit_protected(connection)
        connection.execute(f"{add} (register.uuid7(), 'try', 'trial', '{{}}', '{{}}')")
    for _ in range(2):
        administer(other_server, "audited", (ROOT / "migrations" / "audit.sql").read_text("utf-8"))
    with psycopg.connect(url) as connection:
        assert is_audit_protected(connection)
        connection.execute(f"{add} (register.uuid7(), 'try', 'trial', '{{}}', '{{}}')")
        found = connection.execute("SELECT count(*) FROM audit.audit_entry").fetchone()
        assert found == (2,)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("DELETE FROM audit.audit_entry")
    migrate_database(url)
    with psycopg.connect(url) as connection:
        assert is_audit_protected(connection)


def test_revision_of_a_migrated_and_of_an_empty_database(fresh_database: str, empty_database: str) -> None:
    revisions = []
    for url in (fresh_database, empty_database):
        engine = create_engine(sqlalchemy_url(url))
        with engine.connect() as connection:
            revisions.append(read_revision(connection))
        engine.dispose()
    assert revisions == [find_newest_revision(), None]


def test_oldest_served_revision_is_the_last_that_breaks_the_version_before_it() -> None:
    assert find_oldest_served_of([("3", False), ("2", True), ("1", False)]) == "3"
    assert find_oldest_served_of([("3", True), ("2", True), ("1", False)]) == "1"
    assert find_oldest_served() in list_revisions()


@pytest.mark.parametrize(
    ("revision", "oldest_served", "expected"),
    [
        ("2", "2", True),
        ("2", "1", True),
        ("1", "1", False),
        ("3", "3", False),
        ("3", "2", True),
        ("3", "1", True),
    ],
)
def test_code_is_served_by_a_range_of_schemas(revision: str, oldest_served: str, *, expected: bool) -> None:
    assert is_served(SchemaVersion(revision, oldest_served), ("2", "1")) is expected
