"""The register of the pages, with the sensors of which less can be said."""

import pytest
from sqlalchemy import create_engine

from app.core.database import sqlalchemy_url, transaction
from tests.support.website import add_ended_sensors, add_unusual_sensors


@pytest.fixture(scope="module")
def unusual(module_database: str, codes: dict[str, str]) -> dict[str, str]:
    """The registration numbers of those sensors, by what stands out."""
    engine = create_engine(sqlalchemy_url(module_database))
    try:
        with transaction(engine) as session:
            return codes | add_unusual_sensors(session)
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def ended(module_database: str, unusual: dict[str, str]) -> dict[str, str]:
    """The same, with sensors whose life or place is unusual."""
    engine = create_engine(sqlalchemy_url(module_database))
    try:
        with transaction(engine) as session:
            return unusual | add_ended_sensors(session)
    finally:
        engine.dispose()
