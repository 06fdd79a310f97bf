"""Duty profiles of municipalities, which are public, and the organisations that a municipality trusts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class DutyProfile(Base):
    """The rule of a municipality from a day on, until its next one begins. No row is ever changed or deleted.

    `superseded_at` is set where another profile for the same day took its place. Texts are objects of `nl` and `en`.
    """

    __tablename__ = "duty_profile"
    __table_args__ = (
        CheckConstraint("municipality_code ~ '^GM[0-9]{4}$'", name="municipality_code"),
        CheckConstraint("notice_days BETWEEN 0 AND 365", name="notice_days"),
        CheckConstraint(
            "least(review_term_days, comment_term_days, report_term_days) >= 1"
            " AND greatest(review_term_days, comment_term_days, report_term_days) <= 365",
            name="terms",
        ),
        Index(
            "uq_duty_profile_valid_from",
            "municipality_code",
            "valid_from",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        {"schema": "publication"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    municipality_code: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    is_mandatory: Mapped[bool]
    sensor_types: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    owner_types: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    notice_days: Mapped[int]
    removal_notified: Mapped[bool]
    change_notified: Mapped[bool]
    exemptions: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    legal_title: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    legal_text: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    legal_url: Mapped[str | None] = mapped_column(Text)
    review_term_days: Mapped[int]
    comment_term_days: Mapped[int]
    report_term_days: Mapped[int]
    receipt_text: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    objection_text: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    superseded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TrustedOrganisation(Base):
    """An organisation whose own registrations in a municipality are published at once, from `since` to `ended_at`."""

    __tablename__ = "trusted_organisation"
    __table_args__ = (
        CheckConstraint("ended_at >= since", name="ended_after_since"),
        Index(
            "uq_trusted_organisation_in_force",
            "municipality_code",
            "organisation_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_trusted_organisation_organisation_id", "organisation_id"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    municipality_code: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    trusted_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
