"""Public reading of the municipalities."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel
from starlette.responses import Response

from app.core.app_state import get_app_state
from app.core.http.conditional import answer_unchanged, is_unchanged, make_etag
from app.core.http.negotiation import choose_media_type
from app.core.query_string import require_no_parameters
from app.municipalities.queries import read_directory
from app.municipalities.schemas import (
    MunicipalitiesDocument,
    MunicipalityDocument,
    describe_directory,
    describe_municipality,
)

JSON: Final = "application/json"
FRESH_SECONDS: Final = 300
"""Maximum age of a cached answer: a new edition decides at once, and is shown everywhere within this time."""

CountSensors = Callable[[AsyncConnectionPool[Any], str], Awaitable[int]]
"""Counts the sensors that are public in the municipality with this code today; implemented by `app/sensors`."""


def create_municipality_router(count_sensors: CountSensors | None = None) -> APIRouter:
    """The routes below `/v1/municipalities`; without `count_sensors` the answers have no count."""
    router = APIRouter(prefix="/v1/municipalities", tags=["municipalities"])

    @router.get("", responses={200: {"model": MunicipalitiesDocument}})
    async def list_municipalities(request: Request) -> Response:
        """Every current and former municipality, and the editions of their boundaries."""
        _check_request(request)
        directory = await read_directory(get_app_state(request).read_pool)
        return _answer(request, describe_directory(directory, _public_url(request)), directory.stamp)

    @router.get("/{code}", responses={200: {"model": MunicipalityDocument}})
    async def get_municipality(request: Request, code: str) -> Response:
        """One municipality, by its code in any spelling or by its name. A former one names its successor."""
        _check_request(request)
        pool = get_app_state(request).read_pool
        directory = await read_directory(pool)
        municipality = directory.get_municipality(code, where="path", location="code")
        # Sensors within the old boundary of a former municipality are not counted.
        count = (
            await count_sensors(pool, municipality.code) if count_sensors and municipality.in_force else None
        )
        attribution = directory.get_edition(municipality.edition).attribution
        document = describe_municipality(municipality, attribution, _public_url(request), count)
        return _answer(request, document, directory.stamp, count)

    return router


def _check_request(request: Request) -> None:
    require_no_parameters(request.scope["query_string"])
    choose_media_type({"json": JSON}, f=None, accept=request.headers.get("accept"))


def _public_url(request: Request) -> str:
    public_url: str = get_app_state(request).settings.public_url
    return public_url


def _answer(request: Request, document: BaseModel, *versions: object) -> Response:
    headers = {"Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    etag = make_etag(*versions, request.url.path, _public_url(request))
    if is_unchanged(request.headers.get("if-none-match"), etag):
        return answer_unchanged(etag, headers)
    text = document.model_dump_json(by_alias=True, exclude_none=True)
    return Response(text, media_type=JSON, headers={**headers, "ETag": etag})
