"""Reading the audit trail."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry

PAGE_SIZE = 100


def list_entries(
    session: Session,
    *,
    subject_kind: str | None = None,
    subject_id: UUID | str | None = None,
    before: UUID | None = None,
    limit: int = PAGE_SIZE,
) -> Sequence[AuditEntry]:
    """The entries about one subject, or all; newest first, older than the entry `before`; may be empty."""
    statement = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if subject_kind is not None:
        statement = statement.where(AuditEntry.subject_kind == subject_kind)
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_ids.contains([str(subject_id)]))
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    return session.scalars(statement).all()
