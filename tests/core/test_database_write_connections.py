"""Write connections: the pool, its overflow, and the timeout beyond it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, QueuePool

from app.core.database import SPARE_WRITE_CONNECTIONS
from tests.support.concurrency import read_state
from tests.support.register import Register, make_today_record, open_register

KEPT = 2
PATIENCE_SECONDS = 0.2


@pytest.fixture
def register(fresh_database: str) -> Iterator[Register]:
    with open_register(
        fresh_database, write_connections=KEPT, lock_timeout_seconds=PATIENCE_SECONDS
    ) as register:
        yield register


def test_write_without_free_connection_is_unavailable_with_retry_after(register: Register) -> None:
    engine: Engine = read_state(register.client).write_engine
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.timeout() == PATIENCE_SECONDS
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
