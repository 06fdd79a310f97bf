"""Assignment of registered versions to municipalities: by geometry, as a set, in the edition in force."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, Select, and_, func, literal, select, text, union
from sqlalchemy.dialects.postgresql import ARRAY, array, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from app.municipalities.queries import select_places, select_touched
from app.sensors.tables.register import sensor_place, sensor_version

SET_MIN_SENSORS: Final = 100
"""Minimum number of sensors for which statements are planned as for a set."""


def place_versions(session: Session, sensor_ids: Sequence[UUID]) -> None:
    """Assign every version of these sensors, again where it was assigned before.

    `municipality_codes` are all that its location, operating area or observed area touches, lowest code
    first; `municipality_code` is that of its location, or the nearest within 5 km.
    """
    placed = _select_assignments(sensor_version.c.sensor_id == func.any(list(sensor_ids)))
    statement = insert(sensor_place).from_select(
        ["version_id", "municipality_code", "municipality_codes"], placed
    )
    is_set = len(sensor_ids) >= SET_MIN_SENSORS
    if is_set:
        # The planner has no statistics of versions that were just written, and would choose a nested loop.
        session.execute(text("SET LOCAL enable_nestloop = off"))
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["version_id"],
            set_={
                "municipality_code": statement.excluded.municipality_code,
                "municipality_codes": statement.excluded.municipality_codes,
            },
        )
    )
    if is_set:
        session.execute(text("SET LOCAL enable_nestloop TO DEFAULT"))


def _select_assignments(chosen: ColumnElement[bool]) -> Select[tuple[UUID, str | None, list[str]]]:
    version = sensor_version
    points = (
        select(version.c.id, version.c.location_rd.label("point_rd"))
        .where(chosen, version.c.location_rd.is_not(None))
        .cte("points")
    )
    # An area given as municipality codes touches the neighbouring ones too, and is not looked up by geometry.
    drawn = and_(version.c.operating_area_rd.is_not(None), version.c.operating_municipalities.is_(None))
    areas = (
        select(version.c.id, version.c.observed_area_rd.label("area_rd"))
        .where(chosen, version.c.observed_area_rd.is_not(None))
        .union_all(select(version.c.id, version.c.operating_area_rd).where(chosen, drawn))
        .cte("areas")
    )
    places = select_places(points).cte("places")
    named = select(version.c.id, func.unnest(version.c.operating_municipalities)).where(
        chosen, version.c.operating_municipalities.is_not(None)
    )
    touched = union(select(places.c.id, places.c.code), select_touched(areas), named).subquery("touched")
    codes = (
        select(touched.c.id, func.array_agg(touched.c.code.distinct()).label("codes"))
        .group_by(touched.c.id)
        .subquery("codes")
    )
    none: ColumnElement[list[str]] = func.cast(array([], type_=Text), ARRAY(Text))
    return (
        select(version.c.id, places.c.code, func.coalesce(codes.c.codes, none))
        .outerjoin(places, places.c.id == version.c.id)
        .outerjoin(codes, codes.c.id == version.c.id)
        .where(chosen)
    )


def find_touched_municipalities(session: Session, columns: Mapping[str, Any]) -> frozenset[str]:
    """The municipalities that a mobile sensor's operating area touches, before it is registered."""
    named = columns.get("operating_municipalities")
    if named:
        return frozenset(named)
    area = literal(columns["operating_area_rd"], Geometry("MULTIPOLYGON", srid=28992))
    areas = select(literal(1).label("id"), area.label("area_rd")).subquery("areas")
    return frozenset(row.code for row in session.execute(select_touched(areas)))
