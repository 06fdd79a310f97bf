"""Bodies of requests, within a size and at a least speed, behind the real server."""

import threading
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.core.http import limited_body
from tests.core.http.conftest import BODY_LIMIT_BYTES
from tests.support.http_server import connected, read_all, serve_app
from tests.support.waiting import PATIENCE_SECONDS

HEAD = b"POST /v1/things HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"


@pytest.fixture
def port(small: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(limited_body, "BODY_PATIENCE_SECONDS", PATIENCE_SECONDS)
    with serve_app(small.app) as port:
        yield port


@pytest.mark.parametrize("announced", [b"Content-Length: 500\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"])
def test_body_that_trickles_is_refused_and_its_connection_closed(
    port: int, announced: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limited_body, "BODY_PATIENCE_SECONDS", 0.5)
    piece = b"{" if b"Length" in announced else b"1\r\n{\r\n"
    ended = threading.Event()
    with connected(port) as caller:
        caller.sendall(HEAD + announced)

        def trickle() -> None:
            while not ended.wait(0.1):
                try:
                    caller.sendall(piece)
                except OSError:
                    return

        sender = threading.Thread(target=trickle)
        sender.start()
        answer = read_all(caller)
        ended.set()
        sender.join()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer.lower()
    assert b"application/problem+json" in answer
    assert b"niet op tijd ontvangen" in answer


def test_body_in_slow_pieces_within_the_patience_is_read(port: int) -> None:
    body = b'{"size": 3}'
    with connected(port) as caller:
        caller.sendall(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
        for byte in body:
            threading.Event().wait(0.02)
            caller.sendall(bytes([byte]))
        assert read_all(caller).startswith(b"HTTP/1.1 201 ")


def test_body_beyond_the_limit_is_refused(port: int) -> None:
    with connected(port) as caller:
        piece = b"%x\r\n%s\r\n" % (BODY_LIMIT_BYTES, b" " * BODY_LIMIT_BYTES)
        caller.sendall(HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + piece * 2)
        assert read_all(caller).startswith(b"HTTP/1.1 413 ")
