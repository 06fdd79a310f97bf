"""Counts by dimension from the stored ones: of the whole register or a municipality, by default or in any status."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Boolean,
    ColumnClause,
    ColumnElement,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
)

from app.sensors.publication.statistics import OUTSIDE, STORED_AS, select_stored
from app.sensors.search.bound_values import bind, today
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.grouped_counts import SensorCounts, count_by, read_counts_row
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.pages import ReadPool
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import WHOLE_COLLECTION, change, published_sensor


def has_stored_counts(search: SensorSearch, by: Sequence[Dimension] = ()) -> bool:
    """Whether stored counts answer a search: at most a municipality in force, and every status or none.

    By two dimensions they answer for the whole register, when one of the two is the municipality.
    """
    if len(by) > 1 and (search.municipality is not None or Dimension.MUNICIPALITY not in by):
        return False
    if search.statuses and set(search.statuses) != set(OPERATIONAL_STATUSES):
        return False
    plain = replace(search, statuses=())
    return plain.is_whole_collection or plain.is_one_municipality


async def read_stored_counts(
    pool: ReadPool, search: SensorSearch, dimensions: Sequence[Dimension]
) -> SensorCounts:
    """The counts of a search that has stored counts, by each of these dimensions.

    Raises: psycopg errors, for the exception handlers.
    """
    return await _read(pool, search, _compile_counts(tuple(dimensions)))


async def read_stored_pair(pool: ReadPool, search: SensorSearch, by: Sequence[Dimension]) -> SensorCounts:
    """The counts of a search that has stored counts, by the pair of the municipality and another dimension.

    Raises: psycopg errors, for the exception handlers.
    """
    return await _read(pool, search, _compile_pair(tuple(by)))


async def _read(pool: ReadPool, search: SensorSearch, statement: str) -> SensorCounts:
    values = {
        "today": search.today,
        "municipality": search.municipality.code if search.municipality else WHOLE_COLLECTION,
        "shows_all": bool(search.statuses),
    }
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, values, prepare=True, binary=True)
        return read_counts_row(await cursor.fetchone())


@lru_cache(maxsize=64)
def _compile_counts(dimensions: tuple[Dimension, ...]) -> str:
    """A statement of one row, as that of `grouped_counts`."""
    stored = _select_stored("municipality_code = CAST(:municipality AS text)", dimensions)
    mine = stored.c.municipality_code == bind("municipality", Text())
    alike = [_group(stored, dimension, mine, []) for dimension in dimensions]
    counted = [count_by(one, (dimension,)) for one, dimension in zip(alike, dimensions, strict=True)]
    return _compile_row(stored, counted)


@lru_cache(maxsize=64)
def _compile_pair(by: tuple[Dimension, ...]) -> str:
    """A statement of one row, as that of `grouped_counts`."""
    [other] = set(by) - {Dimension.MUNICIPALITY}
    stored = _select_stored("true", (other,))
    municipality = func.nullif(stored.c.municipality_code, literal_column(f"'{OUTSIDE}'"))
    within = stored.c.municipality_code != literal_column(f"'{WHOLE_COLLECTION}'")
    alike = _group(stored, other, within, [municipality.label(Dimension.MUNICIPALITY.lower())])
    return _compile_row(stored, [count_by(alike, by, single=(Dimension.MUNICIPALITY,))])


def _select_stored(which: str, dimensions: tuple[Dimension, ...]) -> CTE:
    columns: list[ColumnClause[Any]] = [
        *(column(name, Text()) for name in ("municipality_code", "dimension", "value")),
        column("is_shown", Boolean()),
        column("sensors", BigInteger()),
    ]
    written = select_stored("CAST(:today AS date)", which, (Dimension.SENSOR_TYPE, *dimensions))
    return text(written).columns(*columns).cte("stored")


def _group(
    stored: CTE, dimension: Dimension, which: ColumnElement[bool], further: list[ColumnElement[Any]]
) -> CTE:
    """The stored counts of a dimension by its column, as `count_by` takes them."""
    kind = SOURCES[dimension].read(published_sensor, today()).type
    if not isinstance(kind, ARRAY | Uuid):
        kind = Text()
    value = cast(func.nullif(stored.c.value, literal_column("''")), kind).label(dimension.lower())
    total = func.sum(stored.c.sensors)
    return (
        select(value, *further, total.label("sensors"))
        .where(which, _is_chosen(stored), stored.c.dimension == literal_column(f"'{STORED_AS[dimension]}'"))
        .group_by(stored.c.value, *([stored.c.municipality_code] if further else []))
        .having(total != literal_column("0"))
        .cte(f"alike_{dimension.lower()}")
    )


def _compile_row(stored: CTE, counted: list[ColumnElement[Any]]) -> str:
    """The statement with the last change and the total, which is counted by the kind: each sensor has one."""
    every = func.coalesce(func.sum(stored.c.sensors), literal_column("0"))
    of_kind = stored.c.dimension == literal_column(f"'{Dimension.SENSOR_TYPE}'")
    mine = stored.c.municipality_code == bind("municipality", Text())
    total = select(every).where(mine, _is_chosen(stored), of_kind).scalar_subquery()
    latest = select(func.max(change.c.number)).scalar_subquery()
    return compile_statement(select(latest, cast(total, BigInteger), *counted))


def _is_chosen(stored: CTE) -> ColumnElement[bool]:
    return stored.c.is_shown | bind("shows_all", Boolean())
