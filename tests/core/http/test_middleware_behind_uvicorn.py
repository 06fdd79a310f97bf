"""The middleware behind the real server, which handles HEAD, bodies and headers in its own way."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, IncompleteRead
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.core.http.conftest import BODY_LIMIT_BYTES, written
from tests.support.http_server import serve_app
from tests.support.waiting import PATIENCE_SECONDS


@contextmanager
def connect_to(app: Any) -> Iterator[HTTPConnection]:
    """One kept-alive connection to an application, served."""
    with serve_app(app) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        yield connection
        connection.close()


@pytest.fixture
def connection(small: TestClient) -> Iterator[HTTPConnection]:
    with connect_to(small.app) as connection:
        yield connection


def test_head_leaves_the_connection_usable(connection: HTTPConnection) -> None:
    for path in ("/v1/things", "/v1/things/stream/long", "/v1/things/none"):
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert answer.read() == b""
        assert answer.headers["API-Version"]
        assert answer.headers["Server"] is None
    assert written == ["first"]
    connection.request("GET", "/v1/things")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b'{"limit":5}')


def test_long_answer_arrives_complete(connection: HTTPConnection) -> None:
    connection.request("GET", "/v1/things/stream/long")
    assert connection.getresponse().read() == b"x" * 10 + b"y" * 10


def test_answer_that_fails_half_way_is_incomplete_for_the_client(connection: HTTPConnection) -> None:
    connection.request("GET", "/v1/things/stream/broken")
    with pytest.raises(IncompleteRead):
        connection.getresponse().read()


def test_endless_body_is_cut_off(connection: HTTPConnection) -> None:
    pieces = (b"x" * BODY_LIMIT_BYTES for _ in range(3))
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/things", body=pieces, headers=headers, encode_chunked=True)
    assert connection.getresponse().status == 413


def test_headers_occur_once(connection: HTTPConnection) -> None:
    connection.request("GET", "/v1/things/boastful")
    names = [name.lower() for name, _ in connection.getresponse().getheaders()]
    assert sorted(names) == sorted(set(names))
