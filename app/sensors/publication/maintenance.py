"""Keeping the publication quick: its rows in the order of their places, and the planner informed."""

from datetime import date
from time import sleep
from typing import Final

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from app.core.database import transaction
from app.sensors.publication.clusters import advance_clusters
from app.sensors.tables.publication import (
    change,
    municipality_sensor,
    past_version,
    published_area,
    published_sensor,
    sensor_cluster,
    sensor_count,
)

ATTEMPTS: Final = 30
PAUSE_SECONDS: Final = 10.0
"""How often, and how long apart, it is tried to have the published sensors alone: five minutes and more."""

# Whoever reads meanwhile waits behind us; less than the time that a read is given.
_WAIT_FOR_READERS = "SET lock_timeout = '2s'"


def advance_day(engine: Engine, day: date) -> bool:
    """Keep the clusters as on this day, so that maps need not add what the days since have changed.

    False where others write: it is not done then, and maps are right all the same.
    """
    with transaction(engine) as session:
        return advance_clusters(session, day)


def rewrite_in_order(engine: Engine, *, pause_seconds: float = PAUSE_SECONDS) -> bool:
    """Write the published sensors anew in the order of their sort key, so that a page lies in few blocks.

    Reads of sensors wait while the table is written: 40 s for a million. It waits for long reads, such as a slow
    download, without keeping others waiting; False where they did not end. Safe to repeat, and to break off.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_in_order = _cluster(connection, pause_seconds)
        for table in (
            published_sensor,
            past_version,
            published_area,
            municipality_sensor,
            sensor_count,
            sensor_cluster,
            change,
        ):
            # Index-only reads need the visibility map, which only VACUUM writes.
            connection.execute(text(f"VACUUM (ANALYZE) {table}"))
    return is_in_order


def _cluster(connection: Connection, pause_seconds: float) -> bool:
    connection.execute(text(_WAIT_FOR_READERS))
    try:
        for attempt in range(ATTEMPTS):
            if attempt:
                sleep(pause_seconds)
            try:
                connection.execute(text(f"CLUSTER {published_sensor} USING ix_published_sensor_sort_key"))
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable):
                    raise
            else:
                return True
        return False
    finally:
        # Vacuuming keeps nobody waiting, and so may wait itself.
        connection.execute(text("SET lock_timeout = 0"))
