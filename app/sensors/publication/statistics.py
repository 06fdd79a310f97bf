"""Counts of sensors by dimension, stored for the whole register and for each municipality.

Stored is what a count on request groups by before it expands lists: for each municipality, or '' for all, and each
dimension, the number of sensors with one value of its column, as text. So a stored count and a count on request differ
in nothing but where they begin, and a new edition of the municipalities changes no stored count of provinces.
Source: decision 0049.
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
from app.sensors.tables.publication import WHOLE_COLLECTION, published_sensor

OUTSIDE: Final = "-"
"""The code under which sensors outside every municipality are counted."""

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
_COLUMNS: Final = "municipality_code, dimension, is_shown, value, sensors"


def _name(dimension: Dimension) -> str:
    return f"of_{dimension.lower()}"


RETURNED_COLUMNS: Final = tuple(f"{_write(one, published_sensor)} AS {_name(one)}" for one in _FIXED)
"""Columns that `ADD_STATISTICS` uses besides those of `ADD_CLUSTERS`, for RETURNING of the published sensors."""


def _select_published(which: str, counted: Collection[Dimension] = _STORED) -> str:
    """The published sensors with the columns that are counted."""
    fixed = "".join(f", {_SQL[one]} AS {_name(one)}" for one in _FIXED if one in counted)
    return f"(SELECT sensor.*{fixed} FROM publication.published_sensor AS sensor WHERE {which})"


def _count_sensors(source: str, seen: str, stored: Sequence[Dimension] = _STORED) -> str:
    """A SELECT of the changes to the counts of these dimensions; what no longer counts is negative.

    `seen` has rows of a sign and a day: the counts on that day are added or subtracted.
    """
    names = [_name(one) for one in stored]
    columns = ", ".join(
        f"{_SQL[one] if one in _DAILY else f'sensor.{_name(one)}'} AS {_name(one)}" for one in stored
    )
    sets = ", ".join(f"(municipality_code, is_shown, {name})" for name in names)
    # GROUPING has a bit for each column, the last one lowest; it is 0 for the column of the set.
    picked = ", ".join(
        f"({1 << (len(names) - 1 - place)}, '{one}', CAST({_name(one)} AS text))"
        for place, one in enumerate(stored)
    )
    return f"""
SELECT municipality_code, picked.dimension, is_shown, coalesce(picked.value, ''), sensors
FROM (
    SELECT municipality_code, is_shown, {", ".join(names)}, GROUPING({", ".join(names)}) AS left_out,
        CAST(sum(sign) AS bigint) AS sensors
    FROM (
        SELECT seen.sign, sensor.hidden_from > seen.day AS is_shown, place.code AS municipality_code, {columns}
        FROM {source} AS sensor CROSS JOIN (VALUES {seen}) AS seen (sign, day)
        CROSS JOIN LATERAL unnest(array_prepend('{WHOLE_COLLECTION}',
            CASE WHEN sensor.municipality_codes = '{{}}' THEN ARRAY['{OUTSIDE}'] ELSE sensor.municipality_codes END
        )) AS place (code)
    ) AS each_sensor
    GROUP BY GROUPING SETS ({sets})
) AS counted
CROSS JOIN LATERAL (VALUES {picked}) AS picked (bit, dimension, value)
WHERE left_out & picked.bit = 0 AND sensors <> 0"""


def select_stored(day: str, which: str, dimensions: Collection[Dimension]) -> str:
    """A SELECT of the counts of these dimensions on a day, with `_COLUMNS`; a count may consist of several rows.

    `day` and `which`, a condition on the municipality, are SQL. Counts of others may be among the rows.
    """
    stored = tuple(dict.fromkeys(STORED_AS[one] for one in dimensions))
    names = ", ".join(f"'{one}'" for one in stored)
    passing = _count_sensors(
        _select_published(is_passing(day), stored), f"(-1, {STORED_DAY}), (1, {day})", stored
    )
    return f"""
SELECT {_COLUMNS} FROM publication.sensor_statistic
WHERE {which} AND dimension IN ({names})
UNION ALL {passing}"""


RECOUNT: Final = _count_sensors(_select_published("true"), f"(1, {STORED_DAY})")
"""A SELECT of what the stored counts must be, from all published sensors."""

_OPEN_DELTA: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS statistic_delta
    (municipality_code text, dimension text, is_shown boolean, value text, sensors bigint)
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

# Inserted in order, so that the counts of a municipality lie in few blocks.
_APPLY_DELTA: Final = f"""
INSERT INTO publication.sensor_statistic ({_COLUMNS})
SELECT municipality_code, dimension, is_shown, value, sum(sensors) FROM pg_temp.statistic_delta
GROUP BY municipality_code, dimension, is_shown, value HAVING sum(sensors) <> 0
ORDER BY municipality_code, dimension, is_shown, value
ON CONFLICT (municipality_code, dimension, is_shown, value)
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
