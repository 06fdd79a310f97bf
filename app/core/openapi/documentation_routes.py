"""The documentation of the API for people: an overview of the operations, and a page of each."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.http.negotiation import choose_media_type
from app.core.http.routing import SERVICE_ROOT, DirectRoute
from app.core.i18n import LocalizedText
from app.core.openapi.document import DOCUMENT_PATH, YAML_PATH
from app.core.openapi.operation_page import find_operation, list_operations
from app.core.query_string import require_no_parameters
from app.core.templates import render_page

DOCUMENTATION_PATH: Final = f"{SERVICE_ROOT}/docs"
_CACHE_CONTROL: Final = {"Cache-Control": "public, max-age=300"}

router = APIRouter(route_class=DirectRoute, tags=["about"])


@router.get(DOCUMENTATION_PATH, responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}})
async def read_documentation(request: Request) -> Response:
    """This document as pages: an overview, and a page of each operation with its fields, answers and an example."""
    _check(request)
    return render_page(
        request,
        "api/docs.html",
        headers=_CACHE_CONTROL,
        groups=list_operations(request.app.openapi()),
        document_url=DOCUMENT_PATH,
        yaml_url=YAML_PATH,
    )


@router.get(f"{DOCUMENTATION_PATH}/{{operationId}}", include_in_schema=False)
async def read_documentation_of_operation(request: Request) -> Response:
    """One operation in full."""
    _check(request)
    operation = find_operation(request.app.openapi(), request.path_params["operationId"])
    if operation is None:
        raise NotFound(LocalizedText("De API heeft deze bewerking niet.", "The API has no such operation."))
    return render_page(request, "api/operation.html", headers=_CACHE_CONTROL, operation=operation)


def _check(request: Request) -> None:
    require_no_parameters(request.scope["query_string"])
    choose_media_type({"html": "text/html"}, f=None, accept=request.headers.get("accept"))
