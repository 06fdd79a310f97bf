"""No transaction waits for a client that sends its body slowly."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.pool import QueuePool
from starlette.types import Message, Receive, Scope, Send

from app.core.database import SPARE_WRITE_CONNECTIONS
from tests.support.concurrency import read_state
from tests.support.http_server import connected, serve_app
from tests.support.register import Register, make_today_record
from tests.support.waiting import wait_until

CALLERS = 28


@dataclass(slots=True)
class Watched:
    """An application, with the number of requests that it has answered or that wait for more of their body."""

    app: Any
    waiting: set[int] = field(default_factory=set)
    answered: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def receive_more() -> Message:
            nonlocal received
            if received:
                self.waiting.add(id(scope))
            message = await receive()
            received += 1
            self.waiting.discard(id(scope))
            return message

        try:
            await self.app(scope, receive_more, send)
        finally:
            self.waiting.discard(id(scope))
            self.answered += 1

    def has_settled(self) -> bool:
        return self.answered + len(self.waiting) == CALLERS


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/sensors"),
        ("PATCH", "/v1/sensors/0190a3b2-0000-7000-8000-000000000000"),
        ("POST", "/v1/sensors/0190a3b2-0000-7000-8000-000000000000/removal"),
        ("POST", "/v1/sensors/0190a3b2-0000-7000-8000-000000000000/confirmation"),
        ("POST", "/v1/organisations"),
        ("PATCH", "/v1/organisations/0190a3b2-0000-7000-8000-000000000000"),
        ("POST", "/v1/imports?owner=0190a3b2-0000-7000-8000-000000000000"),
        ("POST", "/v1/imports/0190a3b2-0000-7000-8000-000000000000/application"),
        ("GET", "/v1/sensors"),
    ],
)
def test_bodies_that_trickle_hold_no_write_connection(register: Register, method: str, path: str) -> None:
    pool = read_state(register.client).write_engine.pool
    assert isinstance(pool, QueuePool)
    assert read_state(register.client).settings.write_connections + SPARE_WRITE_CONNECTIONS < CALLERS
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: here\r\nAuthorization: {register.officer['Authorization']}\r\n"
        'Content-Type: application/json\r\nIf-Match: "1"\r\nContent-Length: 1000\r\n\r\n{'
    )
    watched = Watched(register.client.app)
    with serve_app(watched) as port, ExitStack() as stack:
        callers = [stack.enter_context(connected(port)) for _ in range(CALLERS)]
        for caller in callers:
            caller.sendall(head.encode())
        wait_until(watched.has_settled)
        # Those that are refused without their body have their connection for a moment.
        wait_until(lambda: pool.checkedout() == 0)
        assert watched.has_settled()
        assert register.post(make_today_record()).status_code == 201
