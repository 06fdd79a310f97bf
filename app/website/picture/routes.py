"""The address of the pictures of maps: an image, whose only words are names and its sources."""

import re
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.basemap.style import COLOURS
from app.core.app_state import get_app_state
from app.core.byte_cache import ByteCache
from app.core.errors import NotFound, Unavailable
from app.core.http.routing import DirectRoute
from app.core.i18n import LocalizedText
from app.core.parameter_parser import ParameterParser
from app.core.parameter_values import InvalidParameter
from app.core.problems import ProblemCode
from app.core.templates import templates
from app.sensors.search.pages import read_latest_change
from app.sensors.search.parameters import CRITERIA_PARAMETERS, parse_search
from app.sensors.search.reference_data import get_reference_data
from app.spatial.bbox import Rectangle, parse_bbox
from app.spatial.crs import Crs
from app.website.page_routes import CACHE_CONTROL
from app.website.picture.drawing import read_drawing, wrap_sources
from app.website.picture.frame import fit_frame

PATH: Final = "/map-picture.svg"
_OWN_PARAMETERS: Final = ("view", "size", "spot", "scheme", "margins", "lang")
_SIZE: Final = re.compile(r"(\d{2,4})x(\d{2,4})", re.ASCII)
_LARGEST: Final = 2_000
_PHONE: Final = (360, 450)
"""Width and height in pixels of a map on a phone."""

router = APIRouter(route_class=DirectRoute, include_in_schema=False)


class _PictureCache(ByteCache):
    """The pictures of one application."""


@router.get(PATH)
async def get_map_picture(request: Request) -> Response:
    """The picture of a view (a box in degrees) for a size in pixels, with the sensors of a search and a marked spot."""
    state = get_app_state(request)
    reference = await get_reference_data(state)
    parser = ParameterParser.of_query(request.scope["query_string"], (*_OWN_PARAMETERS, *CRITERIA_PARAMETERS))
    search = parse_search(parser, reference)
    bounds = _parse_box(parser, "view")
    width, height = parser.parse("size", _parse_size) or _PHONE
    spot = _parse_spot(parser)
    parser.require_no_problems()
    scheme = parser.given.get("scheme", "light")
    margins = parser.given.get("margins", "free")
    if bounds is None or scheme not in COLOURS or margins not in ("free", "none"):
        raise NotFound
    pool = state.choose_read_pool(is_costly=search.is_costly)
    change = await read_latest_change(state.read_pool)
    edition = reference.directory.edition_in_force
    key = f"{change} {search.today} {reference.directory.stamp} {parser.format_canonical()}"
    cache = state.get_cache(_PictureCache, _PictureCache)
    content = cache.find(key)
    if content is None:
        frame = fit_frame(bounds, width, height, has_margins=margins == "free")
        try:
            drawing = await read_drawing(pool, frame, search)
        except Unavailable:
            # Counting takes too long: the map says so, and its picture has the outlines alone.
            drawing = await read_drawing(state.read_pool, frame, None)
        content = (
            templates()
            .get_template("website/picture/picture.svg")
            .render(
                drawing=drawing,
                colours=COLOURS["light" if scheme == "light" else "dark"],
                spot=frame.place(*spot) if spot else None,
                sources=wrap_sources(
                    edition.render_attribution(parser.given.get("lang")) if edition else "", frame
                ),
            )
            .encode()
        )
        cache.store(key, content)
    return Response(content, headers=CACHE_CONTROL, media_type="image/svg+xml")


def _parse_box(parser: ParameterParser, name: str) -> Rectangle | None:
    if name not in parser.given:
        return None
    box, problems = parse_bbox(parser.given[name], Crs.CRS84, name)
    parser.problems += problems
    return (box.west, box.south, box.east, box.north) if box and box.west < box.east else None


def _parse_size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 0 < min(size) <= max(size) <= _LARGEST:
        raise InvalidParameter(
            ProblemCode.INVALID_VALUE,
            LocalizedText(
                "Geef de breedte en hoogte in pixels: 400x500.", "Give width and height in pixels: 400x500."
            ),
        )
    return size


def _parse_spot(parser: ParameterParser) -> tuple[float, float] | None:
    """The middle of a box without size: longitude and latitude, as a position of a search."""
    if "spot" not in parser.given:
        return None
    numbers = parser.given["spot"]
    box, problems = parse_bbox(f"{numbers},{numbers}", Crs.CRS84, "spot")
    parser.problems += problems
    return (box.west, box.south) if box else None
