"""Status and visibility of a sensor on the days of its life."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, create_engine

from app.access.principal import Principal
from app.core.database import create_read_pool, sqlalchemy_url, transaction
from app.core.expected_version import ANY_VERSION
from app.core.settings import Settings
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.search.pages import count_sensors, read_page
from app.sensors.search.sensor_search import SensorSearch
from tests.support.organisations import make_municipality, make_principal
from tests.support.sensors import load_cities, make_context, make_record

# Dates in the life of the sensor: registered, placed, never confirmed, ended.
REGISTERED, PLACED, ENDS = date(2026, 3, 1), date(2026, 4, 1), date(2028, 4, 1)


@pytest.fixture
def engine(fresh_database: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(fresh_database))
    yield engine
    engine.dispose()


@pytest.fixture
def officer(engine: Engine) -> Principal:
    with transaction(engine) as session:
        load_cities(session)
        return make_principal(session, make_municipality(session))


def look(url: str, today: date) -> tuple[str | None, int]:
    """Read the public status on a day, None when the sensor is hidden, and the number of sensors."""

    async def read() -> tuple[str | None, int]:
        async with create_read_pool(url, Settings(database_url=url, read_connections=1)) as pool:
            page = await read_page(pool, SensorSearch(today))
            status = page.features.partition(b'"operationalStatus":"')[2].partition(b'"')[0].decode()
            return status or None, await count_sensors(pool, SensorSearch(today))

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (REGISTERED, "planned"),
        (PLACED - timedelta(days=1), "planned"),
        (PLACED, "active"),
        (REGISTERED.replace(year=2027), "active"),
        (REGISTERED.replace(year=2027) + timedelta(days=1), "due_for_confirmation"),
        (ENDS, "due_for_confirmation"),
        (ENDS + timedelta(days=1), "expired"),
        (ENDS + timedelta(days=90), "expired"),
        (ENDS + timedelta(days=91), None),
    ],
)
def test_status_of_page_follows_from_dates(
    engine: Engine, officer: Principal, fresh_database: str, today: date, status: str | None
) -> None:
    with transaction(engine) as session:
        record = make_record(placedFrom=PLACED, activeUntil=ENDS)
        register_sensor(session, make_context(officer, REGISTERED), record)
    assert look(fresh_database, today) == (status, 1 if status else 0)


def test_sensor_removed_is_hidden_from_that_day(
    engine: Engine, officer: Principal, fresh_database: str
) -> None:
    gone = date(2026, 5, 5)
    with transaction(engine) as session:
        record = make_record(placedFrom=PLACED, activeUntil=ENDS)
        version = register_sensor(session, make_context(officer, REGISTERED), record)
        remove_sensor(
            session, make_context(officer, gone), version.sensor_id, {"removedOn": gone}, expected=ANY_VERSION
        )
    assert look(fresh_database, gone - timedelta(days=1)) == ("active", 1)
    assert look(fresh_database, gone) == (None, 0)
