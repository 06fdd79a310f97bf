"""The people of one organisation, or of the whole register: listed, given other roles, and their access ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actions import grant_role
from app.access.demo import DEMO_DOMAIN
from app.access.endings import end_grant, revoke_key
from app.access.managers import is_grant_for, is_person, require_manager_left
from app.access.principal import ROLES, Role
from app.access.queries import KeySummary, list_keys
from app.access.sessions import end_sessions_of
from app.access.tables import AccessGrant, InvitationRow, PrincipalRow
from app.core.errors import InvalidRequest, NotFound
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person with roles for an organisation; `address` is that of the invitation, where one was accepted."""

    id: UUID
    name: str
    address: str | None
    roles: tuple[Role, ...]
    signed_in_on: date | None


def list_team(session: Session, organisation_id: UUID | None) -> Sequence[TeamMember]:
    """The persons with a role for an organisation, or for the whole register, by name; no applications."""
    address = (
        select(InvitationRow.email)
        .where(InvitationRow.accepted_by == PrincipalRow.id)
        .order_by(InvitationRow.ended_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            PrincipalRow.id,
            PrincipalRow.name,
            PrincipalRow.handle,
            address,
            func.array_agg(AccessGrant.role),
            PrincipalRow.signed_in_on,
        )
        .join(AccessGrant, AccessGrant.principal_id == PrincipalRow.id)
        .where(is_grant_for(organisation_id), is_person())
        .group_by(PrincipalRow.id)
        .order_by(func.lower(PrincipalRow.name), PrincipalRow.id)
    )
    return [
        TeamMember(
            found,
            name,
            invited or (None if (handle or "").endswith(DEMO_DOMAIN) else handle),
            tuple(role for role in ROLES if role in roles),
            signed_in_on,
        )
        for found, name, handle, invited, roles, signed_in_on in rows
    ]


def find_member(session: Session, organisation_id: UUID | None, principal_id: UUID) -> TeamMember:
    """One person of the organisation. Raises: NotFound for anyone else."""
    for member in list_team(session, organisation_id):
        if member.id == principal_id:
            return member
    raise NotFound(
        LocalizedText(
            "Deze persoon heeft geen rol (meer) bij deze organisatie.",
            "This person has no role at this organisation (any more).",
        )
    )


def list_keys_made_by(
    session: Session, organisation_id: UUID | None, principal_id: UUID
) -> Sequence[KeySummary]:
    """The valid keys for the organisation that this person issued."""
    of_organisation = set(session.scalars(select(AccessGrant.id).where(is_grant_for(organisation_id))).all())
    return [
        key
        for key in list_keys(session)
        if key.issued_by == principal_id and key.revoked_at is None and key.grant_id in of_organisation
    ]


def change_roles(  # noqa: PLR0913 - who, for whom and when
    session: Session,
    *,
    changed_by: UUID,
    organisation_id: UUID | None,
    principal_id: UUID,
    roles: Collection[Role],
    now: datetime,
) -> None:
    """Give a person of the organisation exactly these roles. What a role allowed ends at once, with its keys.

    Raises: InvalidRequest without any role; NotFound; Conflict where no one would be left to manage the organisation.
    """
    if not roles:
        sentence = LocalizedText(
            "Kies minstens één rol. Mag deze persoon niets meer? Beëindig dan de toegang.",
            "Choose at least one role. May this person do nothing any more? Then end the access.",
        )
        raise InvalidRequest(problems=[Problem(ProblemCode.REQUIRED, "/roles", sentence)])
    before = find_member(session, organisation_id, principal_id)
    require_manager_left(session, organisation_id, principal_id, roles)
    for role in ROLES:
        if role in roles and role not in before.roles:
            grant_role(
                session,
                granted_by=changed_by,
                principal_id=principal_id,
                role=role,
                organisation_id=organisation_id,
            )
    _end_roles(session, changed_by, organisation_id, principal_id, set(before.roles) - set(roles), now, None)


def end_membership(  # noqa: PLR0913 - who, for whom, why and when
    session: Session,
    *,
    ended_by: UUID,
    organisation_id: UUID | None,
    principal_id: UUID,
    reason: str,
    with_keys: bool,
    now: datetime,
) -> None:
    """End every role of a person for the organisation, and every session; `with_keys` also the keys they issued for it.

    Raises: NotFound; Conflict where no one would be left to manage the organisation.
    """
    member = find_member(session, organisation_id, principal_id)
    require_manager_left(session, organisation_id, principal_id, ())
    if with_keys:
        for key in list_keys_made_by(session, organisation_id, principal_id):
            revoke_key(session, revoked_by=ended_by, prefix=key.prefix, now=now)
    _end_roles(session, ended_by, organisation_id, principal_id, set(member.roles), now, reason)
    end_sessions_of(session, principal_id, now)


def _end_roles(  # noqa: PLR0913, PLR0917 - the parts of one act
    session: Session,
    ended_by: UUID,
    organisation_id: UUID | None,
    principal_id: UUID,
    roles: Collection[Role],
    now: datetime,
    reason: str | None,
) -> None:
    grants = session.scalars(
        select(AccessGrant.id).where(
            is_grant_for(organisation_id),
            AccessGrant.principal_id == principal_id,
            AccessGrant.role.in_(roles),
        )
    ).all()
    for grant_id in grants:
        end_grant(session, ended_by=ended_by, grant_id=grant_id, now=now, reason=reason)
