"""Geometry of an operating area that is given as municipality codes."""

from collections.abc import Sequence
from typing import cast

import shapely
from geoalchemy2.shape import to_shape
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.municipalities.tables import Municipality, MunicipalityEdition


def join_boundaries(session: Session, codes: Sequence[str]) -> MultiPolygon:
    """The territory of these municipalities in the edition in force, in longitude and latitude."""
    boundaries = session.scalars(
        select(Municipality.boundary)
        .join(MunicipalityEdition, MunicipalityEdition.edition == Municipality.edition)
        .where(MunicipalityEdition.in_force, Municipality.code.in_(codes))
    )
    joined = shapely.union_all([to_shape(boundary) for boundary in boundaries])
    return as_multipolygon(joined)


def as_multipolygon(area: BaseGeometry) -> MultiPolygon:
    """The area as a MultiPolygon: areas are stored as one type, since GIS tools expect one."""
    return area if isinstance(area, MultiPolygon) else MultiPolygon([cast("Polygon", area)])
