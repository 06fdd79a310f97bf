"""The dates of a published sensor that its owner is reminded of, and when."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from app.sensors.registration.owner_tasks import AHEAD_DAYS
from app.sensors.registration_status import PUBLISHED_SQL
from app.sensors.tables.register import NEXT_DATE_SQL


class DueDate(StrEnum):
    """A date that comes near, by its column."""

    CONFIRM = "confirm_by"
    END = "active_until"
    AUTHORISATION = "authorisation_valid_until"


FIRST_DAYS: Final = AHEAD_DAYS
LAST_DAYS: Final = 14
"""Days before a date at which its owner is reminded. Source: process.md of the design, "Mail and reminders"."""

_MADE_UP_DAYS: Final = 30
"""A reminder that was not sent in time, such as while no worker ran, is sent as long as the date is not longer ago."""

DUE_SQL: Final = f"""
SELECT version.sensor_id, version.owner_id, due.due_kind, due.due_on,
    CASE WHEN due.due_on <= CAST(:last_step AS date) THEN {LAST_DAYS} ELSE {FIRST_DAYS} END AS days
FROM register.sensor_version AS version
CROSS JOIN LATERAL (
    VALUES {", ".join(f"('{kind}', version.{kind})" for kind in DueDate)}
) AS due (due_kind, due_on)
WHERE {PUBLISHED_SQL} AND version.removed_on IS NULL
    AND {NEXT_DATE_SQL.format(version="version.")} <= CAST(:first_step AS date)
    AND due.due_on BETWEEN CAST(:earliest AS date) AND CAST(:first_step AS date)
"""  # noqa: S608 - no text of a request
"""The dates that came near, each with the step (60 or 14 days) that it reached: the earlier step is then left out."""


def bind_due(today: date) -> dict[str, Any]:
    """The parameters of `DUE_SQL`."""
    return {
        "first_step": today + timedelta(days=FIRST_DAYS),
        "last_step": today + timedelta(days=LAST_DAYS),
        "earliest": today - timedelta(days=_MADE_UP_DAYS),
    }
