"""When the job worker checks links: only where it may, and where the register has an address to name."""

import threading

import pytest
from sqlalchemy import create_engine

from app.cli.link_checker import checking_links
from app.core.database import sqlalchemy_url
from app.core.settings import Settings


@pytest.mark.parametrize(
    ("public_url", "link_checks", "is_checking"),
    [
        ("http://127.0.0.1:8000", True, False),
        ("http://localhost:8000/sensoren", True, False),
        ("http://[::1]:8000", True, False),
        ("https://register.example", False, False),
        ("https://register.example/sensoren", True, True),
    ],
)
def test_links_are_checked_by_a_public_register_that_wants_it(
    database_url: str, public_url: str, *, link_checks: bool, is_checking: bool
) -> None:
    engine = create_engine(sqlalchemy_url(database_url))
    settings = Settings(public_url=public_url, link_checks=link_checks)
    with checking_links(engine, settings):
        assert ("check-links" in {thread.name for thread in threading.enumerate()}) is is_checking
    assert "check-links" not in {thread.name for thread in threading.enumerate()}
    engine.dispose()
