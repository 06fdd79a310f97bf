"""Problems of an import have the reference of their sensor, and the letters of their column.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# The previous version does not read or write the new columns.
serves_previous_version = True


def upgrade() -> None:
    for name in ("reference", "column_letter"):
        op.add_column("sensor_import_problem", sa.Column(name, sa.Text), schema="register")


def downgrade() -> None:
    for name in ("reference", "column_letter"):
        op.drop_column("sensor_import_problem", name, schema="register")
