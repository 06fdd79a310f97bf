"""Invitations: an administrator offers a role, and the person accepts it by signing in through the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, check_name, grant_role
from app.access.principal import Role
from app.access.secrets import hash_secret, make_secret
from app.access.tables import InvitationRow
from app.audit.actions import record_action
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode
from app.mail.mail_address import normalise_address

LIFETIME: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation, without its secret."""

    id: UUID
    name: str
    email: str
    role: Role
    organisation_id: UUID | None
    expires_at: datetime
    by_link: bool
    """Whether the person signs in by a link in a mail, also where there is a provider."""


_SELECT = select(
    InvitationRow.id,
    InvitationRow.name,
    InvitationRow.email,
    InvitationRow.role,
    InvitationRow.organisation_id,
    InvitationRow.expires_at,
    InvitationRow.by_link,
)


def invite_person(  # noqa: PLR0913 - whom, for what and by whom
    session: Session,
    *,
    invited_by: UUID | None,
    name: str,
    email: str,
    role: Role,
    organisation_id: UUID | None,
    now: datetime,
    by_link: bool = False,
) -> str:
    """Invite a person to a role; returns the secret of the link, which is not stored.

    `by_link` lets the person sign in by links that are sent to this address, also where there is a provider.

    Raises: InvalidRequest with all problems.
    """
    name, email = name.strip(), email.strip()
    problems = check_name(name)
    if normalise_address(email) is None:
        sentence = LocalizedText(
            "Geef een e-mailadres, zoals naam@gemeente.nl.",
            "Give an e-mail address, such as name@gemeente.nl.",
        )
        problems.append(Problem(ProblemCode.INVALID_EMAIL, "/email", sentence, email[:254]))
    if organisation_id is None and role not in ("auditor", "administrator"):
        sentence = LocalizedText("Noem voor deze rol een organisatie.", "Name an organisation for this role.")
        problems.append(Problem(ProblemCode.REQUIRED, "/organisation", sentence))
    if problems:
        raise InvalidRequest(problems=problems)
    secret = make_secret()
    row = InvitationRow(
        token_hash=hash_secret(secret),
        name=name,
        email=email,
        role=role,
        organisation_id=organisation_id,
        invited_by=invited_by,
        by_link=by_link,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    _record(session, invited_by, "invite_person", row)
    return secret


def find_invitation(session: Session, secret: str, now: datetime) -> Invitation | None:
    """The open invitation with this secret; None where it was used, ended or came too late."""
    row = session.execute(
        _SELECT.where(
            InvitationRow.token_hash == hash_secret(secret),
            InvitationRow.ended_at.is_(None),
            InvitationRow.expires_at > now,
        )
    ).one_or_none()
    return None if row is None else _read(row)


def list_invitations(
    session: Session, organisation_ids: frozenset[UUID] | None, now: datetime
) -> Sequence[Invitation]:
    """The open invitations for these organisations, or all; the newest first."""
    statement = _SELECT.where(InvitationRow.ended_at.is_(None), InvitationRow.expires_at > now)
    if organisation_ids is not None:
        statement = statement.where(InvitationRow.organisation_id.in_(organisation_ids))
    return [_read(row) for row in session.execute(statement.order_by(InvitationRow.created_at.desc()))]


def find_invited_address(session: Session, principal_id: UUID) -> str | None:
    """The address of the last invitation that a person accepted; None for who was never invited by mail."""
    return session.scalar(
        select(InvitationRow.email)
        .where(InvitationRow.accepted_by == principal_id)
        .order_by(InvitationRow.created_at.desc(), InvitationRow.id.desc())
        .limit(1)
    )


def accept_invitation(
    session: Session, invitation_id: UUID, principal_id: UUID | None, now: datetime
) -> UUID:
    """Give the person the role, and end the invitation; without a principal a new one is admitted.

    Returns the principal. Raises: NotFound where the invitation is no longer open.
    """
    row = session.get(InvitationRow, invitation_id, with_for_update=True)
    if row is None or row.ended_at is not None or row.expires_at <= now:
        raise NotFound(
            LocalizedText(
                "Deze uitnodiging is gebruikt, ingetrokken of verlopen. Vraag om een nieuwe.",
                "This invitation was used, withdrawn or has expired. Ask for a new one.",
            )
        )
    if principal_id is None:
        principal_id = admit_principal(session, admitted_by=row.invited_by, name=row.name)
    grant_role(
        session,
        granted_by=row.invited_by,
        principal_id=principal_id,
        role=cast(Role, row.role),
        organisation_id=row.organisation_id,
    )
    row.ended_at = now
    row.accepted_by = principal_id
    session.flush()
    _record(session, principal_id, "accept_invitation", row)
    return principal_id


def withdraw_invitation(
    session: Session, *, withdrawn_by: UUID | None, invitation_id: UUID, now: datetime
) -> None:
    """End an invitation that no one accepted. Raises: NotFound."""
    row = session.get(InvitationRow, invitation_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound(
            LocalizedText("Deze uitnodiging is er niet (meer).", "There is no such invitation (any more).")
        )
    row.ended_at = now
    session.flush()
    _record(session, withdrawn_by, "withdraw_invitation", row)


def _read(row: Row[UUID, str, str, str, UUID | None, datetime, bool]) -> Invitation:
    found, name, email, role, organisation_id, expires_at, by_link = row
    return Invitation(found, name, email, cast(Role, role), organisation_id, expires_at, by_link)


def _record(session: Session, by: UUID | None, action: str, row: InvitationRow) -> None:
    details = {"role": row.role, "organisation": row.organisation_id and str(row.organisation_id)}
    record_action(
        session,
        principal_id=by,
        action=action,
        subject_kind="invitation",
        subject_ids=[row.id],
        details=details,
    )
