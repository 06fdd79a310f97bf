"""Coordinates in columns: which columns they are, in which system, and where each row's place is.

The heading says what a column should hold, the numbers what it does hold: where not one row makes sense as the
heading has it, the reading under which most rows lie in the Netherlands is taken and reported.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.i18n import LocalizedText
from app.core.problems import ABSENT, Problem, ProblemCode
from app.files.table import Cell, InvalidCell
from app.records.cell_parsers import parse_number
from app.spatial.crs import Crs, rd_from_lonlat
from app.spatial.netherlands import explain_position, is_in_netherlands

ReportAssumption = Callable[[str, LocalizedText], None]
OptionalNumbers = NDArray[np.float64]

MAX_APART_METRES: Final = 25.0
"""How far apart a row's RD and its degrees may lie; they are often rounded."""

_MIN_RD: Final = 1000.0
"""Coordinates in metres are larger in all of the Netherlands."""


_LONGITUDE: Final = frozenset({"longitude", "lon", "lng", "long", "lengtegraad"})
_LATITUDE: Final = frozenset({"latitude", "lattitude", "lat", "breedtegraad"})
_X: Final = frozenset({"x", "xcoordinaat", "xcoordinate", "xcoord", "easting"})
_Y: Final = frozenset({"y", "ycoordinaat", "ycoordinate", "ycoord", "northing"})
_RD: Final = ("rdnew", "rdnieuw", "epsg28992", "rd")
_DEGREES: Final = ("wgs84", "etrs89", "epsg4326", "epsg4258")
_POSITION: Final = frozenset(
    (
        *("location", "locatie", "coordinaten", "coordinaat", "coordinates", "position", "positie"),
        *("latlon", "latlng", "latlong", "geopoint", "wkt", "geom", "geometry", "geometrie", "thegeom"),
    )
)

_SEXAGESIMAL: Final = re.compile(
    r"(?P<degrees>\d{1,3})\s*[°º]\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''))?"
    r"\s*(?P<side>[NEOZSW])?",
    re.IGNORECASE | re.ASCII,
)
_TWO_NUMBERS: Final = re.compile(
    r"\(?\s*([+-]?\d+(?:[.,]\d+)?)\s*(?:[,;|/]|\s)\s*([+-]?\d+(?:[.,]\d+)?)\s*\)?",
    re.ASCII,
)


class CoordinatePair(NamedTuple):
    """Two columns, x or longitude first; `crs` is None where the headings do not name the system."""

    x: int
    y: int
    crs: Crs | None


@dataclass(frozen=True, slots=True)
class CoordinateColumns:
    """Where a table has its places: pairs of columns, RD before degrees, and columns of whole positions.

    `doubled` are two columns that claim to be the same, `single` is one that lacks the other coordinate of its system.
    """

    pairs: tuple[CoordinatePair, ...]
    positions: tuple[int, ...]
    doubled: tuple[int, ...] = ()
    single: int | None = None

    @property
    def indexes(self) -> tuple[int, ...]:
        """All columns, in the order in which they are looked at."""
        return (*(index for pair in self.pairs for index in (pair.y, pair.x)), *self.positions)


def find_coordinates(headings: Sequence[str]) -> CoordinateColumns:
    """The columns of coordinates among these headings; there may be none."""
    axes: dict[tuple[Crs | None, str], int] = {}
    positions = []
    doubled: tuple[int, ...] = ()
    for index, heading in enumerate(headings):
        name = _fold_heading(heading)
        if name in _POSITION:
            positions.append(index)
        elif axis := _find_axis(name):
            if axis in axes:
                doubled = (axes[axis], index)
            axes.setdefault(axis, index)
    pairs = [
        CoordinatePair(axes[crs, "x"], axes[crs, "y"], crs)
        for crs in (Crs.RD, Crs.CRS84, None)
        if (crs, "x") in axes and (crs, "y") in axes
    ]
    single = next(
        (
            index
            for (crs, axis), index in axes.items()
            if crs is not None and (crs, "y" if axis == "x" else "x") not in axes
        ),
        None,
    )
    return CoordinateColumns(tuple(pairs), tuple(positions), doubled, single)


def is_coordinate_heading(heading: str) -> bool:
    """Whether it is the heading of a coordinate, or of a whole position."""
    name = _fold_heading(heading)
    return name in _POSITION or _find_axis(name) is not None


_AXIS_NAMES: Final = {
    (Crs.CRS84, "x"): "longitude",
    (Crs.CRS84, "y"): "latitude",
    (Crs.RD, "x"): "rdX",
    (Crs.RD, "y"): "rdY",
    (None, "x"): "x",
    (None, "y"): "y",
}


def name_coordinate(heading: str) -> str | None:
    """One name for all headings of a coordinate: longitude, latitude, rdX, rdY, x or y of any system, location."""
    name = _fold_heading(heading)
    if name in _POSITION:
        return "location"
    axis = _find_axis(name)
    return _AXIS_NAMES[axis] if axis else None


def _fold_heading(heading: str) -> str:
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\((niet verplicht|optional)\)", "", decomposed))


def _find_axis(name: str) -> tuple[Crs | None, str] | None:
    for mark in _RD:
        bare = name.removeprefix(mark).removesuffix(mark)
        if bare != name and bare in _X | _Y:
            return Crs.RD, "x" if bare in _X else "y"
    for mark in _DEGREES:
        name = name.removeprefix(mark).removesuffix(mark)
    if name in _LONGITUDE | _LATITUDE:
        return Crs.CRS84, "x" if name in _LONGITUDE else "y"
    if name in _X | _Y:
        return None, "x" if name in _X else "y"
    return None


@dataclass(slots=True)
class Positions:
    """Longitude and latitude of each row, NaN where there is none; what is wrong, by the row's place in the batch."""

    lon: OptionalNumbers
    lat: OptionalNumbers
    problems: dict[int, Problem] = field(default_factory=dict)


class _Reading(NamedTuple):
    """How the numbers of a pair are meant."""

    crs: Crs
    swapped: bool


class PairReader:
    """Reads two columns of one table, batch after batch; the first that holds numbers decides what they mean."""

    def __init__(self, pair: CoordinatePair, headings: Sequence[str], report: ReportAssumption) -> None:
        self._pair = pair
        self._names = (headings[pair.x], headings[pair.y])
        self._report = report
        self._reading: _Reading | None = None

    def read(self, columns: Sequence[Sequence[Cell]]) -> Positions:
        """The places of a batch, given as its columns."""
        problems: dict[int, Problem] = {}
        x = _read_numbers(columns[self._pair.x], problems)
        y = _read_numbers(columns[self._pair.y], problems)
        for index in np.flatnonzero(np.isnan(x) != np.isnan(y)):
            missing = self._names[0] if np.isnan(x[index]) else self._names[1]
            problems.setdefault(int(index), _refuse_half(missing))
        x[np.isnan(y)] = np.nan
        if self._reading is None and not np.isnan(x).all():
            self._reading = self._decide(x, y)
        crs, swapped = self._reading or _Reading(self._pair.crs or Crs.CRS84, swapped=False)
        x, y = (y, x) if swapped else (x, y)
        if crs is Crs.RD:
            x, y = self._read_thousands(x, y)
        return place_numbers(x, y, crs, problems)

    def _read_thousands(
        self, x: OptionalNumbers, y: OptionalNumbers
    ) -> tuple[OptionalNumbers, OptionalNumbers]:
        metres = _as_metres(x, y)
        for index in np.flatnonzero(np.abs(metres[0] - x) > 0)[:1]:
            self._report("thousands", _describe_thousands(float(x[index]), float(metres[0][index])))
        return metres

    def _decide(self, x: OptionalNumbers, y: OptionalNumbers) -> _Reading:
        declared = self._pair.crs
        readings = [_Reading(crs, swapped) for swapped in (False, True) for crs in (Crs.CRS84, Crs.RD)]
        fitting = {reading: _count_fitting(x, y, reading) for reading in readings}
        as_declared = _Reading(declared or Crs.CRS84, swapped=False)
        if declared is not None and fitting[as_declared]:
            return as_declared
        # The first of those that fit most, so the order of `readings` decides between equals.
        best = max(readings, key=lambda reading: fitting[reading])
        if not fitting[best]:
            return as_declared
        if best.swapped or best.crs is not (declared or best.crs):
            self._report_reading(best)
        return best

    def _report_reading(self, reading: _Reading) -> None:
        first, second = self._names[::-1] if reading.swapped else self._names
        kinds = {
            Crs.RD: LocalizedText("de x en y van RD (meters)", "the x and y of RD (metres)"),
            Crs.CRS84: LocalizedText("de lengte- en breedtegraad", "longitude and latitude"),
        }
        kind = kinds[reading.crs]
        self._report(
            f"reading {self._names}",
            LocalizedText(
                f"Naar hun getallen zijn de kolommen {first} en {second} gelezen als {kind.nl}.",
                f"By their numbers the columns {first} and {second} were read as {kind.en}.",
            ),
        )


def _count_fitting(x: OptionalNumbers, y: OptionalNumbers, reading: _Reading) -> int:
    if reading.swapped:
        x, y = y, x
    if reading.crs is Crs.CRS84:
        return int(is_in_netherlands(x, y).sum())
    return int(_is_rd(*_as_metres(x, y)).sum())


def _is_rd(x: OptionalNumbers, y: OptionalNumbers) -> NDArray[np.bool_]:
    return (x > 0) & (x < 300_000) & (y > 300_000) & (y < 640_000)


def _as_metres(x: OptionalNumbers, y: OptionalNumbers) -> tuple[OptionalNumbers, OptionalNumbers]:
    """RD in metres, also where the point of 121.687 marks thousands, or the numbers are kilometres."""
    scaled_x, scaled_y = (np.where(np.abs(axis) < _MIN_RD, np.round(axis * 1000, 3), axis) for axis in (x, y))
    fits = _is_rd(scaled_x, scaled_y)
    return np.where(fits, scaled_x, x), np.where(fits, scaled_y, y)


def _describe_thousands(number: float, metres: float) -> LocalizedText:
    return LocalizedText(
        f"Een punt in RD-coördinaten is gelezen als duizendtal: {number:.3f} is {metres:.0f}.",
        f"A point in RD coordinates was read as a mark of thousands: {number:.3f} is {metres:.0f}.",
    )


def place_numbers(
    x: OptionalNumbers, y: OptionalNumbers, crs: Crs, problems: dict[int, Problem]
) -> Positions:
    """The places of numbers of one system; those outside the Netherlands become problems."""
    lon, lat = crs.to_lonlat(x, y)
    lon, lat = np.array(lon), np.array(lat)
    outside = ~np.isnan(x) & ~is_in_netherlands(lon, lat)
    for index in np.flatnonzero(outside):
        problems.setdefault(int(index), explain_place(float(x[index]), float(y[index]), crs))
    lon[outside], lat[outside] = np.nan, np.nan
    return Positions(lon, lat, problems)


def explain_place(x: float, y: float, crs: Crs) -> Problem:
    """Explain a location outside the Netherlands to a reader who sees two cells."""
    mistake = explain_position(x, y, crs)
    detail = mistake.detail
    if mistake.code == ProblemCode.SWAPPED_AXES:
        detail = LocalizedText(
            "Lengtegraad en breedtegraad (x en y) zijn verwisseld. Wissel de twee getallen om.",
            "Longitude and latitude (x and y) are swapped. Put each number in the place of the other.",
        )
    elif mistake.code == ProblemCode.WRONG_CRS:
        detail = LocalizedText(
            "Dit zijn geen coördinaten in het stelsel van deze kolommen: graden en meters (RD) zijn verward.",
            "These are not coordinates in the system of these columns: degrees and metres (RD) are confused.",
        )
    suggestion = ABSENT if mistake.suggestion is None else mistake.suggestion
    return Problem(mistake.code, "/location", detail, [x, y], suggestion)


def join_positions(exact: Positions, other: Positions) -> Positions:
    """The first where it has a place, else the second; a row whose two places are far apart is a problem."""
    both = ~np.isnan(exact.lon) & ~np.isnan(other.lon)
    if both.any():
        x, y = rd_from_lonlat(exact.lon, exact.lat)
        other_x, other_y = rd_from_lonlat(other.lon, other.lat)
        apart = np.hypot(x - other_x, y - other_y)
        for index in np.flatnonzero(both & (apart > MAX_APART_METRES)):
            exact.problems.setdefault(int(index), _refuse_apart(float(apart[index])))
    missing = np.isnan(exact.lon)
    lon, lat = np.where(missing, other.lon, exact.lon), np.where(missing, other.lat, exact.lat)
    problems = {
        index: problem for index, problem in other.problems.items() if missing[index]
    } | exact.problems
    return Positions(lon, lat, problems)


def parse_position_text(cell: Cell) -> tuple[float, float, Crs] | None:
    """Two numbers in one cell, x first: degrees in either order, latitude first where that cannot be seen, or RD."""
    if not isinstance(cell, str):
        return None
    if len(angles := list(_SEXAGESIMAL.finditer(cell))) == 2:
        first, second = (_read_sexagesimal(angle) for angle in angles)
    elif match := _TWO_NUMBERS.fullmatch(cell):
        first, second = (float(number.replace(",", ".")) for number in match.groups())
        if abs(first) < _MIN_RD and all(number.isdigit() for number in match.groups()):
            # One number with a decimal comma, not two in whole degrees.
            return None
        low, high = _as_metres(np.array([min(first, second)]), np.array([max(first, second)]))
        first, second = (float(low[0]), float(high[0])) if high[0] > _MIN_RD else (first, second)
    else:
        return None
    if abs(first) > _MIN_RD and abs(second) > _MIN_RD:
        return (first, second, Crs.RD) if first < second else (second, first, Crs.RD)
    if is_in_netherlands(first, second):
        return first, second, Crs.CRS84
    return second, first, Crs.CRS84


def _read_sexagesimal(angle: re.Match[str]) -> float:
    seconds = float((angle["seconds"] or "0").replace(",", "."))
    minutes = float(angle["minutes"].replace(",", "."))
    degrees = int(angle["degrees"]) + minutes / 60 + seconds / 3600
    return -degrees if (angle["side"] or "").upper() in {"W", "Z", "S"} else degrees


def _read_numbers(cells: Sequence[Cell], problems: dict[int, Problem]) -> OptionalNumbers:
    """The numbers of a column; NaN where a cell is empty, or holds something else, which is a problem."""
    # Python reads more as a number than people mean: 4_5, full-width digits, True.
    texts = "".join(cell for cell in cells if isinstance(cell, str))
    if texts.isascii() and "_" not in texts and {str, int, float, type(None)}.issuperset(map(type, cells)):
        try:
            numbers = np.array([np.nan if cell is None else float(cell) for cell in cells])  # type: ignore[arg-type]
        except ValueError:
            pass
        else:
            if np.isfinite(numbers).sum() == len(cells) - cells.count(None):
                return numbers
    return np.array([_read_coordinate(index, cell, problems) for index, cell in enumerate(cells)])


def _read_coordinate(index: int, cell: Any, problems: dict[int, Problem]) -> float:
    if cell is None:
        return np.nan
    if isinstance(cell, InvalidCell):
        problems.setdefault(index, Problem(cell.code, "/location", cell.detail, cell.text))
        return np.nan
    value = parse_number(cell)
    if isinstance(value, str) and (angle := _SEXAGESIMAL.fullmatch(value)):
        value = _read_sexagesimal(angle)
    if isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value):
        return float(value)
    detail = LocalizedText(
        "Geef een getal, zoals 52,3731 (graden) of 121687 (RD in meters).",
        "Give a number, such as 52.3731 (degrees) or 121687 (RD in metres).",
    )
    problems.setdefault(index, Problem(ProblemCode.INVALID_NUMBER, "/location", detail, str(cell)[:255]))
    return np.nan


def _refuse_half(missing: str) -> Problem:
    detail = LocalizedText(
        f"Er is maar één coördinaat. Vul ook {missing} in.",
        f"There is one coordinate only. Fill in {missing} too.",
    )
    return Problem(ProblemCode.INCOMPLETE_POSITION, "/location", detail)


def _refuse_apart(metres: float) -> Problem:
    detail = LocalizedText(
        f"De graden en de RD-coördinaten liggen {metres:.0f} m uit elkaar. Verbeter of verwijder een van beide.",
        f"The degrees and the RD coordinates lie {metres:.0f} m apart. Correct or remove one of the two.",
    )
    return Problem(ProblemCode.POSITIONS_DIFFER, "/location", detail)
