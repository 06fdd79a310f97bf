"""Slots of the limiters of a running application: held by a test, and watched."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import QueuePool

from app.access import events
from app.core.app_state import AppState, get_app_state
from tests.support.waiting import wait_until

LimiterName = Literal["export_limiter", "annotation_limiter", "file_limiter"]


def read_state(client: TestClient) -> AppState:
    """The state of the application behind a client."""
    return get_app_state(cast(FastAPI, client.app))


@contextmanager
def hold_slot(client: TestClient, name: LimiterName) -> Iterator[None]:
    """Hold one slot of a limiter inside the block, in which no request waits long for another."""
    limiter = getattr(read_state(client), name)
    assert client.portal is not None
    with client.portal.wrap_async_context_manager(limiter.acquire()), pytest.MonkeyPatch.context() as hasty:
        hasty.setattr(limiter, "_max_wait_seconds", 0.1)
        yield


def watch_slots(client: TestClient, name: LimiterName, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of write connections in use at each request for a slot; the list grows with the requests."""
    state = read_state(client)
    limiter = getattr(state, name)
    acquire, in_use = limiter.acquire, list[int]()
    # Counts for the audit trail are written every second, on a connection that no request holds.
    monkeypatch.setattr(events, "write_due", lambda _: None)
    wait_until(lambda: cast(QueuePool, state.write_engine.pool).checkedout() == 0)

    @asynccontextmanager
    async def watch() -> AsyncIterator[None]:
        in_use.append(cast(QueuePool, state.write_engine.pool).checkedout())
        async with acquire():
            yield

    monkeypatch.setattr(limiter, "acquire", watch)
    return in_use
