"""Machines that call with access tokens of the provider, each with the principal that it is.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not know the new table."""


def upgrade() -> None:
    op.create_table(
        "machine_identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_machine_identity"),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["register.principal.id"], name="fk_machine_identity_principal_id"
        ),
        schema="register",
    )
    op.create_index(
        "ix_machine_identity_principal_id", "machine_identity", ["principal_id"], schema="register"
    )


def downgrade() -> None:
    op.drop_table("machine_identity", schema="register")
