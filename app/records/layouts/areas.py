"""Areas in a cell: names or codes of municipalities, WKT, or GeoJSON."""

import re
from typing import Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.core.strict_json import InvalidJson, parse_json
from app.files.readers.geometries import unwrap_point
from app.files.table import Cell
from app.municipalities.directory import Directory
from app.records.cell_parsers import split_list
from app.spatial.crs import Crs
from app.spatial.geojson import parse_geometry

AREA_TYPES: Final = ("Polygon", "MultiPolygon")

_WKT: Final = re.compile(r"(SRID=\d+;)?\s*(MULTI)?(POINT|POLYGON)\s*Z?M?\s*\(.*\)", re.IGNORECASE | re.DOTALL)
_MIN_RD: Final = 1000
"""Degrees are smaller, metres in RD within the Netherlands larger."""


class Refused(Exception):
    """A cell cannot be used, for reasons that the check of a record would not give."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail.en)
        self.problem = problem


def read_shape(cell: Cell) -> tuple[BaseGeometry, Crs] | None:
    """The geometry that a cell holds as WKT or GeoJSON, and its system by the size of its numbers; else None."""
    shape = _parse(cell)
    if shape is None or shape.is_empty:
        return None
    shape = unwrap_point(shapely.force_2d(shape))
    is_rd = abs(shapely.get_coordinates(shape)).max() > _MIN_RD
    return shape, Crs.RD if is_rd else Crs.CRS84


def _parse(cell: Cell) -> BaseGeometry | None:
    if isinstance(cell, str) and cell.startswith("{"):
        try:
            cell = parse_json(cell)
        except InvalidJson:
            return None
    try:
        if isinstance(cell, dict):
            return shapely.geometry.shape(cell)
        if isinstance(cell, str) and _WKT.fullmatch(cell):
            return shapely.from_wkt(cell.partition(";")[2] if cell[:4].upper() == "SRID" else cell)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        pass
    return None


def check_area(shape: BaseGeometry, crs: Crs, name: str) -> BaseGeometry:
    """A valid area in longitude and latitude. Raises: Refused with the first thing wrong with it."""
    area, problems = parse_geometry(mapping(shape), crs, f"/{name}", allowed=AREA_TYPES)
    if area is None:
        first = problems[0]
        # The place within the geometry means nothing to who sees a cell.
        raise Refused(Problem(first.code, f"/{name}", first.detail, first.value, first.suggestion))
    return area


def read_area(cell: Cell, name: str, directory: Directory | None) -> Any:
    """An area, or the codes of municipalities where a directory is given.

    Raises: Refused where a municipality is unknown, or the area is not valid.
    """
    if cell is None:
        return None
    found = read_shape(cell)
    if found is not None:
        return check_area(*found, name)
    if directory is None or (isinstance(cell, str) and cell.startswith(("{", "POLYGON", "MULTIPOLYGON"))):
        detail = LocalizedText(
            "Geef een vlak als WKT, zoals POLYGON((4.8 52.3, 4.9 52.3, 4.9 52.4, 4.8 52.3)), of als GeoJSON.",
            "Give an area as WKT, such as POLYGON((4.8 52.3, 4.9 52.3, 4.9 52.4, 4.8 52.3)), or as GeoJSON.",
        )
        raise Refused(Problem(ProblemCode.INVALID_AREA, f"/{name}", detail, _show(cell)))
    return _read_municipalities(cell, name, directory)


def _read_municipalities(cell: Cell, name: str, directory: Directory) -> list[str]:
    codes: list[str] = []
    for item in split_list(cell):
        whole = _find_code(str(item), directory)
        parts = [str(item)] if isinstance(whole, str) else [part.strip() for part in str(item).split(",")]
        for part in filter(None, parts):
            found = _find_code(part, directory)
            if isinstance(found, Problem):
                raise Refused(Problem(found.code, f"/{name}", found.detail, _show(cell), found.suggestion))
            codes.append(found)
    return list(dict.fromkeys(codes))


def _find_code(asked: str, directory: Directory) -> str | Problem:
    try:
        return directory.get_municipality(asked).code
    except InvalidRequest as unknown:
        return unknown.problems[0]


def _show(cell: Cell) -> object:
    return cell[:255] if isinstance(cell, str) else ABSENT
