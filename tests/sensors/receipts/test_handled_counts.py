"""Counts of how submissions are handled: received, answered in time or not, and waiting."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.access.principal import Principal
from app.core.clock import dutch_date
from app.core.expected_version import ANY_VERSION
from app.sensors.receipts.handled_counts import count_handled
from app.sensors.registration.actions import amend_sensor, register_sensor
from app.sensors.registration.review import publish_submission, reject_submission
from tests.support.bulk import import_records
from tests.support.organisations import make_principal
from tests.support.register import make_today_record
from tests.support.sensors import make_context


def submit(session: Session, company: Principal, reference: str, **fields: Any) -> UUID:
    record = make_today_record(reference=reference, **fields)
    sensor_id: UUID = register_sensor(session, make_context(company, dutch_date()), record).sensor_id
    return sensor_id


def count(session: Session, today: date) -> list[Row[Any]]:
    count_handled(session, today)
    return list(
        session.execute(
            text(
                "SELECT municipality_code, days, submissions, in_time FROM publication.handled_month"
                " ORDER BY municipality_code, days"
            )
        )
    )


def move(session: Session, sensor_id: UUID, days: int) -> None:
    """Let a sensor have been submitted, and its receipt given, so many days earlier."""
    values = {"id": sensor_id, "days": timedelta(days=days)}
    session.execute(
        text(
            "UPDATE register.sensor_version SET recorded_at = recorded_at - CAST(:days AS interval)"
            " WHERE sensor_id = :id AND registration_status = 'submitted'"
        ),
        values,
    )
    session.execute(
        text(
            "UPDATE register.receipt SET review_until = CAST(review_until - CAST(:days AS interval) AS date)"
            " WHERE sensor_id = :id"
        ),
        values,
    )


def test_answers_count_with_their_days_and_their_term(
    session: Session, company: Principal, amsterdam: UUID
) -> None:
    reviewer = make_context(make_principal(session, amsterdam, "reviewer"), dutch_date())
    soon, late, waiting, overdue = (
        submit(session, company, f"r-{number}", placedFrom="2025-01-01") for number in range(4)
    )
    for sensor_id, days in ((soon, 3), (late, 20), (overdue, 40)):
        move(session, sensor_id, days)
    publish_submission(session, reviewer, soon, expected=ANY_VERSION, mail=None)
    reject_submission(session, reviewer, late, reason="Niet hier", expected=ANY_VERSION, mail=None)
    assert waiting not in (soon, late)
    session.execute(text("UPDATE register.sensor_version SET recorded_at = recorded_at"))
    rows = count(session, dutch_date())
    by_days: dict[int, tuple[int, int]] = {}
    for row in rows:
        assert row.municipality_code == "GM0363"
        number, in_time = by_days.get(row.days, (0, 0))
        by_days[row.days] = (number + row.submissions, in_time + row.in_time)
    assert by_days == {3: (1, 1), 20: (1, 0), -1: (2, 1)}


def test_submission_that_its_owner_replaced_needs_no_answer(session: Session, company: Principal) -> None:
    sensor_id = submit(session, company, "r-1")
    amend_sensor(
        session, make_context(company, dutch_date()), sensor_id, {"name": "Beter"}, expected=ANY_VERSION
    )
    assert [(row.days, row.submissions) for row in count(session, dutch_date())] == [(-1, 1)]


def test_imported_submissions_count_each(session: Session, company: Principal) -> None:
    (owner,) = {grant.organisation_id for grant in company.grants}
    records = [make_today_record(reference=f"r-{number}", owner=str(owner)) for number in range(3)]
    import_records(session, make_context(company, dutch_date()), records)
    assert [(row.days, row.submissions, row.in_time) for row in count(session, dutch_date())] == [(-1, 3, 3)]
    assert len(count(session, dutch_date())) == 1
