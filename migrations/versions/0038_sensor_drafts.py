"""Drafts of registrations, as they are typed in the browser.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not know the new table."""


def upgrade() -> None:
    op.create_table(
        "sensor_draft",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("sensor_id", sa.Uuid(), nullable=True),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("saves", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "(sensor_id IS NULL) = (version_number IS NULL)", name=op.f("ck_sensor_draft_version_of_sensor")
        ),
        sa.CheckConstraint("jsonb_typeof(answers) = 'object'", name=op.f("ck_sensor_draft_answers_by_name")),
        sa.PrimaryKeyConstraint("id", name="pk_sensor_draft"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["publication.organisation.id"], name="fk_sensor_draft_organisation_id"
        ),
        sa.ForeignKeyConstraint(["sensor_id"], ["register.sensor.id"], name="fk_sensor_draft_sensor_id"),
        sa.ForeignKeyConstraint(["created_by"], ["register.principal.id"], name="fk_sensor_draft_created_by"),
        schema="register",
    )
    op.create_index("ix_sensor_draft_organisation_id", "sensor_draft", ["organisation_id"], schema="register")
    op.create_index("ix_sensor_draft_sensor_id", "sensor_draft", ["sensor_id"], schema="register")


def downgrade() -> None:
    op.drop_table("sensor_draft", schema="register")
