"""Notices to organisations on whose behalf a municipality registered: which sensors, and what they answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class BehalfNotice(Base):
    """One notice to one organisation, of the sensors of one municipality.

    Only the hash of the secret of its link is stored. `mailed_to_anyone` is false where the register sends no
    mail, or knows no address. `reason` is of an objection.
    """

    __tablename__ = "behalf_notice"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("answer IN ('confirmed', 'objected')", name="answer_known"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_moment"),
        CheckConstraint("(answer = 'objected') = (reason IS NOT NULL)", name="objection_with_reason"),
        Index("ix_behalf_notice_municipality_code", "municipality_code"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"), index=True)
    municipality_code: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    mailed_to_anyone: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    answer: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))


class BehalfNoticeSensor(Base):
    """A sensor that a notice tells of: one notice alone."""

    __tablename__ = "behalf_notice_sensor"
    __table_args__ = ({"schema": "register"},)

    sensor_id: Mapped[UUID] = mapped_column(ForeignKey("register.sensor.id"), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("register.behalf_notice.id"), index=True)
