"""The table of the audit trail, which only auditors read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class AuditEntry(Base):
    """One action on the register, however many records it touched.

    Its owner is a role that the register does not have: the register adds and reads entries. Source: decision 0045.

    `principal_id` is empty for an action on the command line; `digest` is the digest of the rows of a bulk action.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_ids", "subject_ids", postgresql_using="gin"),
        Index("ix_audit_entry_principal_id", "principal_id", "id"),
        {"schema": "audit"},
    )

    # The schema may be made before the function is there: the default is part of the statement.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=func.register.uuid7())
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    principal_id: Mapped[UUID | None] = mapped_column()
    on_behalf_of: Mapped[UUID | None] = mapped_column()
    action: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
