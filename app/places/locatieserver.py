"""PDOK's Locatieserver: the nearest address of a position.

Source: https://api.pdok.nl/bzk/locatieserver, `/search/v3_1/reverse`.
"""

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import shapely
from shapely.errors import ShapelyError

from app.core.http_client.addresses import parse_address
from app.core.http_client.libraries import httpx
from app.places.unusable_answer import UnusableAnswer, read_name
from app.sensors.search.sensor_search import Spot
from app.spatial.netherlands import is_in_netherlands

MAX_DISTANCE_METRES: Final = 500
"""An address farther away says nothing about a position."""


class NearestAddress(NamedTuple):
    """An address, in longitude and latitude, and its distance in metres."""

    name: str
    lon: float
    lat: float
    distance_metres: float


def write_reverse_address(base_url: str, lon: float, lat: float) -> httpx.URL:
    """The address that returns the nearest address of a position."""
    query = urlencode(
        {
            "lat": f"{lat:.5f}",
            "lon": f"{lon:.5f}",
            "type": "adres",
            "rows": 1,
            "fl": "weergavenaam,centroide_ll",
        }
    )
    return parse_address(f"{base_url.rstrip('/')}/search/v3_1/reverse?{query}")


def parse_nearest_address(content: Any, spot: Spot) -> NearestAddress | None:
    """The address in an answer; None where there is none near. The distance is ours, not the server's.

    Raises: UnusableAnswer for any other content, and for an address outside the Netherlands.
    """
    try:
        documents = content["response"]["docs"]
        if not isinstance(documents, list):
            raise UnusableAnswer("no list of addresses")
        if not documents:
            return None
        name, point = read_name(documents[0]["weergavenaam"]), shapely.from_wkt(documents[0]["centroide_ll"])
        lon, lat = float(point.x), float(point.y)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, ShapelyError) as error:
        raise UnusableAnswer("no address") from error
    if not is_in_netherlands(lon, lat):
        raise UnusableAnswer("an address outside the Netherlands")
    found = Spot.of_lonlat(lon, lat)
    metres = ((found.x - spot.x) ** 2 + (found.y - spot.y) ** 2) ** 0.5
    return NearestAddress(name, lon, lat, metres) if metres <= MAX_DISTANCE_METRES else None
