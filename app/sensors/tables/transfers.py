"""Offers of a sensor to another organisation, and their decisions; private."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.sensors.registration_status import list_sql

MAX_REASON = 2000
"""Maximum number of characters of the reason of a refusal."""


class TransferDecision(StrEnum):
    """End of an offer: the other organisation accepted or refused it, or the owner took it back."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class SensorTransfer(Base):
    """One offer; a sensor has at most one without a decision."""

    __tablename__ = "sensor_transfer"
    __table_args__ = (
        CheckConstraint(f"decision IN {list_sql(TransferDecision)}", name="decision_known"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_a_moment"),
        CheckConstraint("from_owner_id <> to_owner_id", name="two_owners"),
        CheckConstraint(f"length(reason) BETWEEN 1 AND {MAX_REASON}", name="reason_length"),
        Index(
            "uq_sensor_transfer_open",
            "sensor_id",
            unique=True,
            postgresql_where=text("decision IS NULL"),
        ),
        Index("ix_sensor_transfer_sensor_id", "sensor_id"),
        Index("ix_sensor_transfer_from_owner_id", "from_owner_id", "offered_at"),
        Index("ix_sensor_transfer_to_owner_id", "to_owner_id", "offered_at"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    sensor_id: Mapped[UUID] = mapped_column(ForeignKey("register.sensor.id"))
    from_owner_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"))
    to_owner_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"))
    offered_by: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"))
    offered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decision: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)
