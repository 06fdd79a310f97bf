"""The outermost middleware: request ids, body limits, malformed requests, HEAD, and unexpected errors."""

import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.core.http.conftest import BODY_LIMIT_BYTES, written


def test_answers_have_different_request_ids(small: TestClient) -> None:
    first, second = (small.get("/v1/things").headers["x-request-id"] for _ in range(2))
    assert first != second
    assert len(first) == 16


def test_valid_request_id_is_returned(small: TestClient) -> None:
    answer = small.get("/v1/things", headers={"X-Request-Id": "from-the-gateway:42"})
    assert answer.headers["x-request-id"] == "from-the-gateway:42"


@pytest.mark.parametrize("invalid", ["", "a b", "x" * 65, "né", "a;b"])
def test_invalid_request_id_is_replaced(small: TestClient, invalid: str) -> None:
    answer = small.get("/v1/things", headers={b"X-Request-Id": invalid.encode()})
    assert answer.headers["x-request-id"] != invalid
    assert len(answer.headers["x-request-id"]) == 16


def test_body_with_too_large_content_length_is_refused(small: TestClient) -> None:
    answer = small.post("/v1/things", content=b"x" * (BODY_LIMIT_BYTES + 1))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/things"), ("PUT", "/v1/direct/a")])
def test_body_beyond_the_limit_is_refused(small: TestClient, method: str, path: str) -> None:
    def send() -> Iterator[bytes]:
        for _ in range(3):
            yield b"x" * (BODY_LIMIT_BYTES // 2)

    answer = small.request(method, path, content=send(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["api-version"]


def test_body_of_exactly_the_limit_is_accepted(small: TestClient) -> None:
    answer = small.put("/v1/direct/a", content=b"x" * BODY_LIMIT_BYTES)
    assert (answer.status_code, answer.text) == (200, str(BODY_LIMIT_BYTES))


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("/v1/things/%00", "path"),
        ("/v1/things/%ff", "path"),
        ("/v1/things?limit=%00", "query"),
        ("/v1/things?limit=%C3", "query"),
        ("/v1/things?%00=1", "query"),
    ],
)
def test_request_that_is_not_text_is_refused(small: TestClient, url: str, where: str) -> None:
    answer = small.get(url)
    assert answer.status_code == 400
    assert [(one["in"], one["code"]) for one in answer.json()["errors"]] == [(where, "invalid_text")]


def test_path_beyond_ascii_is_decoded(small: TestClient) -> None:
    assert small.get("/v1/direct/Gro%C3%ABn").text == "Groën"


@pytest.mark.parametrize("path", ["/v1/things", "/v1/things/page", "/v1/direct/a"])
def test_head_is_answered_like_get_without_body(small: TestClient, path: str) -> None:
    read, head = small.get(path), small.head(path)
    assert (head.status_code, head.content) == (read.status_code, b"")
    varying = {"x-request-id"}
    assert {name: value for name, value in head.headers.items() if name not in varying} == {
        name: value for name, value in read.headers.items() if name not in varying
    }
    assert int(head.headers["content-length"]) == len(read.content) > 0


def test_head_ends_the_generation_of_a_long_answer(small: TestClient) -> None:
    assert small.head("/v1/things/stream/long").status_code == 200
    assert written == ["first"]


def test_unexpected_error_is_logged_and_not_revealed(
    small: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = small.delete("/v1/things/3", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert answer.json() == {
        "status": 500,
        "title": "Something went wrong",
        "detail": "The failure has been recorded. Try again later.",
        "instance": "/v1/things/3",
    }
    # Once, with its stack.
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None
    assert "secret of 3" in str(record.exc_info[1])


def test_answer_that_fails_half_way_is_cut_off(small: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = small.get("/v1/things/stream/broken")
    assert answer.content == b"x" * 10
    assert [record.levelname for record in caplog.records if record.name == "app.core.http.middleware"] == [
        "ERROR"
    ]


def test_each_request_is_logged_on_one_line_without_its_query(
    small: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app.access"):
        small.get("/v1/things?limit=3")
        small.get("/v1/things/a%0Ab")
    lines = [record.getMessage() for record in caplog.records if record.name == "app.access"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET /v1/things 200", "GET /v1/things/a%0Ab 404"]
