"""The query of municipalities: a box, names, a filter, an order and the form of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.closed_lists import check_words, list_filter_problems
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_interval, parse_plain_text, parse_true_or_false
from app.core.sealed_cursor import open_cursor, refuse_cursor, seal_cursor
from app.features.collection_properties import PROPERTIES_OF
from app.features.item_formats import ITEM_MEDIA_TYPES, POSTED_MEDIA_TYPES
from app.features.item_parameters import PAGING, format_canonical, parse_answer_form
from app.municipalities.boundary_pages import (
    FILTERED,
    SEVERAL_VALUED,
    BoundarySearch,
    parse_boundary_filter,
    parse_long_boundary_filter,
)
from app.municipalities.directory import Directory
from app.municipalities.known_values import BoundaryValues
from app.sensors.search.output_parameters import names_among, order_by_any_of
from app.spatial.cql2.filters import Filter
from app.spatial.query_parameters import (
    BBOX_PARAMETERS,
    FILTER_PARAMETERS,
    ParseFilter,
    parse_bbox_parameters,
    parse_crs_parameter,
    parse_filter_parameters,
)

BOUNDARY_PARAMETERS: Final = (
    "f", *PAGING, *BBOX_PARAMETERS, "crs", "datetime", *FILTERED, *FILTER_PARAMETERS, "properties", "skipGeometry",
    "sortby",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoundaryQuery:
    """A request for boundaries; `cursor` and `f` are as given, since links repeat them."""

    search: BoundarySearch
    canonical: str
    cursor: str | None
    media_type: str
    f: str | None
    is_posted: bool = False


def parse_boundary_query(
    query_string: bytes, directory: Directory, accept: str | None = None, *, is_posted: bool = False
) -> BoundaryQuery:
    """The query of a request; `directory` has the municipalities in force.

    Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable.
    """
    parser = ParameterParser.of_query(query_string, BOUNDARY_PARAMETERS)
    form = parse_answer_form(parser, accept, POSTED_MEDIA_TYPES if is_posted else ITEM_MEDIA_TYPES)
    properties = PROPERTIES_OF["municipalities"]
    order = parser.parse("sortby", order_by_any_of(properties.sortable)) or ()
    # Features without a time match every time: OGC API Features part 1, /req/core/fc-time-response, C.
    parser.parse("datetime", parse_interval)
    known = BoundaryValues(directory)
    search = BoundarySearch(
        bbox=parse_bbox_parameters(parser),
        values=_parse_values(parser, known),
        filter=_parse_filter(
            parser, parse_long_boundary_filter if is_posted else parse_boundary_filter, known
        ),
        order=tuple((key.name, key.descending) for key in order),
        limit=form.limit,
        crs=parse_crs_parameter(parser, "crs"),
        properties=parser.parse("properties", names_among(properties.by_name)) or (),
        skip_geometry=parser.parse("skipGeometry", parse_true_or_false) or False,
    )
    canonical = format_canonical(parser)
    # A cursor holds the values of the sort keys, and the code, which breaks ties.
    after = parser.parse("cursor", lambda text: parse_boundary_cursor(text, canonical, len(order) + 1))
    parser.require_no_problems()
    return BoundaryQuery(
        replace(search, after=after) if after else search,
        canonical,
        parser.given.get("cursor"),
        form.media_type,
        parser.given.get("f"),
        is_posted,
    )


def _parse_values(parser: ParameterParser, known: BoundaryValues) -> dict[str, tuple[str, ...]]:
    """The values of each property, by name."""
    values: dict[str, tuple[str, ...]] = {}
    for name in FILTERED:
        text = parser.parse(name, parse_plain_text)
        if text is not None:
            values[name] = tuple(parser.split(name)) if name in SEVERAL_VALUED else (text,)
            check_words(parser, name, values[name], known.explain_value)
    return values


def _parse_filter(parser: ParameterParser, parse_filter: ParseFilter, known: BoundaryValues) -> Filter | None:
    parsed = parse_filter_parameters(parser, parse_filter)
    if parsed is not None:
        parser.problems += list_filter_problems(parsed.compared, known.explain_value)
    return parsed


def format_boundary_cursor(after: Sequence[str | None], query: str) -> str:
    """The cursor of a page of boundaries that ends at these values."""
    return seal_cursor(list(after), query)


def parse_boundary_cursor(text: str, query: str, length: int) -> tuple[str | None, ...]:
    """The values at which the last page ended, `length` of them. Raises: InvalidParameter."""
    try:
        values = open_cursor(text, query)
        if len(values) == length and all(value is None or value.encode() for value in values):
            return tuple(values)
    except (ValueError, TypeError, AttributeError):
        pass
    raise refuse_cursor()
