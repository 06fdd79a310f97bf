"""The whole application, started on a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient

from app.core.settings import Settings


@contextmanager
def make_client(url: str, **settings: object) -> Iterator[TestClient]:
    """The whole application, started on a database; `settings` are those of app/core/settings.py."""
    from app.main import create_app  # noqa: PLC0415 (most tests need no application)

    app = create_app(Settings(database_url=url, **settings))  # type: ignore[arg-type]
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        yield client
