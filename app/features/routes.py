"""The items of the collections: pages of features and single features, as GeoJSON, as pages or in other formats."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.i18n import LocalizedText
from app.features.boundary_parameters import format_boundary_cursor, parse_boundary_query
from app.features.collections import (
    GEOJSON,
    HTML,
    JSON,
    MUNICIPALITIES,
    OBSERVED_AREAS,
    SENSORS,
    Collection,
)
from app.features.document_routes import find_root
from app.features.item_files import answer_boundaries, answer_sensors
from app.features.item_formats import FORMAT_BY_MEDIA_TYPE
from app.features.item_pages import clean_form, show_item, show_items
from app.features.item_parameters import ItemsQuery, parse_items_query
from app.features.items import Paging, item_headers, items_etag, page_items, write_collection, write_items
from app.features.openapi_parameters import (
    BOUNDARY_ITEMS,
    ITEM_ANSWER,
    ITEMS_ANSWER,
    SENSOR_ITEMS,
    describe_item,
)
from app.features.single_item_parameters import ItemQuery, parse_item_query
from app.municipalities.boundary_pages import BoundarySearch, read_boundaries
from app.sensors.search.area_pages import read_area_page
from app.sensors.search.operational_status import OPERATIONAL_STATUSES
from app.sensors.search.pages import read_latest_change, read_page, read_sensor
from app.sensors.search.reference_data import get_reference_data
from app.sensors.search.sensor_search import SensorSearch
from app.spatial.crs import Crs

router = APIRouter(route_class=DirectRoute, tags=["collections"])


async def _read_query(request: Request, collection: Collection) -> ItemsQuery:
    reference_data, accept = await get_reference_data(get_app_state(request)), request.headers.get("accept")
    return parse_items_query(request.scope["query_string"], reference_data, accept, collection.id)


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
    if (clean := clean_form(request)) is not None:
        return clean
    query = await _read_query(request, SENSORS)
    if query.media_type == HTML:
        return await _show_page(request, SENSORS, query)
    if query.media_type in FORMAT_BY_MEDIA_TYPE:
        return await answer_sensors(request, SENSORS, find_root(request), query)
    pool, crs = get_app_state(request).read_pool, query.search.crs
    if (known := request.headers.get("if-none-match")) is not None:
        etag = items_etag(query, await read_latest_change(pool))
        if is_unchanged(known, etag):
            return answer_unchanged(etag, item_headers(etag, crs))
    page = await read_page(pool, query.search, count=query.is_first)
    body = write_items(SENSORS, find_root(request), query, page)
    return _send_items(body, items_etag(query, page.change_number), crs)


@router.get(
    f"{SERVICE_ROOT}/collections/observed-areas/items", openapi_extra=SENSOR_ITEMS, responses=ITEMS_ANSWER
)
async def list_observed_areas(request: Request) -> Response:
    """What sensors observe, and where mobile sensors move, as areas; box, near and covers ask the area.

    - Who sees this spot: `?covers=4.8932,52.3735`
    - Fields of view in which personal data are processed: `?personalData=yes&limit=10`
    """
    if (clean := clean_form(request)) is not None:
        return clean
    query = await _read_query(request, OBSERVED_AREAS)
    if query.media_type == HTML:
        return await _show_page(request, OBSERVED_AREAS, query)
    if query.media_type in FORMAT_BY_MEDIA_TYPE:
        return await answer_sensors(request, OBSERVED_AREAS, find_root(request), query)
    page = await read_area_page(get_app_state(request).read_pool, query.search)
    etag = items_etag(query, page.change_number)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, query.search.crs))
    return _send_items(write_items(OBSERVED_AREAS, find_root(request), query, page), etag, query.search.crs)


async def _show_page(request: Request, collection: Collection, query: ItemsQuery) -> Response:
    pool, search = get_app_state(request).read_pool, query.search
    if collection is SENSORS:
        page = await read_page(pool, search, count=query.is_first)
    else:
        page = await read_area_page(pool, search)
    matched, paging = page_items(query, page)
    reference_data = await get_reference_data(get_app_state(request))
    headers = {"Content-Crs": f"<{search.crs.uri}>"}
    return show_items(request, collection, paging, page.features, matched, reference_data, headers)


@router.get(
    f"{SERVICE_ROOT}/collections/municipalities/items", openapi_extra=BOUNDARY_ITEMS, responses=ITEMS_ANSWER
)
async def list_boundaries(request: Request) -> Response:
    """The municipalities of the edition in force, with their boundaries, in order of code.

    - One, in RD New: `?code=GM0363&crs=http://www.opengis.net/def/crs/EPSG/0/28992`
    - Names alone: `?properties=name&skipGeometry=true&sortby=name`
    """
    if (clean := clean_form(request)) is not None:
        return clean
    query = parse_boundary_query(request.scope["query_string"], request.headers.get("accept"))
    if query.media_type in FORMAT_BY_MEDIA_TYPE:
        return await answer_boundaries(request, find_root(request), query)
    search = query.search
    page = await read_boundaries(get_app_state(request).read_pool, search)
    following = format_boundary_cursor(page.after, query.canonical) if page.after else None
    paging = Paging(query.canonical, search.limit, query.f, query.cursor, following)
    if query.media_type == HTML:
        reference_data, headers = (
            await get_reference_data(get_app_state(request)),
            {"Content-Crs": f"<{search.crs.uri}>"},
        )
        matched = page.number_matched
        return show_items(request, MUNICIPALITIES, paging, page.features, matched, reference_data, headers)
    etag = make_etag(page.features, query.canonical, search.limit, search.after, query.f)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, search.crs))
    body = write_collection(
        MUNICIPALITIES, find_root(request), page.features, page.number_returned, page.number_matched, paging
    )
    return _send_items(body, etag, search.crs)


@router.get(
    f"{SERVICE_ROOT}/collections/sensors/items/{{featureId}}",
    openapi_extra=describe_item(SENSORS.id),
    responses=ITEM_ANSWER,
)
async def get_sensor(request: Request) -> Response:
    """One published sensor, whatever its status; with `asOf` as it was said then."""
    query = _read_item(request, SENSORS)
    feature = await read_sensor(get_app_state(request).read_pool, _search_item(request, query))
    return await _send_item(request, SENSORS, query, feature)


@router.get(
    f"{SERVICE_ROOT}/collections/observed-areas/items/{{featureId}}",
    openapi_extra=describe_item(OBSERVED_AREAS.id),
    responses=ITEM_ANSWER,
)
async def get_observed_area(request: Request) -> Response:
    """What one sensor observes, or where it moves."""
    query = _read_item(request, OBSERVED_AREAS)
    page = await read_area_page(get_app_state(request).read_pool, _search_item(request, query))
    return await _send_item(request, OBSERVED_AREAS, query, page.features or None)


@router.get(
    f"{SERVICE_ROOT}/collections/municipalities/items/{{featureId}}",
    openapi_extra=describe_item(MUNICIPALITIES.id),
    responses=ITEM_ANSWER,
)
async def get_boundary(request: Request) -> Response:
    """One municipality of the edition in force, by its code."""
    query = _read_item(request, MUNICIPALITIES)
    search = BoundarySearch(
        values={"code": (request.path_params["featureId"],)},
        crs=query.crs,
        properties=query.properties,
        skip_geometry=query.skip_geometry,
    )
    page = await read_boundaries(get_app_state(request).read_pool, search)
    return await _send_item(request, MUNICIPALITIES, query, page.features or None)


_NO_FEATURE: Final = LocalizedText("Dit is hier niet bekend.", "This is not known here.")


def _read_item(request: Request, collection: Collection) -> ItemQuery:
    return parse_item_query(request.scope["query_string"], request.headers.get("accept"), collection.id)


def _search_item(request: Request, query: ItemQuery) -> SensorSearch:
    """The search of one sensor. Raises: NotFound for what cannot be an id."""
    try:
        identifier = UUID(request.path_params["featureId"])
    except ValueError:
        raise NotFound(_NO_FEATURE) from None
    return SensorSearch(
        dutch_date(query.as_of),
        ids=(identifier,),
        statuses=OPERATIONAL_STATUSES,
        as_of=query.as_of,
        limit=1,
        crs=query.crs,
        properties=query.properties,
        skip_geometry=query.skip_geometry,
    )


async def _send_item(
    request: Request, collection: Collection, query: ItemQuery, feature: bytes | None
) -> Response:
    if feature is None:
        raise NotFound(_NO_FEATURE)
    here = f"{find_root(request)}/collections/{collection.id}"
    itself = f"{here}/items/{request.path_params['featureId']}?{query.canonical}".rstrip("?")
    other = f"{itself}{'&' if query.canonical else '?'}f="
    if query.media_type == HTML:
        return show_item(
            request,
            collection,
            feature,
            query.crs,
            await get_reference_data(get_app_state(request)),
            f"{other}json",
        )
    etag = make_etag(feature, query.canonical, query.media_type)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, query.crs))
    links = (
        b'[{"rel":"self","href":"%b","type":"%b"},{"rel":"alternate","href":"%bhtml","type":"%b"},'
        b'{"rel":"collection","href":"%b","type":"%b"}]'
    ) % (itself.encode(), GEOJSON.encode(), other.encode(), HTML.encode(), here.encode(), JSON.encode())
    return _send_items(b'%b,"links":%b}' % (feature[:-1], links), etag, query.crs)


def _send_items(body: bytes, etag: str, crs: Crs) -> Response:
    return Response(body, headers=item_headers(etag, crs), media_type=GEOJSON)
