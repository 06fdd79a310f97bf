"""Write connections: the pool, its overflow, and the timeout beyond it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import pytest
from sqlalchemy import Engine, QueuePool

from app.access import events
from app.core.database import SPARE_WRITE_CONNECTIONS
from tests.support.concurrency import read_state
from tests.support.register import Register, make_today_record, open_register
from tests.support.waiting import wait_until

KEPT = 2
WAIT_SECONDS = 0.2


@pytest.fixture
def register(fresh_database: str) -> Iterator[Register]:
    with open_register(fresh_database, write_connections=KEPT, lock_timeout_seconds=WAIT_SECONDS) as register:
        yield register


def test_write_without_free_connection_is_unavailable_with_retry_after(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Counts for the audit trail are written every second, on a connection of their own choice.
    monkeypatch.setattr(events, "write_due", lambda _: None)
    engine: Engine = read_state(register.client).write_engine
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.timeout() == WAIT_SECONDS
    wait_until(lambda: cast(QueuePool, engine.pool).checkedout() == 0)
    with ExitStack() as held:
        for _ in range(KEPT + SPARE_WRITE_CONNECTIONS - 1):
            held.enter_context(engine.connect())
        # One is left.
        assert register.post(make_today_record(reference="A1")).status_code == 201
        held.enter_context(engine.connect())
        answer = register.post(make_today_record(reference="A2"))
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        # Reading goes on unchanged.
        assert register.references() == ["A1"]
    assert register.post(make_today_record(reference="A2")).status_code == 201
    assert engine.pool.checkedin() == KEPT
