"""Residents' reports and their notes, which are private; sightings; and what becomes public of them.

The kind, text and way of a report stay in the schema `register`. Public are published answers, the numbers by
municipality, year and kind, and a hint on a sensor that several visitors did not see any more.
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.reports.report_kinds import ENDED_STATUSES, MAX_TEXT, ReportKind, ReportStatus
from app.sensors.registration_status import list_sql

_KINDS: Final = list_sql(ReportKind)
_SIGHTINGS: Final = list_sql((ReportKind.GONE, ReportKind.STILL_THERE))


class Report(Base):
    """A report. `token_hash` is of the secret of its private link, `email_encrypted` the address of its reporter.

    `municipality_code` is of the place; `forwarded_to` the organisation that answers in its stead. `answer` is what
    the reporter reads, also why a report was rejected. `revision` grows by each action.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"kind IN {_KINDS}", name="kind_known"),
        CheckConstraint(f"status IN {list_sql(ReportStatus)}", name="status_known"),
        CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("sensor_id IS NOT NULL OR location IS NOT NULL", name="about_something"),
        CheckConstraint("(location IS NULL) = (location_rd IS NULL)", name="place_in_both_systems"),
        CheckConstraint(f"char_length(text) <= {MAX_TEXT}", name="text_length"),
        CheckConstraint("status <> 'forwarded' OR forwarded_to IS NOT NULL", name="forwarded_to_someone"),
        CheckConstraint(f"(status IN {list_sql(ENDED_STATUSES)}) = (ended_at IS NOT NULL)", name="end_dated"),
        CheckConstraint("(ended_at IS NULL) = (answer IS NULL)", name="end_with_answer"),
        Index("ix_report_municipality_code_due_on", "municipality_code", "due_on", "id"),
        Index(
            "ix_report_forwarded_to_due_on",
            "forwarded_to",
            "due_on",
            "id",
            postgresql_where=text("forwarded_to IS NOT NULL"),
        ),
        Index("ix_report_due_on", "due_on", "id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_report_ended_at", "ended_at", postgresql_where=text("email_encrypted IS NOT NULL")),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="received")
    revision: Mapped[int] = mapped_column(Integer, server_default="1")
    sensor_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.sensor.id"), index=True)
    location: Mapped[Any | None] = mapped_column(Geometry("POINT", srid=4258, spatial_index=False))
    location_rd: Mapped[Any | None] = mapped_column(Geometry("POINT", srid=28992, spatial_index=False))
    municipality_code: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    email_encrypted: Mapped[bytes | None] = mapped_column(BYTEA)
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    language: Mapped[str] = mapped_column(Text)
    may_publish: Mapped[bool]
    due_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    announced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    forwarded_to: Mapped[UUID | None] = mapped_column(ForeignKey("publication.organisation.id"))
    forwarded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    answered_for: Mapped[UUID | None] = mapped_column(ForeignKey("publication.organisation.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReportNote(Base):
    """A note that someone who handles a report wrote for colleagues; the reporter does not see it."""

    __tablename__ = "report_note"
    __table_args__ = ({"schema": "register"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("register.report.id", ondelete="CASCADE"), index=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("publication.organisation.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Sighting(Base):
    """How many visitors saw a sensor, or did not see it any more; `weight` halves with time from `counted_at` on."""

    __tablename__ = "sighting"
    __table_args__ = (
        CheckConstraint(f"kind IN {_SIGHTINGS}", name="kind_known"),
        {"schema": "register"},
    )

    sensor_id: Mapped[UUID] = mapped_column(ForeignKey("register.sensor.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    weight: Mapped[float] = mapped_column(Double)
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SightingHint(Base):
    """The public weights of sightings of a sensor that enough visitors did not see any more."""

    __tablename__ = "sighting_hint"
    __table_args__ = ({"schema": "publication"},)

    sensor_id: Mapped[UUID] = mapped_column(primary_key=True)
    gone: Mapped[float] = mapped_column(Double)
    still_there: Mapped[float] = mapped_column(Double)
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PublishedAnswer(Base):
    """A question of a resident in the words of who answered it, and the answer, on the page of a sensor."""

    __tablename__ = "published_answer"
    __table_args__ = (
        CheckConstraint(f"kind IN {_KINDS}", name="kind_known"),
        Index("ix_published_answer_sensor_id", "sensor_id", "answered_on"),
        {"schema": "publication"},
    )

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    sensor_id: Mapped[UUID]
    organisation_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    answered_on: Mapped[date] = mapped_column(Date)


class ReportCount(Base):
    """Reports by municipality (an empty code where there is none), year in which they came, and kind."""

    __tablename__ = "report_count"
    __table_args__ = (
        CheckConstraint(f"kind IN {_KINDS}", name="kind_known"),
        {"schema": "publication"},
    )

    municipality_code: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    received: Mapped[int] = mapped_column(Integer, server_default="0")
    answered: Mapped[int] = mapped_column(Integer, server_default="0")
    rejected: Mapped[int] = mapped_column(Integer, server_default="0")
    in_time: Mapped[int] = mapped_column(Integer, server_default="0")
