"""A small country of square municipalities round Amersfoort, 2 km a side, three by three."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.municipalities.editions import EditionReport, LoadOptions, load_edition
from app.spatial.crs import transform_geometry_to_lonlat

WEST, SOUTH, SIDE = 150_000, 460_000, 2_000
RD = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}

Squares = dict[str, BaseGeometry]


def make_squares() -> Squares:
    """GM0001 in the south-west, eastward first, to GM0009 in the north-east; RD."""
    return {
        f"GM{row * 3 + column + 1:04d}": box(
            WEST + column * SIDE, SOUTH + row * SIDE, WEST + (column + 1) * SIDE, SOUTH + (row + 1) * SIDE
        )
        for row in range(3)
        for column in range(3)
    }


def middle(code: str) -> tuple[float, float]:
    """The middle of a square, in RD."""
    centre = make_squares()[code].centroid
    return centre.x, centre.y


def make_collection(
    squares: Squares,
    attributes: Callable[[str], dict[str, Any]] = lambda code: {"code": code, "naam": f"Vak {code}"},
    *,
    degrees: bool = False,
) -> dict[str, Any]:
    """A FeatureCollection of these squares, in RD, or in WGS 84 degrees."""
    features = [
        {
            "type": "Feature",
            "properties": attributes(code),
            "geometry": shapely.geometry.mapping(transform_geometry_to_lonlat(square) if degrees else square),
        }
        for code, square in squares.items()
    ]
    return {"type": "FeatureCollection", "features": features} | ({} if degrees else {"crs": RD})


def write_collection(path: Path, collection: dict[str, Any]) -> str:
    path.write_text(json.dumps(collection), encoding="utf-8")
    return str(path)


def load_squares(
    session: Session, folder: Path, squares: Squares, year: int, options: LoadOptions | None = None
) -> EditionReport:
    return load_edition(
        session, write_collection(folder / f"{year}.geojson", make_collection(squares)), year, options
    )


def shift(squares: Squares, east: float, north: float) -> Squares:
    return {
        code: shapely.transform(square, lambda places: places + np.array([east, north]))
        for code, square in squares.items()
    }


def merge(squares: Squares, codes: Sequence[str], into: str) -> Squares:
    """The same country with some municipalities become one."""
    rest = {code: square for code, square in squares.items() if code not in codes}
    return rest | {into: shapely.union_all([squares[code] for code in codes])}
