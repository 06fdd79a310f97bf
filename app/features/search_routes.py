"""Searches by POST, for filters that are too long for an address: the outline of a municipality.

The body is a form with the parameters of the items, so that a query has one home. OGC API Features has no search by
POST yet, and in its part 4 a POST to the items creates a feature.
"""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.core.app_state import AppState, get_app_state
from app.core.errors import InvalidRequest, UnsupportedMediaType
from app.core.http.byte_ranges import WHOLE_FILE
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.core.query_string import split_query_string
from app.features.answers import answer_boundaries, answer_items
from app.features.boundary_parameters import parse_boundary_query
from app.features.collections import OBSERVED_AREAS, SENSORS, Collection
from app.features.file_answers import answer_file
from app.features.file_sources import BoundariesFile, FileSource, ItemsFile
from app.features.item_parameters import parse_items_query
from app.features.openapi_parameters import BOUNDARY_SEARCH, ITEMS_ANSWER, NOT_ACCEPTABLE, SENSOR_SEARCH
from app.features.request_context import RequestContext
from app.features.routes import is_file, render_items
from app.files.file_cache import get_file_cache
from app.sensors.search.reference_data import get_reference_data
from app.spatial.cql2.parsing import MAX_FILTER_BYTES

FORM: Final = "application/x-www-form-urlencoded"

router = APIRouter(route_class=DirectRoute, tags=["collections"])


@router.post(
    f"{SERVICE_ROOT}/collections/sensors/search",
    openapi_extra=SENSOR_SEARCH,
    responses=ITEMS_ANSWER | NOT_ACCEPTABLE,
)
async def search_sensors(request: Request) -> Response:
    """Search sensors with a filter that is too long for an address, such as the outline of a municipality.

    - `curl --data-urlencode "filter=S_WITHIN(geometry, POLYGON((…)))" …/v1/collections/sensors/search`
    """
    return await _search_items(request, SENSORS)


@router.post(
    f"{SERVICE_ROOT}/collections/observed-areas/search",
    openapi_extra=SENSOR_SEARCH,
    responses=ITEMS_ANSWER | NOT_ACCEPTABLE,
)
async def search_observed_areas(request: Request) -> Response:
    """Search observed and operating areas with a filter that is too long for an address."""
    return await _search_items(request, OBSERVED_AREAS)


@router.post(
    f"{SERVICE_ROOT}/collections/municipalities/search",
    openapi_extra=BOUNDARY_SEARCH,
    responses=ITEMS_ANSWER | NOT_ACCEPTABLE,
)
async def search_boundaries(request: Request) -> Response:
    """Search municipalities with a filter that is too long for an address."""
    query_string, accept = await _read_query(request), request.headers.get("accept")
    state, context = get_app_state(request), _ignore_validators(request)
    directory = (await get_reference_data(state)).directory
    query = await run_in_threadpool(parse_boundary_query, query_string, directory, accept, is_posted=True)
    if is_file(query.media_type):
        return await _answer_whole_file(BoundariesFile(query, context.root, state), context, state)
    answer = await answer_boundaries(state.read_pool, query)
    return _forbid_caching(await render_items(answer, query.media_type, context, state))


async def _search_items(request: Request, collection: Collection) -> Response:
    query_string, accept = await _read_query(request), request.headers.get("accept")
    state = get_app_state(request)
    reference_data = await get_reference_data(state)
    # A long filter takes some tens of milliseconds, in which the process answers others.
    query = await run_in_threadpool(
        parse_items_query, query_string, reference_data, accept, collection.id, is_posted=True
    )
    context = _ignore_validators(request)
    if is_file(query.media_type):
        return await _answer_whole_file(ItemsFile(collection, query, context.root, state), context, state)
    pool = state.choose_read_pool(is_costly=query.search.is_costly)
    answer = await answer_items(pool, collection, query)
    return _forbid_caching(await render_items(answer, query.media_type, context, state))


async def _answer_whole_file(source: FileSource, context: RequestContext, state: AppState) -> Response:
    return _forbid_caching(await answer_file(source, get_file_cache(state), WHOLE_FILE, context, state))


async def _read_query(request: Request) -> bytes:
    """The parameters of the body and of the address, of which the cursor of a next page is one.

    Raises: UnsupportedMediaType; InvalidRequest naming every parameter but the filter that is too long.
    """
    body = await request.body()
    media_type = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if media_type != FORM:
        raise UnsupportedMediaType(
            LocalizedText(
                f"Stuur de parameters als formulier, met Content-Type: {FORM}.",
                f"Send the parameters as a form, with Content-Type: {FORM}.",
            )
        )
    query_string = b"&".join(part for part in (body.strip(), request.scope["query_string"]) if part)
    too_long = [
        Problem(ProblemCode.TOO_LONG, name[:50], _TOO_LONG, value[:100], where="body")
        for name, value in split_query_string(query_string)
        if name != "filter" and len(value) > MAX_FILTER_BYTES
    ]
    if too_long:
        raise InvalidRequest(problems=too_long)
    return query_string


def _ignore_validators(request: Request) -> RequestContext:
    return replace(RequestContext.of_request(request), if_none_match=None)


def _forbid_caching(response: Response) -> Response:
    # A cache would answer another body with it.
    response.headers["Cache-Control"] = "no-store"
    for name in ("ETag", "Accept-Ranges"):
        del response.headers[name]
    return response


_TOO_LONG: Final = LocalizedText(
    f"Deze waarde is te lang. Alleen filter mag langer zijn dan {MAX_FILTER_BYTES} tekens.",
    f"This value is too long. Only filter may have more than {MAX_FILTER_BYTES} characters.",
)
