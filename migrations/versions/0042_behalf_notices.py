"""Notices to organisations on whose behalf a municipality registered, and the places of rows of imports before they apply.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before knows none of these tables."""


def upgrade() -> None:
    op.create_table(
        "behalf_notice",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("mailed_to_anyone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_behalf_notice_token_hash_is_sha256")
        ),
        sa.CheckConstraint("answer IN ('confirmed', 'objected')", name=op.f("ck_behalf_notice_answer_known")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_behalf_notice_answered_at_a_moment")
        ),
        sa.CheckConstraint(
            "(answer = 'objected') = (reason IS NOT NULL)",
            name=op.f("ck_behalf_notice_objection_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["publication.organisation.id"],
            name="fk_behalf_notice_organisation_id_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["register.principal.id"], name="fk_behalf_notice_answered_by_principal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_behalf_notice"),
        sa.UniqueConstraint("token_hash", name="uq_behalf_notice_token_hash"),
        schema="register",
    )
    for column in ("organisation_id", "municipality_code"):
        op.create_index(f"ix_behalf_notice_{column}", "behalf_notice", [column], schema="register")
    op.create_table(
        "behalf_notice_sensor",
        sa.Column("sensor_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["register.sensor.id"], name="fk_behalf_notice_sensor_sensor_id_sensor"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["register.behalf_notice.id"], name="fk_behalf_notice_sensor_notice_id"
        ),
        sa.PrimaryKeyConstraint("sensor_id", name="pk_behalf_notice_sensor"),
        schema="register",
    )
    op.create_index(
        "ix_behalf_notice_sensor_notice_id", "behalf_notice_sensor", ["notice_id"], schema="register"
    )
    op.create_index(
        "ix_sensor_version_on_behalf_of_id",
        "sensor_version",
        ["on_behalf_of_id"],
        schema="register",
        postgresql_where=sa.text("on_behalf_of_id IS NOT NULL AND superseded_at IS NULL"),
    )
    _make_import_places()


def _make_import_places() -> None:
    op.create_table(
        "sensor_import_place",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("lon", "lat", "former_lon", "former_lat")),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'refused')", name=op.f("ck_sensor_import_place_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["register.sensor_import.id"],
            name="fk_sensor_import_place_import_id_sensor_import",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name="pk_sensor_import_place"),
        schema="register",
    )


def downgrade() -> None:
    op.drop_table("sensor_import_place", schema="register")
    op.drop_index("ix_sensor_version_on_behalf_of_id", "sensor_version", schema="register")
    op.drop_table("behalf_notice_sensor", schema="register")
    op.drop_table("behalf_notice", schema="register")
