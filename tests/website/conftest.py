"""A register with a sensor of every kind, and a browser to look at it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from tests.support.application import make_client
from tests.support.browser import open_browser, serve_site
from tests.support.filled_register import codes

__all__ = ["codes"]


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
