"""Every example in the API document runs, and finds something."""

import re
from collections.abc import Iterator

import pytest
from openapi_schema_validator import OAS30Validator

from tests.support.openapi import Part, list_operations, visit
from tests.support.register import Register, make_today_record, open_register
from tests.support.sensors import make_camera


@pytest.fixture(scope="module")
def register(module_database: str) -> Iterator[Register]:
    dates = {name: make_today_record()[name] for name in ("placedFrom", "activeUntil")}
    with open_register(module_database) as register:
        register.register(reference="sound")
        register.register(**make_camera() | dates)
        yield register


@pytest.fixture(scope="module")
def document(register: Register) -> Part:
    written: Part = register.client.get("/v1/openapi.json").json()
    return written


def test_queries_in_descriptions_find_features(register: Register, document: Part) -> None:
    tried = 0
    for path, _, operation in list_operations(document):
        for query in re.findall(r"`(\?[^`]+)`", operation.get("description", "")):
            answer = register.client.get(f"/v1{path}{query}")
            assert answer.status_code == 200, (path, query, answer.text)
            if "json" in answer.headers["content-type"]:
                found = answer.json()
                assert any(
                    found.get(name)
                    for name in ("features", "rows", "fields", "suggestions", "sentence", "municipality")
                ), (
                    path,
                    query,
                )
            else:
                assert answer.text.count("\n") > 1, (path, query)
            tried += 1
    assert tried >= 9


def test_parameter_examples_are_accepted(register: Register, document: Part) -> None:
    tried = 0
    for path, method, operation in list_operations(document):
        examples = {
            one["name"]: str(one["schema"].get("example", one["schema"].get("enum", [None])[0]))
            for one in operation["parameters"]
            if one["in"] == "path"
        }
        if method == "get" and examples and "None" not in examples.values():
            address = path.format(**examples)
            answer = register.client.get(f"/v1{address}")
            assert answer.status_code in (200, 204), (address, answer.text)
            tried += 1
        for one in operation["parameters"]:
            if one["in"] == "query" and "example" in one | one["schema"]:
                value = one.get("example", one["schema"].get("example"))
                assert register.client.get(f"/v1{path}?{one['name']}={value}").status_code == 200, path
    assert tried >= 5


def test_registration_example_is_accepted(register: Register, document: Part) -> None:
    content = document["paths"]["/sensors"]["post"]["requestBody"]["content"]["application/json"]
    answer = register.post(content["example"])
    assert answer.status_code == 201, answer.text
    assert answer.json()["reference"] == content["example"]["reference"]


def test_examples_fit_their_schemas(document: Part) -> None:
    tried = 0
    for part in visit(document):
        if "example" in part:
            complete = {"allOf": [part.get("schema", part)], "components": document["components"]}
            errors = OAS30Validator(complete).iter_errors(part["example"])
            assert [error.message for error in errors] == [], part["example"]
            tried += 1
    assert tried >= 8
