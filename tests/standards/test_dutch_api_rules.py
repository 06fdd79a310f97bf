"""Dutch REST API Design Rules 2.2.1, as checks that the framework by itself does not pass.

`test_dutch_core_rules.py` goes through the rules one by one; deviations are in docs/standards.md.
Source: https://logius-standaarden.github.io/API-Design-Rules/
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.openapi.document import DOCUMENT_PATH
from app.core.version import API_VERSION
from tests.support import openapi
from tests.support.application import make_client

LIST = "/v1/vocabularies"
ITEM = "/v1/vocabularies/visibility"
NOWHERE = "/v1/nowhere"

Rule = Callable[[TestClient], None]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    RULES.append(check)
    return check


def is_problem(answer: Any, status: int) -> bool:
    return bool(
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["status"] == status
        and {"title", "detail", "instance"} <= answer.json().keys()
    )


@rule
def no_trailing_slash(client: TestClient) -> None:
    assert is_problem(client.get(LIST + "/", follow_redirects=False), 404)


@rule
def the_version_is_on_every_answer(client: TestClient) -> None:
    for method, path in [
        ("GET", LIST),
        ("GET", NOWHERE),
        ("GET", "/nowhere"),
        ("PUT", LIST),
        ("OPTIONS", LIST),
    ]:
        assert re.fullmatch(r"1\.\d+\.\d+", client.request(method, path).headers.get("api-version", "")), path


@rule
def errors_are_problem_documents(client: TestClient) -> None:
    assert is_problem(client.get(NOWHERE), 404)
    assert is_problem(client.get(f"{LIST}/none"), 404)


@rule
def errors_are_problem_documents_outside_the_api_too(client: TestClient) -> None:
    assert is_problem(client.get("/nowhere"), 404)


@rule
def a_wrong_method_is_told_all_right_ones(client: TestClient) -> None:
    for path in (LIST, ITEM):
        answer = client.put(path)
        assert is_problem(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@rule
def options_tells_the_methods(client: TestClient) -> None:
    answer = client.options(ITEM)
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@rule
def whatever_can_be_read_can_be_asked_about(client: TestClient) -> None:
    assert client.head(ITEM).status_code == 200
    assert client.head(ITEM).headers["content-length"] == client.get(ITEM).headers["content-length"]
    assert client.head(ITEM).content == b""


@rule
def unknown_parameters_are_errors_all_at_once(client: TestClient) -> None:
    answer = client.get(f"{LIST}?first=1&second=2")
    assert is_problem(answer, 400)
    assert [(one["in"], one["location"]) for one in answer.json()["errors"]] == [
        ("query", "first"),
        ("query", "second"),
    ]
    assert all({"code", "detail"} <= one.keys() for one in answer.json()["errors"])


@rule
def what_is_not_offered_is_not_acceptable(client: TestClient) -> None:
    assert is_problem(client.get(LIST, headers={"Accept": "image/png"}), 406)


@rule
def unreadable_text_is_an_error(client: TestClient) -> None:
    for path in (f"{LIST}/%00", f"{LIST}/%ff", f"{LIST}?x=%00"):
        assert is_problem(client.get(path), 400), path


@rule
def errors_are_in_the_reader_s_language(client: TestClient) -> None:
    dutch, english = (client.get(NOWHERE, headers={"Accept-Language": one}) for one in ("nl", "en"))
    assert (dutch.headers["content-language"], english.headers["content-language"]) == ("nl", "en")
    assert dutch.json()["title"] != english.json()["title"]


@rule
def answers_are_secured(client: TestClient) -> None:
    for path in (LIST, NOWHERE):
        headers = client.get(path).headers
        assert int(headers["strict-transport-security"].removeprefix("max-age=")) >= 31_536_000
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"] == (
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )


@rule
def scripts_of_other_sites_may_read_the_public_answers(client: TestClient) -> None:
    for answer in (client.get(LIST), client.get(NOWHERE), client.options(LIST)):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@rule
def an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    etag = client.get(ITEM).headers["etag"]
    answer = client.get(ITEM, headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag


@rule
def the_document_is_open_api_3_0(client: TestClient) -> None:
    assert client.get(DOCUMENT_PATH).json()["openapi"].startswith("3.0.")


@rule
def the_document_says_whom_to_ask(client: TestClient) -> None:
    contact = client.get(DOCUMENT_PATH).json()["info"]["contact"]
    assert {"name", "email", "url"} <= contact.keys()


@rule
def the_document_says_where_the_service_is(client: TestClient) -> None:
    (server,) = client.get(DOCUMENT_PATH).json()["servers"]
    assert re.fullmatch(r"https?://[^/]+/v1", server["url"])


@rule
def the_document_has_the_version_of_the_answers(client: TestClient) -> None:
    answer = client.get(DOCUMENT_PATH)
    assert answer.json()["info"]["version"] == answer.headers["api-version"] == API_VERSION


@rule
def the_version_header_is_documented_on_every_good_answer(client: TestClient) -> None:
    for _, _, operation in list_operations(client):
        for status, response in operation["responses"].items():
            if status[0] in "23":
                assert "API-Version" in response["headers"]


@rule
def invalid_input_is_400_and_never_422(client: TestClient) -> None:
    for _, _, operation in list_operations(client):
        assert "400" in operation["responses"]
        assert "422" not in operation["responses"]


@rule
def every_documented_error_is_a_problem_document(client: TestClient) -> None:
    for _, _, operation in list_operations(client):
        errors = [response for status, response in operation["responses"].items() if status[0] in "45"]
        assert errors
        for response in errors:
            assert list(response["content"]) == ["application/problem+json"]


@rule
def operations_are_named_by_what_they_do(client: TestClient) -> None:
    names = [operation["operationId"] for _, _, operation in list_operations(client)]
    assert all(re.fullmatch(r"[a-z]+([A-Z0-9][a-z0-9]*)*", name) for name in names)


def list_operations(client: TestClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation of the document."""
    return openapi.list_operations(client.get(DOCUMENT_PATH).json())


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[TestClient]:
    with make_client(module_database) as client:
        yield client


@pytest.fixture(scope="module")
def stock() -> TestClient:
    """The same addresses as the framework makes them by itself."""
    app = FastAPI(openapi_url=DOCUMENT_PATH)

    @app.get(LIST)
    async def list_vocabularies(limit: int = 10) -> list[str]:
        return ["visibility"][:limit]

    @app.get(LIST + "/{name}")
    async def get_vocabulary(name: str) -> dict[str, str]:
        return {"name": name}

    return TestClient(app)


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_rule_is_met_by_the_register(check: Rule, register: TestClient) -> None:
    check(register)


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_rule_is_not_met_by_fastapi_alone(check: Rule, stock: TestClient) -> None:
    """A check that stock FastAPI passes would not show that we do anything."""
    with pytest.raises((AssertionError, KeyError)):
        check(stock)


# Rules that the document keeps for every future route.

OGC_PARAMETERS = {"bbox-crs", "filter-lang", "filter-crs"}
"""Names that OGC gave; a recorded deviation."""
OGC_SEGMENTS = {"tileMatrixSets"}
OGC_PROPERTIES = {"timeStamp"}


def test_paths_are_kebab_case_without_extensions_or_trailing_slash(register: TestClient) -> None:
    for path, _, _ in list_operations(register):
        if path in {"/", "/openapi.json", "/openapi.yaml"}:  # The root; where the rules want the document.
            continue
        for segment in set(path.removeprefix("/").split("/")) - OGC_SEGMENTS:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|{[a-zA-Z_]+}", segment), path


def test_query_keys_are_camel_case(register: TestClient) -> None:
    for path, _, operation in list_operations(register):
        for parameter in operation.get("parameters", []):
            if parameter.get("in") == "query" and parameter["name"] not in OGC_PARAMETERS:
                assert re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", parameter["name"]), (path, parameter["name"])


def test_options_lists_the_documented_methods(register: TestClient) -> None:
    documented: dict[str, set[str]] = {}
    for path, method, _ in list_operations(register):
        documented.setdefault(path, set()).add(method.upper())
    for path, methods in documented.items():
        address = "/v1" + re.sub(r"{\w+}", "x", path)
        expected = sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))
        answer = register.options(address)
        assert (answer.status_code, answer.headers["allow"]) == (204, ", ".join(expected)), address
        assert register.request("TRACE", address).headers["allow"] == ", ".join(expected)


def test_public_lists_refuse_unknown_parameters(register: TestClient) -> None:
    """GET reports all unknown parameters in one answer, and HEAD is refused too."""
    for path, method, operation in list_operations(register):
        if method == "get" and "{" not in path and not operation.get("security"):
            answer = register.get(f"/v1{path.rstrip('/')}?zzz=1&qqq=2")
            assert is_problem(answer, 400), path
            required = [one["name"] for one in operation["parameters"] if one.get("required")]
            assert [one["location"] for one in answer.json()["errors"]] == ["zzz", "qqq", *required], path
            assert register.head(f"/v1{path.rstrip('/')}?zzz=1").status_code == 400


def test_address_with_trailing_slash_is_not_found(register: TestClient) -> None:
    for path, method, _ in list_operations(register):
        if path != "/":
            address = "/v1" + re.sub(r"{\w+}", "x", path) + "/"
            answer = register.request(method, address, follow_redirects=False)
            assert is_problem(answer, 404), address


def test_request_without_key_is_refused(register: TestClient) -> None:
    closed = 0
    for path, method, operation in list_operations(register):
        if operation.get("security"):
            closed += 1
            answer = register.request(method, "/v1" + re.sub(r"{\w+}", "x", path))
            assert is_problem(answer, 401) or answer.status_code == 400, path
            if answer.status_code == 401:
                assert answer.headers["www-authenticate"].startswith("Bearer")
    assert closed


def test_security_schemes_are_http_bearer_only(register: TestClient) -> None:
    schemes = register.get(DOCUMENT_PATH).json()["components"]["securitySchemes"]
    assert {(scheme["type"], scheme["scheme"]) for scheme in schemes.values()} == {("http", "bearer")}


def visit_properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property below a schema, by name."""
    if isinstance(schema, list):
        for one in schema:
            yield from visit_properties(one)
    elif isinstance(schema, dict):
        # A feature has a property that is called `properties`, beside one that is called `type`.
        if isinstance(schema.get("properties"), dict) and not isinstance(schema.get("type"), dict):
            yield from schema["properties"].items()
        for value in schema.values():
            yield from visit_properties(value)


def test_field_names_are_camel_case_and_match_their_format(register: TestClient) -> None:
    found = dict[str, set[str]]()
    for name, schema in visit_properties(register.get(DOCUMENT_PATH).json()):
        assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", name), name
        found.setdefault(name, set()).add(schema.get("format", ""))
    for name, formats in found.items():
        if "Date" in name:
            assert formats == {"date"}, name
        if "date-time" in formats:
            assert name.endswith("At") or name in OGC_PROPERTIES, name
        assert "time" not in formats, name
        if name.endswith("On") and len(name) > 3:
            assert formats == {"date"}, name
