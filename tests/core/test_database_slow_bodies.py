"""No transaction waits for a client that sends its body slowly."""

from contextlib import ExitStack
from time import monotonic, sleep

import pytest
from sqlalchemy.pool import QueuePool

from app.core.database import SPARE_WRITE_CONNECTIONS
from tests.support.concurrency import read_state
from tests.support.http_server import connected, serve_app
from tests.support.register import Register, make_today_record

CALLERS = 28


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
    with serve_app(register.client.app) as port, ExitStack() as stack:
        callers = [stack.enter_context(connected(port)) for _ in range(CALLERS)]
        for caller in callers:
            caller.sendall(head.encode())
        # The requests arrive, and those that are refused without their body have their connection for a moment.
        sleep(1)
        limit = monotonic() + 5
        while pool.checkedout() and monotonic() < limit:
            sleep(0.05)
        assert pool.checkedout() == 0
        assert register.post(make_today_record()).status_code == 201
