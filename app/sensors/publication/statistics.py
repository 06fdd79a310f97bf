"""Counts of sensors by dimension, stored for each municipality and for each kind of sensor.

Stored is what a count on request groups by before it expands lists: within each municipality and each kind, and for
each dimension, the number of sensors with one value of its column, as text. So a stored count and a count on request
differ in nothing but where they begin, and a new edition of the municipalities changes no stored count of provinces.
Each sensor has one kind: the counts of the whole register are the sums of those of the kinds.
Source: decisions 0049 and 0056.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import FromClause, literal_column, text
from sqlalchemy.orm import Session

from app.sensors.publication.stored_day import STORED_DAY, is_passing
from app.sensors.search.dimensions import SOURCES, Dimension
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import published_sensor

_DAY: Final = "seen.day"


def _write(dimension: Dimension, table: FromClause) -> str:
    return compile_statement(SOURCES[dimension].read(table, literal_column(_DAY)))


_SENSOR: Final = published_sensor.alias("sensor")
_SQL: Final = {dimension: _write(dimension, _SENSOR) for dimension in Dimension}
"""SQL of the column of each dimension, over `sensor` and `seen.day`."""

STORED_AS: Final[Mapping[Dimension, Dimension]] = {
    dimension: next(other for other in Dimension if _SQL[other] == _SQL[dimension]) for dimension in Dimension
}
"""The dimension under which the column of each is stored: that of owners and of their types is the same."""

_STORED: Final = tuple(dict.fromkeys(STORED_AS.values()))
_DAILY: Final = tuple(one for one in _STORED if _DAY in _SQL[one])
_FIXED: Final = tuple(one for one in _STORED if one not in _DAILY)
_KEY: Final = "scope, dimension, scope_value, is_shown, value"
_COLUMNS: Final = f"{_KEY}, sensors"

_MUNICIPALITIES: Final = "CASE WHEN municipality_codes = '{}' THEN ARRAY[''] ELSE municipality_codes END"
_SCOPE_SQL: Final[Mapping[Dimension, str]] = {
    Dimension.MUNICIPALITY: f"SELECT '{Dimension.MUNICIPALITY}', unnest({_MUNICIPALITIES})",
    Dimension.SENSOR_TYPE: f"SELECT '{Dimension.SENSOR_TYPE}', coalesce(sensor_type, '')",
}
"""For each scope the rows of it and of the values that a sensor has."""
SCOPES: Final = tuple(_SCOPE_SQL)
"""The dimensions within each value of which the counts are stored."""
_EVERY_SCOPE: Final = " UNION ALL ".join(_SCOPE_SQL.values())
_REPEATED_SCOPES: Final = f"""
SELECT '{Dimension.MUNICIPALITY}', code FROM unnest(sensor.municipality_codes) AS code
WHERE code = ANY(CAST(:scope_values AS text[])) OFFSET 1"""
"""Those of the municipalities of a search in which a sensor is counted again."""


def _name(dimension: Dimension) -> str:
    return f"of_{dimension.lower()}"


RETURNED_COLUMNS: Final = tuple(f"{_write(one, published_sensor)} AS {_name(one)}" for one in _FIXED)
"""Columns that `ADD_STATISTICS` uses besides those of `ADD_CLUSTERS`, for RETURNING of the published sensors."""


def _select_published(which: str, counted: Collection[Dimension] = _STORED) -> str:
    """The published sensors with the columns that are counted."""
    fixed = "".join(f", {_SQL[one]} AS {_name(one)}" for one in _FIXED if one in counted)
    return f"(SELECT sensor.*{fixed} FROM publication.published_sensor AS sensor WHERE {which})"


def _count_sensors(
    source: str, seen: str, stored: Sequence[Dimension] = _STORED, scopes: str = _EVERY_SCOPE
) -> str:
    """A SELECT of the changes to the counts of these dimensions; what no longer counts is negative.

    `seen` has rows of a sign and a day: the counts on that day are added or subtracted. `scopes` has the scopes of a
    sensor and their values.
    """
    names = [_name(one) for one in stored]
    columns = ", ".join(
        f"{_SQL[one] if one in _DAILY else f'sensor.{_name(one)}'} AS {_name(one)}" for one in stored
    )
    sets = ", ".join(f"(scope, scope_value, is_shown, {name})" for name in names)
    # GROUPING has a bit for each column, the last one lowest; it is 0 for the column of the set.
    picked = ", ".join(
        f"({1 << (len(names) - 1 - place)}, '{one}', CAST({_name(one)} AS text))"
        for place, one in enumerate(stored)
    )
    return f"""
SELECT scope, picked.dimension, scope_value, is_shown, coalesce(picked.value, ''), sensors
FROM (
    SELECT scope, scope_value, is_shown, {", ".join(names)}, GROUPING({", ".join(names)}) AS left_out,
        CAST(sum(sign) AS bigint) AS sensors
    FROM (
        SELECT seen.sign, sensor.hidden_from > seen.day AS is_shown, within.scope, within.scope_value, {columns}
        FROM {source} AS sensor CROSS JOIN (VALUES {seen}) AS seen (sign, day)
        CROSS JOIN LATERAL ({scopes}) AS within (scope, scope_value)
    ) AS each_sensor
    GROUP BY GROUPING SETS ({sets})
) AS counted
CROSS JOIN LATERAL (VALUES {picked}) AS picked (bit, dimension, value)
WHERE left_out & picked.bit = 0 AND sensors <> 0"""


def select_stored(
    day: str, scope: Dimension, dimensions: Collection[Dimension], *, chosen: bool, overlapping: bool = False
) -> str:
    """A SELECT of the counts of these dimensions within a scope on a day, with `_COLUMNS`.

    A count may consist of several rows. `day` is SQL. `chosen` is whether only the bound `scope_values` count; where a
    sensor may be in several of these, `overlapping` counts it once. Counts of others may be among the rows.
    """
    stored = tuple(dict.fromkeys(STORED_AS[one] for one in dimensions))
    names = ", ".join(f"'{one}'" for one in stored)
    parts = [
        f"SELECT {_COLUMNS} FROM publication.sensor_statistic WHERE scope = '{scope}' AND dimension IN ({names})"
        + (" AND scope_value = ANY(CAST(:scope_values AS text[]))" if chosen else ""),
        _count_sensors(
            _select_published(is_passing(day), stored),
            f"(-1, {STORED_DAY}), (1, {day})",
            stored,
            _SCOPE_SQL[scope],
        ),
    ]
    if overlapping:
        # The scopes decide which of these count; a condition on the codes would read the longer index of all codes.
        several = "cardinality(sensor.municipality_codes) > 1"
        parts.append(
            _count_sensors(_select_published(several, stored), f"(-1, {day})", stored, _REPEATED_SCOPES)
        )
    return " UNION ALL ".join(parts)


RECOUNT: Final = _count_sensors(_select_published("true"), f"(1, {STORED_DAY})")
"""A SELECT of what the stored counts must be, from all published sensors."""

_OPEN_DELTA: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS statistic_delta
    (scope text, dimension text, scope_value text, is_shown boolean, value text, sensors bigint)
ON COMMIT DELETE ROWS
"""


def _collect(counted: str) -> str:
    return f"INSERT INTO pg_temp.statistic_delta ({_COLUMNS}) {counted}"


_SUBTRACT: Final = _collect(_count_sensors(_select_published("sensor.id = ANY(:ids)"), f"(-1, {STORED_DAY})"))
_COLLECT_PASSING: Final = _collect(
    _count_sensors(
        _select_published(is_passing("CAST(:day AS date)")), f"(-1, {STORED_DAY}), (1, CAST(:day AS date))"
    )
)

ADD_STATISTICS: Final = _collect(_count_sensors("sensors", f"(1, {STORED_DAY})"))
"""Collects what published sensors add, as part of the statement that writes them under the name `sensors`."""

# Inserted in order, so that the counts of a scope lie in few blocks.
_APPLY_DELTA: Final = f"""
INSERT INTO publication.sensor_statistic ({_COLUMNS})
SELECT {_KEY}, sum(sensors) FROM pg_temp.statistic_delta
GROUP BY {_KEY} HAVING sum(sensors) <> 0 ORDER BY {_KEY}
ON CONFLICT ({_KEY})
DO UPDATE SET sensors = sensor_statistic.sensors + EXCLUDED.sensors
"""


def open_statistic_delta(session: Session) -> None:
    """Create the table in which this transaction collects changes; the stored day is locked."""
    session.execute(text(_OPEN_DELTA))


def subtract_statistics(session: Session, sensor_ids: Sequence[UUID]) -> None:
    """Collect what these published sensors will no longer add to the counts."""
    session.execute(text(_SUBTRACT), {"ids": list(sensor_ids)})


def apply_statistic_delta(session: Session) -> None:
    """Add what was collected to the counts; under the lock of `record_changes`."""
    session.execute(text(_APPLY_DELTA))
    session.execute(text("DELETE FROM pg_temp.statistic_delta"))


def advance_statistics(session: Session, day: date) -> None:
    """Count the statistics for another day; the caller locks the stored day and moves it."""
    open_statistic_delta(session)
    session.execute(text(_COLLECT_PASSING), {"day": day})
    apply_statistic_delta(session)
    session.execute(text("DELETE FROM publication.sensor_statistic WHERE sensors = 0"))
