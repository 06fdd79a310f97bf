"""The official abstract tests of CQL2: each filter, asked of the official data, finds as many as it should.

Source: OGC 21-065r2, annex A; the data are Natural Earth's, in a GeoPackage.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Double,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy import Text as SqlText
from sqlalchemy.pool import NullPool

from app.bootstrap.paths import ROOT
from app.core.database import sqlalchemy_url
from app.spatial.cql2.filters import FilterLanguage, parse_filter, write_condition
from app.spatial.cql2.properties import FilterProperties, FilterProperty, PropertyKind
from app.spatial.crs import Crs

OFFICIAL: Final = ROOT.parent / "shared" / "standards" / "cql2"
pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="no ../shared beside the repository")

PLACES: Final = "ne_110m_populated_places_simple"
NOT_AS_OFFICIAL: Final = {
    # Chengdu, Chicago and Chișinău: three names begin with Ch, whatever is made of accents.
    (PLACES, "ACCENTI(name) LIKE accenti('Ch%')"): (3, 2),
    # Only Chișinău begins with Chis; the tests count 2.
    (PLACES, "ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))"): (1, 2),
    (PLACES, "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))"): (1, 2),
}
"""Results of 3 of the 351 filters, here and in the tests, which disagree with the official data."""

_KINDS: Final[dict[str, tuple[PropertyKind, Any]]] = {
    "TEXT": (PropertyKind.TEXT, SqlText()),
    "REAL": (PropertyKind.NUMBER, Double()),
    "INTEGER": (PropertyKind.INTEGER, BigInteger()),
    "DATE": (PropertyKind.DATE, Date()),
    "DATETIME": (PropertyKind.TIMESTAMP, DateTime(timezone=True)),
    "BOOLEAN": (PropertyKind.BOOLEAN, Boolean()),
}


def _read_value(kind: PropertyKind, value: Any) -> Any:
    if value is None:
        return None
    if kind is PropertyKind.DATE:
        return date.fromisoformat(value)
    if kind is PropertyKind.TIMESTAMP:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return bool(value) if kind is PropertyKind.BOOLEAN else value


def _read_geometry(blob: bytes) -> str:
    """A GeoPackage writes a header before the WKB, with an extent of 0, 4, 6 or 8 numbers."""
    header = 8 + 8 * (0, 4, 6, 6, 8)[blob[3] >> 1 & 7]
    return "SRID=4258;" + blob[header:].hex()


def _load(connection: Connection, official: sqlite3.Connection, name: str) -> FilterProperties:
    described = official.execute(f'PRAGMA table_info("{name}")').fetchall()
    kinds = {
        column[1]: _KINDS[column[2].partition("(")[0]]
        for column in described
        if column[1] not in ("fid", "geom")
    }
    columns: list[Column[Any]] = [Column(each, sql_type) for each, (_, sql_type) in kinds.items()]
    geometry: Column[Any] = Column("geom", Geometry(srid=4258, spatial_index=False))
    table = Table(name, MetaData(), *columns, geometry, prefixes=["TEMPORARY"])
    table.create(connection)
    names = ", ".join(f'"{each}"' for each in ("geom", *kinds))
    rows = [
        {"geom": _read_geometry(blob)}
        | {
            each: _read_value(kind, value)
            for (each, (kind, _)), value in zip(kinds.items(), values, strict=True)
        }
        for blob, *values in official.execute(f'SELECT {names} FROM "{name}"')
    ]
    connection.execute(insert(table), rows)
    properties = {each: FilterProperty(table.c[each], kind) for each, (kind, _) in kinds.items()}
    return properties | {"geom": FilterProperty(table.c.geom, PropertyKind.GEOMETRY)}


@pytest.fixture(scope="module")
def official_tables(database_url: str) -> Iterator[tuple[Connection, dict[str, FilterProperties]]]:
    """The official tables as temporary ones, and the properties of each."""
    engine = create_engine(sqlalchemy_url(database_url), poolclass=NullPool)
    source = sqlite3.connect(f"file:{OFFICIAL}/ne110m4cql2.gpkg?mode=ro&immutable=1", uri=True)
    with closing(source), engine.connect() as connection:
        tables = {name for (name,) in source.execute("SELECT table_name FROM gpkg_contents")}
        yield connection, {name: _load(connection, source, name) for name in tables}
        connection.rollback()


def _read_tests() -> dict[str, list[dict[str, Any]]]:
    """The official tests by conformance class."""
    tests: dict[str, list[dict[str, Any]]] = {}
    for test in json.loads((OFFICIAL / "cql2_ats.json").read_text()) if OFFICIAL.is_dir() else []:
        tests.setdefault(test["cls"], []).append(test)
    return tests


TESTS: Final = _read_tests()


@pytest.mark.parametrize("language", ["cql2-text", "cql2-json"])
@pytest.mark.parametrize("conformance_class", TESTS)
def test_official_filters_find_the_expected_count(
    official_tables: tuple[Connection, dict[str, FilterProperties]],
    conformance_class: str,
    language: FilterLanguage,
) -> None:
    connection, tables = official_tables
    found = {}
    for test in TESTS[conformance_class]:
        properties = tables[test["table"]]
        asked, problems = parse_filter(test["filter"], "cql2-text", Crs.CRS84, properties)
        if asked and language == "cql2-json":
            asked, problems = parse_filter(asked.tree, "cql2-json", Crs.CRS84, properties)
        assert asked, (test["filter"], problems)
        condition = write_condition(asked, properties)
        count = connection.scalar(
            select(func.count()).select_from(properties["geom"].column.table).where(condition), asked.values
        )
        if count != test["count"]:
            found[test["table"], test["filter"]] = (count, test["count"])
    expected = {(test["table"], test["filter"]) for test in TESTS[conformance_class]}
    assert found == {each: counts for each, counts in NOT_AS_OFFICIAL.items() if each in expected}


def test_there_are_351_official_filters() -> None:
    assert sum(len(tests) for tests in TESTS.values()) == 351
    assert len(NOT_AS_OFFICIAL) == 3
