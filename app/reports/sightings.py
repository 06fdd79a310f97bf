"""Visitors that saw a sensor, or did not see it any more: counted without any of them, and never a change by itself.

A count halves in 90 days. One client counts once a day for a sensor, by the salted hash of the rate limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final, Literal
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.access.rate_limits import limit_subject, name_client
from app.core.database import transaction
from app.core.errors import TooManyRequests
from app.reports.report_kinds import ReportKind
from app.reports.report_subject import ReportedPlace, ReportedSensor

SightingKind = Literal["gone", "still_there"]

_REPORTED: Final[dict[ReportKind, SightingKind]] = {
    ReportKind.GONE: "gone",
    ReportKind.STILL_THERE: "still_there",
}

HALF_LIFE: Final = timedelta(days=90)

THRESHOLD: Final = 2
"""So many visitors make a hint on the page of a sensor: one may be mistaken."""

_LEAST_WEIGHT: Final = THRESHOLD - 0.5

# The weight of a row now, in SQL: it halves once in each half-life.
_DECAYED: Final = "{weight} * power(0.5, extract(epoch FROM {now} - {since}) / {half_life})"


def _decay(weight: str, since: str, now: str = "CAST(:now AS timestamptz)") -> str:
    return _DECAYED.format(weight=weight, since=since, now=now, half_life=HALF_LIFE.total_seconds())


_ADD: Final = f"""
INSERT INTO register.sighting AS kept (sensor_id, kind, weight, counted_at) VALUES (:sensor_id, :kind, 1, :now)
ON CONFLICT (sensor_id, kind) DO UPDATE
SET weight = {_decay("kept.weight", "kept.counted_at")} + 1, counted_at = excluded.counted_at
"""  # noqa: S608 - no text of a request


def _weigh(condition: str) -> str:
    """The statement that gives both weights of each sensor of a condition."""
    now = _decay("weight", "counted_at")
    return f"""
SELECT sensor_id,
    coalesce(sum({now}) FILTER (WHERE kind = 'gone'), 0) AS gone,
    coalesce(sum({now}) FILTER (WHERE kind = 'still_there'), 0) AS still_there
FROM register.sighting WHERE {condition} GROUP BY sensor_id
"""  # noqa: S608 - no text of a request


_PUBLISH: Final = f"""
INSERT INTO publication.sighting_hint AS kept (sensor_id, gone, still_there, counted_at)
SELECT sensor_id, gone, still_there, CAST(:now AS timestamptz) FROM ({_weigh("sensor_id = :sensor_id")}) AS counted
WHERE greatest(gone, still_there) >= {_LEAST_WEIGHT}
ON CONFLICT (sensor_id) DO UPDATE
SET gone = excluded.gone, still_there = excluded.still_there, counted_at = excluded.counted_at
"""  # noqa: S608 - no text of a request

_LIST: Final = f"""
SELECT sensor.public_code, sensor.reference, sensor.name, counted.gone, counted.still_there,
    sensor.removed_on IS NOT NULL
FROM ({_weigh("sensor_id IN (SELECT id FROM register.sensor WHERE owner_id = :owner)")}) AS counted
JOIN publication.published_sensor AS sensor ON sensor.id = counted.sensor_id
CROSS JOIN LATERAL (
    VALUES (CASE WHEN sensor.removed_on IS NULL THEN counted.gone ELSE counted.still_there END)
) AS doubt (weight)
WHERE doubt.weight >= 0.5
ORDER BY doubt.weight DESC, sensor.id LIMIT :limit
"""  # noqa: S608 - no text of a request

HINT_SQL: Final = f"""
SELECT {_decay("gone", "counted_at", "CAST(%(now)s AS timestamptz)")},
    {_decay("still_there", "counted_at", "CAST(%(now)s AS timestamptz)")}
FROM publication.sighting_hint WHERE sensor_id = %(sensor_id)s
"""  # noqa: S608 - no text of a request


@dataclass(frozen=True, slots=True)
class Sightings:
    """How many visitors did not see a sensor any more lately, and how many did; rounded."""

    gone: int
    still_there: int


@dataclass(frozen=True, slots=True)
class DoubtedSensor:
    """A sensor of an owner that visitors did not see any more, or still saw though it was reported removed."""

    public_code: str
    reference: str
    name: str | None
    sightings: Sightings
    is_removed: bool


def record_reported_sighting(
    engine: Engine,
    about: ReportedSensor | ReportedPlace,
    kind: ReportKind,
    client: IPv4Address | IPv6Address | None,
    now: datetime,
) -> None:
    """Count a report that a sensor is gone, or still there, as what its visitor saw; other reports count nothing."""
    if isinstance(about, ReportedSensor) and kind in _REPORTED:
        record_sighting(engine, about, _REPORTED[kind], client, now)


def record_sighting(
    engine: Engine,
    sensor: ReportedSensor,
    kind: SightingKind,
    client: IPv4Address | IPv6Address | None,
    now: datetime,
) -> bool:
    """Count what a visitor saw; returns False where this client was counted today already.

    All clients of which the address is not known for sure count as one.
    """
    name = name_client(client) if client else "unseen"
    try:
        limit_subject(engine, "see_sensor", f"{name} {sensor.public_code}", now)
    except TooManyRequests:
        return False
    values = {"sensor_id": sensor.id, "kind": kind, "now": now}
    with transaction(engine) as session:
        session.execute(text(_ADD), values)
        session.execute(text(_PUBLISH), {"sensor_id": sensor.id, "now": now})
    return True


def list_doubted_sensors(
    session: Session, owner_id: UUID, now: datetime, limit: int = 20
) -> Sequence[DoubtedSensor]:
    """The sensors of an owner of which visitors saw something else than the register says, the most visitors first."""
    rows = session.execute(text(_LIST), {"owner": owner_id, "now": now, "limit": limit})
    return [
        DoubtedSensor(code, reference, name, Sightings(round(gone), round(there)), is_removed)
        for code, reference, name, gone, there, is_removed in rows
    ]


async def read_hint(
    pool: AsyncConnectionPool[Any], sensor_id: str, now: datetime, *, is_removed: bool
) -> Sightings | None:
    """The sightings to mention on the page of a sensor, since most visitors saw something else than it says.

    None below the threshold, or where as many saw what it says.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(HINT_SQL, {"sensor_id": sensor_id, "now": now})
        row = await cursor.fetchone()
    if row is None:
        return None
    gone, still_there = round(float(row[0])), round(float(row[1]))
    doubt, support = (still_there, gone) if is_removed else (gone, still_there)
    return Sightings(gone, still_there) if doubt >= THRESHOLD and doubt > support else None
