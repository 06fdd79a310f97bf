"""An application behind the real server, and callers that send bytes as they please."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.core.http.server_protocol import LimitedProtocol
from tests.support.waiting import PATIENCE_SECONDS, wait_until


@contextmanager
def serve_app(app: Any, **options: Any) -> Iterator[int]:
    """Serve an application whose lifespan runs elsewhere; gives the port."""
    config = uvicorn.Config(
        app,
        port=0,
        server_header=False,
        log_config=None,
        lifespan="off",
        http=LimitedProtocol,
        ws="none",
        **options,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as caller:
        yield caller


def read_all(caller: socket.socket) -> bytes:
    """Everything until the server closes the connection."""
    read = b""
    try:
        while piece := caller.recv(1 << 16):
            read += piece
    except ConnectionResetError:
        pass
    return read
