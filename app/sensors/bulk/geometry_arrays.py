"""Locations, operating areas and fields of view of many sensors: parsed, derived and converted to RD as arrays."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from app.core.problems import Problem
from app.sensors.bulk.parse_cache import NOTHING, NULL, ParseCache, StagedValue, write_codes
from app.sensors.fields import FIELD_BY_NAME
from app.sensors.registration.field_parsers import ValidationContext, is_empty, read_value
from app.sensors.registration.named_areas import as_multipolygon
from app.sensors.registration.reach import find_out_of_reach
from app.sensors.registration.validation import read_named_areas
from app.spatial.crs import rd_from_lonlat
from app.spatial.netherlands import is_in_netherlands
from app.spatial.sector import fields_of_view

LONLAT, RD = 4258, 28992

MAX_NAMED_AREAS: Final = 50
"""Maximum number of cached areas: a large one takes half a megabyte."""

_VALID = StagedValue(True, (), NULL)  # noqa: FBT003 - any value: a place is written apart
"""Whether there is a valid geometry, by record."""

JoinBoundaries = Callable[[Sequence[str]], MultiPolygon]


@dataclass(frozen=True, slots=True)
class Places:
    """The geometries of one field: a value for each record, and its text for COPY in both systems."""

    cells: list[StagedValue]
    lonlat: list[str]
    rd: list[str]


def read_points(
    validation_context: ValidationContext, raws: Sequence[Any]
) -> tuple[Places, NDArray[np.float64]]:
    """The locations, and their longitudes and latitudes in an array of two columns; NaN where there is none."""
    cells = [NOTHING] * len(raws)
    positions = np.full((len(raws), 2), np.nan)
    points = [row for row, raw in enumerate(raws) if type(raw) is Point]
    if points:
        shapes = np.array([raws[row] for row in points], dtype=object)
        positions[points] = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    is_valid = is_in_netherlands(*positions.T)
    for row, raw in enumerate(raws):
        if is_valid[row]:
            cells[row] = _VALID
        elif not is_empty(raw):
            cells[row] = _read_shape(validation_context, "location", raw)
            positions[row] = cells[row].value.coords[0] if cells[row].value else np.nan
    return Places(cells, *_write_points(positions)), positions


def read_record_areas(validation_context: ValidationContext, name: str, raws: Sequence[Any]) -> Places:
    """The drawn areas of the field of this name; a list, of an area that is named, is passed over."""
    cells = [
        NOTHING
        if raw is None or isinstance(raw, list) or is_empty(raw)
        else _read_shape(validation_context, name, raw)
        for raw in raws
    ]
    return Places(cells, *write_areas([cell.value for cell in cells]))


class NamedAreas:
    """Parses operating areas that are given as municipality codes."""

    def __init__(self, validation_context: ValidationContext, join_boundaries: JoinBoundaries) -> None:
        self._validation_context = validation_context
        self._join_boundaries = join_boundaries
        self._areas: ParseCache[str, tuple[StagedValue, str, str]] = ParseCache(self._read)

    def put(self, raws: Sequence[Any], places: Places) -> list[str]:
        """Add the areas of lists of codes to `places`; return the texts of the codes for COPY."""
        written = [NULL] * len(raws)
        for row, raw in enumerate(raws):
            if not isinstance(raw, list) or not raw:
                continue
            if len(self._areas) > MAX_NAMED_AREAS:
                self._areas.clear()
            # The key is JSON, so that invalid values are hashable too.
            cell, lonlat, rd = self._areas[json.dumps(raw, default=str)]
            places.cells[row], places.lonlat[row], places.rd[row] = cell, lonlat, rd
            written[row] = cell.text
        return written

    def _read(self, written: str) -> tuple[StagedValue, str, str]:
        codes = read_named_areas(self._validation_context, json.loads(written))
        problems = self._validation_context.take_problems()
        if problems:
            return StagedValue(None, problems, NULL), NULL, NULL
        area = self._join_boundaries(codes)
        (lonlat,), (rd,) = write_areas([area])
        return StagedValue(area, (), write_codes(codes)), lonlat, rd


def derive_views(
    rows: Sequence[int], positions: NDArray[np.float64], views: Sequence[Sequence[float]], areas: Places
) -> None:
    """Add the derived fields of view of these rows to the areas, from direction, angle and range."""
    if not rows:
        return
    sectors = fields_of_view(*positions[list(rows)].T, *np.array(views).T)
    for row, lonlat, rd in zip(rows, *write_areas(list(sectors)), strict=True):
        areas.lonlat[row], areas.rd[row] = lonlat, rd


def find_records_out_of_reach(
    cells: Mapping[str, Sequence[StagedValue]], positions: NDArray[np.float64]
) -> list[tuple[Problem, ...]]:
    """The warning of each record whose observed area, as it was given, is out of the sensor's reach."""
    rows = [row for row, cell in enumerate(cells["observedArea"]) if cell.value is not None]
    found: list[tuple[Problem, ...]] = [()] * len(positions)
    if not rows:
        return found
    # Many records can have one named area, which is large.
    operating = {id(cell.value): cell.value for row in rows if (cell := cells["operatingArea"][row]).value}
    operating_rd = dict(zip(operating, _transform_to_rd(list(operating.values())), strict=True))
    located = positions[rows]
    points = np.array(shapely.points(np.column_stack(rd_from_lonlat(*located.T))), dtype=object)
    points[np.isnan(located[:, 0])] = None
    warnings = find_out_of_reach(
        points,
        np.array([operating_rd.get(id(cells["operatingArea"][row].value)) for row in rows], dtype=object),
        _transform_to_rd([cells["observedArea"][row].value for row in rows]),
        np.array([cells["viewRangeM"][row].value for row in rows], dtype=float),
        np.array([cells["locationAccuracyM"][row].value or 0.0 for row in rows]),
    )
    for position, warning in warnings.items():
        found[rows[position]] = (warning,)
    return found


def write_areas(areas: Sequence[BaseGeometry | None]) -> tuple[list[str], list[str]]:
    """The texts of the areas for COPY, in longitude and latitude and in RD."""
    rows = [row for row, area in enumerate(areas) if area is not None]
    lonlat, rd = [NULL] * len(areas), [NULL] * len(areas)
    shapes = np.array([as_multipolygon(area) for area in areas if area is not None], dtype=object)
    if rows:
        projected = _transform_to_rd(shapes)
        for row, first, second in zip(rows, _write(shapes, LONLAT), _write(projected, RD), strict=True):
            lonlat[row], rd[row] = first, second
    return lonlat, rd


def _transform_to_rd(shapes: Sequence[BaseGeometry] | NDArray[np.object_]) -> NDArray[np.object_]:
    together = np.array(shapes, dtype=object)
    transformed: NDArray[np.object_] = shapely.transform(
        together, lambda places: np.column_stack(rd_from_lonlat(*places.T))
    )
    return transformed


def _read_shape(validation_context: ValidationContext, name: str, raw: Any) -> StagedValue:
    # As GeoJSON, so that a shape from a file meets the same rules as one from a request.
    given = dict(mapping(shapely.force_2d(raw))) if isinstance(raw, BaseGeometry) else raw
    value = read_value(validation_context, FIELD_BY_NAME[name], given)
    return StagedValue(value, validation_context.take_problems(), NULL)


def _write_points(positions: NDArray[np.float64]) -> tuple[list[str], list[str]]:
    rows = np.flatnonzero(~np.isnan(positions[:, 0]))
    lonlat, rd = [NULL] * len(positions), [NULL] * len(positions)
    placed = positions[rows]
    projected = np.column_stack(rd_from_lonlat(*placed.T))
    for row, first, second in zip(
        rows.tolist(), _write_positions(placed, LONLAT), _write_positions(projected, RD), strict=True
    ):
        lonlat[row], rd[row] = first, second
    return lonlat, rd


_POINT: Final = np.dtype(
    [("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")], align=False
)
"""EWKB of a point. Source: PostGIS, EWKB: little-endian, the flag 0x20000000 for a known system."""


def _write_positions(positions: NDArray[np.float64], srid: int) -> list[str]:
    # Ten times faster than a writer for any geometry.
    points = np.empty(len(positions), dtype=_POINT)
    points["order"], points["kind"], points["srid"] = 1, 0x20000001, srid
    points["x"], points["y"] = positions.T
    written, length = points.tobytes().hex(), 2 * _POINT.itemsize
    return [written[start : start + length] for start in range(0, len(written), length)]


def _write(shapes: Any, srid: int) -> list[str]:
    written: list[str] = shapely.to_wkb(shapely.set_srid(shapes, srid), hex=True, include_srid=True).tolist()
    return written
