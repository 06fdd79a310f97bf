"""The question of a request for a map: the search, the format of the answer, the language and the tile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import NotFound
from app.core.http.negotiation import parse_media_type
from app.core.i18n import Language, LocalizedText, preferred_language
from app.core.parameter_parser import ParameterParser
from app.sensors.search.parameter_schemas import describe_search_parameter
from app.sensors.search.parameters import CRITERIA_PARAMETERS, parse_search
from app.sensors.search.reference_data import ReferenceData
from app.sensors.search.sensor_search import SensorSearch
from app.tiles.tile_matrix_sets import TILE_MATRIX_SETS, Tile, TileMatrixSet

MAP_PARAMETERS: Final[Mapping[str, dict[str, Any]]] = {
    name: describe_search_parameter(name) for name in CRITERIA_PARAMETERS
}
"""The parameters of a map by name, as the API document describes them. A tile is a box itself: there is no `bbox`."""

_WHOLE_NUMBER: Final = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)

_NO_SET: Final = LocalizedText("Deze tegelindeling bestaat niet.", "There is no such tile matrix set.")
_NO_TILE: Final = LocalizedText(
    "Deze tegel bestaat niet: hij ligt buiten de tegelset. Zie tileMatrixSetLimits.",
    "There is no such tile: it lies outside the tileset. See tileMatrixSetLimits.",
)


@dataclass(frozen=True, slots=True)
class RequestHeaders:
    """The headers of a request that decide its answer."""

    accept: str | None
    accept_language: str | None
    if_none_match: str | None

    @property
    def language(self) -> Language:
        return preferred_language(self.accept_language)


@dataclass(frozen=True, slots=True)
class MapQuery:
    """A request for a map: the search, its parameters as given in alphabetical order, and the format of the answer."""

    search: SensorSearch
    canonical: str
    media_type: str


def parse_map_query(
    query_string: bytes, accept: str | None, reference_data: ReferenceData, offered: Mapping[str, str]
) -> MapQuery:
    """The query of a map; `offered` are media types by their names in `f`, the preferred one first.

    Raises: InvalidRequest naming every unknown, repeated or malformed parameter; NotAcceptable.
    """
    parser = ParameterParser.of_query(query_string, ("f", *MAP_PARAMETERS))
    search = parse_search(parser, reference_data)
    media_type = parse_media_type(parser, offered, accept)
    parser.require_no_problems()
    return MapQuery(search, parser.format_canonical(excluded=("f",)), media_type)


def parse_format(query_string: bytes, accept: str | None, offered: Mapping[str, str]) -> str:
    """The media type of a document that has no parameter but `f`. Raises: InvalidRequest; NotAcceptable."""
    parser = ParameterParser.of_query(query_string, ("f",))
    media_type = parse_media_type(parser, offered, accept)
    parser.require_no_problems()
    return media_type


def parse_matrix_set(path: Mapping[str, str]) -> TileMatrixSet:
    """The tile matrix set of a path. Raises: NotFound."""
    matrix_set = TILE_MATRIX_SETS.get(path["tileMatrixSetId"])
    if matrix_set is None:
        raise NotFound(_NO_SET)
    return matrix_set


def parse_tile(path: Mapping[str, str]) -> Tile:
    """The tile of a path. Raises: NotFound for a tile outside the tileset. Source: OGC 20-057, 7.1.5."""
    matrix_set = parse_matrix_set(path)
    numbers = [path[name] for name in ("tileMatrix", "tileRow", "tileCol")]
    if not all(_WHOLE_NUMBER.fullmatch(number) for number in numbers):
        raise NotFound(_NO_TILE)
    tile = Tile(matrix_set, *(int(number) for number in numbers))
    if not tile.is_within_limits:
        raise NotFound(_NO_TILE)
    return tile
