"""Turns of a running application: taken by a test, and watched while they are asked for."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.http.concurrency import ConcurrencyLimiter


def hold_turn(client: TestClient, name: str) -> AbstractContextManager[None]:
    """Take one of the application's turns of this name, and give it back at the end."""
    turns: ConcurrencyLimiter = getattr(client.app.state, name)  # type: ignore[attr-defined] # it is a FastAPI
    assert client.portal is not None
    return client.portal.wrap_async_context_manager(turns.take())


def watch_turns(client: TestClient, name: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gives how many write connections are held whenever a turn is asked for; it grows as they are."""
    state: Any = client.app.state  # type: ignore[attr-defined] # it is a FastAPI
    turns: ConcurrencyLimiter = getattr(state, name)
    take, held = turns.take, list[int]()

    @asynccontextmanager
    async def watch() -> AsyncIterator[None]:
        held.append(state.write_engine.pool.checkedout())
        async with take():
            yield

    monkeypatch.setattr(turns, "take", watch)
    return held
