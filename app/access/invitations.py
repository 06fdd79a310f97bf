"""Invitations: someone who may give a role offers it, and the person accepts it by signing in through the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from app.access.actions import admit_principal, check_name, grant_role
from app.access.principal import Role
from app.access.principal_records import record_invitation
from app.access.secrets import hash_secret, make_secret
from app.access.tables import InvitationRow, SignInLinkRow, SignInRow
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import Language, LocalizedText
from app.core.problems import Problem, ProblemCode
from app.mail.mail_address import normalise_address

LIFETIME: Final = timedelta(days=14)

_KEPT: Final = timedelta(days=30)
"""How long an invitation is stored that no one accepted: the person who comes late reads that it has expired."""


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
    also_administrator: bool
    """Whether the person gets the role of administrator too: the first one of an organisation that joins."""
    language: Language


_SELECT = select(
    InvitationRow.id,
    InvitationRow.name,
    InvitationRow.email,
    InvitationRow.role,
    InvitationRow.organisation_id,
    InvitationRow.expires_at,
    InvitationRow.by_link,
    InvitationRow.also_administrator,
    InvitationRow.language,
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
    also_administrator: bool = False,
    language: Language = "nl",
) -> str:
    """Invite a person to a role; returns the secret of the link, which is not stored.

    `by_link` lets the person sign in by links that are sent to this address, also where there is a provider.
    `also_administrator` offers that role beside it; `language` is that of the mail, also when it is sent again.

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
        also_administrator=also_administrator,
        language=language,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    record_invitation(session, invited_by, "invite_person", row)
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


def list_team_invitations(session: Session, organisation_id: UUID | None) -> Sequence[Invitation]:
    """The invitations for one organisation, or the whole register, that no one accepted, also those that expired."""
    statement = _SELECT.where(
        InvitationRow.ended_at.is_(None),
        InvitationRow.organisation_id.is_not_distinct_from(organisation_id),
    )
    return [_read(row) for row in session.execute(statement.order_by(InvitationRow.created_at.desc()))]


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
    roles = {cast(Role, row.role), "administrator"} if row.also_administrator else {cast(Role, row.role)}
    for role in sorted(roles):
        grant_role(
            session,
            granted_by=row.invited_by,
            principal_id=principal_id,
            role=role,
            organisation_id=row.organisation_id,
        )
    row.ended_at = now
    row.accepted_by = principal_id
    session.flush()
    record_invitation(session, principal_id, "accept_invitation", row)
    return principal_id


def get_invitation(session: Session, invitation_id: UUID) -> Invitation:
    """The invitation with this id that no one accepted, also where it expired. Raises: NotFound."""
    row = session.execute(
        _SELECT.where(InvitationRow.id == invitation_id, InvitationRow.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound(_GONE)
    return _read(row)


def renew_invitation(
    session: Session, *, renewed_by: UUID | None, invitation_id: UUID, now: datetime
) -> tuple[Invitation, str]:
    """Give an invitation a new link and a new term, also where it expired; the link of before no longer works.

    Returns the invitation and the secret of the new link. Raises: NotFound.
    """
    row = _lock(session, invitation_id)
    secret = make_secret()
    row.token_hash = hash_secret(secret)
    row.expires_at = now + LIFETIME
    session.flush()
    record_invitation(session, renewed_by, "renew_invitation", row)
    return get_invitation(session, invitation_id), secret


def withdraw_invitation(
    session: Session, *, withdrawn_by: UUID | None, invitation_id: UUID, now: datetime
) -> None:
    """End an invitation that no one accepted. Raises: NotFound."""
    row = _lock(session, invitation_id)
    row.ended_at = now
    session.flush()
    record_invitation(session, withdrawn_by, "withdraw_invitation", row)


def _lock(session: Session, invitation_id: UUID) -> InvitationRow:
    row = session.get(InvitationRow, invitation_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound(_GONE)
    return row


_GONE: Final = LocalizedText("Deze uitnodiging is er niet (meer).", "There is no such invitation (any more).")


def _read(row: Row[UUID, str, str, str, UUID | None, datetime, bool, bool, str]) -> Invitation:
    found, name, email, role, organisation_id, expires_at, by_link, also_administrator, language = row
    return Invitation(
        found,
        name,
        email,
        cast(Role, role),
        organisation_id,
        expires_at,
        by_link,
        also_administrator,
        cast(Language, language),
    )


def delete_old_invitations(session: Session, now: datetime) -> int:
    """Delete invitations that no one accepted, some time after they ended or expired. Returns how many.

    One that was accepted is the address of its person, and is deleted with the person's data.
    """
    limit = now - _KEPT
    old = select(InvitationRow.id).where(
        InvitationRow.accepted_by.is_(None),
        (InvitationRow.ended_at <= limit) | (InvitationRow.expires_at <= limit),
    )
    # A sign-in that began with the invitation has expired long ago, and waits for its own deletion.
    for table in (SignInRow, SignInLinkRow):
        session.execute(
            delete(table).where(table.invitation_id.in_(old)).execution_options(synchronize_session=False)
        )
    found = session.scalars(
        delete(InvitationRow)
        .where(InvitationRow.id.in_(old))
        .returning(InvitationRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(found)
