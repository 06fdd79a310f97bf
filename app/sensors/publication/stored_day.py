"""The day for which maintained counts are stored, and the sensors of which the counts differ on another day.

A read on another day adds the changes of the days between, from the few sensors with a date in them. So the result is
right even when maintenance, which moves the day, is late. Source: decision 0010.
"""

from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.publication.projection import HIDDEN_AFTER_DAYS
from app.sensors.search.operational_status import STATUS_CHANGES

DAY_LOCK: Final = 4_201_965
"""Key of the advisory lock that writers of sensors hold as shared, and `advance_counts` as exclusive."""

STORED_DAY: Final = "(SELECT day FROM publication.sensor_cluster_day)"


def is_passing(day: str) -> str:
    """The condition of the sensors, named `sensor`, that count otherwise on the stored day than on this one."""
    first, last = (f"{which}({STORED_DAY}, {day})" for which in ("least", "greatest"))
    passed = " OR ".join(
        # A sensor is active on its last day, and removed or placed on the day itself; it is hidden when it is removed,
        # or so long after its last day.
        f"sensor.{column} {'>=' if ends else '>'} {first} - {later}"
        f" AND sensor.{column} {'<' if ends else '<='} {last} - {later}"
        for column, ends, later in (
            *((change.column, change.on_next_day, 0) for change in STATUS_CHANGES),
            ("active_until", False, HIDDEN_AFTER_DAYS),
        )
    )
    return f"{first} < {last} AND ({passed})"


def lock_stored_day(session: Session) -> None:
    """Lock the day until this transaction ends; call it before anything is counted."""
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": DAY_LOCK})


def try_lock_stored_day_alone(session: Session) -> bool:
    """Lock the day to move it; False while others write."""
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": DAY_LOCK}))


def move_stored_day(session: Session, day: date) -> None:
    session.execute(text("UPDATE publication.sensor_cluster_day SET day = :day"), {"day": day})
