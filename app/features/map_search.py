"""What of the parameters of items a map may ask as well: all that choose sensors, and none that shape a page."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request

from app.features.openapi_parameters import describe_parameter
from app.features.parameters import FORM, PAGING, SENSOR_PARAMETERS, SPATIAL, read_sensor_query
from app.features.routes import get_reference_data
from app.sensors.search.sensor_search import SensorSearch

_OF_PAGES: Final = frozenset({"f", *PAGING, *SPATIAL, *FORM})

MAP_PARAMETERS: Final[Mapping[str, dict[str, Any]]] = {
    name: describe_parameter(name) for name in SENSOR_PARAMETERS if name not in _OF_PAGES
}
"""By name, each as the API document describes it. A tile is a box itself, so there is no `bbox`."""


async def read_map_search(request: Request, query_string: bytes) -> tuple[SensorSearch, str]:
    """The search and its canonical query. Raises: InvalidRequest naming all that is wrong."""
    query = read_sensor_query(query_string, await get_reference_data(request))
    return query.search, query.canonical
