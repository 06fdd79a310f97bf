"""The addresses of the search of places, and of the answer of one spot."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.http.client_address import find_client_address
from app.core.http.negotiation import choose_media_type
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.i18n import Language, preferred_language
from app.core.parameter_parser import ParameterParser
from app.places.address_service import Availability, Lookup, get_address_service
from app.places.locatieserver import NearestAddress
from app.places.lookup_limits import ClientAddress
from app.places.place_parameters import (
    NEAREST_DESCRIPTION,
    NEAREST_PARAMETERS,
    SEARCH_DESCRIPTION,
    SEARCH_PARAMETERS,
    SPOT_DESCRIPTION,
    SPOT_PARAMETERS,
    parse_nearest_parameters,
    parse_search_parameters,
    parse_spot_parameters,
)
from app.places.place_search import search_places
from app.places.schemas import (
    SensorAddressDocument,
    SpotDocument,
    SuggestionsDocument,
    describe_nearest_address,
    describe_places,
    describe_spot_answer,
)
from app.places.sensor_address import find_address_spot
from app.places.spot import read_spot
from app.sensors.public_codes import explain_code
from app.sensors.search.detail import read_sensor_detail

JSON: Final = "application/json"
FRESH_SECONDS: Final = 60

router = APIRouter(route_class=DirectRoute, prefix=f"{SERVICE_ROOT}/places", tags=["places"])


@router.get("", openapi_extra=SEARCH_DESCRIPTION, responses={200: {"model": SuggestionsDocument}})
async def search_place_names(request: Request) -> Response:
    """Suggestions for a text that a person types: places, municipalities, kinds of sensors, owners, sensors.

    Streets and addresses come from PDOK, through this server. Where it does not answer within two seconds, the names
    in the register are searched alone, and `notice` says so.
    """
    _check_accept(request)
    parser = ParameterParser.of_query(request.scope["query_string"], SEARCH_PARAMETERS)
    text, limit, language = parse_search_parameters(parser)
    language = language or preferred_language(request.headers.get("accept-language"))
    state = get_app_state(request)
    found = await search_places(state, text, read_client(request), limit=limit)
    return _answer(describe_places(found, state.public_url, language), language)


@router.get("/spot", openapi_extra=SPOT_DESCRIPTION, responses={200: {"model": SpotDocument}})
async def get_spot(request: Request) -> Response:
    """The sensors that concern one spot: those that can see it, those that come by, and those that stand near."""
    _check_accept(request)
    parser = ParameterParser.of_query(request.scope["query_string"], SPOT_PARAMETERS)
    spot, language = parse_spot_parameters(parser)
    language = language or preferred_language(request.headers.get("accept-language"))
    state = get_app_state(request)
    answer = await read_spot(state.read_pool, spot, dutch_date())
    address = await get_address_service(state).find_nearest_address(spot, read_client(request))
    return _answer(describe_spot_answer(answer, address, state.public_url, language), language)


@router.get(
    "/nearest",
    openapi_extra=NEAREST_DESCRIPTION,
    responses={200: {"model": SensorAddressDocument}, 404: {"description": "No sensor has this number."}},
)
async def get_nearest_address(request: Request) -> Response:
    """The nearest address of one sensor, for its page. PDOK is asked through this server.

    There is none of a sensor that moves, or of which the exact place is not public; nor where no service answers.
    """
    _check_accept(request)
    parser = ParameterParser.of_query(request.scope["query_string"], NEAREST_PARAMETERS)
    code, language = parse_nearest_parameters(parser)
    language = language or preferred_language(request.headers.get("accept-language"))
    state = get_app_state(request)
    detail = await read_sensor_detail(state.read_pool, code, dutch_date())
    if detail is None:
        raise NotFound(explain_code(code))
    found: Lookup[NearestAddress | None] = Lookup(None, Availability.NOT_ASKED)
    if spot := find_address_spot(detail.feature):
        found = await get_address_service(state).find_nearest_address(spot, read_client(request))
    return _answer(describe_nearest_address(code, found, language), language)


def read_client(request: Request) -> ClientAddress:
    """The address of the client, for the limits of the address services."""
    return find_client_address(request, get_app_state(request).settings.trusted_proxies)


def _check_accept(request: Request) -> None:
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))


def _answer(document: BaseModel, language: Language) -> Response:
    text = document.model_dump_json(by_alias=True, exclude_none=True)
    # Only the reader's own browser may store where they searched.
    headers = {
        "Cache-Control": f"private, max-age={FRESH_SECONDS}",
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    return Response(text, media_type=JSON, headers=headers)
