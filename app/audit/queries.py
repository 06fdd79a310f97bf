"""Reading the audit trail."""

from collections.abc import Collection, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.audit.tables import AuditEntry

PAGE_SIZE = 100

Entry: TypeAlias = AuditEntry
"""An entry of the audit trail, as these functions return it."""


AUDIT_ADVICE: Final = (
    "psql -d DATABASE -f migrations/audit.sql, as an administrator "
    '(with PGOPTIONS="-c register.user=NAME" where the register\'s user does not own the database)'
)
"""Command by which the audit trail gets an owner that the register is not."""


def is_audit_protected(connection: psycopg.Connection[Any]) -> bool:
    """Whether the audit trail belongs to a role that the user of this connection is not, and cannot become."""
    row = connection.execute("""
        SELECT NOT pg_has_role(current_user, relowner, 'MEMBER')
            AND NOT has_table_privilege('audit.audit_entry', 'UPDATE, DELETE, TRUNCATE')
        FROM pg_class WHERE oid = to_regclass('audit.audit_entry')
    """).fetchone()
    return row is not None and bool(row[0])


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


def find_last_actors(
    session: Session, subject_kind: str, subject_ids: Collection[UUID], actions: Collection[str]
) -> dict[UUID, UUID]:
    """The principal of the last of these actions on each of these subjects, by subject; others are left out."""
    named = [str(one) for one in subject_ids]
    subject = func.unnest(AuditEntry.subject_ids).label("subject")
    found = (
        select(AuditEntry.id, AuditEntry.principal_id, subject)
        .where(
            AuditEntry.subject_kind == subject_kind,
            AuditEntry.subject_ids.overlap(named),
            AuditEntry.action.in_(actions),
            AuditEntry.principal_id.is_not(None),
        )
        .subquery()
    )
    last = (
        select(found.c.subject, found.c.principal_id)
        .ext(distinct_on(found.c.subject))
        .where(found.c.subject == func.any(named))
        .order_by(found.c.subject, found.c.id.desc())
    )
    return {UUID(row.subject): row.principal_id for row in session.execute(last)}
