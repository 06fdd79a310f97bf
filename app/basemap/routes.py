"""The addresses of the background of maps. They are for the pages of this site, and no part of the API."""

from math import asinh, floor, pi, radians, tan
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, Response

from app.basemap import brt_tiles, outline_tiles
from app.basemap.background import Background
from app.basemap.outline_tiles import read_outline_tile
from app.basemap.style import COLOURS
from app.core.app_state import get_app_state
from app.core.errors import InvalidRequest, NotFound
from app.core.http.routing import DirectRoute
from app.core.query_string import parse_query_string
from app.municipalities.queries import read_directory
from app.spatial.netherlands import EAST, NORTH, SOUTH, WEST

MVT: Final = "application/vnd.mapbox-vector-tile"
_STYLE_HEADERS: Final = {"Cache-Control": "public, max-age=60"}
_TILE_HEADERS: Final = {"Cache-Control": "public, max-age=86400"}
_OUTLINE_HEADERS: Final = {"Cache-Control": "public, max-age=3600"}

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


@router.get("/basemap/style")
async def get_background_style(request: Request) -> Response:
    """The part of a map's style below the sensors, for a light or a dark page, its sources in the language `lang`."""
    parameters, problems = parse_query_string(request.scope["query_string"], ("scheme", "lang"))
    if problems:
        raise InvalidRequest(problems=problems)
    scheme = parameters.get("scheme", "light")
    if scheme not in COLOURS:
        raise NotFound
    directory = await read_directory(get_app_state(request).read_pool)
    edition = directory.edition_in_force
    attribution = edition.render_attribution(parameters.get("lang")) if edition else ""
    style = await _find_background(request).write_style(scheme, attribution)
    return JSONResponse(style, headers=_STYLE_HEADERS)


@router.get("/basemap/brt/{zoom}/{col}/{row}.png")
async def get_brt_tile(request: Request) -> Response:
    """A tile of PDOK's grey map; 204 where it cannot be had now, and outside the Netherlands."""
    brt = _find_background(request).brt
    if brt is None:
        raise NotFound
    place = _parse_place(request, brt_tiles.MAX_ZOOM)
    if place is None:
        return Response(None, 204, _TILE_HEADERS)
    content = await brt.find(*place)
    if content is None:
        return Response(None, 204, {"Cache-Control": "no-store"})
    return Response(content, headers=_TILE_HEADERS, media_type="image/png")


@router.get("/basemap/municipalities/{zoom}/{col}/{row}")
async def get_outline_tile(request: Request) -> Response:
    """A vector tile of municipal outlines and names; 204 for an empty one."""
    place = _parse_place(request, outline_tiles.MAX_ZOOM)
    if place is None:
        return Response(None, 204, _OUTLINE_HEADERS)
    pool = get_app_state(request).read_pool
    outlines = _find_background(request).outlines
    key = f"{(await read_directory(pool)).stamp} {place}"
    content = outlines.find(key)
    if content is None:
        content = await read_outline_tile(pool, *place)
        outlines.store(key, content)
    if not content:
        return Response(None, 204, _OUTLINE_HEADERS)
    return Response(content, headers=_OUTLINE_HEADERS, media_type=MVT)


@router.get("/basemap/file.pmtiles")
async def get_pmtiles_file(request: Request) -> Response:
    """The operator's file of tiles, of which a browser requests ranges."""
    file = _find_background(request).file
    if file is None:
        raise NotFound
    return FileResponse(file.path, headers=_OUTLINE_HEADERS, media_type="application/vnd.pmtiles")


def _find_background(request: Request) -> Background:
    state = get_app_state(request)
    return state.get_cache(Background, lambda: Background.of_setting(state.settings.basemap))


def _parse_place(request: Request, max_zoom: int) -> tuple[int, int, int] | None:
    """Zoom, column and row; None for a tile outside the Netherlands, which this server does not fetch.

    A map asks for such tiles when it is moved across the border, and an error would be its reader's to see.
    Raises: NotFound for what is no tile.
    """
    texts = [request.path_params[name] for name in ("zoom", "col", "row")]
    if not all(text.isascii() and text.isdecimal() and len(text) <= 7 for text in texts):
        raise NotFound
    zoom, col, row = (int(text) for text in texts)
    if zoom > max_zoom:
        raise NotFound
    (west, north), (east, south) = _find_tile(WEST, NORTH, zoom), _find_tile(EAST, SOUTH, zoom)
    if max(col, row) >= 2**zoom:
        raise NotFound
    return (zoom, col, row) if west <= col <= east and north <= row <= south else None


def _find_tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the web map tile of a place."""
    tiles = 2**zoom
    return floor((lon + 180) / 360 * tiles), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * tiles)
