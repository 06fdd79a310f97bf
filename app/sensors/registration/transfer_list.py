"""Offers of sensors to other organisations: one of a sensor, or those of an organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.organisations.queries import list_organisation_names
from app.sensors.receipts.actions import TRANSFER
from app.sensors.registration_status import is_current
from app.sensors.tables.receipts import receipt
from app.sensors.tables.register import sensor, sensor_version
from app.sensors.tables.transfers import SensorTransfer, TransferDecision

__all__ = ["MAX_LISTED", "Transfer", "TransferDecision", "count_offers", "find_transfer", "list_transfers"]

MAX_LISTED: Final = 200
"""Maximum number of offers in a list."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """An offer of a sensor by its owner to another organisation.

    `title` is the name or reference of the sensor today; None for an offer that is decided: it may have another owner.
    `receipt` is the number of the receipt of an accepted offer, which both owners see.
    """

    id: UUID
    sensor_id: UUID
    public_code: str
    title: str | None
    from_id: UUID
    from_name: str
    to_id: UUID
    to_name: str
    offered_at: datetime
    decision: TransferDecision | None
    decided_at: datetime | None
    reason: str | None
    receipt: str | None


def find_transfer(session: Session, sensor_id: UUID) -> Transfer | None:
    """The newest offer of a sensor."""
    newest = _select().where(SensorTransfer.sensor_id == sensor_id).limit(1)
    return next(iter(_read(session, newest)), None)


def list_transfers(session: Session, organisation_id: UUID) -> list[Transfer]:
    """The offers to and of an organisation, open ones first, then the newest; at most `MAX_LISTED`."""
    concerned = or_(
        SensorTransfer.from_owner_id == organisation_id, SensorTransfer.to_owner_id == organisation_id
    )
    return _read(session, _select().where(concerned).limit(MAX_LISTED))


def count_offers(session: Session, organisation_id: UUID) -> int:
    """How many sensors are offered to an organisation, and wait for its answer."""
    statement = select(func.count()).where(
        SensorTransfer.to_owner_id == organisation_id, SensorTransfer.decision.is_(None)
    )
    return session.scalars(statement).one()


def _select() -> Select[Any]:
    title = sensor_version.c.name
    number = (
        select(receipt.c.number)
        .where(
            receipt.c.sensor_id == SensorTransfer.sensor_id,
            receipt.c.kind == TRANSFER,
            receipt.c.organisation_id == SensorTransfer.to_owner_id,
            receipt.c.submitted_by_id == SensorTransfer.from_owner_id,
            receipt.c.received_at.between(SensorTransfer.offered_at, SensorTransfer.decided_at),
        )
        .order_by(receipt.c.received_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(SensorTransfer, sensor.c.public_code, sensor.c.reference, title, number)
        .join(sensor, sensor.c.id == SensorTransfer.sensor_id)
        .outerjoin(sensor_version, (sensor_version.c.sensor_id == sensor.c.id) & is_current(sensor_version))
        .order_by(
            SensorTransfer.decision.is_not(None), SensorTransfer.offered_at.desc(), SensorTransfer.id.desc()
        )
    )


def _read(session: Session, statement: Select[Any]) -> list[Transfer]:
    rows = session.execute(statement.execution_options(populate_existing=True)).all()
    ids = {one for row in rows for one in (row[0].from_owner_id, row[0].to_owner_id)}
    names = list_organisation_names(session, ids)
    return [
        Transfer(
            offer.id,
            offer.sensor_id,
            public_code,
            (name or reference) if offer.decision is None else None,
            offer.from_owner_id,
            names[offer.from_owner_id],
            offer.to_owner_id,
            names[offer.to_owner_id],
            offer.offered_at,
            TransferDecision(offer.decision) if offer.decision else None,
            offer.decided_at,
            offer.reason,
            number if offer.decision == TransferDecision.ACCEPTED else None,
        )
        for offer, public_code, reference, name, number in rows
    ]
