"""A register with five cities and the municipality that harvests."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.bootstrap.places import GRID
from app.exchange.harvesting.opening import Harvest, prepare_harvest
from app.spatial.crs import add_grid
from app.spatial.rdgrid import build_grid
from tests.organisations.factories import make_municipality
from tests.sensors.factories import TODAY, load_cities

Prepare = Callable[..., Harvest]


@pytest.fixture(scope="session", autouse=True)
def _grid() -> None:
    build_grid(GRID)
    add_grid(GRID)


@pytest.fixture
def amsterdam(session: Session) -> UUID:
    load_cities(session)
    return make_municipality(session)


@pytest.fixture
def prepare(session: Session, amsterdam: UUID) -> Prepare:
    """Checks the text of a mapping as the command does."""

    def check(content: str, **options: Any) -> Harvest:
        given: dict[str, Any] = {"owner": None, "language": "nl", "today": TODAY}
        return prepare_harvest(session, content, **(given | options))

    return check
