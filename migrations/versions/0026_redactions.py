"""Versions that were redacted: hidden from the public for good, or emptied.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# The publication keeps its form.
serves_previous_version = True


def upgrade() -> None:
    op.execute(
        "ALTER TABLE register.sensor_version ADD COLUMN redacted_at timestamptz,"
        " ADD COLUMN erased boolean NOT NULL DEFAULT false,"
        " ADD CONSTRAINT ck_sensor_version_erased CHECK (redacted_at IS NOT NULL OR NOT erased)"
    )


def downgrade() -> None:
    # The version before would publish redacted versions again; internal ones stay hidden.
    op.execute("UPDATE register.sensor_version SET visibility = 'internal' WHERE redacted_at IS NOT NULL")
    op.execute("ALTER TABLE register.sensor_version DROP COLUMN redacted_at, DROP COLUMN erased")
