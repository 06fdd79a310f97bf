"""Principals, their keys, grants, sessions and invitations, and stored answers to repeated requests; all private."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class PrincipalRow(Base):
    """A person or application that acts on the register.

    Its identity is `id`. `name` is shown to people, and others may have the same; `handle` is unique, whatever the case
    of its letters. A principal that has ended has no valid keys and no grants. One that was erased has no name either:
    what it did stays, by its number.
    """

    __tablename__ = "principal"
    __table_args__ = (
        CheckConstraint("handle ~ '^[!-~]{1,254}$'", name="handle_plain"),
        Index("uq_principal_handle", text("lower(handle)"), unique=True),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    name: Mapped[str] = mapped_column(Text)
    handle: Mapped[str | None] = mapped_column(Text)
    signed_in_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ApiKey(Base):
    """One key of a principal: its public prefix, and the hash of the whole key.

    It allows what the grant allows that it was issued for, as far as its scopes go. Without a grant, it allows what its
    principal may do.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint(
            "cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'register', 'import']", name="scopes_known"
        ),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"), index=True)
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    scopes: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("ARRAY['read', 'register', 'import']")
    )
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.access_grant.id"), index=True)
    prefix: Mapped[str] = mapped_column(Text, unique=True)
    token_hash: Mapped[bytes] = mapped_column(BYTEA)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_on: Mapped[date | None]


class AccessGrant(Base):
    """A role of a principal for one organisation, or, without one, for the whole register; until `ended_at`."""

    __tablename__ = "access_grant"
    __table_args__ = (
        CheckConstraint("role IN ('editor', 'reviewer', 'auditor', 'administrator')", name="role_known"),
        CheckConstraint(
            "organisation_id IS NOT NULL OR role IN ('auditor', 'administrator')", name="organisation_named"
        ),
        Index(
            "uq_access_grant_principal_id_role_organisation_id",
            "principal_id",
            "role",
            "organisation_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"))
    role: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("publication.organisation.id"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class IdempotencyRow(Base):
    """The answer to a request with this Idempotency-Key, stored for a day so that a repeat gets the same."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        Index("ix_idempotency_key_created_at", "created_at"),
        {"schema": "register"},
    )

    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_digest: Mapped[str] = mapped_column(Text)
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PersonIdentity(Base):
    """A person of a provider, and the principal that it is. The name or address at the provider may change."""

    __tablename__ = "person_identity"
    __table_args__ = ({"schema": "register"},)

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class MachineIdentity(Base):
    """An application of a provider that calls with access tokens, and its principal; no person signs in as it."""

    __tablename__ = "machine_identity"
    __table_args__ = ({"schema": "register"},)

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class InvitationRow(Base):
    """An invitation to a role, by a link that serves once; only the hash of its secret is stored."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role IN ('editor', 'reviewer', 'auditor', 'administrator')", name="role_known"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    also_administrator: Mapped[bool] = mapped_column(server_default=text("false"))
    by_link: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str] = mapped_column(Text, server_default="nl")
    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("publication.organisation.id"), index=True
    )
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignInRow(Base):
    """A sign-in that has begun at the provider, in one browser; deleted when its browser comes back, or later."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_expires_at", "expires_at"), {"schema": "register"})

    state_hash: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(BYTEA)
    nonce: Mapped[str] = mapped_column(Text)
    code_verifier: Mapped[str] = mapped_column(Text)
    return_to: Mapped[str] = mapped_column(Text)
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.invitation.id"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SignInLinkRow(Base):
    """A link that was sent to an address, by which its browser signs in once; only the hash of its secret is stored."""

    __tablename__ = "sign_in_link"
    __table_args__ = (
        CheckConstraint("ending IN ('used', 'replaced')", name="ending_known"),
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ending_dated"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        {"schema": "register"},
    )

    token_hash: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(BYTEA)
    address: Mapped[str] = mapped_column(Text, index=True)
    return_to: Mapped[str] = mapped_column(Text)
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("register.invitation.id"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ending: Mapped[str | None] = mapped_column(Text)


class RateLimitRow(Base):
    """When the acts of someone no longer count; who and which act is a hash that cannot be undone after its day."""

    __tablename__ = "rate_limit"
    __table_args__ = (Index("ix_rate_limit_free_at", "free_at"), {"schema": "register"})

    key: Mapped[bytes] = mapped_column(BYTEA, primary_key=True)
    free_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RateLimitSalt(Base):
    """The secret part of the hashes of a day."""

    __tablename__ = "rate_limit_salt"
    __table_args__ = ({"schema": "register"},)

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(BYTEA)


class SessionRow(Base):
    """A person signed in with one browser, for one organisation or for the whole register.

    Only the hash of its token is stored. It ends when it is not used for a while, at `expires_at`, or by being ended.
    """

    __tablename__ = "person_session"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("method IN ('provider', 'demo', 'link')", name="method_known"),
        Index("ix_person_session_issuer_subject", "issuer", "subject"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("publication.organisation.id"))
    method: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    provider_session: Mapped[str | None] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UsedLogoutToken(Base):
    """A logout token of a provider that has been used; it is kept until it is no longer valid."""

    __tablename__ = "used_logout_token"
    __table_args__ = ({"schema": "register"},)

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    token_id: Mapped[str] = mapped_column(Text, primary_key=True)
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
