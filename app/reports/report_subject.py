"""The subject of a report: a public sensor or a place, with the municipality that answers for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.municipalities.queries import find_municipality_at
from app.reports.report_kinds import KINDS_OF_PLACE, ReportKind
from app.sensors.plain_text import tidy_code
from app.sensors.public_codes import MAX_TYPED_LENGTH, is_public_code
from app.spatial.crs import rd_from_lonlat
from app.spatial.netherlands import is_in_netherlands

# A sensor with an area in several municipalities belongs to the first of them.
_COLUMNS: Final = """
    sensor.id, sensor.public_code, sensor.name, sensor.sensor_type, sensor.owner_id,
    coalesce(sensor.municipality_code, sensor.municipality_codes[1]), sensor.placed_from, sensor.removed_on
"""
_FIND_BY_CODE: Final = f"""
SELECT {_COLUMNS} FROM publication.published_sensor AS sensor WHERE sensor.public_code = :code
"""  # noqa: S608 - no text of a request
_FIND_BY_IDS: Final = f"""
SELECT {_COLUMNS} FROM publication.published_sensor AS sensor WHERE sensor.id = ANY(CAST(:ids AS uuid[]))
"""  # noqa: S608 - no text of a request


@dataclass(frozen=True, slots=True)
class ReportedSensor:
    """A public sensor, as far as a report needs it."""

    id: UUID
    public_code: str
    name: str | None
    sensor_type: str
    owner_id: UUID
    municipality_code: str | None
    placed_from: date
    removed_on: date | None

    def is_planned(self, today: date) -> bool:
        """Whether the sensor comes later: then residents can react to the plan."""
        return self.placed_from > today

    def list_kinds(self, today: date) -> tuple[ReportKind, ...]:
        """The kinds that can be reported of it: what contradicts the register, and no plan of what is there."""
        if self.is_planned(today):
            return (ReportKind.REACTION, ReportKind.WRONG, ReportKind.QUESTION, ReportKind.COMPLAINT)
        seen = ReportKind.GONE if self.removed_on is None else ReportKind.STILL_THERE
        return (ReportKind.WRONG, seen, ReportKind.QUESTION, ReportKind.COMPLAINT)


@dataclass(frozen=True, slots=True)
class ReportedPlace:
    """A place in or near a municipality; degrees in ETRS89, metres in RD."""

    lon: float
    lat: float
    x: float
    y: float
    municipality_code: str

    def list_kinds(self, _today: date) -> tuple[ReportKind, ...]:
        """The kinds that can be reported of a place, where no sensor is named."""
        return KINDS_OF_PLACE


def find_sensor(session: Session, code: str) -> ReportedSensor | None:
    """The public sensor with this registration number, however it was typed."""
    tidied = tidy_code(code)
    if not tidied or len(tidied) > MAX_TYPED_LENGTH or not is_public_code(tidied):
        return None
    row = session.execute(text(_FIND_BY_CODE), {"code": tidied}).one_or_none()
    return ReportedSensor(*row) if row else None


def find_sensor_by_id(session: Session, sensor_id: UUID) -> ReportedSensor | None:
    """The sensor, as long as it is public."""
    return find_sensors_by_id(session, [sensor_id]).get(sensor_id)


def find_sensors_by_id(session: Session, sensor_ids: Collection[UUID]) -> dict[UUID, ReportedSensor]:
    """Those of these sensors that are public, by id."""
    rows = session.execute(text(_FIND_BY_IDS), {"ids": list(sensor_ids)})
    return {row[0]: ReportedSensor(*row) for row in rows}


def find_place(session: Session, lon: float, lat: float) -> ReportedPlace | None:
    """The place with its municipality; None where it lies in or near none."""
    if not is_in_netherlands(lon, lat):
        return None
    x, y = (float(one) for one in rd_from_lonlat(lon, lat))
    found = find_municipality_at(session, x, y)
    return ReportedPlace(lon, lat, x, y, found.code) if found else None
