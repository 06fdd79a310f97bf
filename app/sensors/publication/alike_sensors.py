"""Sensors that are alike in what most searches filter by, counted for the day of the other stored counts.

Two sensors are alike when they have the same owner, municipalities and profile. A profile is a combination of the
columns in `PROFILE_COLUMNS`, and of what the dates mean on the stored day: each date is stored as one that lies before
or after every day. So the conditions and dimensions of a search on that day are those of the sensors themselves.

The numbers are also stored over all areas, over all owners and over both: most counts need no more than these few rows.
Source: decision 0060.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.sensors.publication.stored_day import STORED_DAY, is_passing
from app.sensors.search.operational_status import RULES, When
from app.sensors.tables.publication import published_sensor

PROFILE_COLUMNS: Final = (
    *("sensor_type", "themes", "smart_city_theme", "personal_data", "gdpr_bases", "mobility"),
)
"""Columns of the sensors that a profile holds as they are."""

EVERY_AREA: Final = 0
EVERY_OWNER: Final = UUID(int=0)
"""The keys of the numbers over all areas, and over all owners."""

_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]
_PUBLISHED: Final = str(published_sensor)
_BEFORE, _AFTER = "CAST('-infinity' AS date)", "CAST('infinity' AS date)"


def _reduce_date(column: str, when: When) -> str:
    """SQL of a date that compares with every day as this one compares with `seen.day`; none is never reached."""
    holds, fails = (_AFTER, _BEFORE) if when is When.AHEAD else (_BEFORE, _AFTER)
    return f"CASE WHEN sensor.{column} {when.value} seen.day THEN {holds} ELSE {fails} END"


_DATES: Final = {
    **{rule.column: _reduce_date(rule.column, rule.when) for rule in RULES},
    "hidden_from": _reduce_date("hidden_from", When.AHEAD),
}
_PROFILE: Final = (*PROFILE_COLUMNS, *_DATES)
REDUCED_COLUMNS: Final = ("municipality_codes", "owner_id", *_PROFILE)
_COLUMNS: Final = ", ".join((*REDUCED_COLUMNS, "sensors"))

RETURNED_ALIKE: Final = ("smart_city_theme", "gdpr_bases", "mobility")
"""Columns that `ADD_ALIKE` uses besides those of the other counts, for RETURNING of the published sensors."""


def _write_type(name: str) -> str:
    return published_sensor.c[name].type.compile(dialect=_DIALECT)


def select_reduced(seen: str, which: str) -> str:
    """A SELECT of the published sensors with their dates reduced to a day, and the sign of that day as `sensors`.

    `seen` has rows of a sign and a day; `which` selects sensors.
    """
    return _select_each(_PUBLISHED, seen, which)


def _select_each(source: str, seen: str, which: str) -> str:
    columns = ", ".join(
        f"{_DATES[name]} AS {name}" if name in _DATES else f"sensor.{name}" for name in REDUCED_COLUMNS
    )
    return (
        f"SELECT {columns}, seen.sign AS sensors FROM {source} AS sensor"
        f" CROSS JOIN (VALUES {seen}) AS seen (sign, day) WHERE {which}"
    )


def _count(source: str, seen: str, which: str = "true") -> str:
    """A SELECT of the changes to the numbers of alike sensors; what no longer counts is negative."""
    names = ", ".join(REDUCED_COLUMNS)
    return f"""
SELECT {names}, CAST(sum(sensors) AS bigint) AS sensors FROM ({_select_each(source, seen, which)}) AS reduced
GROUP BY {names} HAVING sum(sensors) <> 0"""


RECOUNT_ALIKE: Final = f"""
SELECT municipality_codes, owner_id, {", ".join(_PROFILE)}, CAST(sum(sensors) AS bigint) AS sensors
FROM ({_count(_PUBLISHED, f"(1, {STORED_DAY})")}) AS counted
GROUP BY {", ".join(_PROFILE)}, CUBE (municipality_codes, owner_id)"""
"""A SELECT of what the stored numbers must be, from all published sensors. Those over all areas or owners have none."""

STORED_ALIKE: Final = f"""
SELECT municipality_codes, nullif(owner_id, '{EVERY_OWNER}') AS owner_id, {", ".join(_PROFILE)}, sensors
FROM publication.alike_sensors
JOIN publication.sensor_profile ON sensor_profile.id = profile_id
LEFT JOIN publication.sensor_area ON sensor_area.id = area_id
WHERE sensors <> 0"""
"""A SELECT of the stored numbers, with the same columns."""

# The columns of a profile may be empty, which no key and no join compares; as one text they can be.
_OPEN_DELTA: Final = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS alike_delta
    ({", ".join(f"{name} {_write_type(name)}" for name in REDUCED_COLUMNS)}, sensors bigint, profile text)
ON COMMIT DELETE ROWS
"""


def _collect(counted: str) -> str:
    return f"""
INSERT INTO pg_temp.alike_delta ({_COLUMNS}, profile)
SELECT {_COLUMNS}, CAST(ROW({", ".join(_PROFILE)}) AS text) FROM ({counted}) AS counted"""


_SUBTRACT: Final = _collect(_count(_PUBLISHED, f"(-1, {STORED_DAY})", "sensor.id = ANY(:ids)"))
_COLLECT_PASSING: Final = _collect(
    _count(
        _PUBLISHED,
        f"(-1, {STORED_DAY}), (1, CAST(:day AS date))",
        is_passing("CAST(:day AS date)"),
    )
)
ADD_ALIKE: Final = _collect(_count("sensors", f"(1, {STORED_DAY})"))
"""Collects what published sensors add, as part of the statement that writes them under the name `sensors`."""

_ADD_PROFILES: Final = f"""
INSERT INTO publication.sensor_profile (profile, {", ".join(_PROFILE)})
SELECT DISTINCT ON (profile) profile, {", ".join(_PROFILE)} FROM pg_temp.alike_delta AS delta
WHERE NOT EXISTS (SELECT FROM publication.sensor_profile AS known WHERE known.profile = delta.profile)
"""
_ADD_AREAS: Final = """
INSERT INTO publication.sensor_area (municipality_codes)
SELECT DISTINCT municipality_codes FROM pg_temp.alike_delta AS delta
WHERE NOT EXISTS (
    SELECT FROM publication.sensor_area AS known WHERE known.municipality_codes = delta.municipality_codes)
"""
# Inserted in order, so that those of an area lie in few blocks.
_APPLY_DELTA: Final = f"""
INSERT INTO publication.alike_sensors (area_id, owner_id, profile_id, sensors)
SELECT coalesce(area.id, {EVERY_AREA}), coalesce(owner_id, '{EVERY_OWNER}'), profile.id, sum(sensors)
FROM pg_temp.alike_delta AS delta
JOIN publication.sensor_area AS area USING (municipality_codes)
JOIN publication.sensor_profile AS profile USING (profile)
GROUP BY profile.id, CUBE (area.id, owner_id) HAVING sum(sensors) <> 0 ORDER BY 1, 2, 3
ON CONFLICT (area_id, owner_id, profile_id)
DO UPDATE SET sensors = alike_sensors.sensors + EXCLUDED.sensors
"""


def open_alike_delta(session: Session) -> None:
    """Create the table in which this transaction collects changes; the stored day is locked."""
    session.execute(text(_OPEN_DELTA))


def subtract_alike(session: Session, sensor_ids: Sequence[UUID]) -> None:
    """Collect what these published sensors will no longer add to the counts."""
    session.execute(text(_SUBTRACT), {"ids": list(sensor_ids)})


def apply_alike_delta(session: Session) -> None:
    """Add what was collected to the counts; under the lock of `record_changes`."""
    for statement in (_ADD_PROFILES, _ADD_AREAS, _APPLY_DELTA, "DELETE FROM pg_temp.alike_delta"):
        session.execute(text(statement))


def advance_alike(session: Session, day: date) -> None:
    """Count the alike sensors for another day; the caller locks the stored day and moves it."""
    open_alike_delta(session)
    session.execute(text(_COLLECT_PASSING), {"day": day})
    apply_alike_delta(session)
    session.execute(text("DELETE FROM publication.alike_sensors WHERE sensors = 0"))
