"""The public addresses: landing page, conformance, collections, items and item."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.core.clock import dutch_date
from app.core.errors import NotFound
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.http.parameters import require_parameters
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.kept import Kept
from app.core.language import Language, Text, preferred_language
from app.core.templates import render_page
from app.features.collections import (
    COLLECTIONS,
    GEOJSON,
    HTML,
    JSON,
    MUNICIPALITIES,
    OBSERVED_AREAS,
    OPENAPI,
    SENSORS,
    describe_collection,
    link,
)
from app.features.conformance import CONFORMANCE_CLASSES
from app.features.description import (
    BOUNDARY_ITEMS,
    COLLECTION,
    ITEM,
    ITEM_ANSWER,
    ITEMS_ANSWER,
    SENSOR_ITEMS,
)
from app.features.items import Paging, item_headers, items_etag, write_collection, write_items
from app.features.parameters import (
    ItemsQuery,
    Lists,
    read_boundary_query,
    read_item_crs,
    read_sensor_query,
)
from app.municipalities.pages import read_boundaries
from app.municipalities.queries import read_directory
from app.sensors.areas import read_area_page
from app.sensors.pages import read_latest_change, read_page, read_sensor
from app.sensors.search import OPERATIONAL_STATUSES, SensorSearch
from app.spatial.crs import Crs
from app.vocabularies.queries import read_vocabularies

OFFERED: Final = {"json": JSON, "html": HTML}
FRESH: Final = {"Cache-Control": "public, max-age=300", "Vary": "Accept, Accept-Language"}

TITLE: Final = Text("Register van sensoren in de openbare ruimte", "Register of sensors in public space")
DESCRIPTION: Final = Text(
    "Wie meet wat, waar, waarom, op welke grond en hoe lang: alle gemelde sensoren, als open data.",
    "Who measures what, where, why, on which ground and for how long: every notified sensor, as open data.",
)

router = APIRouter(route_class=DirectRoute, tags=["collections"])


def _root(request: Request) -> str:
    return f"{request.app.state.settings.public_url.rstrip('/')}{SERVICE_ROOT}"


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language"))


def _answer_document(
    request: Request, document: dict[str, Any], template: str | None, **context: Any
) -> Response:
    """A description as JSON, or as a page for whoever prefers one."""
    asked = require_parameters(request.scope["query_string"], ("f",))
    offered = OFFERED if template else {"json": JSON}
    chosen = choose_media_type(offered, f=asked.get("f"), accept=request.headers.get("accept"))
    if template and chosen == HTML:
        return render_page(request, template, headers={"Cache-Control": "public, max-age=300"}, **context)
    headers = {**FRESH, "ETag": make_etag(document)}
    if is_unchanged(request.headers.get("if-none-match"), headers["ETag"]):
        return answer_unchanged(headers["ETag"], FRESH)
    return JSONResponse(document, headers=headers)


@router.get(SERVICE_ROOT, tags=["about"], responses={200: {"description": "The landing page."}})
async def get_landing_page(request: Request) -> Response:
    """Where everything is."""
    root, language = _root(request), _language(request)
    collections = [describe_collection(one, root, language) for one in COLLECTIONS.values()]
    links = [
        link("self", root, JSON),
        link("alternate", f"{root}?f=html", HTML),
        link("service-desc", f"{root}/openapi.json", OPENAPI),
        link("service-doc", f"{root}/docs", HTML),
        link("conformance", f"{root}/conformance", JSON),
        link("data", f"{root}/collections", JSON),
        link("license", "https://creativecommons.org/publicdomain/zero/1.0/", HTML, "CC0 1.0"),
    ]
    title, description = TITLE.render(language), DESCRIPTION.render(language)
    items = f"{root}/collections/sensors/items"
    examples = [
        {"title": text.render(language), "url": f"{items}?{query}"}
        for text, query in (
            (Text("Rond de Dam", "Around Dam square"), "near=4.8932,52.3731&radius=250"),
            (Text("In Utrecht", "In Utrecht"), "municipality=Utrecht"),
            (
                Text("Camera's in Rotterdam", "Cameras in Rotterdam"),
                "municipality=GM0599&sensorType=optical_camera",
            ),
        )
    ]
    return _answer_document(
        request,
        {"title": title, "description": description, "links": links},
        "api/landing.html",
        title=title,
        description=description,
        links=links,
        collections=collections,
        examples=examples,
    )


@router.get(
    f"{SERVICE_ROOT}/conformance",
    tags=["about"],
    responses={200: {"description": "The conformance classes."}},
)
async def get_conformance(request: Request) -> Response:
    """Which standards the answers conform to."""
    return _answer_document(request, {"conformsTo": list(CONFORMANCE_CLASSES)}, None)


@router.get(f"{SERVICE_ROOT}/collections", responses={200: {"description": "The collections."}})
async def list_collections(request: Request) -> Response:
    """What can be read here."""
    root, language = _root(request), _language(request)
    collections = [describe_collection(one, root, language) for one in COLLECTIONS.values()]
    links = [link("self", f"{root}/collections", JSON), link("alternate", f"{root}/collections?f=html", HTML)]
    document = {"links": links, "collections": collections}
    return _answer_document(request, document, "api/collections.html", links=links, collections=collections)


@router.get(
    f"{SERVICE_ROOT}/collections/{{collectionId}}",
    openapi_extra=COLLECTION,
    responses={200: {"description": "The collection."}},
)
async def get_collection(request: Request) -> Response:
    """One collection: what it holds, where it lies and how it is asked."""
    collection = COLLECTIONS.get(request.path_params["collectionId"])
    if collection is None:
        raise NotFound(Text("Deze verzameling bestaat niet.", "There is no such collection."))
    document = describe_collection(collection, _root(request), _language(request))
    return _answer_document(request, document, "api/collection.html", collection=document)


async def _read_query(request: Request) -> ItemsQuery:
    state = request.app.state
    lists = getattr(state, "feature_lists", None)
    if lists is None:
        # An edition or a term that is loaded now is known here a second later.
        async def read_lists() -> Lists:
            pool = state.read_pool
            return Lists(await read_directory(pool), await read_vocabularies(pool))

        lists = state.feature_lists = Kept(read_lists)
    return read_sensor_query(request.scope["query_string"], await lists.get())


@router.get(f"{SERVICE_ROOT}/collections/sensors/items", openapi_extra=SENSOR_ITEMS, responses=ITEMS_ANSWER)
async def list_sensors(request: Request) -> Response:
    """Published sensors as points: by box, municipality, distance, field of view, property and time."""
    query = await _read_query(request)
    pool, crs = request.app.state.read_pool, query.search.crs
    if (known := request.headers.get("if-none-match")) is not None:
        etag = items_etag(query, await read_latest_change(pool))
        if is_unchanged(known, etag):
            return answer_unchanged(etag, item_headers(etag, crs))
    page = await read_page(pool, query.search, count=query.is_first)
    body = write_items(SENSORS, _root(request), query, page)
    return _send_items(body, items_etag(query, page.change_number), crs)


@router.get(
    f"{SERVICE_ROOT}/collections/observed-areas/items", openapi_extra=SENSOR_ITEMS, responses=ITEMS_ANSWER
)
async def list_observed_areas(request: Request) -> Response:
    """What sensors observe, and where mobile sensors move, as areas; box, near and covers ask the area."""
    query = await _read_query(request)
    page = await read_area_page(request.app.state.read_pool, query.search)
    etag = items_etag(query, page.change_number)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, query.search.crs))
    return _send_items(write_items(OBSERVED_AREAS, _root(request), query, page), etag, query.search.crs)


@router.get(
    f"{SERVICE_ROOT}/collections/municipalities/items", openapi_extra=BOUNDARY_ITEMS, responses=ITEMS_ANSWER
)
async def list_boundaries(request: Request) -> Response:
    """The municipalities of the edition in force, with their boundaries, in order of code."""
    query = read_boundary_query(request.scope["query_string"])
    page = await read_boundaries(
        request.app.state.read_pool, bbox=query.bbox, after=query.after, limit=query.limit, crs=query.crs
    )
    etag = make_etag(page.features, query.canonical, query.limit, query.after)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, query.crs))
    paging = Paging(query.canonical, query.limit, page.after)
    body = write_collection(
        MUNICIPALITIES, _root(request), page.features, page.number_returned, page.number_matched, paging
    )
    return _send_items(body, etag, query.crs)


@router.get(
    f"{SERVICE_ROOT}/collections/sensors/items/{{featureId}}", openapi_extra=ITEM, responses=ITEM_ANSWER
)
async def get_sensor(request: Request) -> Response:
    """One published sensor, whatever its status."""
    return await _answer_item(request, SENSORS.id)


@router.get(
    f"{SERVICE_ROOT}/collections/observed-areas/items/{{featureId}}",
    openapi_extra=ITEM,
    responses=ITEM_ANSWER,
)
async def get_observed_area(request: Request) -> Response:
    """What one sensor observes, or where it moves."""
    return await _answer_item(request, OBSERVED_AREAS.id)


async def _answer_item(request: Request, collection_id: str) -> Response:
    crs = read_item_crs(request.scope["query_string"])
    try:
        identifier = UUID(request.path_params["featureId"])
    except ValueError:
        raise NotFound(_NO_FEATURE) from None
    search = SensorSearch(dutch_date(), ids=(identifier,), statuses=OPERATIONAL_STATUSES, limit=1, crs=crs)
    pool = request.app.state.read_pool
    if collection_id == SENSORS.id:
        feature = await read_sensor(pool, search)
    else:
        feature = (await read_area_page(pool, search)).features or None
    return _send_item(request, collection_id, feature, crs)


@router.get(
    f"{SERVICE_ROOT}/collections/municipalities/items/{{featureId}}",
    openapi_extra=ITEM,
    responses=ITEM_ANSWER,
)
async def get_boundary(request: Request) -> Response:
    """One municipality of the edition in force, by its code."""
    crs = read_item_crs(request.scope["query_string"])
    page = await read_boundaries(request.app.state.read_pool, code=request.path_params["featureId"], crs=crs)
    return _send_item(request, MUNICIPALITIES.id, page.features or None, crs)


_NO_FEATURE = Text("Dit is hier niet bekend.", "This is not known here.")


def _send_item(request: Request, collection_id: str, feature: bytes | None, crs: Crs) -> Response:
    if feature is None:
        raise NotFound(_NO_FEATURE)
    etag = make_etag(feature)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, item_headers(etag, crs))
    here = f"{_root(request)}/collections/{collection_id}"
    links = b'[{"rel":"self","href":"%b","type":"%b"},{"rel":"collection","href":"%b","type":"%b"}]' % (
        f"{here}/items/{request.path_params['featureId']}".encode(),
        GEOJSON.encode(),
        here.encode(),
        JSON.encode(),
    )
    return _send_items(b'%b,"links":%b}' % (feature[:-1], links), etag, crs)


def _send_items(body: bytes, etag: str, crs: Crs) -> Response:
    return Response(body, headers=item_headers(etag, crs), media_type=GEOJSON)
