"""Admitting principals, granting roles, issuing and revoking keys, and authenticating by key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.keys import make_token
from app.access.principal import Principal, Role
from app.access.queries import KeySummary, find_key, read_grants
from app.access.tables import AccessGrant, ApiKey, PrincipalRow
from app.audit.actions import record_action
from app.core.clock import DUTCH_TIME
from app.core.errors import InvalidRequest, NotAuthenticated, NotFound
from app.core.formatting import format_date
from app.core.i18n import LocalizedText
from app.core.problems import Problem, ProblemCode

KEY_LIFETIME = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key; `token` is shown once and not stored."""

    id: UUID
    token: str
    prefix: str
    expires_at: datetime


class InvalidToken(NotAuthenticated):
    """A key that is unknown, expired or revoked (RFC 6750, 3.1)."""

    def __init__(self, detail: LocalizedText) -> None:
        super().__init__(detail)
        self.headers["WWW-Authenticate"] += ', error="invalid_token"'


def admit_principal(session: Session, *, admitted_by: UUID | None, name: str) -> UUID:
    """Add a person or application, without any role."""
    principal = PrincipalRow(name=name)
    session.add(principal)
    session.flush()
    record_action(
        session,
        principal_id=admitted_by,
        action="admit_principal",
        subject_kind="principal",
        subject_ids=[principal.id],
        details={"name": name},
    )
    return principal.id


def grant_role(
    session: Session, *, granted_by: UUID | None, principal_id: UUID, role: Role, organisation_id: UUID | None
) -> None:
    """Give a principal a role for an organisation. Repeating it is harmless.

    Raises: InvalidRequest for an editor or reviewer of no organisation.
    """
    if organisation_id is None and role not in ("auditor", "administrator"):
        sentence = LocalizedText("Noem voor deze rol een organisatie.", "Name an organisation for this role.")
        raise InvalidRequest(problems=[Problem(ProblemCode.REQUIRED, "/organisation", sentence)])
    statement = insert(AccessGrant).values(
        principal_id=principal_id, role=role, organisation_id=organisation_id
    )
    if session.scalar(statement.on_conflict_do_nothing().returning(AccessGrant.id)) is None:
        return
    record_action(
        session,
        principal_id=granted_by,
        action="grant_role",
        subject_kind="principal",
        subject_ids=[principal_id],
        details={"role": role, "organisation": organisation_id and str(organisation_id)},
    )


def issue_key(
    session: Session,
    *,
    issued_by: UUID | None,
    principal_id: UUID,
    now: datetime,
    lifetime: timedelta = KEY_LIFETIME,
) -> IssuedKey:
    """Issue a key to a principal; only its hash is stored."""
    token = make_token()
    key = ApiKey(
        principal_id=principal_id, prefix=token.prefix, token_hash=token.hashed, expires_at=now + lifetime
    )
    session.add(key)
    session.flush()
    _record(session, issued_by, "issue_key", key, {"expiresAt": key.expires_at.isoformat()})
    return IssuedKey(key.id, token.text, token.prefix, key.expires_at)


def revoke_key(session: Session, *, revoked_by: UUID | None, prefix: str, now: datetime) -> None:
    """Revoke a key at once; the moment of an earlier revocation stays. Raises: NotFound."""
    key = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix).with_for_update()).one_or_none()
    if key is None:
        raise NotFound(LocalizedText("Deze sleutel bestaat niet.", "There is no such key."))
    if key.revoked_at is None:
        key.revoked_at = now
        session.flush()
        _record(session, revoked_by, "revoke_key", key, {})


def authenticate(session: Session, token: str, now: datetime) -> Principal:
    """The principal that holds this key; records the day of its use.

    Raises: NotAuthenticated for an unknown, expired or revoked key. Only a holder of the secret learns which.
    """
    key = find_key(session, token)
    if key is None:
        raise InvalidToken(LocalizedText("Deze sleutel kennen wij niet.", "This key is not known."))
    if key.revoked_at is not None:
        raise InvalidToken(
            LocalizedText(
                "Deze sleutel is ingetrokken. Vraag een nieuwe aan.",
                "This key has been revoked. Ask for a new one.",
            )
        )
    if key.expires_at <= now:
        day = key.expires_at.astimezone(DUTCH_TIME).date()
        raise InvalidToken(
            LocalizedText(
                f"Deze sleutel is verlopen op {format_date(day, 'nl')}. Vraag een nieuwe aan.",
                f"This key expired on {format_date(day, 'en')}. Ask for a new one.",
            )
        )
    _record_use(session, key, now)
    return Principal(key.principal_id, key.principal_name, read_grants(session, key.principal_id))


def _record_use(session: Session, key: KeySummary, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    if key.last_used_on is not None and key.last_used_on >= today:
        return
    # The row stays locked until the transaction ends; a concurrent request does not wait for it.
    free = select(ApiKey.id).where(ApiKey.id == key.id).with_for_update(skip_locked=True, key_share=True)
    session.execute(
        update(ApiKey)
        .where(ApiKey.id.in_(free.scalar_subquery()))
        .values(last_used_on=today)
        .execution_options(synchronize_session=False)
    )


def _record(
    session: Session, principal_id: UUID | None, action: str, key: ApiKey, details: dict[str, str]
) -> None:
    record_action(
        session,
        principal_id=principal_id,
        action=action,
        subject_kind="api_key",
        subject_ids=[key.id],
        details={"prefix": key.prefix, "principal": str(key.principal_id), **details},
    )
