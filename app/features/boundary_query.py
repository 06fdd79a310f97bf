"""The query of municipalities: a box, names, an order and a form, every problem at once."""

from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import InvalidRequest
from app.core.query_string import read_parameters
from app.features.collection_properties import PROPERTIES_OF
from app.features.cursor import read_boundary_cursor
from app.features.parameter_values import read_interval, read_plain, read_truth
from app.features.parameters import FILTER, FORM, PAGING, SPATIAL, ParameterReader
from app.features.result_parameters import read_names, read_order
from app.municipalities.boundary_pages import FILTERED, BoundarySearch, read_boundary_filter

BOUNDARY_PARAMETERS: Final = ("f", *PAGING, *SPATIAL, "datetime", *FILTERED, *FILTER, *FORM)


@dataclass(frozen=True, slots=True)
class BoundaryQuery:
    """A request for boundaries, read; `cursor` and the format `f` are as they were asked for, which links repeat."""

    search: BoundarySearch
    canonical: str
    cursor: str | None
    media_type: str
    f: str | None


def read_boundary_query(query_string: bytes, accept: str | None = None) -> BoundaryQuery:
    """Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable."""
    given, problems = read_parameters(query_string, BOUNDARY_PARAMETERS)
    reading = ParameterReader(given, problems, accept)
    properties = PROPERTIES_OF["municipalities"]
    order = reading.read("sortby", read_order(properties.sortable)) or ()
    # What has no time of its own is there at any: OGC API Features part 1, /req/core/fc-time-response, C.
    reading.read("datetime", read_interval)
    values = {name: reading.read(name, read_plain) for name in FILTERED if name in given}
    search = BoundarySearch(
        bbox=reading.read_bbox(),
        values={name: tuple(text.split(",")) for name, text in values.items() if text},
        filter=reading.read_filter(read_boundary_filter),
        order=tuple((key.name, key.descending) for key in order),
        limit=reading.read_limit(),
        crs=reading.read_crs("crs"),
        properties=reading.read("properties", read_names(properties.by_name)) or (),
        skip_geometry=reading.read("skipGeometry", read_truth) or False,
    )
    canonical = reading.canonical
    # Beside what it is ordered by, the code, which breaks ties.
    after = reading.read("cursor", lambda text: read_boundary_cursor(text, canonical, len(order) + 1))
    if problems:
        raise InvalidRequest(problems=problems)
    search = replace(search, after=after or ())
    return BoundaryQuery(search, canonical, given.get("cursor"), reading.media_type, given.get("f"))
