"""Duty profiles of municipalities, and the organisations that they trust.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before knows none of these tables."""


def upgrade() -> None:
    op.create_table(
        "duty_profile",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
            for name in ("sensor_types", "owner_types")
        ),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("removal_notified", sa.Boolean(), nullable=False),
        sa.Column("change_notified", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, JSONB(), nullable=True)
            for name in ("exemptions", "legal_title", "legal_text", "receipt_text", "objection_text")
        ),
        sa.Column("legal_url", sa.Text(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("review_term_days", "comment_term_days", "report_term_days")
        ),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "municipality_code ~ '^GM[0-9]{4}$'", name=op.f("ck_duty_profile_municipality_code")
        ),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 365", name=op.f("ck_duty_profile_notice_days")),
        sa.CheckConstraint(
            "least(review_term_days, comment_term_days, report_term_days) >= 1"
            " AND greatest(review_term_days, comment_term_days, report_term_days) <= 365",
            name=op.f("ck_duty_profile_terms"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duty_profile"),
        schema="publication",
    )
    op.create_index(
        "uq_duty_profile_valid_from",
        "duty_profile",
        ["municipality_code", "valid_from"],
        unique=True,
        schema="publication",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "trusted_organisation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trusted_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at >= since", name=op.f("ck_trusted_organisation_ended_after_since")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["publication.organisation.id"],
            name="fk_trusted_organisation_organisation_id_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["trusted_by"], ["register.principal.id"], name="fk_trusted_organisation_trusted_by_principal"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trusted_organisation"),
        schema="register",
    )
    op.create_index(
        "uq_trusted_organisation_in_force",
        "trusted_organisation",
        ["municipality_code", "organisation_id"],
        unique=True,
        schema="register",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_trusted_organisation_organisation_id",
        "trusted_organisation",
        ["organisation_id"],
        schema="register",
    )


def downgrade() -> None:
    op.drop_table("trusted_organisation", schema="register")
    op.drop_table("duty_profile", schema="publication")
