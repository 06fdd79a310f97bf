"""Locking a principal, and the audit entries about principals, keys and invitations."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.tables import ApiKey, InvitationRow, PrincipalRow
from app.audit.actions import record_action
from app.core.errors import Conflict, NotFound
from app.core.i18n import LocalizedText


def lock_principal(session: Session, principal_id: UUID) -> PrincipalRow:
    """The principal, locked so that it does not get keys or grants while it ends. Raises: NotFound; Conflict."""
    principal = session.get(PrincipalRow, principal_id, with_for_update={"key_share": True})
    if principal is None:
        raise NotFound(
            LocalizedText("Deze persoon of applicatie bestaat niet.", "There is no such principal.")
        )
    if principal.ended_at is not None:
        raise Conflict(
            LocalizedText(
                "De toegang van deze persoon of applicatie is beëindigd.",
                "The access of this principal has ended.",
            )
        )
    return principal


def describe_grant(role: str, organisation_id: UUID | None) -> dict[str, Any]:
    """A grant in the details of an audit entry."""
    return {"role": role, "organisation": organisation_id and str(organisation_id)}


def record_principal(  # noqa: PLR0913 - who, what, on what and why
    session: Session,
    by: UUID | None,
    action: str,
    principal_id: UUID,
    *,
    details: dict[str, Any],
    reason: str | None = None,
) -> None:
    """Write the audit entry of an action on a principal."""
    record_action(
        session,
        principal_id=by,
        action=action,
        subject_kind="principal",
        subject_ids=[principal_id],
        details=details,
        reason=reason,
    )


def record_key(
    session: Session, principal_id: UUID | None, action: str, key: ApiKey, details: dict[str, str]
) -> None:
    """Write the audit entry of an action on a key."""
    record_action(
        session,
        principal_id=principal_id,
        action=action,
        subject_kind="api_key",
        subject_ids=[key.id],
        details={"prefix": key.prefix, "principal": str(key.principal_id), **details},
    )


def record_invitation(session: Session, by: UUID | None, action: str, row: InvitationRow) -> None:
    """Write the audit entry of an action on an invitation: never its address."""
    record_action(
        session,
        principal_id=by,
        action=action,
        subject_kind="invitation",
        subject_ids=[row.id],
        details=describe_grant(row.role, row.organisation_id),
    )
