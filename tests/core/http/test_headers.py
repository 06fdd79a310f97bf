"""Headers of every answer, by kind of answer and by audience."""

import pytest
from fastapi.testclient import TestClient

from app.core.http.audience import Audience
from app.core.http.headers import Headers, complete_headers
from app.core.version import API_VERSION

STRICT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/things", 200),
        ("POST", "/v1/things", 400),
        ("GET", "/v1/things/none", 404),
        ("GET", "/nowhere", 404),
        ("PATCH", "/v1/things", 405),
        ("OPTIONS", "/v1/things", 204),
        ("DELETE", "/v1/things/3", 500),
        ("DELETE", "/v1/things/locked", 503),
        ("GET", "/v1/things/%00", 400),
    ],
)
def test_answers_of_each_status_have_the_fixed_headers(
    small: TestClient, method: str, path: str, status: int
) -> None:
    answer = small.request(method, path)
    assert answer.status_code == status
    expected = {
        "api-version": API_VERSION,
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "content-security-policy": STRICT,
    }
    assert {name: answer.headers.get_list(name) for name in expected} == {
        name: [value] for name, value in expected.items()
    }
    assert "server" not in answer.headers


@pytest.mark.parametrize("name", ["page", "script"])
def test_pages_and_scripts_may_load_own_files_only(small: TestClient, name: str) -> None:
    policy = small.get(f"/v1/things/{name}").headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'self'"
    assert directives["img-src"] == "'self' data:"
    assert directives["frame-ancestors"] == directives["object-src"] == "'none'"
    assert {"worker-src", "base-uri", "form-action"} <= directives.keys()
    assert "unsafe" not in policy
    assert "*" not in policy


def test_fixed_header_replaces_that_of_a_route(small: TestClient) -> None:
    answer = small.get("/v1/things/boastful")
    assert answer.headers.get_list("api-version") == [API_VERSION]
    assert answer.headers.get_list("x-frame-options") == ["DENY"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_scripts_of_other_sites_may_read_public_answers(small: TestClient, method: str) -> None:
    answer = small.request(method, "/v1/things", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    assert {"ETag", "Link", "Content-Crs", "API-Version", "OGC-NumberReturned"} <= exposed


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/v1/things", {}),
        ("GET", "/v1/things/private", {}),
        ("GET", "/v1/things/page", {}),
    ],
)
def test_other_answers_are_closed_to_scripts_of_other_sites(
    small: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = small.request(method, path, headers={"Origin": "https://example.org", **headers})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [(b"application/json", b"no-store"), (b"text/html; charset=utf-8", b"private, no-store")],
)
@pytest.mark.parametrize("own", [b"public, max-age=60", b"no-cache", None])
def test_private_answer_is_not_stored(own: bytes | None, content_type: bytes, expected: bytes) -> None:
    headers: Headers = [(b"content-type", content_type)]
    if own:
        headers.append((b"cache-control", own))
    completed = complete_headers(headers, request_id=b"1", audience=Audience.PRIVATE)
    assert [value for name, value in completed if name == b"cache-control"] == [expected]
    assert b"access-control-allow-origin" not in dict(completed)


def test_private_answer_of_a_route_is_not_stored_and_its_head_neither(small: TestClient) -> None:
    for method in ("GET", "HEAD"):
        assert small.request(method, "/v1/things/private").headers["cache-control"] == "no-store"


def test_authorization_header_does_not_change_a_public_answer(small: TestClient) -> None:
    anonymous, with_key = (
        small.get("/v1/things", headers={"X-Request-Id": "1", **headers})
        for headers in ({}, {"Authorization": "Bearer x"})
    )
    assert with_key.headers == anonymous.headers
    assert with_key.content == anonymous.content


def test_headers_of_the_route_keep_their_order() -> None:
    own = [(b"etag", b'"1"'), (b"link", b"<a>"), (b"link", b"<b>")]
    completed = complete_headers(own, request_id=b"1", audience=Audience.PUBLIC)
    assert completed[:3] == own
    names = [name for name, _ in completed if name != b"link"]
    assert len(names) == len(set(names))


def test_framed_answer_is_private_and_lets_other_sites_show_it() -> None:
    own: Headers = [(b"content-length", b"0")]
    completed = complete_headers(own, request_id=b"1", audience=Audience.PRIVATE, framed=True)
    headers = dict(completed)
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"content-security-policy"] == b"default-src 'none'; base-uri 'none'; form-action 'none'"
    assert not {b"x-frame-options", b"access-control-allow-origin"} & headers.keys()
    assert len(headers) == len(completed)
