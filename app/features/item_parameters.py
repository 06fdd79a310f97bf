"""The query of items: a search of sensors, and the form of its answer (`f`, `limit`, `cursor`).

Source: OGC API Features part 1, 7.15.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import integer_from
from app.features.collection_properties import PROPERTIES_OF
from app.features.collections import GEOJSON, HTML
from app.features.item_formats import (
    FORMAT_BY_MEDIA_TYPE,
    ITEM_MEDIA_TYPES,
    POSTED_MEDIA_TYPES,
    choose_item_format,
)
from app.sensors.search.cursor import parse_cursor
from app.sensors.search.filter_parser import parse_long_sensor_filter, parse_sensor_filter
from app.sensors.search.parameters import CRITERIA_PARAMETERS, parse_search
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import DEFAULT_LIMIT, SensorSearch
from app.spatial.query_parameters import BBOX_PARAMETERS

MAX_ITEMS: Final = 10_000
MAX_SHOWN: Final = 1_000
"""Rows of a page for people, which is rendered as a whole."""
MAX_STREAMED: Final = 10_000_000
"""Features of a format that is streamed or spooled: a whole search."""

PAGING: Final = ("limit", "cursor")
SENSOR_PARAMETERS: Final = (
    "f", *PAGING, *BBOX_PARAMETERS, "crs", *CRITERIA_PARAMETERS, "properties", "skipGeometry", "sortby",
)  # fmt: skip
"""Every parameter of the sensors; a search of areas has the same."""


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """A request for items: the search, its canonical text, and the count of an earlier page.

    `cursor` and `f` are as given, since links repeat them; `media_type` is the format that `f` or Accept chose.
    """

    search: SensorSearch
    canonical: str
    cursor: str | None
    number_matched: int | None
    media_type: str = GEOJSON
    f: str | None = None
    is_posted: bool = False

    @property
    def is_first(self) -> bool:
        return self.cursor is None


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form of an answer of items: its media type and the number of features."""

    media_type: str
    limit: int


def parse_items_query(
    query_string: bytes,
    reference_data: ReferenceData,
    accept: str | None = None,
    collection: str = "sensors",
    *,
    is_posted: bool = False,
) -> ItemsQuery:
    """The query of items; that of a body may have a longer filter, and is not answered by a page for people.

    Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable.
    """
    properties = PROPERTIES_OF[collection]
    parser = ParameterParser.of_query(query_string, SENSOR_PARAMETERS)
    form = parse_answer_form(parser, accept, POSTED_MEDIA_TYPES if is_posted else ITEM_MEDIA_TYPES)
    search = parse_search(
        parser,
        reference_data,
        properties=properties.by_name,
        sortable=properties.sortable,
        parse_filter=parse_long_sensor_filter if is_posted else parse_sensor_filter,
    )
    canonical = format_canonical(parser)
    cursor = parser.parse("cursor", lambda text: parse_cursor(text, canonical, search.order))
    parser.require_no_problems()
    return ItemsQuery(
        replace(search, limit=form.limit, after=cursor.after if cursor else None),
        canonical,
        parser.given.get("cursor"),
        number_matched=cursor.number_matched if cursor else None,
        media_type=form.media_type,
        f=parser.given.get("f"),
        is_posted=is_posted,
    )


def parse_answer_form(
    parser: ParameterParser, accept: str | None, formats: Mapping[str, str] = ITEM_MEDIA_TYPES
) -> AnswerForm:
    """The media type and the limit; a limit above the maximum is lowered, as OGC API Features requires."""
    media_type = choose_item_format(parser.given.get("f"), accept, parser.problems, formats)
    limit = parser.parse("limit", integer_from(1)) or DEFAULT_LIMIT
    most = MAX_STREAMED if media_type in FORMAT_BY_MEDIA_TYPE else MAX_ITEMS
    return AnswerForm(media_type, min(limit, MAX_SHOWN if media_type == HTML else most))


def format_canonical(parser: ParameterParser) -> str:
    """The query in one order, without the page and the format. Cursors and entity tags identify a query by it."""
    return parser.format_canonical(excluded=("f", *PAGING))
