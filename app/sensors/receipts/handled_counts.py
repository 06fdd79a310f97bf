"""Counting how municipalities handle submissions, once a day: received, answered, in time, and after how many days."""

from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sensors.registration_status import RegistrationStatus, list_sql

DEFAULT_TERM_DAYS: Final = 14
"""Term of review of a submission from before there were receipts."""

_S = RegistrationStatus
ANSWERS: Final = (_S.PUBLISHED, _S.CHANGES_REQUESTED, _S.REJECTED)
"""Statuses that answer a submission. One that its owner replaced or withdrew needs no answer, and does not count."""

_DELETE: Final = "DELETE FROM publication.handled_month"

# The version that answers a submission begins at the moment at which that one ends.
_COUNT: Final = f"""
INSERT INTO publication.handled_month (municipality_code, month, days, submissions, in_time, counted_on)
SELECT code, CAST(date_trunc('month', received_on) AS date), coalesce(answered_on - received_on, -1), count(*),
    count(*) FILTER (WHERE coalesce(answered_on, CAST(:today AS date)) <= due_on), :today
FROM (
    SELECT coalesce(place.municipality_code, place.municipality_codes[1]) AS code,
        CAST(submitted.recorded_at AT TIME ZONE 'Europe/Amsterdam' AS date) AS received_on,
        CAST(submitted.superseded_at AT TIME ZONE 'Europe/Amsterdam' AS date) AS answered_on,
        coalesce(
            receipt.review_until, of_import.review_until,
            CAST(submitted.recorded_at AT TIME ZONE 'Europe/Amsterdam' AS date) + {DEFAULT_TERM_DAYS}) AS due_on
    FROM register.sensor_version AS submitted
    JOIN register.sensor_place AS place ON place.version_id = submitted.id
    LEFT JOIN register.receipt ON receipt.version_id = submitted.id
    LEFT JOIN register.receipt AS of_import
        ON of_import.import_id = submitted.import_id AND of_import.organisation_id = submitted.owner_id
    LEFT JOIN register.sensor_version AS answer
        ON answer.sensor_id = submitted.sensor_id AND answer.recorded_at = submitted.superseded_at
        AND answer.number > submitted.number
    WHERE submitted.registration_status = '{_S.SUBMITTED}'
        AND (submitted.superseded_at IS NULL OR answer.registration_status IN {list_sql(ANSWERS)})
) AS handled
WHERE code IS NOT NULL
GROUP BY 1, 2, 3
"""


def count_handled(session: Session, today: date) -> None:
    """Count all submissions again, in the transaction of the session."""
    session.execute(text(_DELETE))
    session.execute(text(_COUNT), {"today": today})
