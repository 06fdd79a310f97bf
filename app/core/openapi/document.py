"""The OpenAPI 3.0.3 document of the API.

Source: NL REST API Design Rules 2.2.1, documentation; OGC API Features 1.0, `oas30`.
"""

import json
from copy import deepcopy
from functools import lru_cache
from typing import Any, Final

import yaml
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.responses import Response

from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.openapi.components import share_parameters, share_schemas
from app.core.openapi.downgrade import convert_schemas
from app.core.openapi.operations import COMPONENTS, complete_operation, list_error_answers, rename_in_path
from app.core.query_string import require_no_parameters
from app.core.settings import Settings
from app.core.version import API_VERSION

OPENAPI_TYPE: Final = "application/vnd.oai.openapi+json;version=3.0"
OPENAPI_YAML_TYPE: Final = "application/vnd.oai.openapi;version=3.0"
DOCUMENT_PATH: Final = f"{SERVICE_ROOT}/openapi.json"
YAML_PATH: Final = f"{SERVICE_ROOT}/openapi.yaml"

TAGS: Final = {
    "about": "The service itself: its landing page, what it conforms to, and this document.",
    "collections": "Public reading: the published sensors and what they observe, as OGC API Features.",
    "tiles": "The same sensors as vector tiles, for maps, as OGC API Tiles; with a style to draw them.",
    "places": "What a text may mean on the map, and which sensors concern one spot.",
    "reports": "What residents report about sensors and places, and how that is answered.",
    "statistics": "How many sensors there are, by the values of their properties.",
    "registering": "Registering sensors and updating them; needs an API key.",
    "reviewing": "Deciding about what was submitted, by its municipality; needs an API key.",
    "bulk": "Many sensors at once: files are checked, imported and undone as a whole; and files are exported.",
    "municipalities": "Municipalities, in the editions of their boundaries.",
    "organisations": "Who owns, operates and answers for sensors.",
    "vocabularies": "The lists of values that records use, in Dutch and English.",
    "access": "API keys and what they allow.",
}

DESCRIPTION: Final = (
    "The public register of sensors in public space: who measures what, where, why, on what legal basis, "
    "and for how long. Reading is open to everybody, without a key. Errors are in Dutch or English, by "
    "`Accept-Language`."
)

router = APIRouter(route_class=DirectRoute, tags=["about"])


def describe_api(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The OpenAPI 3.0.3 document of all routes below the service's root, with paths relative to it.

    It is cached: the routes of an application do not change.
    """
    if app.openapi_schema is not None:
        return app.openapi_schema
    public_url = settings.public_url.rstrip("/")
    routes = [
        route
        for route in iter_route_contexts(app.routes)
        if route.path_format is not None and f"{route.path_format}/".startswith(f"{SERVICE_ROOT}/")
    ]
    document = get_openapi(
        title=app.title,
        version=API_VERSION,
        openapi_version="3.0.3",
        description=DESCRIPTION,
        routes=routes,
        servers=[{"url": public_url + SERVICE_ROOT}],
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    )
    document["info"]["contact"] = {
        "name": settings.contact_name,
        "email": settings.contact_email,
        "url": public_url,
    }
    _complete_operations(document, routes)
    _complete_components(document)
    share_schemas(document)
    convert_schemas(document)
    share_parameters(document)
    app.openapi_schema = document
    return document


def _complete_operations(document: dict[str, Any], routes: list[RouteContext]) -> None:
    names = {(one.path_format, method.lower()): one.name for one in routes for method in one.methods or ()}
    paths, used = {}, set()
    for path, item in document["paths"].items():
        paths[rename_in_path(path.removeprefix(SERVICE_ROOT)) or "/"] = item
        for method, operation in item.items():
            complete_operation(path, method, names[path, method] or method, operation)
            used.update(operation.get("tags", ()))
    document["paths"] = paths
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]


def _complete_components(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    for section, parts in deepcopy(COMPONENTS).items():
        components[section] = components.get(section, {}) | parts
    components["responses"] = deepcopy(list_error_answers(json.dumps(document["paths"])))
    # Schemas of the framework's 422, which no route returns.
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)


@lru_cache(maxsize=1)
def _write_json(app: FastAPI) -> bytes:
    """The document as bytes, cached: generating it takes milliseconds."""
    return json.dumps(app.openapi(), ensure_ascii=False).encode()


@lru_cache(maxsize=1)
def _write_yaml(app: FastAPI) -> bytes:
    """The same in YAML, with the keys in the same order, and without anchors, which not every parser supports."""
    # The emitter in C is ten times as fast, where the package has it.
    emitter = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    separate = json.loads(_write_json(app))
    text: str = yaml.dump(separate, Dumper=emitter, allow_unicode=True, sort_keys=False, width=110)
    return text.encode()


@router.get(DOCUMENT_PATH, responses={200: {"content": {OPENAPI_TYPE: {"schema": {"type": "object"}}}}})
async def get_api_document(request: Request) -> Response:
    """This document: OpenAPI 3.0.3 in JSON."""
    return _answer_document(
        request, _write_json(request.app), {"openapi": OPENAPI_TYPE, "json": "application/json"}
    )


@router.get(YAML_PATH, responses={200: {"content": {OPENAPI_YAML_TYPE: {"schema": {"type": "string"}}}}})
async def get_api_document_in_yaml(request: Request) -> Response:
    """This document: OpenAPI 3.0.3 in YAML."""
    return _answer_document(
        request, _write_yaml(request.app), {"openapi": OPENAPI_YAML_TYPE, "yaml": "application/yaml"}
    )


def _answer_document(request: Request, document: bytes, offered: dict[str, str]) -> Response:
    require_no_parameters(request.scope["query_string"])
    media_type = choose_media_type(offered, f=None, accept=request.headers.get("accept"))
    headers = {"Vary": "Accept", "Cache-Control": "public, max-age=300"}
    etag = make_etag(media_type, document)
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, headers)
    return Response(document, headers={**headers, "ETag": etag}, media_type=media_type)
