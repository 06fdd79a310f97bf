"""PDOK's Location API: finding addresses, streets and places by what a person types.

Source: https://api.pdok.nl/kadaster/location-api/v1, `/search`: GeoJSON in CRS84, with `collection_id` and
`display_name`. Without a version for a collection it returns nothing of that collection.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from shapely.errors import ShapelyError
from shapely.geometry import shape

from app.core.http_client.addresses import parse_address
from app.core.http_client.libraries import httpx
from app.places.unusable_answer import UnusableAnswer, read_name
from app.spatial.netherlands import is_in_netherlands

MAX_LOCATIONS: Final = 10


class LocationKind(StrEnum):
    """Kinds of locations, the most exact first."""

    ADDRESS = "address"
    STREET = "street"
    PLACE = "place"
    MUNICIPALITY = "municipality"


COLLECTIONS: Final = {
    "adres": LocationKind.ADDRESS,
    "weg": LocationKind.STREET,
    "woonplaats": LocationKind.PLACE,
    "gemeentegebied": LocationKind.MUNICIPALITY,
}


class Location(NamedTuple):
    """A location by its name at PDOK, with a point in it in longitude and latitude (CRS84)."""

    kind: LocationKind
    name: str
    lon: float
    lat: float


def write_search_address(base_url: str, text: str) -> httpx.URL:
    """The address that finds locations by a text."""
    versions = {f"{collection}[version]": 1 for collection in COLLECTIONS}
    query = urlencode({"q": text, **versions, "limit": MAX_LOCATIONS, "f": "json"}, quote_via=quote)
    return parse_address(f"{base_url.rstrip('/')}/search?{query}")


def parse_locations(content: Any) -> tuple[Location, ...]:
    """The locations of an answer, in its order.

    Raises: UnusableAnswer for any other content, and for a position outside the Netherlands: an answer that is wrong
    in one place is not used at all.
    """
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise UnusableAnswer("no features")
    return tuple(_read_locations(content["features"][:MAX_LOCATIONS]))


def _read_locations(features: list[Any]) -> Iterator[Location]:
    for feature in features:
        try:
            properties = feature["properties"]
            kind = COLLECTIONS.get(properties["collection_id"])
            point = shape(feature["geometry"]).representative_point()
            lon, lat = float(point.x), float(point.y)
            name = read_name(properties["display_name"])
        except (
            KeyError,
            TypeError,
            AttributeError,
            ValueError,
            OverflowError,
            IndexError,
            ShapelyError,
        ) as error:
            raise UnusableAnswer("a feature without a name or a place") from error
        if not is_in_netherlands(lon, lat):
            raise UnusableAnswer("a place outside the Netherlands")
        if kind is not None:
            yield Location(kind, name, round(lon, 7), round(lat, 7))
