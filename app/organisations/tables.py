"""An organisation in two tables, its public face and its private fields; and requests of organisations to join."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class PublicOrganisation(Base):
    """The public fields; `name` and `kvk_number` are empty for private persons and sole traders.

    `revision` counts all changes, public and private; it is the entity tag. No one may act for an organisation that has
    ended; its sensors stay as they are.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "organisation_type <> 'private_person' OR name IS NULL", name="private_person_unnamed"
        ),
        CheckConstraint(
            "name IS NOT NULL OR organisation_type IN ('private_person', 'company')", name="public_body_named"
        ),
        CheckConstraint("name IS NOT NULL OR kvk_number IS NULL", name="unnamed_without_number"),
        CheckConstraint(
            "public_email IS NOT NULL OR public_phone IS NOT NULL OR contact_url IS NOT NULL",
            name="reachable",
        ),
        CheckConstraint(
            "(organisation_type = 'municipality') = (municipality_code IS NOT NULL)",
            name="municipality_has_code",
        ),
        Index("uq_organisation_tooi_code", "tooi_code", unique=True),
        Index("uq_organisation_municipality_code", "municipality_code", unique=True),
        {"schema": "publication"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    name: Mapped[str | None] = mapped_column(Text)
    organisation_type: Mapped[str] = mapped_column(Text)
    tooi_code: Mapped[str | None] = mapped_column(Text)
    municipality_code: Mapped[str | None] = mapped_column(Text)
    kvk_number: Mapped[str | None] = mapped_column(Text)
    oin: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    public_email: Mapped[str | None] = mapped_column(Text)
    public_phone: Mapped[str | None] = mapped_column(Text)
    contact_url: Mapped[str | None] = mapped_column(Text)
    dpo_contact: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OrganisationContact(Base):
    """The private fields of an organisation, one row for each organisation.

    `private_name` and `private_kvk_number` are used for private persons and sole traders only.
    """

    __tablename__ = "organisation_contact"
    __table_args__ = (
        CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        {"schema": "register"},
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("publication.organisation.id"), primary_key=True)
    contact_person: Mapped[str | None] = mapped_column(Text)
    personal_email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    notifier: Mapped[str | None] = mapped_column(Text)
    sole_trader: Mapped[bool] = mapped_column(server_default=text("false"))
    private_name: Mapped[str | None] = mapped_column(Text)
    private_kvk_number: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    email_confirmed_functional: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str] = mapped_column(Text, server_default="nl")


class JoinRequest(Base):
    """An organisation that asks to join, with the person who asks; both are private, and forgotten after the decision.

    `organisation` has the fields by their names on the wire. Only the hash of the secret in the mail is stored.
    """

    __tablename__ = "join_request"
    __table_args__ = (
        CheckConstraint("language IN ('nl', 'en')", name="language_known"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
        CheckConstraint("decided_at IS NULL OR confirmed_at IS NOT NULL", name="confirmed_first"),
        {"schema": "register"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("register.uuid7()"))
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    organisation: Mapped[dict[str, Any]] = mapped_column(JSONB)
    municipality_code: Mapped[str | None] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    person_email: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("register.principal.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("publication.organisation.id"))
