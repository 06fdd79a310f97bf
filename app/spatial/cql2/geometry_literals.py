"""Geometries written in a filter: from the filter's reference system to degrees or RD.

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
from app.spatial.sort_key_ranges import SortKeyRanges, sort_key_ranges_of_bbox

_DEPTHS: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists deep the positions lie in `coordinates`."""

_MAX_METRES: Final = 1e8
"""Far beyond the edge of any map in metres; from here on geometry loses its footing."""

_MALFORMED = LocalizedText("Deze geometrie klopt niet.", "This geometry is not valid.")
_OUTSIDE = LocalizedText(
    "Deze geometrie ligt buiten het stelsel van filter-crs. Zijn de coördinaten verwisseld?",
    "This geometry lies outside the system of filter-crs. Are the coordinates swapped?",
)
_OPEN_RING = LocalizedText(
    "Een rand heeft minstens vier posities, waarvan de laatste de eerste is.",
    "An outline has at least four positions, of which the last is the first.",
)
_COLLECTION_INSIDE = LocalizedText(
    "Een verzameling in een verzameling kan niet.", "A collection cannot hold a collection."
)


class InvalidGeometry(ValueError):
    """A geometry that cannot be used; says why."""

    def __init__(self, detail: LocalizedText) -> None:
        super().__init__(detail.en)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Drawn:
    """A geometry of a filter, x before y, in the filter's system."""

    geometry: BaseGeometry
    crs: Crs

    @property
    def is_collection(self) -> bool:
        return self.geometry.geom_type == "GeometryCollection"

    def to_degrees(self) -> BaseGeometry:
        """In longitude and latitude. Raises: Misdrawn when it has no place there."""
        moved = shapely.transform(
            self.geometry, lambda places: np.column_stack(self.crs.to_lonlat(*places.T))
        )
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise InvalidGeometry(_OUTSIDE)
        return moved

    def place(self, *, in_rd: bool) -> BaseGeometry:
        """As it is compared: in its own RD, or in longitude and latitude. Raises: Misdrawn."""
        return self.geometry if in_rd else self.to_degrees()

    def find_window(self, *, in_rd: bool) -> SortKeyRanges:
        """The stretches of the Hilbert curve on which whatever touches it lies. Raises: Misdrawn."""
        return sort_key_ranges_of_bbox(Bbox(*self.place(in_rd=in_rd).bounds, Crs.RD if in_rd else Crs.CRS84))


def read_geometry(node: Mapping[str, Any], crs: Crs) -> Drawn:
    """A GeoJSON geometry or collection. Raises: Misdrawn."""
    geometry = (
        _read_collection(node, crs) if node.get("type") == "GeometryCollection" else _read_plain(node, crs)
    )
    if not shapely.is_valid(geometry):
        reason = shapely.is_valid_reason(geometry).partition("[")[0]
        raise InvalidGeometry(
            LocalizedText(f"Deze geometrie klopt niet ({reason}).", f"This geometry is not valid ({reason}).")
        )
    return Drawn(geometry, crs)


def read_box(numbers: object, crs: Crs) -> Drawn:
    """A box of four or six numbers; west beyond east crosses the dateline. Raises: Misdrawn."""
    if not isinstance(numbers, list) or not all(_is_number(number) for number in numbers):
        raise InvalidGeometry(_MALFORMED)
    box, problems = parse_bbox(",".join(repr(float(number)) for number in numbers), crs)
    if box is None:
        # The same is said of a parameter of its own.
        raise InvalidGeometry(
            LocalizedText(*(sentence.replace("bbox-crs", "filter-crs") for sentence in problems[0].detail))
        )
    parts = [_draw_box(*part) for part in box.parts()]
    return Drawn(parts[0] if len(parts) == 1 else shapely.unary_union(parts), box.crs)


def _draw_box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """The box; a line or a point where it has no width or no height."""
    # The outline of a flat box is no polygon.
    return (
        shapely.box(west, south, east, north)
        if west < east and south < north
        else shapely.MultiPoint([(west, south), (east, north)]).envelope
    )


def _read_collection(node: Mapping[str, Any], crs: Crs) -> BaseGeometry:
    members = node.get("geometries")
    if not isinstance(members, list) or not members or not all(isinstance(one, Mapping) for one in members):
        raise InvalidGeometry(_MALFORMED)
    if any(one.get("type") == "GeometryCollection" for one in members):
        raise InvalidGeometry(_COLLECTION_INSIDE)
    return shapely.GeometryCollection([_read_plain(one, crs) for one in members])


def _read_plain(node: Mapping[str, Any], crs: Crs) -> BaseGeometry:
    kind = node.get("type")
    depth = _DEPTHS.get(kind) if isinstance(kind, str) else None
    # A geometry may have a box of its own, which says nothing that the coordinates do not.
    if depth is None or node.keys() - {"bbox"} != {"type", "coordinates"}:
        raise InvalidGeometry(_MALFORMED)
    coordinates = _read_nested(node["coordinates"], depth, crs)
    if kind in ("Polygon", "MultiPolygon"):
        rings = coordinates if depth == 2 else [ring for part in coordinates for ring in part]
        if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
            raise InvalidGeometry(_OPEN_RING)
    try:
        return shape({"type": kind, "coordinates": coordinates})
    except (ValueError, ShapelyError):
        raise InvalidGeometry(_MALFORMED) from None


def _read_nested(value: object, depth: int, crs: Crs) -> Any:
    if not isinstance(value, list) or not value:
        raise InvalidGeometry(_MALFORMED)
    if depth == 0:
        return _read_position(value, crs)
    return [_read_nested(item, depth - 1, crs) for item in value]


def _read_position(value: list[Any], crs: Crs) -> tuple[float, float]:
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
