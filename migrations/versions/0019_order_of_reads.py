"""An index of the published sensors by their latest change, and the counts of a municipality in few blocks.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# The previous version reads the same columns.
serves_previous_version = True


def upgrade() -> None:
    op.execute("CREATE INDEX ix_published_sensor_updated_at ON publication.published_sensor (updated_at, id)")
    # Half of each block is free for changed counts, so that the counts of a municipality stay together.
    op.execute("ALTER TABLE publication.sensor_count SET (fillfactor = 50)")
    op.execute("CLUSTER publication.sensor_count USING pk_sensor_count")


def downgrade() -> None:
    op.execute("ALTER TABLE publication.sensor_count RESET (fillfactor)")
    op.execute("DROP INDEX publication.ix_published_sensor_updated_at")
