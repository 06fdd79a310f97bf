"""Receipts of submissions: what was said to the register, when, and under which duty; private."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from app.core.database import Base

_metadata = Base.metadata

receipt_duty: Final = Table(
    "receipt_duty",
    _metadata,
    Column("digest", BYTEA, primary_key=True),
    Column("content", JSONB, nullable=False),
    CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
    schema="register",
)
"""Texts and terms of duties as they were in force when a receipt was given; equal ones are stored once."""

receipt: Final = Table(
    "receipt",
    _metadata,
    Column("number", Text, primary_key=True, server_default=text("register.receipt_number()")),
    # An action of `lifecycle.Action` on one sensor, or `import` or `undo_import`.
    Column("kind", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    # The owner of the registration, and the organisation that submitted it: a municipality may do so on behalf of one.
    Column("organisation_id", Uuid, nullable=False),
    Column("submitted_by_id", Uuid),
    Column("sensor_id", Uuid),
    Column("version_id", Uuid),
    Column("import_id", Uuid),
    # Those that saw the submission; none for an import, of which each sees its own sensors.
    Column("municipality_codes", ARRAY(Text), nullable=False),
    Column("registration_status", Text),
    Column("duty_digest", BYTEA, ForeignKey("register.receipt_duty.digest")),
    # None where the duty has no term for such a submission.
    Column("days_late", Integer),
    Column("review_until", Date),
    # None after the content of its version was erased; the digest stays.
    Column("said", JSONB),
    Column("digest", BYTEA, nullable=False),
    CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
    CheckConstraint("(version_id IS NULL) = (sensor_id IS NULL)", name="version_of_sensor"),
    CheckConstraint("(version_id IS NULL) <> (import_id IS NULL)", name="version_or_import"),
    Index(
        "uq_receipt_version_id", "version_id", unique=True, postgresql_where=text("version_id IS NOT NULL")
    ),
    Index("ix_receipt_sensor_id", "sensor_id", "received_at", postgresql_where=text("sensor_id IS NOT NULL")),
    Index("ix_receipt_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    Index("ix_receipt_organisation_id", "organisation_id", "received_at", "number"),
    schema="register",
)
