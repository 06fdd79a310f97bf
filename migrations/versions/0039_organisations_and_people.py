"""Scopes of keys, the last day of a sign-in, what an invitation says, and organisations that ask to join.

Revision ID: 0039
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0037"
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


def downgrade() -> None:
    op.drop_column("invitation", "language", schema="register")
    op.drop_column("invitation", "also_administrator", schema="register")
    op.drop_column("principal", "signed_in_on", schema="register")
    op.drop_column("api_key", "issued_by", schema="register")
    op.drop_column("api_key", "scopes", schema="register")
