"""Sign-in: identities of persons at a provider, invitations, sign-ins that have begun, and sessions.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not know the new tables."""


def upgrade() -> None:
    op.create_table(
        "person_identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["register.principal.id"], name="fk_person_identity_principal_id_principal"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_person_identity"),
        schema="register",
    )
    op.create_index("ix_person_identity_principal_id", "person_identity", ["principal_id"], schema="register")
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('editor', 'reviewer', 'auditor', 'administrator')", name="ck_invitation_role_known"
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_invitation_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["publication.organisation.id"],
            name="fk_invitation_organisation_id_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["register.principal.id"], name="fk_invitation_invited_by_principal"
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["register.principal.id"], name="fk_invitation_accepted_by_principal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        schema="register",
    )
    op.create_index("ix_invitation_organisation_id", "invitation", ["organisation_id"], schema="register")
    op.create_table(
        "sign_in",
        sa.Column("state_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("browser_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("code_verifier", sa.Text(), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["register.invitation.id"], name="fk_sign_in_invitation_id_invitation"
        ),
        sa.PrimaryKeyConstraint("state_hash", name="pk_sign_in"),
        schema="register",
    )
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"], schema="register")
    op.create_table(
        "person_session",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("provider_session", sa.Text(), nullable=True),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_person_session_token_hash_is_sha256"),
        sa.CheckConstraint("method IN ('provider', 'demo')", name="ck_person_session_method_known"),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["register.principal.id"], name="fk_person_session_principal_id_principal"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["publication.organisation.id"],
            name="fk_person_session_organisation_id_organisation",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_session"),
        sa.UniqueConstraint("token_hash", name="uq_person_session_token_hash"),
        schema="register",
    )
    op.create_index("ix_person_session_principal_id", "person_session", ["principal_id"], schema="register")
    op.create_index(
        "ix_person_session_issuer_subject", "person_session", ["issuer", "subject"], schema="register"
    )
    op.create_table(
        "used_logout_token",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "token_id", name="pk_used_logout_token"),
        schema="register",
    )


def downgrade() -> None:
    for table in ("used_logout_token", "person_session", "sign_in", "invitation", "person_identity"):
        op.drop_table(table, schema="register")
