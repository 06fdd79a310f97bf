"""Errors of a real database, and the errors that the caller gets."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.core import database_errors
from app.core.database import sqlalchemy_url
from app.core.database_errors import translate_constraint, translate_database_error
from app.core.errors import Conflict, InvalidRequest, NotFound, RegisterError, Unavailable

TABLE = """
CREATE TABLE place (
    id int CONSTRAINT pk_place PRIMARY KEY,
    name text CONSTRAINT uq_place_name UNIQUE,
    size int NOT NULL DEFAULT 1 CONSTRAINT ck_place_size CHECK (size > 0)
)
"""


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database), pool_size=2, max_overflow=0, pool_timeout=0.1)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA trial"))
        connection.execute(text(TABLE.replace("TABLE place", "TABLE trial.place")))
        connection.execute(text("INSERT INTO trial.place VALUES (1, 'Dam')"))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _own_translations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_errors, "_by_constraint", {})


def provoke(engine: Engine, *statements: str) -> RegisterError | None:
    """Return the translation of the error that the last statement causes."""
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        with pytest.raises(SQLAlchemyError) as caught:
            connection.execute(text(statements[-1]))
    return translate_database_error(caught.value)


def test_violation_is_translated_by_its_constraint(engine: Engine) -> None:
    translate_constraint("uq_place_name", NotFound)
    assert isinstance(provoke(engine, "INSERT INTO trial.place VALUES (2, 'Dam')"), NotFound)


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO trial.place VALUES (1, 'Rokin')", "INSERT INTO trial.place VALUES (2, 'Rokin', 0)"],
)
def test_violation_without_translation_is_a_conflict_and_is_logged(
    engine: Engine, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    error = provoke(engine, statement)
    assert type(error) is Conflict
    assert "has no translation" in caplog.text


def test_constraint_cannot_be_translated_twice() -> None:
    translate_constraint("uq_place_name", Conflict)
    with pytest.raises(ValueError, match="uq_place_name"):
        translate_constraint("uq_place_name", Conflict)


def test_lock_timeout_is_unavailable(engine: Engine) -> None:
    with engine.begin() as other:
        other.execute(text("SELECT FROM trial.place WHERE id = 1 FOR UPDATE"))
        error = provoke(engine, "SET lock_timeout = 50", "SELECT FROM trial.place WHERE id = 1 FOR UPDATE")
    assert isinstance(error, Unavailable)
    assert error.headers["Retry-After"] == "5"


def test_slow_statement_is_cancelled(engine: Engine) -> None:
    assert isinstance(provoke(engine, "SET statement_timeout = 50", "SELECT pg_sleep(5)"), Unavailable)


def test_lost_connection_is_unavailable(engine: Engine) -> None:
    assert isinstance(provoke(engine, "SELECT pg_terminate_backend(pg_backend_pid())"), Unavailable)


def test_exhausted_connection_pool_is_unavailable(engine: Engine) -> None:
    with engine.connect(), engine.connect(), pytest.raises(SQLAlchemyError) as caught:
        engine.connect()
    assert isinstance(translate_database_error(caught.value), Unavailable)


def test_unreachable_server_is_unavailable() -> None:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("postgresql://nobody@127.0.0.1:1/none", connect_timeout=1)
    assert isinstance(translate_database_error(caught.value), Unavailable)


@pytest.mark.parametrize("value", ["a\0b", '{"a": "\\u0000"}'])
def test_text_with_nul_is_an_invalid_request(engine: Engine, value: str) -> None:
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as caught:
        connection.execute(text("SELECT CAST(:value AS jsonb)"), {"value": value})
    assert isinstance(translate_database_error(caught.value), InvalidRequest)


@pytest.mark.parametrize(
    "statement",
    ["SELECT nothing", "INSERT INTO trial.place (id, size) VALUES (3, NULL)", "SELECT 1 / 0"],
)
def test_own_database_error_is_not_translated(engine: Engine, statement: str) -> None:
    assert provoke(engine, statement) is None


@pytest.mark.parametrize("make_error", [errors.DeadlockDetected, errors.SerializationFailure])
def test_serialization_failure_is_unavailable(make_error: Callable[[], psycopg.Error]) -> None:
    assert isinstance(translate_database_error(make_error()), Unavailable)
