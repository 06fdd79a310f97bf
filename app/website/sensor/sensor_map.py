"""Where a sensor is, for its map and for the drawing of readers without JavaScript: an outline, or an exact place."""

from dataclasses import dataclass
from typing import Any, Final

import shapely

from app.sensors.presentation import Labels
from app.sensors.publication.projection import GENERALISED_CELL_METRES
from app.sensors.search.detail import SensorDetail
from app.spatial.crs import rd_from_lonlat, transform_geometry_to_lonlat
from app.website.sensor.area_svg import AreaDrawing, draw_area
from app.website.sensor.place_words import is_generalised, is_mobile
from app.website.status_text import choose_tense

MARGIN_METRES: Final = 100
"""Least distance between what is shown and the edge of the map: a street with its surroundings."""


@dataclass(frozen=True, slots=True)
class SensorMap:
    """The contents of the map of one sensor, in degrees (lon, lat).

    `bounds` are west, south, east, north. `spot` is the place of a sensor that stands there; `outline` is a GeoJSON
    MultiPolygon: the area that it observes or in which it moves, or the square of a generalised one. `drawing` is the
    same as SVG, None without an outline.
    """

    bounds: tuple[float, float, float, float]
    spot: tuple[float, float] | None
    outline: dict[str, Any] | None
    drawing: AreaDrawing | None


def make_map(detail: SensorDetail, labels: Labels) -> SensorMap:
    """The map of a sensor, which shows no point for a sensor of which the place is not exact."""
    sensor = detail.feature["properties"]
    longitude, latitude = detail.feature["geometry"]["coordinates"]
    spot = None if is_mobile(sensor) or is_generalised(sensor) else (longitude, latitude)
    kind, outline = _find_outline(detail)
    if outline is None:
        return SensorMap(find_bounds(longitude, latitude, longitude, latitude), spot, None, None)
    drawing = draw_area(kind, outline, spot, labels, choose_tense(sensor))
    shown = shapely.geometry.shape(outline) | shapely.Point(longitude, latitude)
    return SensorMap(find_bounds(*shown.bounds), spot, outline, drawing)


def _find_outline(detail: SensorDetail) -> tuple[str, dict[str, Any] | None]:
    """The kind of the area to show, as `area_svg.AREA_TITLES` names it, and the area."""
    sensor = detail.feature["properties"]
    for kind in ("observed", "operating"):
        if area := detail.areas.get(kind):
            return kind, area
    if is_generalised(sensor) and not is_mobile(sensor):
        x, y = rd_from_lonlat(*detail.feature["geometry"]["coordinates"])
        half = GENERALISED_CELL_METRES / 2
        square = transform_geometry_to_lonlat(shapely.box(x - half, y - half, x + half, y + half))
        return "square", shapely.geometry.mapping(shapely.MultiPolygon([square]))
    return "", None


def find_bounds(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a map that shows this box with a street around it."""
    across, up = MARGIN_METRES / 68_000, MARGIN_METRES / 111_195
    return round(west - across, 5), round(south - up, 5), round(east + across, 5), round(north + up, 5)
