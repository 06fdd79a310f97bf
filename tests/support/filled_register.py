"""Fixtures of a register with a sensor of every kind that pages and places distinguish; import them in a conftest."""

import pytest
from sqlalchemy import create_engine

from app.bootstrap.paths import GRID
from app.core.database import sqlalchemy_url, transaction
from app.spatial.crs import add_grid
from app.spatial.rd_grid import build_grid
from tests.support.website import fill_register


@pytest.fixture(scope="module")
def codes(module_database: str) -> dict[str, str]:
    """The registration numbers of the sensors in the database of this file's tests, most round Dam square."""
    build_grid(GRID)
    add_grid(GRID)
    engine = create_engine(sqlalchemy_url(module_database))
    try:
        with transaction(engine) as session:
            return fill_register(session)
    finally:
        engine.dispose()
