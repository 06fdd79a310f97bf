"""The technical rules of the Dutch REST API Design Rules 2.2.1, one test each, at run time and in the document.

Source: https://logius-standaarden.github.io/API-Design-Rules/ with its linter; deviations are in docs/standards.md.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from app.core.version import API_VERSION
from tests.support.application import make_client
from tests.support.openapi import Part, list_operations, visit
from tests.support.register import Register, make_today_record, open_register

RULES = {
    "/core/no-trailing-slash", "/core/path-segments-kebab-case", "/core/query-keys-camel-case",
    "/core/date-time/format", "/core/date-time/timezone", "/core/date-time/date-omit-time-portion",
    "/core/http-methods", "/core/error-handling/problem-details", "/core/error-handling/invalid-input",
    "/core/doc-openapi", "/core/doc-openapi-contact", "/core/publish-openapi", "/core/uri-version",
    "/core/semver", "/core/version-header", "/core/transport/tls", "/core/transport/security-headers",
    "/core/transport/cors",
}  # fmt: skip
OGC_NAMES = {"bbox-crs", "filter-lang", "filter-crs", "/tileMatrixSets", "/tileMatrixSets/{tileMatrixSetId}"}
"""Recorded deviations: OGC gave these names."""

METHODS = {"get", "post", "put", "patch", "delete"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    with open_register(module_database) as register:
        register.register()
        yield register


@pytest.fixture(scope="module")
def document(register: Register) -> Part:
    written: Part = register.client.get("/v1/openapi.json").json()
    return written


@pytest.fixture(scope="module")
def sensor(register: Register) -> Part:
    written: Part = register.register(reference="of-the-owner")
    return written


def list_fields(document: Part) -> Iterator[tuple[str, Part]]:
    for part in visit(document):
        if isinstance(part.get("properties"), dict) and part.get("type") == "object":
            yield from part["properties"].items()


def list_addresses(document: Part) -> list[str]:
    """The addresses that anybody may read and that name nothing in particular."""
    return [
        f"/v1{path}".rstrip("/")
        for path, method, operation in list_operations(document)
        if method == "get" and "{" not in path and not operation.get("security")
    ]


def test_technical_rules_each_have_a_test() -> None:
    tests = {name for name in globals() if name.startswith("test_core_")}
    assert tests == {"test" + re.sub(r"[/-]", "_", rule) for rule in RULES}


def test_core_no_trailing_slash(register: Register, document: Part) -> None:
    for path, method, _ in list_operations(document):
        if path != "/":
            assert not path.endswith("/")
            address = f"/v1{re.sub('{.*?}', 'x', path)}/"
            assert register.client.request(method, address, follow_redirects=False).status_code == 404


def test_core_path_segments_kebab_case(document: Part) -> None:
    for path in document["paths"].keys() - OGC_NAMES - {"/", "/openapi.json", "/openapi.yaml"}:
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|{[^}]+}))+", path), path


def test_core_query_keys_camel_case(document: Part) -> None:
    for path, _, operation in list_operations(document):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and parameter["name"] not in OGC_NAMES:
                assert re.fullmatch(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*", parameter["name"]), path


def test_core_date_time_format(document: Part, sensor: Part) -> None:
    for name, schema in list_fields(document):
        if schema.get("format") in ("date", "date-time"):
            assert schema["type"] == "string", name
        assert schema.get("format") not in ("time", "date-time-local"), name
        if name in sensor and schema.get("format") == "date":
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", sensor[name]), name
        if name in sensor and schema.get("format") == "date-time":
            assert MOMENT.fullmatch(sensor[name]), name


def test_core_date_time_timezone(register: Register, sensor: Part) -> None:
    assert MOMENT.fullmatch(sensor["registeredAt"])
    assert MOMENT.fullmatch(register.find()["timeStamp"])
    now = datetime.now(UTC)
    everything = register.find()["numberMatched"]
    for offset in ("Z", "%2B02:00", "-11:30"):
        moment = f"{now:%Y-%m-%d}T00:00:00{offset}"
        assert register.find(f"datetime={moment}")["numberMatched"] == everything
        assert register.client.get(f"/v1/collections/sensors/items?asOf={moment}").status_code in (200, 400)


def test_core_date_time_date_omit_time_portion(document: Part) -> None:
    for name, schema in list_fields(document):
        if re.search(r"(\wDate|_date|^date$)", name) or re.search("On$|(From|Until)$", name):
            assert schema.get("format") == "date", name


def test_core_http_methods(register: Register, document: Part) -> None:
    for path, item in document["paths"].items():
        assert item.keys() <= METHODS, path
        answer = register.client.request("PROPFIND", "/v1" + re.sub("{.*?}", "x", path).rstrip("/"))
        assert answer.status_code == 405
        assert {method.upper() for method in item} <= set(answer.headers["allow"].split(", "))


def test_core_error_handling_problem_details(register: Register, document: Part) -> None:
    for path, _, operation in list_operations(document):
        for status, response in operation["responses"].items():
            if status[0] in "45":
                assert list(response["content"]) == ["application/problem+json"], path
    client, bad = register.client, {"Content-Type": "text/plain"}
    for answer in (
        client.get("/v1/nowhere"),
        client.get("/v1/collections?x=1"),
        client.put("/v1/collections"),
        client.get("/v1/collections", headers={"Accept": "image/png"}),
        client.get("/v1/sensors"),
        client.post("/v1/sensors", content="x", headers=register.officer | bad),
        client.post("/v1/sensors", content="{", headers=register.officer),
    ):
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"status", "title", "detail"} <= answer.json().keys()
        assert answer.json()["status"] == answer.status_code


def test_core_error_handling_invalid_input(register: Register, document: Part) -> None:
    for path, method, operation in list_operations(document):
        assert "400" in operation["responses"], path
        assert "422" not in operation["responses"], path
        if operation.get("requestBody", {}).get("content", {}).keys() & {"application/json"}:
            address = "/v1" + re.sub("{.*?}", str(uuid4()), path)
            answer = register.client.request(method, address, content="[]", headers=register.officer)
            assert answer.status_code == 400, address
    answer = register.post(make_today_record(sensorType="none", personalData=3, location="here"))
    assert answer.status_code == 400
    assert {one["location"] for one in answer.json()["errors"]} >= {
        "/sensorType",
        "/personalData",
        "/location",
    }


def test_core_doc_openapi(document: Part) -> None:
    assert document["openapi"] == "3.0.3"
    assert document["paths"]
    OpenAPIV30SpecValidator(document).validate()


def test_core_doc_openapi_contact(document: Part) -> None:
    assert all(document["info"]["contact"][name] for name in ("name", "email", "url"))


def test_core_publish_openapi(register: Register, document: Part) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    in_json, in_yaml = (
        register.client.get(f"/v1/openapi.{kind}", headers=elsewhere) for kind in ("json", "yaml")
    )
    assert in_json.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert in_yaml.headers["content-type"] == "application/vnd.oai.openapi;version=3.0"
    assert yaml.safe_load(in_yaml.text) == in_json.json() == document
    for answer in (in_json, in_yaml):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["etag"]


def test_core_uri_version(document: Part) -> None:
    (server,) = document["servers"]
    assert re.fullmatch(r"https?://[^/]+/v1", server["url"])


def test_core_semver(document: Part) -> None:
    assert re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", document["info"]["version"])


def test_core_version_header(register: Register, document: Part) -> None:
    for path, _, operation in list_operations(document):
        for status, response in operation["responses"].items():
            assert "API-Version" in response["headers"], (path, status)
    for address in (*list_addresses(document), "/v1/nowhere", "/nowhere", "/v1/sensors"):
        headers = register.client.get(address).headers
        assert headers["api-version"] == document["info"]["version"] == API_VERSION, address


def test_core_transport_tls(register: Register, module_database: str) -> None:
    """TLS ends at the proxy in front; what we can do is to tell browsers, and never to link without it."""
    with make_client(module_database, public_url="https://sensors.example") as client:
        for address in ("/v1", "/v1/collections", "/v1/collections/sensors/items", "/v1/openapi.json"):
            answer = client.get(address)
            assert int(answer.headers["strict-transport-security"].removeprefix("max-age=")) >= 31_536_000
            assert "http://sensors.example" not in answer.text
            assert "https://sensors.example/v1" in answer.text


def test_core_transport_security_headers(register: Register, document: Part) -> None:
    for address in (*list_addresses(document), "/v1/nowhere", "/v1/sensors"):
        headers = register.client.get(address).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], address
        assert headers["content-type"]
        assert headers["strict-transport-security"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        # Public answers may be kept: a recorded deviation.
        assert headers.get("cache-control", "no-store") in ("no-store", "no-cache") or re.match(
            r"public, |no-cache", headers["cache-control"]
        )
    private = register.client.get("/v1/sensors", headers=register.officer)
    assert private.headers["cache-control"] == "no-store"


def test_core_transport_cors(register: Register, document: Part) -> None:
    elsewhere: dict[str, Any] = {"Origin": "https://elsewhere.example"}
    for address in list_addresses(document):
        if address == "/v1/docs":  # A page for people, not for scripts.
            continue
        headers = register.client.get(address, headers=elsewhere).headers
        assert headers["access-control-allow-origin"] == "*", address
        assert "access-control-allow-credentials" not in headers
    private = register.client.get("/v1/sensors", headers=register.officer | elsewhere)
    assert "access-control-allow-origin" not in private.headers
    assert json.loads(private.text)["sensors"]
