"""Where the sensors of a batch stand: from coordinates, a geometry, or an address."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

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
from app.records.geocoding import ADDRESS_ACCURACY_METRES, Geocoder, PostalAddress
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
        for column in self._positions:
            self._take_cells(batch, batch.columns[column], self._headings[column])

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
    x, y = rd_from_lonlat(np.array([placed.x, float(lon)]), np.array([placed.y, float(lat)]))
    return bool(np.hypot(x[0] - x[1], y[0] - y[1]) <= MAX_APART_METRES)


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


class AddressReader:
    """A step: looks up the postcode and house number of rows that have no other place."""

    def __init__(self, geocoder: Geocoder | None, assumptions: AssumptionLog) -> None:
        self._geocoder = geocoder
        self._assumptions = assumptions

    def __call__(self, batch: RowBatch) -> None:
        wanted = {
            index: address
            for index, given in enumerate(batch.given)
            if given.get("location") is None
            and given.get("operatingArea") is None
            and given.get("mobility") != "mobile"
            and not any(problem.location == "/location" for problem in batch.problems.get(index, ()))
            and (address := _read_address(given))
        }
        if not wanted:
            return
        if self._geocoder is None:
            self._assumptions.add("geocoder", _NO_GEOCODER)
            return
        found = self._geocoder.locate(list(wanted.values()))
        for index, address in wanted.items():
            place = found[address]
            if isinstance(place, Problem):
                batch.refuse(index, place)
                continue
            given = batch.given[index]
            given["location"] = shapely.Point(place.lon, place.lat)
            if given.get("locationAccuracy") is None:
                given |= {"locationAccuracy": "approximate", "locationAccuracyM": ADDRESS_ACCURACY_METRES}
            self._assumptions.add("address", _LOOKED_UP)


def _read_address(given: Mapping[str, Any]) -> PostalAddress | None:
    postcode, number = given.get("postcode"), given.get("houseNumber")
    return PostalAddress(postcode, number) if isinstance(postcode, str) and isinstance(number, str) else None


_NO_GEOCODER: Final = LocalizedText(
    "Adressen zijn niet opgezocht, want dit register heeft geen adressendienst. Geef coördinaten.",
    "Addresses were not looked up, for this register has no address service. Give coordinates.",
)
_LOOKED_UP: Final = LocalizedText(
    f"Van adressen zonder coördinaten is de plek opgezocht, bij benadering ({ADDRESS_ACCURACY_METRES} m).",
    f"For addresses without coordinates an approximate location was looked up ({ADDRESS_ACCURACY_METRES} m).",
)
