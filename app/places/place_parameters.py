"""Parameters of the searches of places and of the answer of a spot."""

from typing import Any, Final

from app.core.i18n import Language, LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import InvalidParameter, integer_from, parse_language
from app.core.problems import ProblemCode
from app.places.place_search import DEFAULT_LIMIT, MAX_TYPED_LENGTH
from app.sensors.plain_text import tidy_code
from app.sensors.public_codes import MAX_TYPED_LENGTH as MAX_CODE_LENGTH
from app.sensors.search.sensor_search import Spot
from app.spatial.crs import Crs
from app.spatial.netherlands import explain_position, is_in_netherlands
from app.spatial.positions import parse_position
from app.spatial.query_parameters import parse_crs_parameter

SEARCH_PARAMETERS: Final = ("q", "limit", "lang")
SPOT_PARAMETERS: Final = ("at", "atCrs", "lang")
NEAREST_PARAMETERS: Final = ("sensor", "lang")

_LANGUAGE: Final[dict[str, Any]] = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "The language of the words, instead of Accept-Language.",
    "schema": {"type": "string", "enum": ["nl", "en"]},
}
SEARCH_DESCRIPTION: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "q",
            "in": "query",
            "required": True,
            "description": "The text, or its beginning: an address, street, postcode, town, municipality, kind of "
            "sensor, owner, registration number, coordinates, or the address on a sticker or of a map.",
            "schema": {"type": "string", "minLength": 1, "maxLength": MAX_TYPED_LENGTH},
            "example": "Utrecht",
        },
        {
            "name": "limit",
            "in": "query",
            "required": False,
            "description": "The most suggestions to return.",
            "schema": {"type": "integer", "minimum": 1, "maximum": DEFAULT_LIMIT, "default": DEFAULT_LIMIT},
        },
        _LANGUAGE,
    ]
}
SPOT_DESCRIPTION: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "at",
            "in": "query",
            "required": True,
            "description": "The spot: longitude and latitude, or the axes of `atCrs`. It is in the query and not in "
            "the path, so that no log has it.",
            "schema": {"type": "string"},
            "example": "4.89313,52.37308",
        },
        {
            "name": "atCrs",
            "in": "query",
            "required": False,
            "description": "The reference system of `at`; CRS84 by default.",
            "schema": {"type": "string", "format": "uri"},
        },
        _LANGUAGE,
    ]
}

NEAREST_DESCRIPTION: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "sensor",
            "in": "query",
            "required": True,
            "description": "The registration number of the sensor.",
            "schema": {"type": "string", "maxLength": MAX_CODE_LENGTH},
            "example": "BSK4Y5M",
        },
        _LANGUAGE,
    ]
}


def parse_nearest_parameters(parser: ParameterParser) -> tuple[str, Language | None]:
    """The registration number and the language. Raises: InvalidRequest naming every problem."""
    _require(
        parser,
        "sensor",
        LocalizedText(
            "Geef een registratienummer, zoals sensor=BSK4Y5M.",
            "Give a registration number, such as sensor=BSK4Y5M.",
        ),
    )
    code = parser.parse("sensor", lambda text: tidy_code(text)[:MAX_CODE_LENGTH])
    language = parser.parse("lang", parse_language)
    parser.require_no_problems()
    return code or "", language


def parse_search_parameters(parser: ParameterParser) -> tuple[str, int, Language | None]:
    """The text, the limit and the language. Raises: InvalidRequest naming every problem."""
    _require(
        parser,
        "q",
        LocalizedText("Geef een tekst om te zoeken, zoals q=Utrecht.", "Give a text, such as q=Utrecht."),
    )
    text = parser.parse("q", parse_text)
    limit = parser.parse("limit", integer_from(1, DEFAULT_LIMIT))
    language = parser.parse("lang", parse_language)
    parser.require_no_problems()
    return text or "", limit or DEFAULT_LIMIT, language


def parse_spot_parameters(parser: ParameterParser) -> tuple[Spot, Language | None]:
    """The spot and the language. Raises: InvalidRequest naming every problem."""
    _require(
        parser,
        "at",
        LocalizedText(
            "Geef een plek, zoals at=4.89313,52.37308.", "Give a spot, such as at=4.89313,52.37308."
        ),
    )
    crs = parse_crs_parameter(parser, "atCrs")
    lonlat = parser.parse("at", lambda text: parse_dutch_position(text, crs, "atCrs"))
    language = parser.parse("lang", parse_language)
    parser.require_no_problems()
    assert lonlat is not None  # noqa: S101 - its absence is a problem
    return Spot.of_lonlat(*lonlat), language


def parse_text(text: str) -> str:
    """A text to search for. Raises: InvalidParameter."""
    if not text.strip():
        raise InvalidParameter(
            ProblemCode.INVALID_TEXT,
            LocalizedText("Geef een tekst om te zoeken.", "Give a text to search for."),
        )
    if len(text) > MAX_TYPED_LENGTH:
        raise InvalidParameter(
            ProblemCode.TOO_LONG,
            LocalizedText(
                f"Geef hoogstens {MAX_TYPED_LENGTH} tekens.", f"Give at most {MAX_TYPED_LENGTH} characters."
            ),
        )
    return text


def parse_dutch_position(text: str, crs: Crs, crs_parameter: str) -> tuple[float, float]:
    """Longitude and latitude of a position in or near the Netherlands. Raises: InvalidParameter."""
    lon, lat = parse_position(text, crs, crs_parameter)
    if not is_in_netherlands(lon, lat):
        x, y = crs.from_lonlat(lon, lat)
        mistake = explain_position(float(x), float(y), crs)
        raise InvalidParameter(mistake.code, mistake.detail)
    return lon, lat


def _require(parser: ParameterParser, name: str, detail: LocalizedText) -> None:
    if name not in parser.given:
        parser.refuse(name, ProblemCode.REQUIRED, detail)
