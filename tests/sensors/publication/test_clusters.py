"""The kept clusters equal a recount, on any day, whatever was done before and whenever the day was moved."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import psycopg
import pytest
from psycopg.types.numeric import Int4
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.access.queries import get_principal
from app.core.expected_version import ANY_VERSION
from app.sensors.publication.clusters import COARSE_LEVEL, FACETS, FINE_LEVEL, READ_CELLS
from app.sensors.publication.maintenance import advance_counts
from app.sensors.registration.actions import register_sensor, remove_sensor
from tests.sensors.publication.test_publish_counts import Bustle
from tests.support.organisations import make_organisation, make_principal
from tests.support.sensors import TODAY, make_camera, make_context, make_record

DAYS = [TODAY + timedelta(days=days) for days in (-900, -1, 0, 1, 30, 400, 2000)]

SHOWN = "hidden_from > %(day)s"
STATUS = """CASE WHEN removed_on <= %(day)s THEN 'removed' WHEN active_until < %(day)s THEN 'expired'
    WHEN placed_from > %(day)s THEN 'planned' WHEN confirm_by < %(day)s THEN 'due_for_confirmation'
    ELSE 'active' END"""
RECOUNT = {
    "": f"SELECT '' AS value, * FROM publication.published_sensor WHERE {SHOWN}",
    "sensorType": f"SELECT sensor_type AS value, * FROM publication.published_sensor WHERE {SHOWN}",
    "personalData": f"SELECT personal_data AS value, * FROM publication.published_sensor WHERE {SHOWN}",
    "owner": f"SELECT owner_id::text AS value, * FROM publication.published_sensor WHERE {SHOWN}",
    "themes": f"SELECT unnest(themes) AS value, * FROM publication.published_sensor WHERE {SHOWN}",
    "operationalStatus": f"SELECT {STATUS} AS value, * FROM publication.published_sensor",
}
TOTALS = """count(*), count(*) FILTER (WHERE personal_data <> 'none'), sum(round(x * 1000)), sum(round(y * 1000)),
    sum(round(longitude * 1e7)), sum(round(latitude * 1e7))"""
VALUES = "SELECT DISTINCT value FROM publication.sensor_cluster WHERE facet = %(facet)s"


def check_clusters(session: Session, day: date) -> int:
    """Compare all facets on a day; gives how many cells there were."""
    cursor = session.connection().connection.cursor()
    seen = 0
    for facet in FACETS:
        values = [value for (value,) in cursor.execute(VALUES, {"facet": facet}).fetchall()]
        for level in (FINE_LEVEL, COARSE_LEVEL):
            for value in values:
                kept = cursor.execute(
                    f"""SELECT cell, sum(sensors), sum(personal_data_sensors), sum(sum_x), sum(sum_y),
                        sum(sum_longitude), sum(sum_latitude)
                    FROM ({READ_CELLS}) AS kept GROUP BY cell HAVING sum(sensors) <> 0 ORDER BY cell""",
                    {
                        "facet": facet, "values": [value], "level": Int4(level), "today": day,
                        "lows": [0], "highs": [2**36 - 1],
                    },
                ).fetchall()  # fmt: skip
                counted = cursor.execute(
                    f"""SELECT sort_key >> {2 * level}, {TOTALS} FROM ({RECOUNT[facet]}) AS sensor
                    WHERE value = %(value)s GROUP BY 1 ORDER BY 1""",
                    {"day": day, "value": value},
                ).fetchall()
                assert kept == counted, (facet, value, level, day)
                seen += len(kept)
    return seen


@pytest.mark.parametrize("seed", [1, 2])
def test_stored_clusters_equal_a_recount(session: Session, amsterdam: UUID, seed: int) -> None:
    company = make_organisation(session)
    people = (
        get_principal(session, make_principal(session, amsterdam).id),
        make_principal(session, company),
    )
    bustle = Bustle(session, Random(seed), *people, [amsterdam, company])
    seen = 0
    for step in range(40):
        bustle.act()
        if step % 10 == 9:
            seen += sum(check_clusters(session, day) for day in bustle.chance.sample(DAYS, 2))
            assert advance_counts(session, bustle.chance.choice(DAYS))
            seen += sum(check_clusters(session, day) for day in bustle.chance.sample(DAYS, 2))
    assert seen
    assert session.scalar(text("SELECT count(*) FROM publication.sensor_cluster WHERE sensors < 0")) == 0


def test_clusters_on_the_day_of_each_date_are_exact(session: Session, officer: Principal) -> None:
    context = make_context(officer)
    dates = {
        "placedFrom": TODAY - timedelta(days=20),
        "activeUntil": TODAY + timedelta(days=40),
    }
    written = {name: day.isoformat() for name, day in dates.items()}
    kept = register_sensor(session, context, make_record(reference="kept", **written))
    gone = register_sensor(session, context, make_camera(reference="gone", **written))
    removed_on = TODAY - timedelta(days=3)
    remove_sensor(
        session, context, gone.sensor_id, {"removedOn": removed_on.isoformat()}, expected=ANY_VERSION
    )
    hidden_from = dates["activeUntil"] + timedelta(days=91)
    for day in (*dates.values(), removed_on, hidden_from, kept.confirm_by):
        around = [day + timedelta(days=days) for days in (-1, 0, 1)]
        for kept_day in around:
            assert advance_counts(session, kept_day)
            for asked in around:
                assert check_clusters(session, asked)


def test_advance_counts_while_others_write_does_nothing(session: Session, database_url: str) -> None:
    with psycopg.connect(database_url) as writer:
        writer.execute("SELECT pg_advisory_xact_lock_shared(4201965)")
        assert not advance_counts(session, TODAY)
    assert advance_counts(session, TODAY)
