"""The page of one spot, by its position or by a text that names a place."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.i18n import LocalizedText
from app.core.parameter_values import InvalidParameter
from app.core.templates import page_language, page_path, render_page
from app.places.address_service import get_address_service
from app.places.page_paths import write_spot_path
from app.places.place_parameters import parse_dutch_position
from app.places.place_search import MAX_RESULTS, MAX_TYPED_LENGTH, search_places
from app.places.routes import read_client
from app.places.spot import read_spot
from app.places.suggestion import SuggestionKind
from app.places.typed_position import NOT_DUTCH, find_position
from app.sensors.search.sensor_search import Spot
from app.spatial.crs import Crs
from app.statistics.coverage import read_coverage
from app.website.here.spot_page import describe_spot_page
from app.website.page_routes import PRIVATE_CACHE_CONTROL, PageRouter, open_labels

_SPOT_KINDS: Final = (SuggestionKind.ADDRESS, SuggestionKind.STREET, SuggestionKind.PLACE)
_UNREADABLE: Final = LocalizedText(
    "Wij begrijpen niet welke plek u bedoelt. Zoek op de naam van een plaats of gemeente.",
    "We do not understand which spot you mean. Search by the name of a town or municipality.",
)
router = PageRouter()


@router.page("/hier")
async def show_spot(request: Request) -> Response:
    asked = request.query_params
    searched = asked.get("zoek", "")[:MAX_TYPED_LENGTH]
    if not asked.get("plek", "").strip():
        return await _find_spot(request, searched)
    try:
        lonlat = parse_dutch_position(asked["plek"], Crs.CRS84, "plek")
    except InvalidParameter:
        return _show_mistake(request, asked["plek"][:MAX_TYPED_LENGTH], searched)
    kind = next((one for one in _SPOT_KINDS if one.value == asked.get("soort")), None)
    pool, labels = await open_labels(request)
    spot = Spot.of_lonlat(*lonlat)
    answer = await read_spot(pool, spot, dutch_date())
    address = await get_address_service(get_app_state(request)).find_nearest_address(
        spot, read_client(request)
    )
    municipality = answer.municipality
    return render_page(
        request,
        "website/here/spot.html",
        headers=PRIVATE_CACHE_CONTROL,
        coverage=await read_coverage(get_app_state(request), municipality.code) if municipality else None,
        **describe_spot_page(answer, address, labels, searched, kind),
    )


async def _find_spot(request: Request, searched: str) -> Response:
    """The spot that a text names exactly; every other text leads to the page of results, none to the search box."""
    language = page_language(request)
    if not searched.strip():
        return render_page(
            request, "website/here/ask.html", headers=PRIVATE_CACHE_CONTROL, problem=None, searched=""
        )
    state = get_app_state(request)
    found = await search_places(state, searched, read_client(request), limit=MAX_RESULTS, is_typed_out=True)
    single = found.find_single()
    path = f"/zoeken?{urlencode({'zoek': searched})}"
    if single and single.kind in (*_SPOT_KINDS, SuggestionKind.POSITION):
        path = single.path
    return RedirectResponse(page_path(path, language), 303, {"Cache-Control": "no-store"})


def _show_mistake(request: Request, typed: str, searched: str) -> Response:
    """The spot that a text of another form means; else the search box with what is wrong."""
    position = find_position(typed)
    if position and position.is_dutch:
        path = write_spot_path(position.lon, position.lat)
        return RedirectResponse(page_path(path, page_language(request)), 303, {"Cache-Control": "no-store"})
    problem = NOT_DUTCH if position else _UNREADABLE
    return render_page(
        request,
        "website/here/ask.html",
        status=400,
        headers=PRIVATE_CACHE_CONTROL,
        problem=problem.render(page_language(request)),
        searched=searched,
    )
