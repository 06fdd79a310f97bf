"""A CHECK on the status of a version.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# The previous version writes no status or kind beyond these.
serves_previous_version = True

ADD = """
ALTER TABLE register.sensor_version ADD CONSTRAINT ck_sensor_version_registration_status
    CHECK (registration_status IN ('draft', 'submitted', 'changes_requested', 'published', 'rejected', 'withdrawn'))
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute("ALTER TABLE register.sensor_version DROP CONSTRAINT ck_sensor_version_registration_status")
