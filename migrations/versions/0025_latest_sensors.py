"""An index of the published sensors by their latest change, for the start page.

Revision ID: 0025
Revises: 0018
"""

from alembic import op

revision = "0025"
down_revision = "0018"
branch_labels = None
depends_on = None

# The previous version reads the table without the index.
serves_previous_version = True


def upgrade() -> None:
    op.execute("CREATE INDEX ix_published_sensor_updated_at ON publication.published_sensor (updated_at, id)")


def downgrade() -> None:
    op.execute("DROP INDEX publication.ix_published_sensor_updated_at")
