"""A register with a sensor of every kind, and a browser to look at it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from sqlalchemy import create_engine

from app.bootstrap.paths import GRID
from app.core.database import sqlalchemy_url, transaction
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid
from tests.support.application import make_client
from tests.support.browser import open_browser, serve_site
from tests.support.website import fill_register


@pytest.fixture(scope="module")
def codes(module_database: str) -> dict[str, str]:
    """The registration numbers of the sensors in the database of this file's tests."""
    build_grid(GRID)
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(module_database))
    try:
        with transaction(engine) as session:
            return fill_register(session)
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def site(module_database: str, codes: dict[str, str]) -> Iterator[TestClient]:
    """The application on that register."""
    with make_client(module_database) as client:
        yield client


@pytest.fixture(scope="module")
def address(module_database: str, codes: dict[str, str]) -> Iterator[str]:
    """Where a browser finds the site of that register."""
    with serve_site(module_database) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser
