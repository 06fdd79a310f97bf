"""Mappings of organisations' own headings, and the mapping that an import was read with.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before reads neither the table nor the columns, which may be empty."""


def upgrade() -> None:
    op.create_table(
        "heading_mapping",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heading_mapping"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["publication.organisation.id"], name="fk_heading_mapping_owner_id"
        ),
        sa.UniqueConstraint("owner_id", "name", name="uq_heading_mapping_owner_id_name"),
        schema="register",
    )
    op.add_column("sensor_import", sa.Column("mapping", JSONB()), schema="register")
    op.add_column("sensor_import", sa.Column("mapping_name", sa.Text()), schema="register")


def downgrade() -> None:
    op.drop_column("sensor_import", "mapping_name", schema="register")
    op.drop_column("sensor_import", "mapping", schema="register")
    op.drop_table("heading_mapping", schema="register")
