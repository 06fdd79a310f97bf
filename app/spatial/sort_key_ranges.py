"""The ranges of the Hilbert curve that cover a box or circle: a place as a few ranges of one indexed number.

A B-tree on that number answers a box in the order of pages, from the index only.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.spatial.bbox import Bbox, Rectangle
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.hilbert import CELL_METRES, LEVELS, SOUTH_METRES, WEST_METRES, number_cell

MAX_CELLS_ACROSS: Final = 3
"""A side is covered by at most one cell more: few ranges, and little area outside the box."""

GRID_EXTENT: Final[Rectangle] = (2.0, 50.0, 8.0, 56.0)
"""Longitude and latitude of the RD grid; every sensor lies inside it."""

_MARGIN_METRES = 100.0
_ROUNDING_METRES = 0.001
"""A sort key may be that of a place before its coordinates were rounded to the millimetre."""
_STRAIGHT_DEGREES = 0.3
"""Up to this length a side in degrees bends less than the margin from a straight line in RD."""

_POINTS = 65
"""Number of points along a side of a larger box. Between two of them it bends less than the margin."""


@dataclass(frozen=True, slots=True)
class SortKeyRanges:
    """Ranges of the sort key with both ends, ascending and disjoint; no ranges means that no sensor can match."""

    lows: list[int]
    highs: list[int]


def sort_key_ranges_of_bbox(bbox: Bbox) -> SortKeyRanges:
    """The ranges that hold every sensor in a box, in degrees or in RD."""
    rectangles = bbox.parts() if bbox.crs is Crs.RD else [envelope_in_rd(part) for part in bbox.parts()]
    return _merge([cell for rectangle in rectangles if rectangle for cell in _cover(rectangle)])


def sort_key_ranges_of_circle(x: float, y: float, radius_metres: float) -> SortKeyRanges:
    """The ranges around a place in RD; none for a place outside RD."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return SortKeyRanges([], [])
    return _merge(_cover((x - radius_metres, y - radius_metres, x + radius_metres, y + radius_metres)))


def envelope_in_rd(rectangle: Rectangle) -> Rectangle | None:
    """A rectangle in RD that contains one in degrees; None for one outside RD."""
    west, south = max(rectangle[0], GRID_EXTENT[0]), max(rectangle[1], GRID_EXTENT[1])
    east, north = min(rectangle[2], GRID_EXTENT[2]), min(rectangle[3], GRID_EXTENT[3])
    if west > east or south > north:
        return None
    if east - west < _STRAIGHT_DEGREES and north - south < _STRAIGHT_DEGREES:
        corners = [rd_from_lonlat(lon, lat) for lon in (west, east) for lat in (south, north)]
        xs, ys = zip(*corners, strict=True)
        return _widen(min(xs), min(ys), max(xs), max(ys))
    # Parallels are curved in RD: the highest y of a wide box lies on its side, not at a corner.
    longitudes, latitudes = np.linspace(west, east, _POINTS), np.linspace(south, north, _POINTS)
    x, y = rd_from_lonlat(
        np.concatenate([longitudes, longitudes, np.full(_POINTS, west), np.full(_POINTS, east)]),
        np.concatenate([np.full(_POINTS, south), np.full(_POINTS, north), latitudes, latitudes]),
    )
    return _widen(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def _widen(west: float, south: float, east: float, north: float) -> Rectangle:
    return west - _MARGIN_METRES, south - _MARGIN_METRES, east + _MARGIN_METRES, north + _MARGIN_METRES


def _cover(rectangle: Rectangle) -> list[tuple[int, int]]:
    """Cells that cover a rectangle, of a size that fits it, each as a range of numbers."""
    west = _cell(rectangle[0] - _ROUNDING_METRES, WEST_METRES)
    south = _cell(rectangle[1] - _ROUNDING_METRES, SOUTH_METRES)
    east = _cell(rectangle[2] + _ROUNDING_METRES, WEST_METRES)
    north = _cell(rectangle[3] + _ROUNDING_METRES, SOUTH_METRES)
    shift = (max(east - west, north - south) // MAX_CELLS_ACROSS).bit_length()
    cells = []
    for i in range(west >> shift, (east >> shift) + 1):
        for j in range(south >> shift, (north >> shift) + 1):
            first = number_cell(i << shift, j << shift) >> 2 * shift
            cells.append((first << 2 * shift, (first + 1 << 2 * shift) - 1))
    return cells


def _cell(metres: float, origin: float) -> int:
    return min(max(math.floor((metres - origin) / CELL_METRES), 0), (1 << LEVELS) - 1)


def _merge(ranges: list[tuple[int, int]]) -> SortKeyRanges:
    lows: list[int] = []
    highs: list[int] = []
    for low, high in sorted(ranges):
        if highs and low <= highs[-1] + 1:
            highs[-1] = max(highs[-1], high)
        else:
            lows.append(low)
            highs.append(high)
    return SortKeyRanges(lows, highs)
