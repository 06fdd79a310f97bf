"""Counts of the matches of a search by the values of dimensions, read from the publication by one statement."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    cast,
    func,
    literal_column,
    select,
    true,
)

from app.sensors.search.bound_values import bind, today
from app.sensors.search.conditions import bind_search
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.pages import ReadPool
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import SensorSearch
from app.sensors.search.statements import compile_statement, select_matches
from app.sensors.tables.publication import change

Grouping = tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class CountRow:
    """The number of sensors with these values, one for each dimension; None for sensors without a value."""

    values: tuple[str | None, ...]
    count: int


@dataclass(frozen=True, slots=True)
class SensorCounts:
    """The number of matches, and their number by the values of each grouping, in order of value."""

    total: int
    rows: tuple[tuple[CountRow, ...], ...]
    change_number: int


async def read_grouped_counts(
    pool: ReadPool, search: SensorSearch, groupings: Sequence[Grouping]
) -> SensorCounts:
    """Count the matches of a search, whatever its page, by each of these groupings; they are read once.

    Raises: psycopg errors, for the exception handlers.
    """
    statement = _compile_counts(QueryShape.of(search), tuple(groupings))
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, bind_search(search), prepare=False, binary=True)
        return read_counts_row(await cursor.fetchone())


async def has_more_matches(pool: ReadPool, search: SensorSearch, number: int) -> bool:
    """Whether a search has more matches than this number; no more are read.

    Raises: psycopg errors, for the exception handlers.
    """
    statement = _compile_capped(QueryShape.of(search))
    async with pool.connection() as connection:
        values = bind_search(search) | {"most": number + 1}
        cursor = await connection.execute(statement, values, prepare=False, binary=True)
        row = await cursor.fetchone()
    return bool(row[0] > number)


@lru_cache(maxsize=64)
def _compile_capped(shape: QueryShape) -> str:
    most = bind("most", Integer())
    matches = select_matches(shape, lambda _: [literal_column("1").label("one")], most=most).limit(most)
    return compile_statement(select(func.count()).select_from(matches.subquery("capped")))


def read_counts_row(row: Sequence[Any] | None) -> SensorCounts:
    """The counts of a statement of one row: the last change number, the number of matches, a JSON text by grouping."""
    change_number, total, *counted = row or (0, 0)
    return SensorCounts(total, tuple(_read_rows(rows) for rows in counted), change_number or 0)


def _read_rows(rows: bytes | None) -> tuple[CountRow, ...]:
    found = [CountRow(tuple(values), count) for *values, count in json.loads(rows or b"[]")]
    return tuple(sorted(found, key=lambda row: [(value is None, value or "") for value in row.values]))


@lru_cache(maxsize=256)
def _compile_counts(shape: QueryShape, groupings: tuple[Grouping, ...]) -> str:
    """A statement of one row, for `read_counts_row`."""
    dimensions = list(dict.fromkeys(one for grouping in groupings for one in grouping))

    def list_columns(table: FromClause) -> list[ColumnElement[Any]]:
        one: list[ColumnElement[Any]] = [literal_column("1").label("one")]
        return one + [
            SOURCES[dimension].read(table, today()).label(_name(dimension)) for dimension in dimensions
        ]

    matches = select_matches(shape, list_columns).subquery("matches")
    # Equal sensors are counted before their lists are expanded.
    alike = select(*matches.c, func.count().label("sensors")).group_by(*matches.c).cte("alike")
    total = select(func.coalesce(func.sum(alike.c.sensors), literal_column("0"))).scalar_subquery()
    return compile_statement(
        select(
            select(func.max(change.c.number)).scalar_subquery(),
            cast(total, BigInteger),
            *(count_by(alike, grouping) for grouping in groupings),
        )
    )


def _name(dimension: Dimension) -> str:
    return dimension.value.lower()


def count_by(alike: CTE, grouping: Grouping, single: Collection[Dimension] = ()) -> ColumnElement[Any]:
    """The rows of a grouping as a JSON text: an array of the values of the dimensions and the count.

    `alike` has a column for each dimension, named in lower case, and the number of `sensors` that have these.
    Columns of the dimensions in `single` have one value already.
    """
    source: FromClause = alike
    values: list[ColumnElement[Any]] = []
    for dimension in grouping:
        column: ColumnElement[Any] = alike.c[_name(dimension)]
        expand = SOURCES[dimension].expand
        if expand is not None and dimension not in single:
            expanded = expand(column).correlate(alike).lateral(f"each_{_name(dimension)}")
            source = source.outerjoin(expanded, true())
            column = expanded.c.value
        values.append(cast(column, Text).label(f"value_{_name(dimension)}"))
    counted = (
        select(*values, func.sum(alike.c.sensors).label("sensors")).select_from(source).group_by(*values)
    ).subquery()
    row = func.json_build_array(*counted.c)
    return cast(select(func.json_agg(row)).select_from(counted).scalar_subquery(), Text)
