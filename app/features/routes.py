"""The items of the collections: pages of features and single features.

Three stages: the request becomes a question, the question an answer, and the answer a response by one of three
renderers (GeoJSON, page, file), chosen by the media type.
"""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.app_state import AppState, get_app_state
from app.core.http.byte_ranges import FileConditions
from app.core.http.conditional import answer_unchanged
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.features.answers import (
    FeaturePage,
    WholeSearch,
    answer_boundaries,
    answer_item,
    answer_items,
    find_known_etag,
)
from app.features.boundary_parameters import parse_boundary_query
from app.features.collections import GEOJSON, HTML, MUNICIPALITIES, OBSERVED_AREAS, SENSORS, Collection
from app.features.file_answers import answer_file
from app.features.file_renderer import render_text
from app.features.file_sources import BoundariesFile, FileSource, ItemsFile
from app.features.geojson_renderer import make_item_headers, render_geojson_feature, render_geojson_page
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.item_parameters import parse_items_query
from app.features.openapi_parameters import (
    BOUNDARY_ITEMS,
    ITEM_ANSWER,
    ITEMS_ANSWER,
    SENSOR_ITEMS,
    describe_item,
)
from app.features.page_renderer import find_filled_address, render_item_page, render_items_page
from app.features.request_context import RequestContext
from app.features.single_item_parameters import parse_item_query
from app.files.file_cache import get_file_cache
from app.sensors.search.reference_data import get_reference_data

router = APIRouter(route_class=DirectRoute, tags=["collections"])


@router.get(f"{SERVICE_ROOT}/collections/sensors/items", openapi_extra=SENSOR_ITEMS, responses=ITEMS_ANSWER)
async def list_sensors(request: Request) -> Response:
    """Published sensors as points: by box, municipality, distance, field of view, property and time.

    - Around Dam square, nearest first: `?near=4.8932,52.3731&radius=250`
    - Sound sensors of a municipality: `?municipality=Amsterdam&sensorType=sound`
    - A box in RD New, answered in RD New:
      `?bbox=120000,486000,123000,488000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/28992&crs=http://www.opengis.net/def/crs/EPSG/0/28992`
    - By a filter: `?filter=sensorType='sound'&sortby=-placedFrom`
    - Placed since a day, as a table of two columns: `?datetime=2024-01-01/..&properties=name,purpose&f=csv`
    """
    return await _answer_items(request, SENSORS)


@router.get(
    f"{SERVICE_ROOT}/collections/observed-areas/items", openapi_extra=SENSOR_ITEMS, responses=ITEMS_ANSWER
)
async def list_observed_areas(request: Request) -> Response:
    """List the areas that sensors observe or move in; box, near and covers search by the area.

    - Who sees this spot: `?covers=4.8932,52.3735`
    - Fields of view in which personal data are processed: `?personalData=yes&limit=10`
    """
    return await _answer_items(request, OBSERVED_AREAS)


@router.get(
    f"{SERVICE_ROOT}/collections/municipalities/items", openapi_extra=BOUNDARY_ITEMS, responses=ITEMS_ANSWER
)
async def list_boundaries(request: Request) -> Response:
    """The municipalities of the edition in force, with their boundaries, in order of code.

    - One, in RD New: `?code=GM0363&crs=http://www.opengis.net/def/crs/EPSG/0/28992`
    - Names alone: `?properties=name&skipGeometry=true&sortby=name`
    """
    context, accept = RequestContext.of_request(request), request.headers.get("accept")
    query_string: bytes = request.scope["query_string"]
    if (address := find_filled_address(context, query_string, accept)) is not None:
        return RedirectResponse(address, 303)
    state = get_app_state(request)
    query = parse_boundary_query(query_string, (await get_reference_data(state)).directory, accept)
    if is_file(query.media_type):
        return await _answer_file(BoundariesFile(query, context.root, state), request, context)
    answer = await answer_boundaries(state.read_pool, query)
    return await render_items(answer, query.media_type, context, state)


@router.get(
    f"{SERVICE_ROOT}/collections/sensors/items/{{featureId}}",
    openapi_extra=describe_item(SENSORS.id),
    responses=ITEM_ANSWER,
)
async def get_sensor(request: Request) -> Response:
    """One published sensor, whatever its status; with `asOf` as it was said then."""
    return await _answer_item(request, SENSORS)


@router.get(
    f"{SERVICE_ROOT}/collections/observed-areas/items/{{featureId}}",
    openapi_extra=describe_item(OBSERVED_AREAS.id),
    responses=ITEM_ANSWER,
)
async def get_observed_area(request: Request) -> Response:
    """Return the area that one sensor observes or moves in."""
    return await _answer_item(request, OBSERVED_AREAS)


@router.get(
    f"{SERVICE_ROOT}/collections/municipalities/items/{{featureId}}",
    openapi_extra=describe_item(MUNICIPALITIES.id),
    responses=ITEM_ANSWER,
)
async def get_boundary(request: Request) -> Response:
    """One municipality of the edition in force, by its code."""
    return await _answer_item(request, MUNICIPALITIES)


async def _answer_items(request: Request, collection: Collection) -> Response:
    context, accept = RequestContext.of_request(request), request.headers.get("accept")
    query_string: bytes = request.scope["query_string"]
    if (address := find_filled_address(context, query_string, accept)) is not None:
        return RedirectResponse(address, 303)
    state = get_app_state(request)
    query = parse_items_query(query_string, await get_reference_data(state), accept, collection.id)
    if is_file(query.media_type):
        return await _answer_file(ItemsFile(collection, query, context.root, state), request, context)
    if query.media_type != HTML and (
        etag := await find_known_etag(state.read_pool, query, context.if_none_match)
    ):
        return answer_unchanged(etag, make_item_headers(etag, query.search.crs))
    pool = state.choose_read_pool(is_costly=query.search.is_costly)
    answer = await answer_items(pool, collection, query)
    return await render_items(answer, query.media_type, context, state)


def is_file(media_type: str) -> bool:
    """Whether answers of this media type are files that are stored for some minutes."""
    return media_type in FORMAT_BY_MEDIA_TYPE and FORMAT_BY_MEDIA_TYPE[media_type].spooled


async def _answer_file(source: FileSource, request: Request, context: RequestContext) -> Response:
    state = get_app_state(request)
    return await answer_file(
        source, get_file_cache(state), FileConditions.of_request(request), context, state
    )


async def _answer_item(request: Request, collection: Collection) -> Response:
    context, state = RequestContext.of_request(request), get_app_state(request)
    query = parse_item_query(request.scope["query_string"], request.headers.get("accept"), collection.id)
    answer = await answer_item(state.read_pool, collection, query, request.path_params["featureId"])
    if query.media_type == HTML:
        return render_item_page(answer, context, await get_reference_data(state))
    return render_geojson_feature(answer, context)


async def render_items(
    answer: FeaturePage | WholeSearch, media_type: str, context: RequestContext, state: AppState
) -> Response:
    """The answer to a search in its media type."""
    if isinstance(answer, WholeSearch) or media_type not in (GEOJSON, HTML):
        return await render_text(answer, context, state)
    if media_type == HTML:
        return render_items_page(answer, context, await get_reference_data(state))
    return render_geojson_page(answer, context)
