"""Offers of sensors to other organisations.

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before does not know the table."""


def upgrade() -> None:
    references = {
        "sensor_id": "register.sensor.id",
        "from_owner_id": "publication.organisation.id",
        "to_owner_id": "publication.organisation.id",
        "offered_by": "register.principal.id",
        "decided_by": "register.principal.id",
    }
    op.create_table(
        "sensor_transfer",
        sa.Column("id", sa.Uuid(), server_default=sa.text("register.uuid7()"), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name == "decided_by") for name in references),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('accepted', 'refused', 'taken_back')",
            name=op.f("ck_sensor_transfer_decision_known"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_sensor_transfer_decided_at_a_moment")
        ),
        sa.CheckConstraint("from_owner_id <> to_owner_id", name=op.f("ck_sensor_transfer_two_owners")),
        sa.CheckConstraint(
            "length(reason) BETWEEN 1 AND 2000", name=op.f("ck_sensor_transfer_reason_length")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [target], name=f"fk_sensor_transfer_{name}_{target.split('.')[1]}"
            )
            for name, target in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sensor_transfer"),
        schema="register",
    )
    op.create_index(
        "uq_sensor_transfer_open",
        "sensor_transfer",
        ["sensor_id"],
        unique=True,
        schema="register",
        postgresql_where=sa.text("decision IS NULL"),
    )
    op.create_index("ix_sensor_transfer_sensor_id", "sensor_transfer", ["sensor_id"], schema="register")
    for name in ("from_owner_id", "to_owner_id"):
        op.create_index(
            f"ix_sensor_transfer_{name}", "sensor_transfer", [name, "offered_at"], schema="register"
        )


def downgrade() -> None:
    op.drop_table("sensor_transfer", schema="register")
