"""Messages for violations of declared parameters and bodies."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from app.core.http.validation_errors import problem_of_validation


def test_validation_error_is_400_with_every_problem(small: TestClient) -> None:
    answer = small.post("/v1/things", json={"size": "big", "naam": 1}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "in": "body",
            "location": "/size",
            "code": "wrong_type",
            "detail": "Give a whole number.",
            "value": "big",
        },
        {
            "in": "body",
            "location": "/naam",
            "code": "unknown_field",
            "detail": "There is no such field.",
            "value": 1,
        },
    ]


@pytest.mark.parametrize("limit", ["0", "11", "x", "1.5", ""])
def test_problem_of_a_parameter_has_its_name_as_location(small: TestClient, limit: str) -> None:
    answer = small.get("/v1/things", params={"limit": limit})
    assert answer.status_code == 400
    assert [(one["in"], one["location"]) for one in answer.json()["errors"]] == [("query", "limit")]


@pytest.mark.parametrize("body", [b"{", b'{"size": 1,}', b"\xff"])
def test_body_that_is_not_json_is_refused(small: TestClient, body: bytes) -> None:
    answer = small.post("/v1/things", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_slash_in_a_field_name_is_escaped_in_the_pointer() -> None:
    error = {"type": "missing", "loc": ("body", "a/b", 0, "c~d"), "msg": "", "input": {}}
    assert problem_of_validation(error).location == "/a~1b/0/c~0d"


class Everything(BaseModel):
    text: str = Field(min_length=2, max_length=3, pattern="^a")
    number: float = Field(gt=0, lt=1, allow_inf_nan=False)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"text": "a", "number": 0}, ["too_short", "out_of_range"]),
        ({"text": "abcd", "number": 1}, ["too_long", "out_of_range"]),
        ({"text": "bbb", "number": float("nan")}, ["wrong_pattern", "invalid_number"]),
        ({"text": 1, "number": "x"}, ["wrong_type", "wrong_type"]),
        ({}, ["required", "required"]),
        ({"text": "\ud800", "number": 0.5}, ["invalid_text"]),
    ],
)
def test_each_validation_error_has_its_code(body: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    problems = [problem_of_validation(error) for error in RequestValidationError(errors).errors()]
    assert [problem.code for problem in problems] == codes
    for problem in problems:
        assert "{" not in problem.detail.nl + problem.detail.en


@pytest.mark.parametrize(
    "kind", [int, float, bool, list[int], dict[str, int], date, datetime, UUID, Everything]
)
def test_value_of_wrong_type_is_explained(kind: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(object())
    (error,) = caught.value.errors()
    problem = problem_of_validation({**error, "loc": ("query", "x")})
    assert problem.code == "wrong_type"
    assert problem.detail.nl.startswith("Geef ")
