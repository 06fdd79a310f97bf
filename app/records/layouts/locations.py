"""Where the sensors of a batch stand: from coordinates, a geometry, or an address."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.core.formatting import count_rows
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.files.table import Cell, InvalidCell, Table
from app.records.coordinates import (
    MAX_APART_METRES,
    CoordinateColumns,
    PairReader,
    explain_place,
    join_positions,
    parse_position_text,
)
from app.records.layouts.areas import AREA_TYPES, Refused, check_area, read_shape
from app.records.layouts.notices import AssumptionLog, count_cells
from app.records.layouts.table_mapping import RowBatch
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.netherlands import is_in_netherlands

_UNREADABLE: Final = LocalizedText(
    "Geef een plek als 52.3731, 4.8932 (breedte, lengte), als 121687 487315 (RD) of als POINT(4.8932 52.3731).",
    "Give a place as 52.3731, 4.8932 (latitude, longitude), as 121687 487315 (RD) or as POINT(4.8932 52.3731).",
)
_NO_PLACE: Final = LocalizedText(
    "Geef een punt, of voor een mobiele sensor een vlak.", "Give a point, or for a mobile sensor an area."
)


class LocationReader:
    """A step: gives each row its `location`, or its `operatingArea` where its geometry is an area."""

    def __init__(self, table: Table, columns: CoordinateColumns, assumptions: AssumptionLog) -> None:
        self._pairs = [PairReader(pair, table.headings, assumptions.add) for pair in columns.pairs]
        self._positions = columns.positions
        self._headings = table.headings
        self._assumptions = assumptions
        self._crs = table.crs if table.has_geometry else None

    def __call__(self, batch: RowBatch) -> None:
        located: list[Any] = [None] * len(batch.rows)
        problems: dict[int, Problem] = {}
        if self._pairs:
            places = self._pairs[0].read(batch.columns)
            for pair in self._pairs[1:]:
                places = join_positions(places, pair.read(batch.columns))
            points: Any = shapely.points(places.lon, places.lat)
            points[np.isnan(places.lon)] = None
            located, problems = points.tolist(), places.problems
        # Moving a point in a GIS does not change the coordinate columns, so the geometry takes precedence.
        for row, given, point in zip(batch.rows, batch.given, located, strict=True):
            given["location"] = point if row.geometry is None else None
        for index, problem in problems.items():
            if batch.rows[index].geometry is None:
                batch.refuse(index, problem)
        if self._crs is not None:
            self._take_geometries(batch)
            self._note_differing(batch, located)
        for column in self._positions:
            self._take_cells(batch, batch.columns[column], self._headings[column])

    def _note_differing(self, batch: RowBatch, located: Sequence[Any]) -> None:
        """Count the rows whose columns of coordinates give another place than their geometry."""
        both = [
            (point, taken)
            for point, given in zip(located, batch.given, strict=True)
            if point is not None
            and isinstance(taken := given.get("location"), shapely.Point)
            and taken is not point
        ]
        if not both:
            return
        columns, geometries = zip(*both, strict=True)
        apart = _measure_metres(columns, geometries)
        if number := int(np.count_nonzero(apart > MAX_APART_METRES)):
            self._assumptions.count("differing columns", number, _describe_differing)

    def _take_geometries(self, batch: RowBatch) -> None:
        assert self._crs is not None  # noqa: S101 - asked before
        shapes = np.array([row.geometry for row in batch.rows], dtype=object)
        is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
        x, y = shapely.get_x(shapes[is_point]), shapely.get_y(shapes[is_point])
        lon, lat = self._crs.to_lonlat(x, y)
        sound = is_in_netherlands(lon, lat)
        points: Any = shapely.points(lon, lat)
        for index, point, is_sound in zip(np.flatnonzero(is_point).tolist(), points, sound, strict=True):
            if is_sound:
                batch.given[index]["location"] = point
            else:
                _take_shape(batch, index, shapes[index], self._crs)
        for index in np.flatnonzero(~is_point).tolist():
            if shapes[index] is not None and not shapes[index].is_empty:
                _take_shape(batch, index, shapes[index], self._crs)

    def _take_cells(self, batch: RowBatch, cells: Sequence[Cell], heading: str) -> None:
        """Whole positions and geometries in one column; where a row has a place already, they have to agree."""
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            placed = batch.given[index].get("location") or batch.given[index].get("operatingArea")
            if isinstance(cell, InvalidCell):
                batch.refuse(index, Problem(cell.code, "/location", cell.detail, cell.text))
                continue
            shape = read_shape(cell)
            if shape is None and (position := parse_position_text(cell)):
                shape = shapely.Point(position[0], position[1]), position[2]
            if placed is None and shape is None:
                problem = Problem(ProblemCode.INVALID_LOCATION, "/location", _UNREADABLE, str(cell)[:255])
                batch.refuse(index, problem)
            elif placed is None and shape is not None:
                _take_shape(batch, index, *shape)
            elif shape is None or not _lies_near(placed, *shape):
                self._assumptions.count(
                    f"place {heading}", 1, partial(_describe_untaken, heading, str(cell)[:60])
                )


def _lies_near(placed: object, shape: BaseGeometry, crs: Crs) -> bool:
    if not isinstance(placed, shapely.Point) or not isinstance(shape, shapely.Point):
        return False
    lon, lat = crs.to_lonlat(shape.x, shape.y)
    return bool(_measure_metres([placed], [shapely.Point(lon, lat)])[0] <= MAX_APART_METRES)


def _measure_metres(points: Sequence[shapely.Point], others: Sequence[shapely.Point]) -> np.ndarray[Any, Any]:
    """The distance in metres between points in longitude and latitude, pair by pair."""
    x, y = rd_from_lonlat(shapely.get_x([points, others]), shapely.get_y([points, others]))
    metres: np.ndarray[Any, Any] = np.hypot(x[0] - x[1], y[0] - y[1])
    return metres


def _describe_differing(number: int) -> LocalizedText:
    return LocalizedText(
        f"De plek komt van het punt op de kaart. De kolommen met coördinaten geven in {count_rows(number).nl} een "
        "andere plek, en zijn niet gebruikt.",
        f"The place is that of the point on the map. In {count_rows(number).en} the columns of coordinates give "
        "another place, and were not used.",
    )


def _describe_untaken(heading: str, example: str, number: int) -> LocalizedText:
    cells = count_cells(number)
    return LocalizedText(
        f"De kolom {heading} is niet gebruikt waar de rij al een plek had: {cells.nl}, zoals {example}. Een "
        "omschrijving hoort in de kolom Omschrijving van de locatie.",
        f"The column {heading} was not used where the row had a location already: {cells.en}, such as {example}. A "
        "description belongs in the column Location description.",
    )


def _take_shape(batch: RowBatch, index: int, shape: BaseGeometry, crs: Crs) -> None:
    given = batch.given[index]
    if isinstance(shape, shapely.Point):
        lon, lat = crs.to_lonlat(shape.x, shape.y)
        if is_in_netherlands(lon, lat):
            given["location"] = shapely.Point(lon, lat)
        else:
            batch.refuse(index, explain_place(shape.x, shape.y, crs))
    elif shape.geom_type not in AREA_TYPES:
        batch.refuse(index, Problem(ProblemCode.GEOMETRY_TYPE, "/location", _NO_PLACE, shape.geom_type))
    elif given.get("operatingArea") is None:
        try:
            given["operatingArea"] = check_area(shapely.force_2d(shape), crs, "operatingArea")
        except Refused as refused:
            batch.refuse(index, refused.problem)
