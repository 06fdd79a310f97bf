"""The query parameters of a search of sensors: text to `SensorSearch`, and back.

OGC items, tiles, exports, statistics, the command line and the website's list all parse their parameters here. Source:
OGC API Features part 1, 7.15; part 2 (`crs`, `bbox-crs`); part 3 (`filter`). `municipality`, `province`, `near`,
`radius`, `covers` and `asOf` are the register's own.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from app.core.clock import dutch_date
from app.core.errors import InvalidRequest
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import (
    integer_from,
    parse_day,
    parse_float,
    parse_identifier,
    parse_interval,
    parse_past_timestamp,
    parse_plain_text,
    parse_timestamp,
    parse_true_false_or_digit,
    parse_true_or_false,
    radius_up_to,
)
from app.core.problems import ProblemCode
from app.municipalities.directory import Directory
from app.municipalities.provinces import get_province
from app.sensors.fields import FIELD_BY_NAME, FieldKind
from app.sensors.search.closed_lists import ClosedLists, find_vocabulary
from app.sensors.search.filter_parser import parse_sensor_filter
from app.sensors.search.operational_status import OPERATIONAL_STATUSES, STATUS_PROPERTY, OperationalStatus
from app.sensors.search.output_parameters import names_among, order_by_any_of, parse_words
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import (
    LARGEST_INTEGER,
    SEARCHABLE,
    SEVERAL_VALUED,
    SORTABLE,
    MunicipalityScope,
    Near,
    ProvinceScope,
    SensorSearch,
    Spot,
)
from app.spatial.cql2.filters import Filter, FilterLanguage
from app.spatial.cql2.parsing import MAX_FILTER_BYTES
from app.spatial.crs import Crs
from app.spatial.crs_names import read_crs
from app.spatial.positions import parse_position
from app.spatial.query_parameters import (
    BBOX_PARAMETERS,
    FILTER_PARAMETERS,
    ParseFilter,
    parse_bbox_parameters,
    parse_crs_parameter,
    parse_filter_parameters,
)

DEFAULT_RADIUS_METRES: Final = 250.0
MAX_RADIUS_METRES: Final = 50_000.0

CRITERIA_PARAMETERS: Final = (
    "datetime", "municipality", "province", "near", "nearCrs", "radius", "covers", "coversCrs", "asOf", "q",
    *FILTER_PARAMETERS, STATUS_PROPERTY, *SEARCHABLE,
)  # fmt: skip
"""Parameters that select sensors. `bbox` is not among them, since a tile is a box itself."""
OUTPUT_PARAMETERS: Final = ("crs", "properties", "skipGeometry", "sortby")
"""Parameters for the contents and the order of a response."""
SEARCH_PARAMETERS: Final = (*BBOX_PARAMETERS, *CRITERIA_PARAMETERS, *OUTPUT_PARAMETERS)


def parse_search(
    parser: ParameterParser,
    reference_data: ReferenceData,
    *,
    properties: Collection[str] = (),
    sortable: Collection[str] = tuple(SORTABLE),
    parse_filter: ParseFilter = parse_sensor_filter,
) -> SensorSearch:
    """The search of a request's parameters.

    `properties` and `sortable` are the names that `properties` and `sortby` may hold. Problems are added to the parser;
    if there are any, do not use the search.
    """
    as_of = parser.parse("asOf", parse_past_timestamp)
    today = dutch_date(as_of)
    lists = ClosedLists(reference_data, today)
    covers = _parse_position(parser, "covers")
    return SensorSearch(
        today=today,
        bbox=parse_bbox_parameters(parser),
        municipality=_parse_municipality(parser, reference_data.directory),
        province=_parse_province(parser, reference_data.directory),
        near=_parse_near(parser),
        covers=Spot.of_lonlat(*covers) if covers else None,
        values=_parse_values(parser, lists),
        statuses=_parse_statuses(parser, lists),
        during=parser.parse("datetime", parse_interval),
        as_of=as_of,
        words=parser.parse("q", parse_words),
        filter=_parse_filter(parser, parse_filter, lists),
        order=parser.parse("sortby", order_by_any_of(sortable)) or (),
        crs=parse_crs_parameter(parser, "crs"),
        properties=parser.parse("properties", names_among(properties)) or (),
        skip_geometry=parser.parse("skipGeometry", parse_true_or_false) or False,
    )


def parse_search_text(
    text: str, reference_data: ReferenceData, *, properties: Collection[str] = ()
) -> SensorSearch:
    """The search of a text such as `municipality=Utrecht&sensorType=sound`.

    Raises: InvalidRequest naming every unknown, repeated or malformed parameter.
    """
    parser = ParameterParser.of_query(text.encode(), SEARCH_PARAMETERS)
    search = parse_search(parser, reference_data, properties=properties)
    parser.require_no_problems()
    return search


def format_search(search: SensorSearch) -> str:
    """The canonical text of a search: `parse_search_text` gives the same search back.

    The page (`after`, `limit`) is not part of it. Raises: ValueError for a search by ids, which has no parameters.
    """
    if search.ids:
        raise ValueError("a search by ids has no query parameters")
    given: dict[str, Any] = {name: ",".join(map(_format, wanted)) for name, wanted in search.values.items()}
    if search.bbox:
        box = search.bbox
        given["bbox"] = ",".join(map(repr, (box.west, box.south, box.east, box.north)))
        given["bbox-crs"] = None if box.crs is Crs.CRS84 else box.crs.uri
    if search.municipality:
        given["municipality"] = search.municipality.code
    if search.province:
        given["province"] = search.province.code
    if search.near:
        given["near"] = _format_position(search.near.lonlat)
        given["radius"] = repr(search.near.radius_metres)
    if search.covers:
        given["covers"] = _format_position(search.covers.lonlat)
    if search.statuses:
        given[STATUS_PROPERTY] = ",".join(search.statuses)
    if search.during:
        given["datetime"] = "/".join(day.isoformat() if day else ".." for day in search.during)
    if search.filter:
        given["filter"], given["filter-lang"] = _format_filter(search.filter)
        given["filter-crs"] = None if search.filter.crs is Crs.CRS84 else search.filter.crs.uri
    given["asOf"] = _format(search.as_of) if search.as_of else None
    given["q"] = search.words
    given["sortby"] = ",".join("-" * key.descending + key.name for key in search.order) or None
    given["crs"] = None if search.crs is Crs.CRS84 else search.crs.uri
    given["properties"] = ",".join(search.properties) or None
    given["skipGeometry"] = "true" if search.skip_geometry else None
    return urlencode(sorted((name, value) for name, value in given.items() if value is not None))


def _format(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # The first and last hours of the calendar have no moment in UTC; they keep their offset.
        with suppress(OverflowError):
            value = value.astimezone(UTC)
        text: str = value.isoformat(timespec="microseconds")
        return text.replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _format_filter(parsed: Filter) -> tuple[str, FilterLanguage]:
    """The filter as JSON, which is the same for every spelling. A filter whose JSON is too long stays as given."""
    if len(parsed.tree.encode()) > MAX_FILTER_BYTES:
        return parsed.text, parsed.language
    return parsed.tree, "cql2-json"


def _format_position(lonlat: tuple[float, float]) -> str:
    return ",".join(map(repr, lonlat))


def _parse_position(parser: ParameterParser, name: str) -> tuple[float, float] | None:
    """Longitude and latitude of a position; `nearCrs` is the system of `near`, as `bbox-crs` is that of `bbox`.

    Without it and without a box, `bbox-crs` is.
    """
    crs_name = f"{name}Crs"
    box_crs = parser.given.get("bbox-crs")
    if box_crs is not None and crs_name not in parser.given and "bbox" not in parser.given:
        # Its problems are those of the box already.
        crs, _ = read_crs(box_crs, "bbox-crs", "query")
    else:
        crs = parse_crs_parameter(parser, crs_name)
    return parser.parse(name, lambda text: parse_position(text, crs, crs_name))


def _parse_near(parser: ParameterParser) -> Near | None:
    position = _parse_position(parser, "near")
    radius = parser.parse("radius", radius_up_to(MAX_RADIUS_METRES))
    if "radius" in parser.given and "near" not in parser.given:
        detail = LocalizedText(
            "Geef bij radius ook near=lengte,breedte.", "With radius give near=longitude,latitude."
        )
        parser.refuse("radius", ProblemCode.RADIUS_WITHOUT_NEAR, detail)
    return Near.of_lonlat(*position, radius or DEFAULT_RADIUS_METRES) if position else None


def _parse_municipality(parser: ParameterParser, directory: Directory) -> MunicipalityScope | None:
    text = parser.given.get("municipality")
    if text is None:
        return None
    try:
        found = directory.get_municipality(text)
    except InvalidRequest as unknown:
        parser.problems += unknown.problems
        return None
    return MunicipalityScope(found.code, None if found.in_force else found.edition)


def _parse_province(parser: ParameterParser, directory: Directory) -> ProvinceScope | None:
    text = parser.given.get("province")
    if text is None:
        return None
    try:
        found = get_province(text)
    except InvalidRequest as unknown:
        parser.problems += unknown.problems
        return None
    return ProvinceScope(found.code, directory.list_codes_in(found))


def _parse_statuses(parser: ParameterParser, lists: ClosedLists) -> tuple[OperationalStatus, ...]:
    text = parser.given.get(STATUS_PROPERTY)
    if text is None:
        return ()
    words = parser.split(STATUS_PROPERTY)
    _check_words(parser, STATUS_PROPERTY, words, lists)
    return tuple(OperationalStatus(word) for word in words if word in OPERATIONAL_STATUSES)


def _parse_values(parser: ParameterParser, lists: ClosedLists) -> dict[str, tuple[Any, ...]]:
    """The values of each property, by name: codes of a vocabulary, or values of the property's kind."""
    values: dict[str, tuple[Any, ...]] = {}
    for name, text in parser.given.items():
        if name not in SEARCHABLE:
            continue
        words = parser.split(name) if name in SEVERAL_VALUED else [text]
        values[name] = tuple(words)
        if find_vocabulary(name) is None:
            problems = len(parser.problems)
            value_parser = _find_value_parser(name)
            values[name] = tuple(parser.parse_one(name, word, value_parser) for word in words)
            if len(parser.problems) > problems:
                continue
        _check_words(parser, name, words, lists)
    return values


def _check_words(parser: ParameterParser, name: str, words: Sequence[str], lists: ClosedLists) -> None:
    for word in words:
        if (mistake := lists.explain_value(name, word)) is not None:
            parser.refuse(name, mistake.code, mistake.detail, mistake.suggestion)


def _parse_filter(parser: ParameterParser, parse_filter: ParseFilter, lists: ClosedLists) -> Filter | None:
    parsed = parse_filter_parameters(parser, parse_filter)
    if parsed is not None:
        parser.problems += lists.list_problems(parsed.compared)
    return parsed


def _find_value_parser(name: str) -> Callable[[str], Any]:
    field = FIELD_BY_NAME.get(name)
    kind = field.kind if field else None
    if kind is FieldKind.DATE or name == "confirmBy":
        return parse_day
    if name == "version":
        return integer_from(1, LARGEST_INTEGER)
    if name == "updatedAt":
        return parse_timestamp
    return _VALUE_PARSERS.get(kind or FieldKind.TEXT, parse_plain_text)


_VALUE_PARSERS: Final[Mapping[FieldKind, Callable[[str], Any]]] = {
    FieldKind.ORGANISATION: parse_identifier,
    FieldKind.BOOLEAN: parse_true_false_or_digit,
    FieldKind.NUMBER: parse_float,
}
