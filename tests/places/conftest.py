"""A register with a sensor of every kind that a spot distinguishes, and both address services on this machine."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.application import make_client
from tests.support.filled_register import codes
from tests.support.place_servers import PlaceServer, run_place_server, wait_for_answers

__all__ = ["codes"]


@pytest.fixture(scope="module")
def offline(module_database: str, codes: dict[str, str]) -> Iterator[TestClient]:
    """The application without address services."""
    with make_client(module_database) as client:
        yield client


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlaceServer]:
    wait_for_answers(monkeypatch)
    with run_place_server() as server:
        yield server


@pytest.fixture
def online(module_database: str, codes: dict[str, str], server: PlaceServer) -> Iterator[TestClient]:
    """The application with both address services."""
    with make_client(module_database, **server.settings) as client:
        yield client
