"""The addresses of the tiles and of the documents that describe them.

Each endpoint has three stages: the request becomes a `MapQuery`, the query an answer, the answer a response.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.http.routing import SERVICE_ROOT, DirectRoute, find_root
from app.core.query_string import require_parameters
from app.sensors.search.reference_data import get_reference_data
from app.tiles.glyphs import find_glyphs
from app.tiles.map_parameters import (
    MAP_PARAMETERS,
    MapQuery,
    RequestHeaders,
    parse_format,
    parse_map_query,
    parse_matrix_set,
    parse_tile,
)
from app.tiles.openapi_parameters import (
    GLYPHS,
    GLYPHS_ANSWERS,
    MATRIX_SET,
    TILE,
    TILE_ANSWERS,
    describe_document,
    describe_search,
)
from app.tiles.renderers import render_document, render_glyphs, render_tile
from app.tiles.style import GLYPHS_PATH, STYLE, write_style
from app.tiles.tile_answer import answer_tile
from app.tiles.tile_cache import TileCache
from app.tiles.tile_matrix_sets import WEB_MERCATOR_QUAD
from app.tiles.tilesets import (
    JSON,
    MVT,
    TILEJSON,
    describe_tileset,
    list_tile_matrix_sets,
    list_tilesets,
    write_tilejson,
)

router = APIRouter(route_class=DirectRoute, tags=["tiles"])


@router.get(
    f"{SERVICE_ROOT}/tiles",
    openapi_extra=describe_search(MAP_PARAMETERS),
    responses=describe_document("The tilesets.", JSON),
)
async def list_vector_tilesets(request: Request) -> Response:
    """The tilesets of the sensors: points when zoomed in, clusters when zoomed out."""
    query, headers = await _parse_query(request, {"json": JSON})
    document = list_tilesets(find_root(request), query.canonical, headers.language)
    return render_document(document, query.media_type, headers.if_none_match)


@router.get(
    f"{SERVICE_ROOT}/tiles/{{tileMatrixSetId}}",
    openapi_extra=describe_search(MAP_PARAMETERS, MATRIX_SET),
    responses=describe_document("The tileset.", JSON, TILEJSON),
)
async def get_vector_tileset(request: Request) -> Response:
    """One tileset: its extent, its fields and the addresses of its tiles; for web maps also as TileJSON."""
    matrix_set = parse_matrix_set(request.path_params)
    tilejson = {"tilejson": TILEJSON} if matrix_set is WEB_MERCATOR_QUAD else {}
    query, headers = await _parse_query(request, {"json": JSON, **tilejson})
    root, language = find_root(request), headers.language
    if query.media_type == TILEJSON:
        document = write_tilejson(root, query.canonical, language)
    else:
        document = describe_tileset(matrix_set, root, query.canonical, language)
    return render_document(document, query.media_type, headers.if_none_match)


@router.get(
    f"{SERVICE_ROOT}/styles/sensors",
    openapi_extra=describe_search(MAP_PARAMETERS),
    responses=describe_document("The style.", STYLE),
)
async def get_style(request: Request) -> Response:
    """A style for the tiles in MapLibre and QGIS: clusters with their counts, and points."""
    query, headers = await _parse_query(request, {"style": STYLE, "json": JSON})
    document = write_style(find_root(request), query.canonical, headers.language)
    return render_document(document, query.media_type, headers.if_none_match)


@router.get(
    f"{SERVICE_ROOT}/{GLYPHS_PATH}/{{fontstack}}/{{range}}",
    openapi_extra={"parameters": list(GLYPHS)},
    responses=GLYPHS_ANSWERS,
)
async def get_glyphs(request: Request) -> Response:
    """The glyphs of the style's labels: the digits and capitals of Noto Sans Bold as signed distance fields."""
    require_parameters(request.scope["query_string"], ())
    glyphs = find_glyphs(**request.path_params)
    return render_glyphs(glyphs, _read_headers(request).if_none_match)


@router.get(
    f"{SERVICE_ROOT}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
    openapi_extra=describe_search(MAP_PARAMETERS, *TILE),
    responses=TILE_ANSWERS,
)
async def get_vector_tile(request: Request) -> Response:
    """One tile, as a Mapbox Vector Tile with the layer `sensors`; 204 for a tile without sensors.

    A feature with `count` is a cluster; any other is a sensor.
    """
    tile = parse_tile(request.path_params)
    query, headers = await _parse_query(request, {"mvt": MVT})
    state = get_app_state(request)
    cache = state.get_cache(TileCache, TileCache)
    pool = state.choose_read_pool(is_costly=query.search.is_costly)
    return render_tile(await answer_tile(pool, cache, tile, query, headers.if_none_match))


@router.get(f"{SERVICE_ROOT}/tileMatrixSets", responses=describe_document("The tile matrix sets.", JSON))
async def list_matrix_sets(request: Request) -> Response:
    """The tile matrix sets of the tilesets."""
    headers = _read_headers(request)
    media_type = parse_format(request.scope["query_string"], headers.accept, {"json": JSON})
    return render_document(list_tile_matrix_sets(find_root(request)), media_type, headers.if_none_match)


@router.get(
    f"{SERVICE_ROOT}/tileMatrixSets/{{tileMatrixSetId}}",
    openapi_extra={"parameters": [MATRIX_SET]},
    responses=describe_document("The tile matrix set.", JSON),
)
async def get_matrix_set(request: Request) -> Response:
    """One tile matrix set: the scale, origin and size of the tiles at each zoom."""
    headers = _read_headers(request)
    media_type = parse_format(request.scope["query_string"], headers.accept, {"json": JSON})
    matrix_set = parse_matrix_set(request.path_params)
    return render_document(matrix_set.define(find_root(request)), media_type, headers.if_none_match)


async def _parse_query(request: Request, offered: Mapping[str, str]) -> tuple[MapQuery, RequestHeaders]:
    headers, query_string = _read_headers(request), request.scope["query_string"]
    reference_data = await get_reference_data(get_app_state(request))
    return parse_map_query(query_string, headers.accept, reference_data, offered), headers


def _read_headers(request: Request) -> RequestHeaders:
    given = request.headers
    return RequestHeaders(given.get("accept"), given.get("accept-language"), given.get("if-none-match"))
