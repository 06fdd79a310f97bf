"""Routing by look-up, and answers to OPTIONS and wrong methods."""

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response

from app.core.http import install_http
from app.core.http.routing import DirectRoute
from app.core.settings import Settings


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/things", "GET, HEAD, OPTIONS, POST"),
        ("/v1/things/3", "DELETE, GET, HEAD, OPTIONS"),
        ("/v1/direct/3", "GET, HEAD, OPTIONS, PUT"),
        # Written out only for GET, but the template of its neighbour takes PUT.
        ("/v1/direct/fixed", "GET, HEAD, OPTIONS, PUT"),
    ],
)
def test_allow_lists_the_methods_of_all_routes_of_a_path(small: TestClient, path: str, methods: str) -> None:
    options = small.options(path)
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["allow"] == methods
    wrong = small.request("PATCH", path)
    assert wrong.status_code == 405
    assert wrong.headers["allow"] == methods
    assert wrong.headers["content-type"] == "application/problem+json"


def test_preflight_allows_safe_methods_only(small: TestClient) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    answer = small.options("/v1/things", headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_unknown_path_is_not_found_and_has_no_methods(small: TestClient, method: str) -> None:
    answer = small.request(method, "/v1/nothing/here")
    assert answer.status_code == 404
    assert "allow" not in answer.headers


@pytest.mark.parametrize("path", ["/v1/things/", "/v1/direct/a/", "/v1//things", "/V1/things"])
def test_path_with_other_slashes_or_case_is_not_found(small: TestClient, path: str) -> None:
    answer = small.get(path, follow_redirects=False)
    assert answer.status_code == 404


@pytest.fixture
def pages() -> TestClient:
    app = FastAPI(redirect_slashes=False)
    install_http(app, Settings())

    @app.get("/kaart")
    @app.get("/gemeente/{name}")
    async def show(request: Request) -> str:
        return str(request.url.path)

    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/kaart/", "/kaart"),
        ("/kaart//", "/kaart"),
        ("/kaart/?q=a%20b&x=%2F", "/kaart?q=a%20b&x=%2F"),
        ("/gemeente/s%C3%BAdwest/", "/gemeente/s%C3%BAdwest"),
    ],
)
def test_page_with_a_slash_at_its_end_leads_to_the_page(pages: TestClient, path: str, location: str) -> None:
    answer = pages.get(path)

    assert (answer.status_code, answer.headers["location"]) == (308, location)


@pytest.mark.parametrize(
    "path", ["//kaart/", "//evil.example/", "/%2Fevil.example/", "/%5Cevil.example/", "/nergens/"]
)
def test_slash_at_the_end_leads_to_no_other_host_or_unknown_page(pages: TestClient, path: str) -> None:
    answer = pages.get(f"http://testserver{path}")

    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_literal_path_takes_precedence_over_parameters(small: TestClient) -> None:
    assert small.get("/v1/direct/fixed").text == "the one written out"
    assert small.get("/v1/direct/other").text == "other"
    assert small.put("/v1/direct/fixed").text == "0"


def test_root_of_the_api_may_end_in_a_slash() -> None:
    app = FastAPI(redirect_slashes=False)
    install_http(app, Settings())

    @app.get("/v1")
    async def land(request: Request) -> str:
        return str(request.url.path)

    client = TestClient(app)
    assert client.get("/v1/").json() == client.get("/v1").json() == "/v1"


def test_path_parameter_may_contain_slashes_or_have_a_type() -> None:
    app = FastAPI(redirect_slashes=False)
    install_http(app, Settings())

    @app.get("/files/{name:path}/end")
    async def read_file(name: str) -> str:
        return name

    @app.get("/pages/{number:int}")
    async def read_page(number: int) -> int:
        return number

    client = TestClient(app)
    assert client.get("/files/a/b/end").json() == "a/b"
    assert client.get("/pages/12").json() == 12
    assert client.get("/pages/x").status_code == 404
    assert client.put("/files/a/b/end").headers["allow"] == "GET, HEAD, OPTIONS"


def test_direct_route_with_other_parameters_is_refused() -> None:
    async def read(request: Request, name: str) -> Response:
        return PlainTextResponse(name)

    def answer(request: Request) -> Response:
        return PlainTextResponse("")

    router = APIRouter(route_class=DirectRoute)
    for endpoint in (read, answer):
        with pytest.raises(TypeError, match="direct route"):
            router.get("/{name}")(endpoint)
