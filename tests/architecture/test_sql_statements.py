"""Every SQL text of the register is prepared against the migrated schema, though no test may run it."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import app
from app.core.database import sqlalchemy_url
from app.sensors.bulk.staging import create_tables

PREPARED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
CREATED = re.compile(
    r"\s*(CREATE TEMPORARY TABLE (?:IF NOT EXISTS )?(\w+) .*?\bAS\b)(?=\s+(?:SELECT|WITH)\b)", re.DOTALL
)
PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)|%\((\w+)\)s|%s")
PLACE = re.compile(r"\{\w+\}")
"""A place that a function fills in; the tests of that function run the whole statement."""

FRAGMENTS = {
    "ADD_ALIKE",
    "ADD_CLUSTERS",
    "ADD_STATISTICS",
    "PROJECT_AREAS",
    "_COUNT",
    "_CURRENT",
    "_EVERY_SCOPE",
    "_PAST",
    "_REPEATED_SCOPES",
    "_SOURCE",
}
"""Constants that are part of another statement: they name a table of the whole."""


SKIPPED = ("app.files", "app.bootstrap")
"""Packages with SQL for GeoPackage (SQLite), and without any."""


def list_statements() -> Iterator[tuple[str, str]]:
    """Name and SQL of each constant, in the order of the modules and of their lines."""
    for found in walk_packages(app.__path__, "app."):
        if not found.name.startswith(SKIPPED):
            module = import_module(found.name)
            for name, value in vars(module).items():
                texts = value if isinstance(value, tuple) else (value,)
                for position, text in enumerate(texts):
                    if isinstance(text, str) and (name not in FRAGMENTS or "bulk" in found.name):
                        yield f"{found.name}.{name}[{position}]", text


STATEMENTS = [
    pytest.param(text, id=name)
    for name, text in list_statements()
    if PREPARED.match(text) and not PLACE.search(text)
]
TABLES = {name: text for name, text in list_statements() if "CREATE TEMPORARY TABLE" in text}


@pytest.fixture(scope="module")
def tables(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection with every temporary table that the statements use; none of them is run."""
    engine = create_engine(sqlalchemy_url(database_url))
    with Session(engine) as session:
        create_tables(session)
        connection = session.connection()
        for text in TABLES.values():
            created = CREATED.match(text)
            columns = f"{PARAMETER.sub('NULL', text)} WITH NO DATA" if created else text
            connection.exec_driver_sql(columns)
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        yield driver
    engine.dispose()


def number_parameters(text: str) -> str:
    """The statement with parameters as PREPARE takes them: one number for each name."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1] or found[2] or f"position {found.start()}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return PARAMETER.sub(number, text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_statement_can_be_prepared(tables: psycopg.Connection, text: str) -> None:
    with tables.transaction(force_rollback=True):
        tables.execute(f"PREPARE statement AS {number_parameters(text)}".encode())
        tables.execute("DEALLOCATE statement")


def test_statements_are_found() -> None:
    assert len(STATEMENTS) > 70
    assert {"app.sensors.bulk.duplicates.FIND[0]", "app.sensors.bulk.undo._COLLECT[0]"} <= set(TABLES)
