"""Remarks in reviews of submissions, and which municipality was sent mail about which submission; private."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.sensors.registration_status import list_sql

MAX_REMARK = 2000
"""Maximum number of characters of a remark."""


class RemarkKind(StrEnum):
    """Kind of a remark: what it belongs to."""

    CHANGE_REQUEST = "change_request"
    REJECTION = "rejection"
    COMMENT = "comment"
    ANSWER = "answer"


class NoticeKind(StrEnum):
    """Reason why a municipality gets mail about a submission."""

    NEW = "new"
    COMMENT = "comment"
    """Its area is touched: it is asked for comment."""
    NEAR = "near"
    """The term of review ends soon."""
    PAST = "past"
    """The term of review has passed."""


class ReviewRemark(Base):
    """A remark about one version of a sensor, or about one field of it."""

    __tablename__ = "review_remark"
    __table_args__ = (
        CheckConstraint(f"kind IN {list_sql(RemarkKind)}", name="kind_known"),
        CheckConstraint(f"length(text) BETWEEN 1 AND {MAX_REMARK}", name="text_length"),
        Index("ix_review_remark_sensor_id", "sensor_id", "version_number"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    sensor_id: Mapped[UUID] = mapped_column(ForeignKey("register.sensor.id"))
    version_number: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ReviewNotice(Base):
    """A submission that a municipality was sent mail about. Each is there once, so that nothing is mailed twice."""

    __tablename__ = "review_notice"
    __table_args__ = (
        CheckConstraint(f"kind IN {list_sql(NoticeKind)}", name="kind_known"),
        {"schema": "register"},
    )

    sensor_id: Mapped[UUID] = mapped_column(ForeignKey("register.sensor.id"), primary_key=True)
    version_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality_code: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    sent_on: Mapped[date] = mapped_column(Date)
