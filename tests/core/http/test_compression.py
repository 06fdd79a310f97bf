"""Compressed answers: which, by what, and with which headers."""

import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from http.client import HTTPConnection

import brotli
import pytest
import zstandard
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response, StreamingResponse

from app.core.http import install_http
from app.core.http.audience import mark_private
from app.core.http.compression import LEAST_BYTES, choose_encoding, is_compressible
from app.core.http.routing import DirectRoute
from app.core.settings import Settings
from tests.core.http.test_middleware_behind_uvicorn import connect_to

LONG = b'{"name":"' + b"sensor " * 400 + b'"}'
HUGE = LONG * 200
JSON = "application/json"
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}

router = APIRouter(route_class=DirectRoute)


@router.get("/answers/{kind}")
async def answer(request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind == "private":
        mark_private(request.scope)
    if kind == "stream":
        return StreamingResponse(_write(), media_type="text/csv", headers={"ETag": 'W/"1"'})
    if kind == "part":
        return Response(LONG, 206, {"Content-Range": "bytes 0-9/10"}, JSON)
    if kind == "unchanged":
        return Response(status_code=304, headers={"ETag": 'W/"1"', "Vary": "Accept"})
    content = {"short": b"{}", "edge": b"x" * (LEAST_BYTES - 1), "huge": HUGE}.get(kind, LONG)
    headers = {"ETag": '"1"', "Vary": "Accept"}
    if kind == "fixed":
        headers["Cache-Control"] = "public, no-transform"
    media_types = {"parquet": "application/vnd.apache.parquet", "events": "text/event-stream"}
    return Response(content, headers=headers, media_type=media_types.get(kind, JSON))


async def _write() -> AsyncIterator[bytes]:
    for _ in range(5):
        yield LONG


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install_http(app, Settings())
    app.include_router(router)
    return app


@pytest.fixture
def connection(app: FastAPI) -> Iterator[HTTPConnection]:
    with connect_to(app) as connection:
        yield connection


def get(
    connection: HTTPConnection, kind: str, accept: str | None, method: str = "GET"
) -> tuple[dict[str, str], bytes]:
    connection.request(method, f"/answers/{kind}", headers={"Accept-Encoding": accept or "identity"})
    found = connection.getresponse()
    return {name.lower(): value for name, value in found.getheaders()}, found.read()


@pytest.mark.parametrize("encoding", DECODERS)
@pytest.mark.parametrize(("kind", "content"), [("long", LONG), ("huge", HUGE), ("stream", LONG * 5)])
def test_answer_is_compressed_as_the_client_accepts(
    connection: HTTPConnection, encoding: str, kind: str, content: bytes
) -> None:
    headers, body = get(connection, kind, encoding)
    assert headers["content-encoding"] == encoding
    assert DECODERS[encoding](body) == content
    assert len(body) < len(content) / 5
    assert headers["etag"] == 'W/"1"'
    assert headers["vary"].endswith("Accept-Encoding")
    assert headers.get("content-length", str(len(body))) == str(len(body))
    assert ("content-length" in headers) is (kind != "stream")


@pytest.mark.parametrize("kind", ["long", "stream", "short"])
@pytest.mark.parametrize("accept", [None, "gzip", "br, gzip, zstd"])
def test_head_has_the_headers_of_get(connection: HTTPConnection, kind: str, accept: str | None) -> None:
    expected, _ = get(connection, kind, accept)
    found, body = get(connection, kind, accept, "HEAD")
    assert body == b""
    changing = {"x-request-id", "date", "transfer-encoding"}
    assert {name: found[name] for name in found.keys() - changing} == {
        name: expected[name] for name in expected.keys() - changing
    }


@pytest.mark.parametrize(
    "kind", ["private", "part", "short", "edge", "parquet", "events", "fixed", "unchanged"]
)
def test_answer_is_sent_as_it_is(connection: HTTPConnection, kind: str) -> None:
    headers, body = get(connection, kind, "gzip, br, zstd")
    assert "content-encoding" not in headers
    plain_headers, plain_body = get(connection, kind, None)
    assert (body, headers.get("etag")) == (plain_body, plain_headers.get("etag"))


@pytest.mark.parametrize("kind", ["long", "short", "stream", "unchanged"])
def test_answer_that_may_be_compressed_varies_by_encoding(connection: HTTPConnection, kind: str) -> None:
    for accept in (None, "gzip"):
        headers, _ = get(connection, kind, accept)
        assert headers["vary"] == ("Accept-Encoding" if kind == "stream" else "Accept, Accept-Encoding")


def test_file_that_is_compressed_already_does_not_vary_by_encoding(connection: HTTPConnection) -> None:
    assert get(connection, "parquet", "gzip")[0]["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (b"gzip", b"gzip"),
        (b"gzip, deflate, br, zstd", b"zstd"),
        (b"gzip, deflate, br", b"br"),
        (b"GZip;q=1.0, br;q=0.5", b"gzip"),
        (b"br;q=0, gzip;q=0.2", b"gzip"),
        (b"*", b"zstd"),
        (b"*;q=0", None),
        (b"zstd;q=0, *", b"br"),
        (b"gzip;q=0.5, identity", None),
        (b"gzip, identity", b"gzip"),
        (b"identity", None),
        (b"deflate", None),
        (b"", None),
        (b",;q=x,", None),
    ],
)
def test_encoding_is_the_best_that_is_accepted(accept: bytes, expected: bytes | None) -> None:
    chosen = choose_encoding(accept)
    assert (chosen and chosen.name) == expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (b"application/json", True),
        (b"application/geo+json", True),
        (b"application/geo+json-seq", True),
        (b"application/vnd.oai.openapi+json;version=3.0", True),
        (b"application/vnd.mapbox.style+json", True),
        (b"application/vnd.mapbox-vector-tile", True),
        (b"text/csv; charset=utf-8", True),
        (b"text/html; charset=utf-8", True),
        (b"text/javascript", True),
        (b"image/svg+xml", True),
        (b"text/event-stream; charset=utf-8", False),
        (b"application/geopackage+sqlite3", False),
        (b"application/vnd.apache.parquet", False),
        (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        (b"image/png", False),
        (b"font/woff2", False),
        (b"", False),
    ],
)
def test_texts_and_tiles_are_compressible(content_type: bytes, expected: bool) -> None:
    assert is_compressible(content_type) is expected
