"""The documentation of the API as pages: every operation of the document, with its fields."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.core.openapi.operation_page import METHODS, find_operation, list_operations

THING = {"schema": {"$ref": "#/components/schemas/Thing"}}
DOCUMENT = {
    "servers": [{"url": "https://register.nl/v1"}],
    "tags": [{"name": "things", "description": "Things."}],
    "paths": {
        "/things/{id}": {
            "get": {
                "operationId": "getThing",
                "tags": ["things"],
                "summary": "One thing.",
                "description": "With `code` and <b>text</b>.",
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "example": "a b",
                        "schema": {"type": "string"},
                    },
                    {"$ref": "#/components/parameters/Limit"},
                ],
                "responses": {"200": {"$ref": "#/components/responses/Thing"}},
            },
            "put": {
                "operationId": "putThing",
                "tags": ["things"],
                "security": [{"apiKey": []}],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Thing"},
                            "example": {"a": 1},
                        }
                    }
                },
                "responses": {"204": {"description": "Done."}},
            },
        }
    },
    "components": {
        "parameters": {
            "Limit": {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
            }
        },
        "responses": {
            "Thing": {
                "description": "It.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
        "schemas": {
            "Thing": {
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "description": "Its name."},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                },
            },
            "Part": {"properties": {"kind": {"type": "string", "enum": ["x", "y"]}}},
        },
    },
}


def test_overview_lists_operations_by_tag() -> None:
    (group,) = list_operations(DOCUMENT)

    assert [(one.identifier, one.method, one.path, one.needs_key) for one in group.operations] == [
        ("getThing", "GET", "/things/{id}", False),
        ("putThing", "PUT", "/things/{id}", True),
    ]


def test_operation_has_its_parameters_with_kind_and_limits() -> None:
    operation = find_operation(DOCUMENT, "getThing")

    assert operation is not None
    assert [(one.name, one.place, one.is_required, one.kind) for one in operation.parameters] == [
        ("id", "path", True, "string"),
        ("limit", "query", False, "integer, 1 to 9, default 5"),
    ]
    assert operation.request == "curl 'https://register.nl/v1/things/a%20b'"


def test_description_is_html_without_the_html_of_the_document() -> None:
    operation = find_operation(DOCUMENT, "getThing")

    assert operation is not None
    assert operation.description.strip() == "<p>With <code>code</code> and &lt;b&gt;text&lt;/b&gt;.</p>"


def test_schemas_of_an_operation_include_those_of_its_schemas() -> None:
    operation = find_operation(DOCUMENT, "putThing")

    assert operation is not None
    assert [schema.name for schema in operation.schemas] == ["Thing", "Part"]
    name, parts = operation.schemas[0].fields
    assert (name.is_required, parts.is_required) == (True, False)
    assert (parts.kind, parts.schema) == ("list of values", "Part")
    assert operation.schemas[1].fields[0].choices == ("x", "y")
    assert operation.body is not None
    assert operation.body.example == '{\n  "a": 1\n}'
    assert operation.request == (
        "curl -X PUT -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' --data-binary @FILE "
        "'https://register.nl/v1/things/{id}'"
    )


def test_operation_of_another_name_is_not_found() -> None:
    assert find_operation(DOCUMENT, "getNothing") is None


def test_every_operation_of_the_api_has_a_page_whose_links_lead_somewhere(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    expected = {
        item[method]["operationId"]
        for item in document["paths"].values()
        for method in METHODS
        if method in item
    }

    overview = client.get("/v1/docs", headers={"Accept": "text/html"}).text

    assert set(re.findall(r'href="/v1/docs/(\w+)"', overview)) == expected
    for name in expected:
        answer = client.get(f"/v1/docs/{name}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, name
        linked = set(re.findall(r'href="#([^"]+)"', answer.text)) - {"main"}
        assert linked <= set(re.findall(r'\bid="([^"]+)"', answer.text)), name


def test_page_of_an_operation_names_every_parameter_and_value(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    page = unescape(client.get("/v1/docs/listSensors", headers={"Accept": "text/html"}).text)

    for parameter in document["paths"]["/collections/sensors/items"]["get"]["parameters"]:
        if "$ref" in parameter:
            parameter = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]  # noqa: PLW2901
        assert f'<span class="code">{parameter["name"]}</span>' in page
        for choice in parameter["schema"].get("enum", ()):
            assert choice in page


@pytest.mark.parametrize("accept", ["application/json"])
def test_documentation_is_refused_to_who_takes_no_page(client: TestClient, accept: str) -> None:
    assert client.get("/v1/docs/listSensors", headers={"Accept": accept}).status_code == 406
    assert client.get("/v1/docs/nergens", headers={"Accept": "text/html"}).status_code == 404
