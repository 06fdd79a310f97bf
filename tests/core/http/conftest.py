"""A small application behind the real middleware, with routes that fail in every way."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

import psycopg
import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse

from app.core.app_state import AppState, set_app_state
from app.core.errors import NotFound
from app.core.http import install_http
from app.core.http.audience import mark_private
from app.core.http.routing import DirectRoute
from app.core.settings import Settings

BODY_LIMIT_BYTES = 1000

router = APIRouter(prefix="/v1/things")
direct = APIRouter(route_class=DirectRoute)


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int
    name: str = ""


@router.get("")
async def list_things(limit: Annotated[int, Query(ge=1, le=10)] = 5) -> dict[str, int]:
    return {"limit": limit}


@router.post("", status_code=201)
def add_thing(thing: Thing) -> Thing:
    return thing


@router.get("/{name}")
async def get_thing(request: Request, name: str) -> Response:
    if name == "private":
        mark_private(request.scope)
        return PlainTextResponse("", headers={"Cache-Control": "public, max-age=60"})
    if name == "page":
        return HTMLResponse("<p>")
    if name == "script":
        return Response("1", media_type="text/javascript")
    if name == "boastful":
        return PlainTextResponse("", headers={"API-Version": "9", "X-Frame-Options": "ALLOW"})
    raise NotFound


@router.delete("/{name}")
async def remove_thing(name: str) -> None:
    if name == "locked":
        raise psycopg.errors.LockNotAvailable
    raise ZeroDivisionError(f"secret of {name}")


@router.get("/stream/long")
async def stream_thing() -> StreamingResponse:
    async def write() -> AsyncIterator[bytes]:
        written.append("first")
        yield b"x" * 10
        written.append("second")
        yield b"y" * 10

    return StreamingResponse(write(), media_type="text/plain")


@router.get("/stream/broken")
async def break_thing() -> StreamingResponse:
    async def write() -> AsyncIterator[bytes]:
        yield b"x" * 10
        raise ZeroDivisionError

    return StreamingResponse(write(), media_type="text/plain")


@direct.get("/v1/direct/{name}")
async def read_direct(request: Request) -> Response:
    return PlainTextResponse(request.path_params["name"])


@direct.get("/v1/direct/fixed")
async def read_fixed(request: Request) -> Response:
    return PlainTextResponse("the one written out")


@direct.put("/v1/direct/{name}")
async def write_direct(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


written: list[str] = []


@pytest.fixture
def small() -> Iterator[TestClient]:
    app = FastAPI(redirect_slashes=False, openapi_url=None, docs_url=None, redoc_url=None)
    settings = Settings(body_limit_bytes=BODY_LIMIT_BYTES)
    set_app_state(app, AppState.of_settings(settings))
    install_http(app, settings)
    app.include_router(router)
    app.include_router(direct)
    written.clear()
    with TestClient(app) as client:
        yield client
