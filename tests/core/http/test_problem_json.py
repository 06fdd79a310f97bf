"""Problem documents: their form, their language, and shortened values."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.errors import InvalidRequest, NotFound, RegisterError, Unavailable
from app.core.http.problem_json import (
    ERRORS,
    MAX_VALUE_CHARACTERS,
    answer_problem,
    error_of_status,
    write_problem,
)
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode


def make_scope(path: str = "/v1/x", headers: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": encoded,
        "server": ("x", 80),
        "scheme": "http",
        "root_path": "",
    }


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        (None, "nl", "Niet gevonden"),
        ("en", "en", "Not found"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en", "Not found"),
        ("nl,en;q=0.9", "nl", "Niet gevonden"),
        ("fr", "nl", "Niet gevonden"),
    ],
)
def test_problem_is_in_the_language_of_the_reader(asked: str | None, language: str, title: str) -> None:
    headers = {} if asked is None else {"Accept-Language": asked}
    answer = answer_problem(NotFound(), make_scope(headers=headers))
    assert answer.headers["content-language"] == language
    assert json.loads(bytes(answer.body))["title"] == title
    assert "Accept-Language" in answer.headers["vary"]


def test_problem_document_lists_every_problem() -> None:
    error = InvalidRequest(
        problems=[
            Problem(ProblemCode.REQUIRED, "/owner", LocalizedText("Dit is verplicht.", "This is required.")),
            Problem(
                ProblemCode.OUT_OF_RANGE,
                "limit",
                LocalizedText("Minder.", "Less."),
                value=11,
                suggestion=10,
                where="query",
            ),
        ]
    )
    assert write_problem(error, instance="/v1/x", language="en") == {
        "status": 400,
        "title": "The request is not valid",
        "detail": "There are 2 errors; see `errors`.",
        "instance": "/v1/x",
        "errors": [
            {"in": "body", "location": "/owner", "code": "required", "detail": "This is required."},
            {
                "in": "query",
                "location": "limit",
                "code": "out_of_range",
                "detail": "Less.",
                "value": 11,
                "suggestion": 10,
            },
        ],
    }


def test_instance_is_the_path_as_sent_without_the_query(small: TestClient) -> None:
    assert small.get("/v1/nothing/a%20b?near=5,52").json()["instance"] == "/v1/nothing/a%20b"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ({"a": float("nan")}, '{"a": NaN}'),
        ([1, 2], [1, 2]),
        ("x" * 5000, "x" * MAX_VALUE_CHARACTERS + "…"),
        (["x" * 5000], '["' + "x" * (MAX_VALUE_CHARACTERS - 2) + "…"),
        (b"bytes", "b'bytes'"),
    ],
)
def test_given_value_is_shown_shortened(value: object, shown: object) -> None:
    error = InvalidRequest(
        problems=[Problem(ProblemCode.INVALID_VALUE, "/x", LocalizedText("", ""), value=value)]
    )

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    document = json.loads(bytes(answer_problem(error, make_scope()).body), parse_constant=refuse)
    assert document["errors"][0]["value"] == shown


def test_lone_surrogate_is_shown_as_its_escape() -> None:
    error = InvalidRequest(
        problems=[Problem(ProblemCode.INVALID_VALUE, "/x", LocalizedText("", ""), value="\ud800")]
    )
    assert rb'"\ud800"' in bytes(answer_problem(error, make_scope()).body)


@pytest.mark.parametrize("error", ERRORS)
def test_error_has_title_and_advice_in_both_languages(error: type[RegisterError]) -> None:
    dutch, english = (write_problem(error(), instance="/", language=language) for language in ("nl", "en"))
    for part in ("title", "detail"):
        assert dutch[part]
        assert dutch[part] != english[part]
    assert dutch["detail"] != dutch["title"]


def test_headers_of_the_error_are_sent() -> None:
    answer = answer_problem(Unavailable(headers={"Retry-After": "5"}), make_scope())
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("status", "expected"), [(404, 404), (405, 405), (418, 400), (504, 500), (503, 503)])
def test_statuses_of_the_framework_become_errors(status: int, expected: int) -> None:
    assert error_of_status(status).status == expected


def test_browser_gets_a_page(small: TestClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = small.get("/nowhere", headers={"Accept": accept, "Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    # Outside the API the address gives the language.
    assert "Niet gevonden" in answer.text
    assert "Not found" in small.get("/en/nowhere", headers={"Accept": accept}).text


@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/json", "application/geo+json, text/html;q=0.5, */*"]
)
def test_program_gets_the_problem_document(small: TestClient, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert small.get("/nowhere", headers=headers).headers["content-type"] == "application/problem+json"
