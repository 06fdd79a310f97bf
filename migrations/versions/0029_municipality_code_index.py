"""Index the sensors of a municipality by its code.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before reads the same columns."""


def upgrade() -> None:
    op.create_index(
        "ix_published_sensor_municipality_code",
        "published_sensor",
        ["municipality_code", "sort_key", "id"],
        schema="publication",
        postgresql_include=["hidden_from"],
    )


def downgrade() -> None:
    op.drop_index(
        "ix_published_sensor_municipality_code", table_name="published_sensor", schema="publication"
    )
