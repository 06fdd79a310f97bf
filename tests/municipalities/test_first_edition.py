"""The first edition of a new register."""

import logging
import socket
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.bootstrap.paths import ROOT
from app.municipalities import first_edition
from app.municipalities.downloads import DownloadOptions
from app.municipalities.editions import LoadOptions
from app.municipalities.first_edition import ensure_municipalities
from app.municipalities.queries import list_editions
from tests.support.pdok_server import serve_collection
from tests.support.square_municipalities import make_collection, make_squares
from tests.support.waiting import PATIENCE_SECONDS

PACKAGES = ROOT / "node_modules"
PRIVATE = LoadOptions(download=DownloadOptions(allow_private=True))


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source on a slow machine may take longer than that of an operator."""
    monkeypatch.setattr(first_edition, "ANSWER_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
def silent_address() -> Iterator[str]:
    """An address that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/items"


def test_official_source_is_loaded_when_available(session: Session) -> None:
    with serve_collection(make_collection(make_squares(), degrees=True)["features"]) as server:
        report = ensure_municipalities(session, PACKAGES, 2026, PRIVATE, source=server.items)
    assert report is not None
    assert (report.edition, report.approximate, report.municipalities) == (2026, False, 9)
    assert ensure_municipalities(session, PACKAGES, 2027) is None, "there are boundaries already"


def test_edition_is_approximate_when_the_source_is_unavailable(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = f"http://127.0.0.1:{listening.getsockname()[1]}/items"
    with caplog.at_level(logging.WARNING):
        report = ensure_municipalities(session, PACKAGES, 2026, PRIVATE, source=closed)
    assert report is not None
    assert report.approximate
    assert "the official boundaries could not be loaded" in caplog.text
    assert "municipalities load --edition 2026" in caplog.text


def test_silent_source_is_abandoned(
    session: Session, silent_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_edition, "ANSWER_SECONDS", 0.3)
    # The address never answers: without a limit the test would not end.
    report = ensure_municipalities(session, PACKAGES, 2026, PRIVATE, source=silent_address)
    assert report is not None
    assert report.approximate


def test_incomplete_official_edition_stores_nothing(session: Session) -> None:
    with serve_collection(make_collection(make_squares(), degrees=True)["features"]) as server:
        server.number_matched = 342
        report = ensure_municipalities(session, PACKAGES, 2026, PRIVATE, source=server.items)
    assert report is not None
    assert report.approximate
    assert len(list_editions(session)) == 1
