"""Fields of view: the sector that a sensor sees, by its location, direction, angle and range.

Source: C. F. F. Karney, Algorithms for geodesics (2013), as PROJ computes them.
"""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely import Polygon

# A chord of 10 degrees stays within 0.4 % of the range from its arc.
_STEP_DEGREES = 10.0

# A smaller angle or range would collapse by rounding into a line or point.
_MIN_DEGREES = 0.1
_MIN_METRES = 0.1

_EARTH = Geod(ellps="GRS80")


def field_of_view(lon: float, lat: float, direction: float, angle: float, range_metres: float) -> Polygon:
    """The sector of one sensor in longitude and latitude; a circle for an angle of 360.

    `direction` is the middle of the view, clockwise from true north; `angle` is its whole width. Both are in degrees.
    """
    polygon: Polygon = fields_of_view([lon], [lat], [direction], [angle], [range_metres])[0]
    return polygon


def fields_of_view(
    lon: ArrayLike, lat: ArrayLike, direction: ArrayLike, angle: ArrayLike, range_metres: ArrayLike
) -> NDArray[np.object_]:
    """The sectors of many sensors, from arrays of one length, in the units of `field_of_view`.

    Rings are anticlockwise, as in GeoJSON.
    """
    lon, lat, direction, angle, range_metres = (
        np.asarray(values, dtype=np.float64) for values in (lon, lat, direction, angle, range_metres)
    )
    is_circle = angle > 360 - _MIN_DEGREES
    angle = np.where(is_circle, 360, np.maximum(angle, _MIN_DEGREES))
    range_metres = np.maximum(range_metres, _MIN_METRES)
    steps = np.ceil(angle / _STEP_DEGREES).astype(np.int64)
    # A circle is its arc without the last point, which equals the first. A sector starts at the sensor.
    lengths = np.where(is_circle, steps, steps + 2)
    sensor = np.repeat(np.arange(len(lon)), lengths)
    point = np.arange(len(sensor)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    is_corner = ~is_circle[sensor] & (point == 0)
    step = np.where(is_circle[sensor], point, point - 1)
    azimuth = direction[sensor] + angle[sensor] * (0.5 - step / steps[sensor])
    edge_lon, edge_lat, _ = _EARTH.fwd(lon[sensor], lat[sensor], azimuth, range_metres[sensor])
    outline = np.column_stack(
        [np.where(is_corner, lon[sensor], edge_lon), np.where(is_corner, lat[sensor], edge_lat)]
    )
    sectors: NDArray[np.object_] = np.asarray(shapely.polygons(shapely.linearrings(outline, indices=sensor)))
    return sectors
