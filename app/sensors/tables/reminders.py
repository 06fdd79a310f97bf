"""Reminders: which dates of which sensors an organisation was reminded of, by which mail; private."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class ReminderRow(Base):
    """One reminder to one organisation; the secret of its link, which works until `expires_at`, is stored as a hash."""

    __tablename__ = "reminder"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    sent_on: Mapped[date] = mapped_column(Date)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RemindedSensor(Base):
    """A date of a sensor that a reminder was about, `days` (60 or 14) before it or later. Each is there once."""

    __tablename__ = "reminded_sensor"
    __table_args__ = (
        CheckConstraint(
            "due_kind IN ('confirm_by', 'active_until', 'authorisation_valid_until')", name="due_kind_known"
        ),
        Index("ix_reminded_sensor_reminder_id", "reminder_id"),
        {"schema": "register"},
    )

    sensor_id: Mapped[UUID] = mapped_column(ForeignKey("register.sensor.id"), primary_key=True)
    due_kind: Mapped[str] = mapped_column(Text, primary_key=True)
    due_on: Mapped[date] = mapped_column(Date, primary_key=True)
    days: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reminder_id: Mapped[UUID] = mapped_column(ForeignKey("register.reminder.id", ondelete="CASCADE"))
