"""A position as a query parameter, such as the centre of a circle, in a system that another parameter names."""

from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter, explain_decimal_comma, join_decimals, parse_float
from app.core.problems import ProblemCode
from app.spatial.crs import Crs
from app.spatial.netherlands import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    explain_position,
    is_in_netherlands,
    write_position,
)

_DAM_SQUARE = (4.8932, 52.3731)
_MARGIN_DEGREES = 0.8
"""More than the largest radius, 50 km: farther away a position can have no sensor near it."""


def parse_position(text: str, crs: Crs, crs_parameter: str) -> tuple[float, float]:
    """Longitude and latitude of two numbers in the axis order of their system.

    Raises: InvalidParameter with the mistake that was made: swapped numbers, another system, a decimal comma, or a
    place that is too far from the Netherlands for any sensor.
    """
    words = [word.strip() for word in text.split(",")]
    if len(words) != 2:
        raise InvalidParameter(ProblemCode.INVALID_POSITION, _explain_count(words, crs))
    first, second = map(parse_float, words)
    x, y = crs.order(first, second)
    lon, lat = map(float, crs.to_lonlat(x, y))
    if WEST - _MARGIN_DEGREES <= lon <= EAST + _MARGIN_DEGREES and (
        SOUTH - _MARGIN_DEGREES <= lat <= NORTH + _MARGIN_DEGREES
    ):
        return lon, lat
    mistake = explain_position(x, y, crs, state_crs=f"{crs_parameter}={{uri}}")
    if mistake.suggestion is None:
        raise InvalidParameter(mistake.code, mistake.detail)
    meant = ",".join(f"{number:.10g}" for number in mistake.suggestion)
    nl, en = mistake.detail
    detail = LocalizedText(f"{nl} Bedoelt u {meant}?", f"{en} Did you mean {meant}?")
    raise InvalidParameter(mistake.code, detail, meant)


def _explain_count(words: list[str], crs: Crs) -> LocalizedText:
    for numbers in join_decimals(words, 2):
        if is_in_netherlands(*crs.to_lonlat(*crs.order(*map(float, numbers)))):
            return explain_decimal_comma(",".join(numbers))
    example = ",".join(map(str, write_position(*_DAM_SQUARE, crs)))
    return LocalizedText(
        f"Geef twee getallen in {crs.code}, zoals {example}.",
        f"Give two numbers in {crs.code}, such as {example}.",
    )
