"""What can be a place in the Netherlands, and what was meant by a position that cannot be one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.i18n import LocalizedText
from app.core.problems import ProblemCode
from app.spatial.crs import Crs, Numbers

WEST, SOUTH, EAST, NORTH = 3.0, 50.6, 7.4, 53.8
"""Around all municipalities, by ten kilometres or more; in which of them a place is, others decide."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a position, and the position that was meant where that can be seen."""

    code: ProblemCode
    detail: LocalizedText
    suggestion: list[float] | None = None


def is_in_netherlands(lon: Numbers, lat: Numbers) -> NDArray[np.bool_]:
    """Whether the place is roughly in the Netherlands; infinite and NaN are not."""
    return np.asarray((lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH))


def write_position(lon: float, lat: float, crs: Crs) -> list[float]:
    """A place as the system writes it on the wire: its order of axes, its meaningful decimals."""
    x, y = crs.from_lonlat(lon, lat)
    return [round(float(number), crs.decimals) for number in crs.order(x, y)]


def explain_position(x: float, y: float, crs: Crs) -> Mistake:
    """What is wrong with a position outside the Netherlands: swapped axes, the wrong system, or elsewhere."""
    other = Crs.RD if crs.is_geographic else Crs.CRS84
    readings = (
        (crs, (y, x), ProblemCode.SWAPPED_AXES, _describe_axes(crs)),
        (other, (x, y), ProblemCode.WRONG_CRS, _describe_crs(crs, other)),
        (other, (y, x), ProblemCode.WRONG_CRS, _describe_crs(crs, other)),
    )
    for meant, position, code, detail in readings:
        lon, lat = meant.to_lonlat(*position)
        if is_in_netherlands(lon, lat):
            return Mistake(code, detail, write_position(lon, lat, crs))
    return Mistake(
        ProblemCode.OUTSIDE_NETHERLANDS,
        LocalizedText(
            "Deze plek ligt niet in of vlak bij Nederland. Kijk de coördinaten na.",
            "This place is not in or near the Netherlands. Check the coordinates.",
        ),
    )


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


def _describe_crs(expected: Crs, given: Crs) -> LocalizedText:
    units = {False: LocalizedText("meters", "metres"), True: LocalizedText("graden", "degrees")}
    given_unit, expected_unit = units[given.is_geographic], units[expected.is_geographic]
    return LocalizedText(
        f"Dit zijn {given_unit.nl} in {given.code}, en hier horen {expected_unit.nl} in {expected.code}."
        f" Geef die, of vermeld Content-Crs: <{given.uri}>.",
        f"These are {given_unit.en} in {given.code}, where {expected_unit.en} in {expected.code} belong."
        f" Give those, or state Content-Crs: <{given.uri}>.",
    )
