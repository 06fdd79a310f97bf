"""The registrations of one owner as a list for its editors: searched, sorted and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import Session

from app.sensors.registration.owner_faults import Fault, has_fault
from app.sensors.registration.owner_tasks import OwnerTask, select_with_task
from app.sensors.registration.reference_order import natural_order
from app.sensors.registration_status import ENDED_STATUSES, RegistrationStatus, has_status, is_current
from app.sensors.search.operational_status import OperationalStatus, operational_status
from app.sensors.tables.register import sensor, sensor_place, sensor_version

PAGE_ROWS: Final = 50
"""Registrations on a page of the list."""


class OwnerSort(StrEnum):
    """Orders of the list."""

    REFERENCE = "reference"
    CODE = "code"
    TYPE = "type"
    PLACED = "placed"
    UNTIL = "until"
    CONFIRM_BY = "confirm_by"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class OwnerSearch:
    """Which registrations of an owner: each condition narrows the list.

    `words` are sought in reference, name and registration number.
    `box` is west, south, east and north in degrees.
    """

    owner_id: UUID
    words: str = ""
    sensor_type: str | None = None
    registration_status: RegistrationStatus | None = None
    operational_status: OperationalStatus | None = None
    task: OwnerTask | None = None
    fault: Fault | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One registration in the list; the status in use holds on the day of the list."""

    id: UUID
    public_code: str
    reference: str
    name: str | None
    sensor_type: str
    municipality_code: str | None
    registration_status: RegistrationStatus
    operational_status: OperationalStatus
    placed_from: date
    active_until: date
    confirm_by: date
    removed_on: date | None
    warnings: int


_SORT: Final[dict[OwnerSort, ColumnElement[Any]]] = {
    OwnerSort.REFERENCE: natural_order(sensor_version.c.reference),
    OwnerSort.CODE: sensor.c.public_code,
    OwnerSort.TYPE: sensor_version.c.sensor_type,
    OwnerSort.PLACED: sensor_version.c.placed_from.desc(),
    OwnerSort.UNTIL: sensor_version.c.active_until,
    OwnerSort.CONFIRM_BY: sensor_version.c.confirm_by,
    OwnerSort.CHANGED: sensor_version.c.recorded_at.desc(),
}


def list_owner_rows(
    session: Session, search: OwnerSearch, sort: OwnerSort, today: date, *, page: int = 1
) -> tuple[list[OwnerRow], int]:
    """One page of the list, from 1, and the number of registrations that the search finds."""
    version = sensor_version.c
    statement = _select(
        search,
        today,
        sensor.c.id,
        sensor.c.public_code,
        version.reference,
        version.name,
        version.sensor_type,
        sensor_place.c.municipality_code,
        version.registration_status,
        operational_status(sensor_version, literal(today)),
        version.placed_from,
        version.active_until,
        version.confirm_by,
        version.removed_on,
        func.jsonb_array_length(version.warnings),
    ).outerjoin(sensor_place, sensor_place.c.version_id == version.id)
    total = session.scalar(select(func.count()).select_from(_select(search, today, version.id).subquery()))
    rows = session.execute(
        statement.order_by(_SORT[sort], version.reference, sensor.c.id)
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    )
    return [_make_row(row) for row in rows], total or 0


def list_owner_ids(session: Session, search: OwnerSearch, today: date) -> Sequence[UUID]:
    """The ids of every sensor that the search finds."""
    return session.scalars(_select(search, today, sensor.c.id).order_by(sensor.c.id)).all()


def find_owner_ids(session: Session, owner_id: UUID, public_codes: Sequence[str]) -> Sequence[UUID]:
    """The ids of the sensors of this owner with these registration numbers; those of others are left out."""
    statement = select(sensor.c.id).where(
        sensor.c.owner_id == owner_id, sensor.c.public_code.in_(public_codes)
    )
    return session.scalars(statement.order_by(sensor.c.id)).all()


def list_owner_references(session: Session, sensor_ids: Sequence[UUID]) -> list[tuple[str, str, str | None]]:
    """Registration number, reference and name of each of these sensors, in the order of the references."""
    version = sensor_version.c
    statement = (
        select(sensor.c.public_code, version.reference, version.name)
        .join(sensor_version, version.sensor_id == sensor.c.id)
        .where(sensor.c.id == func.any(list(sensor_ids)), is_current(sensor_version))
        .order_by(natural_order(version.reference), version.reference)
    )
    return [(code, reference, name) for code, reference, name in session.execute(statement)]


def _make_row(row: Any) -> OwnerRow:
    values = list(row)
    values[6], values[7] = RegistrationStatus(values[6]), OperationalStatus(values[7])
    return OwnerRow(*values)


def _select(search: OwnerSearch, today: date, *columns: Any) -> Select[Any]:
    version = sensor_version.c
    status = search.registration_status
    # A rejected or withdrawn registration is not current, and is found by asking for its status.
    is_listed = has_status(sensor_version, status) if status in ENDED_STATUSES else is_current(sensor_version)
    conditions: list[ColumnElement[bool]] = [version.owner_id == search.owner_id, is_listed]
    for word in search.words.lower().split():
        texts = (version.reference, version.name, sensor.c.public_code)
        conditions.append(or_(*(func.lower(one).contains(word, autoescape=True) for one in texts)))
    if search.sensor_type is not None:
        conditions.append(version.sensor_type == search.sensor_type)
    if status is not None:
        conditions.append(version.registration_status == status)
    if search.operational_status is not None:
        conditions.append(operational_status(sensor_version, literal(today)) == search.operational_status)
    if search.task is not None:
        conditions.append(version.sensor_id.in_(select_with_task(search.task, search.owner_id, today)))
    if search.fault is not None:
        conditions.append(has_fault(sensor_version, search.fault))
    if search.box is not None:
        conditions.append(func.ST_Intersects(version.location, func.ST_MakeEnvelope(*search.box, 4258)))
    return select(*columns).join(sensor, sensor.c.id == version.sensor_id).where(*conditions)
