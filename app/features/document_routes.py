"""The addresses that describe: landing page, conformance, collections, their properties, reference systems."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.core.app_state import get_app_state
from app.core.errors import NotFound
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.http.routing import SERVICE_ROOT, DirectRoute, find_root
from app.core.i18n import LocalizedText
from app.core.query_string import require_parameters
from app.core.templates import PAGE_VARY, page_language, render_page
from app.features.collections import (
    COLLECTIONS,
    DESCRIPTIONS,
    HTML,
    JSON,
    OPENAPI,
    OPENAPI_YAML,
    SCHEMA,
    TILESETS,
    TILING_SCHEMES,
    Collection,
    describe_collection,
    link,
)
from app.features.conformance import CONFORMANCE_CLASSES
from app.features.crs_documents import describe_systems
from app.features.json_schema import describe_properties
from app.features.openapi_parameters import COLLECTION, FORMAT, describe_answer
from app.spatial.crs import Crs
from app.vocabularies.queries import read_vocabularies

CACHE_CONTROL: Final = {"Cache-Control": "public, max-age=300", "Vary": f"Accept, {PAGE_VARY}"}

TITLE: Final = LocalizedText(
    "Register van sensoren in de openbare ruimte", "Register of sensors in public space"
)
DESCRIPTION: Final = LocalizedText(
    "Wie meet wat, waar, waarom, waarom dat mag en hoe lang: alle gemelde sensoren, als open data.",
    "Who measures what, where, why, on what legal basis and for how long: every notified sensor, as open data.",
)
STATISTICS: Final = LocalizedText("Aantallen sensoren", "Numbers of sensors")
_EXAMPLES: Final = (
    (LocalizedText("Rond de Dam", "Around Dam square"), "near=4.8932,52.3731&radius=250"),
    (LocalizedText("In Utrecht", "In Utrecht"), "municipality=Utrecht"),
    (
        LocalizedText("Camera's in Rotterdam", "Cameras in Rotterdam"),
        "municipality=GM0599&sensorType=optical_camera",
    ),
)

router = APIRouter(route_class=DirectRoute, tags=["collections"])


@router.get(
    SERVICE_ROOT,
    tags=["about"],
    openapi_extra=FORMAT,
    responses=describe_answer("The landing page.", JSON),
)
async def get_landing_page(request: Request) -> Response:
    """Where everything is."""
    root, language = find_root(request), page_language(request)
    links = [
        *_link_both(root),
        link("service-desc", f"{root}/openapi.json", OPENAPI),
        link("service-desc", f"{root}/openapi.yaml", OPENAPI_YAML),
        link("service-doc", f"{root}/docs", HTML),
        link("conformance", f"{root}/conformance", JSON),
        link("data", f"{root}/collections", JSON),
        link(TILESETS, f"{root}/tiles", JSON),
        link(TILING_SCHEMES, f"{root}/tileMatrixSets", JSON),
        link("related", f"{root}/statistics", JSON, STATISTICS.render(language)),
        link("license", "https://creativecommons.org/publicdomain/zero/1.0/", HTML, "CC0 1.0"),
    ]
    title, description = TITLE.render(language), DESCRIPTION.render(language)
    items = f"{root}/collections/sensors/items"
    return _answer_document(
        request,
        {"title": title, "description": description, "links": links},
        "api/landing.html",
        title=title,
        description=description,
        links=links,
        collections=[describe_collection(one, root, language) for one in COLLECTIONS.values()],
        examples=[{"title": text.render(language), "url": f"{items}?{query}"} for text, query in _EXAMPLES],
    )


@router.get(
    f"{SERVICE_ROOT}/conformance",
    tags=["about"],
    openapi_extra=FORMAT,
    responses=describe_answer("The conformance classes.", JSON),
)
async def get_conformance(request: Request) -> Response:
    """Which standards the answers conform to."""
    links = _link_both(f"{find_root(request)}/conformance")
    document = {"conformsTo": list(CONFORMANCE_CLASSES), "links": links}
    return _answer_document(request, document, "api/conformance.html")


@router.get(
    f"{SERVICE_ROOT}/crss", openapi_extra=FORMAT, responses=describe_answer("The reference systems.", JSON)
)
async def list_systems(request: Request) -> Response:
    """The coordinate reference systems in which may be asked, answered and registered."""
    links = _link_both(f"{find_root(request)}/crss")
    document = {
        "crs": [crs.uri for crs in Crs],
        "crss": describe_systems(page_language(request)),
        "links": links,
    }
    return _answer_document(request, document, "api/crss.html")


@router.get(
    f"{SERVICE_ROOT}/collections",
    openapi_extra=FORMAT,
    responses=describe_answer("The collections.", JSON),
)
async def list_collections(request: Request) -> Response:
    """List the collections that can be read."""
    root, language = find_root(request), page_language(request)
    collections = [describe_collection(one, root, language) for one in COLLECTIONS.values()]
    links = _link_both(f"{root}/collections")
    # Each collection has them all; the Dutch geospatial rules want the list of the whole API too.
    document = {"links": links, "crs": [crs.uri for crs in Crs], "collections": collections}
    return _answer_document(request, document, "api/collections.html", links=links, collections=collections)


@router.get(
    f"{SERVICE_ROOT}/collections/{{collectionId}}",
    openapi_extra=COLLECTION,
    responses=describe_answer("The collection.", JSON),
)
async def get_collection(request: Request) -> Response:
    """One collection: what it holds, where it lies and how it is asked."""
    document = describe_collection(_find_collection(request), find_root(request), page_language(request))
    return _answer_document(request, document, "api/collection.html", collection=document)


@router.get(
    f"{SERVICE_ROOT}/collections/{{collectionId}}/queryables",
    openapi_extra=COLLECTION,
    responses=describe_answer("The properties as JSON Schema.", SCHEMA),
)
async def get_queryables(request: Request) -> Response:
    """By which properties a collection is searched."""
    return await _answer_properties(request, "queryables")


@router.get(
    f"{SERVICE_ROOT}/collections/{{collectionId}}/sortables",
    openapi_extra=COLLECTION,
    responses=describe_answer("The properties as JSON Schema.", SCHEMA),
)
async def get_sortables(request: Request) -> Response:
    """By which properties a collection is ordered."""
    return await _answer_properties(request, "sortables")


@router.get(
    f"{SERVICE_ROOT}/collections/{{collectionId}}/schema",
    openapi_extra=COLLECTION,
    responses=describe_answer("The features as JSON Schema.", SCHEMA),
)
async def get_schema(request: Request) -> Response:
    """Describe the features of a collection: types, units, roles and lists of codes."""
    return await _answer_properties(request, "schema")


@router.get(
    f"{SERVICE_ROOT}/collections/{{collectionId}}/geojson-schema",
    openapi_extra=COLLECTION,
    responses=describe_answer("A feature in GeoJSON as JSON Schema.", SCHEMA),
)
async def get_geojson_schema(request: Request) -> Response:
    """How a feature is sent: the same types and codes, as members of a feature in GeoJSON."""
    return await _answer_properties(request, "geojson-schema")


async def _answer_properties(request: Request, kind: str) -> Response:
    collection, root, language = _find_collection(request), find_root(request), page_language(request)
    vocabularies = await read_vocabularies(get_app_state(request).read_pool)
    document = describe_properties(kind, collection, root, language, vocabularies)
    heading = DESCRIPTIONS[kind][1].render(language)
    return _answer_document(
        request,
        document,
        "api/properties.html",
        media_type=SCHEMA,
        collection=describe_collection(collection, root, language),
        kind=kind,
        heading=heading,
    )


def _find_collection(request: Request) -> Collection:
    collection = COLLECTIONS.get(request.path_params["collectionId"])
    if collection is None:
        raise NotFound(LocalizedText("Deze verzameling bestaat niet.", "There is no such collection."))
    return collection


def _link_both(here: str) -> list[dict[str, str]]:
    return [link("self", here, JSON), link("alternate", f"{here}?f=html", HTML)]


def _answer_document(
    request: Request, document: dict[str, Any], template: str, *, media_type: str = JSON, **more: Any
) -> Response:
    """A description as JSON, or as a page for anyone who prefers one; each names the other in `Link`."""
    asked = require_parameters(request.scope["query_string"], ("f",))
    offered = {"json": media_type, "html": HTML, "application/json": JSON}
    if "f" in asked:
        del offered["application/json"]
    chosen = choose_media_type(offered, f=asked.get("f"), accept=request.headers.get("accept"))
    here = f"{get_app_state(request).public_url}{request.url.path}"
    other = f'<{here}?f=json>; rel="alternate"; type="{media_type}"'
    if chosen == HTML:
        return render_page(
            request, template, headers={**CACHE_CONTROL, "Link": other}, document=document, **more
        )
    headers = {
        **CACHE_CONTROL,
        "Link": f'<{here}?f=html>; rel="alternate"; type="{HTML}"',
        "ETag": make_etag(document),
        "Content-Language": page_language(request),
    }
    if is_unchanged(request.headers.get("if-none-match"), headers["ETag"]):
        return answer_unchanged(headers["ETag"], {name: headers[name] for name in ("Link", *CACHE_CONTROL)})
    return JSONResponse(document, headers=headers, media_type=media_type)
