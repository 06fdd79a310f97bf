"""A failed import has the code of the problem that made it fail.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The publication keeps its form.
serves_previous_version = True


def upgrade() -> None:
    op.add_column("sensor_import", sa.Column("failure_code", sa.Text()), schema="register")


def downgrade() -> None:
    op.drop_column("sensor_import", "failure_code", schema="register")
