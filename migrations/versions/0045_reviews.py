"""Remarks in reviews of submissions, notices to municipalities, and an index of what is under review.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before reads none of these tables."""


def upgrade() -> None:
    op.create_table(
        "review_remark",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("sensor_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('change_request', 'rejection', 'comment', 'answer')",
            name=op.f("ck_review_remark_kind_known"),
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_review_remark_text_length")),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["register.sensor.id"], name="fk_review_remark_sensor_id_sensor"
        ),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["register.principal.id"], name="fk_review_remark_principal_id_principal"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["publication.organisation.id"],
            name="fk_review_remark_organisation_id_organisation",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review_remark"),
        schema="register",
    )
    op.create_index(
        "ix_review_remark_sensor_id", "review_remark", ["sensor_id", "version_number"], schema="register"
    )
    op.create_table(
        "review_notice",
        sa.Column("sensor_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('new', 'comment', 'near', 'past')", name=op.f("ck_review_notice_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["register.sensor.id"], name="fk_review_notice_sensor_id_sensor"
        ),
        sa.PrimaryKeyConstraint(
            "sensor_id", "version_number", "municipality_code", "kind", name="pk_review_notice"
        ),
        schema="register",
    )
    op.execute(
        """
        CREATE INDEX ix_sensor_version_under_review ON register.sensor_version
        (registration_status, recorded_at, id)
        WHERE superseded_at IS NULL AND registration_status IN ('submitted', 'changes_requested')
        """
    )


def downgrade() -> None:
    op.drop_index("ix_sensor_version_under_review", "sensor_version", schema="register")
    op.drop_table("review_notice", schema="register")
    op.drop_table("review_remark", schema="register")
