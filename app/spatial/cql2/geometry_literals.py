"""Geometries in a filter: from the reference system of the filter to degrees or RD.

Source: OGC 21-065r2, 6.5 (spatial literals); RFC 7946, 3.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.core.i18n import LocalizedText
from app.spatial.bbox import Bbox, parse_bbox
from app.spatial.cql2.literals import parse_number
from app.spatial.crs import Crs
from app.spatial.netherlands import explain_rectangle
from app.spatial.sort_key_ranges import SortKeyRanges, sort_key_ranges_of_bbox

_DEPTHS: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""Number of nested lists around the positions in `coordinates`."""

_MAX_METRES: Final = 1e8
"""Beyond the edge of every map in metres. Larger coordinates lose precision in geometry functions."""

_MALFORMED = LocalizedText("Deze geometrie is niet geldig.", "This geometry is not valid.")
_OUTSIDE = LocalizedText(
    "Deze geometrie ligt buiten het stelsel van filter-crs. Zijn de coördinaten verwisseld?",
    "This geometry lies outside the system of filter-crs. Are the coordinates swapped?",
)
_OPEN_RING = LocalizedText(
    "Een rand heeft minstens vier posities, waarvan de laatste de eerste is.",
    "An outline has at least four positions, of which the last is the first.",
)
_COLLECTION_INSIDE = LocalizedText(
    "Een GEOMETRYCOLLECTION mag geen GEOMETRYCOLLECTION bevatten.",
    "A GEOMETRYCOLLECTION must not hold a GEOMETRYCOLLECTION.",
)


class InvalidGeometry(ValueError):
    """A geometry that cannot be used; `detail` is the reason."""

    def __init__(self, detail: LocalizedText) -> None:
        super().__init__(detail.en)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class FilterGeometry:
    """A geometry of a filter, x before y, in the reference system of the filter."""

    geometry: BaseGeometry
    crs: Crs

    @property
    def is_collection(self) -> bool:
        return self.geometry.geom_type == "GeometryCollection"

    def to_degrees(self) -> BaseGeometry:
        """The geometry in longitude and latitude. Raises: InvalidGeometry for a place outside the system.

        Corners in metres become degrees with the decimals of published ones, so that a place is found at its own
        coordinates.
        """
        moved = shapely.transform(
            self.geometry, lambda places: np.column_stack(self.crs.to_lonlat(*places.T))
        )
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise InvalidGeometry(_OUTSIDE)
        if self.crs.is_geographic:
            return moved
        rounded = shapely.transform(moved, lambda places: places.round(Crs.CRS84.decimals))
        # The corners of an area of a few centimetres may coincide.
        return rounded if shapely.is_valid(rounded) else moved

    def to_compared(self, *, in_rd: bool) -> BaseGeometry:
        """The geometry in the system of the comparison: its own RD, or degrees. Raises: InvalidGeometry."""
        return self.geometry if in_rd else self.to_degrees()

    def find_sort_key_ranges(self, *, in_rd: bool) -> SortKeyRanges:
        """The ranges of the Hilbert curve that hold every place in it. Raises: InvalidGeometry."""
        return sort_key_ranges_of_bbox(
            Bbox(*self.to_compared(in_rd=in_rd).bounds, Crs.RD if in_rd else Crs.CRS84)
        )


def parse_geometry_literal(node: Mapping[str, Any], crs: Crs) -> FilterGeometry:
    """A GeoJSON geometry or collection. Raises: InvalidGeometry."""
    geometry = (
        _parse_collection(node, crs) if node.get("type") == "GeometryCollection" else _parse_single(node, crs)
    )
    if not shapely.is_valid(geometry):
        reason = shapely.is_valid_reason(geometry).partition("[")[0]
        raise InvalidGeometry(
            LocalizedText(
                f"Deze geometrie is niet geldig ({reason}).", f"This geometry is not valid ({reason})."
            )
        )
    # A place elsewhere finds nothing, or with NOT everything: a Dutch place in another order or system is a mistake.
    if mistake := explain_rectangle(geometry.bounds, crs):
        raise InvalidGeometry(_name_filter_crs(mistake.detail))
    return FilterGeometry(geometry, crs)


def parse_box(numbers: object, crs: Crs) -> FilterGeometry:
    """A box of four or six numbers; with west beyond east it crosses the dateline. Raises: InvalidGeometry."""
    if not isinstance(numbers, list) or not all(_is_number(number) for number in numbers):
        raise InvalidGeometry(_MALFORMED)
    box, problems = parse_bbox(",".join(repr(float(number)) for number in numbers), crs)
    if box is None:
        raise InvalidGeometry(_name_filter_crs(problems[0].detail))
    parts = [_make_box(*part) for part in box.parts()]
    return FilterGeometry(parts[0] if len(parts) == 1 else shapely.unary_union(parts), box.crs)


def _name_filter_crs(detail: LocalizedText) -> LocalizedText:
    """A sentence about the parameter `bbox`, for a filter."""
    return LocalizedText(*(sentence.replace("bbox-crs", "filter-crs") for sentence in detail))


def _make_box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """The box; a line or a point when it has no width or no height, since that is not a polygon."""
    return (
        shapely.box(west, south, east, north)
        if west < east and south < north
        else shapely.MultiPoint([(west, south), (east, north)]).envelope
    )


def _parse_collection(node: Mapping[str, Any], crs: Crs) -> BaseGeometry:
    members = node.get("geometries")
    if not isinstance(members, list) or not members or not all(isinstance(one, Mapping) for one in members):
        raise InvalidGeometry(_MALFORMED)
    if any(one.get("type") == "GeometryCollection" for one in members):
        raise InvalidGeometry(_COLLECTION_INSIDE)
    return shapely.GeometryCollection([_parse_single(one, crs) for one in members])


def _parse_single(node: Mapping[str, Any], crs: Crs) -> BaseGeometry:
    kind = node.get("type")
    depth = _DEPTHS.get(kind) if isinstance(kind, str) else None
    # A geometry may have a bbox, which adds nothing to the coordinates.
    if depth is None or node.keys() - {"bbox"} != {"type", "coordinates"}:
        raise InvalidGeometry(_MALFORMED)
    coordinates = _parse_nested(node["coordinates"], depth, crs)
    if kind in ("Polygon", "MultiPolygon"):
        rings = coordinates if depth == 2 else [ring for part in coordinates for ring in part]
        if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
            raise InvalidGeometry(_OPEN_RING)
    try:
        return shape({"type": kind, "coordinates": coordinates})
    except (ValueError, ShapelyError):
        raise InvalidGeometry(_MALFORMED) from None


def _parse_nested(value: object, depth: int, crs: Crs) -> Any:
    if not isinstance(value, list) or not value:
        raise InvalidGeometry(_MALFORMED)
    if depth == 0:
        return _parse_position(value, crs)
    return [_parse_nested(item, depth - 1, crs) for item in value]


def _parse_position(value: list[Any], crs: Crs) -> tuple[float, float]:
    if not 2 <= len(value) <= 4 or not all(_is_number(number) for number in value):
        raise InvalidGeometry(_MALFORMED)
    x, y = crs.order(float(value[0]), float(value[1]))
    west, south, east, north = (
        crs.extent if crs.is_geographic else (-_MAX_METRES, -_MAX_METRES, _MAX_METRES, _MAX_METRES)
    )
    if not (west <= x <= east and south <= y <= north):
        raise InvalidGeometry(_OUTSIDE)
    return x, y


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and parse_number(value) is not None
