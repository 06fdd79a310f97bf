"""A country to register in, and two who register: a municipality and a company."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.bootstrap.places import GRID
from app.spatial.crs import add_grid
from app.spatial.rdgrid import build_grid
from tests.organisations.factories import make_municipality, make_organisation, make_principal
from tests.sensors.factories import load_cities


@pytest.fixture(scope="session", autouse=True)
def _grid() -> None:
    build_grid(GRID)
    add_grid(GRID)


@pytest.fixture
def amsterdam(session: Session) -> UUID:
    load_cities(session)
    return make_municipality(session)


@pytest.fixture
def officer(session: Session, amsterdam: UUID) -> Principal:
    """An editor of the municipality of Amsterdam."""
    return make_principal(session, amsterdam)


@pytest.fixture
def company(session: Session, amsterdam: UUID) -> Principal:
    """An editor of a company."""
    return make_principal(session, make_organisation(session))
