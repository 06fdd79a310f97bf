"""Recording whom is reminded of what, in the transaction that posts the mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.access.secrets import hash_secret, make_secret
from app.core.clock import dutch_date
from app.duties.queries import find_duties
from app.organisations.queries import list_kinds
from app.sensors.reminders.due_dates import DUE_SQL, DueDate, bind_due
from app.sensors.tables.reminders import RemindedSensor, ReminderRow

LINK_LIFETIME: Final = timedelta(days=90)
"""How long the link of a reminder works: 30 days longer than the first date is ahead."""

NAMED: Final = 5
"""Sensors of each kind that a mail names; the others are counted."""

_KEPT: Final = timedelta(days=400)
"""How long it is stored what was reminded: longer than any reminder of the same date can come again."""


@dataclass(frozen=True, slots=True)
class NamedSensor:
    """A sensor as its owner knows it."""

    reference: str
    name: str | None
    due_on: date


@dataclass(frozen=True, slots=True)
class DueSensors:
    """How many sensors have such a date near, the earliest date, and the first few, the most urgent first."""

    total: int
    first_on: date
    named: Sequence[NamedSensor]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of an organisation; `secret` is that of its link, which works up to and including `last_day`.

    `removal_asked` are the codes of the municipalities whose duty asks to report that a sensor that ends is gone.
    """

    organisation_id: UUID
    due: Mapping[DueDate, DueSensors]
    removal_asked: Sequence[str]
    secret: str
    last_day: date


_NEW: Final = """
NOT EXISTS (
    SELECT FROM register.reminded_sensor AS reminded
    WHERE reminded.sensor_id = due.sensor_id AND reminded.due_kind = due.due_kind
        AND reminded.due_on = due.due_on AND reminded.days = due.days
)
"""

_LIST_OWNERS: Final = f"""
SELECT DISTINCT due.owner_id FROM ({DUE_SQL}) AS due WHERE {_NEW} ORDER BY due.owner_id
"""  # noqa: S608 - no text of a request

_RECORD: Final = f"""
INSERT INTO register.reminded_sensor (sensor_id, due_kind, due_on, days, reminder_id)
SELECT due.sensor_id, due.due_kind, due.due_on, due.days, CAST(:reminder AS uuid)
FROM ({DUE_SQL}) AS due WHERE due.owner_id = CAST(:owner AS uuid) AND {_NEW}
ORDER BY due.sensor_id, due.due_kind
ON CONFLICT DO NOTHING
"""  # noqa: S608 - no text of a request

_COUNT: Final = """
SELECT due_kind, count(*) AS total, min(due_on) AS first_on
FROM register.reminded_sensor WHERE reminder_id = CAST(:reminder AS uuid) GROUP BY due_kind
"""

_NAME: Final = f"""
SELECT due_kind, reference, name, due_on FROM (
    SELECT reminded.due_kind, version.reference, version.name, reminded.due_on,
        row_number() OVER (PARTITION BY reminded.due_kind ORDER BY reminded.due_on, version.reference) AS position
    FROM register.reminded_sensor AS reminded
    JOIN register.sensor_version AS version ON version.sensor_id = reminded.sensor_id
        AND version.superseded_at IS NULL AND version.registration_status = 'published'
    WHERE reminded.reminder_id = CAST(:reminder AS uuid)
) AS ranked
WHERE position <= {NAMED} ORDER BY due_kind, position
"""  # noqa: S608 - no text of a request

# A mobile sensor ends in each municipality that its area touches.
_LIST_ENDING: Final = f"""
SELECT DISTINCT code, version.sensor_type
FROM register.reminded_sensor AS reminded
JOIN register.sensor_version AS version ON version.sensor_id = reminded.sensor_id
    AND version.superseded_at IS NULL AND version.registration_status = 'published'
JOIN register.sensor_place AS place ON place.version_id = version.id
CROSS JOIN LATERAL unnest(
    coalesce(nullif(ARRAY[place.municipality_code], ARRAY[NULL::text]), place.municipality_codes)
) AS code
WHERE reminded.reminder_id = CAST(:reminder AS uuid) AND reminded.due_kind = '{DueDate.END}'
"""  # noqa: S608 - no text of a request


def list_owners_to_remind(session: Session, today: date) -> Sequence[UUID]:
    """The organisations of which a date came near that they were not reminded of yet; may be empty."""
    return session.scalars(text(_LIST_OWNERS), bind_due(today)).all()


def record_reminder(session: Session, organisation_id: UUID, now: datetime) -> Reminder | None:
    """Record a reminder of everything that came near and was not reminded of; None where there is nothing (any more).

    Two at once wait for each other: what one records, the other leaves out.
    """
    today, secret = dutch_date(now), make_secret()
    row = ReminderRow(
        organisation_id=organisation_id,
        token_hash=hash_secret(secret),
        sent_on=today,
        expires_at=now + LINK_LIFETIME,
    )
    session.add(row)
    session.flush()
    values = {"reminder": row.id, "owner": organisation_id}
    session.execute(text(_RECORD), bind_due(today) | values)
    counts = session.execute(text(_COUNT), values).all()
    if not counts:
        session.delete(row)
        session.flush()
        return None
    named = session.execute(text(_NAME), values).all()
    due = {
        DueDate(count.due_kind): DueSensors(
            count.total,
            count.first_on,
            [
                NamedSensor(one.reference, one.name, one.due_on)
                for one in named
                if one.due_kind == count.due_kind
            ],
        )
        for count in counts
    }
    asked = _find_removal_asked(session, row.id, organisation_id, today) if DueDate.END in due else []
    return Reminder(organisation_id, due, asked, secret, dutch_date(row.expires_at))


def _find_removal_asked(
    session: Session, reminder_id: UUID, organisation_id: UUID, today: date
) -> Sequence[str]:
    ending = session.execute(text(_LIST_ENDING), {"reminder": reminder_id}).all()
    duties = find_duties(session, sorted({one.code for one in ending}), today)
    (owner,) = list_kinds(session, [organisation_id])
    return [
        duty.municipality_code
        for duty in duties
        if duty.municipality_code is not None
        and duty.is_mandatory
        and duty.removal_notified
        and any(
            one.code == duty.municipality_code and duty.covers(one.sensor_type, owner.organisation_type)
            for one in ending
        )
    ]


def delete_old_reminders(session: Session, today: date) -> None:
    """Forget what was reminded of dates that are long past, and the reminders that are about nothing any more."""
    session.execute(delete(RemindedSensor).where(RemindedSensor.due_on < today - _KEPT))
    still_about = RemindedSensor.__table__.select().where(RemindedSensor.reminder_id == ReminderRow.id)
    session.execute(delete(ReminderRow).where(ReminderRow.sent_on < today - _KEPT, ~still_about.exists()))
