"""Boxes, parsed from a request in any of the reference systems of the register.

Source: OGC API Features part 1, 7.15.3 (bbox) and part 2, 8.2 (bbox-crs); RFC 7946, 5.2 (antimeridian).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.i18n import LocalizedText
from app.core.parameter_values import explain_decimal_comma, join_decimals, parse_finite
from app.core.problems import Problem, ProblemCode
from app.spatial.crs import Crs, lonlat_from_mercator
from app.spatial.netherlands import Mistake, explain_rectangle, is_in_netherlands

Rectangle = tuple[float, float, float, float]
"""West, south, east, north."""

# Clients round the edge of Web Mercator differently, by up to some decimetres.
_EDGE_METRES = 1.0

# Half of the last published digit in Web Mercator, and a little for the calculation: a place is stored in degrees, and
# its published metres may lie this much beside it.
_ROUNDING_METRES = 0.000501

_SWAPPED_SOUTH_NORTH = LocalizedText(
    "De zuidkant ligt boven de noordkant. Geef eerst de laagste hoek, dan de hoogste.",
    "The south side lies above the north side. Give the lowest corner first, then the highest.",
)
_SWAPPED_WEST_EAST = LocalizedText(
    "De westkant ligt voorbij de oostkant. Geef eerst de laagste hoek, dan de hoogste.",
    "The west side lies beyond the east side. Give the lowest corner first, then the highest.",
)
_SWAPPED_HEIGHTS = LocalizedText(
    "De onderkant ligt boven de bovenkant. Geef eerst de laagste hoek, dan de hoogste.",
    "The lowest height lies above the highest. Give the lowest corner first, then the highest.",
)
_OUTSIDE_RD = LocalizedText(
    "Deze rechthoek raakt het gebied van RD niet. RD is in meters: x van -87854 tot 318160, y van 228817 tot"
    " 894091. Zijn dit graden, laat bbox-crs dan weg.",
    "This box does not touch the area of RD. RD is in metres: x from -87854 to 318160, y from 228817 to"
    " 894091. If these are degrees, leave out bbox-crs.",
)
_OUTSIDE_WEB_MERCATOR = LocalizedText(
    "De x van EPSG:3857 loopt van -20037508.34 tot 20037508.34 meter.",
    "The x of EPSG:3857 runs from -20037508.34 to 20037508.34 metres.",
)
_OUTSIDE_WORLD = LocalizedText(
    "Lengtegraden lopen van -180 tot 180, breedtegraden van -90 tot 90. Zijn dit meters in RD, geef dan"
    f" bbox-crs={Crs.RD.uri}.",
    "Longitudes run from -180 to 180, latitudes from -90 to 90. If these are metres in RD, give"
    f" bbox-crs={Crs.RD.uri}.",
)


@dataclass(frozen=True, slots=True)
class Bbox:
    """A box in degrees of longitude and latitude (crs CRS84) or in metres of RD (crs RD), edges included.

    In degrees west may exceed east: such a box crosses the dateline.
    """

    west: float
    south: float
    east: float
    north: float
    crs: Crs = Crs.CRS84

    def parts(self) -> tuple[Rectangle, ...]:
        """Rectangles with west <= east: one, or two for a box that crosses the dateline."""
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return ((self.west, self.south, 180.0, self.north), (-180.0, self.south, self.east, self.north))


def parse_bbox(text: str, crs: Crs, parameter: str = "bbox") -> tuple[Bbox | None, list[Problem]]:
    """The box of four or six numbers, or None and every problem.

    Heights are checked and left out. A box in EPSG:3857, or with latitude first, is returned in degrees, longitude
    first.
    """
    words = [word.strip() for word in text.split(",")]
    numbers = [_parse_number(word) for word in words]
    faults = list(_find_faulty_numbers(words, numbers, crs)) or list(_find_decimal_comma(words, crs))
    if not faults:
        half = len(numbers) // 2
        west, south = crs.order(*numbers[:2])
        east, north = crs.order(*numbers[half : half + 2])
        faults = list(_find_faulty_sides((west, south, east, north), crs))
        if numbers[half - 1] > numbers[-1] and half == 3:
            faults.append((ProblemCode.SWAPPED_AXES, _SWAPPED_HEIGHTS))
        faults = faults or list(_find_misread_sides((west, south, east, north), crs))
    if faults:
        # The answer repeats the text, so its length is limited.
        return None, [Problem(code, parameter, detail, text[:200], where="query") for code, detail in faults]
    if crs is Crs.WEB_MERCATOR:
        west, south = _clamp_mercator(west - _ROUNDING_METRES, south - _ROUNDING_METRES)
        east, north = _clamp_mercator(east + _ROUNDING_METRES, north + _ROUNDING_METRES)
    return Bbox(west, south, east, north, Crs.RD if crs is Crs.RD else Crs.CRS84), []


def _parse_number(word: str) -> float:
    """The number; NaN for a word that is no finite number."""
    number = parse_finite(word)
    return math.nan if number is None else number


def _find_decimal_comma(words: list[str], crs: Crs) -> Iterator[tuple[ProblemCode, LocalizedText]]:
    """The mistake in six numbers that are a Dutch box only when they are read as four, two with a decimal comma."""
    if len(words) != 6 or _is_dutch(words[:2], crs) or _is_dutch(words[3:5], crs):
        return
    if meant := _join_to_dutch_box(words, crs):
        yield ProblemCode.NUMBER_COUNT, explain_decimal_comma(meant)


def _join_to_dutch_box(words: list[str], crs: Crs) -> str | None:
    """The first reading of the words as four or six numbers with decimal commas that is a box in the Netherlands."""
    for count in (4, 6):
        for numbers in join_decimals(words, count):
            half = count // 2
            if _is_dutch(numbers[:2], crs) and _is_dutch(numbers[half : half + 2], crs):
                return ",".join(numbers)
    return None


def _is_dutch(position: list[str], crs: Crs) -> bool:
    return bool(is_in_netherlands(*crs.to_lonlat(*crs.order(*map(float, position)))))


def _find_faulty_numbers(
    words: list[str], numbers: list[float], crs: Crs
) -> Iterator[tuple[ProblemCode, LocalizedText]]:
    if len(words) not in (4, 6):
        if meant := _join_to_dutch_box(words, crs):
            yield ProblemCode.NUMBER_COUNT, explain_decimal_comma(meant)
            return
        yield (
            ProblemCode.NUMBER_COUNT,
            LocalizedText(
                f"Geef vier getallen (of zes, met hoogten) met komma's ertussen; dit zijn er {len(words)}.",
                f"Give four numbers (or six, with heights), separated by commas; these are {len(words)}.",
            ),
        )
    wrong = [word[:40] for word, number in zip(words, numbers, strict=True) if math.isnan(number)]
    if wrong:
        named = ", ".join(f"“{word}”" for word in wrong[:6])
        yield (
            ProblemCode.INVALID_NUMBER,
            LocalizedText(
                f"Dit is geen gewoon getal: {named}. Schrijf bijvoorbeeld 4.89.",
                f"This is not an ordinary number: {named}. Write for instance 4.89.",
            ),
        )


def _find_faulty_sides(sides: Rectangle, crs: Crs) -> Iterator[tuple[ProblemCode, LocalizedText]]:
    west, south, east, north = sides
    if south > north:
        yield ProblemCode.SWAPPED_AXES, _SWAPPED_SOUTH_NORTH
    if west > east and not crs.is_geographic:
        yield ProblemCode.SWAPPED_AXES, _SWAPPED_WEST_EAST
    left, bottom, right, top = crs.extent
    if crs is Crs.RD:
        # A zoomed-out map requests far more than RD covers. Only a box outside RD is a mistake.
        is_beside = max(west, east) < left or min(west, east) > right
        if is_beside or max(south, north) < bottom or min(south, north) > top:
            yield ProblemCode.OUTSIDE_CRS, _OUTSIDE_RD
    elif crs is Crs.WEB_MERCATOR:
        if min(west, east) < left - _EDGE_METRES or max(west, east) > right + _EDGE_METRES:
            yield ProblemCode.OUTSIDE_CRS, _OUTSIDE_WEB_MERCATOR
    elif (
        min(west, east) < left
        or max(west, east) > right
        or min(sides[1::2]) < bottom
        or max(sides[1::2]) > top
    ):
        yield ProblemCode.OUTSIDE_CRS, _OUTSIDE_WORLD


def _find_misread_sides(sides: Rectangle, crs: Crs) -> Iterator[tuple[ProblemCode, LocalizedText]]:
    """The mistake in a box elsewhere that is a Dutch one when it is read otherwise: it would find nothing."""
    # A box with west beyond east crosses the dateline.
    mistake = explain_rectangle(sides, crs) if sides[0] <= sides[2] else None
    if mistake:
        yield mistake.code, describe_mistake(mistake)


def describe_mistake(mistake: Mistake) -> LocalizedText:
    """The sentences about a mistake, with the numbers that were meant where they are clear."""
    if not mistake.suggestion:
        return mistake.detail
    numbers = ",".join(f"{number:.12g}" for number in mistake.suggestion)
    return LocalizedText(
        f"{mistake.detail.nl} Bedoelt u {numbers}?", f"{mistake.detail.en} Did you mean {numbers}?"
    )


def _clamp_mercator(x: float, y: float) -> tuple[float, float]:
    lon, lat = lonlat_from_mercator(x, y)
    return min(max(float(lon), -180.0), 180.0), float(lat)
