"""Drafts of registrations: what an editor has typed so far, private to the organisation, and no registration yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class SensorDraft(Base):
    """One form that is not finished: the answers as they were typed, by the names of their fields.

    `sensor_id` and `version_number` are of the registration that it changes; a new one has none. `saves` has, for each
    step of the form, the revision that last changed it and the principal who did. `warned_at` is when its maker got
    a mail that it will be deleted; a draft that was saved since is not.
    """

    __tablename__ = "sensor_draft"
    __table_args__ = (
        CheckConstraint("(sensor_id IS NULL) = (version_number IS NULL)", name="version_of_sensor"),
        CheckConstraint("jsonb_typeof(answers) = 'object'", name="answers_by_name"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"), index=True)
    sensor_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.sensor.id"), index=True)
    version_number: Mapped[int | None] = mapped_column(Integer)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    saves: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    warned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
