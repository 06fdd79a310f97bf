"""Counts of what visitors saw, under many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import text

from app.core.database import transaction
from app.reports.report_subject import find_sensor
from app.reports.sightings import HALF_LIFE, list_doubted_sensors, record_sighting
from tests.support.concurrency import read_state
from tests.support.reports import open_report_desk

VISITORS = 12


def test_many_visitors_at_once_are_all_counted_and_each_once(fresh_database: str) -> None:
    with open_report_desk(fresh_database) as desk:
        engine, now = read_state(desk.client).write_engine, datetime.now(UTC)
        with transaction(engine) as session:
            sensor = find_sensor(session, desk.camera)
        assert sensor is not None

        def see(number: int) -> bool:
            client = ip_address(f"198.51.100.{number % VISITORS}")
            return record_sighting(engine, sensor, "gone", client, now)

        with ThreadPoolExecutor(4) as pool:
            counted = list(pool.map(see, range(2 * VISITORS)))
        assert counted.count(True) == VISITORS
        # Clients without a known address are one.
        assert [record_sighting(engine, sensor, "gone", None, now) for _ in range(2)] == [True, False]
        with transaction(engine) as session:
            (doubted,) = list_doubted_sensors(session, desk.company, now)
            assert doubted.sightings.gone == VISITORS + 1
            (halved,) = list_doubted_sensors(session, desk.company, now + HALF_LIFE)
            assert halved.sightings.gone == round((VISITORS + 1) / 2)
            assert list_doubted_sensors(session, desk.company, now + 6 * HALF_LIFE) == []
            assert list_doubted_sensors(session, desk.municipality, now) == []
            hint = session.execute(text("SELECT gone FROM publication.sighting_hint")).scalar_one()
        assert round(hint) == VISITORS + 1
        # The next day the same visitor counts again.
        assert record_sighting(
            engine, sensor, "gone", ip_address("198.51.100.1"), now + timedelta(days=1, hours=1)
        )
