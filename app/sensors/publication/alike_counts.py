"""Counts of a search that filters by no more than alike sensors have in common, from their stored numbers.

The conditions of a search and the values of its dimensions are those of the sensors, read from other rows.
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Subquery,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
)

from app.sensors.publication.alike_sensors import (
    EVERY_AREA,
    EVERY_OWNER,
    PROFILE_COLUMNS,
    REDUCED_COLUMNS,
    select_reduced,
)
from app.sensors.publication.stored_day import STORED_DAY, is_passing
from app.sensors.search.bound_values import today
from app.sensors.search.conditions import bind_search, select_conditions
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.grouped_counts import Grouping, SensorCounts, count_by, read_counts_row
from app.sensors.search.pages import ReadPool
from app.sensors.search.query_shape import QueryShape
from app.sensors.search.sensor_search import SEARCHABLE, SensorSearch
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import (
    alike_sensors,
    change,
    published_sensor,
    sensor_area,
    sensor_profile,
)

_AREA, _OWNER, _PROFILE = "area_id", "owner_id", "profile_id"

_KEYS: Final[Mapping[Dimension, str]] = {
    Dimension.MUNICIPALITY: _AREA,
    Dimension.PROVINCE: _AREA,
    Dimension.SENSOR_TYPE: _PROFILE,
    Dimension.THEME: _PROFILE,
    Dimension.SMART_CITY_THEME: _PROFILE,
    Dimension.OWNER: _OWNER,
    Dimension.OWNER_TYPE: _OWNER,
    Dimension.PERSONAL_DATA: _PROFILE,
    Dimension.LEGAL_GROUND: _PROFILE,
    Dimension.OPERATIONAL_STATUS: _PROFILE,
    Dimension.MOBILITY: _PROFILE,
    Dimension.CONFIRMED: _PROFILE,
}
"""The dimensions by which alike sensors are counted, and the key that decides the value of each.

Months and what is filled in differ among alike sensors.
"""

_FILTERS: Final = {name for name, stored in SEARCHABLE.items() if stored in {*PROFILE_COLUMNS, "owner_id"}}

_EVERY_AREA: Final[ColumnElement[Any]] = literal_column(str(EVERY_AREA))
_EVERY_OWNER: Final[ColumnElement[Any]] = literal_column(f"CAST('{EVERY_OWNER}' AS uuid)")
_TODAY: Final = "CAST(:today AS date)"


def has_alike_counts(search: SensorSearch, by: Sequence[Dimension]) -> bool:
    """Whether a search filters and counts by no more than alike sensors have in common, and by a present place."""
    plain = replace(search, values={}, statuses=(), municipality=None, province=None)
    is_present = search.municipality is None or search.municipality.edition is None
    return (
        plain.is_whole_collection
        and is_present
        and _FILTERS.issuperset(search.values)
        and _KEYS.keys() >= set(by)
    )


async def read_alike_counts(
    pool: ReadPool, search: SensorSearch, groupings: Sequence[Grouping]
) -> SensorCounts:
    """The counts of `grouped_counts` for a search that has alike counts.

    Raises: psycopg errors, for the exception handlers.
    """
    statement, values = plan_alike_counts(search, groupings)
    async with pool.connection() as connection:
        cursor = await connection.execute(statement, values, prepare=False, binary=True)
        return read_counts_row(await cursor.fetchone())


def plan_alike_counts(search: SensorSearch, groupings: Sequence[Grouping]) -> tuple[str, Mapping[str, Any]]:
    """The statement of `read_alike_counts`, and its values."""
    return _compile(QueryShape.of(search), tuple(groupings)), bind_search(search)


@lru_cache(maxsize=256)
def _compile(shape: QueryShape, groupings: tuple[Grouping, ...]) -> str:
    """A statement of one row, as that of `grouped_counts`."""
    reader = _Reader(shape)
    alike = [reader.group(grouping) for grouping in groupings]
    return compile_statement(
        select(
            select(func.max(change.c.number)).scalar_subquery(),
            cast(reader.count(), BigInteger),
            *(count_by(one, grouping) for one, grouping in zip(alike, groupings, strict=True)),
        )
    )


class _Reader:
    """The parts of the statement of a search."""

    def __init__(self, shape: QueryShape) -> None:
        self._shape = shape
        passing = _select_passing()
        self._moved = select(passing).where(*select_conditions(shape, passing)).cte("moved")
        """The sensors that count otherwise on the day of the search: once taken off, and once added."""
        self._counted: dict[str, CTE] = {}

    def count(self) -> ScalarSelect[Any]:
        """The number of matches."""
        counted = self._count_alike((_PROFILE,))
        every = select(counted.c.sensors).union_all(select(self._moved.c.sensors)).subquery("every_match")
        return select(func.coalesce(func.sum(every.c.sensors), literal_column("0"))).scalar_subquery()

    def group(self, grouping: Grouping) -> CTE:
        """The number of matches by the columns of the dimensions, as `count_by` takes them."""
        keys = tuple(sorted({_KEYS[one] for one in grouping}))
        counted = self._count_alike(keys, [one for one in grouping if _KEYS[one] == _PROFILE])
        tables: dict[str, FromClause] = {_OWNER: counted}
        source: FromClause = counted
        for key, table in ((_AREA, sensor_area), (_PROFILE, sensor_profile)):
            if key in keys:
                tables[key] = table
                source = source.join(table, table.c.id == counted.c[key])
        stored = select(
            *_read(grouping, [tables[_KEYS[one]] for one in grouping]), counted.c.sensors
        ).select_from(source)
        passing = select(*_read(grouping, [self._moved] * len(grouping)), self._moved.c.sensors)
        name = "_".join(one.lower() for one in grouping)
        every = stored.union_all(passing).subquery(f"every_{name}")
        values = [every.c[one.lower()] for one in grouping]
        sensors = func.sum(every.c.sensors)
        return (
            select(*values, sensors.label("sensors"))
            .group_by(*values)
            .having(sensors != literal_column("0"))
            .cte(f"alike_{name}")
        )

    def _count_alike(self, keys: tuple[str, ...], by: Sequence[Dimension] = ()) -> CTE:
        """The stored number of matches by these keys; beside another key, profiles that are the same `by` are one."""
        merged = by if len(keys) > 1 else ()
        name = "_".join(("counted", *keys, *(one.lower() for one in merged)))
        if name not in self._counted:
            self._counted[name] = self._select_alike(keys, merged).cte(name)
        return self._counted[name]

    def _select_alike(self, keys: tuple[str, ...], merged: Sequence[Dimension]) -> Select[Any]:
        table = alike_sensors
        by_area = _AREA in keys or bool(self._shape.municipality) or self._shape.province
        by_owner = _OWNER in keys or "owner" in dict(self._shape.values)
        profile = [one for one in sensor_profile.c if one.name != "id"]
        source = table.join(sensor_profile, sensor_profile.c.id == table.c.profile_id)
        # The numbers over all areas or owners are far fewer.
        is_area, is_owner = (operator.ne if one else operator.eq for one in (by_area, by_owner))
        wanted = is_area(table.c.area_id, _EVERY_AREA), is_owner(table.c.owner_id, _EVERY_OWNER)
        columns = [*table.c, *profile]
        if by_area:
            source = source.join(sensor_area, sensor_area.c.id == table.c.area_id)
            columns.append(sensor_area.c.municipality_codes)
        if merged:
            same = _find_same_profiles(merged)
            source = source.join(same, same.c.id == table.c.profile_id)
            columns.append(same.c.first_id)
        stored = select(*columns).select_from(source).where(*wanted).subquery("stored")
        chosen = {key: stored.c[key] for key in keys} | ({_PROFILE: stored.c.first_id} if merged else {})
        return (
            select(
                *(one.label(key) for key, one in chosen.items()), func.sum(stored.c.sensors).label("sensors")
            )
            .where(*select_conditions(self._shape, stored))
            .group_by(*chosen.values())
        )


def _select_passing() -> Subquery:
    written = text(select_reduced(f"(-1, {STORED_DAY}), (1, {_TODAY})", is_passing(_TODAY)))
    columns = [column(name, published_sensor.c[name].type) for name in REDUCED_COLUMNS]
    return written.columns(*columns, column("sensors", BigInteger())).subquery("passing")


def _find_same_profiles(dimensions: Sequence[Dimension]) -> Subquery:
    """For each profile the first one with the same columns of these dimensions."""
    columns = [SOURCES[one].read(sensor_profile, today()) for one in dimensions]
    first = func.min(sensor_profile.c.id).over(partition_by=columns)
    return select(sensor_profile.c.id, first.label("first_id")).subquery("same")


def _read(grouping: Grouping, tables: Sequence[FromClause]) -> list[ColumnElement[Any]]:
    return [
        SOURCES[one].read(table, today()).label(one.lower())
        for one, table in zip(grouping, tables, strict=True)
    ]
