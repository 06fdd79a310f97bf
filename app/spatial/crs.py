"""Coordinate reference systems: their names on the wire, and RD New to the millimetre.

RDNAPTRANS2018 defines RD with a correction grid between Amersfoort and ETRS89 (`rd_grid.py` builds the file).
Without the grid RD is 5 to 25 cm off, so there is no fallback to a formula: call `add_grid` first.
Source: RDNAPTRANS2018; OGC API Features part 2 (http URIs of reference systems); EPSG 9282.
"""

import math
import os
import re
import threading
from enum import Enum
from pathlib import Path
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer, datadir
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from app.spatial.rd_grid import GRID_NAME

Numbers = TypeVar("Numbers", float, NDArray[np.float64])
AnyGeometry = TypeVar("AnyGeometry", bound=BaseGeometry)

# A pipeline in full: given EPSG codes, PROJ (and so PostGIS, given SRIDs) uses the grid only inside EPSG's area of use.
# That area ends at 7.22 degrees east and the Netherlands at 7.23: positions in between would be up to 24 cm off.
_RD_TO_ETRS89 = (
    "+proj=pipeline +step +inv +proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079"
    f" +x_0=155000 +y_0=463000 +ellps=bessel +step +proj=hgridshift +grids={GRID_NAME}"
    " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)

_EARTH_RADIUS_METRES = 6378137.0
_HALF_WORLD_METRES = math.pi * _EARTH_RADIUS_METRES


class Crs(Enum):
    """Reference systems of answers, in the order in which collections list them.

    `extent` is the area of validity: west, south, east, north, x first whatever the order on the wire.
    """

    CRS84 = ("OGC/1.3/CRS84", False, (-180.0, -90.0, 180.0, 90.0), 7)
    RD = ("EPSG/0/28992", False, (-87_854.0, 228_817.0, 318_160.0, 894_091.0), 3)
    ETRS89 = ("EPSG/0/4258", True, (-180.0, -90.0, 180.0, 90.0), 7)
    ETRF2000 = ("EPSG/0/9067", True, (-180.0, -90.0, 180.0, 90.0), 7)
    WGS84 = ("EPSG/0/4326", True, (-180.0, -90.0, 180.0, 90.0), 7)
    WEB_MERCATOR = (
        "EPSG/0/3857",
        False,
        (-_HALF_WORLD_METRES, -math.inf, _HALF_WORLD_METRES, math.inf),
        3,
    )

    def __init__(
        self,
        path: str,
        latitude_first: bool,  # noqa: FBT001 - members of an Enum pass it by position
        extent: tuple[float, float, float, float],
        decimals: int,
    ) -> None:
        self.uri = f"http://www.opengis.net/def/crs/{path}"
        self.latitude_first = latitude_first
        self.extent = extent
        self.decimals = decimals

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees. All such systems have the same longitude and latitude here."""
        return self not in (Crs.RD, Crs.WEB_MERCATOR)

    @property
    def code(self) -> str:
        """The common name: `CRS84`, `EPSG:28992`."""
        name = self.uri.rpartition("/")[2]
        return name if self is Crs.CRS84 else f"EPSG:{name}"

    def order(self, x: float, y: float) -> tuple[float, float]:
        """A position in the axis order of the wire, or back: this function is its own inverse."""
        return (y, x) if self.latitude_first else (x, y)

    def to_lonlat(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Longitude and latitude of a place in this system, x first; numbers or arrays."""
        if self is Crs.RD:
            return lonlat_from_rd(x, y)
        return lonlat_from_mercator(x, y) if self is Crs.WEB_MERCATOR else (x, y)

    def from_lonlat(self, lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
        """A place in this system, x first; numbers or arrays."""
        if self is Crs.RD:
            return rd_from_lonlat(lon, lat)
        return mercator_from_lonlat(lon, lat) if self is Crs.WEB_MERCATOR else (lon, lat)


_CRS_URI = re.compile(r"https?://www\.opengis\.net/def/crs/(OGC|EPSG)/[0-9.]+/([0-9A-Za-z]+)")
_BY_CODE = {crs.code: crs for crs in Crs}


def parse_crs(text: str) -> Crs:
    """The reference system of a URI, with any version number.

    Raises: ValueError for another text, or for a system that the register does not support.
    """
    match = _CRS_URI.fullmatch(text)
    if match:
        authority, name = match.groups()
        crs = _BY_CODE.get(name if authority == "OGC" else f"EPSG:{name}")
        if crs:
            return crs
    raise ValueError(f"{text!r} is not one of: {', '.join(crs.uri for crs in Crs)}")


class GridMissing(RuntimeError):
    """RD was used before the correction grid was added."""

    def __init__(self) -> None:
        super().__init__(
            f"{GRID_NAME} was not found: write it with build_grid, then pass its folder to add_grid"
        )


def add_grid(folder: Path) -> None:
    """Add the folder of the correction grid to the search path of PROJ, before the first use of RD."""
    if str(folder) not in datadir.get_data_dir().split(os.pathsep):
        # pyproj's wheel does not read PROJ_DATA.
        datadir.append_data_dir(folder)


def grid_in_use() -> bool:
    """Whether RD is exact, by the official check point."""
    try:
        lon, lat = lonlat_from_rd(155_000.0, 463_000.0)
    except GridMissing:
        return False
    return math.isclose(lon, 5.387203650, abs_tol=1e-8) and math.isclose(lat, 52.155172887, abs_tol=1e-8)


def rd_from_lonlat(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Metres in RD New from degrees in ETRS89; numbers, or arrays of one shape.

    Outside the grid (longitude 2 to 8, latitude 50 to 56) both are infinite; for NaN they are NaN.
    Raises: GridMissing.
    """
    x, y = _rd_to_etrs89().transform(lon, lat, direction="INVERSE")
    return x, y


def lonlat_from_rd(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Degrees in ETRS89 from metres in RD New; numbers, or arrays of one shape.

    Outside the grid (longitude 2 to 8, latitude 50 to 56) both are infinite; for NaN they are NaN.
    Raises: GridMissing.
    """
    lon, lat = _rd_to_etrs89().transform(x, y)
    return lon, lat


def transform_geometry_to_rd(geometry: AnyGeometry) -> AnyGeometry:
    """The geometry in RD New, without heights. Vertices are exact; edges are straight in RD.

    Raises: GridMissing.
    """
    return shapely.transform(geometry, lambda places: np.column_stack(rd_from_lonlat(*places.T)))


def transform_geometry_to_lonlat(geometry: AnyGeometry) -> AnyGeometry:
    """The RD geometry in longitude and latitude, without heights.

    Raises: GridMissing.
    """
    return shapely.transform(geometry, lambda places: np.column_stack(lonlat_from_rd(*places.T)))


def lonlat_from_mercator(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Longitude and latitude from metres in EPSG:3857, by formula; numbers or arrays."""
    # tanh does not overflow, unlike exp and sinh.
    latitude = 2 * np.arctan(np.tanh(y / (2 * _EARTH_RADIUS_METRES)))
    return np.degrees(x / _EARTH_RADIUS_METRES), np.degrees(latitude)


def mercator_from_lonlat(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """Metres in EPSG:3857 from longitude and latitude, by formula; at the poles very large, not infinite."""
    y = np.arcsinh(np.tan(np.radians(lat)))
    return np.radians(lon) * _EARTH_RADIUS_METRES, y * _EARTH_RADIUS_METRES


class _Thread(threading.local):
    """A transformer for each thread: pyproj has a search path and a state for each thread."""

    transformer: Transformer | None = None


_thread = _Thread()


def _rd_to_etrs89() -> Transformer:
    if _thread.transformer is None:
        # Otherwise a thread that used pyproj before `add_grid` would not search the folder of the grid.
        datadir.set_data_dir(datadir.get_data_dir())
        try:
            _thread.transformer = Transformer.from_pipeline(_RD_TO_ETRS89)
        except ProjError as missing:
            raise GridMissing from missing
    return _thread.transformer
