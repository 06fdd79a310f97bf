"""Tasks that dates give the owner of published sensors: the condition of each, and how many sensors it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, Select, func, literal, literal_column, select
from sqlalchemy.orm import Session

from app.sensors.registration_status import RegistrationStatus, has_status, is_published
from app.sensors.tables.register import NEXT_DATE_SQL, sensor, sensor_version

AHEAD_DAYS: Final = 60
"""A date within this time counts as near."""


class OwnerTask(StrEnum):
    """A task, by its name in addresses."""

    OVERDUE = "overdue"
    CONFIRM = "confirm"
    """To be confirmed within 60 days; the overdue ones too."""
    END = "end"
    """The end date is within 60 days, or past, and the sensor was not reported removed."""
    AUTHORISATION = "authorisation"
    """The decision behind it ends within 60 days, or has ended."""


@dataclass(frozen=True, slots=True)
class _Term:
    column: str
    days: int


_TERMS: Final[Mapping[OwnerTask, _Term]] = {
    OwnerTask.OVERDUE: _Term("confirm_by", -1),
    OwnerTask.CONFIRM: _Term("confirm_by", AHEAD_DAYS),
    OwnerTask.END: _Term("active_until", AHEAD_DAYS),
    OwnerTask.AUTHORISATION: _Term("authorisation_valid_until", AHEAD_DAYS),
}


def select_with_task(task: OwnerTask, owner_id: UUID, today: date) -> Select[Any]:
    """The ids of the sensors of an owner that a task is about."""
    published = sensor_version.alias("published")
    return _select(published, owner_id, today, published.c.sensor_id).where(_is_due(published, task, today))


def count_tasks(session: Session, owner_id: UUID, today: date) -> Mapping[OwnerTask, int]:
    """How many sensors of an owner each task is about."""
    published = sensor_version.alias("published")
    counts = [func.count().filter(_is_due(published, task, today)) for task in OwnerTask]
    row = session.execute(_select(published, owner_id, today, *counts)).one()
    return dict(zip(OwnerTask, row, strict=True))


def count_changes_requested(session: Session, owner_id: UUID) -> int:
    """How many registrations of an owner wait for changes that a reviewer asked for."""
    statement = (
        select(func.count())
        .select_from(sensor_version)
        .where(
            sensor_version.c.owner_id == owner_id,
            has_status(sensor_version, RegistrationStatus.CHANGES_REQUESTED),
        )
    )
    return session.scalars(statement).one()


def list_changes_requested(session: Session, owner_id: UUID, limit: int = 20) -> Sequence[tuple[str, str]]:
    """The registration number and the name, else the reference, of those registrations, the longest waiting first."""
    name = func.coalesce(sensor_version.c.name, sensor_version.c.reference)
    statement = (
        select(sensor.c.public_code, name)
        .join(sensor, sensor.c.id == sensor_version.c.sensor_id)
        .where(
            sensor_version.c.owner_id == owner_id,
            has_status(sensor_version, RegistrationStatus.CHANGES_REQUESTED),
        )
        .order_by(sensor_version.c.recorded_at, sensor_version.c.id)
        .limit(limit)
    )
    return [(code, found) for code, found in session.execute(statement)]


def _select(published: FromClause, owner_id: UUID, today: date, *columns: Any) -> Select[Any]:
    next_date = literal_column(NEXT_DATE_SQL.format(version="published."), Date)
    return select(*columns).where(
        published.c.owner_id == owner_id,
        is_published(published),
        published.c.removed_on.is_(None),
        next_date <= literal(today + timedelta(days=AHEAD_DAYS)),
    )


def _is_due(published: FromClause, task: OwnerTask, today: date) -> ColumnElement[bool]:
    term = _TERMS[task]
    found: ColumnElement[bool] = published.c[term.column] <= literal(today + timedelta(days=term.days))
    return found
