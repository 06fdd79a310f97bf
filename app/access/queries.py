"""Finding keys, principals and their grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from app.access.keys import is_same_token, parse_prefix
from app.access.principal import Grant, Principal
from app.access.tables import AccessGrant, ApiKey, PrincipalRow

# Organisations belong to a higher tier; only their municipality code is read here.
_ORGANISATION = table("organisation", column("id"), column("municipality_code"), schema="publication")


@dataclass(frozen=True, slots=True)
class KeySummary:
    """A key without its secret, as its holder and administrators may see it."""

    id: UUID
    prefix: str
    principal_id: UUID
    principal_name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


_SELECT_KEYS = select(
    ApiKey.id,
    ApiKey.prefix,
    ApiKey.principal_id,
    PrincipalRow.name,
    ApiKey.created_at,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    ApiKey.last_used_on,
).join(PrincipalRow, PrincipalRow.id == ApiKey.principal_id)


def find_key(session: Session, token: str) -> KeySummary | None:
    """The key with this secret, also when it is expired or revoked."""
    prefix = parse_prefix(token)
    if prefix is None:
        return None
    row = session.execute(_SELECT_KEYS.add_columns(ApiKey.token_hash).where(ApiKey.prefix == prefix)).first()
    if row is None:
        return None
    *key, token_hash = row
    return KeySummary(*key) if is_same_token(token, token_hash) else None


def list_keys(session: Session, principal_id: UUID | None = None) -> Sequence[KeySummary]:
    """Every key of one principal or of all, oldest first, expired and revoked ones included."""
    statement = _SELECT_KEYS.order_by(ApiKey.created_at, ApiKey.id)
    if principal_id is not None:
        statement = statement.where(ApiKey.principal_id == principal_id)
    return [KeySummary(*row) for row in session.execute(statement)]


def get_principal(session: Session, principal_id: UUID) -> Principal:
    """The principal with its grants; it must exist."""
    name = session.scalars(select(PrincipalRow.name).where(PrincipalRow.id == principal_id)).one()
    return Principal(principal_id, name, read_grants(session, principal_id))


def read_grants(session: Session, principal_id: UUID) -> frozenset[Grant]:
    """The principal's roles for organisations or for the whole register; may be empty."""
    statement = (
        select(AccessGrant.role, AccessGrant.organisation_id, _ORGANISATION.c.municipality_code)
        .outerjoin(_ORGANISATION, _ORGANISATION.c.id == AccessGrant.organisation_id)
        .where(AccessGrant.principal_id == principal_id)
    )
    return frozenset(Grant(*row) for row in session.execute(statement))


def find_principal(session: Session, name: str) -> UUID | None:
    """The oldest principal with this name, if any."""
    statement = select(PrincipalRow.id).where(PrincipalRow.name == name).order_by(PrincipalRow.created_at)
    return session.scalars(statement.limit(1)).one_or_none()
