"""Geometries as files have them, and the systems they may be in."""

import math
import re
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.spatial.crs import Crs

# Files have x or longitude first whatever their system has, so that these three differ by nothing but name.
_SYSTEMS: Final = {
    "CRS84": Crs.CRS84,
    "84": Crs.CRS84,
    "4326": Crs.CRS84,
    "4258": Crs.CRS84,
    "28992": Crs.RD,
    # RD with heights in NAP.
    "7415": Crs.RD,
}
_CODE: Final = re.compile(r"(?:CRS|EPSG|OGC)[:/].*?([0-9]+|CRS84)$", re.IGNORECASE)
# No x in the Netherlands is larger than any y.
_RD: Final = (0.0, 300_000.0, 620_000.0)


def find_crs(name: str) -> Crs:
    """The system of a code, URN or address such as `urn:ogc:def:crs:EPSG::28992`.

    Raises: InvalidRequest for one from which coordinates are not read.
    """
    match = _CODE.search(name.strip())
    crs = _SYSTEMS.get(match.group(1).upper()) if match else None
    if crs is None:
        raise InvalidRequest(
            LocalizedText(
                f"Het coördinatenstelsel {name!r} lezen wij niet. Exporteer het bestand in RD (EPSG:28992) of "
                "WGS 84 (EPSG:4326).",
                f"The coordinate reference system {name!r} is not read. Export the file in RD (EPSG:28992) or "
                "WGS 84 (EPSG:4326).",
            )
        )
    return crs


def looks_like_rd(geometry: BaseGeometry) -> bool:
    """Whether its first place lies where RD has the Netherlands, in metres; degrees never do."""
    x, y = shapely.get_coordinates(geometry)[0]
    west, east, north = _RD
    return bool(west <= x <= east <= y <= north)


def read_geojson_geometry(member: Any) -> BaseGeometry | None:
    """The geometry of a feature; None for null and for one that is empty.

    Raises: ValueError naming what is wrong with it.
    """
    if member is None:
        return None
    try:
        if member["type"] == "Point" and member["coordinates"]:
            # Nearly all are; `shape` takes three times as long.
            x, y, *height = map(float, _drop_empty_height(member["coordinates"]))
            if math.isfinite(x) and math.isfinite(y):
                return shapely.Point(x, y, *height)
        geometry = shape(member)
    except (ShapelyError, ArithmeticError, ValueError, TypeError, LookupError, AttributeError) as wrong:
        raise ValueError("the geometry cannot be read") from wrong
    return check_geometry(geometry)


def _drop_empty_height(position: Any) -> Any:
    """The first three numbers of a position; two where the height is null."""
    return position[:2] if len(position) < 3 or position[2] is None else position[:3]


def check_geometry(geometry: BaseGeometry) -> BaseGeometry | None:
    """The geometry, and a MultiPoint of one point as that point; None for one that is empty.

    Raises: ValueError for places that are none.
    """
    if geometry.is_empty:
        return None
    geometry = unwrap_point(geometry)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise ValueError("the geometry has coordinates that are not finite")
    return geometry


def unwrap_point(geometry: BaseGeometry) -> BaseGeometry:
    """The point of a MultiPoint of one; any other geometry as it is."""
    if isinstance(geometry, shapely.MultiPoint) and len(geometry.geoms) == 1:
        point: BaseGeometry = geometry.geoms[0]
        return point
    return geometry
