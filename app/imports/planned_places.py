"""Rows of an import that was checked and not applied: what would happen with each, and where.

No more than the first `MAX_PLANNED` of each outcome are stored. Source: decision 0075.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.files.located_problem import Origin
from app.imports.tables import SensorImportPlace
from app.sensors.bulk import PlannedPlace

OUTCOMES: Final = ("new", "changed", "refused")

PAGE_ROWS: Final = 50

_DIGITS: Final = 6
"""Decimals of degrees: a decimetre."""


def store_planned(
    session: Session, import_id: UUID, planned: Sequence[PlannedPlace], origins: Mapping[int, Origin]
) -> None:
    """Store these rows in place of those of an earlier check."""
    session.execute(delete(SensorImportPlace).where(SensorImportPlace.import_id == import_id))
    rows = [
        {
            "import_id": import_id,
            "position": one.key,
            "outcome": one.outcome,
            "table_name": origins[one.key].table,
            "row_number": origins[one.key].row,
            "reference": one.reference,
            "municipality_code": one.municipality_code,
            **_name_point(one.place, ""),
            **_name_point(one.former, "former_"),
        }
        for one in planned
    ]
    if rows:
        session.execute(insert(SensorImportPlace), rows)


def list_planned(
    session: Session, import_id: UUID, *, outcome: str | None = None, page: int = 1
) -> tuple[Sequence[SensorImportPlace], int]:
    """One page of the rows in the order of the file, from 1, and the number of rows; of one outcome or of all."""
    of_import = [SensorImportPlace.import_id == import_id]
    if outcome in OUTCOMES:
        of_import.append(SensorImportPlace.outcome == outcome)
    total = session.scalar(select(func.count()).select_from(SensorImportPlace).where(*of_import)) or 0
    rows = session.scalars(
        select(SensorImportPlace)
        .where(*of_import)
        .order_by(SensorImportPlace.position)
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    ).all()
    return rows, total


def find_bounds(session: Session, import_id: UUID) -> tuple[float, float, float, float] | None:
    """West, south, east and north of all places, former ones too; None where no row has one."""
    lon, lat = SensorImportPlace.lon, SensorImportPlace.lat
    former_lon = func.coalesce(SensorImportPlace.former_lon, lon)
    former_lat = func.coalesce(SensorImportPlace.former_lat, lat)
    found = session.execute(
        select(
            func.min(func.least(lon, former_lon)),
            func.min(func.least(lat, former_lat)),
            func.max(func.greatest(lon, former_lon)),
            func.max(func.greatest(lat, former_lat)),
        ).where(SensorImportPlace.import_id == import_id)
    ).one()
    return None if found[0] is None else (found[0], found[1], found[2], found[3])


def write_features(session: Session, import_id: UUID) -> dict[str, Any]:
    """The places as GeoJSON: a point for each row, and a line from the registered place of a sensor that moves."""
    rows = session.scalars(
        select(SensorImportPlace)
        .where(SensorImportPlace.import_id == import_id, SensorImportPlace.lon.is_not(None))
        .order_by(SensorImportPlace.position)
    )
    return {"type": "FeatureCollection", "features": [one for row in rows for one in _write(row)]}


def _write(row: SensorImportPlace) -> Iterable[dict[str, Any]]:
    place = [row.lon, row.lat]
    if row.former_lon is not None:
        line = {"type": "LineString", "coordinates": [[row.former_lon, row.former_lat], place]}
        yield {"type": "Feature", "properties": {"outcome": "move"}, "geometry": line}
    properties = {
        "outcome": row.outcome,
        "row": row.row_number,
        "table": row.table_name,
        "reference": row.reference,
    }
    yield {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": place}}


def _name_point(point: tuple[float, float] | None, prefix: str) -> dict[str, float | None]:
    lon, lat = (round(point[0], _DIGITS), round(point[1], _DIGITS)) if point else (None, None)
    return {f"{prefix}lon": lon, f"{prefix}lat": lat}
