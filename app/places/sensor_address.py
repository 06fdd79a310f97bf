"""The nearest address of a sensor in words: never of one whose exact place is not public, or that moves."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.core.i18n import LocalizedText
from app.places.locatieserver import NearestAddress
from app.sensors.search.sensor_search import Spot

NEAR_METRES: Final = 100
"""An address farther away is not said to be at a sensor."""

_POSTCODE: Final = re.compile(r",\s*[1-9]\d{3}\s?[A-Z]{2}\s+")


def find_address_spot(feature: Mapping[str, Any]) -> Spot | None:
    """The exact, lasting and public place of a sensor, which an address may be looked up for."""
    sensor, geometry = feature["properties"], feature["geometry"]
    if sensor["visibility"] != "public" or sensor["mobility"] == "mobile" or not geometry:
        return None
    if geometry["type"] != "Point":
        return None
    lon, lat, *_ = geometry["coordinates"]
    return Spot.of_lonlat(lon, lat)


def shorten_address(name: str) -> str:
    """The address without its postcode: `Neude 11, Utrecht`."""
    return _POSTCODE.sub(", ", name)


def word_address(address: NearestAddress | None) -> LocalizedText | None:
    """The words for an address that is near."""
    if address is None or address.distance_metres > NEAR_METRES:
        return None
    name = shorten_address(address.name)
    return LocalizedText(f"bij {name}", f"near {name}")
