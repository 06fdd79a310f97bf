"""Geometries of a source prepared for storage: recognised, repaired or refused, in both reference systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry as Geometry

from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.municipalities.attribute_names import Area
from app.spatial.crs import Crs, transform_geometry_to_lonlat, transform_geometry_to_rd

System = Literal["lonlat", "latlon", "rd"]

# Generous west, south, east and north of the Netherlands with its waters. The three do not overlap.
_BOUNDS: Final[dict[System, tuple[float, float, float, float]]] = {
    "lonlat": (2.5, 50.5, 7.5, 56.0),
    "latlon": (50.5, 2.5, 56.0, 7.5),
    "rd": (-50_000, 250_000, 310_000, 870_000),
}
# 28992 RD, 7415 RD with NAP heights; 4258 ETRS89, 4326 and 4979 WGS 84, and CRS84 without a number.
_RD_NUMBERS: Final = {28992, 7415}
_LONLAT_NUMBERS: Final = {4258, 4937, 4326, 4979}

# Largest share of the area that a repair may change; a larger repair is a guess.
_REPAIR_LIMIT: Final = 0.01


@dataclass(frozen=True, slots=True)
class Boundary:
    """A municipality ready for storage; `lonlat` is ETRS89, longitude first, `rd` is RD New in metres."""

    code: str
    name: str
    province: str | None
    lonlat: MultiPolygon
    rd: MultiPolygon


def make_boundaries(
    areas: Sequence[Area], declared_crs: str | None
) -> tuple[list[Boundary], tuple[str, ...]]:
    """One boundary for each code, in order of code, and the repairs, each with the name of its municipality.

    Raises: InvalidRequest naming every municipality whose geometry cannot be used.
    """
    polygons: dict[str, list[Geometry]] = {}
    named: dict[str, Area] = {}
    problems: list[Problem] = []
    repairs: list[str] = []
    for area in areas:
        named.setdefault(area.code, area)
        try:
            polygon, repair = repair_geometry(area.geometry)
        except UnusableGeometry as refused:
            problems.append(_refuse(area, refused))
            continue
        polygons.setdefault(area.code, []).append(polygon)
        if repair:
            repairs.append(f"{area.code} {area.name}: {repair}")
    if problems:
        raise InvalidRequest(
            LocalizedText(
                "Niet elke grens is bruikbaar. Er is niets geladen.",
                "Some boundaries cannot be used. Nothing was loaded.",
            ),
            problems=problems,
        )
    shapes = {code: join_polygons(parts) for code, parts in sorted(polygons.items())}
    system = recognise_system(list(shapes.values()), declared_crs)
    boundaries = [
        Boundary(code, named[code].name, named[code].province, *_in_both_systems(shape, system))
        for code, shape in shapes.items()
    ]
    return boundaries, tuple(repairs)


class UnusableGeometry(ValueError):
    """A geometry that cannot be a boundary, with the reason in both languages."""

    def __init__(self, reason: LocalizedText) -> None:
        super().__init__(reason.en)
        self.reason = reason


def repair_geometry(geometry: Geometry | None) -> tuple[MultiPolygon, str | None]:
    """The geometry as valid polygons, and the fault that was repaired, if any.

    Raises: UnusableGeometry.
    """
    if geometry is None or geometry.is_empty:
        raise UnusableGeometry(LocalizedText("heeft geen geometrie", "has no geometry"))
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise UnusableGeometry(
            LocalizedText("heeft een coördinaat zonder getal", "has a coordinate that is no number")
        )
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        raise UnusableGeometry(
            LocalizedText(
                f"is een {geometry.geom_type}, geen vlak", f"is a {geometry.geom_type}, not an area"
            )
        )
    if geometry.is_valid:
        return join_polygons([geometry]), None
    wrong = shapely.is_valid_reason(geometry)
    repaired = join_polygons([shapely.make_valid(geometry, method="structure", keep_collapsed=False)])
    if repaired.is_empty or abs(repaired.area - geometry.area) > _REPAIR_LIMIT * repaired.area:
        raise UnusableGeometry(
            LocalizedText(
                f"is niet te herstellen zonder te gissen: {wrong}",
                f"cannot be repaired without guessing: {wrong}",
            )
        )
    return repaired, wrong


def recognise_system(shapes: Sequence[Geometry], declared_crs: str | None) -> System:
    """The reference system of the coordinates, compared with the one that the source declares.

    Raises: InvalidRequest for an unsupported system, or coordinates outside the Netherlands.
    """
    bounds = shapely.total_bounds(shapes).tolist()
    shown = ", ".join(f"{bound:.6g}" for bound in bounds)
    system = next((system for system in _BOUNDS if _is_within(bounds, _BOUNDS[system])), None)
    if system is None:
        raise InvalidRequest(
            LocalizedText(
                f"De coördinaten ({shown}) zijn geen graden (WGS 84) of RD in Nederland.",
                f"The coordinates ({shown}) are not WGS 84 degrees or RD in the Netherlands.",
            )
        )
    if declared_crs is not None and _declares_rd(declared_crs) != (system == "rd"):
        raise InvalidRequest(
            LocalizedText(
                f"De bron noemt {declared_crs}, maar de coördinaten ({shown}) horen daar niet bij.",
                f"The source declares {declared_crs}, but its coordinates ({shown}) do not fit that.",
            )
        )
    return system


def _is_within(bounds: Sequence[float], outer: Sequence[float]) -> bool:
    west, south, east, north = bounds
    return outer[0] <= west and outer[1] <= south and east <= outer[2] and north <= outer[3]


def _declares_rd(declared_crs: str) -> bool:
    try:
        crs = pyproj.CRS.from_user_input(declared_crs)
    except CRSError:
        crs = None
    if crs is not None:
        number = crs.to_epsg(min_confidence=20)
        # Esri has the name RD_New and no EPSG code.
        if number in _RD_NUMBERS or crs.name.replace("_", " ").endswith("RD New"):
            return True
        if number in _LONLAT_NUMBERS or "CRS84" in crs.name:
            return False
    raise InvalidRequest(
        LocalizedText(
            f"Grenzen in {declared_crs} kunnen wij niet lezen. Lever WGS 84 of RD (EPSG:28992).",
            f"Boundaries in {declared_crs} are not supported. Use WGS 84 or RD (EPSG:28992).",
        )
    )


def _in_both_systems(shape: MultiPolygon, system: System) -> tuple[MultiPolygon, MultiPolygon]:
    if system == "rd":
        return join_polygons([transform_geometry_to_lonlat(shape)]), shape
    if system == "latlon":
        shape = shapely.transform(shape, lambda pairs: pairs[:, ::-1])
    return shape, join_polygons([transform_geometry_to_rd(shape)])


def join_polygons(geometries: Sequence[Geometry]) -> MultiPolygon:
    """All polygons among these as one valid geometry, outer rings anticlockwise as GeoJSON has them."""
    joined = geometries[0] if len(geometries) == 1 else shapely.union_all(geometries)
    if not joined.is_valid:
        # A transformation can move a vertex across a line that nearly touched it.
        joined = shapely.make_valid(joined, method="structure", keep_collapsed=False)
    polygons = [part for part in shapely.get_parts(joined) if part.geom_type == "Polygon" and part.area > 0]
    return MultiPolygon(polygons) if not polygons else MultiPolygon(list(shapely.orient_polygons(polygons)))


def round_as_published(boundary: MultiPolygon, crs: Crs) -> MultiPolygon:
    """The boundary with its corners as they are published in this system, so that it is found at each of them.

    It stays valid; parts that are smaller than the rounding are left out, unless nothing else would remain.
    """
    rounded = shapely.set_precision(boundary, 10.0**-crs.decimals)
    if rounded.is_empty:
        return boundary
    # GEOS may leave a number a last bit beside the one that the published text has.
    return join_polygons([shapely.transform(rounded, lambda corners: corners.round(crs.decimals))])


def _refuse(area: Area, refused: UnusableGeometry) -> Problem:
    return Problem(
        ProblemCode.UNUSABLE_GEOMETRY,
        area.code,
        LocalizedText(
            f"{area.name} ({area.code}) {refused.reason.nl}.",
            f"{area.name} ({area.code}) {refused.reason.en}.",
        ),
    )
