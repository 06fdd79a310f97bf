"""Counts by dimension from the stored ones: of the whole register or a municipality, by default or in any status."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnClause,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
)

from app.sensors.publication.statistics import STORED_AS, select_stored
from app.sensors.search.bound_values import bind, today
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.grouped_counts import SensorCounts, count_by, read_counts_row
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.pages import ReadPool
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import WHOLE_COLLECTION, change, published_sensor


def has_stored_counts(search: SensorSearch) -> bool:
    """Whether stored counts answer a search: at most a municipality in force, and every status or none."""
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
    values = {
        "today": search.today,
        "municipality": search.municipality.code if search.municipality else WHOLE_COLLECTION,
        "shows_all": bool(search.statuses),
    }
    async with pool.connection() as connection:
        cursor = await connection.execute(
            _compile_counts(tuple(dimensions)), values, prepare=True, binary=True
        )
        return read_counts_row(await cursor.fetchone())


@lru_cache(maxsize=64)
def _compile_counts(dimensions: tuple[Dimension, ...]) -> str:
    """A statement of one row, as that of `grouped_counts`; the total is counted by the kind, of which each has one."""
    names = ", ".join(f"'{STORED_AS[one]}'" for one in (Dimension.SENSOR_TYPE, *dimensions))
    which = f"municipality_code = CAST(:municipality AS text) AND dimension IN ({names})"
    columns: list[ColumnClause[Any]] = [
        *(column(name, Text()) for name in ("municipality_code", "dimension", "value")),
        column("is_shown", Boolean()),
        column("sensors", BigInteger()),
    ]
    stored = text(select_stored("CAST(:today AS date)", which)).columns(*columns).cte("stored")
    mine = stored.c.municipality_code == bind("municipality", Text())
    chosen = mine & (stored.c.is_shown | bind("shows_all", Boolean()))
    counted = []
    for dimension in dimensions:
        kind = SOURCES[dimension].read(published_sensor, today()).type
        if not isinstance(kind, ARRAY | Uuid):
            kind = Text()
        value = cast(func.nullif(stored.c.value, literal_column("''")), kind)
        alike = (
            select(value.label(dimension.lower()), func.sum(stored.c.sensors).label("sensors"))
            .where(chosen, stored.c.dimension == literal_column(f"'{STORED_AS[dimension]}'"))
            .group_by(stored.c.value)
            .having(func.sum(stored.c.sensors) != literal_column("0"))
            .cte(f"alike_{dimension.lower()}")
        )
        counted.append(count_by(alike, (dimension,)))
    every = func.coalesce(func.sum(stored.c.sensors), literal_column("0"))
    of_kind = stored.c.dimension == literal_column(f"'{Dimension.SENSOR_TYPE}'")
    total = select(every).where(chosen, of_kind).scalar_subquery()
    latest = select(func.max(change.c.number)).scalar_subquery()
    return compile_statement(select(latest, cast(total, BigInteger), *counted))
