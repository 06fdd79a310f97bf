"""The language of mail to the people of an organisation.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not read the column, and writes rows without it."""


def upgrade() -> None:
    op.add_column(
        "organisation_contact",
        sa.Column("language", sa.Text(), server_default="nl", nullable=False),
        schema="register",
    )
    op.create_check_constraint(
        op.f("ck_organisation_contact_language_known"),
        "organisation_contact",
        "language IN ('nl', 'en')",
        schema="register",
    )


def downgrade() -> None:
    op.drop_column("organisation_contact", "language", schema="register")
