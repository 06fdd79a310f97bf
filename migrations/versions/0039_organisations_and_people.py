"""Scopes of keys, the last day of a sign-in, what an invitation says, and organisations that ask to join.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before gives new keys every scope, and new invitations the language of the register, by the defaults."""

_SCOPES = "ARRAY['read', 'register', 'import']"


def upgrade() -> None:
    op.add_column(
        "api_key",
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default=sa.text(_SCOPES), nullable=False),
        schema="register",
    )
    op.create_check_constraint(
        op.f("ck_api_key_scopes_known"),
        "api_key",
        f"cardinality(scopes) > 0 AND scopes <@ {_SCOPES}",
        schema="register",
    )
    op.add_column("api_key", sa.Column("issued_by", sa.Uuid(), nullable=True), schema="register")
    op.create_foreign_key(
        "fk_api_key_issued_by_principal",
        "api_key",
        "principal",
        ["issued_by"],
        ["id"],
        source_schema="register",
        referent_schema="register",
    )
    op.add_column("principal", sa.Column("signed_in_on", sa.Date(), nullable=True), schema="register")
    op.add_column(
        "invitation",
        sa.Column("also_administrator", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="register",
    )
    op.add_column(
        "invitation",
        sa.Column("language", sa.Text(), server_default="nl", nullable=False),
        schema="register",
    )
    op.create_check_constraint(
        op.f("ck_invitation_language_known"), "invitation", "language IN ('nl', 'en')", schema="register"
    )
    _make_requests()


def _make_requests() -> None:
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("organisation", postgresql.JSONB(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("person_email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_join_request_language_known")),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_join_request_token_hash_is_sha256")
        ),
        sa.CheckConstraint(
            "decided_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_join_request_confirmed_first")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["register.principal.id"], name="fk_join_request_decided_by_principal"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["publication.organisation.id"],
            name="fk_join_request_organisation_id_organisation",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_join_request"),
        sa.UniqueConstraint("token_hash", name="uq_join_request_token_hash"),
        schema="register",
    )


def downgrade() -> None:
    op.drop_table("join_request", schema="register")
    op.drop_column("invitation", "language", schema="register")
    op.drop_column("invitation", "also_administrator", schema="register")
    op.drop_column("principal", "signed_in_on", schema="register")
    op.drop_column("api_key", "issued_by", schema="register")
    op.drop_column("api_key", "scopes", schema="register")
