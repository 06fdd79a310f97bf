"""The extent of the Netherlands, and the mistake in a position outside it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.spatial.crs import Crs, Numbers

WEST, SOUTH, EAST, NORTH = 3.0, 50.6, 7.4, 53.8
"""Extent of all municipalities, with a margin of ten kilometres or more."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a position; `suggestion` is the right position, where it is clear."""

    code: ProblemCode
    detail: LocalizedText
    suggestion: list[float] | None = None


def is_in_netherlands(lon: Numbers, lat: Numbers) -> NDArray[np.bool_]:
    """Whether the place lies in the extent of the Netherlands; false for infinity and NaN."""
    return np.asarray((lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH))


def write_position(lon: float, lat: float, crs: Crs) -> list[float]:
    """A place in the axis order of a system on the wire, with its decimals."""
    x, y = crs.from_lonlat(lon, lat)
    return [round(float(number), crs.decimals) for number in crs.order(x, y)]


def explain_position(x: float, y: float, crs: Crs, state_crs: str = "Content-Crs: <{uri}>") -> Mistake:
    """The mistake in a position outside the Netherlands: swapped axes, another system, or a place elsewhere.

    `state_crs` is how a request states the system of its positions.
    """
    other = Crs.RD if crs.is_geographic else Crs.CRS84
    attempts = (
        (crs, (y, x), ProblemCode.SWAPPED_AXES, _describe_axes(crs)),
        (other, (x, y), ProblemCode.WRONG_CRS, _describe_crs(crs, other, state_crs)),
        (other, (y, x), ProblemCode.WRONG_CRS, _describe_crs(crs, other, state_crs)),
    )
    for tried_crs, position, code, detail in attempts:
        lon, lat = tried_crs.to_lonlat(*position)
        if is_in_netherlands(lon, lat):
            return Mistake(code, detail, write_position(lon, lat, crs))
    return Mistake(
        ProblemCode.OUTSIDE_NETHERLANDS,
        LocalizedText(
            "Deze plek ligt niet in of vlak bij Nederland. Controleer de coördinaten.",
            "This place is not in or near the Netherlands. Check the coordinates.",
        ),
    )


def explain_rectangle(rectangle: tuple[float, float, float, float], crs: Crs) -> Mistake | None:
    """The mistake in a rectangle (west, south, east, north) that is beside the Netherlands, and would lie in it with
    its axes swapped or in another system; None for any other rectangle.
    """
    if _touches_netherlands(rectangle, crs):
        return None
    west, south, east, north = rectangle
    swapped = (south, west, north, east)
    if _is_dutch_rectangle(swapped, crs):
        meant = [*crs.order(*swapped[:2]), *crs.order(*swapped[2:])]
        return Mistake(ProblemCode.SWAPPED_AXES, _describe_axes(crs), meant)
    for other in (Crs.CRS84, Crs.RD, Crs.WEB_MERCATOR):
        if other is not crs and any(_is_dutch_rectangle(sides, other) for sides in (rectangle, swapped)):
            detail = LocalizedText(
                f"In {crs.code} ligt dit niet in Nederland, in {other.code} wel. Geef bbox-crs={other.uri}.",
                f"In {crs.code} this is not in the Netherlands, in {other.code} it is. Give bbox-crs={other.uri}.",
            )
            return Mistake(ProblemCode.WRONG_CRS, detail)
    return None


def _touches_netherlands(rectangle: tuple[float, float, float, float], crs: Crs) -> bool:
    (west, east), (south, north) = crs.to_lonlat(np.array(rectangle[::2]), np.array(rectangle[1::2]))
    return bool(west <= EAST and east >= WEST and south <= NORTH and north >= SOUTH)


def _is_dutch_rectangle(rectangle: tuple[float, float, float, float], crs: Crs) -> bool:
    return bool(is_in_netherlands(*crs.to_lonlat(np.array(rectangle[::2]), np.array(rectangle[1::2]))).all())


def _describe_axes(crs: Crs) -> LocalizedText:
    if not crs.is_geographic:
        first, second = LocalizedText("x", "x"), LocalizedText("y", "y")
    else:
        first, second = (
            LocalizedText("de lengtegraad", "longitude"),
            LocalizedText("de breedtegraad", "latitude"),
        )
        if crs.latitude_first:
            first, second = second, first
    return LocalizedText(
        f"De getallen zijn verwisseld: in {crs.code} komt eerst {first.nl}, dan {second.nl}.",
        f"The numbers are swapped: in {crs.code} {first.en} comes first, then {second.en}.",
    )


def _describe_crs(expected: Crs, given: Crs, state_crs: str) -> LocalizedText:
    units = {False: LocalizedText("meters", "metres"), True: LocalizedText("graden", "degrees")}
    given_unit, expected_unit = units[given.is_geographic], units[expected.is_geographic]
    stated = state_crs.format(uri=given.uri)
    return LocalizedText(
        f"Dit zijn {given_unit.nl} in {given.code}; verwacht worden {expected_unit.nl} in {expected.code}."
        f" Geef die, of vermeld {stated}.",
        f"These are {given_unit.en} in {given.code}; {expected_unit.en} in {expected.code} are expected."
        f" Give those, or state {stated}.",
    )
