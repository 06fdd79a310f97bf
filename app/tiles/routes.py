"""The addresses of the tiles and of what describes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.errors import NotFound
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.i18n import Language, LocalizedText, preferred_language
from app.core.parameter_parser import ParameterParser
from app.core.query_string import require_parameters
from app.sensors.search.pages import read_latest_change
from app.sensors.search.parameter_schemas import describe_search_parameter
from app.sensors.search.parameters import CRITERIA_PARAMETERS, parse_search
from app.sensors.search.reference_data import get_reference_data
from app.sensors.search.sensor_search import SensorSearch
from app.tiles.openapi_parameters import MATRIX_SET, TILE, TILE_ANSWERS, describe_document, describe_search
from app.tiles.queries import read_tile
from app.tiles.tile_cache import TileCache
from app.tiles.tile_matrix_sets import TILE_MATRIX_SETS, WEB_MERCATOR_QUAD, Tile, TileMatrixSet
from app.tiles.tilesets import (
    JSON,
    MVT,
    STYLE,
    TILEJSON,
    describe_tileset,
    list_tile_matrix_sets,
    list_tilesets,
    write_style,
    write_tilejson,
)

TILE_CACHE: Final = "public, max-age=60"
_FRESH: Final = {"Cache-Control": "public, max-age=300", "Vary": "Accept, Accept-Language"}
_WHOLE_NUMBER: Final = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)

_NO_SET: Final = LocalizedText("Deze tegelindeling is er niet.", "There is no such tile matrix set.")
_NO_TILE: Final = LocalizedText(
    "Deze tegel is er niet: de tegelset loopt niet zo ver. Zie tileMatrixSetLimits.",
    "There is no such tile: the tileset does not reach that far. See tileMatrixSetLimits.",
)


MAP_PARAMETERS: Final[Mapping[str, dict[str, Any]]] = {
    name: describe_search_parameter(name) for name in CRITERIA_PARAMETERS
}
"""The parameters of a map by name, as the API document describes them. A tile is a box itself: there is no `bbox`."""


@dataclass(frozen=True, slots=True)
class MapQuery:
    """A request for a map: the format as given, the search, and its canonical text."""

    f: str | None
    search: SensorSearch
    canonical: str


async def _parse_query(request: Request) -> MapQuery:
    """Raises: InvalidRequest naming every unknown, repeated or malformed parameter."""
    parser = ParameterParser.of_query(request.scope["query_string"], ("f", *MAP_PARAMETERS))
    search = parse_search(parser, await get_reference_data(get_app_state(request)))
    parser.require_no_problems()
    return MapQuery(parser.given.get("f"), search, parser.format_canonical(excluded=("f",)))


def create_tiles_router() -> APIRouter:
    router = APIRouter(route_class=DirectRoute, tags=["tiles"])
    _add_tilesets(router)
    _add_tiles(router)
    _add_matrix_sets(router)
    return router


def _add_tilesets(router: APIRouter) -> None:
    @router.get(
        f"{SERVICE_ROOT}/tiles",
        openapi_extra=describe_search(MAP_PARAMETERS),
        responses=describe_document("The tilesets.", JSON),
    )
    async def list_vector_tilesets(request: Request) -> Response:
        """The tilesets of the sensors, as points near by and as clusters from afar."""
        query = await _parse_query(request)
        chosen = _choose(request, {"json": JSON}, query.f)
        return _answer(request, list_tilesets(_root(request), query.canonical, _language(request)), chosen)

    @router.get(
        f"{SERVICE_ROOT}/tiles/{{tileMatrixSetId}}",
        openapi_extra=describe_search(MAP_PARAMETERS, MATRIX_SET),
        responses=describe_document("The tileset.", JSON, TILEJSON),
    )
    async def get_vector_tileset(request: Request) -> Response:
        """One tileset: its extent, its fields and the addresses of its tiles; for web maps also as TileJSON."""
        matrix_set = _get_matrix_set(request)
        query = await _parse_query(request)
        tilejson = {"tilejson": TILEJSON} if matrix_set is WEB_MERCATOR_QUAD else {}
        chosen = _choose(request, {"json": JSON, **tilejson}, query.f)
        root, language = _root(request), _language(request)
        if chosen == TILEJSON:
            return _answer(request, write_tilejson(root, query.canonical, language), chosen)
        return _answer(request, describe_tileset(matrix_set, root, query.canonical, language), chosen)

    @router.get(
        f"{SERVICE_ROOT}/styles/sensors",
        openapi_extra=describe_search(MAP_PARAMETERS),
        responses=describe_document("The style.", STYLE),
    )
    async def get_style(request: Request) -> Response:
        """A MapLibre style that draws the tiles: clusters with their counts, and points."""
        query = await _parse_query(request)
        chosen = _choose(request, {"style": STYLE, "json": JSON}, query.f)
        return _answer(request, write_style(_root(request), query.canonical, _language(request)), chosen)


def _add_tiles(router: APIRouter) -> None:
    @router.get(
        f"{SERVICE_ROOT}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        openapi_extra=describe_search(MAP_PARAMETERS, *TILE),
        responses=TILE_ANSWERS,
    )
    async def get_vector_tile(request: Request) -> Response:
        """One tile, as a Mapbox Vector Tile with the layer `sensors`; 204 when nothing stands in it.

        A feature with `count` is a cluster; any other is a sensor.
        """
        tile = _get_tile(request)
        query = await _parse_query(request)
        _choose(request, {"mvt": MVT}, query.f)
        pool = get_app_state(request).read_pool
        etag = _make_tag(tile, query, await read_latest_change(pool))
        if is_unchanged(request.headers.get("if-none-match"), etag):
            return answer_unchanged(etag, {"Cache-Control": TILE_CACHE})
        cache = _find_cache(request)
        content = cache.find(etag)
        if content is None:
            content, change_number = await read_tile(pool, tile, query.search)
            etag = _make_tag(tile, query, change_number)
            cache.keep(etag, content)
        headers = {"ETag": etag, "Cache-Control": TILE_CACHE}
        return Response(content, headers=headers, media_type=MVT) if content else Response(None, 204, headers)


def _add_matrix_sets(router: APIRouter) -> None:
    @router.get(f"{SERVICE_ROOT}/tileMatrixSets", responses=describe_document("The tile matrix sets.", JSON))
    async def list_matrix_sets(request: Request) -> Response:
        """The ways of cutting the map into tiles that the tilesets use."""
        asked = require_parameters(request.scope["query_string"], ("f",))
        chosen = _choose(request, {"json": JSON}, asked.get("f"))
        return _answer(request, list_tile_matrix_sets(_root(request)), chosen)

    @router.get(
        f"{SERVICE_ROOT}/tileMatrixSets/{{tileMatrixSetId}}",
        openapi_extra={"parameters": [MATRIX_SET]},
        responses=describe_document("The tile matrix set.", JSON),
    )
    async def get_matrix_set(request: Request) -> Response:
        """One way of cutting: the scale, origin and size of the tiles at each zoom."""
        asked = require_parameters(request.scope["query_string"], ("f",))
        chosen = _choose(request, {"json": JSON}, asked.get("f"))
        return _answer(request, _get_matrix_set(request).define(), chosen)


def _root(request: Request) -> str:
    return f"{get_app_state(request).public_url}{SERVICE_ROOT}"


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language"))


def _choose(request: Request, offered: Mapping[str, str], f: str | None) -> str:
    return choose_media_type(offered, f=f, accept=request.headers.get("accept"))


def _answer(request: Request, document: dict[str, Any], media_type: str) -> Response:
    etag = make_etag(media_type, document)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, _FRESH)
    return JSONResponse(document, headers={**_FRESH, "ETag": etag}, media_type=media_type)


def _get_matrix_set(request: Request) -> TileMatrixSet:
    matrix_set = TILE_MATRIX_SETS.get(request.path_params["tileMatrixSetId"])
    if matrix_set is None:
        raise NotFound(_NO_SET)
    return matrix_set


def _get_tile(request: Request) -> Tile:
    """The tile of the path. Raises: NotFound for what the tileset does not have. Source: OGC 20-057, 7.1.5."""
    matrix_set = _get_matrix_set(request)
    words = [request.path_params[name] for name in ("tileMatrix", "tileRow", "tileCol")]
    if not all(_WHOLE_NUMBER.fullmatch(word) for word in words):
        raise NotFound(_NO_TILE)
    tile = Tile(matrix_set, *(int(word) for word in words))
    if not tile.is_within_limits:
        raise NotFound(_NO_TILE)
    return tile


def _find_cache(request: Request) -> TileCache:
    """The cache of this application: another may show another register."""
    return get_app_state(request).get_cache(TileCache, TileCache)


def _make_tag(tile: Tile, query: MapQuery, change_number: int) -> str:
    """Another tag with every change, every day, every search and every tile."""
    place = (tile.matrix_set.id, tile.zoom, tile.row, tile.col)
    return make_etag("tile", change_number, query.search.today, *place, query.canonical)
