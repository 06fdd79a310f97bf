"""The OpenAPI document: strictly 3.0, and complete for every route."""

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from app.core.openapi.document import TAGS, describe_api
from app.core.settings import Settings
from app.main import create_app
from tests.support.openapi import list_operations, resolve, visit

METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    settings = Settings(public_url="http://127.0.0.1:8000")
    written: dict[str, Any] = json.loads(json.dumps(describe_api(create_app(settings), settings)))
    return written


def test_document_is_accepted_by_strict_validator(document: dict[str, Any]) -> None:
    OpenAPIV30SpecValidator(document).validate()


def test_document_has_no_keywords_of_openapi_3_1(document: dict[str, Any]) -> None:
    for part in visit([document["paths"], document["components"]]):
        assert not isinstance(part.get("type"), list)
        assert part.get("type") != "null"
        assert not {"const", "prefixItems", "$defs", "contentMediaType", "patternProperties"} & (
            part.keys() - (part.keys() if "const" in part and isinstance(part["const"], dict) else set())
        )
        for limit in ("exclusiveMinimum", "exclusiveMaximum"):
            assert isinstance(part.get(limit, False), bool | dict)
        for choice in ("anyOf", "oneOf"):
            assert not [one for one in part.get(choice, ()) if one.get("enum") == [None]], part
        if "$ref" in part:
            assert list(part) == ["$ref"]


def test_references_resolve_and_components_are_used(document: dict[str, Any]) -> None:
    used = set()
    for part in visit(document):
        if "$ref" in part:
            assert isinstance(resolve(document, part), dict)
            used.add(part["$ref"])
    for section in ("schemas", "parameters", "headers", "responses"):
        for name in document["components"][section]:
            assert f"#/components/{section}/{name}" in used, name


def test_large_schema_is_not_repeated(document: dict[str, Any]) -> None:
    seen = set()
    for part in visit(document["paths"]):
        if "properties" in part and len(written := json.dumps(part)) > 1_000:
            assert written not in seen, sorted(part["properties"])
            seen.add(written)


def test_operations_have_summary_description_tags_and_success_response(document: dict[str, Any]) -> None:
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    for path, item in document["paths"].items():
        assert item.keys() <= METHODS, path
        for operation in item.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert operation["tags"], path
            assert set(operation["tags"]) <= tags.keys(), path
            assert any(status[0] == "2" for status in operation["responses"]), path
    assert set(tags) <= set(TAGS)


def test_paths_are_relative_to_the_server(document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": "http://127.0.0.1:8000/v1"}]
    assert not [path for path in document["paths"] if path.startswith("/v1")]
    # Pages for people and addresses for operators are no part of the API.
    assert not [path for path in document["paths"] if re.match(r"/(health|metrics|static|s/|en)", path)]


def test_path_parameters_are_documented(document: dict[str, Any]) -> None:
    for path, _, operation in list_operations(document):
        named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), path
        assert all(re.fullmatch(r"[a-z][A-Za-z]*", name) for name in named), path


def test_operation_ids_are_unique_and_camel_case(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in list_operations(document)]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)+", name), name


def test_nullable_stands_beside_a_type(document: dict[str, Any]) -> None:
    for part in visit([document["paths"], document["components"]]):
        if part.get("nullable") is True:
            assert "type" in part, part


def test_operations_with_an_id_in_their_path_declare_404(document: dict[str, Any]) -> None:
    for path, method, operation in list_operations(document):
        assert ("{" in path) <= ("404" in operation["responses"]), (method, path)


def test_operations_that_need_if_match_require_it_and_declare_412_and_428(document: dict[str, Any]) -> None:
    """Every change of one registration or organisation names the version that it replaces."""
    needing = set()
    for path, method, operation in list_operations(document):
        header = next((one for one in operation["parameters"] if one["name"] == "If-Match"), None)
        assert (header is not None) == ({"412", "428"} <= operation["responses"].keys()), (method, path)
        if header is not None:
            assert header["required"] is True
            assert header["schema"] == {"type": "string"}
            needing.add((method, path))
    assert needing == {
        ("patch", "/sensors/{sensorId}"),
        ("post", "/sensors/{sensorId}/removal"),
        ("post", "/sensors/{sensorId}/confirmation"),
        ("post", "/sensors/{sensorId}/review"),
        ("post", "/sensors/{sensorId}/resubmission"),
        ("post", "/sensors/{sensorId}/withdrawal"),
        ("post", "/sensors/{sensorId}/restoration"),
        ("put", "/municipalities/{code}/duty"),
        ("patch", "/organisations/{organisationId}"),
    }


def test_operations_that_can_conflict_declare_409_and_no_others(document: dict[str, Any]) -> None:
    """Writes and their keys can meet others; remarks need a checked import; search, deletion and reports do not."""
    declaring = {
        (method, path)
        for path, method, operation in list_operations(document)
        if "409" in operation["responses"]
    }
    writing = {
        (method, path)
        for path, method, _ in list_operations(document)
        if method not in ("get", "delete") and not path.endswith("/search")
    }
    assert declaring == writing - {("post", "/reports")} | {("get", "/imports/{importId}/remarks")}
