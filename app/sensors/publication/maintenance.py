"""Maintenance of the publication: rows in the order of their places, and statistics for the planner."""

from datetime import date
from time import sleep
from typing import Final

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.database import transaction
from app.sensors.publication.alike_sensors import advance_alike
from app.sensors.publication.clusters import advance_clusters
from app.sensors.publication.statistics import advance_statistics
from app.sensors.publication.stored_day import move_stored_day, try_lock_stored_day_alone
from app.sensors.tables.publication import (
    alike_sensors,
    change,
    municipality_sensor,
    past_version,
    published_area,
    published_sensor,
    sensor_area,
    sensor_cluster,
    sensor_count,
    sensor_profile,
    sensor_statistic,
)

ATTEMPTS: Final = 30
PAUSE_SECONDS: Final = 10.0
"""Number of attempts to lock the published sensors, and the pause between them: five minutes in all."""

# Reads wait behind this lock request; shorter than the timeout of a read.
_WAIT_FOR_READERS = "SET lock_timeout = '2s'"


def advance_day(engine: Engine, day: date) -> bool:
    """Store the maintained counts for this day, so that reads need not add the changes of the days since.

    False when others are writing: it is skipped, and reads stay correct, if slower.
    """
    with transaction(engine) as session:
        return advance_counts(session, day)


def advance_counts(session: Session, day: date) -> bool:
    """Move the day for which clusters and statistics are stored; return whether that was done.

    Reads give the same before and after; they are faster after. It is not done while others write.
    """
    if not try_lock_stored_day_alone(session):
        return False
    advance_clusters(session, day)
    advance_statistics(session, day)
    advance_alike(session, day)
    move_stored_day(session, day)
    return True


_ORDERED = (
    (published_sensor, "ix_published_sensor_sort_key"),
    (sensor_count, "pk_sensor_count"),
    (sensor_statistic, "pk_sensor_statistic"),
    (alike_sensors, "pk_alike_sensors"),
)
"""Tables that are rewritten in the order of an index."""


def rewrite_in_order(engine: Engine, *, pause_seconds: float = PAUSE_SECONDS) -> bool:
    """Rewrite the published sensors in the order of their sort key, so that a page lies in few blocks.

    The counts are rewritten in the order of the municipalities. Reads of sensors wait while the table is written: 40 s
    for a million. It retries while a long read, such as a slow
    download, holds the table, without blocking others; False when that did not end. Safe to repeat and to cancel.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_in_order = True
        for table, index in _ORDERED:
            is_in_order &= _cluster(connection, table, index, pause_seconds)
        for table in (
            published_sensor,
            past_version,
            published_area,
            municipality_sensor,
            sensor_count,
            sensor_cluster,
            sensor_statistic,
            sensor_area,
            sensor_profile,
            alike_sensors,
            change,
        ):
            # Index-only scans need the visibility map, which only VACUUM writes.
            connection.execute(text(f"VACUUM (ANALYZE) {table}"))
    return is_in_order


def _cluster(connection: Connection, table: Table, index: str, pause_seconds: float) -> bool:
    connection.execute(text(_WAIT_FOR_READERS))
    try:
        for attempt in range(ATTEMPTS):
            if attempt:
                sleep(pause_seconds)
            try:
                connection.execute(text(f"CLUSTER {table} USING {index}"))
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable):
                    raise
            else:
                return True
        return False
    finally:
        # VACUUM blocks no reader or writer, so it may wait for its lock.
        connection.execute(text("SET lock_timeout = 0"))
