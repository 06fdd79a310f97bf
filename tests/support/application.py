"""The whole application, started on a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient

from app.core.settings import Settings
from tests.support.waiting import PATIENCE_SECONDS

NO_OTHER_SERVERS: dict[str, object] = {"place_search_url": "", "reverse_url": "", "basemap": "none"}
"""Settings without which pages of places and maps ask servers of others."""

PATIENT: dict[str, object] = {
    "read_timeout_seconds": PATIENCE_SECONDS,
    "lock_timeout_seconds": PATIENCE_SECONDS,
}
"""Settings with which no test fails because its machine is slow."""

FEW_CONNECTIONS: dict[str, object] = {"read_connections": 2}
"""Connections that an application opens at its start, for callers of which there are one or two."""


@contextmanager
def make_client(url: str, **settings: object) -> Iterator[TestClient]:
    """The whole application, started on a database; `settings` are those of app/core/settings.py."""
    from app.main import create_app  # noqa: PLC0415 (most tests need no application)

    app = create_app(Settings(database_url=url, **(NO_OTHER_SERVERS | PATIENT | FEW_CONNECTIONS | settings)))  # type: ignore[arg-type]
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        yield client
