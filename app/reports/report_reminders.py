"""The daily mail to organisations: new reports that wait for them, and those of which the due date is near or past."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, or_, select, update
from sqlalchemy.orm import Session

from app.core.clock import dutch_date
from app.core.database import transaction
from app.organisations.queries import find_organisation, list_kinds
from app.reports.report_kinds import ReportStatus
from app.reports.report_mail import INBOX_PATH, ReportMailer, post_to_organisation
from app.reports.tables import Report

NEAR: Final = timedelta(days=5)
"""So long before its due date an organisation is reminded of a report, once."""


@dataclass(slots=True)
class _Waiting:
    """The reports that one mail tells of."""

    new: list[UUID]
    near: list[UUID]


def tell_organisations(engine: Engine, mailer: ReportMailer, now: datetime) -> int:
    """Post one mail to each organisation that has a new report, or one that is due soon. Returns the mails.

    What a mail tells of is noted in its transaction: repeating this, or a restart, sends nothing twice. An
    organisation without an address gets its mail once it has one.
    """
    if not mailer.sends_mail:
        return 0
    with transaction(engine) as session:
        municipalities, owners = _list_receivers(session, now)
        receivers = {find_organisation(session, code) for code in municipalities} | set(owners)
    return sum(
        _tell(engine, mailer, organisation_id, now) for organisation_id in receivers if organisation_id
    )


def _list_receivers(session: Session, now: datetime) -> tuple[list[str], list[UUID]]:
    untold = or_(Report.announced_at.is_(None), _is_near(now))
    own = select(Report.municipality_code).where(
        Report.status == ReportStatus.RECEIVED, Report.municipality_code.is_not(None), untold
    )
    forwarded = select(Report.forwarded_to).where(Report.status == ReportStatus.FORWARDED, _is_near(now))
    return (
        [code for code in session.scalars(own.distinct()) if code],
        [one for one in session.scalars(forwarded.distinct()) if one],
    )


def _is_near(now: datetime) -> ColumnElement[bool]:
    return (Report.due_on <= dutch_date(now) + NEAR) & Report.reminded_at.is_(None)


def _tell(engine: Engine, mailer: ReportMailer, organisation_id: UUID, now: datetime) -> bool:
    with transaction(engine) as session:
        waiting = _lock_waiting(session, organisation_id, now)
        if not waiting.new and not waiting.near:
            return False
        told = post_to_organisation(
            session,
            mailer,
            organisation_id,
            "reports_waiting",
            now=now,
            path=INBOX_PATH,
            new=len(waiting.new),
            near=len(waiting.near),
        )
        if told:
            session.execute(update(Report).where(Report.id.in_(waiting.new)).values(announced_at=now))
            session.execute(update(Report).where(Report.id.in_(waiting.near)).values(reminded_at=now))
        return told


def _lock_waiting(session: Session, organisation_id: UUID, now: datetime) -> _Waiting:
    """The reports to tell of, locked: a second worker finds nothing left."""
    (kind,) = list_kinds(session, [organisation_id])
    is_received = (Report.status == ReportStatus.RECEIVED) & (
        Report.municipality_code == kind.municipality_code
    )
    is_forwarded = (Report.status == ReportStatus.FORWARDED) & (Report.forwarded_to == organisation_id)
    statement = select(
        Report.id, Report.announced_at, Report.status, Report.due_on, Report.reminded_at
    ).where(
        or_(is_received & or_(Report.announced_at.is_(None), _is_near(now)), is_forwarded & _is_near(now))
    )
    rows = session.execute(statement.with_for_update()).all()
    last = dutch_date(now) + NEAR
    return _Waiting(
        [one.id for one in rows if one.status == ReportStatus.RECEIVED and one.announced_at is None],
        [one.id for one in rows if one.due_on <= last and one.reminded_at is None],
    )
