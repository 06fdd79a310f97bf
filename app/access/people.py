"""People across organisations: found by name or address, and the addresses at which they read mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.demo import DEMO_DOMAIN
from app.access.managers import is_person
from app.access.principal import SYSTEM
from app.access.tables import AccessGrant, InvitationRow, PersonIdentity, PrincipalRow


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person as an administrator of the register finds it."""

    id: UUID
    name: str
    handle: str | None
    signed_in_on: date | None
    ended_at: datetime | None
    erased_at: datetime | None


def search_people(
    session: Session, words: str, *, limit: int, offset: int = 0
) -> tuple[Sequence[FoundPerson], int]:
    """The persons with these words in their name or address, by name, and how many there are; no applications."""
    pattern = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    invited = exists().where(
        InvitationRow.accepted_by == PrincipalRow.id, func.lower(InvitationRow.email).like(pattern)
    )
    found = (
        is_person()
        & or_(PrincipalRow.handle.is_(None), ~PrincipalRow.handle.startswith(SYSTEM))
        & or_(
            func.lower(PrincipalRow.name).like(pattern),
            func.lower(PrincipalRow.handle).like(pattern),
            invited,
        )
    )
    total = session.scalars(select(func.count()).select_from(PrincipalRow).where(found)).one()
    rows = session.execute(
        _SELECT.where(found)
        .order_by(func.lower(PrincipalRow.name), PrincipalRow.id)
        .limit(limit)
        .offset(offset)
    )
    return [FoundPerson(*row) for row in rows], total


def find_person(session: Session, principal_id: UUID) -> FoundPerson | None:
    """The person with this id; None for an application, and for a part of the register itself."""
    row = session.execute(
        _SELECT.where(
            PrincipalRow.id == principal_id,
            is_person(),
            or_(PrincipalRow.handle.is_(None), ~PrincipalRow.handle.startswith(SYSTEM)),
        )
    ).one_or_none()
    return FoundPerson(*row) if row else None


def list_addresses(session: Session, principal_id: UUID) -> list[str]:
    """The addresses of mail by which a person is known: of accepted invitations, of signing in by links, the handle."""
    found = [
        *session.scalars(select(InvitationRow.email).where(InvitationRow.accepted_by == principal_id)),
        *session.scalars(select(PersonIdentity.subject).where(PersonIdentity.principal_id == principal_id)),
        *session.scalars(select(PrincipalRow.handle).where(PrincipalRow.id == principal_id)),
    ]
    addresses = {one.lower() for one in found if one and "@" in one and not one.endswith(DEMO_DOMAIN)}
    return sorted(addresses)


def list_former_people(session: Session, limit: datetime) -> Sequence[UUID]:
    """The persons whose last role ended before a moment, or who never had one since, and whose name is still stored."""
    last_end = (
        select(func.max(AccessGrant.ended_at))
        .where(AccessGrant.principal_id == PrincipalRow.id)
        .correlate(PrincipalRow)
        .scalar_subquery()
    )
    has_role = exists().where(AccessGrant.principal_id == PrincipalRow.id, AccessGrant.ended_at.is_(None))
    statement = select(PrincipalRow.id).where(
        is_person(),
        ~has_role,
        PrincipalRow.erased_at.is_(None),
        or_(PrincipalRow.handle.is_(None), ~PrincipalRow.handle.startswith(SYSTEM)),
        func.greatest(last_end, PrincipalRow.ended_at, PrincipalRow.created_at) <= limit,
        or_(PrincipalRow.signed_in_on.is_(None), PrincipalRow.signed_in_on <= limit.date()),
    )
    return session.scalars(statement.order_by(PrincipalRow.id)).all()


def find_mail_addresses(session: Session, principal_ids: Collection[UUID]) -> dict[UUID, str]:
    """The address of each person that has one."""
    found = {one: list_addresses(session, one) for one in set(principal_ids)}
    return {one: addresses[0] for one, addresses in found.items() if addresses}


_SELECT = select(
    PrincipalRow.id,
    PrincipalRow.name,
    PrincipalRow.handle,
    PrincipalRow.signed_in_on,
    PrincipalRow.ended_at,
    PrincipalRow.erased_at,
)
