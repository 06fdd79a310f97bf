"""Deletion of reports, and of the addresses of their reporters, once they have been stored for their time."""

from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app.reports.tables import PublishedAnswer, Report
from app.sensors.registration.redaction import find_erased_sensors

ADDRESS_KEPT: Final = timedelta(days=30)
"""How long after the end of a report the address of its reporter is stored: for a mistake in the answer."""

REPORT_KEPT: Final = timedelta(days=730)
"""How long after its end a report is stored, with its notes: for who looks back on what was answered."""


def delete_reporter_addresses(session: Session, now: datetime) -> int:
    """Delete the addresses of reporters whose report ended 30 days ago. Returns how many."""
    statement = (
        update(Report)
        .where(Report.email_encrypted.is_not(None), Report.ended_at <= now - ADDRESS_KEPT)
        .values(email_encrypted=None)
    )
    return cast("CursorResult[object]", session.execute(statement)).rowcount


def delete_answers_about_erased(session: Session) -> int:
    """Delete the published answers about sensors that were erased, since they may repeat it. Returns how many."""
    about = session.scalars(select(PublishedAnswer.sensor_id).distinct()).all()
    erased = find_erased_sensors(session, about)
    statement = delete(PublishedAnswer).where(PublishedAnswer.sensor_id.in_(erased))
    return cast("CursorResult[object]", session.execute(statement)).rowcount


def delete_old_reports(session: Session, now: datetime) -> int:
    """Delete reports that ended two years ago, with their notes and published answers. Returns how many.

    Their numbers stay.
    """
    is_old = Report.ended_at <= now - REPORT_KEPT
    session.execute(
        delete(PublishedAnswer).where(PublishedAnswer.report_id.in_(select(Report.id).where(is_old)))
    )
    statement = delete(Report).where(is_old)
    return cast("CursorResult[object]", session.execute(statement)).rowcount
