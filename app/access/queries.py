"""Finding keys, principals and their grants."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, column, func, or_, select, table
from sqlalchemy.orm import Session

from app.access.keys import is_same_token, parse_prefix
from app.access.principal import SYSTEM, Grant, Principal, Role, Scope
from app.access.tables import AccessGrant, ApiKey, PrincipalRow
from app.core.errors import NotFound
from app.core.i18n import LocalizedText

# Organisations belong to a higher tier; only their municipality code is read here.
_ORGANISATION = table("organisation", column("id"), column("municipality_code"), schema="publication")


@dataclass(frozen=True, slots=True)
class KeySummary:
    """A key without its secret, as its holder and administrators see it.

    Without a grant it allows what its holder may do.
    """

    id: UUID
    prefix: str
    principal_id: UUID
    principal_name: str
    grant_id: UUID | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None
    scopes: frozenset[Scope]
    issued_by: UUID | None
    """The principal that issued it; None for the command line, and for keys from before this was written down."""


@dataclass(frozen=True, slots=True)
class GrantSummary:
    """A grant in force, with its id; without an organisation it is for the whole register."""

    id: UUID
    principal_id: UUID
    role: Role
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class PrincipalSummary:
    """A person or application, as administrators see it."""

    id: UUID
    name: str
    handle: str | None
    created_at: datetime
    ended_at: datetime | None


_SELECT_KEYS = select(
    ApiKey.id,
    ApiKey.prefix,
    ApiKey.principal_id,
    PrincipalRow.name,
    ApiKey.grant_id,
    ApiKey.created_at,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    ApiKey.last_used_on,
    ApiKey.scopes,
    ApiKey.issued_by,
).join(PrincipalRow, PrincipalRow.id == ApiKey.principal_id)

_SELECT_PRINCIPALS = select(
    PrincipalRow.id, PrincipalRow.name, PrincipalRow.handle, PrincipalRow.created_at, PrincipalRow.ended_at
)


def find_key(session: Session, token: str) -> KeySummary | None:
    """The key with this secret, also when it is expired or revoked."""
    prefix = parse_prefix(token)
    if prefix is None:
        return None
    row = session.execute(_SELECT_KEYS.add_columns(ApiKey.token_hash).where(ApiKey.prefix == prefix)).first()
    if row is None:
        return None
    *key, token_hash = row
    return _read_key(*key) if is_same_token(token, token_hash) else None


def list_keys(session: Session, principal_ids: Collection[UUID] | None = None) -> Sequence[KeySummary]:
    """Every key of these principals or of all, oldest first, expired and revoked ones included."""
    statement = _SELECT_KEYS.order_by(ApiKey.created_at, ApiKey.id)
    if principal_ids is not None:
        statement = statement.where(ApiKey.principal_id.in_(principal_ids))
    return [_read_key(*row) for row in session.execute(statement)]


def _read_key(*row: Any) -> KeySummary:
    *rest, scopes, issued_by = row
    return KeySummary(*[*rest, frozenset(scopes), issued_by])


def list_grants(session: Session, principal_ids: Collection[UUID] | None = None) -> Sequence[GrantSummary]:
    """The grants in force of these principals or of all, oldest first."""
    statement = (
        select(AccessGrant.id, AccessGrant.principal_id, AccessGrant.role, AccessGrant.organisation_id)
        .where(AccessGrant.ended_at.is_(None))
        .order_by(AccessGrant.created_at, AccessGrant.id)
    )
    if principal_ids is not None:
        statement = statement.where(AccessGrant.principal_id.in_(principal_ids))
    return [
        GrantSummary(row.id, row.principal_id, cast(Role, row.role), row.organisation_id)
        for row in session.execute(statement)
    ]


def list_principals(session: Session, name: str | None = None) -> Sequence[PrincipalSummary]:
    """Every principal, or those of this name that have not ended, oldest first."""
    statement = _SELECT_PRINCIPALS.order_by(PrincipalRow.created_at, PrincipalRow.id)
    if name is not None:
        statement = statement.where(PrincipalRow.name == name, PrincipalRow.ended_at.is_(None))
    return [PrincipalSummary(*row) for row in session.execute(statement)]


def read_principal(session: Session, principal_id: UUID) -> PrincipalSummary:
    """The principal with this id. Raises: NotFound."""
    row = session.execute(_SELECT_PRINCIPALS.where(PrincipalRow.id == principal_id)).one_or_none()
    if row is None:
        raise NotFound(
            LocalizedText("Deze persoon of applicatie bestaat niet.", "There is no such principal.")
        )
    return PrincipalSummary(*row)


def get_principal(session: Session, principal_id: UUID, key_id: UUID | None = None) -> Principal:
    """The principal with its grants in force, or with those of one of its keys; it must exist.

    A key that has been revoked has none.
    """
    name = session.scalars(select(PrincipalRow.name).where(PrincipalRow.id == principal_id)).one()
    if key_id is None:
        return Principal(principal_id, name, read_grants(session, principal_id))
    key = session.execute(
        select(ApiKey.grant_id, ApiKey.revoked_at, ApiKey.scopes).where(
            ApiKey.id == key_id, ApiKey.principal_id == principal_id
        )
    ).one()
    grants = read_grants(session, principal_id, key.grant_id) if key.revoked_at is None else frozenset()
    return Principal(principal_id, name, grants, key_id, frozenset(cast(list[Scope], key.scopes)))


def read_grants(session: Session, principal_id: UUID, grant_id: UUID | None = None) -> frozenset[Grant]:
    """The principal's roles in force, for organisations or for the whole register, or one of them; may be empty."""
    statement = (
        select(AccessGrant.role, AccessGrant.organisation_id, _ORGANISATION.c.municipality_code)
        .outerjoin(_ORGANISATION, _ORGANISATION.c.id == AccessGrant.organisation_id)
        .where(AccessGrant.principal_id == principal_id, AccessGrant.ended_at.is_(None))
    )
    if grant_id is not None:
        statement = statement.where(AccessGrant.id == grant_id)
    return frozenset(Grant(*row) for row in session.execute(statement))


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal as the author of an action, with the organisations for which it has or had a role.

    `is_system` is whether it is a part of the register itself, such as the link in a mail.
    """

    id: UUID
    name: str
    organisation_ids: frozenset[UUID]
    is_system: bool


def find_actors(session: Session, principal_ids: Collection[UUID]) -> dict[UUID, Actor]:
    """The authors with these ids, those whose access has ended too; unknown ids are left out."""
    organisations = func.array_remove(func.array_agg(AccessGrant.organisation_id), None)
    rows = session.execute(
        select(PrincipalRow.id, PrincipalRow.name, PrincipalRow.handle, organisations)
        .outerjoin(AccessGrant, AccessGrant.principal_id == PrincipalRow.id)
        .where(PrincipalRow.id.in_(principal_ids))
        .group_by(PrincipalRow.id)
    )
    return {
        found: Actor(found, name, frozenset(ids), (handle or "").startswith(SYSTEM))
        for found, name, handle, ids in rows
    }


def find_editor_since(session: Session, principal: Principal) -> datetime | None:
    """Start of the oldest role by which the principal edits now; None where it edits for no organisation."""
    return session.scalar(
        select(func.min(AccessGrant.created_at)).where(
            AccessGrant.principal_id == principal.id,
            AccessGrant.role == "editor",
            AccessGrant.ended_at.is_(None),
            AccessGrant.organisation_id.in_(
                [one.organisation_id for one in principal.grants if one.role == "editor"]
            ),
        )
    )


def list_left_organisations(session: Session, principal_id: UUID) -> frozenset[UUID]:
    """The organisations for which the principal had a role, and has none any more; may be empty."""
    found = session.execute(
        select(AccessGrant.organisation_id, func.bool_and(AccessGrant.ended_at.is_not(None)))
        .where(AccessGrant.principal_id == principal_id, AccessGrant.organisation_id.is_not(None))
        .group_by(AccessGrant.organisation_id)
    )
    return frozenset(organisation_id for organisation_id, has_left in found if organisation_id and has_left)


def find_principal(session: Session, named: str) -> UUID | None:
    """The principal with this id or handle, if any. A display name finds no one: others may have the same."""
    matches: list[ColumnElement[bool]] = [func.lower(PrincipalRow.handle) == named.lower()]
    with suppress(ValueError):
        matches.append(PrincipalRow.id == UUID(named))
    return session.scalars(select(PrincipalRow.id).where(or_(*matches))).one_or_none()
