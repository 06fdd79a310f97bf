"""Ending keys, grants and principals.

What ends a principal, a grant or the access for an organisation ends the keys that depend on it, and the open
invitations that no one could give any more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.access.managers import is_grant_for, require_manager_left
from app.access.permissions import invitable_roles
from app.access.principal import SYSTEM, Role
from app.access.principal_records import (
    describe_grant,
    lock_principal,
    record_invitation,
    record_key,
    record_principal,
)
from app.access.queries import get_principal
from app.access.sessions import end_sessions_of
from app.access.tables import AccessGrant, ApiKey, InvitationRow
from app.core.errors import Conflict, NotFound
from app.core.i18n import LocalizedText


def revoke_key(session: Session, *, revoked_by: UUID | None, prefix: str, now: datetime) -> None:
    """Revoke a key at once; the moment of an earlier revocation stays. Raises: NotFound."""
    key = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix).with_for_update()).one_or_none()
    if key is None:
        raise NotFound(LocalizedText("Deze sleutel bestaat niet.", "There is no such key."))
    if key.revoked_at is None:
        _revoke(session, revoked_by, [key], now)


def end_grant(  # noqa: PLR0913 - which grant, by whom, when and why
    session: Session,
    *,
    ended_by: UUID | None,
    grant_id: UUID,
    now: datetime,
    reason: str | None = None,
    even_last: bool = False,
) -> Sequence[str]:
    """End a grant and the keys that were issued for it; a principal without grants keeps no key.

    Returns the prefixes of the revoked keys. Raises: NotFound, also for a grant that has ended; Conflict, but for
    `even_last`, where no one would be left to manage the organisation.
    """
    grant = session.get(AccessGrant, grant_id, with_for_update=True)
    if grant is None or grant.ended_at is not None:
        raise NotFound(LocalizedText("Deze rol is er niet (meer).", "There is no such grant (any more)."))
    if not even_last:
        _require_managers(session, [grant])
    return _end_grants(session, ended_by, [grant], now, reason)


def end_principal(  # noqa: PLR0913 - which principal, by whom, when and why
    session: Session,
    *,
    ended_by: UUID | None,
    principal_id: UUID,
    now: datetime,
    reason: str | None = None,
    even_last: bool = False,
) -> Sequence[str]:
    """End a principal with all its grants, keys and sessions; its handle is free again. What it did stays in its name.

    Returns the prefixes of the revoked keys. Raises: NotFound; Conflict where it has ended, is the register's own,
    or, but for `even_last`, where no one would be left to manage an organisation.
    """
    principal = lock_principal(session, principal_id)
    if (principal.handle or "").startswith(SYSTEM):
        raise Conflict(
            LocalizedText(
                "Dit is een onderdeel van het register zelf.", "This is a part of the register itself."
            )
        )
    grants = _lock_grants(session, AccessGrant.principal_id == principal_id)
    if not even_last:
        _require_managers(session, grants)
    principal.ended_at = now
    principal.handle = None
    record_principal(session, ended_by, "end_principal", principal_id, details={}, reason=reason)
    end_sessions_of(session, principal_id, now)
    return [
        *_end_grants(session, ended_by, grants, now, reason),
        *_revoke(session, ended_by, _lock_keys(session, ApiKey.principal_id == principal_id), now),
    ]


def end_access_for(
    session: Session,
    *,
    ended_by: UUID | None,
    organisation_id: UUID,
    now: datetime,
    reason: str | None = None,
) -> Sequence[str]:
    """End every grant for an organisation, with its keys and open invitations. Returns the prefixes of the keys."""
    _end_invitations(
        session, ended_by, _lock_invitations(session, InvitationRow.organisation_id == organisation_id), now
    )
    grants = _lock_grants(session, AccessGrant.organisation_id == organisation_id)
    return _end_grants(session, ended_by, grants, now, reason)


def _require_managers(session: Session, ending: Sequence[AccessGrant]) -> None:
    """Raises: Conflict where no one would be left to manage an organisation once these grants have ended."""
    ended = [grant.id for grant in ending]
    for principal_id, organisation_id in {(one.principal_id, one.organisation_id) for one in ending}:
        stays = select(AccessGrant.role).where(
            is_grant_for(organisation_id),
            AccessGrant.principal_id == principal_id,
            AccessGrant.id.not_in(ended),
        )
        roles = [cast(Role, role) for role in session.scalars(stays)]
        require_manager_left(session, organisation_id, principal_id, roles)


def _end_grants(
    session: Session,
    ended_by: UUID | None,
    grants: Sequence[AccessGrant],
    now: datetime,
    reason: str | None,
) -> list[str]:
    revoked = []
    for grant in grants:
        grant.ended_at = now
        session.flush()
        details = describe_grant(grant.role, grant.organisation_id)
        record_principal(session, ended_by, "end_grant", grant.principal_id, details=details, reason=reason)
        still_granted = exists().where(
            AccessGrant.principal_id == grant.principal_id, AccessGrant.ended_at.is_(None)
        )
        depends = (ApiKey.grant_id == grant.id) | (ApiKey.grant_id.is_(None) & ~still_granted)
        keys = _lock_keys(session, (ApiKey.principal_id == grant.principal_id) & depends)
        revoked += _revoke(session, ended_by, keys, now)
    for principal_id in {grant.principal_id for grant in grants}:
        _end_invitations_by(session, ended_by, principal_id, now)
    return revoked


def _end_invitations_by(session: Session, ended_by: UUID | None, principal_id: UUID, now: datetime) -> None:
    """End the open invitations of someone who may no longer give what they offer."""
    principal = get_principal(session, principal_id)
    rows = [
        row
        for row in _lock_invitations(session, InvitationRow.invited_by == principal_id)
        if cast(Role, row.role) not in invitable_roles(principal, row.organisation_id)
    ]
    _end_invitations(session, ended_by, rows, now)


def _end_invitations(
    session: Session, ended_by: UUID | None, rows: Sequence[InvitationRow], now: datetime
) -> None:
    for row in rows:
        row.ended_at = now
    session.flush()
    for row in rows:
        record_invitation(session, ended_by, "withdraw_invitation", row)


def _lock_invitations(session: Session, condition: ColumnElement[bool]) -> Sequence[InvitationRow]:
    open_ones = select(InvitationRow).where(condition, InvitationRow.ended_at.is_(None))
    return session.scalars(open_ones.order_by(InvitationRow.id).with_for_update()).all()


def _revoke(session: Session, revoked_by: UUID | None, keys: Sequence[ApiKey], now: datetime) -> list[str]:
    for key in keys:
        key.revoked_at = now
    session.flush()
    for key in keys:
        record_key(session, revoked_by, "revoke_key", key, {})
    return [key.prefix for key in keys]


def _lock_grants(session: Session, condition: ColumnElement[bool]) -> Sequence[AccessGrant]:
    statement = select(AccessGrant).where(condition, AccessGrant.ended_at.is_(None)).order_by(AccessGrant.id)
    return session.scalars(statement.with_for_update()).all()


def _lock_keys(session: Session, condition: ColumnElement[bool]) -> Sequence[ApiKey]:
    statement = select(ApiKey).where(condition, ApiKey.revoked_at.is_(None)).order_by(ApiKey.id)
    return session.scalars(statement.with_for_update()).all()
