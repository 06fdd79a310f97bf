"""The query of statistics: a search of sensors, and the dimensions by which its matches are counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import InvalidRequest
from app.core.http.negotiation import choose_media_type
from app.core.i18n import LANGUAGES, Language, LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import InvalidParameter
from app.core.problems import ABSENT, ProblemCode
from app.core.suggestions import ask_whether_meant, find_nearest
from app.sensors.search.dimensions import PUBLIC_DIMENSIONS, Dimension
from app.sensors.search.parameter_schemas import describe_query_parameter, describe_search_parameter
from app.sensors.search.parameters import CRITERIA_PARAMETERS, parse_search
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.query_parameters import BBOX_PARAMETERS

JSON: Final = "application/json"
CSV: Final = "text/csv"
HTML: Final = "text/html"
FORMATS: Final[Mapping[str, str]] = {"json": JSON, "csv": CSV, "html": HTML}

MAX_DIMENSIONS: Final = 2

SEARCH_PARAMETERS: Final = (*BBOX_PARAMETERS, *CRITERIA_PARAMETERS)
"""Parameters of items that select sensors; those for the contents and the order of a page do not apply."""


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """A search, and the dimensions by which it is counted; `criteria` is the search as given, in one order.

    `f` is as given, since links repeat it; `media_type` is the format that `f` or Accept chose. `language` is that of
    the words of a file, which is the same for every reader of an address.
    """

    search: SensorSearch
    by: tuple[Dimension, ...]
    criteria: str
    canonical: str
    media_type: str
    f: str | None
    language: Language = "nl"


def parse_statistics_query(
    query_string: bytes, reference_data: ReferenceData, accept: str | None, *, is_counted_by: bool = True
) -> StatisticsQuery:
    """The query of statistics; without `is_counted_by` it has no parameter `by`, and no page for people.

    Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable.
    """
    own = ("f", "by", "lang") if is_counted_by else ("f", "lang")
    parser = ParameterParser.of_query(query_string, (*own, *SEARCH_PARAMETERS))
    by = parser.parse("by", parse_dimensions) or ()
    search = parse_search(parser, reference_data)
    language = parser.parse("lang", _parse_language) or "nl"
    f = parser.given.get("f")
    media_type = JSON
    try:
        media_type = choose_media_type(list_formats(is_counted_by=is_counted_by), f=f, accept=accept)
    except InvalidRequest as unknown:
        parser.problems += unknown.problems
    parser.require_no_problems()
    return StatisticsQuery(
        search,
        by,
        parser.format_canonical(excluded=own),
        parser.format_canonical(excluded=("f",)),
        media_type,
        f,
        language,
    )


def _parse_language(text: str) -> Language:
    for language in LANGUAGES:
        if text == language:
            return language
    detail = LocalizedText("Kies een taal: nl of en.", "Choose a language: nl or en.")
    raise InvalidParameter(ProblemCode.UNKNOWN_VALUE, detail)


def list_formats(*, is_counted_by: bool = True) -> dict[str, str]:
    """The media types by their names in `f`."""
    return {name: kind for name, kind in FORMATS.items() if is_counted_by or kind != HTML}


def parse_dimensions(text: str) -> tuple[Dimension, ...]:
    """One or two dimensions with a comma between. Raises: InvalidParameter, which lists all that are unknown."""
    names = text.split(",")
    unknown = [name for name in names if name not in PUBLIC_DIMENSIONS]
    if unknown:
        named = ", ".join(f"`{name[:50]}`" for name in unknown[:20])
        choices = ", ".join(PUBLIC_DIMENSIONS)
        nearest = find_nearest(unknown[0][:50], PUBLIC_DIMENSIONS)
        meant = ask_whether_meant(
            nearest, LocalizedText(f" Kies uit: {choices}.", f" Choose from: {choices}.")
        )
        raise InvalidParameter(
            ProblemCode.UNKNOWN_VALUE,
            LocalizedText(
                f"Hiernaar kan niet worden geteld: {named}.{meant.nl}",
                f"Sensors cannot be counted by: {named}.{meant.en}",
            ),
            nearest if nearest and len(names) == 1 else ABSENT,
        )
    if len(names) > MAX_DIMENSIONS or len(set(names)) < len(names):
        detail = LocalizedText(
            f"Noem hoogstens {MAX_DIMENSIONS} kenmerken om naar te tellen, elk één keer.",
            f"Name at most {MAX_DIMENSIONS} dimensions to count by, each once.",
        )
        raise InvalidParameter(ProblemCode.TOO_MANY, detail)
    return tuple(Dimension(name) for name in names)


def describe_parameters(*, is_counted_by: bool = True) -> list[dict[str, Any]]:
    """The query parameters in the API document."""
    form = describe_query_parameter(
        "f",
        {"type": "string", "enum": list(list_formats(is_counted_by=is_counted_by))},
        "The format; without it `Accept` decides.",
    )
    language = describe_query_parameter(
        "lang",
        {"type": "string", "enum": list(LANGUAGES), "default": "nl"},
        "The language of the words in CSV, whatever the language of the reader. JSON has both.",
    )
    by = describe_query_parameter(
        "by",
        {
            "type": "array",
            "items": {"type": "string", "enum": list(PUBLIC_DIMENSIONS)},
            "minItems": 1,
            "maxItems": MAX_DIMENSIONS,
        },
        "One or two dimensions to count by; without it there is only the total.",
    )
    searched = [describe_search_parameter(name) for name in SEARCH_PARAMETERS]
    return [form, language, *([by] if is_counted_by else []), *searched]
