"""Versions know the import that wrote them.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE register.sensor_version ADD COLUMN import_id UUID")
    op.execute(
        "ALTER TABLE register.sensor_version ADD CONSTRAINT fk_sensor_version_import_id"
        " FOREIGN KEY (import_id) REFERENCES register.sensor_import (id)"
    )
    op.execute(
        "CREATE INDEX ix_sensor_version_import_id ON register.sensor_version (import_id)"
        " WHERE import_id IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX register.ix_sensor_version_import_id")
    op.execute("ALTER TABLE register.sensor_version DROP COLUMN import_id")
