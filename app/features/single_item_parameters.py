"""The query of a single feature: the form of the answer, and the moment."""

from dataclasses import dataclass
from datetime import datetime

from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import parse_past_timestamp, parse_true_or_false
from app.features.collection_properties import PROPERTIES_OF
from app.features.item_formats import ONE_ITEM, choose_item_format
from app.features.item_parameters import format_canonical
from app.sensors.search.output_parameters import names_among
from app.spatial.crs import Crs
from app.spatial.query_parameters import parse_crs_parameter

ITEM_PARAMETERS = ("f", "crs", "properties", "skipGeometry")


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """A request for one feature; `as_of` is None for the present, `canonical` the query without `f`."""

    crs: Crs
    properties: tuple[str, ...]
    skip_geometry: bool
    as_of: datetime | None
    canonical: str
    media_type: str
    f: str | None


def list_item_parameters(collection: str) -> tuple[str, ...]:
    """The parameters of one feature; boundaries have no history."""
    return ITEM_PARAMETERS if collection == "municipalities" else (*ITEM_PARAMETERS, "asOf")


def parse_item_query(query_string: bytes, accept: str | None, collection: str) -> ItemQuery:
    """Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable."""
    parser = ParameterParser.of_query(query_string, list_item_parameters(collection))
    media_type = choose_item_format(parser.given.get("f"), accept, parser.problems, ONE_ITEM)
    query = ItemQuery(
        crs=parse_crs_parameter(parser, "crs"),
        properties=parser.parse("properties", names_among(PROPERTIES_OF[collection].by_name)) or (),
        skip_geometry=parser.parse("skipGeometry", parse_true_or_false) or False,
        as_of=parser.parse("asOf", parse_past_timestamp),
        canonical=format_canonical(parser),
        media_type=media_type,
        f=parser.given.get("f"),
    )
    parser.require_no_problems()
    return query
