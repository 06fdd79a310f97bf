"""The map on a page of the API: of a search, and of one feature."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely

from app.core.query_string import write_query
from app.municipalities.directory import Directory
from app.sensors.search.map_view import find_bounds, write_map_query
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.bbox import Rectangle
from app.spatial.crs import Crs

_MARGIN_DEGREES: Final = 0.001
_SIMPLIFIED_DEGREES: Final = 0.0005
"""Forty metres: a boundary in a page has fewer corners than in the data."""


@dataclass(frozen=True, slots=True)
class PageMap:
    """Contents of the map of a page: `bounds` in degrees, the sensors of `query`, a marker and a GeoJSON outline."""

    bounds: Rectangle
    query: str
    spot: tuple[float, float] | None = None
    outline: Mapping[str, Any] | None = None


def make_search_map(search: SensorSearch, given: Mapping[str, str], directory: Directory) -> PageMap:
    """The map of all that a search finds; `given` are its parameters."""
    return PageMap(find_bounds(search, directory), write_map_query(given, search))


def make_feature_map(feature: Mapping[str, Any], crs: Crs, as_of: str | None) -> PageMap | None:
    """The map of one feature whose geometry is in `crs`; None without a geometry.

    Only a sensor that stands on a published place has a marker: of another the tiles draw the square or the area.
    """
    if not feature["geometry"]:
        return None
    shape = _read_lonlat(feature["geometry"], crs)
    west, south, east, north = shape.bounds
    bounds = (
        west - _MARGIN_DEGREES,
        south - _MARGIN_DEGREES,
        east + _MARGIN_DEGREES,
        north + _MARGIN_DEGREES,
    )
    query = _find_query(feature["properties"], as_of)
    if not isinstance(shape, shapely.Point):
        if "publicCode" not in feature["properties"]:
            shape = shape.simplify(_SIMPLIFIED_DEGREES)
        return PageMap(bounds, query, outline=shapely.geometry.mapping(shape))
    values = feature["properties"]
    is_exact = values.get("visibility") == "public" and values.get("mobility") == "fixed"
    return PageMap(bounds, query, spot=(shape.x, shape.y) if is_exact else None)


def _find_query(values: Mapping[str, Any], as_of: str | None) -> str:
    """The parameters of the sensor itself, or of the sensors of a municipality."""
    names = {"publicCode": "publicCode", "code": "municipality"}
    chosen = {wanted: values[name] for name, wanted in names.items() if values.get(name)}
    return write_query({**chosen, **({"asOf": as_of} if as_of else {})})


def _read_lonlat(geometry: dict[str, Any], crs: Crs) -> Any:
    def turn(places: Any) -> Any:
        return [crs.to_lonlat(*crs.order(x, y)) for x, y in places]

    return shapely.transform(shapely.geometry.shape(geometry), turn)
