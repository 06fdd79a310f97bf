"""Principals, their keys and grants, and stored answers to repeated requests; all private."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class PrincipalRow(Base):
    """A person or application that acts on the register.

    Its identity is `id`. `name` is shown to people, and others may have the same; `handle` is unique, whatever the case
    of its letters. A principal that has ended has no valid keys and no grants.
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
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ApiKey(Base):
    """One key of a principal: its public prefix, and the hash of the whole key.

    It allows what the grant allows that it was issued for. Without a grant, it allows what its principal may do.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey("register.principal.id"), index=True)
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
