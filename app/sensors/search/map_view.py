"""The map of a search: its bounds, and the parameters of its tiles.

A tile is a box itself, so the box of a search is a part of the filter there. The order and the page of a search choose
no sensors: tiles do not have them.
"""

import json
from collections.abc import Mapping
from typing import Final

import shapely

from app.core.query_string import write_query
from app.municipalities.directory import Directory, NamedMunicipality
from app.sensors.search.parameters import CRITERIA_PARAMETERS
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.bbox import Bbox, Rectangle
from app.spatial.crs import Crs, parse_crs
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST

COUNTRY: Final[Rectangle] = (WEST + 0.3, SOUTH + 0.1, EAST - 0.1, NORTH - 0.2)
"""Bounds of a map of the whole country, in degrees."""

_MARGIN: Final = 0.02
_KILOMETRE_DEGREES: Final = (0.0147, 0.009)
_PIECES: Final = 16
"""Pieces of each side of a box in another reference system, where it is not straight."""


def find_bounds(search: SensorSearch, directory: Directory) -> Rectangle:
    """West, south, east, north in degrees of what a map of a search shows first; the country without a place."""
    if search.near:
        lon, lat = search.near.lonlat
        across, up = (max(search.near.radius_metres, 100) / 1000 * one for one in _KILOMETRE_DEGREES)
        return lon - across, lat - up, lon + across, lat + up
    if search.covers:
        lon, lat = search.covers.lonlat
        across, up = _KILOMETRE_DEGREES
        return lon - across, lat - up, lon + across, lat + up
    if search.bbox:
        return _find_extent(search.bbox)
    if found := _list_municipalities(search, directory):
        west, south, east, north = (tuple(one.extent[side] for one in found) for side in range(4))
        return min(west) - _MARGIN, min(south) - _MARGIN, max(east) + _MARGIN, max(north) + _MARGIN
    return COUNTRY


def write_map_query(given: Mapping[str, str], search: SensorSearch) -> str:
    """The query string of the tiles and the style of a search, from its parameters as they were given."""
    parameters = {name: text for name, text in given.items() if name in CRITERIA_PARAMETERS}
    if search.bbox:
        parameters |= _write_filter(search.bbox, parameters)
    return write_query(parameters)


def _list_municipalities(search: SensorSearch, directory: Directory) -> list[NamedMunicipality]:
    if search.municipality:
        return [directory.get_municipality(search.municipality.code)]
    codes = search.province.municipality_codes if search.province else ()
    return [one for one in directory.municipalities if one.code in codes]


def _find_extent(box: Bbox) -> Rectangle:
    """The part of the box within the country; all of it where it has none."""
    west, south, east, north = (
        _draw_box(box, Crs.CRS84).bounds
        if box.crs is Crs.RD
        else (box.west, box.south, box.east if box.west <= box.east else 180.0, box.north)
    )
    inside = max(west, WEST), max(south, SOUTH), min(east, EAST), min(north, NORTH)
    return inside if inside[0] < inside[2] and inside[1] < inside[3] else (west, south, east, north)


def _write_filter(box: Bbox, given: Mapping[str, str]) -> dict[str, str]:
    """The box and the filter that was given as one filter, in the reference system and language of the latter."""
    if "filter" not in given:
        numbers = ",".join(map(repr, (box.west, box.south, box.east, box.north)))
        crs = {} if box.crs is Crs.CRS84 else {"filter-crs": box.crs.uri}
        return {"filter": f"S_INTERSECTS(geometry,BBOX({numbers}))", **crs}
    drawn = _draw_box(box, parse_crs(given.get("filter-crs", Crs.CRS84.uri)))
    if given.get("filter-lang") == "cql2-json":
        inside = {"op": "s_intersects", "args": [{"property": "geometry"}, shapely.geometry.mapping(drawn)]}
        return {"filter": json.dumps({"op": "and", "args": [json.loads(given["filter"]), inside]})}
    shape = shapely.to_wkt(drawn, rounding_precision=7)
    return {"filter": f"({given['filter']}) AND S_INTERSECTS(geometry,{shape})"}


def _draw_box(box: Bbox, crs: Crs) -> shapely.Polygon:
    """The box in another reference system, its coordinates in the order of the wire."""
    drawn = shapely.box(box.west, box.south, box.east, box.north)
    if box.crs is not crs:
        drawn = shapely.segmentize(drawn, max(box.east - box.west, box.north - box.south) / _PIECES)
    places = [
        crs.order(*(float(one) for one in crs.from_lonlat(*box.crs.to_lonlat(x, y))))
        for x, y in drawn.exterior.coords
    ]
    return shapely.Polygon(places)
