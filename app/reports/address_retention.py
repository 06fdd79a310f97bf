"""Forgetting the addresses of reporters."""

from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.reports.tables import Report

ADDRESS_KEPT: Final = timedelta(days=30)
"""How long after the end of a report the address of its reporter is stored: for a mistake in the answer."""


def delete_reporter_addresses(session: Session, now: datetime) -> int:
    """Delete the addresses of reporters whose report ended 30 days ago. Returns how many."""
    statement = (
        update(Report)
        .where(Report.email_encrypted.is_not(None), Report.ended_at <= now - ADDRESS_KEPT)
        .values(email_encrypted=None)
    )
    return cast("CursorResult[object]", session.execute(statement)).rowcount
