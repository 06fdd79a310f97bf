"""Reading reports: by the secret of their link, for who handles them, and published answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.access.erasure import read_name
from app.access.secrets import hash_secret
from app.core.errors import NotFound
from app.core.i18n import LocalizedText
from app.reports.handlers import Handler
from app.reports.report_kinds import OPEN_STATUSES, ReportKind, ReportStatus
from app.reports.tables import PublishedAnswer, Report, ReportNote

PAGE_ROWS: Final = 50

ANSWERS_SQL: Final = """
SELECT answered.kind, answered.question, answered.answer, answered.answered_on, organisation.name
FROM publication.published_answer AS answered
LEFT JOIN publication.organisation ON organisation.id = answered.organisation_id
WHERE answered.sensor_id = %(sensor_id)s ORDER BY answered.answered_on DESC, answered.report_id DESC LIMIT 20
"""

UNKNOWN_REPORT: Final = LocalizedText(
    "Deze melding bestaat niet, of is niet voor u.", "There is no such report, or it is not for you."
)


@dataclass(frozen=True, slots=True)
class ReportSearch:
    """Which reports a list shows; empty fields stand for all. `overdue` are open ones past their due date."""

    status: ReportStatus | None = None
    kind: ReportKind | None = None
    open_only: bool = True
    overdue_before: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a colleague, with the name of its author."""

    text: str
    author: LocalizedText
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A question and its answer on the page of a sensor; `organisation` is None without a public name."""

    kind: ReportKind
    question: str
    answer: str
    answered_on: date
    organisation: str | None


def find_by_secret(session: Session, secret: str) -> Report | None:
    """The report with this private link."""
    return session.scalars(select(Report).where(Report.token_hash == hash_secret(secret))).one_or_none()


def get_report(session: Session, handler: Handler, report_id: UUID, *, to_change: bool = False) -> Report:
    """A report that this person handles; `to_change` locks it. Raises: NotFound."""
    statement = select(Report).where(Report.id == report_id)
    if to_change:
        statement = statement.with_for_update()
    report = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if report is None or not handler.may_handle(report):
        raise NotFound(UNKNOWN_REPORT)
    return report


def find_published_answer(session: Session, report_id: UUID) -> PublishedAnswer | None:
    """The answer to this report that is on the page of a sensor."""
    return session.get(PublishedAnswer, report_id)


def list_reports(
    session: Session, handler: Handler, search: ReportSearch, *, page: int
) -> tuple[Sequence[Report], int]:
    """One page of the reports that this person handles, the first due first; and how many there are."""
    conditions = [handler.select_own()]
    if search.status is not None:
        conditions.append(Report.status == search.status)
    elif search.open_only:
        conditions.append(Report.ended_at.is_(None))
    if search.kind is not None:
        conditions.append(Report.kind == search.kind)
    if search.overdue_before is not None:
        conditions += [Report.ended_at.is_(None), Report.due_on < search.overdue_before]
    total = session.scalar(select(func.count()).select_from(Report).where(*conditions)) or 0
    is_ended = case((Report.ended_at.is_(None), 0), else_=1)
    rows = (
        select(Report)
        .where(*conditions)
        .order_by(is_ended, Report.due_on, Report.id)
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    )
    return session.scalars(rows).all(), total


def count_open(session: Session, handler: Handler, today: date) -> tuple[int, int]:
    """How many open reports this person has to answer, and how many of them are overdue.

    The municipality has those that it did not forward, an owner those that were forwarded to it.
    """
    if not handler.handles_any:
        return 0, 0
    own = handler.select_own() & (
        (Report.status == ReportStatus.RECEIVED) | Report.forwarded_to.in_(handler.organisation_ids)
    )
    statement = select(func.count(), func.count().filter(Report.due_on < today)).where(
        Report.status.in_(OPEN_STATUSES), own
    )
    number, overdue = session.execute(statement).one()
    return int(number), int(overdue)


def list_notes(session: Session, handler: Handler, report: Report) -> list[Note]:
    """The notes of the own organisation, in order, with their authors; others' notes are not shown."""
    statement = select(ReportNote).where(ReportNote.report_id == report.id).order_by(ReportNote.id)
    return [
        Note(one.text, read_name(session, one.principal_id), one.created_at)
        for one in session.scalars(statement)
        if handler.is_administrator or one.organisation_id in handler.organisation_ids
    ]


async def read_answers(pool: AsyncConnectionPool[Any], sensor_id: str) -> list[PublicAnswer]:
    """The published answers about a sensor, the latest first."""
    async with pool.connection() as connection:
        cursor = await connection.execute(ANSWERS_SQL, {"sensor_id": sensor_id})
        rows = await cursor.fetchall()
    return [
        PublicAnswer(ReportKind(kind), question, answer, day, name)
        for kind, question, answer, day, name in rows
    ]


def find_position(session: Session, report: Report) -> tuple[float, float] | None:
    """Longitude and latitude of the place of a report, rounded to a decimetre; None for one about a sensor."""
    if report.location is None:
        return None
    place = select(func.ST_X(Report.location), func.ST_Y(Report.location)).where(Report.id == report.id)
    lon, lat = session.execute(place).one()
    return round(lon, 6), round(lat, 6)
