"""The query of a single feature: in which form, and of which moment."""

from dataclasses import dataclass
from datetime import datetime

from app.core.errors import InvalidRequest
from app.core.query_string import read_parameters
from app.features.collection_properties import PROPERTIES_OF
from app.features.item_formats import ONE_ITEM
from app.features.parameter_values import read_past_moment, read_truth
from app.features.parameters import ParameterReader
from app.features.result_parameters import read_names
from app.spatial.crs import Crs

ITEM_PARAMETERS = ("f", "crs", "properties", "skipGeometry")


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """A request for one feature, read; `as_of` is None for what holds now, `canonical` the query but for `f`."""

    crs: Crs
    properties: tuple[str, ...]
    skip_geometry: bool
    as_of: datetime | None
    canonical: str
    media_type: str


def list_item_parameters(collection: str) -> tuple[str, ...]:
    """The parameters of one feature; boundaries have no past of their own."""
    return ITEM_PARAMETERS if collection == "municipalities" else (*ITEM_PARAMETERS, "asOf")


def read_item_query(query_string: bytes, accept: str | None, collection: str) -> ItemQuery:
    """Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable."""
    given, problems = read_parameters(query_string, list_item_parameters(collection))
    reading = ParameterReader(given, problems, accept, ONE_ITEM)
    query = ItemQuery(
        crs=reading.read_crs("crs"),
        properties=reading.read("properties", read_names(PROPERTIES_OF[collection].by_name)) or (),
        skip_geometry=reading.read("skipGeometry", read_truth) or False,
        as_of=reading.read("asOf", read_past_moment),
        canonical=reading.canonical,
        media_type=reading.media_type,
    )
    if problems:
        raise InvalidRequest(problems=problems)
    return query
