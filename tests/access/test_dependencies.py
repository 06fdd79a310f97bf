"""Answers to identified callers are private, on every route of the real application."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from ipaddress import ip_address
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook

from app.access.dependencies import read_token
from app.access.principal import SCOPES
from app.access.rate_limits import LIMITS, limit_client
from app.core.database import transaction
from app.files.writers.schema import EXCEL
from app.website.account.visits import ACCOUNT_PATHS
from tests.support.application import make_client
from tests.support.concurrency import read_state
from tests.support.organisations import authorise, make_key, make_municipality

ELSEWHERE = {"Origin": "https://elsewhere.example"}
WRONG_KEY = {"Authorization": "Bearer srk_000000000000_" + "A" * 43}
ABOUT_A_POSITION = ("/hier", "/zoeken", "/v1/places")
EXAMPLE_ID = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[TestClient]:
    with make_client(module_database) as client:
        yield client


def reads_caller(dependant: Dependant) -> bool:
    return any(one.call is read_token or reads_caller(one) for one in dependant.dependencies)


def list_routes(register: TestClient, *, private: bool) -> list[str]:
    """Paths of GET routes, with an example id for each path parameter."""
    app: Any = register.app
    return [
        context.path_format.format_map(dict.fromkeys(context.param_convertors, EXAMPLE_ID))
        for context in iter_route_contexts(app.routes)
        if isinstance(route := context.original_route, APIRoute)
        and context.path_format is not None
        and "GET" in (context.methods or ())
        and reads_caller(route.dependant) is private
    ]


@pytest.mark.parametrize("headers", [{}, WRONG_KEY])
def test_private_routes_refuse_an_unknown_caller_with_a_private_answer(
    register: TestClient, headers: dict[str, str]
) -> None:
    paths = list_routes(register, private=True)
    assert "/v1/sensors" in paths
    for path in paths:
        answer = register.get(path, headers=headers | ELSEWHERE)
        assert answer.status_code == 401, path
        assert answer.headers["cache-control"] == "no-store", path
        assert "access-control-allow-origin" not in answer.headers, path


def test_page_of_an_error_for_an_unknown_caller_is_private(register: TestClient) -> None:
    answer = register.get("/v1/sensors", headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "private, no-store"


def read_content(answer: Response) -> object:
    """The bytes of an answer; the cells of a workbook, whose bytes hold the moment at which it was written."""
    if answer.headers.get("content-type") != EXCEL.media_type:
        return answer.content
    book = load_workbook(BytesIO(answer.content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


def list_headers(answer: Response) -> list[tuple[str, str]]:
    """The headers of an answer; those of a workbook without its length, which its moment changes."""
    is_workbook = answer.headers.get("content-type") == EXCEL.media_type
    return [pair for pair in answer.headers.items() if not (is_workbook and pair[0] == "content-length")]


def test_public_routes_ignore_the_authorization_header(register: TestClient) -> None:
    paths = list_routes(register, private=False)
    assert "/v1/vocabularies" in paths
    # These differ from one request to the next: measurements, and a workbook whose tag is that of its bytes.
    for path in set(paths) - ACCOUNT_PATHS - {"/metrics", "/health/ready", "/v1/imports/template"}:
        anonymous, with_key = (
            register.get(path, headers=headers | ELSEWHERE | {"X-Request-Id": "1"}, follow_redirects=False)
            for headers in ({}, WRONG_KEY)
        )
        assert with_key.status_code == anonymous.status_code, path
        assert read_content(with_key) == read_content(anonymous), path
        assert list_headers(with_key) == list_headers(anonymous), path
        # Answers about a position are for the one who asked (decision 0050).
        if not path.removeprefix("/en").startswith(ABOUT_A_POSITION):
            assert "private" not in anonymous.headers.get("cache-control", ""), path


def test_pages_of_people_who_sign_in_are_stored_nowhere(register: TestClient) -> None:
    paths = set(list_routes(register, private=False)) & ACCOUNT_PATHS
    assert {"/mijn", "/en/mijn", "/inloggen/terug", "/uitgelogd"} <= paths
    for path in paths:
        answer = register.get(path, headers=ELSEWHERE, follow_redirects=False)
        assert "no-store" in answer.headers["cache-control"], path
        assert "access-control-allow-origin" not in answer.headers, path


def test_client_whose_keys_were_refused_too_often_waits(fresh_database: str) -> None:
    with make_client(fresh_database) as client:
        engine = read_state(client).write_engine
        assert client.get("/v1/exports", headers=WRONG_KEY).status_code == 401
        # As if in a moment to come: how fast this machine is does not count.
        later = datetime.now(UTC) + timedelta(minutes=1)
        for _ in range(LIMITS["failed_key"].burst):
            limit_client(engine, "failed_key", ip_address("127.0.0.1"), later)
        answer = client.get("/v1/exports", headers=WRONG_KEY | {"Accept-Language": "en"})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 65
        assert "Try again in" in answer.json()["detail"]
        # A proxy that is not trusted says nothing about who sends the key.
        hidden = WRONG_KEY | {"X-Forwarded-For": "192.0.2.7"}
        assert client.get("/v1/exports", headers=hidden).status_code == 401
        with transaction(engine) as session:
            key = authorise(make_key(session, make_municipality(session)))
        assert client.get("/v1/imports", headers=key).status_code == 200


def list_private_requests(register: TestClient) -> list[tuple[str, str]]:
    """Method and path of every request that has a caller."""
    app: Any = register.app
    return [
        (method, context.path_format.format_map(dict.fromkeys(context.param_convertors, EXAMPLE_ID)))
        for context in iter_route_contexts(app.routes)
        if isinstance(route := context.original_route, APIRoute)
        and context.path_format is not None
        and reads_caller(route.dependant)
        for method in sorted(context.methods or ())
    ]


def test_key_is_refused_on_every_route_outside_its_scopes(register: TestClient) -> None:
    with transaction(read_state(register).write_engine) as session:
        keys = {
            scope: authorise(make_key(session, None, "administrator", scopes=[scope])) for scope in SCOPES
        }
    requests = list_private_requests(register)
    assert {method for method, _ in requests} >= {"GET", "POST", "PATCH"}
    found: dict[str, set[str]] = {scope: set() for scope in SCOPES}
    for method, path in requests:
        allowed = [
            scope
            for scope in SCOPES
            if "insufficient_scope"
            not in register.request(method, path, headers=keys[scope]).headers.get("www-authenticate", "")
        ]
        assert len(allowed) == 1, (method, path)
        found[allowed[0]].add(f"{method} {path.replace(EXAMPLE_ID, '*')}")
    assert all(one.startswith("GET ") for one in found["read"])
    assert found["import"] == {
        "POST /v1/imports",
        *(f"POST /v1/imports/*/{act}" for act in ("application", "cancellation", "redaction", "reversal")),
        "DELETE /v1/imports/mappings/*",
    }
    assert {"POST /v1/sensors", "PATCH /v1/sensors/*", "POST /v1/principals/*/keys"} <= found["register"]


def test_refused_scope_is_said_in_words(register: TestClient) -> None:
    with transaction(read_state(register).write_engine) as session:
        key = authorise(make_key(session, make_municipality(session, "GM0546", "Leiden"), scopes=["read"]))
    answer = register.post("/v1/sensors", headers=key | {"Accept-Language": "nl"}, json={})
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="register"' in answer.headers["www-authenticate"]
    assert "mag u niet registreren, alleen lezen" in answer.json()["detail"]
