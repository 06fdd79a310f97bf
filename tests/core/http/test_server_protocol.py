"""Limits on heads of requests and on slow clients, by raw connections to the real server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.core.http import server_protocol
from app.core.http.least_speed import LEAST_BYTES_PER_SECOND
from app.core.http.server_protocol import LimitedProtocol
from tests.support.http_server import connected, read_all, serve_app
from tests.support.waiting import PATIENCE_SECONDS, not_awaiting

START = b"GET /v1/things HTTP/1.1\r\nHost: here\r\n"
CLOSING = b"Connection: close\r\n\r\n"


@pytest.fixture
def port(small: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(server_protocol, "HEAD_SECONDS", PATIENCE_SECONDS)
    with serve_app(small.app) as port:
        yield port


@pytest.fixture
def hasty_port(port: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of a server that waits for half a second."""
    monkeypatch.setattr(server_protocol, "HEAD_SECONDS", 0.5)
    return port


def ask(port: int, *pieces: bytes) -> bytes:
    with connected(port) as caller:
        for piece in pieces:
            caller.sendall(piece)
        return read_all(caller)


@contextmanager
def trickling(send: Callable[[bytes], None], piece: bytes) -> Iterator[None]:
    """Send a piece ten times a second while the block runs."""
    ended = threading.Event()

    def trickle() -> None:
        while not ended.wait(0.1):
            try:
                send(piece)
            except OSError:
                return

    sender = threading.Thread(target=trickle)
    sender.start()
    yield
    ended.set()
    sender.join()


def test_long_and_many_headers_within_the_limits_are_accepted(port: int) -> None:
    longest = b"X-Long: " + b"x" * (16 * 1024 - 6) + b"\r\n"
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(90))
    assert ask(port, START + longest * 3 + many + CLOSING).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "headers",
    [
        b"X-Long: " + b"x" * (16 * 1024) + b"\r\n",
        (b"X-Long: " + b"x" * 14_000 + b"\r\n") * 5,
        b"X-One: 1\r\n" * 101,
    ],
    ids=["one too long", "together too long", "too many"],
)
def test_headers_beyond_a_limit_are_refused(port: int, headers: bytes) -> None:
    answer = ask(port, START + headers + CLOSING)
    assert answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("start", [START + b"X-Endless: ", b"GET /v1/things?", START + b"X-", b""])
def test_endless_head_is_cut_off(port: int, start: bytes) -> None:
    with connected(port) as caller:
        sent = 0
        try:
            caller.sendall(start)
            while sent < 50_000_000:
                caller.sendall((b"x" if start else b"\r\n") * 10_000)
                sent += 10_000
        except OSError:
            pass
    # The rest fills the buffers of the network.
    assert sent < 20_000_000


def test_endless_fields_after_a_body_are_cut_off(port: int) -> None:
    head = b"POST /v1/things HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Endless: "
    with connected(port) as caller:
        caller.sendall(head)
        sent = 0
        try:
            while sent < 50_000_000:
                caller.sendall(b"x" * 10_000)
                sent += 10_000
        except OSError:
            pass
    assert sent < 20_000_000


def test_fields_after_a_body_are_no_headers(port: int) -> None:
    head = (
        b"PUT /v1/direct/x HTTP/1.1\r\nHost: here\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert ask(port, head + b"2\r\n{}\r\n0\r\nHost: there\r\n\r\n").endswith(b"\r\n2")


@pytest.mark.parametrize("piece", [b"X-A: 1\r\n", b"x"])
def test_head_that_trickles_is_refused(hasty_port: int, piece: bytes) -> None:
    with connected(hasty_port) as caller, not_awaiting():
        caller.sendall(START)
        with trickling(caller.sendall, piece):
            answer = read_all(caller)
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("piece", [b"", b"\r\n"])
def test_connection_without_a_request_is_closed(hasty_port: int, piece: bytes) -> None:
    with connected(hasty_port) as caller, trickling(caller.sendall, piece):
        assert read_all(caller) == b""


def test_second_head_that_trickles_is_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(port) as caller:
        caller.sendall(START + b"\r\n")
        assert caller.recv(12) == b"HTTP/1.1 200"
        monkeypatch.setattr(server_protocol, "HEAD_SECONDS", 0.5)
        caller.sendall(START)
        with trickling(caller.sendall, b"X-A: 1\r\n"):
            answer = read_all(caller)
    assert b"HTTP/1.1 408 " in answer


def test_connection_with_an_answer_and_an_unfinished_body_is_closed(hasty_port: int) -> None:
    """The answer needs no body: the rest of it is dropped, for a while."""
    head = b"POST /v1/nothing HTTP/1.1\r\nHost: here\r\nContent-Length: 900\r\n\r\n"
    with connected(hasty_port) as caller:
        caller.sendall(head)
        with trickling(caller.sendall, b"x"):
            assert read_all(caller).startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("hosts", [b"", b"Host: here\r\nHost: here\r\n", b"Host: here\r\nhost: there\r\n"])
def test_other_than_one_host_is_refused(port: int, hosts: bytes) -> None:
    answer = ask(port, b"GET /v1/things HTTP/1.1\r\n" + hosts + CLOSING)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"invalid_host"' in answer


def test_http_1_0_needs_no_host(port: int) -> None:
    assert ask(port, b"GET /v1/things HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    answer = ask(port, START + b"\r\n" + b"GET /v1/direct/x HTTP/1.1\r\nHost: here\r\n" + CLOSING)
    assert answer.index(b'{"limit":5}') < answer.index(b"\r\n\r\nx")


def make_large_answer(size: int) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def answer(_: Request) -> Response:
        return PlainTextResponse(b"x" * size)

    return app


def test_client_that_does_not_read_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the server sees it: the end of the connection comes after what the client has not read."""
    monkeypatch.setattr(server_protocol, "READER_SECONDS", 0.5)
    lost = threading.Event()
    lose = LimitedProtocol.connection_lost

    def note(protocol: LimitedProtocol, error: Exception | None) -> None:
        lose(protocol, error)
        lost.set()

    monkeypatch.setattr(LimitedProtocol, "connection_lost", note)
    size = 50_000_000
    with serve_app(make_large_answer(size)) as port, connected(port) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n" + CLOSING)
        assert lost.wait(PATIENCE_SECONDS)
        assert len(read_all(caller)) < size


def test_client_that_reads_in_pieces_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_protocol, "READER_SECONDS", PATIENCE_SECONDS)
    size = 30_000_000
    with serve_app(make_large_answer(size)) as port, connected(port) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n" + CLOSING)
        read = b""
        while piece := caller.recv(500_000):
            read += piece
    assert read.endswith(b"x" * size)


@pytest.mark.parametrize(("below", "stays"), [(0, True), (1, False)])
def test_client_is_disconnected_below_the_least_speed(below: int, *, stays: bool) -> None:
    """By hand, since no machine reads at a speed that is known to the byte."""
    taken = server_protocol.READER_SECONDS * LEAST_BYTES_PER_SECOND - below
    unread = [10_000_000, 10_000_000 - taken]
    looks: list[tuple[float, int]] = []
    aborted: list[bool] = []
    protocol: Any = SimpleNamespace(
        transport=SimpleNamespace(
            get_write_buffer_size=lambda: unread.pop(0), abort=lambda: aborted.append(True)
        ),
        loop=SimpleNamespace(call_later=lambda seconds, _look, before: looks.append((seconds, before))),
        _watch_reader=None,
    )
    LimitedProtocol._watch_reader(protocol, 0)
    ((seconds, unread_before),) = looks
    LimitedProtocol._watch_reader(protocol, unread_before)
    assert seconds == server_protocol.READER_SECONDS
    assert (aborted == []) is stays
