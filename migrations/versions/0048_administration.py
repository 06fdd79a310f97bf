"""Alternative labels of terms as data, the use of terms, failures of jobs, texts of mail that may be tried again, and what retention needs.

Revision ID: 0048
Revises: 0047
"""

import csv
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

serves_previous_version = True
"""The version before reads none of the new columns and tables, and a mail that it ends has no text."""

_LABELS = sa.text(
    "UPDATE publication.term SET alternative_labels = :labels WHERE vocabulary = :vocabulary AND code = :code"
)


def upgrade() -> None:
    op.add_column(
        "term",
        sa.Column("alternative_labels", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        schema="publication",
    )
    with (Path(__file__).parent / "0048_alternative_labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels = row["labels"].split("|")
            op.execute(_LABELS.bindparams(vocabulary=row["vocabulary"], code=row["code"], labels=labels))
    op.create_table(
        "term_use",
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sensors", sa.BigInteger(), nullable=False),
        sa.Column("versions", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("vocabulary", "code", name="pk_term_use"),
        schema="register",
    )
    op.create_table(
        "job_failure",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_job_failure"),
        schema="register",
    )
    # A mail that was refused keeps its text until it is of no use any more, so that it can be tried again.
    op.drop_constraint(
        op.f("ck_outgoing_mail_body_while_waiting"), "outgoing_mail", schema="register", type_="check"
    )
    op.create_check_constraint(
        op.f("ck_outgoing_mail_body_while_waiting"),
        "outgoing_mail",
        "body IS NOT NULL AND status <> 'sent' OR body IS NULL AND status <> 'waiting'",
        schema="register",
    )
    op.add_column("sensor_draft", sa.Column("warned_at", sa.DateTime(timezone=True)), schema="register")
    op.add_column("principal", sa.Column("erased_at", sa.DateTime(timezone=True)), schema="register")


def downgrade() -> None:
    op.drop_column("principal", "erased_at", schema="register")
    op.drop_column("sensor_draft", "warned_at", schema="register")
    op.execute("UPDATE register.outgoing_mail SET body = NULL WHERE status <> 'waiting'")
    op.drop_constraint(
        op.f("ck_outgoing_mail_body_while_waiting"), "outgoing_mail", schema="register", type_="check"
    )
    op.create_check_constraint(
        op.f("ck_outgoing_mail_body_while_waiting"),
        "outgoing_mail",
        "(status = 'waiting') = (body IS NOT NULL)",
        schema="register",
    )
    op.drop_table("job_failure", schema="register")
    op.drop_table("term_use", schema="register")
    op.drop_column("term", "alternative_labels", schema="publication")
