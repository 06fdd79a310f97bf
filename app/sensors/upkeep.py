"""Keeping the publication quick: its rows in the order of their places, and the planner informed."""

from datetime import date

from sqlalchemy import Engine, text

from app.core.database import transaction
from app.sensors.clusters import advance_clusters
from app.sensors.published import (
    change,
    municipality_sensor,
    past_version,
    published_area,
    published_sensor,
    sensor_cluster,
    sensor_count,
)


def advance_day(engine: Engine, day: date) -> None:
    """Keep the clusters as on this day, so that maps need not add what the days since have changed."""
    with transaction(engine) as session:
        advance_clusters(session, day)


def rewrite_in_order(engine: Engine) -> None:
    """Write the published sensors anew in the order of their sort key, so that a page lies in few blocks.

    Reads of sensors wait while the table is written: 40 s for a million. Safe to repeat, and to break off.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Waiting for a long read is no reason to give up, as it is for a writer.
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text(f"CLUSTER {published_sensor} USING ix_published_sensor_sort_key"))
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
