"""Tables of imports, their problems, the uploaded files and the mappings of headings; all of them private."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.core.i18n import LocalizedText

STATUSES: Final = {
    "waiting": LocalizedText("in de wachtrij", "waiting"),
    "checking": LocalizedText("wordt gecontroleerd", "being checked"),
    "checked": LocalizedText("gecontroleerd", "checked"),
    "applying": LocalizedText("wordt toegepast", "being applied"),
    "applied": LocalizedText("toegepast", "applied"),
    "undoing": LocalizedText("wordt ongedaan gemaakt", "being undone"),
    "undone": LocalizedText("ongedaan gemaakt", "undone"),
    "failed": LocalizedText("mislukt", "failed"),
    "cancelled": LocalizedText("geannuleerd", "cancelled"),
}
"""Statuses of an import in words."""

RUNNING: Final = ("waiting", "checking", "applying", "undoing")
"""Statuses in which a job is queued or working."""


class SensorImport(Base):
    """An import of one file; `principal_id` started its latest step, by a key, and is None for the command line.

    `report` and `progress` hold wire names; a failure is a sentence in both languages, with the code of
    the problem where it has one. `mapping` is the mapping of headings that the file is read with, as it was then.
    """

    __tablename__ = "sensor_import"
    __table_args__ = (
        CheckConstraint("mode IN ('all', 'valid_rows')", name="mode_known"),
        CheckConstraint(f"status IN ({', '.join(map(repr, STATUSES))})", name="status_known"),
        CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        Index("ix_sensor_import_principal_id_id", "principal_id", "id"),
        Index("ix_sensor_import_owner_id", "owner_id"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    principal_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.api_key.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("publication.organisation.id"))
    file_name: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(Text)
    format: Mapped[str | None] = mapped_column(Text)
    layout: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text, server_default="all")
    complete: Mapped[bool] = mapped_column(server_default=text("false"))
    apply_at_once: Mapped[bool] = mapped_column(server_default=text("false"))
    defaults: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    mapping_name: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, server_default="nl")
    request_id: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="waiting")
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    progress: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    failure_nl: Mapped[str | None] = mapped_column(Text)
    failure_en: Mapped[str | None] = mapped_column(Text)
    failure_code: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SensorImportProblem(Base):
    """A problem or warning and its place in the file; `position` counts from 1, in the order of the file."""

    __tablename__ = "sensor_import_problem"
    __table_args__ = ({"schema": "register"},)

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("register.sensor_import.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str | None] = mapped_column(Text)
    row_number: Mapped[int]
    reference: Mapped[str | None] = mapped_column(Text)
    column_letter: Mapped[str | None] = mapped_column(Text)
    heading: Mapped[str | None] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    detail_nl: Mapped[str] = mapped_column(Text)
    detail_en: Mapped[str] = mapped_column(Text)
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    suggestion: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    is_warning: Mapped[bool]


class SensorImportPlace(Base):
    """A row of an import that was checked and not applied: what would happen, and where, in degrees.

    `position` is the ordinal of the row among all; `former_lon` and `former_lat` are of a sensor that moves.
    """

    __tablename__ = "sensor_import_place"
    __table_args__ = (
        CheckConstraint("outcome IN ('new', 'changed', 'refused')", name="outcome_known"),
        {"schema": "register"},
    )

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("register.sensor_import.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(Text)
    table_name: Mapped[str | None] = mapped_column(Text)
    row_number: Mapped[int]
    reference: Mapped[str | None] = mapped_column(Text)
    municipality_code: Mapped[str | None] = mapped_column(Text)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    former_lon: Mapped[float | None]
    former_lat: Mapped[float | None]


class SensorImportPiece(Base):
    """One piece of an uploaded file; `number` counts from 0."""

    __tablename__ = "sensor_import_piece"
    __table_args__ = ({"schema": "register"},)

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("register.sensor_import.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(BYTEA)


class StoredMapping(Base):
    """A mapping of the headings of an organisation's own list, under the name that it has there."""

    __tablename__ = "heading_mapping"
    __table_args__ = (UniqueConstraint("owner_id", "name"), {"schema": "register"})

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"))
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
