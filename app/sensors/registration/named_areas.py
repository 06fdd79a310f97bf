"""Geometry of an operating area that is given as municipality codes."""

from collections.abc import Sequence
from typing import cast

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.municipalities.queries import load_boundaries


def join_boundaries(session: Session, codes: Sequence[str]) -> MultiPolygon:
    """The territory of these municipalities in the edition in force, in longitude and latitude.

    Outer rings are anticlockwise, as in GeoJSON; a union has them the other way round.
    """
    return as_multipolygon(shapely.orient_polygons(shapely.union_all(load_boundaries(session, codes))))


def as_multipolygon(area: BaseGeometry) -> MultiPolygon:
    """The area as a MultiPolygon: areas are stored as one type, since GIS tools expect one."""
    return area if isinstance(area, MultiPolygon) else MultiPolygon([cast("Polygon", area)])
