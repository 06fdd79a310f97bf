"""The place of a version that may not be public, for a map and for the drawing of readers without JavaScript."""

from typing import Any

import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape

from app.sensors.presentation import Labels
from app.sensors.registration.version_record import SensorVersion
from app.website.sensor.area_svg import draw_area
from app.website.sensor.sensor_map import SensorMap, find_bounds


def make_place_view(version: SensorVersion, labels: Labels) -> SensorMap | None:
    """The exact place of a version with what it observes, or where it moves; None without either."""
    spot = _read_spot(version)
    kind, outline = _find_outline(version)
    if outline is None:
        return SensorMap(find_bounds(*spot, *spot), spot, None, None) if spot else None
    shown = shapely.geometry.shape(outline)
    shown = shown | shapely.Point(*spot) if spot else shown
    return SensorMap(find_bounds(*shown.bounds), spot, outline, draw_area(kind, outline, spot, labels))


def has_same_place(one: SensorVersion, other: SensorVersion) -> bool:
    """Whether the maps of two versions show the same."""
    return (_read_spot(one), _find_outline(one)) == (_read_spot(other), _find_outline(other))


def _read_spot(version: SensorVersion) -> tuple[float, float] | None:
    if version.location is None:
        return None
    x, y, *_ = to_shape(version.location).bounds
    return round(x, 7), round(y, 7)


def _find_outline(version: SensorVersion) -> tuple[str, dict[str, Any] | None]:
    areas: tuple[tuple[str, WKBElement | None], ...] = (
        ("observed", version.observed_area),
        ("operating", version.operating_area),
    )
    for kind, area in areas:
        if area is not None:
            return kind, shapely.geometry.mapping(to_shape(area))
    return "", None
