"""Reminders of dates that come near, checks of links, the days on which daily tasks were done, and an index of the next date.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before reads none of these tables."""


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", BYTEA(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="ck_reminder_token_hash_is_sha256"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["publication.organisation.id"], name="fk_reminder_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("token_hash", name="uq_reminder_token_hash"),
        schema="register",
    )
    op.create_index("ix_reminder_organisation_id", "reminder", ["organisation_id"], schema="register")
    op.create_table(
        "reminded_sensor",
        sa.Column("sensor_id", sa.Uuid(), nullable=False),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "due_kind IN ('confirm_by', 'active_until', 'authorisation_valid_until')",
            name="ck_reminded_sensor_due_kind_known",
        ),
        sa.ForeignKeyConstraint(["sensor_id"], ["register.sensor.id"], name="fk_reminded_sensor_sensor_id"),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["register.reminder.id"],
            name="fk_reminded_sensor_reminder_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sensor_id", "due_kind", "due_on", "days", name="pk_reminded_sensor"),
        schema="register",
    )
    op.create_index("ix_reminded_sensor_reminder_id", "reminded_sensor", ["reminder_id"], schema="register")
    op.create_table(
        "daily_task",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_daily_task"),
        schema="register",
    )
    op.create_table(
        "link_check",
        sa.Column("url_hash", BYTEA(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.SmallInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("failures", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("last_failed_on", sa.Date()),
        sa.CheckConstraint("octet_length(url_hash) = 32", name="ck_link_check_url_hash_is_sha256"),
        sa.CheckConstraint(
            "(failures = 0) = (failing_since IS NULL)", name="ck_link_check_failing_since_first_failure"
        ),
        sa.PrimaryKeyConstraint("url_hash", name="pk_link_check"),
        schema="register",
    )
    op.create_index("ix_link_check_next_check_at", "link_check", ["next_check_at"], schema="register")
    op.create_index("ix_link_check_host_asked_at", "link_check", ["host", "asked_at"], schema="register")
    op.create_index("ix_link_check_answered_at", "link_check", ["answered_at"], schema="register")
    op.create_index(
        "ix_link_check_failing_since",
        "link_check",
        ["failing_since"],
        schema="register",
        postgresql_where=sa.text("failures >= 2"),
    )
    op.execute(
        """
        CREATE INDEX ix_sensor_version_next_date ON register.sensor_version
        (least(confirm_by, active_until, authorisation_valid_until))
        WHERE superseded_at IS NULL AND registration_status = 'published' AND removed_on IS NULL
        """
    )


def downgrade() -> None:
    op.drop_index("ix_sensor_version_next_date", "sensor_version", schema="register")
    op.drop_table("link_check", schema="register")
    op.drop_table("daily_task", schema="register")
    op.drop_table("reminded_sensor", schema="register")
    op.drop_table("reminder", schema="register")
