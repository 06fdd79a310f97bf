"""A collation that compares the digits in references as numbers.

Revision ID: 0050
Revises: 0049
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not use it."""


def upgrade() -> None:
    op.execute("CREATE COLLATION register.natural_order (provider = icu, locale = 'und-u-kn-true')")


def downgrade() -> None:
    op.execute("DROP COLLATION register.natural_order")
