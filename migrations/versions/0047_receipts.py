"""Receipts of submissions with the duty that was in force, counts of how they are handled, and an index of who did what.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before writes no receipts; they are asked of no one."""

# Sixty random bits of a UUID make eleven characters of base 29; the check character is as in a registration number.
RECEIPT_NUMBER = """
CREATE FUNCTION register.receipt_number() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE
    digits CONSTANT text := '23456789BCDFGHJKLMNPQRSTVWXYZ';
    drawn CONSTANT text := replace(gen_random_uuid()::text, '-', '');
    rest bigint := ('x0' || left(drawn, 12) || right(drawn, 3))::bit(64)::bigint;
    figure integer;
    weighed integer := 0;
    number text := '';
BEGIN
    FOR position IN REVERSE 11..1 LOOP
        figure := rest % 29;
        rest := rest / 29;
        weighed := weighed + position * figure;
        number := substr(digits, figure + 1, 1) || number;
    END LOOP;
    -- 12 * 17 = 1 in this base: the weighed sum of all twelve is a multiple of 29.
    RETURN number || substr(digits, 17 * (29 - weighed % 29) % 29 + 1, 1);
END $$
"""

# Where another role owns the audit trail, an administrator adds the index by `migrations/audit.sql`.
AUDIT_INDEX = """
DO $$
BEGIN
    IF pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = 'audit.audit_entry'::regclass), 'MEMBER')
    THEN
        CREATE INDEX IF NOT EXISTS ix_audit_entry_principal_id ON audit.audit_entry (principal_id, id);
    END IF;
END $$
"""


def upgrade() -> None:
    op.execute(AUDIT_INDEX)
    op.execute(RECEIPT_NUMBER)
    op.create_table(
        "handled_month",
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "in_time BETWEEN 0 AND submissions", name=op.f("ck_handled_month_in_time_of_submissions")
        ),
        sa.PrimaryKeyConstraint("municipality_code", "month", "days", name=op.f("pk_handled_month")),
        schema="publication",
    )
    op.create_table(
        "receipt_duty",
        sa.Column("digest", BYTEA(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_receipt_duty_digest_is_sha256")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_receipt_duty")),
        schema="register",
    )
    op.create_table(
        "receipt",
        sa.Column("number", sa.Text(), server_default=sa.text("register.receipt_number()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid()),
        sa.Column("sensor_id", sa.Uuid()),
        sa.Column("version_id", sa.Uuid()),
        sa.Column("import_id", sa.Uuid()),
        sa.Column("municipality_codes", ARRAY(sa.Text()), nullable=False),
        sa.Column("registration_status", sa.Text()),
        sa.Column("duty_digest", BYTEA()),
        sa.Column("days_late", sa.Integer()),
        sa.Column("review_until", sa.Date()),
        sa.Column("said", JSONB()),
        sa.Column("digest", BYTEA(), nullable=False),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_receipt_digest_is_sha256")),
        sa.CheckConstraint(
            "(version_id IS NULL) = (sensor_id IS NULL)", name=op.f("ck_receipt_version_of_sensor")
        ),
        sa.CheckConstraint(
            "(version_id IS NULL) <> (import_id IS NULL)", name=op.f("ck_receipt_version_or_import")
        ),
        sa.ForeignKeyConstraint(
            ["duty_digest"],
            ["register.receipt_duty.digest"],
            name=op.f("fk_receipt_duty_digest_receipt_duty"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_receipt")),
        schema="register",
    )
    op.create_index(
        "uq_receipt_version_id",
        "receipt",
        ["version_id"],
        unique=True,
        schema="register",
        postgresql_where=sa.text("version_id IS NOT NULL"),
    )
    op.create_index(
        "ix_receipt_sensor_id",
        "receipt",
        ["sensor_id", "received_at"],
        schema="register",
        postgresql_where=sa.text("sensor_id IS NOT NULL"),
    )
    op.create_index(
        "ix_receipt_import_id",
        "receipt",
        ["import_id"],
        schema="register",
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index(
        "ix_receipt_organisation_id",
        "receipt",
        ["organisation_id", "received_at", "number"],
        schema="register",
    )


def downgrade() -> None:
    op.drop_table("handled_month", schema="publication")
    op.drop_table("receipt", schema="register")
    op.drop_table("receipt_duty", schema="register")
    op.execute("DROP FUNCTION register.receipt_number()")
