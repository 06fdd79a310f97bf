"""Counts of sensors in cells, stored for maps that are zoomed out: no map reads a million rows.

Sensors are counted in cells along the Hilbert curve, once for all that is shown by default and once for each value
of some properties. Which sensors count, and with which status, depends on the day. The counts are stored for one day; a
read on another day adds the changes of the days between (`stored_day.py`). Source: decision 0010.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import literal_column, text
from sqlalchemy.orm import Session

from app.sensors.fields import PERSONAL_DATA
from app.sensors.publication.stored_day import STORED_DAY, is_passing
from app.sensors.search.operational_status import STATUS_PROPERTY, operational_status
from app.sensors.search.statements import compile_statement
from app.sensors.tables.publication import published_sensor

FINE_LEVEL: Final = 10
COARSE_LEVEL: Final = 14
"""Stored sizes of cells: 2 km and 32 km; sizes between these are sums of the smaller cells."""

FACETS: Final = ("", "sensorType", "personalData", "owner", "themes", STATUS_PROPERTY)
"""Facets that are counted: all sensors shown by default, and the values of these properties."""

_SUMS: Final = ("x", "y", "longitude", "latitude")
_COUNTED: Final = ("sensors", "personal_data_sensors", *(f"sum_{axis}" for axis in _SUMS))
_TOTALS: Final = ", ".join(f"CAST(sum({name}) AS bigint) AS {name}" for name in _COUNTED)
_COLUMNS: Final = ", ".join(("facet", "value", "cell", *_COUNTED))

PROCESSES_PERSONAL_DATA: Final = f"personal_data IN {tuple(sorted(PERSONAL_DATA))}"
WHOLE_PLACE: Final = {
    "x": "CAST(round(x * 1e3) AS bigint)",
    "y": "CAST(round(y * 1e3) AS bigint)",
    "longitude": "CAST(round(longitude * 1e7) AS bigint)",
    "latitude": "CAST(round(latitude * 1e7) AS bigint)",
}
"""A place in whole millimetres, or ten millionths of a degree."""

_PUBLISHED: Final = "publication.published_sensor"

_STATUS: Final = compile_statement(
    operational_status(published_sensor.alias("sensor"), literal_column("seen.day"))
)


def _count_sensors(source: str, seen: str, which: str = "true", counted: str = "true") -> str:
    """A SELECT of the changes to the counts of cells of the fine level; what no longer counts is negative.

    `seen` has rows of a sign and a day: the counts on that day are added or subtracted. `which` selects sensors,
    `counted` facets and values. Equal sensors are grouped before they are counted for each facet.
    """
    sums = ", ".join(f"CAST(sum(seen.sign * {WHOLE_PLACE[axis]}) AS bigint) AS sum_{axis}" for axis in _SUMS)
    return f"""
SELECT facet, value, cell, {_TOTALS}
FROM (
    SELECT sensor.sort_key >> {2 * FINE_LEVEL} AS cell, sensor_type, personal_data, owner_id, themes,
        sensor.hidden_from > seen.day AS is_shown, {_STATUS} AS status, sum(seen.sign) AS sensors,
        coalesce(sum(seen.sign) FILTER (WHERE {PROCESSES_PERSONAL_DATA}), 0) AS personal_data_sensors, {sums}
    FROM {source} AS sensor CROSS JOIN (VALUES {seen}) AS seen (sign, day)
    WHERE {which}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
) AS alike
CROSS JOIN LATERAL (
    SELECT facet, value FROM (VALUES
        ('', ''), ('sensorType', sensor_type), ('personalData', personal_data), ('owner', CAST(owner_id AS text))
    ) AS plain (facet, value) WHERE is_shown
    UNION ALL SELECT DISTINCT 'themes', unnest(themes) WHERE is_shown
    UNION ALL SELECT '{STATUS_PROPERTY}', status
) AS facets
WHERE {counted}
GROUP BY facet, value, cell"""


def _count_passing(day: str, counted: str = "true") -> str:
    """A SELECT of the changes to the counts between the stored day and another."""
    return _count_sensors(_PUBLISHED, f"(-1, {STORED_DAY}), (1, {day})", is_passing(day), counted)


READ_CELLS: Final = f"""
SELECT cell, {", ".join(_COUNTED)}
FROM unnest(CAST(%(lows)s AS bigint[]), CAST(%(highs)s AS bigint[])) AS ranges (low, high)
JOIN publication.sensor_cluster AS cluster
    ON facet = %(facet)s AND value = ANY(CAST(%(values)s AS text[])) AND level = %(level)s
    AND cell BETWEEN low >> (2 * %(level)s) AND high >> (2 * %(level)s)
UNION ALL
SELECT cell >> (2 * (%(level)s - {FINE_LEVEL})), {", ".join(_COUNTED)}
FROM ({
    _count_passing("CAST(%(today)s AS date)", "facet = %(facet)s AND value = ANY(CAST(%(values)s AS text[]))")
}) AS passing
"""
"""The cells of a facet and values on a day, of one of the two levels; a cell may have several rows.

The parameters `lows` and `highs` are sort keys; adjoining cells may be included.
"""

_OPEN_DELTA: Final = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS cluster_delta
    (facet text, value text, cell bigint, {", ".join(f"{name} bigint" for name in _COUNTED)})
ON COMMIT DELETE ROWS
"""

_SUBTRACT_CLUSTERS: Final = f"INSERT INTO pg_temp.cluster_delta ({_COLUMNS}) " + _count_sensors(
    _PUBLISHED, f"(-1, {STORED_DAY})", "sensor.id = ANY(:ids)"
)

ADD_CLUSTERS: Final = f"INSERT INTO pg_temp.cluster_delta ({_COLUMNS}) " + _count_sensors(
    "sensors", f"(1, {STORED_DAY})"
)
"""Collects what published sensors add, as part of the statement that writes them under the name `sensors`."""

CLUSTERED_COLUMNS: Final = (
    *("sort_key", "hidden_from", "sensor_type", "personal_data", "owner_id", "themes"),
    *("placed_from", "active_until", "removed_on", "confirm_by", *_SUMS),
)
"""Columns of `sensors` that `ADD_CLUSTERS` uses."""

_COLLECT_PASSING: Final = f"INSERT INTO pg_temp.cluster_delta ({_COLUMNS}) " + _count_passing(
    "CAST(:day AS date)"
)

_APPLY_DELTA: Final = f"""
INSERT INTO publication.sensor_cluster (level, {_COLUMNS})
SELECT * FROM (
    SELECT {FINE_LEVEL}, facet, value, cell, {_TOTALS} FROM pg_temp.cluster_delta GROUP BY facet, value, cell
    UNION ALL
    SELECT {COARSE_LEVEL}, facet, value, cell >> {2 * (COARSE_LEVEL - FINE_LEVEL)}, {_TOTALS}
    FROM pg_temp.cluster_delta GROUP BY facet, value, cell >> {2 * (COARSE_LEVEL - FINE_LEVEL)}
) AS moved
WHERE ({", ".join(_COUNTED)}) <> ({", ".join("0" * len(_COUNTED))})
ON CONFLICT (facet, value, level, cell) DO UPDATE
SET {", ".join(f"{name} = sensor_cluster.{name} + EXCLUDED.{name}" for name in _COUNTED)}
"""


def open_cluster_delta(session: Session) -> None:
    """Create the table in which this transaction collects changes; the stored day is locked."""
    session.execute(text(_OPEN_DELTA))


def subtract_clusters(session: Session, sensor_ids: Sequence[UUID]) -> None:
    """Collect what these published sensors will no longer add to the clusters."""
    session.execute(text(_SUBTRACT_CLUSTERS), {"ids": list(sensor_ids)})


def apply_cluster_delta(session: Session) -> None:
    """Add what was collected to the clusters; under the lock of `record_changes`."""
    session.execute(text(_APPLY_DELTA))
    session.execute(text("DELETE FROM pg_temp.cluster_delta"))


def advance_clusters(session: Session, day: date) -> None:
    """Count the clusters for another day; the caller locks the stored day and moves it."""
    session.execute(text(_OPEN_DELTA))
    session.execute(text(_COLLECT_PASSING), {"day": day})
    apply_cluster_delta(session)
    session.execute(text("DELETE FROM publication.sensor_cluster WHERE sensors = 0"))
