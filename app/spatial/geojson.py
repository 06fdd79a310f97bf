"""Geometries in GeoJSON, parsed and written in any of the reference systems of the register.

Every problem is reported at once, with the right value where it is clear.
Source: RFC 7946, 3.1 (geometries), 3.1.6 (rings), 4 (no member `crs`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.spatial.crs import Crs
from app.spatial.netherlands import explain_position, is_in_netherlands, write_position

MAX_POSITIONS: Final = 10_000

_MAX_PROBLEMS = 20
"""Maximum number of problems reported: a wrong reference system is a problem in each position."""

_DEPTHS = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}
"""Number of nested lists around the positions in `coordinates`."""

_REASONS = {
    "Self-intersection": LocalizedText("de rand kruist zichzelf", "the outline crosses itself"),
    "Ring Self-intersection": LocalizedText("de rand raakt zichzelf", "the outline touches itself"),
    "Hole lies outside shell": LocalizedText(
        "een gat ligt buiten de buitenrand", "a hole lies outside the outline"
    ),
    "Holes are nested": LocalizedText("een gat ligt in een ander gat", "a hole lies within another hole"),
    "Nested shells": LocalizedText("een deel ligt in een ander deel", "a part lies within another part"),
    "Interior is disconnected": LocalizedText(
        "gaten snijden het vlak in stukken", "holes cut the area into pieces"
    ),
    "Duplicate Rings": LocalizedText("een rand komt twee keer voor", "an outline occurs twice"),
    "Too few points in geometry component": LocalizedText(
        "het vlak heeft geen oppervlakte", "the area is empty"
    ),
}
"""Reasons of GEOS why an area is not valid, in words for people."""

_NOT_A_GEOMETRY = LocalizedText(
    'Geef een GeoJSON-geometrie, bijvoorbeeld {"type": "Point", "coordinates": [4.89, 52.37]}.',
    'Give a GeoJSON geometry, for instance {"type": "Point", "coordinates": [4.89, 52.37]}.',
)
_CRS_MEMBER = LocalizedText(
    "GeoJSON kent geen crs. Vermeld het stelsel in de header Content-Crs.",
    "GeoJSON has no crs. State the reference system in the header Content-Crs.",
)
_NOT_A_LIST = LocalizedText("Geef hier een lijst die niet leeg is.", "Give a list here that is not empty.")
_NOT_A_POSITION = LocalizedText(
    "Een positie is een lijst van twee getallen (of drie, met hoogte).",
    "A position is a list of two numbers (or three, with height).",
)
_NOT_A_NUMBER = LocalizedText(
    "Een coördinaat is een gewoon getal, geen tekst, NaN of oneindig.",
    "A coordinate is an ordinary number, not a text, NaN or infinity.",
)
_TOO_MANY_POSITIONS = LocalizedText(
    f"Een vlak heeft hoogstens {MAX_POSITIONS} punten. Vereenvoudig het.",
    f"An area has at most {MAX_POSITIONS} positions. Simplify it.",
)
_OPEN_RING = LocalizedText(
    "Een rand eindigt waar hij begint. Herhaal aan het eind de eerste positie.",
    "An outline ends where it starts. Repeat the first position at the end.",
)
_SHORT_RING = LocalizedText(
    "Een rand heeft minstens vier posities, waarvan de laatste de eerste is.",
    "An outline has at least four positions, of which the last is the first.",
)


def parse_geometry(
    value: object, crs: Crs, pointer: str, *, allowed: Sequence[str] = tuple(_DEPTHS)
) -> tuple[BaseGeometry | None, list[Problem]]:
    """The geometry in longitude and latitude, or None and every problem. It must lie in the Netherlands.

    `pointer` is its JSON pointer in the body. Heights are left out; outer rings are returned anticlockwise.
    """
    parser = _GeometryParser(crs, pointer)
    coordinates = parser.parse_coordinates(value, allowed)
    if parser.problems or not isinstance(value, Mapping):
        return None, parser.problems
    given = shape({"type": value["type"], "coordinates": coordinates})
    geometry = shapely.transform(given, lambda places: np.column_stack(crs.to_lonlat(*places.T)))
    parser.check_places(shapely.get_coordinates(given), shapely.get_coordinates(geometry))
    if not parser.problems:
        parser.check_validity(geometry)
    if parser.problems:
        return None, parser.problems
    return shapely.orient_polygons(geometry), []


def write_geometry(geometry: BaseGeometry, crs: Crs) -> dict[str, Any]:
    """GeoJSON of a geometry in longitude and latitude, in the axis order and decimals of a reference system."""

    def write(places: NDArray[np.float64]) -> NDArray[np.float64]:
        positions = np.column_stack(crs.from_lonlat(*places.T)).round(crs.decimals)
        return positions[:, ::-1] if crs.latitude_first else positions

    return dict(mapping(shapely.transform(geometry, write)))


@dataclass(slots=True)
class _GeometryParser:
    """The problems of one geometry so far, and the path of each position."""

    crs: Crs
    pointer: str
    problems: list[Problem] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def refuse(
        self,
        path: str,
        code: ProblemCode,
        detail: LocalizedText,
        value: object = ABSENT,
        suggestion: object = ABSENT,
    ) -> None:
        self.problems.append(Problem(code, self.pointer + path, detail, _show(value), suggestion))

    def is_full(self) -> bool:
        return len(self.problems) >= _MAX_PROBLEMS or len(self.paths) > MAX_POSITIONS

    def parse_coordinates(self, value: object, allowed: Sequence[str]) -> Any:
        """The coordinates, nested as given, x before y and without heights."""
        if not isinstance(value, Mapping):
            self.refuse("", ProblemCode.WRONG_TYPE, _NOT_A_GEOMETRY, value)
            return None
        if value.get("crs") is not None:
            self.refuse("/crs", ProblemCode.CRS_MEMBER, _CRS_MEMBER)
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in allowed:
            kinds = ", ".join(allowed)
            self.refuse(
                "/type",
                ProblemCode.GEOMETRY_TYPE,
                LocalizedText(f"Geef een van: {kinds}.", f"Give one of: {kinds}."),
                kind,
            )
            return None
        return self._parse_nested(value.get("coordinates"), _DEPTHS[kind], "/coordinates")

    def _parse_nested(self, value: object, depth: int, path: str) -> Any:
        if depth == 0:
            return self._parse_position(value, path)
        if not isinstance(value, list | tuple) or not value:
            self.refuse(path, ProblemCode.WRONG_TYPE, _NOT_A_LIST, value)
            return None
        nested = []
        for index, item in enumerate(value):
            nested.append(self._parse_nested(item, depth - 1, f"{path}/{index}"))
            if self.is_full():
                return None
        if depth == 1 and None not in nested:
            self._check_ring(nested, value, path)
        return nested

    def _parse_position(self, value: object, path: str) -> tuple[float, float] | None:
        self.paths.append(path)
        if len(self.paths) > MAX_POSITIONS:
            self.refuse("/coordinates", ProblemCode.TOO_MANY_POSITIONS, _TOO_MANY_POSITIONS)
            return None
        if not isinstance(value, list | tuple) or len(value) not in (2, 3):
            self.refuse(path, ProblemCode.INVALID_POSITION, _NOT_A_POSITION, value)
            return None
        numbers = [number for number in map(_parse_number, value) if number is not None]
        if len(numbers) < len(value):
            self.refuse(path, ProblemCode.INVALID_NUMBER, _NOT_A_NUMBER, value)
            return None
        return self.crs.order(numbers[0], numbers[1])

    def _check_ring(self, ring: list[tuple[float, float]], given: Sequence[Any], path: str) -> None:
        if ring[0] != ring[-1]:
            self.refuse(f"{path}/{len(ring) - 1}", ProblemCode.OPEN_RING, _OPEN_RING, given[-1], given[0])
        elif len(ring) < 4:
            self.refuse(path, ProblemCode.SHORT_RING, _SHORT_RING)

    def check_places(self, given: NDArray[np.float64], places: NDArray[np.float64]) -> None:
        """Report the first position of each kind of mistake; `given` is in the system, `places` in lon/lat."""
        outside = np.flatnonzero(~is_in_netherlands(*places.T))
        for index in outside[:_MAX_PROBLEMS]:
            mistake = explain_position(given[index][0], given[index][1], self.crs)
            if all(problem.code != mistake.code for problem in self.problems):
                position = list(self.crs.order(*given[index].tolist()))
                suggestion = ABSENT if mistake.suggestion is None else mistake.suggestion
                self.refuse(self.paths[index], mistake.code, mistake.detail, position, suggestion)

    def check_validity(self, geometry: BaseGeometry) -> None:
        reason = shapely.is_valid_reason(geometry)
        if reason == "Valid Geometry":
            return
        name, _, place = reason.rstrip("]").partition("[")
        words = _REASONS.get(name, LocalizedText(name, name))
        lon, lat = map(float, place.split()[:2]) if place else shapely.get_coordinates(geometry)[0]
        position = write_position(lon, lat, self.crs)
        detail = LocalizedText(
            f"Dit vlak is niet geldig: {words.nl}, bij {position[0]}, {position[1]}.",
            f"This area is not valid: {words.en}, at {position[0]}, {position[1]}.",
        )
        self.refuse("/coordinates", ProblemCode.INVALID_AREA, detail, position)


def _parse_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _show(value: object) -> object:
    """The part of a value that an answer can repeat: nothing long, and nothing that JSON cannot hold."""
    if isinstance(value, list | tuple) and len(value) <= 3:
        shown = [_show(item) for item in value if not isinstance(item, list | tuple)]
        return ABSENT if len(shown) < len(value) or ABSENT in shown else shown
    if isinstance(value, str):
        return value[:100]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool) or _parse_number(value) is not None else ABSENT
