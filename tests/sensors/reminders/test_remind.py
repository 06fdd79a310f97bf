"""Recording reminders: which dates, once each, and made up after a pause."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.access.context import ActionContext
from app.access.principal import Principal
from app.core.expected_version import ANY_VERSION
from app.sensors.registration.actions import register_sensor, remove_sensor
from app.sensors.reminders.due_dates import DUE_SQL, DueDate, bind_due
from app.sensors.reminders.remind import (
    Reminder,
    delete_old_reminders,
    list_owners_to_remind,
    record_reminder,
)
from app.sensors.tables.register import sensor_version
from tests.support.sensors import TODAY, make_context, make_record

START = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
FAR = TODAY + timedelta(days=700)


def set_dates(session: Session) -> None:
    session.execute(update(sensor_version).values(confirm_by=FAR, active_until=FAR))


def remind(session: Session, days: int) -> Reminder | None:
    """A reminder of the only owner, so many days later."""
    owners = list_owners_to_remind(session, TODAY + timedelta(days=days))
    if not owners:
        return None
    (owner,) = owners
    return record_reminder(session, owner, START + timedelta(days=days))


@pytest.fixture
def context(session: Session, officer: Principal) -> ActionContext:
    """An editor with seven sensors."""
    context = make_context(officer)
    for number in range(7):
        record = make_record(reference=f"geluid-{number}", placedFrom="2025-01-01")
        register_sensor(session, context, record)
    return context


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("kind", DueDate)
def test_date_is_reminded_of_at_60_and_14_days(session: Session, kind: DueDate) -> None:
    set_dates(session)
    session.execute(update(sensor_version).values({kind: TODAY + timedelta(days=61)}))
    found = [day for day in (0, 1, 2, 46, 47, 48, 70) if remind(session, day) is not None]
    assert found == [1, 47]


@pytest.mark.usefixtures("context")
def test_one_reminder_counts_all_and_names_a_few(session: Session) -> None:
    set_dates(session)
    session.execute(
        update(sensor_version).values(
            confirm_by=TODAY + timedelta(days=20), active_until=TODAY + timedelta(days=3)
        )
    )
    reminder = remind(session, 0)
    assert reminder is not None
    assert set(reminder.due) == {DueDate.CONFIRM, DueDate.END}
    due = reminder.due[DueDate.CONFIRM]
    assert (due.total, due.first_on, len(due.named)) == (7, TODAY + timedelta(days=20), 5)
    assert due.named[0].reference == "geluid-0"
    assert remind(session, 0) is None


@pytest.mark.usefixtures("context")
def test_late_reminder_is_sent_once_and_not_of_what_is_long_past(session: Session) -> None:
    set_dates(session)
    session.execute(update(sensor_version).values(confirm_by=TODAY))
    session.execute(
        update(sensor_version)
        .values(confirm_by=TODAY - timedelta(days=31))
        .where(sensor_version.c.reference == "geluid-0")
    )
    reminder = remind(session, 0)
    assert reminder is not None
    assert reminder.due[DueDate.CONFIRM].total == 6
    assert remind(session, 1) is None


def test_removed_sensor_and_old_version_are_left_out(session: Session, context: ActionContext) -> None:
    removed = register_sensor(session, context, make_record(reference="weg", placedFrom="2025-01-01"))
    remove_sensor(session, context, removed.sensor_id, {}, expected=ANY_VERSION)
    set_dates(session)
    session.execute(update(sensor_version).values(confirm_by=TODAY))
    reminder = remind(session, 0)
    assert reminder is not None
    assert reminder.due[DueDate.CONFIRM].total == 7


@pytest.mark.usefixtures("context")
def test_old_reminders_are_forgotten(session: Session) -> None:
    set_dates(session)
    session.execute(update(sensor_version).values(confirm_by=TODAY))
    assert remind(session, 0) is not None
    count = "SELECT count(*) FROM register.reminder, register.reminded_sensor"
    delete_old_reminders(session, TODAY + timedelta(days=399))
    assert session.scalar(text(count)) == 7
    delete_old_reminders(session, TODAY + timedelta(days=401))
    assert session.scalar(text(count)) == 0


def test_due_dates_are_found_by_their_index(session: Session) -> None:
    session.execute(text("SET LOCAL enable_seqscan TO off"))
    plan = "\n".join(session.scalars(text(f"EXPLAIN {DUE_SQL}"), bind_due(TODAY)))
    assert "ix_sensor_version_next_date" in plan
