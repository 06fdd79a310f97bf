"""A register with a municipality and two companies, to read files for."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.bootstrap.places import GRID
from app.exchange.layouts import ReadingContext, load_context
from app.spatial.crs import add_grid
from app.spatial.rdgrid import build_grid
from tests.organisations.factories import make_municipality, make_organisation
from tests.sensors.factories import TODAY, load_cities


@pytest.fixture(scope="session", autouse=True)
def _grid() -> None:
    build_grid(GRID)
    add_grid(GRID)


@pytest.fixture
def amsterdam(session: Session) -> UUID:
    load_cities(session)
    return make_municipality(session)


@pytest.fixture
def company(session: Session) -> UUID:
    return make_organisation(session, kvkNumber="01234567")


@pytest.fixture
def context(session: Session, amsterdam: UUID, company: UUID) -> ReadingContext:
    """What Amsterdam reads its files with."""
    return load_context(session, owner=amsterdam, defaults={}, language="nl", today=TODAY)
