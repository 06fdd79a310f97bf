"""Coordinate reference systems: their names on the wire, and RD New to the millimetre.

RD is defined by RDNAPTRANS2018: a correction grid between Amersfoort and ETRS89 (`rd_grid.py` builds it).
Without the grid RD is 5 to 25 cm off, so nothing here falls back to a formula: `add_grid` comes first.
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

# Spelled out, since PROJ, asked by EPSG codes, drops the grid outside EPSG's area of use. That ends at 7.22
# degrees east, with the Netherlands going on to 7.23: up to 24 cm off. PostGIS does so too.
_RD_TO_ETRS89 = (
    "+proj=pipeline +step +inv +proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079"
    f" +x_0=155000 +y_0=463000 +ellps=bessel +step +proj=hgridshift +grids={GRID_NAME}"
    " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)

_EARTH_RADIUS_METRES = 6378137.0
_HALF_WORLD_METRES = math.pi * _EARTH_RADIUS_METRES


class Crs(Enum):
    """A system in which the register answers, in the order in which collections list them.

    `extent` is where it means anything: west, south, east, north, x first whatever the order on the wire.
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
        latitude_first: bool,  # noqa: FBT001 - the members of the Enum name it by their place
        extent: tuple[float, float, float, float],
        decimals: int,
    ) -> None:
        self.uri = f"http://www.opengis.net/def/crs/{path}"
        self.latitude_first = latitude_first
        self.extent = extent
        self.decimals = decimals

    @property
    def is_geographic(self) -> bool:
        """Whether its coordinates are degrees; all of these share the register's longitude and latitude."""
        return self not in (Crs.RD, Crs.WEB_MERCATOR)

    @property
    def code(self) -> str:
        """The name people know it by: `CRS84`, `EPSG:28992`."""
        name = self.uri.rpartition("/")[2]
        return name if self is Crs.CRS84 else f"EPSG:{name}"

    def order(self, x: float, y: float) -> tuple[float, float]:
        """A position as this system writes it on the wire: latitude first where it does; its own inverse."""
        return (y, x) if self.latitude_first else (x, y)

    def to_lonlat(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """The register's longitude and latitude of a place in this system, x first; numbers or arrays."""
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
    """The system that a URI names, in any version of its authority's register.

    Raises: ValueError when it is no such URI, or a system in which the register does not answer.
    """
    match = _CRS_URI.fullmatch(text)
    if match:
        authority, name = match.groups()
        crs = _BY_CODE.get(name if authority == "OGC" else f"EPSG:{name}")
        if crs:
            return crs
    raise ValueError(f"{text!r} is not one of: {', '.join(crs.uri for crs in Crs)}")


class GridMissing(RuntimeError):
    """RD was asked for before the correction grid was added."""

    def __init__(self) -> None:
        super().__init__(
            f"{GRID_NAME} was not found: write it with build_grid, then name its folder to add_grid"
        )


def add_grid(folder: Path) -> None:
    """Let this process find the correction grid in this folder; before the first use of RD."""
    if str(folder) not in datadir.get_data_dir().split(os.pathsep):
        # pyproj's wheel does not read PROJ_DATA.
        datadir.append_data_dir(folder)


def grid_in_use() -> bool:
    """Whether RD comes out right, tried on the official check point."""
    try:
        lon, lat = lonlat_from_rd(155_000.0, 463_000.0)
    except GridMissing:
        return False
    return math.isclose(lon, 5.387203650, abs_tol=1e-8) and math.isclose(lat, 52.155172887, abs_tol=1e-8)


def rd_from_lonlat(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """RD New x and y in metres of ETRS89 longitude and latitude in degrees; numbers, or arrays of one shape.

    Outside the grid (longitude 2 to 8, latitude 50 to 56) both are infinite; of NaN they are NaN.
    Raises: GridMissing.
    """
    x, y = _rd_to_etrs89().transform(lon, lat, direction="INVERSE")
    return x, y


def lonlat_from_rd(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """ETRS89 longitude and latitude in degrees of RD New x and y in metres; numbers, or arrays of one shape.

    Outside the grid (longitude 2 to 8, latitude 50 to 56) both are infinite; of NaN they are NaN.
    Raises: GridMissing.
    """
    lon, lat = _rd_to_etrs89().transform(x, y)
    return lon, lat


def transform_geometry_to_rd(geometry: AnyGeometry) -> AnyGeometry:
    """The same geometry in RD New, heights dropped; its vertices are exact, its edges straight in RD.

    Raises: GridMissing.
    """
    return shapely.transform(geometry, lambda places: np.column_stack(rd_from_lonlat(*places.T)))


def transform_geometry_to_lonlat(geometry: AnyGeometry) -> AnyGeometry:
    """The same RD geometry in longitude and latitude, heights dropped.

    Raises: GridMissing.
    """
    return shapely.transform(geometry, lambda places: np.column_stack(lonlat_from_rd(*places.T)))


def lonlat_from_mercator(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Longitude and latitude of EPSG:3857 metres, by the formula; numbers or arrays."""
    # tanh does not overflow where exp and sinh would.
    latitude = 2 * np.arctan(np.tanh(y / (2 * _EARTH_RADIUS_METRES)))
    return np.degrees(x / _EARTH_RADIUS_METRES), np.degrees(latitude)


def mercator_from_lonlat(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    """EPSG:3857 metres of longitude and latitude, by the formula; at the poles very large, not infinite."""
    y = np.arcsinh(np.tan(np.radians(lat)))
    return np.radians(lon) * _EARTH_RADIUS_METRES, y * _EARTH_RADIUS_METRES


class _Thread(threading.local):
    """What each thread has for itself: pyproj keeps a search path and a state for each."""

    transformer: Transformer | None = None


_thread = _Thread()


def _rd_to_etrs89() -> Transformer:
    if _thread.transformer is None:
        # A thread that used pyproj before the grid was added would search without its folder.
        datadir.set_data_dir(datadir.get_data_dir())
        try:
            _thread.transformer = Transformer.from_pipeline(_RD_TO_ETRS89)
        except ProjError as missing:
            raise GridMissing from missing
    return _thread.transformer
