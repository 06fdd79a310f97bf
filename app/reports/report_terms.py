"""The term within which a municipality answers a report."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.duties.queries import find_duty


def find_due_date(session: Session, municipality_code: str | None, day: date) -> date:
    """The last day on which a report that came on `day` is answered in time, by the duty of the municipality."""
    return day + timedelta(days=find_duty(session, municipality_code, day).report_term_days)
